//! Postings of several segments → those of one.

use fst::Streamer as _;
use fst::map::OpBuilder;

use super::Place;
use super::codec::{Damaged, Result};
use super::format::{self, PartWriter};
use super::reader::{Kind, Part, Postings};

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub postings: &'a Postings,
    /// Which of its records stay.
    pub is_alive: &'a dyn Fn(u32) -> bool,
}

/// Where a unit goes: its number, and its first position less the old one (mod 2³²).
#[derive(Clone, Copy)]
struct Move {
    unit: u32,
    shift: u32,
}

/// How the units of one part of one segment move; `None` for those that go.
struct Moves {
    starts: Vec<u32>,
    moves: Vec<Option<Move>>,
}

/// The postings of the records that stay, segment after segment, in parts as
/// [`super::Builder::finish`] gives them.
///
/// # Errors
/// When one is damaged, or all together have 2³² positions or more.
pub(crate) fn merge(sources: &[Source<'_>]) -> Result<Vec<Vec<u8>>> {
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
    let mut parts = Vec::with_capacity(2);
    for place in [Place::Text, Place::Context] {
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
        parts.push(merge_parts(&all, starts, next.saturating_sub(1))?);
    }
    let (Some(context), Some(text)) = (parts.pop(), parts.pop()) else { return Err(Damaged) };
    Ok(format::assemble(text, context, &ranges, &documents))
}

impl Moves {
    /// Appends the new first positions of those that stay to `new_starts`; `next` is
    /// the first position of the next one.
    fn new(part: &Part, stays: impl Fn(u32) -> bool, new_starts: &mut Vec<u32>, next: &mut u32) -> Result<Self> {
        let mut starts = Vec::new();
        part.starts()?.read_all(&mut starts)?;
        let mut moves = Vec::with_capacity(starts.len());
        for (unit, pair) in starts.windows(2).enumerate() {
            if !stays(unit as u32) {
                moves.push(None);
                continue;
            }
            moves.push(Some(Move { unit: new_starts.len() as u32, shift: next.wrapping_sub(pair[0]) }));
            new_starts.push(*next);
            let length = pair[1].checked_sub(pair[0]).ok_or(Damaged)?;
            *next = next.checked_add(length).ok_or(Damaged)?;
        }
        Ok(Moves { starts, moves })
    }
}

fn merge_parts(parts: &[(&Part, Moves)], starts: Vec<u32>, end: u32) -> Result<format::Part> {
    let mut writer = PartWriter::new(starts, end);
    for kind in [Kind::Chars, Kind::Words] {
        let mut union = OpBuilder::new();
        for (part, _) in parts {
            union.push(match kind {
                Kind::Chars => &part.chars,
                Kind::Words => &part.words,
            });
        }
        let mut terms = union.union();
        let (mut old, mut more) = (Vec::new(), Vec::new());
        let (mut merged, mut merged_more) = (Vec::new(), Vec::new());
        while let Some((term, lists)) = terms.next() {
            merged.clear();
            merged_more.clear();
            let mut lists = lists.to_vec();
            lists.sort_unstable_by_key(|list| list.index);
            for list in lists {
                let (part, moves) = &parts[list.index];
                old.clear();
                more.clear();
                match kind {
                    Kind::Chars => {
                        part.read_chars(list.value, &mut old)?;
                        moves.positions(&old, &mut merged);
                    }
                    Kind::Words => {
                        part.word_list(list.value, &mut old, &mut more)?;
                        for (&unit, &more) in old.iter().zip(&more) {
                            if let Some(to) = moves.moves.get(unit as usize).ok_or(Damaged)? {
                                merged.push(to.unit);
                                merged_more.push(more);
                            }
                        }
                    }
                }
            }
            let term = std::str::from_utf8(term).map_err(|_| Damaged)?;
            match kind {
                _ if merged.is_empty() => {}
                Kind::Chars => writer.chars(term, &merged),
                Kind::Words => writer.words(term, &merged, &merged_more),
            }
        }
    }
    Ok(writer.finish())
}

impl Moves {
    fn positions(&self, old: &[u32], into: &mut Vec<u32>) {
        let mut unit = 0;
        for &position in old {
            // A common term stands in the next unit, a rare one far away.
            if self.starts.get(unit + 1).is_some_and(|&next| next <= position) {
                unit += 1;
                if self.starts.get(unit + 1).is_some_and(|&next| next <= position) {
                    unit += self.starts[unit + 1..].partition_point(|&start| start <= position);
                }
            }
            if let Some(Some(to)) = self.moves.get(unit) {
                into.push(position.wrapping_add(to.shift));
            }
        }
    }
}
