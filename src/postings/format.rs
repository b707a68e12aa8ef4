//! Postings as a file lays them out.
//!
//! ```text
//! blocks, one after the other    each part: starts, char lists, chars, word lists, words,
//!                                label lists, labels
//!                                then: ranges (u32 from, u32 to), the documents' first
//!                                records, lengths of the records' texts and of their contexts (a byte each,
//!                                rounded as tantivy rounds them)
//! table                          end of each block, then records, pieces, and words of
//!                                all records with their contexts, u64 each
//! "gongwen" + version            8 bytes
//! ```
//!
//! Numbers are little-endian. Dictionaries are FSTs from a term to where its list
//! begins among the lists; they stand behind them, so that lists are written as they
//! come and never all held in memory.

use std::io::{Result, Write};

use fst::MapBuilder;

use super::codec::Damaged;
use super::encoder::Encoder;

/// What a file ends with.
pub(super) const MAGIC: &[u8; 8] = b"gongwen\x03";

/// Blocks of a part.
pub(super) const PART_BLOCKS: usize = 7;
/// Blocks in all.
pub(super) const BLOCKS: usize = 2 * PART_BLOCKS + 4;
/// Numbers of the table behind the blocks' ends.
pub(super) const NUMBERS: usize = 3;

/// Writes a file, block after block.
pub(super) struct FileWriter<'a> {
    out: &'a mut dyn Write,
    /// Bytes so far.
    at: u64,
    /// Where each block ends.
    ends: Vec<u64>,
}

impl<'a> FileWriter<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        FileWriter { out, at: 0, ends: Vec::with_capacity(BLOCKS) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn end_block(&mut self) {
        self.ends.push(self.at);
    }

    fn block(&mut self, bytes: &[u8]) -> Result<()> {
        self.write(bytes)?;
        self.end_block();
        Ok(())
    }

    /// Ends the file behind both parts: the `norms` are the words of each record's text
    /// and of title and headings over it, rounded, `words` all of them, `ranges` the
    /// records of each piece, `documents` the first record of each document.
    pub(super) fn finish(
        mut self,
        norms: [&[u8]; 2],
        words: u64,
        ranges: &[(u32, u32)],
        documents: &[u32],
    ) -> Result<()> {
        let records = norms[0].len() as u32;
        let mut bytes = Vec::with_capacity(8 * ranges.len());
        for &(from, to) in ranges {
            // A document is whole in a segment; one that is not must not break the file.
            bytes.extend_from_slice(&from.min(records).to_le_bytes());
            bytes.extend_from_slice(&to.min(records).to_le_bytes());
        }
        self.block(&bytes)?;
        bytes.clear();
        Encoder::new().sorted(documents, &mut bytes);
        self.block(&bytes)?;
        norms.iter().try_for_each(|norms| self.block(norms))?;
        debug_assert_eq!(self.ends.len(), BLOCKS);
        let numbers: [u64; NUMBERS] = [u64::from(records), ranges.len() as u64, words];
        let table: Vec<u8> = self.ends.iter().chain(&numbers).flat_map(|number| number.to_le_bytes()).collect();
        self.write(&table)?;
        self.write(MAGIC)
    }
}

/// Writes a part: its characters, its words, then its labels, each in the order of their
/// bytes.
pub(super) struct PartWriter<'f, 'a> {
    file: &'f mut FileWriter<'a>,
    encoder: Encoder,
    /// The list that is written.
    list: Vec<u8>,
    /// Where the lists of this kind begin in the file.
    lists_at: u64,
    dictionary: MapBuilder<Vec<u8>>,
}

impl<'f, 'a> PartWriter<'f, 'a> {
    /// `starts` are the units' first positions, `end` the one behind the last unit.
    pub(super) fn new(file: &'f mut FileWriter<'a>, mut starts: Vec<u32>, end: u32) -> Result<Self> {
        let mut encoder = Encoder::new();
        let mut list = Vec::new();
        // As a unit that follows would begin.
        starts.push(if starts.is_empty() { 0 } else { end + 1 });
        encoder.sorted(&starts, &mut list);
        file.block(&list)?;
        let lists_at = file.at;
        Ok(PartWriter { file, encoder, list, lists_at, dictionary: MapBuilder::memory() })
    }

    /// The positions of a character, or the units with a label.
    pub(super) fn list(&mut self, term: &str, members: &[u32]) -> Result<()> {
        self.begin_list(term)?;
        self.encoder.sorted(members, &mut self.list);
        self.file.write(&self.list)
    }

    /// `more` says how often each unit has the word beyond once.
    pub(super) fn words(&mut self, term: &str, units: &[u32], more: &[u32]) -> Result<()> {
        self.begin_list(term)?;
        self.encoder.sorted(units, &mut self.list);
        self.encoder.plain(more, &mut self.list);
        self.file.write(&self.list)
    }

    /// A list as it is written.
    pub(super) fn encoded(&mut self, term: &str, list: &[u8]) -> Result<()> {
        self.begin_list(term)?;
        self.file.write(list)
    }

    /// Terms come sorted, each once; those of a damaged file that is merged may not.
    fn begin_list(&mut self, term: &str) -> Result<()> {
        self.dictionary.insert(term, self.file.at - self.lists_at).map_err(|_| Damaged)?;
        self.list.clear();
        Ok(())
    }

    /// Ends the lists of a kind: those of the next one follow, or the next part.
    pub(super) fn end_lists(&mut self) -> Result<()> {
        self.file.end_block();
        let dictionary = std::mem::replace(&mut self.dictionary, MapBuilder::memory());
        self.file.block(&dictionary.into_inner().expect("writing to memory does not fail"))?;
        self.lists_at = self.file.at;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_out_of_order_are_an_error() {
        let mut out = Vec::new();
        let mut file = FileWriter::new(&mut out);
        let mut writer = PartWriter::new(&mut file, vec![0], 3).expect("in memory");
        writer.list("税", &[0]).expect("the first");
        let error = writer.list("收", &[1]).expect_err("it stands before the one before it");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    }
}
