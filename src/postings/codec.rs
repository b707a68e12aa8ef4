//! Lists of numbers as bytes, read; [`super::encoder`] writes them.
//!
//! Whole blocks of 128 are bit-packed (`bitpacking`, which tantivy packs its own
//! postings with: maintained, MIT, SIMD); what is left is written in groups of
//! seven bits. A sorted list names the first number of each block beside the
//! blocks, so a reader can go to a place without unpacking what is before it.

use bitpacking::{BitPacker as _, BitPacker4x};

use crate::numbers;

/// Numbers in a block.
pub(super) const BLOCK: usize = BitPacker4x::BLOCK_LEN;

/// What is read is no list: the file is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

impl From<Damaged> for std::io::Error {
    fn from(_: Damaged) -> Self {
        std::io::Error::new(std::io::ErrorKind::InvalidData, "the postings of a segment cannot be read")
    }
}

pub(super) type Result<T> = std::result::Result<T, Damaged>;

/// Appends a number, seven bits a byte.
#[inline]
pub(super) fn push_number(out: &mut Vec<u8>, number: u32) {
    numbers::push(out, number.into());
}

/// Takes a number from the front of `bytes`.
#[inline]
pub(super) fn take_number(bytes: &mut &[u8]) -> Result<u32> {
    numbers::take(bytes).and_then(|number| u32::try_from(number).ok()).ok_or(Damaged)
}

pub(super) fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(Damaged)?;
    *bytes = rest;
    Ok(taken)
}

/// An ascending list, not unpacked.
#[derive(Clone)]
pub(super) struct SortedList<'a> {
    count: usize,
    /// The first number of each block, four bytes each.
    firsts: &'a [u8],
    widths: &'a [u8],
    /// The blocks, then the tail.
    data: &'a [u8],
    packer: BitPacker4x,
}

