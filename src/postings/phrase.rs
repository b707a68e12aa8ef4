//! Where terms stand one behind the other: by their positions, of the whole segment or
//! of a range of records.

use std::ops::Range;

use super::Place;
use super::codec::{Damaged, Result, SortedList};
use super::common::keep_common;
use super::reader::Postings;

/// A list that is no longer than so many times the positions that are looked for in
/// it is read through: a look-up by the cursor takes as long as reading so many.
const MERGE_BELOW: usize = 16;

impl Postings {
    /// Where the terms stand at these distances from one another: (position, term),
    /// ascending. The positions of the first, counted through the segment; a phrase
    /// with gaps may go over the end of a unit.
    pub(super) fn places(&self, place: Place, terms: &[(usize, String)]) -> Result<Vec<u32>> {
        self.places_in(place, terms, None)
    }

    /// As [`Postings::places`], those `within` a range alone.
    fn places_in(&self, place: Place, terms: &[(usize, String)], within: Option<&Range<u32>>) -> Result<Vec<u32>> {
        let part = self.part(place);
        let Some(&(base, _)) = terms.first() else { return Ok(Vec::new()) };
        let mut lists = Vec::with_capacity(terms.len());
        for (at, (position, term)) in terms.iter().enumerate() {
            let Some(mut list) = part.char_list(term)? else { return Ok(Vec::new()) };
            let offset = (position - base) as u32;
            if let Some(within) = within {
                let shifted = within.start.saturating_add(offset)..within.end.saturating_add(offset);
                (list, _) = list.around(&shifted)?;
            }
            lists.push((offset, at, list));
        }
        lists.sort_by_key(|(_, at, list)| (list.len(), *at));
        let mut lists = lists.into_iter();
        let Some((offset, _, rarest)) = lists.next() else { return Ok(Vec::new()) };
        let (mut positions, mut other) = (Vec::new(), Vec::new());
        rarest.read_all(&mut positions)?;
        positions.retain_mut(|position| {
            let fits = *position >= offset;
            *position = position.wrapping_sub(offset);
            fits && within.is_none_or(|within| within.contains(position))
        });
        for (offset, _, list) in lists {
            if positions.is_empty() {
                break;
            }
            keep(&mut positions, list, offset, &mut other)?;
        }
        Ok(positions)
    }

    /// Where the terms stand at these distances; in the own texts of some records alone, if
    /// these are named, without reading much of the others.
    ///
    /// # Errors
    /// When the postings are damaged.
    pub(crate) fn matches(
        &self,
        place: Place,
        records: Option<&Range<u32>>,
        terms: &[(usize, String)],
    ) -> Result<Matches> {
        let within = match records.filter(|_| place == Place::Text) {
            Some(records) => {
                let starts = self.part(place).starts()?;
                Some(starts.get(records.start as usize)?..starts.get(records.end as usize)?)
            }
            None => None,
        };
        let positions = self.places_in(place, terms, within.as_ref())?;
        let length = terms.first().zip(terms.last()).map_or(0, |(first, last)| last.0 - first.0 + 1);
        Ok(Matches { place, positions, within, length: length as u32, has_gaps: length > terms.len() })
    }

    /// Those that a character, which is a token wherever it stands, stands before, or
    /// behind: where the two together stand. Matches have no gaps.
    ///
    /// # Errors
    /// As [`Postings::matches`].
    pub(crate) fn beside(&self, matches: &Matches, c: char, is_before: bool) -> Result<Matches> {
        let Matches { place, ref within, length, has_gaps, .. } = *matches;
        debug_assert!(!has_gaps);
        let mut positions = matches.positions.clone();
        let list = self.part(place).char_list(c.encode_utf8(&mut [0; 4]))?;
        match list.filter(|_| !positions.is_empty()) {
            None => positions.clear(),
            Some(mut list) => {
                if is_before {
                    // The first of all has nothing before it.
                    positions.retain(|&position| position > 0);
                    positions.iter_mut().for_each(|position| *position -= 1);
                }
                if let Some(within) = within {
                    let end = within.end.saturating_add(length);
                    (list, _) = list.around(&(within.start.saturating_sub(1)..end))?;
                }
                keep(&mut positions, list, if is_before { 0 } else { length }, &mut Vec::new())?;
            }
        }
        Ok(Matches { place, positions, within: within.clone(), length: length + 1, has_gaps })
    }

