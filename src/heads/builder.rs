//! Documents → a file in memory.
//!
//! ```text
//! blocks, one after the other
//!   document records             u32 each, ascending
//!   manifest                     size, mtime, hash, status: u64 each
//!   numbers                      a block a column: u32 each
//!   keys, shown, hidden          two blocks each: where each document's ends and its sum (xxh3), u64 each;
//!                                then all bytes
//!   columns                      three blocks each: the value of each document, counted from 1 (u32; 0 for
//!                                none); then the values, sorted, in two blocks as above
//! table                          where each block ends, then the number of documents: u64 each
//! "gwheads" + version            8 bytes
//! ```
//!
//! Numbers are little-endian. A file is not looked at whole when it is opened; the sums
//! tell a changed text when it is read.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use xxhash_rust::xxh3::xxh3_64;

use super::{Column, Head, block};

/// What a file ends with.
pub(super) const MAGIC: &[u8; 8] = b"gwheads\x01";
/// Bytes of an end with its sum.
pub(super) const END_BYTES: usize = 16;
/// Bytes of a document in the manifest.
pub(super) const MANIFEST_BYTES: usize = 32;

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
        let heads = &self.heads;
        let mut file = FileWriter { out, ends: Vec::with_capacity(block::COUNT), at: 0 };
        file.block(heads.iter().flat_map(|head| head.record.to_le_bytes()).collect())?;
        let manifest = heads.iter().flat_map(|head| {
            let manifest = &head.manifest;
            [manifest.size, manifest.mtime.cast_unsigned(), manifest.hash, manifest.status]
        });
        file.block(manifest.flat_map(u64::to_le_bytes).collect())?;
        for column in 0..super::Number::COUNT {
            file.block(heads.iter().flat_map(|head| head.numbers[column].to_le_bytes()).collect())?;
        }
        file.texts(heads.iter().map(|head| head.key.as_bytes()))?;
        file.texts(heads.iter().map(|head| head.shown.as_slice()))?;
        file.texts(heads.iter().map(|head| head.hidden.as_slice()))?;
        for column in 0..Column::COUNT {
            let mut values: BTreeMap<&str, u32> = BTreeMap::new();
            for value in heads.iter().filter_map(|head| head.values[column].as_deref()) {
                values.insert(value, 0);
            }
            values.values_mut().zip(1..).for_each(|(place, at)| *place = at);
            let place = |head: &Head| head.values[column].as_deref().map_or(0, |value| values[value]);
            file.block(heads.iter().flat_map(|head| place(head).to_le_bytes()).collect())?;
            file.texts(values.keys().map(|value| value.as_bytes()))?;
        }
        debug_assert_eq!(file.ends.len(), block::COUNT);
        file.ends.push(heads.len() as u64);
        let table: Vec<u8> = file.ends.iter().flat_map(|number| number.to_le_bytes()).chain(*MAGIC).collect();
        file.out.write_all(&table)
    }
}

struct FileWriter<'a> {
    out: &'a mut dyn Write,
    ends: Vec<u64>,
    at: u64,
}

impl FileWriter<'_> {
    fn block(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.at += bytes.len() as u64;
        self.ends.push(self.at);
        self.out.write_all(&bytes)
    }

    fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) -> Result<()> {
        let (mut ends, mut all) = (Vec::new(), Vec::new());
        for text in texts {
            all.extend_from_slice(text);
            ends.extend_from_slice(&(all.len() as u64).to_le_bytes());
            ends.extend_from_slice(&xxh3_64(text).to_le_bytes());
        }
        self.block(ends)?;
        self.block(all)
    }
}
