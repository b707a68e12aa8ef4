//! Which unit a position stands in.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::codec::{Damaged, Result, SortedList};

/// The units of a part, unpacked when many positions are looked up, and kept when that
/// happens again: a single search has no use for more.
#[derive(Default)]
pub(super) struct Units {
    kept: OnceLock<Table>,
    was_asked: AtomicBool,
}

/// Finds units.
pub(super) enum Finder<'a> {
    Kept(&'a Table),
    /// Goes through the units' first positions; what is asked for ascends.
    Once {
        starts: Vec<u32>,
        /// How many units there are before the first of these.
        before: usize,
        begun: std::cell::Cell<usize>,
    },
}

/// Positions of an entry of the table: some two units.
const STRIDE: usize = 128;

pub(super) struct Table {
    /// The units' first positions, and the one that a further unit would have.
    starts: Vec<u32>,
    /// For each stride of positions, how many units begin at or before its first.
    begun: Vec<u32>,
}

impl Units {
    /// Of all `starts`, or of a part of them, which so many units are `before`, when no
    /// other units are asked for.
    pub(super) fn get(&self, starts: &SortedList<'_>, part: Option<usize>) -> Result<Finder<'_>> {
        if let Some(table) = self.kept.get() {
            return Ok(Finder::Kept(table));
        }
        let mut all = Vec::new();
        starts.read_all(&mut all)?;
        if part.is_some() || !self.was_asked.swap(true, Ordering::Relaxed) {
            return Ok(Finder::Once { starts: all, before: part.unwrap_or(0), begun: std::cell::Cell::new(0) });
        }
        // The table is as long as the last of them says.
        if !all.is_sorted() {
            return Err(Damaged);
        }
        Ok(Finder::Kept(self.kept.get_or_init(|| Table::new(all))))
    }
}

impl Finder<'_> {
    /// The unit that a position stands in; behind the last one, the number of units.
    #[inline]
    pub(super) fn of(&self, position: u32) -> Result<u32> {
        match self {
            Finder::Kept(table) => table.of(position),
            Finder::Once { starts, before, begun } => {
                let mut count = begun.get();
                while count > 0 && starts[count - 1] > position {
                    count -= 1;
                }
                while starts.get(count).is_some_and(|&start| start <= position) {
                    count += 1;
                }
                begun.set(count);
                count.checked_sub(1).map(|unit| (before + unit) as u32).ok_or(Damaged)
            }
        }
    }
}

impl Table {
    fn new(starts: Vec<u32>) -> Self {
        let end = starts.last().copied().unwrap_or_default() as usize;
        let mut begun = Vec::with_capacity(end / STRIDE + 1);
        let mut count = 0;
        for first in (0..=end).step_by(STRIDE) {
            while starts.get(count).is_some_and(|&start| start as usize <= first) {
                count += 1;
            }
            begun.push(count as u32);
        }
        Table { starts, begun }
    }

    #[inline]
    fn of(&self, position: u32) -> Result<u32> {
        let Some(&count) = self.begun.get(position as usize / STRIDE) else {
            return self.starts.len().checked_sub(1).map(|units| units as u32).ok_or(Damaged);
        };
        let mut count = count as usize;
        // Mostly none or one more: counted, not guessed.
        for _ in 0..2 {
            count += usize::from(self.starts.get(count).is_some_and(|&start| start <= position));
        }
        while self.starts.get(count).is_some_and(|&start| start <= position) {
            count += 1;
        }
        count.checked_sub(1).map(|unit| unit as u32).ok_or(Damaged)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encoder::Encoder;
    use super::*;

    proptest! {
        #[test]
        fn every_position_is_of_the_unit_that_begins_before_it(lengths in prop::collection::vec(prop_oneof![1_u32..4, 1_u32..900], 1..400)) {
            let starts: Vec<u32> = [0].into_iter().chain(lengths.iter().scan(0, |sum, length| { *sum += length; Some(*sum) })).collect();
            let mut bytes = Vec::new();
            Encoder::new().sorted(&starts, &mut bytes);
            let list = SortedList::open(&bytes).unwrap();
            let units = Units::default();
            for time in 0..3 {
                let finder = units.get(&list, None).unwrap();
                prop_assert_eq!(matches!(finder, Finder::Kept(_)), time > 0);
                for position in (0..*starts.last().unwrap()).step_by(1 + time) {
                    let expected = starts.partition_point(|&start| start <= position) as u32 - 1;
                    prop_assert_eq!(finder.of(position).unwrap(), expected);
                }
                // A phrase with gaps is looked up at its end too, which is farther on.
                prop_assert_eq!(finder.of(0).unwrap(), 0);
            }
            let (from, to) = (starts[starts.len() / 3], starts[2 * starts.len() / 3]);
            let (part, before) = list.around(&(from..to + 1)).unwrap();
            let finder = Units::default().get(&part, Some(before)).map(|finder| {
                (from..=to).all(|position| finder.of(position) == Ok(starts.partition_point(|&start| start <= position) as u32 - 1))
            });
            prop_assert_eq!(finder, Ok(true), "of a part");
            let once = Units::default();
            for finder in [once.get(&list, None).unwrap(), units.get(&list, None).unwrap()] {
                for position in [*starts.last().unwrap(), u32::MAX] {
                    prop_assert_eq!(finder.of(position).unwrap() as usize, starts.len() - 1, "behind all units");
                }
            }
        }
    }
}