impl<'a> SortedList<'a> {
    /// Opens the list at the front of `bytes`.
    pub(super) fn open(mut bytes: &'a [u8]) -> Result<Self> {
        let count = take_number(&mut bytes)? as usize;
        let blocks = count / BLOCK;
        let firsts = take(&mut bytes, 4 * blocks)?;
        let widths = take(&mut bytes, blocks)?;
        if widths.iter().any(|&width| width > 32) {
            return Err(Damaged);
        }
        Ok(SortedList { count, firsts, widths, data: bytes, packer: BitPacker4x::new() })
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    fn blocks(&self) -> usize {
        self.widths.len()
    }

    /// The first number of a block that there is.
    fn first(&self, block: usize) -> u32 {
        let bytes = &self.firsts[4 * block..4 * block + 4];
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn unpack(&self, block: usize, at: usize, into: &mut [u32; BLOCK]) -> Result<()> {
        let width = self.widths[block];
        let packed = self.data.get(at..at + bytes_of(width)).ok_or(Damaged)?;
        self.packer.decompress_sorted(self.first(block), packed, into, width);
        Ok(())
    }

    fn unpack_tail(&self, at: usize, before: u32, into: &mut [u32; BLOCK]) -> Result<&'a [u8]> {
        let mut bytes = self.data.get(at..).ok_or(Damaged)?;
        let mut last = before;
        for number in &mut into[..self.count % BLOCK] {
            last = last.checked_add(take_number(&mut bytes)?).ok_or(Damaged)?;
            *number = last;
        }
        Ok(bytes)
    }

    /// The blocks from `from`, those from `to` excluded; the tail stands behind the last
    /// of them.
    fn part(&self, from: usize, to: usize) -> Result<Self> {
        let blocks = self.blocks();
        let tail = if to > blocks { self.count % BLOCK } else { 0 };
        let to = to.min(blocks);
        // The tail is counted from the block before it.
        let from = from.min(to.saturating_sub(1));
        let before: usize = self.widths[..from].iter().map(|&width| bytes_of(width)).sum();
        Ok(SortedList {
            count: (to - from) * BLOCK + tail,
            firsts: &self.firsts[4 * from..4 * to],
            widths: &self.widths[from..to],
            data: self.data.get(before..).ok_or(Damaged)?,
            packer: self.packer,
        })
    }

    /// A part of the list that has all members of `numbers`, and up to a block more at
    /// either end; and how many members stand before it.
    pub(super) fn around(&self, numbers: &std::ops::Range<u32>) -> Result<(Self, usize)> {
        let (firsts, _) = self.firsts.as_chunks::<4>();
        let begin_before = |number: u64| firsts.partition_point(|&first| u64::from(u32::from_le_bytes(first)) < number);
        let from = begin_before(u64::from(numbers.start) + 1).saturating_sub(1);
        let to = begin_before(numbers.end.into());
        let part = self.part(from, if to == self.blocks() { to + 1 } else { to })?;
        let before = from.min(to.saturating_sub(1)) * BLOCK;
        Ok((part, before))
    }

    /// The last member, and what is behind the list.
    pub(super) fn last(&self) -> Result<(Option<u32>, &'a [u8])> {
        let mut numbers = Vec::new();
        let rest = self.part(self.blocks(), self.blocks() + 1)?.read_all(&mut numbers)?;
        Ok((numbers.last().copied(), rest))
    }

    /// The member that so many others stand before.
    pub(super) fn get(&self, at: usize) -> Result<u32> {
        let block = (at / BLOCK).min(self.blocks().saturating_sub(1));
        let mut numbers = Vec::with_capacity(2 * BLOCK);
        self.part(block, at / BLOCK + 1)?.read_all(&mut numbers)?;
        numbers.get(at - block * BLOCK).copied().ok_or(Damaged)
    }

    /// Appends all of it to `into`; gives what is behind it.
    pub(super) fn read_all(&self, into: &mut Vec<u32>) -> Result<&'a [u8]> {
        into.reserve(self.count.min(self.data.len() * 8 + self.blocks() * BLOCK));
        self.each_block(|numbers| {
            into.extend_from_slice(numbers);
            Ok(())
        })
    }

    /// Hands all of it to `sink`, in blocks of which the last may be empty; gives what is
    /// behind it.
    pub(super) fn each_block(&self, mut sink: impl FnMut(&[u32]) -> Result<()>) -> Result<&'a [u8]> {
        let mut buffer = [0; BLOCK];
        let mut at = 0;
        for block in 0..self.blocks() {
            self.unpack(block, at, &mut buffer)?;
            at += bytes_of(self.widths[block]);
            sink(&buffer)?;
        }
        let before = if self.blocks() > 0 { buffer[BLOCK - 1] } else { 0 };
        let rest = self.unpack_tail(at, before, &mut buffer)?;
        sink(&buffer[..self.count % BLOCK])?;
        Ok(rest)
    }

    pub(super) fn cursor(self) -> Cursor<'a> {
        Cursor { list: self, block: usize::MAX, data_at: 0, buffer: [0; BLOCK], filled: 0, at: 0, before: None }
    }
}

/// Bytes of a packed block.
pub(super) fn bytes_of(width: u8) -> usize {
    usize::from(width) * BLOCK / 8
}

/// Takes `count` numbers written by [`super::encoder::Encoder::plain`] from the front of `bytes`.
pub(super) fn read_plain(mut bytes: &[u8], count: usize, into: &mut Vec<u32>) -> Result<()> {
    if take(&mut bytes, 1)?[0] == 0 {
        into.resize(into.len() + count, 0);
        return Ok(());
    }
    read_packed(bytes, count, into)
}

