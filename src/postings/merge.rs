//! Postings of several segments → those of one.

use std::io::{self, Write};
use std::ops::Range;

use fst::Streamer as _;
use fst::map::{IndexedValue, OpBuilder};
use tantivy::directory::OwnedBytes;

use super::Place;
use super::codec::{Damaged, Result};
use super::format::{FileWriter, PartWriter};
use super::reader::{Kind, Part, Postings};

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub postings: &'a Postings,
    /// Which of its records stay.
    pub is_alive: &'a dyn Fn(u32) -> bool,
}

/// How the units of one part of one segment move, and their positions.
#[derive(Default)]
struct Moves {
    units: Runs,
    positions: Runs,
}

/// Neighbours that move together: where nothing was deleted, all of them.
#[derive(Default)]
struct Runs {
    list: Vec<Run>,
    /// The number behind the last one there was.
    end: u32,
}

struct Run {
    /// The first old number.
    from: u32,
    /// The new numbers less the old ones (mod 2³²); `None` for those that go.
    shift: Option<u32>,
}

/// Writes the postings of the records that stay, segment after segment, as
/// [`super::Builder::finish`] would: one list is held in memory at a time.
///
/// # Errors
/// Those of `out`; `InvalidData` when one is damaged, or all together have 2³²
/// positions or more.
pub(crate) fn merge(sources: &[Source<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut ranges = Vec::new();
    let mut records = 0;
    let mut documents = Vec::new();
    let mut kept_pieces = Vec::with_capacity(sources.len());
    for Source { postings, is_alive } in sources {
        let mut moved = Vec::with_capacity(postings.records() as usize);
        for record in 0..postings.records() {
            moved.push(records);
            records += u32::from(is_alive(record));
        }
        for document in postings.documents()? {
            if is_alive(document) {
                documents.extend(moved.get(document as usize));
            }
        }
        let mut kept = Vec::with_capacity(postings.pieces() as usize);
        for piece in 0..postings.pieces() {
            let (from, to) = postings.range(Place::Context, piece)?;
            // Documents go or stay whole.
            let stays = from < to && is_alive(from);
            if stays {
                let new_from = moved[from as usize];
                ranges.push((new_from, new_from + (to - from)));
            }
            kept.push(stays);
        }
        kept_pieces.push(kept);
    }
    let mut file = FileWriter::new(out);
    let mut write = |place: Place| -> io::Result<Vec<u32>> {
        let (mut starts, mut next) = (Vec::new(), 0_u32);
        let mut all = Vec::with_capacity(sources.len());
        for (source, kept) in sources.iter().zip(&kept_pieces) {
            let stays = |unit: u32| match place {
                Place::Text => (source.is_alive)(unit),
                Place::Context => kept[unit as usize],
            };
            let part = source.postings.part(place);
            all.push((part, Moves::new(part, stays, &mut starts, &mut next)?));
        }
        let mut writer = PartWriter::new(&mut file, starts, next.saturating_sub(1))?;
        merge_lists(Kind::Chars, &all, &mut writer)?;
        writer.end_lists()?;
        merge_words(&all, &mut writer)?;
        writer.end_lists()?;
        merge_lists(Kind::Labels, &all, &mut writer)?;
        writer.finish()
    };
    let (text_lengths, context_lengths) = (write(Place::Text)?, write(Place::Context)?);
    file.finish(&text_lengths, &context_lengths, &ranges, &documents)
}

impl Moves {
    /// Appends the new first positions of those that stay to `new_starts`; `next` is
    /// the first position of the next one.
    fn new(part: &Part, stays: impl Fn(u32) -> bool, new_starts: &mut Vec<u32>, next: &mut u32) -> Result<Self> {
        let mut starts = Vec::new();
        part.starts()?.read_all(&mut starts)?;
        let mut moves = Moves::default();
        for (unit, pair) in (0..).zip(starts.windows(2)) {
            let length = pair[1].checked_sub(pair[0]).ok_or(Damaged)?;
            let stays = stays(unit);
            let to = |new: u32, old: u32| stays.then(|| new.wrapping_sub(old));
            moves.units.push(unit..unit + 1, to(new_starts.len() as u32, unit));
            moves.positions.push(pair[0]..pair[1], to(*next, pair[0]));
            if stays {
                new_starts.push(*next);
                *next = next.checked_add(length).ok_or(Damaged)?;
            }
        }
        Ok(moves)
    }
}

impl Runs {
    /// Adds the next numbers.
    fn push(&mut self, numbers: Range<u32>, shift: Option<u32>) {
        if self.list.last().is_none_or(|last| last.shift != shift) {
            self.list.push(Run { from: numbers.start, shift });
        }
        self.end = numbers.end;
    }

    /// Hands what stays of an ascending list to `sink`, in order: where it stands in the
    /// list, and what to add to it (mod 2³²).
    ///
    /// # Errors
    /// When the list does not ascend or goes beyond the numbers there were.
    fn each(&self, list: &[u32], mut sink: impl FnMut(Range<usize>, u32)) -> Result<()> {
        // All that follows relies on it.
        let is_whole = list.is_sorted_by(|a, b| a < b) && list.last().is_none_or(|&last| last < self.end);
        if !is_whole {
            return Err(Damaged);
        }
        let mut at = 0;
        while let Some(&first) = list.get(at) {
            let next = self.list.partition_point(|run| run.from <= first);
            let end = match self.list.get(next) {
                Some(run) => at + list[at..].partition_point(|&number| number < run.from),
                None => list.len(),
            };
            if let Some(shift) = next.checked_sub(1).and_then(|run| self.list[run].shift) {
                sink(at..end, shift);
            }
            at = end;
        }
        Ok(())
    }
}

/// A part of each segment, and how its units move.
type Parts<'a> = [(&'a Part, Moves)];

