//! Postings of several segments → those of one.

use std::io::{self, Write};
use std::ops::Range;

use fst::Streamer as _;
use fst::map::{IndexedValue, OpBuilder};
use tantivy::directory::OwnedBytes;

use crate::workers::in_order;

use super::Place;
use super::codec::{Damaged, Result, take};
use super::encoder::{PlainEncoder, SortedEncoder};
use super::format::{FileWriter, PartWriter};
use super::reader::{Kind, Part, Postings};

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub postings: &'a Postings,
    /// Which of its records stay.
    pub is_alive: &'a (dyn Fn(u32) -> bool + Sync),
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

/// Numbers that a thread merges at a time; in tests so few that even they have several.
const BATCH: usize = if cfg!(test) { 64 } else { 1 << 18 };

/// Writes the postings of the records that stay, segment after segment, as
/// [`super::Builder::finish`] would, with the help of so many `threads`. No list of
/// characters or labels is unpacked as a whole; of those that are packed, some for each
/// thread wait in memory to be written.
///
/// # Errors
/// Those of `out`; `InvalidData` when one is damaged, or all together have 2³²
/// positions or more.
pub(crate) fn merge(sources: &[Source<'_>], threads: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut ranges = Vec::new();
    let mut records = 0;
    let mut documents = Vec::new();
    let mut norms = [Vec::new(), Vec::new()];
    let mut kept_pieces = Vec::with_capacity(sources.len());
    for Source { postings, is_alive } in sources {
        let mut moved = Vec::with_capacity(postings.records() as usize);
        for record in 0..postings.records() {
            moved.push(records);
            if is_alive(record) {
                records += 1;
                norms.iter_mut().zip(postings.norms(record)).for_each(|(norms, norm)| norms.push(norm));
            }
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
    let mut words = 0_u64;
    for place in [Place::Text, Place::Context] {
        let (mut starts, mut next) = (Vec::new(), 0_u32);
        let mut parts = Vec::with_capacity(sources.len());
        for (source, kept) in sources.iter().zip(&kept_pieces) {
            let stays = |unit: u32| match place {
                Place::Text => (source.is_alive)(unit),
                Place::Context => kept[unit as usize],
            };
            let postings = source.postings;
            let moves = Moves::new(postings.part(place), stays, &mut starts, &mut next)?;
            parts.push(Moving { postings, part: postings.part(place), moves });
        }
        let mut writer = PartWriter::new(&mut file, starts, next.saturating_sub(1))?;
        for kind in [Kind::Chars, Kind::Words, Kind::Labels] {
            let merging = Merging { place, kind, parts: &parts };
            words = words.saturating_add(merging.write(threads, &mut writer)?);
            writer.end_lists()?;
        }
    }
    file.finish([&norms[0], &norms[1]], words, &ranges, &documents)
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

    fn mover(&self) -> Mover<'_> {
        Mover { runs: self, last: None }
    }
}

/// Moves the numbers of an ascending list, some at a time.
struct Mover<'a> {
    runs: &'a Runs,
    /// The last number of those before.
    last: Option<u32>,
}

impl Mover<'_> {
    /// Hands what stays of the list's next numbers to `sink`, in order: which of them,
    /// and what to add to each (mod 2³²).
    ///
    /// # Errors
    /// When the list does not ascend or goes beyond the numbers there were.
    fn each(&mut self, numbers: &[u32], mut sink: impl FnMut(Range<usize>, u32)) -> Result<()> {
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else { return Ok(()) };
        // All that follows relies on it. Without a jump, so that it is done by vectors.
        let ascends = numbers.windows(2).fold(true, |ascends, pair| ascends & (pair[0] < pair[1]));
        if !ascends || self.last.is_some_and(|before| before >= first) || last >= self.runs.end {
            return Err(Damaged);
        }
        self.last = Some(last);
        let runs = &self.runs.list;
        let mut next = runs.partition_point(|run| run.from <= first);
        let mut at = 0;
        while at < numbers.len() {
            let end = match runs.get(next) {
                Some(run) if run.from <= last => at + numbers[at..].partition_point(|&number| number < run.from),
                _ => numbers.len(),
            };
            if let Some(shift) = next.checked_sub(1).and_then(|run| runs[run].shift) {
                sink(at..end, shift);
            }
            at = end;
            // Of many runs most may lie between two numbers.
            if let Some(&number) = numbers.get(at) {
                next += runs[next..].partition_point(|run| run.from <= number);
            }
        }
        Ok(())
    }
}

/// A part of a segment, and how its units move.
struct Moving<'a> {
    postings: &'a Postings,
    part: &'a Part,
    moves: Moves,
}

/// Lists of one kind that become those of one segment.
struct Merging<'a> {
    place: Place,
    kind: Kind,
    parts: &'a [Moving<'a>],
}

/// Some terms, and where each part has their lists.
#[derive(Default)]
struct Batch {
    terms: Vec<(String, Vec<IndexedValue>)>,
    numbers: usize,
}

/// Lists as they are written, one behind the other.
#[derive(Default)]
struct Lists {
    bytes: Vec<u8>,
    /// Each term and the bytes of its list; those without members are left out.
    terms: Vec<(String, usize)>,
    /// Words of all records.
    words: u64,
}