/// Takes `count` of such numbers from where a block of them begins.
pub(super) fn read_packed(mut bytes: &[u8], count: usize, into: &mut Vec<u32>) -> Result<()> {
    let packer = BitPacker4x::new();
    let mut buffer = [0; BLOCK];
    for _ in 0..count / BLOCK {
        let width = take(&mut bytes, 1)?[0];
        if width > 32 {
            return Err(Damaged);
        }
        packer.decompress(take(&mut bytes, bytes_of(width))?, &mut buffer, width);
        into.extend_from_slice(&buffer);
    }
    for _ in 0..count % BLOCK {
        into.push(take_number(&mut bytes)?);
    }
    Ok(())
}

/// Goes through a sorted list forward, block by block, unpacking only those that it
/// stops in.
pub(super) struct Cursor<'a> {
    list: SortedList<'a>,
    /// The block in `buffer`; the number of blocks for the tail.
    block: usize,
    /// Where that block begins in the data.
    data_at: usize,
    buffer: [u32; BLOCK],
    filled: usize,
    at: usize,
    /// With the tail in the buffer: the last number before it.
    before: Option<u32>,
}

impl Cursor<'_> {
    /// Whether the list has `number`. Numbers asked for must ascend.
    #[inline]
    pub(super) fn has(&mut self, number: u32) -> Result<bool> {
        self.go_to(number)?;
        let rest = &self.buffer[self.at..self.filled];
        // What is asked for next stands near: look at some, then halve.
        let step = rest.iter().take(8).position(|&other| other >= number);
        self.at += match step {
            Some(step) => step,
            None => rest.partition_point(|&other| other < number),
        };
        Ok(self.at < self.filled && self.buffer[self.at] == number)
    }

    /// The last member that is not above `number`, and how many stand before it.
    /// Numbers asked for must ascend.
    pub(super) fn floor(&mut self, number: u32) -> Result<Option<(usize, u32)>> {
        self.go_to(number)?;
        let behind = self.buffer[..self.filled].partition_point(|&other| other <= number);
        Ok(match behind.checked_sub(1) {
            Some(at) => Some((self.block * BLOCK + at, self.buffer[at])),
            // Between the last whole block and the tail.
            None => self.before.map(|before| (self.block * BLOCK - 1, before)),
        })
    }

    /// Unpacks the block that `number` would stand in.
    #[inline]
    fn go_to(&mut self, number: u32) -> Result<()> {
        let blocks = self.list.blocks();
        if self.block == usize::MAX {
            self.open(0)?;
        }
        if self.block == blocks || number <= self.buffer[BLOCK - 1] {
            return Ok(());
        }
        let mut block = self.block;
        // Doubling steps, then halving.
        let mut step = 1;
        while block + step < blocks && self.list.first(block + step) <= number {
            block += step;
            step *= 2;
        }
        let mut end = (block + step).min(blocks);
        while block + 1 < end {
            let middle = block + (end - block) / 2;
            if self.list.first(middle) <= number { block = middle } else { end = middle }
        }
        if block != self.block {
            self.open(block)?;
        }
        // The last whole block ends before it: only the tail may have it.
        if block + 1 == blocks && number > self.buffer[BLOCK - 1] && !self.list.count.is_multiple_of(BLOCK) {
            self.open(blocks)?;
        }
        Ok(())
    }

    fn open(&mut self, block: usize) -> Result<()> {
        let from = if self.block == usize::MAX { 0 } else { self.block };
        self.data_at += self.list.widths[from..block].iter().map(|&width| bytes_of(width)).sum::<usize>();
        self.at = 0;
        if block < self.list.blocks() {
            self.list.unpack(block, self.data_at, &mut self.buffer)?;
            self.filled = BLOCK;
        } else {
            // The block in the buffer is the last whole one, if there is any.
            self.before = (block > 0).then_some(self.buffer[BLOCK - 1]);
            self.list.unpack_tail(self.data_at, self.before.unwrap_or_default(), &mut self.buffer)?;
            self.filled = self.list.count % BLOCK;
        }
        self.block = block;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoder::Encoder;
    use super::*;
    use proptest::prelude::*;

    fn encoded(list: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        Encoder::new().sorted(list, &mut out);
        out
    }

    proptest! {
        #[test]
        fn sorted_lists_come_back(gaps in prop::collection::vec(1_u32..5_000, 0..700), asked in prop::collection::vec(0_u32..2_000_000, 0..60)) {
            let list: Vec<u32> = gaps.iter().scan(0, |sum, gap| { *sum += gap; Some(*sum) }).collect();
            let bytes = encoded(&list);
            let mut back = Vec::new();
            let rest = SortedList::open(&bytes).unwrap().read_all(&mut back).unwrap();
            prop_assert!(rest.is_empty());
            prop_assert_eq!(SortedList::open(&bytes).unwrap().last().unwrap(), (list.last().copied(), rest));
            prop_assert_eq!(&back, &list);
            let mut asked: Vec<u32> = asked.into_iter().chain(list.iter().copied().step_by(7)).collect();
            asked.sort_unstable();
            let mut has = SortedList::open(&bytes).unwrap().cursor();
            let mut floor = SortedList::open(&bytes).unwrap().cursor();
            for pair in asked.windows(2) {
                let (part, before) = SortedList::open(&bytes).unwrap().around(&(pair[0]..pair[1])).unwrap();
                let mut near = Vec::new();
                part.read_all(&mut near).unwrap();
                prop_assert_eq!(part.len(), near.len());
                prop_assert_eq!(&near, &list[before..before + near.len()]);
                let wanted = list.partition_point(|&n| n < pair[0])..list.partition_point(|&n| n < pair[1]);
                prop_assert!(wanted.is_empty() || (before <= wanted.start && wanted.end <= before + near.len()));
                prop_assert!(near.len() <= wanted.len() + 3 * BLOCK);
                let (mut has, mut all) = (part.clone().cursor(), SortedList::open(&bytes).unwrap().cursor());
                for number in [pair[0], pair[0] / 2 + pair[1] / 2, pair[1].saturating_sub(1)] {
                    if (pair[0]..pair[1]).contains(&number) {
                        prop_assert_eq!(has.has(number).unwrap(), all.has(number).unwrap());
                    }
                }
            }
            for at in (0..list.len() + 2).step_by(1 + list.len() / 50) {
                prop_assert_eq!(SortedList::open(&bytes).unwrap().get(at).ok(), list.get(at).copied());
            }
            for number in asked {
                prop_assert_eq!(has.has(number).unwrap(), list.binary_search(&number).is_ok());
                let expected = list.partition_point(|&other| other <= number).checked_sub(1).map(|at| (at, list[at]));
                prop_assert_eq!(floor.floor(number).unwrap(), expected);
            }
        }

        #[test]
        fn plain_lists_come_back(list in prop::collection::vec(prop_oneof![Just(0), 0_u32..9, any::<u32>()], 0..400)) {
            let mut bytes = Vec::new();
            Encoder::new().plain(&list, &mut bytes);
            let mut back = Vec::new();
            read_plain(&bytes, list.len(), &mut back).unwrap();
            prop_assert_eq!(back, list);
        }

        #[test]
        fn damaged_lists_are_errors_or_other_lists_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), asked in prop::collection::vec(any::<u32>(), 0..9)) {
            let mut asked = asked;
            asked.sort_unstable();
            if let Ok(list) = SortedList::open(&bytes) {
                let _ = list.read_all(&mut Vec::new());
                for pair in asked.windows(2) {
                    let _ = list.around(&(pair[0]..pair[1])).map(|(part, _)| part.read_all(&mut Vec::new()));
                    let _ = list.get(pair[0] as usize);
                    let _ = list.last();
                }
                let mut cursor = list.cursor();
                for number in asked {
                    let _ = cursor.floor(number);
                }
            }
            let _ = read_plain(&bytes, 300, &mut Vec::new());
        }
    }
}
