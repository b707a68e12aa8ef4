//! Which records hold occurrences of two kinds close together.

use super::Place;
use super::codec::{Damaged, Result};
use super::reader::Postings;

/// Occurrences in the texts of a segment: where they begin, and the positions behind
/// them. For what follows what, nothing else of them counts.
pub(crate) struct Spans {
    starts: Positions,
    ends: Positions,
}

/// Ascending positions: a list, or, of so many that it would be longer, a bit for each
/// position there is.
enum Positions {
    Few(Vec<u32>),
    Many(Vec<u64>),
}

/// Lists of fewer positions are sorted.
const MANY: usize = 1 << 12;

impl Positions {
    /// Those of several lists, each with what is to be added to it.
    fn new(lists: &[(Vec<u32>, u32)], add: impl Fn(u32) -> u32) -> Self {
        let all = || lists.iter().flat_map(|(list, length)| list.iter().map(|&at| at.saturating_add(add(*length))));
        let count: usize = lists.iter().map(|(list, _)| list.len()).sum();
        let words = all().max().map_or(0, |last| last as usize / 64 + 1);
        if count >= MANY && count >= words {
            let mut bits = vec![0_u64; words];
            all().for_each(|at| bits[at as usize / 64] |= 1 << (at % 64));
            return Positions::Many(bits);
        }
        let mut few: Vec<u32> = all().collect();
        few.sort_unstable();
        few.dedup();
        Positions::Few(few)
    }

    /// The first that is not below `from`. `seen` is where the last one was found in a
    /// list; what is asked for ascends.
    #[inline]
    fn next(&self, from: u32, seen: &mut usize) -> Option<u32> {
        match self {
            Positions::Few(list) => {
                // What is asked for next stands near: doubling steps, then halving.
                let mut step = 1;
                while list.get(*seen + step).is_some_and(|&at| at < from) {
                    *seen += step;
                    step *= 2;
                }
                let end = (*seen + step + 1).min(list.len());
                *seen += list[*seen..end].partition_point(|&at| at < from);
                list.get(*seen).copied()
            }
            Positions::Many(bits) => {
                let mut at = from as usize / 64;
                let mut word = bits.get(at)? & (u64::MAX << (from % 64));
                while word == 0 {
                    at += 1;
                    word = *bits.get(at)?;
                }
                Some(at as u32 * 64 + word.trailing_zeros())
            }
        }
    }
}

impl Postings {
    /// Where any of some phrases stands in the texts; each is adjacent terms with their
    /// positions.
    pub(crate) fn spans<'a>(&self, phrases: impl Iterator<Item = &'a [(usize, String)]>) -> Result<Spans> {
        let mut lists = Vec::new();
        for terms in phrases {
            let (Some(first), Some(last)) = (terms.first(), terms.last()) else { continue };
            lists.push((self.places(Place::Text, terms)?, (last.0 - first.0) as u32 + 1));
        }
        Ok(Spans { starts: Positions::new(&lists, |_| 0), ends: Positions::new(&lists, |length| length) })
    }

    /// Hands the records to `sink` whose own text has an occurrence of `first` and, behind
    /// it with at most `distance` positions between, one of `second`; ascending.
    pub(crate) fn followed(
        &self,
        first: &Spans,
        second: &Spans,
        distance: u32,
        mut sink: impl FnMut(u32),
    ) -> Result<()> {
        let mut starts = Vec::new();
        self.part(Place::Text).starts()?.read_all(&mut starts)?;
        let (mut first_seen, mut second_seen) = (0, 0);
        // The records that begin before the occurrence of `first` ends.
        let mut begun = 0;
        let mut from = 0;
        while let Some(end) = first.ends.next(from, &mut first_seen)
            && let Some(start) = second.starts.next(end, &mut second_seen)
        {
            while starts.get(begun).is_some_and(|&start| start < end) {
                begun += 1;
            }
            let record = begun.checked_sub(1).ok_or(Damaged)?;
            let next_record = *starts.get(begun).ok_or(Damaged)?;
            let is_near = start < next_record && start - end <= distance;
            if is_near {
                sink(record as u32);
            }
            // What ends farther before the next of `second` is followed by none.
            let passed = if is_near { next_record } else { end };
            let next = passed.checked_add(1).ok_or(Damaged)?;
            from = if is_near { next } else { next.max(start.saturating_sub(distance)) };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_of_few_and_of_many(list in prop::collection::btree_set(0_u32..600, 1..80), asked in prop::collection::btree_set(0_u32..700, 0..60)) {
            let list: Vec<u32> = list.into_iter().collect();
            let mut bits = vec![0_u64; 10];
            list.iter().for_each(|&at| bits[at as usize / 64] |= 1 << (at % 64));
            let (few, many) = (Positions::Few(list.clone()), Positions::Many(bits));
            let (mut seen, mut unused) = (0, 0);
            for from in asked {
                let expected = list.iter().copied().find(|&at| at >= from);
                prop_assert_eq!(few.next(from, &mut seen), expected);
                prop_assert_eq!(many.next(from, &mut unused), expected);
            }
        }
    }

    #[test]
    fn few_and_many_are_told_by_their_number() {
        let dense: Vec<u32> = (0..MANY as u32).collect();
        assert!(
            matches!(Positions::new(&[(dense, 1)], |length| length), Positions::Many(bits) if bits.len() == MANY / 64 + 1)
        );
        let sparse: Vec<u32> = (0..MANY as u32).map(|n| n * 65).collect();
        assert!(matches!(Positions::new(&[(sparse, 1)], |_| 0), Positions::Few(list) if list.len() == MANY));
        let twice = [(vec![7, 9], 1), (vec![3, 7], 2)];
        assert!(matches!(Positions::new(&twice, |_| 0), Positions::Few(list) if list == [3, 7, 9]));
    }
}
