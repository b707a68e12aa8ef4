//! Lists of numbers → bytes, as [`super::codec`] reads them: whole, or as their
//! numbers come, so that a long list never stands in memory unpacked.

use bitpacking::{BitPacker as _, BitPacker4x};

use super::codec::{BLOCK, push_number};

/// Writes lists; holds what packing needs, so that it is set up once.
pub(super) struct Encoder {
    sorted: SortedEncoder,
    plain: PlainEncoder,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Encoder { sorted: SortedEncoder::new(), plain: PlainEncoder::new() }
    }

    /// Appends an ascending list.
    pub(super) fn sorted(&mut self, list: &[u32], out: &mut Vec<u8>) {
        // Most lists have no block.
        if list.len() < BLOCK {
            push_number(out, list.len() as u32);
            return push_gaps(0, list, out);
        }
        self.sorted.push(list, 0);
        self.sorted.finish(out);
    }

    /// Appends a list of any numbers whose length the reader knows. One of nothing
    /// but zeros takes a byte.
    pub(super) fn plain(&mut self, list: &[u32], out: &mut Vec<u8>) {
        if list.iter().all(|&number| number == 0) {
            return out.push(0);
        }
        self.plain.push(list);
        self.plain.finish(out);
    }
}

/// Appends what each number of the end of an ascending list is above the one before it.
fn push_gaps(mut before: u32, numbers: &[u32], out: &mut Vec<u8>) {
    for &number in numbers {
        push_number(out, number - before);
        before = number;
    }
}

/// Numbers of a list that are no whole block yet.
struct Waiting {
    numbers: [u32; BLOCK],
    filled: usize,
}

impl Waiting {
    fn new() -> Self {
        Waiting { numbers: [0; BLOCK], filled: 0 }
    }

    /// Adds numbers, each with `shift` (mod 2³²), and hands whole blocks to `sink`.
    #[inline]
    fn push(&mut self, mut numbers: &[u32], shift: u32, mut sink: impl FnMut(&[u32; BLOCK])) {
        while !numbers.is_empty() {
            let (next, rest) = numbers.split_at(numbers.len().min(BLOCK - self.filled));
            let places = &mut self.numbers[self.filled..self.filled + next.len()];
            places.iter_mut().zip(next).for_each(|(place, number)| *place = number.wrapping_add(shift));
            self.filled += next.len();
            if self.filled == BLOCK {
                sink(&self.numbers);
                self.filled = 0;
            }
            numbers = rest;
        }
    }

    fn take(&mut self) -> &[u32] {
        &self.numbers[..std::mem::take(&mut self.filled)]
    }
}

/// Writes an ascending list as its numbers come.
pub(super) struct SortedEncoder {
    packer: BitPacker4x,
    waiting: Waiting,
    /// The first numbers of the blocks, as they stand in the list.
    firsts: Vec<u8>,
    widths: Vec<u8>,
    blocks: Vec<u8>,
    /// The last number of the last block.
    last: u32,
}

impl SortedEncoder {
    pub(super) fn new() -> Self {
        SortedEncoder {
            packer: BitPacker4x::new(),
            waiting: Waiting::new(),
            firsts: Vec::new(),
            widths: Vec::new(),
            blocks: Vec::new(),
            last: 0,
        }
    }

    /// Adds numbers, each with `shift` (mod 2³²); they go on where the ones before ended.
    pub(super) fn push(&mut self, numbers: &[u32], shift: u32) {
        let SortedEncoder { packer, waiting, firsts, widths, blocks, last } = self;
        waiting.push(numbers, shift, |block| {
            let width = packer.num_bits_sorted(block[0], block);
            firsts.extend_from_slice(&block[0].to_le_bytes());
            widths.push(width);
            let mut packed = [0; 4 * BLOCK];
            let bytes = packer.compress_sorted(block[0], block, &mut packed, width);
            blocks.extend_from_slice(&packed[..bytes]);
            *last = block[BLOCK - 1];
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.widths.is_empty() && self.waiting.filled == 0
    }

    /// Appends the list, and begins another.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        push_number(out, (self.widths.len() * BLOCK + self.waiting.filled) as u32);
        for part in [&mut self.firsts, &mut self.widths, &mut self.blocks] {
            out.append(part);
        }
        push_gaps(std::mem::take(&mut self.last), self.waiting.take(), out);
    }
}

/// Writes a list of any numbers as they come.
pub(super) struct PlainEncoder {
    packer: BitPacker4x,
    waiting: Waiting,
    blocks: Vec<u8>,
    has_other_than_zero: bool,
}

impl PlainEncoder {
    pub(super) fn new() -> Self {
        PlainEncoder {
            packer: BitPacker4x::new(),
            waiting: Waiting::new(),
            blocks: Vec::new(),
            has_other_than_zero: false,
        }
    }

    /// Adds numbers.
    pub(super) fn push(&mut self, numbers: &[u32]) {
        let PlainEncoder { packer, waiting, blocks, has_other_than_zero } = self;
        *has_other_than_zero |= numbers.iter().any(|&number| number != 0);
        waiting.push(numbers, 0, |block| {
            let width = packer.num_bits(block);
            blocks.push(width);
            let mut packed = [0; 4 * BLOCK];
            let bytes = packer.compress(block, &mut packed, width);
            blocks.extend_from_slice(&packed[..bytes]);
        });
    }

    /// Appends the list, and begins another.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let waiting = self.waiting.take();
        if std::mem::take(&mut self.has_other_than_zero) {
            out.push(1);
            out.append(&mut self.blocks);
            waiting.iter().for_each(|&number| push_number(out, number));
        } else {
            out.push(0);
            self.blocks.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_in_parts_is_the_list(
            steps in prop::collection::vec((1_u32..900, prop_oneof![5 => Just(0_u32), 1 => any::<u32>()]), 0..700),
            cuts in prop::collection::vec(0_usize..300, 0..6),
            shift in 0_u32..5_000,
        ) {
            let sorted: Vec<u32> = steps.iter().scan(0, |sum, (step, _)| { *sum += step; Some(*sum) }).collect();
            let plain: Vec<u32> = steps.iter().map(|(_, number)| *number).collect();
            let shifted: Vec<u32> = sorted.iter().map(|number| number + shift).collect();
            let (mut whole, mut parts) = (Vec::new(), Vec::new());
            Encoder::new().sorted(&shifted, &mut whole);
            Encoder::new().plain(&plain, &mut whole);
            // Used before, so that it must begin anew.
            let (mut to_sorted, mut to_plain) = (SortedEncoder::new(), PlainEncoder::new());
            to_sorted.push(&sorted, 0);
            to_plain.push(&plain);
            to_sorted.finish(&mut Vec::new());
            to_plain.finish(&mut Vec::new());
            prop_assert!(to_sorted.is_empty());
            let mut at = 0;
            for cut in cuts.into_iter().chain([usize::MAX]) {
                let end = at.max(cut.min(sorted.len()));
                to_sorted.push(&sorted[at..end], shift);
                to_plain.push(&plain[at..end]);
                at = end;
            }
            prop_assert_eq!(to_sorted.is_empty(), sorted.is_empty());
            to_sorted.finish(&mut parts);
            to_plain.finish(&mut parts);
            prop_assert_eq!(whole, parts);
        }
    }
}
