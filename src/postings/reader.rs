//! Postings in a file, read in place.

use std::ops::ControlFlow;

use fst::{IntoStreamer as _, Map, Streamer as _};
use tantivy::directory::OwnedBytes;
use tantivy::fieldnorm::FieldNormReader;

use super::Place;
use super::codec::{Damaged, Result, SortedList, read_plain};
use super::format::{BLOCKS, MAGIC, NUMBERS, PART_BLOCKS};
use super::units::Units;
use super::word_list::WordList;

/// What a dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Chars,
    Words,
    Labels,
}

/// The postings of one segment.
pub(crate) struct Postings {
    text: Part,
    context: Part,
    ranges: OwnedBytes,
    documents: OwnedBytes,
    lengths: [OwnedBytes; 2],
    records: u32,
    pieces: u32,
    words: u64,
}

pub(super) struct Part {
    starts: OwnedBytes,
    pub(super) units: Units,
    chars: Map<OwnedBytes>,
    char_lists: OwnedBytes,
    words: Map<OwnedBytes>,
    word_lists: OwnedBytes,
    labels: Map<OwnedBytes>,
    label_lists: OwnedBytes,
}

impl Postings {
    /// Opens what [`super::Builder::finish`] wrote.
    pub(crate) fn open(file: OwnedBytes) -> Result<Self> {
        let size = file.len();
        let table_at = size.checked_sub(8 * (BLOCKS + NUMBERS) + MAGIC.len()).ok_or(Damaged)?;
        if file.get(size - MAGIC.len()..) != Some(MAGIC) {
            return Err(Damaged);
        }
        let number = |at: usize| -> u64 {
            let at = table_at + 8 * at;
            file.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(u64::MAX, u64::from_le_bytes)
        };
        let mut blocks = Vec::with_capacity(BLOCKS);
        let mut from = 0;
        for at in 0..BLOCKS {
            let to = usize::try_from(number(at)).map_err(|_| Damaged)?;
            if to < from || to > table_at {
                return Err(Damaged);
            }
            blocks.push(file.slice(from..to));
            from = to;
        }
        let small = |at: usize| u32::try_from(number(BLOCKS + at)).map_err(|_| Damaged);
        let mut blocks = blocks.into_iter();
        let mut next = || blocks.next().ok_or(Damaged);
        let mut part = || -> Result<Part> {
            const { assert!(PART_BLOCKS == 7) };
            let (starts, char_lists, chars) = (next()?, next()?, dictionary(next()?)?);
            let (word_lists, words) = (next()?, dictionary(next()?)?);
            let (label_lists, labels) = (next()?, dictionary(next()?)?);
            let units = Units::default();
            Ok(Part { starts, units, chars, char_lists, words, word_lists, labels, label_lists })
        };
        let (text, context) = (part()?, part()?);
        let postings = Postings {
            text,
            context,
            ranges: next()?,
            documents: next()?,
            lengths: [next()?, next()?],
            records: small(0)?,
            pieces: small(1)?,
            words: number(BLOCKS + 2),
        };
        let (records, pieces) = (postings.records as usize, postings.pieces as usize);
        let agrees = postings.lengths.iter().all(|lengths| lengths.len() == records)
            && postings.ranges.len() == 8 * pieces
            && postings.text.count()? == records
            && postings.context.count()? == pieces;
        if agrees { Ok(postings) } else { Err(Damaged) }
    }

    pub(super) fn part(&self, place: Place) -> &Part {
        match place {
            Place::Text => &self.text,
            Place::Context => &self.context,
        }
    }

    /// Records of the segment.
    pub(crate) fn records(&self) -> u32 {
        self.records
    }

    /// The first record of each document, ascending.
    pub(crate) fn documents(&self) -> Result<Vec<u32>> {
        let mut documents = Vec::new();
        SortedList::open(&self.documents)?.read_all(&mut documents)?;
        if documents.last().is_some_and(|&last| last >= self.records) {
            return Err(Damaged);
        }
        Ok(documents)
    }

    /// Titles and headings.
    pub(super) fn pieces(&self) -> u32 {
        self.pieces
    }

    /// Words of all records, those of title and headings counted with each.
    pub(crate) fn total_words(&self) -> u64 {
        self.words
    }