    /// Hands the ranges of records to `sink` that matches stand in. Ranges may come twice.
    ///
    /// # Errors
    /// As [`Postings::matches`].
    pub(crate) fn records_of(&self, matches: &Matches, sink: impl FnMut(u32, u32)) -> Result<()> {
        let starts = self.part(matches.place).starts()?;
        let (starts, part) = match &matches.within {
            None => (starts, None),
            Some(within) => {
                // With the start of the next unit: a phrase with gaps may reach it.
                let (starts, before) = starts.around(&(within.start..within.end.saturating_add(1)))?;
                (starts, Some(before))
            }
        };
        self.units_of(matches, starts, part, sink)
    }

    /// Hands the ranges of records to `sink` in which the terms stand at these
    /// distances from one another: (position, term), ascending. Ranges may come
    /// twice.
    pub(crate) fn phrase(&self, place: Place, terms: &[(usize, String)], sink: impl FnMut(u32, u32)) -> Result<()> {
        self.records_of(&self.matches(place, None, terms)?, sink)
    }

    /// As [`Postings::records_of`], given the units' starts, or a part of them and how many
    /// there are before it.
    fn units_of(
        &self,
        matches: &Matches,
        starts: SortedList<'_>,
        part: Option<usize>,
        mut sink: impl FnMut(u32, u32),
    ) -> Result<()> {
        let Matches { place, ref positions, has_gaps: may_cross, .. } = *matches;
        // Of adjacent terms none is beyond the position that is free between units.
        let span = matches.length.saturating_sub(1);
        // A range that comes twice does no harm, where it is a record.
        let is_record = place == Place::Text;
        if starts.len() < MERGE_BELOW * positions.len() {
            let units = self.part(place).units.get(&starts, part)?;
            let mut last = None;
            for &position in positions {
                let unit = units.of(position)?;
                if (!is_record && last == Some(unit)) || (may_cross && units.of(position.saturating_add(span))? != unit)
                {
                    continue;
                }
                last = Some(unit);
                let (from, to) = self.range(place, unit)?;
                sink(from, to);
            }
            return Ok(());
        }
        let (mut starts, mut ends) = (starts.clone().cursor(), starts.cursor());
        let mut last = None;
        for &position in positions {
            let Some((unit, _)) = starts.floor(position)? else { return Err(Damaged) };
            if last == Some(unit)
                || (may_cross && ends.floor(position.saturating_add(span))?.map(|(unit, _)| unit) != Some(unit))
            {
                continue;
            }
            last = Some(unit);
            let (from, to) = self.range(place, (part.unwrap_or(0) + unit) as u32)?;
            sink(from, to);
        }
        Ok(())
    }

    /// How many positions in the texts are gone through at least to find a phrase: those
    /// of its rarest term.
    pub(crate) fn rarest(&self, terms: &[(usize, String)]) -> Result<usize> {
        let mut rarest = usize::MAX;
        for (_, term) in terms {
            let list = self.part(Place::Text).char_list(term)?;
            rarest = rarest.min(list.map_or(0, |list| list.len()));
        }
        Ok(if terms.is_empty() { 0 } else { rarest })
    }
}

/// Where a phrase stands.
pub(crate) struct Matches {
    place: Place,
    /// Of its first term.
    positions: Vec<u32>,
    /// The positions that were looked through, if not all.
    within: Option<Range<u32>>,
    /// From its first term to its last, both included.
    length: u32,
    /// Whether that is more than its terms: it may go over the end of a unit, which does
    /// not count.
    has_gaps: bool,
}

/// Keeps the positions that stand `offset` before a member of the list.
fn keep(positions: &mut Vec<u32>, list: SortedList<'_>, offset: u32, scratch: &mut Vec<u32>) -> Result<()> {
    if list.len() < MERGE_BELOW * positions.len() {
        scratch.clear();
        list.read_all(scratch)?;
        keep_common(positions, scratch, offset);
        return Ok(());
    }
    let mut cursor = list.cursor();
    let mut damage = Ok(());
    positions.retain(|&position| {
        cursor.has(position.saturating_add(offset)).unwrap_or_else(|error| {
            damage = Err(error);
            false
        })
    });
    damage
}
