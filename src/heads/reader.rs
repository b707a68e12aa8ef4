//! A file → what is asked of a document, which is named by its place among the
//! documents of the segment.

use std::ops::Range;

use tantivy::directory::OwnedBytes;
use xxhash_rust::xxh3::xxh3_64;

#[cfg(any(test, fuzzing))]
use super::Head;
use super::format::{END_BYTES, MAGIC, MANIFEST_BYTES};
use super::{Column, Damaged, Manifest, Number, Result, block};

/// The documents of a segment.
pub(crate) struct Heads {
    bytes: OwnedBytes,
    /// Where each block stands.
    blocks: Vec<Range<usize>>,
    documents: usize,
}

impl Heads {
    /// Opens a file; reads its end alone.
    ///
    /// # Errors
    /// When the end is not what was written.
    pub(crate) fn open(bytes: OwnedBytes) -> Result<Self> {
        let magic_at = bytes.len().checked_sub(MAGIC.len()).ok_or(Damaged)?;
        let table_at = magic_at.checked_sub(8 * (block::COUNT + 1)).ok_or(Damaged)?;
        if bytes[magic_at..] != MAGIC[..] {
            return Err(Damaged);
        }
        let mut numbers = bytes[table_at..magic_at].as_chunks::<8>().0.iter().map(|number| u64::from_le_bytes(*number));
        let mut blocks = Vec::with_capacity(block::COUNT);
        let mut from = 0;
        for end in numbers.by_ref().take(block::COUNT) {
            let end = usize::try_from(end).map_err(|_| Damaged)?;
            if end < from || end > table_at {
                return Err(Damaged);
            }
            blocks.push(from..end);
            from = end;
        }
        let documents = numbers.next().and_then(|count| u32::try_from(count).ok()).ok_or(Damaged)? as usize;
        let has_rows_of = |block: usize, bytes: usize| blocks[block].len() == bytes * documents;
        let numbers = block::NUMBERS..block::NUMBERS + Number::COUNT;
        let columns = (0..Column::COUNT).map(|column| block::COLUMNS + 3 * column);
        let agrees = has_rows_of(block::RECORDS, 4)
            && has_rows_of(block::MANIFEST, MANIFEST_BYTES)
            && numbers.chain(columns).all(|block| has_rows_of(block, 4))
            && [block::KEYS, block::SHOWN, block::HIDDEN].into_iter().all(|ends| has_rows_of(ends, END_BYTES));
        if agrees { Ok(Heads { bytes, blocks, documents }) } else { Err(Damaged) }
    }

    /// Size of what is stored of the documents, and of the columns with the manifest.
    pub(crate) fn sizes(&self) -> (u64, u64) {
        let stored = self.blocks[block::KEYS].start..self.blocks[block::COLUMNS].start;
        (stored.len() as u64, (self.bytes.len() - stored.len()) as u64)
    }

    /// Number of documents.
    pub(crate) fn documents(&self) -> usize {
        self.documents
    }

    /// The document record of a document.
    pub(crate) fn record(&self, document: usize) -> Result<u32> {
        self.u32(block::RECORDS, document)
    }

    /// What is known of its source.
    pub(crate) fn manifest(&self, document: usize) -> Result<Manifest> {
        let at = MANIFEST_BYTES / 8 * document;
        let number = |field: usize| self.u64(block::MANIFEST, at + field);
        Ok(Manifest { size: number(0)?, mtime: number(1)?.cast_signed(), hash: number(2)?, status: number(3)? })
    }

    /// What it is called in the index.
    pub(crate) fn key(&self, document: usize) -> Result<&str> {
        std::str::from_utf8(self.text(block::KEYS, document)?).map_err(|_| Damaged)
    }

    /// What is shown of it.
    pub(crate) fn shown(&self, document: usize) -> Result<&[u8]> {
        self.text(block::SHOWN, document)
    }

    /// What is kept beside that.
    pub(crate) fn hidden(&self, document: usize) -> Result<&[u8]> {
        self.text(block::HIDDEN, document)
    }