    /// Words of a record, with those of title and headings; either count is rounded
    /// as tantivy rounds it.
    #[inline]
    pub(crate) fn words_of(&self, record: u32) -> u32 {
        let [text, context] = self.norms(record).map(FieldNormReader::id_to_fieldnorm);
        text + context
    }

    /// The words of a record's text, and those of title and headings over it, as they
    /// are rounded.
    pub(crate) fn norms(&self, record: u32) -> [u8; 2] {
        [0, 1].map(|at: usize| self.lengths[at].get(record as usize).copied().unwrap_or_default())
    }

    /// The records that a unit of `place` stands over, the last one excluded.
    pub(crate) fn range(&self, place: Place, unit: u32) -> Result<(u32, u32)> {
        if place == Place::Text {
            return if unit < self.records { Ok((unit, unit + 1)) } else { Err(Damaged) };
        }
        let at = 8 * unit as usize;
        let number = |at: usize| -> Result<u32> {
            let bytes = self.ranges.get(at..at + 4).ok_or(Damaged)?;
            Ok(u32::from_le_bytes(bytes.try_into().map_err(|_| Damaged)?))
        };
        let (from, to) = (number(at)?, number(at + 4)?);
        if from <= to && to <= self.records { Ok((from, to)) } else { Err(Damaged) }
    }

    /// Hands the ranges of records with a word to `sink`, and how often the unit
    /// that stands over them has it.
    pub(crate) fn word(&self, place: Place, word: &str, mut sink: impl FnMut(u32, u32, u32)) -> Result<()> {
        let part = self.part(place);
        let Some(at) = part.words.get(word) else { return Ok(()) };
        let (mut units, mut more) = (Vec::new(), Vec::new());
        part.word_list(at, &mut units, &mut more)?;
        for (&unit, more) in units.iter().zip(&more) {
            let (from, to) = self.range(place, unit)?;
            sink(from, to, more.saturating_add(1));
        }
        Ok(())
    }

    /// The same without how often.
    pub(crate) fn with_word(&self, place: Place, word: &str, mut sink: impl FnMut(u32, u32)) -> Result<()> {
        let part = self.part(place);
        let Some(at) = part.words.get(word) else { return Ok(()) };
        let units = part.list(Kind::Words, at)?;
        units.each_block(|units| {
            units.iter().try_for_each(|&unit| self.range(place, unit).map(|(from, to)| sink(from, to)))
        })?;
        Ok(())
    }

