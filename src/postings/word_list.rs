//! The records that have a word, and how often, of a range of records at a time.

use std::ops::Range;

use super::codec::{BLOCK, Damaged, Result, SortedList, bytes_of, read_packed, take};

/// The records whose own text has a word, and how often each: not unpacked.
pub(crate) struct WordList<'a> {
    records: SortedList<'a>,
    more: Counts<'a>,
}

/// How often beyond once.
enum Counts<'a> {
    /// None of them.
    Once,
    Packed {
        data: &'a [u8],
        /// Where the width of each block stands, and then the tail.
        blocks: Vec<usize>,
    },
}

/// Some records with a word, ascending, and how often each has it beyond once.
#[derive(Default)]
pub(crate) struct WordCounts {
    pub records: Vec<u32>,
    pub more: Vec<u32>,
}

impl<'a> WordList<'a> {
    /// Opens the list at the front of `bytes`, of records below `bound`.
    pub(super) fn open(bytes: &'a [u8], bound: u32) -> Result<Self> {
        let records = SortedList::open(bytes)?;
        let (last, behind) = records.last()?;
        if last.is_some_and(|last| last >= bound) {
            return Err(Damaged);
        }
        let more = Counts::open(behind, records.len())?;
        Ok(WordList { records, more })
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Appends all records with it.
    pub(crate) fn records(&self, into: &mut Vec<u32>) -> Result<()> {
        self.records.read_all(into).map(|_| ())
    }

    /// Those `within` a range.
    pub(crate) fn read_in(&self, within: &Range<u32>, into: &mut WordCounts) -> Result<()> {
        let WordCounts { records, more } = into;
        records.clear();
        more.clear();
        let (part, before) = self.records.around(within)?;
        part.read_all(records)?;
        self.more.read(before, records.len(), more)?;
        let from = records.partition_point(|&record| record < within.start);
        let to = records.partition_point(|&record| record < within.end);
        for list in [records, more] {
            list.truncate(to);
            list.drain(..from.min(to));
        }
        Ok(())
    }
}

impl<'a> Counts<'a> {
    /// Opens what [`super::encoder::Encoder::plain`] wrote.
    fn open(mut bytes: &'a [u8], count: usize) -> Result<Self> {
        if take(&mut bytes, 1)?[0] == 0 {
            return Ok(Counts::Once);
        }
        let mut blocks = Vec::with_capacity((count / BLOCK + 1).min(bytes.len()));
        let mut at = 0;
        for _ in 0..count / BLOCK {
            blocks.push(at);
            let width = *bytes.get(at).filter(|&&width| width <= 32).ok_or(Damaged)?;
            at += 1 + bytes_of(width);
        }
        blocks.push(at);
        Ok(Counts::Packed { data: bytes, blocks })
    }

    /// Appends `count` of them from `from`, where a block begins.
    fn read(&self, from: usize, count: usize, into: &mut Vec<u32>) -> Result<()> {
        let Counts::Packed { data, blocks } = self else {
            into.resize(into.len() + count, 0);
            return Ok(());
        };
        read_packed(data.get(*blocks.get(from / BLOCK).ok_or(Damaged)?..).ok_or(Damaged)?, count, into)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encoder::Encoder;
    use super::*;

    fn encoded(list: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new();
        encoder.sorted(&list.iter().map(|(record, _)| *record).collect::<Vec<_>>(), &mut bytes);
        encoder.plain(&list.iter().map(|(_, more)| *more).collect::<Vec<_>>(), &mut bytes);
        bytes
    }

    proptest! {
        #[test]
        fn a_range_has_its_part_of_the_whole(
            steps in prop::collection::vec((prop_oneof![1_u32..3, 1_u32..500], prop_oneof![4 => Just(0_u32), 1 => 0_u32..9_000]), 0..900),
            counts_matter in any::<bool>(),
            ends in prop::collection::vec(0_u32..40_000, 2..9),
        ) {
            let mut record = 0;
            let list: Vec<(u32, u32)> = steps.iter().map(|(step, more)| {
                record += step;
                (record, if counts_matter { *more } else { 0 })
            }).collect();
            let bytes = encoded(&list);
            let words = WordList::open(&bytes, record + 1).unwrap();
            prop_assert!(list.is_empty() || WordList::open(&bytes, record).is_err());
            prop_assert_eq!(words.len(), list.len());
            let mut read = WordCounts::default();
            for within in ends.windows(2).map(|ends| ends[0].min(ends[1])..ends[0].max(ends[1])).chain(std::iter::once(0..u32::MAX)) {
                words.read_in(&within, &mut read).unwrap();
                let found: Vec<(u32, u32)> = read.records.iter().copied().zip(read.more.iter().copied()).collect();
                prop_assert_eq!(read.records.len(), read.more.len());
                let expected: Vec<(u32, u32)> = list.iter().copied().filter(|(record, _)| within.contains(record)).collect();
                prop_assert_eq!(found, expected);
            }
        }

        #[test]
        fn damaged_lists_are_errors_or_other_lists_and_never_panics(
            steps in prop::collection::vec((1_u32..300, 0_u32..9), 1..400),
            at in any::<prop::sample::Index>(),
            change in 1_u8..,
            (from, to) in (0_u32..70_000, 0_u32..70_000),
        ) {
            let mut record = 0;
            let list: Vec<(u32, u32)> = steps.iter().map(|(step, more)| { record += step; (record, *more) }).collect();
            let mut bytes = encoded(&list);
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            if let Ok(words) = WordList::open(&bytes, u32::MAX) {
                let _ = words.read_in(&(from..to), &mut WordCounts::default());
                let _ = words.records(&mut Vec::new());
            }
            let _ = WordList::open(&bytes[..at], u32::MAX).map(|words| words.read_in(&(from..to), &mut WordCounts::default()));
        }
    }
}