    /// A number of a document, if it is known.
    pub(crate) fn number(&self, column: Number, document: usize) -> Result<Option<u32>> {
        Ok(Some(self.number_in(column as usize, document)?).filter(|&number| number != 0))
    }

    /// The number of a document in a column; 0 for one that is not known.
    pub(super) fn number_in(&self, column: usize, document: usize) -> Result<u32> {
        self.u32(block::NUMBERS + column, document)
    }

    /// The value of a document in a column, as its place among [`Heads::values`].
    pub(crate) fn value(&self, column: Column, document: usize) -> Result<Option<usize>> {
        self.place_in(column as usize, document)
    }

    fn place_in(&self, column: usize, document: usize) -> Result<Option<usize>> {
        Ok((self.u32(block::COLUMNS + 3 * column, document)? as usize).checked_sub(1))
    }

    /// The value itself.
    pub(super) fn value_in(&self, column: usize, document: usize) -> Result<Option<&str>> {
        let place = self.place_in(column, document)?;
        place.map(|place| self.values_in(column).get(place)).transpose()
    }

    /// The values of a column, each once and sorted.
    pub(crate) fn values(&self, column: Column) -> Values<'_> {
        self.values_in(column as usize)
    }

    fn values_in(&self, column: usize) -> Values<'_> {
        Values { heads: self, block: block::COLUMNS + 3 * column + 1 }
    }

    /// All that is kept of a document.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn head(&self, document: usize) -> Result<Head> {
        let mut head = Head {
            record: self.record(document)?,
            manifest: self.manifest(document)?,
            key: self.key(document)?.to_owned(),
            shown: self.shown(document)?.to_owned(),
            hidden: self.hidden(document)?.to_owned(),
            ..Head::default()
        };
        for (column, number) in head.numbers.iter_mut().enumerate() {
            *number = self.number_in(column, document)?;
        }
        for (column, value) in head.values.iter_mut().enumerate() {
            *value = self.value_in(column, document)?.map(str::to_owned);
        }
        Ok(head)
    }

    /// The text of a document, or a value, of which the ends stand in block `ends`.
    fn text(&self, ends: usize, at: usize) -> Result<&[u8]> {
        let end = |at: usize| usize::try_from(self.u64(ends, 2 * at)?).map_err(|_| Damaged);
        let from = match at.checked_sub(1) {
            Some(before) => end(before)?,
            None => 0,
        };
        let text = self.block(ends + 1).get(from..end(at)?).ok_or(Damaged)?;
        if xxh3_64(text) == self.u64(ends, 2 * at + 1)? { Ok(text) } else { Err(Damaged) }
    }

    fn block(&self, block: usize) -> &[u8] {
        &self.bytes[self.blocks[block].clone()]
    }

    #[inline]
    fn u32(&self, block: usize, at: usize) -> Result<u32> {
        self.block(block).as_chunks().0.get(at).map(|&bytes| u32::from_le_bytes(bytes)).ok_or(Damaged)
    }

    #[inline]
    fn u64(&self, block: usize, at: usize) -> Result<u64> {
        self.block(block).as_chunks().0.get(at).map(|&bytes| u64::from_le_bytes(bytes)).ok_or(Damaged)
    }
}

/// The values of a column.
pub(crate) struct Values<'a> {
    heads: &'a Heads,
    block: usize,
}

impl<'a> Values<'a> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.heads.blocks[self.block].len() / END_BYTES
    }

    /// The value at a place.
    pub(crate) fn get(&self, at: usize) -> Result<&'a str> {
        std::str::from_utf8(self.heads.text(self.block, at)?).map_err(|_| Damaged)
    }

    /// What `of` makes of each.
    pub(crate) fn map<T>(&self, mut of: impl FnMut(&'a str) -> T) -> Result<Vec<T>> {
        (0..self.len()).map(|at| Ok(of(self.get(at)?))).collect()
    }
}
