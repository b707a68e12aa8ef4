//! The lists of terms in memory: where each character stands, which units hold each
//! word.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Result;

use rustc_hash::FxBuildHasher;

use crate::analysis::{Dictionary, Known};

use super::codec::{push_number, take_number};
use super::deal::Deal;
use super::pool::{Chain, Pool};

/// Bytes a term takes that is found by its string, about: the string and its entry in a
/// table.
const STRING_BYTES: usize = 96;

/// Characters and runs with their positions.
pub(super) struct CharLists {
    table: CharTable,
    /// By slot.
    lists: Vec<Positions>,
    pool: Pool,
    /// What the lists do not have yet.
    new: Deal,
    /// What a list gets next, encoded: kept for its memory.
    scratch: Vec<u8>,
}

impl CharLists {
    pub(super) fn new() -> Self {
        CharLists {
            table: CharTable::new(),
            lists: Vec::new(),
            pool: Pool::default(),
            new: Deal::default(),
            scratch: Vec::new(),
        }
    }

    /// A folded character; positions ascend.
    #[inline]
    pub(super) fn push_char(&mut self, c: char, position: u32) {
        let slot = self.table.char_slot(c);
        self.push(slot, position);
    }

    /// A folded run of letters and digits.
    pub(super) fn push_run(&mut self, run: &str, position: u32) {
        let slot = self.table.run_slot(run);
        self.push(slot, position);
    }

    #[inline]
    fn push(&mut self, slot: u32, position: u32) {
        self.new.push(slot, position);
        if self.new.is_full() {
            self.deal();
        }
    }

    /// Brings the lists up to date.
    fn deal(&mut self) {
        self.lists.resize_with(self.table.count as usize, Positions::default);
        self.new.deal(self.lists.len(), |slot, positions| {
            self.lists[slot].extend(positions, &mut self.pool, &mut self.scratch);
        });
    }

    /// Bytes held in memory, about, beside tables of one size.
    pub(super) fn memory(&self) -> usize {
        let lists = self.lists.capacity() * size_of::<Positions>() + self.pool.memory();
        lists + STRING_BYTES * self.table.others.len() + self.new.memory()
    }

    /// Hands each term to `sink` in the order of their bytes, with its positions.
    pub(super) fn write(mut self, mut sink: impl FnMut(&str, &[u32]) -> Result<()>) -> Result<()> {
        self.deal();
        let mut positions = Vec::new();
        for (term, slot) in self.table.sorted() {
            positions.clear();
            self.lists[slot].read(&self.pool, &mut positions);
            sink(&term, &positions)?;
        }
        Ok(())
    }
}

/// Words with the units that hold them.
pub(super) struct WordLists {
    table: WordTable,
    /// By slot.
    lists: Vec<Units>,
    pool: Pool,
    /// What the lists do not have yet.
    new: Deal,
    /// What a list gets next, encoded: kept for its memory.
    scratch: Vec<u8>,
}

impl WordLists {
    pub(super) fn new() -> Self {
        WordLists {
            table: WordTable::new(),
            lists: Vec::new(),
            pool: Pool::default(),
            new: Deal::default(),
            scratch: Vec::new(),
        }
    }

    /// A word that stands in a unit; units ascend.
    #[inline]
    pub(super) fn push(&mut self, word: &str, known: Known, unit: u32) {
        self.new.push(self.table.number(word, known), unit);
        if self.new.is_full() {
            self.deal();
        }
    }

    /// Brings the lists up to date.
    fn deal(&mut self) {
        self.new.rename(|number| self.table.slot(number));
        self.lists.resize_with(self.table.numbers.len(), Units::default);
        self.new.deal(self.lists.len(), |slot, units| {
            self.lists[slot].extend(units, &mut self.pool, &mut self.scratch);
        });
    }

    /// As [`CharLists::memory`].
    pub(super) fn memory(&self) -> usize {
        let lists = self.lists.capacity() * size_of::<Units>() + self.pool.memory();
        lists + STRING_BYTES * self.table.others.len() + self.new.memory()
    }

    /// Hands each word to `sink` in the order of their bytes, with its units, and how
    /// often it stands in each beyond once.
    pub(super) fn write(mut self, mut sink: impl FnMut(&str, &[u32], &[u32]) -> Result<()>) -> Result<()> {
        self.deal();
        let (mut units, mut more) = (Vec::new(), Vec::new());
        for (word, slot) in self.table.sorted() {
            units.clear();
            more.clear();
            self.lists[slot].read(&self.pool, &mut units, &mut more);
            sink(&word, &units, &more)?;
        }
        Ok(())
    }
}

/// Characters that are found by their number alone.
const DIRECT: usize = 0x1_0000;

/// Characters and runs, numbered in the order they come.
struct CharTable {
    /// The slot of a character below [`DIRECT`], plus one.
    direct: Vec<u32>,
    others: HashMap<Box<str>, u32, FxBuildHasher>,
    count: u32,
}

impl CharTable {
    fn new() -> Self {
        CharTable { direct: vec![0; DIRECT], others: HashMap::default(), count: 0 }
    }

    /// The slot of a character; the number of slots so far for a new one.
    #[inline]
    fn char_slot(&mut self, c: char) -> u32 {
        let Some(slot) = self.direct.get_mut(c as usize) else {
            return self.run_slot(c.encode_utf8(&mut [0; 4]));
        };
        if *slot == 0 {
            self.count += 1;
            *slot = self.count;
        }
        *slot - 1
    }

