//! Texts → postings in memory.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::analysis::chars;
use crate::analysis::{Cut, Dictionary, Folder, Known, Segmenter, fold, is_word};

use super::codec::{push_number, take_number};
use super::format::{self, PartWriter};

/// A title or heading, with the records it stands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub text: String,
    /// From the document's record: the first record below it.
    pub from: u32,
    /// And the one after the last.
    pub to: u32,
}

/// Collects the texts of a segment in the order of its records.
pub(crate) struct Builder {
    segmenter: Segmenter,
    folder: Folder,
    text: Part,
    context: Part,
    /// First record and the one after the last, of each piece.
    ranges: Vec<(u32, u32)>,
    /// The first record of each document.
    documents: Vec<u32>,
}

impl Builder {
    pub(crate) fn new(segmenter: Segmenter) -> Self {
        Builder {
            segmenter,
            folder: Folder::new(),
            text: Part::new(),
            context: Part::new(),
            ranges: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Begins a document: the next record is its first.
    pub(crate) fn begin_document(&mut self) {
        self.documents.push(self.text.units());
    }

    /// Adds the next record: its own texts, and the pieces that begin with it. A
    /// phrase does not go from one text to the next.
    pub(crate) fn add_record<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>, pieces: &[Piece]) {
        let record = self.text.units();
        self.text.begin_unit();
        for text in texts {
            self.text.add(text, &self.segmenter, self.folder);
        }
        for piece in pieces {
            self.context.begin_unit();
            self.context.add(&piece.text, &self.segmenter, self.folder);
            self.ranges.push((record + piece.from, record + piece.to));
        }
    }

    /// Bytes held in memory, about.
    pub(crate) fn memory(&self) -> usize {
        self.text.memory() + self.context.memory() + 16 * self.ranges.len()
    }

    /// The postings as bytes, in parts to be written one after the other.
    pub(crate) fn finish(self) -> Vec<Vec<u8>> {
        format::assemble(self.text.write(), self.context.write(), &self.ranges, &self.documents)
    }
}

/// Characters and words of units that are added one after the other.
struct Part {
    /// The first position of each unit.
    starts: Vec<u32>,
    next_position: u32,
    chars: CharTable,
    positions: Vec<Positions>,
    words: WordTable,
    units: Vec<Units>,
    bytes: usize,
}

impl Part {
    fn new() -> Self {
        Part {
            starts: Vec::new(),
            next_position: 0,
            chars: CharTable::new(),
            positions: Vec::new(),
            words: WordTable::new(),
            units: Vec::new(),
            bytes: 0,
        }
    }

    fn units(&self) -> u32 {
        self.starts.len() as u32
    }

    fn begin_unit(&mut self) {
        if !self.starts.is_empty() {
            self.next_position += 1;
        }
        self.starts.push(self.next_position);
    }

    /// Adds a text to the last unit.
    fn add(&mut self, text: &str, segmenter: &Segmenter, folder: Folder) {
        let unit = self.units() - 1;
        let start = match self.starts.last() {
            Some(&start) if start < self.next_position => self.next_position + 1,
            _ => self.next_position,
        };
        let folded = fold(text);
        let mut end = start;
        let mut run = String::new();
        chars::scan(text, folder, |token| {
            let slot = if token.char_len == 1 {
                self.chars.char_slot(folder.fold_char(token.first))
            } else {
                run.clear();
                run.extend(text[token.byte_start..token.byte_end].chars().map(|c| folder.fold_char(c)));
                self.chars.run_slot(&run)
            };
            if slot == self.positions.len() {
                self.positions.push(Positions::default());
            }
            let position = start + token.position as u32;
            self.positions[slot].push(position);
            end = position + 1;
        });
        self.next_position = end;
        let mut count = 0;
        segmenter.cut_known(&folded, Cut::Search, |span, known| {
            let word = &folded[span];
            if !is_word(word) {
                return;
            }
            count += 1;
            let slot = self.words.slot(word, known);
            if slot == self.units.len() {
                self.units.push(Units::default());
            }
            self.units[slot].push(unit);
        });
        self.bytes += text.len() + 2 * count;
    }

    fn memory(&self) -> usize {
        // A position takes about a byte and a half; what is filled is half as long again.
        self.bytes + 96 * (self.positions.len() + self.units.len()) + 8 * self.starts.len() + 2 * DIRECT
    }

