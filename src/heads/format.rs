//! The file, written from documents wherever they are.
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
use std::io::{Error, ErrorKind, Result, Write};

use xxhash_rust::xxh3::xxh3_64;

use super::{Column, Damaged, Manifest, Number, block};

/// What a file ends with.
pub(super) const MAGIC: &[u8; 8] = b"gwheads\x01";
/// Bytes of an end with its sum.
pub(super) const END_BYTES: usize = 16;
/// Bytes of a document in the manifest.
pub(super) const MANIFEST_BYTES: usize = 32;

/// A document to be written. What it has is asked for block by block, and is not held.
pub(super) trait Row {
    fn record(&self) -> u32;
    fn manifest(&self) -> super::Result<Manifest>;
    fn key(&self) -> super::Result<&[u8]>;
    fn shown(&self) -> super::Result<&[u8]>;
    fn hidden(&self) -> super::Result<&[u8]>;
    /// The value in a column, and the number in one.
    fn value(&self, column: usize) -> super::Result<Option<&str>>;
    fn number(&self, column: usize) -> super::Result<u32>;
}

/// Writes documents in the order of their records.
///
/// # Errors
/// Those of `out`; `InvalidData` when a document cannot be read.
pub(super) fn write<R: Row>(rows: &[R], out: &mut dyn Write) -> Result<()> {
    let mut file = FileWriter { out, ends: Vec::with_capacity(block::COUNT), at: 0 };
    file.numbers(rows, |row| Ok(row.record().to_le_bytes()))?;
    file.numbers(rows, |row| {
        let Manifest { size, mtime, hash, status } = row.manifest()?;
        let mut bytes = [0; MANIFEST_BYTES];
        let fields = [size, mtime.cast_unsigned(), hash, status];
        bytes.as_chunks_mut().0.iter_mut().zip(fields).for_each(|(bytes, field)| *bytes = field.to_le_bytes());
        Ok(bytes)
    })?;
    for column in 0..Number::COUNT {
        file.numbers(rows, |row| Ok(row.number(column)?.to_le_bytes()))?;
    }
    file.texts(rows, Row::key)?;
    file.texts(rows, Row::shown)?;
    file.texts(rows, Row::hidden)?;
    for column in 0..Column::COUNT {
        let mut places: BTreeMap<&str, u32> = BTreeMap::new();
        for row in rows {
            places.extend(row.value(column).map_err(damaged)?.map(|value| (value, 0)));
        }
        places.values_mut().zip(1..).for_each(|(place, at)| *place = at);
        file.numbers(rows, |row| Ok(row.value(column)?.map_or(0, |value| places[value]).to_le_bytes()))?;
        let values: Vec<&str> = places.into_keys().collect();
        file.texts(&values, |value| Ok(value.as_bytes()))?;
    }
    file.finish(rows.len() as u64)
}

struct FileWriter<'a> {
    out: &'a mut dyn Write,
    /// Where each block so far ends.
    ends: Vec<u64>,
    at: u64,
}

impl FileWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// A block of as many bytes each.
    fn numbers<T, const N: usize>(&mut self, all: &[T], of: impl Fn(&T) -> super::Result<[u8; N]>) -> Result<()> {
        for one in all {
            self.write(&of(one).map_err(damaged)?)?;
        }
        self.ends.push(self.at);
        Ok(())
    }

    /// A block of ends and sums, and one of what they are of.
    fn texts<T>(&mut self, all: &[T], of: impl for<'t> Fn(&'t T) -> super::Result<&'t [u8]>) -> Result<()> {
        let mut end = 0;
        for one in all {
            let text = of(one).map_err(damaged)?;
            end += text.len() as u64;
            self.write(&end.to_le_bytes())?;
            self.write(&xxh3_64(text).to_le_bytes())?;
        }
        self.ends.push(self.at);
        for one in all {
            self.write(of(one).map_err(damaged)?)?;
        }
        self.ends.push(self.at);
        Ok(())
    }

    fn finish(self, documents: u64) -> Result<()> {
        debug_assert_eq!(self.ends.len(), block::COUNT);
        let numbers = self.ends.into_iter().chain([documents]);
        let table: Vec<u8> = numbers.flat_map(u64::to_le_bytes).chain(*MAGIC).collect();
        self.out.write_all(&table)
    }
}

pub(super) fn damaged(_: Damaged) -> Error {
    Error::new(ErrorKind::InvalidData, "the documents of a segment cannot be read")
}