    /// The slot of a run; the number of slots so far for a new one.
    fn run_slot(&mut self, run: &str) -> u32 {
        if let Some(&slot) = self.others.get(run) {
            return slot;
        }
        self.others.insert(run.into(), self.count);
        self.count += 1;
        self.count - 1
    }

    /// All in the order of their bytes.
    fn sorted(&self) -> Vec<(String, usize)> {
        let mut terms: Vec<(String, usize)> = Vec::with_capacity(self.count as usize);
        for (code, &slot) in self.direct.iter().enumerate().filter(|(_, slot)| **slot > 0) {
            terms.extend(char::from_u32(code as u32).map(|c| (c.to_string(), slot as usize - 1)));
        }
        terms.extend(self.others.iter().map(|(term, &slot)| (term.to_string(), slot as usize)));
        terms.sort_unstable();
        terms
    }
}

/// Words, by the numbers of the dictionary and behind them those of other words.
struct WordTable {
    /// The slot of a word by its number, plus one: slots are in the order they come.
    slots: Vec<u32>,
    /// By slot.
    numbers: Vec<u32>,
    /// The numbers of words that are not bundled.
    others: HashMap<Box<str>, u32, FxBuildHasher>,
}

impl WordTable {
    fn new() -> Self {
        WordTable { slots: vec![0; Dictionary::bundled_numbers()], numbers: Vec::new(), others: HashMap::default() }
    }

    /// The number of a word.
    #[inline]
    fn number(&mut self, word: &str, known: Known) -> u32 {
        let number = match known {
            Known::Bundled(number) => Some(number),
            // The model may join what is a word of the dictionary, too.
            Known::No | Known::Users => Dictionary::bundled_number(word),
        };
        number.unwrap_or_else(|| self.other_number(word))
    }

    fn other_number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.others.get(word) {
            return number;
        }
        let number = self.slots.len() as u32;
        self.others.insert(word.into(), number);
        self.slots.push(0);
        number
    }

    /// The slot of a number; the number of slots so far for a new one.
    #[inline]
    fn slot(&mut self, number: u32) -> u32 {
        let slot = &mut self.slots[number as usize];
        if *slot == 0 {
            self.numbers.push(number);
            *slot = self.numbers.len() as u32;
        }
        *slot - 1
    }

    /// All in the order of their bytes.
    fn sorted(&self) -> Vec<(Cow<'_, str>, usize)> {
        let others: HashMap<u32, &str> = self.others.iter().map(|(word, &number)| (number, word.as_ref())).collect();
        let word = |number: u32| match others.get(&number) {
            Some(word) => Cow::Borrowed(*word),
            None => Cow::Owned(Dictionary::bundled_word(number)),
        };
        let mut words: Vec<_> = self.numbers.iter().map(|&number| word(number)).zip(0..).collect();
        words.sort_unstable();
        words
    }
}

/// Ascending positions, as gaps.
#[derive(Default)]
struct Positions {
    last: u32,
    gaps: Chain,
}

impl Positions {
    fn extend(&mut self, positions: &[u32], pool: &mut Pool, scratch: &mut Vec<u8>) {
        scratch.clear();
        for &position in positions {
            push_number(scratch, position - self.last);
            self.last = position;
        }
        pool.append(&mut self.gaps, scratch);
    }

    fn read(&self, pool: &Pool, into: &mut Vec<u32>) {
        let mut position = 0;
        pool.read(self.gaps, |mut bytes| {
            while let Ok(gap) = take_number(&mut bytes) {
                position += gap;
                into.push(position);
            }
        });
    }
}

/// Ascending units with how often each is named: the gap and whether it is more
/// than once, then the count if it is.
#[derive(Default)]
struct Units {
    last: u32,
    /// How often `last` was named; it is not written yet.
    count: u32,
    /// The unit before `last`.
    written: u32,
    bytes: Chain,
}

impl Units {
    fn extend(&mut self, units: &[u32], pool: &mut Pool, scratch: &mut Vec<u8>) {
        scratch.clear();
        for &unit in units {
            if self.count > 0 && unit == self.last {
                self.count += 1;
                continue;
            }
            self.flush(scratch);
            self.last = unit;
            self.count = 1;
        }
        if !scratch.is_empty() {
            pool.append(&mut self.bytes, scratch);
        }
    }

    fn flush(&mut self, bytes: &mut Vec<u8>) {
        if self.count == 0 {
            return;
        }
        let gap = self.last - self.written;
        push_number(bytes, gap << 1 | u32::from(self.count > 1));
        if self.count > 1 {
            push_number(bytes, self.count);
        }
        self.written = self.last;
    }

    /// The units, and how often each is named beyond once.
    fn read(&self, pool: &Pool, units: &mut Vec<u32>, more: &mut Vec<u32>) {
        let mut unit = 0;
        pool.read(self.bytes, |mut bytes| {
            while let Ok(number) = take_number(&mut bytes) {
                unit += number >> 1;
                units.push(unit);
                let count = if number & 1 == 1 { take_number(&mut bytes).unwrap_or(1) } else { 1 };
                more.push(count - 1);
            }
        });
        if self.count > 0 {
            units.push(self.last);
            more.push(self.count - 1);
        }
    }
}
