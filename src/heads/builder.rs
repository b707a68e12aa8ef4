//! Documents in memory → a file.

use std::io::{Result, Write};

use super::format::{self, Row};
use super::{Head, Manifest};

/// Collects the documents of a segment in the order of its records.
#[derive(Default)]
pub(crate) struct Builder {
    heads: Vec<Head>,
    bytes: usize,
}

impl Builder {
    /// Adds the next document.
    pub(crate) fn add(&mut self, head: Head) {
        let values: usize = head.values.iter().flatten().map(String::len).sum();
        self.bytes += size_of::<Head>() + head.key.len() + head.shown.len() + head.hidden.len() + values;
        self.heads.push(head);
    }

    /// Bytes held in memory, about.
    pub(crate) fn memory(&self) -> usize {
        // What is filled may be twice as long.
        3 * self.bytes / 2
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub(crate) fn finish(self, out: &mut dyn Write) -> Result<()> {
        format::write(&self.heads, out)
    }
}

impl Row for Head {
    fn record(&self) -> u32 {
        self.record
    }

    fn manifest(&self) -> super::Result<Manifest> {
        Ok(self.manifest)
    }

    fn key(&self) -> super::Result<&[u8]> {
        Ok(self.key.as_bytes())
    }

    fn shown(&self) -> super::Result<&[u8]> {
        Ok(&self.shown)
    }

    fn hidden(&self) -> super::Result<&[u8]> {
        Ok(&self.hidden)
    }

    fn value(&self, column: usize) -> super::Result<Option<&str>> {
        Ok(self.values[column].as_deref())
    }

    fn number(&self, column: usize) -> super::Result<u32> {
        Ok(self.numbers[column])
    }
}
