//! The documents of several segments → those of one.

use std::io::{Error, ErrorKind, Result, Write};

use super::{Builder, Heads};

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub heads: &'a Heads,
    /// Its records.
    pub records: u32,
    /// Which of them stay. A document's go or stay together.
    pub is_alive: &'a dyn Fn(u32) -> bool,
}

/// Writes the documents that stay, segment after segment. All are held in memory
/// meanwhile: a thousandth of what the sections take.
///
/// # Errors
/// Those of `out`; `InvalidData` when a source is damaged.
pub(crate) fn merge(sources: &[Source<'_>], out: &mut dyn Write) -> Result<()> {
    let damaged = || Error::new(ErrorKind::InvalidData, "the documents of a segment cannot be read");
    let mut builder = Builder::default();
    // Records that stay, so far.
    let mut moved = 0;
    for &Source { heads, records, is_alive } in sources {
        let mut record = 0;
        for document in 0..heads.documents() {
            let mut head = heads.head(document).map_err(|_| damaged())?;
            if head.record < record || head.record >= records {
                return Err(damaged());
            }
            moved += (record..head.record).filter(|&before| is_alive(before)).count() as u32;
            record = head.record;
            if is_alive(record) {
                head.record = moved;
                builder.add(head);
            }
        }
        moved += (record..records).filter(|&rest| is_alive(rest)).count() as u32;
    }
    builder.finish(out)
}