/// Merges the characters, whose lists are of positions, or the labels, of units.
fn merge_lists(kind: Kind, parts: &Parts<'_>, writer: &mut PartWriter<'_, '_>) -> io::Result<()> {
    let (mut old, mut merged) = (Vec::new(), Vec::new());
    for_each_term(parts.iter().map(|(part, _)| part.of_kind(kind).0), |term, lists| {
        merged.clear();
        for list in lists {
            let (part, moves) = &parts[list.index];
            old.clear();
            part.read_list(kind, list.value, &mut old)?;
            let moves = if kind == Kind::Chars { &moves.positions } else { &moves.units };
            moves.each(&old, |places, shift| {
                merged.extend(old[places].iter().map(|number| number.wrapping_add(shift)));
            })?;
        }
        if merged.is_empty() { Ok(()) } else { writer.list(term, &merged) }
    })
}

fn merge_words(parts: &Parts<'_>, writer: &mut PartWriter<'_, '_>) -> io::Result<()> {
    let (mut old, mut old_more) = (Vec::new(), Vec::new());
    let (mut merged, mut more) = (Vec::new(), Vec::new());
    for_each_term(parts.iter().map(|(part, _)| part.of_kind(Kind::Words).0), |term, lists| {
        merged.clear();
        more.clear();
        for list in lists {
            let (part, moves) = &parts[list.index];
            old.clear();
            old_more.clear();
            part.word_list(list.value, &mut old, &mut old_more)?;
            if old_more.len() != old.len() {
                return Err(Damaged.into());
            }
            moves.units.each(&old, |places, shift| {
                merged.extend(old[places.clone()].iter().map(|unit| unit.wrapping_add(shift)));
                more.extend_from_slice(&old_more[places]);
            })?;
        }
        if merged.is_empty() { Ok(()) } else { writer.words(term, &merged, &more) }
    })
}

/// Hands each term of the dictionaries to `sink`, in the order of their bytes, with its
/// place in each that has it, in the dictionaries' order.
fn for_each_term<'a>(
    dictionaries: impl Iterator<Item = &'a fst::Map<OwnedBytes>>,
    mut sink: impl FnMut(&str, &[IndexedValue]) -> io::Result<()>,
) -> io::Result<()> {
    let mut union = OpBuilder::new();
    dictionaries.for_each(|dictionary| union.push(dictionary));
    let mut terms = union.union();
    while let Some((term, lists)) = terms.next() {
        let mut lists = lists.to_vec();
        lists.sort_unstable_by_key(|list| list.index);
        sink(std::str::from_utf8(term).map_err(|_| Damaged)?, &lists)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_move_and_what_does_not_ascend_is_damaged() {
        let mut runs = Runs::default();
        for (numbers, shift) in [(0..10, Some(5)), (10..20, Some(5)), (20..60, None), (60..90, Some(2))] {
            runs.push(numbers, shift);
        }
        let moved = |list: &[u32]| {
            let mut moved = Vec::new();
            runs.each(list, |places, shift| moved.extend(list[places].iter().map(|number| number + shift)))?;
            Ok(moved)
        };
        assert_eq!(runs.list.len(), 3, "neighbours that move alike are one run");
        assert_eq!(moved(&[0, 11, 19, 20, 59, 60, 89]), Ok(vec![5, 16, 24, 62, 91]));
        assert_eq!(moved(&[]), Ok(Vec::new()));
        for damaged in [&[1, 70, 30, 65, 4][..], &[3, 3], &[5, 90], &[90]] {
            assert_eq!(moved(damaged), Err(Damaged), "{damaged:?}");
        }
    }
}