    fn write(self) -> format::Part {
        let mut writer = PartWriter::new(self.starts, self.next_position);
        let mut list = Vec::new();
        let mut counts = Vec::new();
        for (term, slot) in self.chars.sorted() {
            list.clear();
            self.positions[slot].read(&mut list);
            writer.chars(&term, &list);
        }
        for (term, slot) in self.words.sorted() {
            list.clear();
            counts.clear();
            self.units[slot].read(&mut list, &mut counts);
            writer.words(term, &list, &counts);
        }
        writer.finish()
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
    fn char_slot(&mut self, c: char) -> usize {
        let Some(slot) = self.direct.get_mut(c as usize) else {
            return self.run_slot(c.encode_utf8(&mut [0; 4]));
        };
        if *slot == 0 {
            self.count += 1;
            *slot = self.count;
        }
        *slot as usize - 1
    }

    /// The slot of a run; the number of slots so far for a new one.
    fn run_slot(&mut self, run: &str) -> usize {
        if let Some(&slot) = self.others.get(run) {
            return slot as usize;
        }
        self.others.insert(run.into(), self.count);
        self.count += 1;
        self.count as usize - 1
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

/// Words, numbered in the order they come.
struct WordTable {
    /// The slot of a bundled word by its number, plus one.
    bundled: Vec<u32>,
    /// That of any other.
    others: HashMap<Box<str>, u32, FxBuildHasher>,
    /// By slot.
    words: Vec<Box<str>>,
}

impl WordTable {
    fn new() -> Self {
        WordTable { bundled: vec![0; Dictionary::bundled_numbers()], others: HashMap::default(), words: Vec::new() }
    }

    /// The slot of a word; the number of slots so far for a new one.
    #[inline]
    fn slot(&mut self, word: &str, known: Known) -> usize {
        let next = self.words.len();
        let number = match known {
            Known::Bundled(number) => Some(number),
            // The model may join what is a word of the dictionary, too.
            Known::No | Known::Users => Dictionary::bundled_number(word),
        };
        // Plus one.
        let slot = match number.and_then(|number| self.bundled.get_mut(number as usize)) {
            Some(slot) => slot,
            None => self.others.entry(word.into()).or_default(),
        };
        if *slot > 0 {
            return *slot as usize - 1;
        }
        *slot = next as u32 + 1;
        self.words.push(word.into());
        next
    }

    /// All in the order of their bytes.
    fn sorted(&self) -> Vec<(&str, usize)> {
        let mut words: Vec<(&str, usize)> = self.words.iter().map(AsRef::as_ref).zip(0..).collect();
        words.sort_unstable();
        words
    }
}

/// Ascending positions, as gaps.
#[derive(Default)]
struct Positions {
    last: u32,
    gaps: Vec<u8>,
}

impl Positions {
    #[inline]
    fn push(&mut self, position: u32) {
        push_number(&mut self.gaps, position - self.last);
        self.last = position;
    }

    fn read(&self, into: &mut Vec<u32>) {
        let mut bytes = self.gaps.as_slice();
        let mut position = 0;
        while let Ok(gap) = take_number(&mut bytes) {
            position += gap;
            into.push(position);
        }
    }
}

/// Ascending units with how often each is named: the gap and whether it is more
/// than once, then the count if it is.
#[derive(Default)]
struct Units {
    last: u32,
    /// How often `last` was named; it is not in `bytes` yet.
    count: u32,
    /// The unit before `last`.
    written: u32,
    bytes: Vec<u8>,
}

impl Units {
    #[inline]
    fn push(&mut self, unit: u32) {
        if self.count > 0 && unit == self.last {
            self.count += 1;
            return;
        }
        self.flush();
        self.last = unit;
        self.count = 1;
    }

    fn flush(&mut self) {
        if self.count == 0 {
            return;
        }
        let gap = self.last - self.written;
        push_number(&mut self.bytes, gap << 1 | u32::from(self.count > 1));
        if self.count > 1 {
            push_number(&mut self.bytes, self.count);
        }
        self.written = self.last;
    }

    /// The units, and how often each is named beyond once.
    fn read(&self, units: &mut Vec<u32>, more: &mut Vec<u32>) {
        let mut bytes = self.bytes.as_slice();
        let mut unit = 0;
        while let Ok(number) = take_number(&mut bytes) {
            unit += number >> 1;
            units.push(unit);
            let count = if number & 1 == 1 { take_number(&mut bytes).unwrap_or(1) } else { 1 };
            more.push(count - 1);
        }
        if self.count > 0 {
            units.push(self.last);
            more.push(self.count - 1);
        }
    }
}
