//! The documents of several segments → those of one.

use std::io::{Result, Write};

use super::format::{self, Row, damaged};
use super::{Damaged, Heads, Manifest};

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub heads: &'a Heads,
    /// Its records.
    pub records: u32,
    /// Which of them stay. A document's go or stay together.
    pub is_alive: &'a (dyn Fn(u32) -> bool + Sync),
}

/// Writes the documents that stay, segment after segment. Their places are held in memory
/// meanwhile, and what they have is read for each block of the file.
///
/// # Errors
/// Those of `out`; `InvalidData` when a source is damaged.
pub(crate) fn merge(sources: &[Source<'_>], out: &mut dyn Write) -> Result<()> {
    let mut rows = Vec::new();
    // Records that stay, so far.
    let mut moved = 0;
    for &Source { heads, records, is_alive } in sources {
        let mut next = 0;
        for document in 0..heads.documents() {
            let record = heads.record(document).map_err(damaged)?;
            if record < next || record >= records {
                return Err(damaged(Damaged));
            }
            moved += (next..record).filter(|&before| is_alive(before)).count() as u32;
            next = record;
            if is_alive(record) {
                rows.push(Moved { heads, document, record: moved });
            }
        }
        moved += (next..records).filter(|&rest| is_alive(rest)).count() as u32;
    }
    format::write(&rows, out)
}

/// A document that stays, and what its record will be.
struct Moved<'a> {
    heads: &'a Heads,
    document: usize,
    record: u32,
}

impl Row for Moved<'_> {
    fn record(&self) -> u32 {
        self.record
    }

    fn manifest(&self) -> super::Result<Manifest> {
        self.heads.manifest(self.document)
    }

    fn key(&self) -> super::Result<&[u8]> {
        self.heads.key(self.document).map(str::as_bytes)
    }

    fn shown(&self) -> super::Result<&[u8]> {
        self.heads.shown(self.document)
    }

    fn hidden(&self) -> super::Result<&[u8]> {
        self.heads.hidden(self.document)
    }

    fn value(&self, column: usize) -> super::Result<Option<&str>> {
        self.heads.value_in(column, self.document)
    }

    fn number(&self, column: usize) -> super::Result<u32> {
        self.heads.number_in(column, self.document)
    }
}
