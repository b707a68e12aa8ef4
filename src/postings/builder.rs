//! Texts → postings in memory.

use std::collections::HashMap;
use std::io::{Result, Write};

use rustc_hash::FxBuildHasher;
use tantivy::fieldnorm::FieldNormReader;

use crate::analysis::chars;
use crate::analysis::{Cut, Folder, Known, Segmenter, fold, is_word};

use super::format::{FileWriter, PartWriter};
use super::lists::{CharLists, WordLists};

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

    /// Adds the next record: its own texts, its labels, and the pieces that begin with
    /// it. A phrase does not go from one text to the next; a label is found as a whole.
    pub(crate) fn add_record<'a>(
        &mut self,
        texts: impl IntoIterator<Item = &'a str>,
        labels: impl IntoIterator<Item = &'a str>,
        pieces: &[Piece],
    ) {
        let record = self.text.units();
        self.text.begin_unit();
        for text in texts {
            self.text.add(text, &self.segmenter, self.folder);
        }
        labels.into_iter().for_each(|label| self.text.add_label(label));
        for piece in pieces {
            self.context.begin_unit();
            self.context.add(&piece.text, &self.segmenter, self.folder);
            self.ranges.push((record + piece.from, record + piece.to));
        }
    }

    /// Bytes held in memory, about, beside tables of one size.
    pub(crate) fn memory(&self) -> usize {
        self.text.memory() + self.context.memory() + 16 * self.ranges.len()
    }

    /// Writes the postings as a file.
    ///
    /// # Errors
    /// Those of `out`.
    pub(crate) fn finish(self, out: &mut dyn Write) -> Result<()> {
        let mut file = FileWriter::new(out);
        let text = self.text.write(&mut file)?;
        let context = self.context.write(&mut file)?;
        let context = spread(&context, &self.ranges, text.len());
        let round = |lengths: &[u32]| -> Vec<u8> {
            lengths.iter().map(|&length| FieldNormReader::fieldnorm_to_id(length)).collect()
        };
        let words = text.iter().chain(&context).map(|&length| u64::from(length)).sum();
        file.finish([&round(&text), &round(&context)], words, &self.ranges, &self.documents)
    }
}

/// The words that each record has in the pieces over it.
fn spread(lengths: &[u32], ranges: &[(u32, u32)], records: usize) -> Vec<u32> {
    let mut changes = vec![0_i64; records + 1];
    for (&length, &(from, to)) in lengths.iter().zip(ranges) {
        changes[records.min(from as usize)] += i64::from(length);
        changes[records.min(to as usize)] -= i64::from(length);
    }
    let mut words = 0;
    changes.truncate(records);
    let sum = |change| {
        words += change;
        u32::try_from(words).unwrap_or(u32::MAX)
    };
    changes.into_iter().map(sum).collect()
}

/// Characters and words of units that are added one after the other.
struct Part {
    /// The first position of each unit.
    starts: Vec<u32>,
    next_position: u32,
    chars: CharLists,
    words: WordLists,
    labels: HashMap<Box<str>, Vec<u32>, FxBuildHasher>,
    /// Units named by the lists of labels, and bytes of labels.
    label_sizes: (usize, usize),
}

impl Part {
    fn new() -> Self {
        Part {
            starts: Vec::new(),
            next_position: 0,
            chars: CharLists::new(),
            words: WordLists::new(),
            labels: HashMap::default(),
            label_sizes: (0, 0),
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
            let position = start + token.position as u32;
            if token.char_len == 1 {
                self.chars.push_char(folder.fold_char(token.first), position);
            } else {
                run.clear();
                run.extend(text[token.byte_start..token.byte_end].chars().map(|c| folder.fold_char(c)));
                self.chars.push_run(&run, position);
            }
            end = position + 1;
        });
        self.next_position = end;
        segmenter.cut_known(&folded, Cut::Search, |span, known| {
            let word = &folded[span];
            // What is in the dictionary is one.
            if matches!(known, Known::Bundled(_)) || is_word(word) {
                self.words.push(word, known, unit);
            }
        });
    }

    /// Labels the last unit.
    fn add_label(&mut self, label: &str) {
        let unit = self.units() - 1;
        let units = match self.labels.get_mut(label) {
            Some(units) => units,
            None => {
                self.label_sizes.1 += label.len();
                self.labels.entry(label.into()).or_default()
            }
        };
        if units.last() != Some(&unit) {
            units.push(unit);
            self.label_sizes.0 += 1;
        }
    }

    fn memory(&self) -> usize {
        // A label has a list and a place in the table.
        let labels = 6 * self.label_sizes.0 + self.label_sizes.1 + 64 * self.labels.len();
        self.chars.memory() + self.words.memory() + 8 * self.starts.len() + labels
    }

    /// Gives the words of each unit.
    fn write(self, file: &mut FileWriter<'_>) -> Result<Vec<u32>> {
        let mut lengths = vec![0_u32; self.starts.len()];
        let mut writer = PartWriter::new(file, self.starts, self.next_position)?;
        self.chars.write(|term, positions| writer.list(term, positions))?;
        writer.end_lists()?;
        self.words.write(|term, units, more| {
            for (&unit, &more) in units.iter().zip(more) {
                let length = &mut lengths[unit as usize];
                *length = length.saturating_add(1).saturating_add(more);
            }
            writer.words(term, units, more)
        })?;
        writer.end_lists()?;
        let mut labels: Vec<_> = self.labels.into_iter().collect();
        labels.sort_unstable();
        labels.iter().try_for_each(|(label, units)| writer.list(label, units))?;
        writer.end_lists()?;
        Ok(lengths)
    }
}