/// What lists are written with.
struct Encoders {
    /// Of positions or units.
    sorted: SortedEncoder,
    more: PlainEncoder,
    /// Units that are read, and how often each has the word beyond once.
    old: Vec<u32>,
    old_more: Vec<u32>,
}

impl Merging<'_> {
    /// Gives how many words all records have; of a kind that is no words, none.
    fn write(&self, threads: usize, writer: &mut PartWriter<'_, '_>) -> io::Result<u64> {
        let mut words = 0_u64;
        let sink = |lists: Result<Lists>| {
            let lists = lists?;
            words = words.saturating_add(lists.words);
            let mut bytes = lists.bytes.as_slice();
            lists.terms.iter().try_for_each(|(term, length)| writer.encoded(term, take(&mut bytes, *length)?))
        };
        in_order(
            threads,
            |batch| self.merge(batch),
            sink,
            |push| {
                let mut batch = Batch::default();
                let dictionaries = self.parts.iter().map(|moving| moving.part.of_kind(self.kind).0);
                for_each_term(dictionaries, |term, lists| {
                    for list in lists {
                        batch.numbers += self.parts[list.index].part.list(self.kind, list.value)?.len();
                    }
                    batch.terms.push((term.to_owned(), lists.to_vec()));
                    // A list of a few numbers is some work too.
                    if batch.numbers + 32 * batch.terms.len() > BATCH {
                        push(std::mem::take(&mut batch))
                    } else {
                        Ok(())
                    }
                })?;
                push(batch)
            },
        )?;
        Ok(words)
    }

    fn merge(&self, batch: Batch) -> Result<Lists> {
        let mut merged = Lists::default();
        let mut encoders =
            Encoders { sorted: SortedEncoder::new(), more: PlainEncoder::new(), old: Vec::new(), old_more: Vec::new() };
        for (term, lists) in batch.terms {
            for list in lists {
                let moving = &self.parts[list.index];
                match self.kind {
                    Kind::Words => {
                        let words = self.add_word(moving, list.value, &mut encoders)?;
                        merged.words = merged.words.saturating_add(words);
                    }
                    Kind::Chars => self.add_list(moving, &moving.moves.positions, list.value, &mut encoders)?,
                    Kind::Labels => self.add_list(moving, &moving.moves.units, list.value, &mut encoders)?,
                }
            }
            if !encoders.sorted.is_empty() {
                let before = merged.bytes.len();
                encoders.sorted.finish(&mut merged.bytes);
                if self.kind == Kind::Words {
                    encoders.more.finish(&mut merged.bytes);
                }
                merged.terms.push((term, merged.bytes.len() - before));
            }
        }
        Ok(merged)
    }

    fn add_list(&self, moving: &Moving<'_>, runs: &Runs, at: u64, encoders: &mut Encoders) -> Result<()> {
        let mut mover = runs.mover();
        let add = |numbers: &[u32]| mover.each(numbers, |places, shift| encoders.sorted.push(&numbers[places], shift));
        moving.part.list(self.kind, at)?.each_block(add).map(|_| ())
    }

    /// Gives how often all records have it: a piece's is that of each record below it.
    fn add_word(&self, moving: &Moving<'_>, at: u64, encoders: &mut Encoders) -> Result<u64> {
        let Encoders { sorted, more, old, old_more } = encoders;
        old.clear();
        old_more.clear();
        moving.part.word_list(at, old, old_more)?;
        if old_more.len() != old.len() {
            return Err(Damaged);
        }
        let mut words = 0_u64;
        let mut outcome = Ok(());
        moving.moves.units.mover().each(old, |places, shift| {
            sorted.push(&old[places.clone()], shift);
            more.push(&old_more[places.clone()]);
            for (&unit, &more) in old[places.clone()].iter().zip(&old_more[places]) {
                match moving.postings.range(self.place, unit) {
                    Ok((from, to)) => {
                        words = words.saturating_add(u64::from(more.saturating_add(1)) * u64::from(to - from));
                    }
                    Err(damaged) => outcome = Err(damaged),
                }
            }
        })?;
        outcome.map(|()| words)
    }
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
        // All at once, and in parts.
        let moved_by = |list: &[u32], size: usize| {
            let (mut moved, mut mover) = (Vec::new(), runs.mover());
            for some in list.chunks(size) {
                mover.each(some, |places, shift| moved.extend(some[places].iter().map(|number| number + shift)))?;
            }
            Ok(moved)
        };
        let moved = |list: &[u32]| {
            let moved = moved_by(list, 90);
            assert_eq!(moved_by(list, 2), moved);
            moved
        };
        assert_eq!(runs.list.len(), 3, "neighbours that move alike are one run");
        assert_eq!(moved(&[0, 11, 19, 20, 59, 60, 89]), Ok(vec![5, 16, 24, 62, 91]));
        assert_eq!(moved(&[]), Ok(Vec::new()));
        for damaged in [&[1, 70, 30, 65, 4][..], &[3, 3], &[1, 5, 5, 9], &[4, 8, 7, 9], &[5, 90], &[90]] {
            assert_eq!(moved(damaged), Err(Damaged), "{damaged:?}");
        }
    }
}