    /// The records whose own text has a word; `None` when none has.
    pub(crate) fn word_list(&self, word: &str) -> Result<Option<WordList<'_>>> {
        let Some(at) = self.text.words.get(word) else { return Ok(None) };
        WordList::open(behind(&self.text.word_lists, at)?, self.records).map(Some)
    }

    /// Appends the records with a label.
    pub(crate) fn labelled(&self, label: &str, records: &mut Vec<u32>) -> Result<()> {
        let Some(at) = self.text.labels.get(label) else { return Ok(()) };
        self.text.read_list(Kind::Labels, at, records)?;
        if records.iter().all(|&record| record < self.records) { Ok(()) } else { Err(Damaged) }
    }

    /// Hands the terms of a dictionary that begin with `prefix`, ascending, to
    /// `sink`, and how many units have each (a character: how often it stands), until
    /// it breaks.
    pub(crate) fn terms(
        &self,
        place: Place,
        kind: Kind,
        prefix: &str,
        mut sink: impl FnMut(&str, u32) -> ControlFlow<()>,
    ) -> Result<()> {
        let part = self.part(place);
        let (dictionary, lists) = part.of_kind(kind);
        let mut stream = dictionary.range().ge(prefix).into_stream();
        while let Some((term, at)) = stream.next() {
            if !term.starts_with(prefix.as_bytes()) {
                break;
            }
            let term = std::str::from_utf8(term).map_err(|_| Damaged)?;
            let count = SortedList::open(behind(lists, at)?)?.len() as u32;
            if sink(term, count).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Hands every posting to `sink`: the term, the unit, and for a character its
    /// position from the unit's beginning, for a word how often the unit has it, for a
    /// label 0.
    pub(crate) fn visit(&self, place: Place, kind: Kind, mut sink: impl FnMut(&[u8], u32, u32)) -> Result<()> {
        let part = self.part(place);
        let (mut list, mut more) = (Vec::new(), Vec::new());
        let mut starts = Vec::new();
        part.starts()?.read_all(&mut starts)?;
        let mut stream = part.of_kind(kind).0.stream();
        while let Some((term, at)) = stream.next() {
            list.clear();
            more.clear();
            if kind == Kind::Words {
                part.word_list(at, &mut list, &mut more)?;
                list.iter().zip(&more).for_each(|(&unit, &more)| sink(term, unit, more.saturating_add(1)));
                continue;
            }
            part.read_list(kind, at, &mut list)?;
            if kind == Kind::Labels {
                list.iter().for_each(|&unit| sink(term, unit, 0));
                continue;
            }
            let mut unit = 0;
            for &position in &list {
                while starts.get(unit + 1).is_some_and(|&next| next <= position) {
                    unit += 1;
                }
                let start = starts.get(unit).copied().unwrap_or_default();
                sink(term, unit as u32, position.checked_sub(start).ok_or(Damaged)?);
            }
        }
        Ok(())
    }

    /// What each block takes, in bytes.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, u64)> {
        let bytes = |blocks: &[&OwnedBytes]| blocks.iter().map(|block| block.len() as u64).sum::<u64>();
        let (text, context) = (&self.text, &self.context);
        let dictionary = |map: &Map<OwnedBytes>| map.as_fst().as_bytes().len() as u64;
        vec![
            ("chars", dictionary(&text.chars) + bytes(&[&text.starts, &text.char_lists])),
            ("labels", dictionary(&text.labels) + bytes(&[&text.label_lists])),
            ("words", dictionary(&text.words) + bytes(&[&text.word_lists, &self.lengths[0], &self.lengths[1]])),
            (
                "context",
                dictionary(&context.chars)
                    + dictionary(&context.words)
                    + bytes(&[
                        &context.starts,
                        &context.char_lists,
                        &context.word_lists,
                        &self.ranges,
                        &self.documents,
                    ]),
            ),
        ]
    }
}

impl Part {
    fn count(&self) -> Result<usize> {
        self.starts()?.len().checked_sub(1).ok_or(Damaged)
    }

    /// The units' first positions, and the one a further unit would have.
    pub(super) fn starts(&self) -> Result<SortedList<'_>> {
        SortedList::open(&self.starts)
    }

    pub(super) fn char_list(&self, term: &str) -> Result<Option<SortedList<'_>>> {
        let Some(at) = self.chars.get(term) else { return Ok(None) };
        Ok(Some(SortedList::open(behind(&self.char_lists, at)?)?))
    }

    /// The dictionary of a kind, and the lists that it tells the places of.
    pub(super) fn of_kind(&self, kind: Kind) -> (&Map<OwnedBytes>, &OwnedBytes) {
        match kind {
            Kind::Chars => (&self.chars, &self.char_lists),
            Kind::Words => (&self.words, &self.word_lists),
            Kind::Labels => (&self.labels, &self.label_lists),
        }
    }

    /// The list of a kind that begins at `at`: the positions of a character, the units
    /// with a word or label.
    pub(super) fn list(&self, kind: Kind, at: u64) -> Result<SortedList<'_>> {
        SortedList::open(behind(self.of_kind(kind).1, at)?)
    }

    /// Appends such a list.
    pub(super) fn read_list(&self, kind: Kind, at: u64, into: &mut Vec<u32>) -> Result<()> {
        self.list(kind, at)?.read_all(into).map(|_| ())
    }

    /// Appends the units of the list that begins at `at`, and how often each has the
    /// word beyond once.
    pub(super) fn word_list(&self, at: u64, units: &mut Vec<u32>, more: &mut Vec<u32>) -> Result<()> {
        let list = SortedList::open(behind(&self.word_lists, at)?)?;
        let rest = list.read_all(units)?;
        read_plain(rest, list.len(), more)
    }
}

fn behind(lists: &OwnedBytes, at: u64) -> Result<&[u8]> {
    lists.get(usize::try_from(at).map_err(|_| Damaged)?..).ok_or(Damaged)
}

fn dictionary(bytes: OwnedBytes) -> Result<Map<OwnedBytes>> {
    Map::new(bytes).map_err(|_| Damaged)
}
