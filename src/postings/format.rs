//! Postings as a file lays them out.
//!
//! ```text
//! blocks, one after the other    each part: starts, chars, char lists, words, word lists
//!                                then: ranges (u32 from, u32 to), the documents' first
//!                                records, lengths of the records' texts and of their contexts (a byte each,
//!                                rounded as tantivy rounds them)
//! table                          end of each block, then records, pieces, and words of
//!                                all records with their contexts, u64 each
//! "gongwen" + version            8 bytes
//! ```
//!
//! Numbers are little-endian. Dictionaries are FSTs from a term to where its list
//! begins among the lists.

use fst::MapBuilder;
use tantivy::fieldnorm::FieldNormReader;

use super::codec::Encoder;

/// What a file ends with.
pub(super) const MAGIC: &[u8; 8] = b"gongwen\x01";

/// Blocks of a part.
pub(super) const PART_BLOCKS: usize = 5;
/// Blocks in all.
pub(super) const BLOCKS: usize = 2 * PART_BLOCKS + 4;
/// Numbers of the table behind the blocks' ends.
pub(super) const NUMBERS: usize = 3;

/// A part, encoded.
pub(super) struct Part {
    blocks: [Vec<u8>; PART_BLOCKS],
    /// Words of each unit.
    lengths: Vec<u32>,
}

/// Encodes a part; terms come in the order of their bytes.
pub(super) struct PartWriter {
    encoder: Encoder,
    starts: Vec<u8>,
    lengths: Vec<u32>,
    chars: MapBuilder<Vec<u8>>,
    char_lists: Vec<u8>,
    words: MapBuilder<Vec<u8>>,
    word_lists: Vec<u8>,
}

impl PartWriter {
    /// `starts` are the units' first positions, `end` the one behind the last unit.
    pub(super) fn new(mut starts: Vec<u32>, end: u32) -> Self {
        let mut encoder = Encoder::new();
        let mut bytes = Vec::new();
        let lengths = vec![0; starts.len()];
        // As a unit that follows would begin.
        starts.push(if starts.is_empty() { 0 } else { end + 1 });
        encoder.sorted(&starts, &mut bytes);
        PartWriter {
            encoder,
            starts: bytes,
            lengths,
            chars: MapBuilder::memory(),
            char_lists: Vec::new(),
            words: MapBuilder::memory(),
            word_lists: Vec::new(),
        }
    }

    pub(super) fn chars(&mut self, term: &str, positions: &[u32]) {
        self.chars.insert(term, self.char_lists.len() as u64).expect("terms come sorted, each once");
        self.encoder.sorted(positions, &mut self.char_lists);
    }

    /// `more` says how often each unit has the word beyond once.
    pub(super) fn words(&mut self, term: &str, units: &[u32], more: &[u32]) {
        self.words.insert(term, self.word_lists.len() as u64).expect("terms come sorted, each once");
        self.encoder.sorted(units, &mut self.word_lists);
        self.encoder.plain(more, &mut self.word_lists);
        units.iter().zip(more).for_each(|(&unit, more)| self.lengths[unit as usize] += 1 + more);
    }

    pub(super) fn finish(self) -> Part {
        const IN_MEMORY: &str = "writing to memory does not fail";
        Part {
            blocks: [
                self.starts,
                self.chars.into_inner().expect(IN_MEMORY),
                self.char_lists,
                self.words.into_inner().expect(IN_MEMORY),
                self.word_lists,
            ],
            lengths: self.lengths,
        }
    }
}

/// The file, in parts to be written one after the other: they may be large, and need
/// not be put together in memory. `ranges` are the records of each piece, `documents` the first record of
/// each document.
pub(super) fn assemble(text: Part, context: Part, ranges: &[(u32, u32)], documents: &[u32]) -> Vec<Vec<u8>> {
    // A document is whole in a segment; one that is not must not break the file.
    let records = text.lengths.len() as u32;
    let ranges: Vec<_> = ranges.iter().map(|&(from, to)| (from.min(records), to.min(records))).collect();
    let mut range_bytes = Vec::with_capacity(8 * ranges.len());
    for &(from, to) in &ranges {
        range_bytes.extend_from_slice(&from.to_le_bytes());
        range_bytes.extend_from_slice(&to.to_le_bytes());
    }
    let mut document_bytes = Vec::new();
    Encoder::new().sorted(documents, &mut document_bytes);
    let context_lengths = spread(&context.lengths, &ranges, text.lengths.len());
    let rounded = |lengths: &[u32]| lengths.iter().map(|&length| FieldNormReader::fieldnorm_to_id(length)).collect();
    let sum = |lengths: &[u32]| lengths.iter().map(|&length| u64::from(length)).sum::<u64>();
    let lengths: [Vec<u8>; 2] = [rounded(&text.lengths), rounded(&context_lengths)];
    let numbers: [u64; NUMBERS] =
        [text.lengths.len() as u64, ranges.len() as u64, sum(&text.lengths) + sum(&context_lengths)];
    let blocks: Vec<Vec<u8>> =
        text.blocks.into_iter().chain(context.blocks).chain([range_bytes, document_bytes]).chain(lengths).collect();
    debug_assert_eq!(blocks.len(), BLOCKS);
    let mut table = Vec::with_capacity(8 * (BLOCKS + NUMBERS) + MAGIC.len());
    let mut end = 0;
    for block in &blocks {
        end += block.len() as u64;
        table.extend_from_slice(&end.to_le_bytes());
    }
    numbers.iter().for_each(|number| table.extend_from_slice(&number.to_le_bytes()));
    table.extend_from_slice(MAGIC);
    blocks.into_iter().chain([table]).collect()
}

/// The words that each record has in the pieces over it.
fn spread(lengths: &[u32], ranges: &[(u32, u32)], records: usize) -> Vec<u32> {
    let mut changes = vec![0_i64; records + 1];
    for (&length, &(from, to)) in lengths.iter().zip(ranges) {
        changes[from as usize] += i64::from(length);
        changes[to as usize] -= i64::from(length);
    }
    let mut words = 0;
    changes.truncate(records);
    let sum = |change| {
        words += change;
        u32::try_from(words).unwrap_or(u32::MAX)
    };
    changes.into_iter().map(sum).collect()
}
