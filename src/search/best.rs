//! The best of many records by the first step of ranking.

use std::sync::atomic::{AtomicU32, Ordering};

use super::results::Tier;

/// A record found, before its text is looked at: there may be many, and few are shown.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub segment: u32,
    pub record: u32,
    pub score: f32,
    pub tier: Tier,
    pub is_named: bool,
    pub key: u64,
    /// 0 where [`better_candidate`] does not ask for it.
    pub date: u64,
}

/// Named ones first, then what the caller sorts by, then the score; of equal ones the
/// newest, and else in the order of the index.
pub(super) fn better_candidate(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    let by_date = if a.is_named && b.is_named { b.date.cmp(&a.date) } else { std::cmp::Ordering::Equal };
    (b.is_named.cmp(&a.is_named))
        .then(a.key.cmp(&b.key))
        .then(by_date)
        .then(b.score.total_cmp(&a.score))
        .then(b.date.cmp(&a.date))
        .then((a.segment, a.record).cmp(&(b.segment, b.record)))
}

/// The best of many candidates.
pub(super) struct Best<'a> {
    /// How many are kept.
    count: usize,
    /// These and, until the next are weeded out, as many again.
    list: Vec<Candidate>,
    /// The last one kept when some were weeded out: what is not better never will be kept.
    last: Option<Candidate>,
    /// What is known of the best of other ranges, and was when this began.
    floor: Option<&'a Floor>,
    reached: f32,
}

impl<'a> Best<'a> {
    /// Of all that are ordered by their score, if they have a floor together.
    pub(super) fn of(count: usize, floor: Option<&'a Floor>) -> Self {
        let reached = floor.map_or(0.0, Floor::get);
        Best { count, list: Vec::new(), last: None, floor, reached }
    }

    /// Makes room for so many more.
    pub(super) fn expect(&mut self, candidates: usize) {
        self.list.reserve(candidates.min(self.count.saturating_mul(2)));
    }

    #[inline]
    pub(super) fn push(&mut self, candidate: Candidate) {
        if (candidate.score < self.reached && !candidate.is_named)
            || self.last.is_some_and(|last| better_candidate(&last, &candidate).is_lt())
        {
            return;
        }
        self.list.push(candidate);
        if self.list.len() >= self.count.saturating_mul(2) {
            self.weed_out();
        }
    }

    fn weed_out(&mut self) {
        if self.count > 0 && self.list.len() > self.count {
            self.list.select_nth_unstable_by(self.count - 1, better_candidate);
            self.list.truncate(self.count);
            self.last = self.list.last().copied();
        }
    }

    /// Keeps the best, and lets other ranges know.
    pub(super) fn end(&mut self) {
        self.weed_out();
        if let Some((floor, last)) = self.floor.zip(self.last) {
            floor.raise(&last);
        }
    }

    /// The best, in no order.
    pub(super) fn take(mut self) -> Vec<Candidate> {
        self.weed_out();
        self.list
    }

    /// Takes in the best of other candidates.
    pub(super) fn append(&mut self, others: Best<'_>) {
        self.list.extend(others.take());
        self.weed_out();
    }
}

/// A score that enough candidates of a list reach: one below it is not among the best,
/// whichever range of records it is of. Rises while ranges are gone through.
#[derive(Default)]
pub(super) struct Floor(AtomicU32);

impl Floor {
    fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Learns the last of the best of a range.
    fn raise(&self, last: &Candidate) {
        // The bits of numbers that are not negative are in the order of the numbers. If it is
        // one that the query names, no other can be among the best.
        if last.score >= 0.0 {
            self.0.fetch_max(last.score.to_bits(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_of_a_full_sort(scores in prop::collection::vec((0_u8..20, any::<bool>()), 0..200), count in 1_usize..30, range in 1_usize..60) {
            let candidate = |(record, &(score, is_named)): (u32, &(u8, bool))| Candidate {
                segment: 0,
                record,
                score: score.into(),
                tier: Tier::Exact,
                is_named: is_named && score % 7 == 0,
                key: 0,
                date: 0,
            };
            let mut all: Vec<Candidate> = (0..).zip(&scores).map(candidate).collect();
            let mut best = Best::of(count, None);
            all.iter().for_each(|&candidate| best.push(candidate));
            // In ranges that know of one another, in whatever order they are taken.
            let floor = Floor::default();
            let of_ranges = all.chunks(range).rev().map(|part| {
                let mut best = Best::of(count, Some(&floor));
                part.iter().for_each(|&candidate| best.push(candidate));
                best.end();
                best
            });
            let joined = of_ranges.reduce(|mut all, best| {
                all.append(best);
                all
            });
            let records = |best: Best<'_>| {
                let mut records: Vec<u32> = best.take().iter().map(|candidate| candidate.record).collect();
                records.sort_unstable();
                records
            };
            let kept = records(best);
            prop_assert_eq!(joined.map(records).unwrap_or_default(), kept.clone());
            all.sort_by(better_candidate);
            let mut expected: Vec<u32> = all.iter().take(count).map(|candidate| candidate.record).collect();
            expected.sort_unstable();
            prop_assert_eq!(kept, expected);
        }
    }
}
