//! The first step of ranking: BM25 over jieba words.
//!
//! Computed term at a time, in ranges of records: their scores stay in a near cache, and
//! other threads may take other ranges. The tiers are known as bitmaps by then; what is
//! no member is scored all the same, which is sooner done than asked.

use std::ops::Range;

use crate::index::plugin;
use crate::postings::{Damaged, Place, WordCounts, WordList};

use super::segment::SegmentView;
use super::team::Team;

/// BM25's saturation and length normalisation, the values of Robertson and
/// Zaragoza (2009) that Lucene and tantivy use.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A word of the query with its weight: how often the query says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryWord {
    pub text: String,
    pub count: f32,
}

/// The words of a query in all segments, with what each weighs.
pub(crate) struct Words<'a> {
    views: &'a [SegmentView<'a>],
    /// By segment and word.
    counts: Vec<Vec<Counts<'a>>>,
    /// By word.
    weights: Vec<f32>,
    average_length: f32,
}

/// The scores of a range of records.
pub(crate) struct Scores {
    first: u32,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    score: f32,
    /// What the record's length makes of a count.
    norm: f32,
}

impl<'a> Words<'a> {
    /// A word's count is that in the text plus that in title and path, and so is a
    /// section's length: BM25 over the two fields joined, which ranks better than a
    /// title field of its own weight.
    pub(crate) fn new(views: &'a [SegmentView<'a>], words: &[QueryWord], team: &Team<'_>) -> tantivy::Result<Self> {
        let records: u64 = views.iter().map(|view| u64::from(view.max_doc())).sum();
        let tokens: u64 = views.iter().map(|view| view.postings().total_words()).sum();
        let pairs: Vec<(&SegmentView<'_>, &QueryWord)> =
            views.iter().flat_map(|view| words.iter().map(move |word| (view, word))).collect();
        let read = team.map(pairs.iter(), |(view, word)| Counts::read(view, &word.text));
        let mut counts: Vec<Vec<Counts<'a>>> = views.iter().map(|_| Vec::with_capacity(words.len())).collect();
        let mut frequencies = vec![0; words.len()];
        for (at, read) in read.into_iter().enumerate() {
            let (of_word, frequency) = read?;
            counts[at / words.len()].push(of_word);
            frequencies[at % words.len()] += frequency;
        }
        let weight = |(word, frequency): (&QueryWord, u64)| idf(frequency, records) * (1.0 + K1) * word.count;
        let weights = words.iter().zip(frequencies).map(weight).collect();
        Ok(Words { views, counts, weights, average_length: tokens as f32 / records.max(1) as f32 })
    }

    /// The scores in a range of a segment's records: of those that are `wanted`, and
    /// anything of the others.
    pub(crate) fn scores(
        &self,
        segment: usize,
        records: &Range<u32>,
        wanted: impl Iterator<Item = u32>,
    ) -> tantivy::Result<Scores> {
        let mut scores = Scores { first: records.start, slots: vec![Slot::default(); records.len()] };
        let postings = self.views[segment].postings();
        for record in wanted {
            let length = postings.words_of(record) as f32;
            if let Some(slot) = scores.slot(record) {
                slot.norm = K1 * (1.0 - B + B * length / self.average_length);
            }
        }
        let mut own = WordCounts::default();
        for (counts, &weight) in self.counts[segment].iter().zip(&self.weights) {
            counts.own_in(records, &mut own).map_err(plugin::damaged)?;
            scores.add(&own, counts.around_in(records), weight);
        }
        Ok(scores)
    }
}

impl Scores {
    /// The score of a record that was wanted.
    #[inline]
    pub(crate) fn of(&self, record: u32) -> f32 {
        self.slots.get(record.wrapping_sub(self.first) as usize).map_or(0.0, |slot| slot.score)
    }

    #[inline]
    fn slot(&mut self, record: u32) -> Option<&mut Slot> {
        self.slots.get_mut(record.wrapping_sub(self.first) as usize)
    }

    /// Adds a word's part. Goes through the word's lists, and not through the records:
    /// a long question has many words that few records have.
    fn add(&mut self, own: &WordCounts, around: impl Iterator<Item = Around>, weight: f32) {
        let WordCounts { records: own, more } = own;
        let mut at = 0;
        for run in around {
            while at < own.len() && own[at] < run.from {
                self.add_to(own[at], more[at].saturating_add(1), weight);
                at += 1;
            }
            for record in run.from..run.to {
                let mut count = run.count;
                if own.get(at) == Some(&record) {
                    count = count.saturating_add(more[at]).saturating_add(1);
                    at += 1;
                }
                self.add_to(record, count, weight);
            }
        }
        own[at..].iter().zip(&more[at..]).for_each(|(&own, more)| self.add_to(own, more.saturating_add(1), weight));
    }

    #[inline]
    fn add_to(&mut self, record: u32, count: u32, weight: f32) {
        if let Some(slot) = self.slot(record) {
            let count = count as f32;
            slot.score += weight * count / (count + slot.norm);
        }
    }
}

/// How often a word stands in the records of a segment that have it, title and headings
/// counted.
struct Counts<'a> {
    /// The records whose own text has it.
    own: Option<WordList<'a>>,
    /// Where title and headings have it: ascending, apart from one another.
    around: Vec<Around>,
}

/// Records with the same count of a word in title and headings.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Around {
    from: u32,
    to: u32,
    count: u32,
}

impl<'a> Counts<'a> {
    /// With how many records have it.
    fn read(view: &SegmentView<'a>, word: &str) -> tantivy::Result<(Self, u64)> {
        let postings = view.postings();
        let read = || {
            let own = postings.word_list(word)?;
            let mut ranges = Vec::new();
            postings.word(Place::Context, word, |from, to, count| ranges.push((from, to, count)))?;
            let around = spread(&ranges);
            let mut inside = 0;
            if let Some(own) = own.as_ref().filter(|_| !around.is_empty()) {
                let mut records = Vec::new();
                own.records(&mut records)?;
                inside = members_in(&records, &around);
            }
            let all: u64 = around.iter().map(|run| u64::from(run.to - run.from)).sum();
            let frequency = own.as_ref().map_or(0, WordList::len) as u64 + all - inside;
            Ok((Counts { own, around }, frequency))
        };
        read().map_err(plugin::damaged)
    }

    fn own_in(&self, records: &Range<u32>, into: &mut WordCounts) -> Result<(), Damaged> {
        match &self.own {
            Some(own) => own.read_in(records, into),
            None => {
                *into = WordCounts::default();
                Ok(())
            }
        }
    }

    fn around_in(&self, records: &Range<u32>) -> impl Iterator<Item = Around> {
        let Range { start, end } = *records;
        let first = self.around.partition_point(|run| run.to <= start);
        let runs = self.around[first..].iter().take_while(move |run| run.from < end);
        runs.map(move |run| Around { from: run.from.max(start), to: run.to.min(end), count: run.count })
    }
}

/// How many of some ascending records are in any of the runs.
fn members_in(records: &[u32], runs: &[Around]) -> u64 {
    let mut rest = records;
    let mut skip = |to: u32| {
        // Mostly few: doubling steps, then halving.
        let mut step = 1;
        while rest.get(step).is_some_and(|&record| record < to) {
            step *= 2;
        }
        let end = rest.len().min(step + 1);
        let skipped = rest[..end].partition_point(|&record| record < to);
        rest = &rest[skipped..];
        skipped as u64
    };
    let inside = runs.iter().map(|run| {
        skip(run.from);
        skip(run.to)
    });
    inside.sum()
}

/// Ranges that may overlap → ranges that do not, ascending, with the sum of the counts
/// of those that hold their records.
fn spread(ranges: &[(u32, u32, u32)]) -> Vec<Around> {
    // Nearly in order already, and that is sorted soonest.
    let mut begins: Vec<(u32, u32)> = ranges.iter().map(|&(from, _, count)| (from, count)).collect();
    let mut ends: Vec<(u32, u32)> = ranges.iter().map(|&(_, to, count)| (to, count)).collect();
    begins.sort_unstable();
    ends.sort_unstable();
    let mut begins = begins.into_iter().peekable();
    let mut around = Vec::with_capacity(ranges.len());
    let (mut sum, mut from) = (0_u64, 0);
    for (end, count) in ends {
        let mut go_to = |to: u32, sum: u64| {
            if sum > 0 && from < to {
                around.push(Around { from, to, count: u32::try_from(sum).unwrap_or(u32::MAX) });
            }
            from = to;
        };
        while let Some((begin, count)) = begins.next_if(|&(begin, _)| begin <= end) {
            go_to(begin, sum);
            sum += u64::from(count);
        }
        go_to(end, sum);
        sum -= u64::from(count);
    }
    around
}

/// ln(1 + (N − n + ½) / (n + ½)).
fn idf(containing: u64, all: u64) -> f32 {
    let rest = all.saturating_sub(containing) as f32 + 0.5;
    (1.0 + rest / (containing as f32 + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_each_record(own in prop::collection::btree_map(0_u32..40, 1_u32..5, 0..20), ranges in prop::collection::vec((0_u32..40, 0_u32..9, 1_u32..4), 0..8), (from, to) in (0_u32..50, 0_u32..50)) {
            let ranges: Vec<(u32, u32, u32)> = ranges.into_iter().map(|(from, length, count)| (from, from + length, count)).collect();
            let around = |record: u32| {
                let over = ranges.iter().filter(|&&(from, to, _)| (from..to).contains(&record));
                over.map(|range| range.2).sum::<u32>()
            };
            let counts = Counts { own: None, around: spread(&ranges) };
            prop_assert!(counts.around.windows(2).all(|pair| pair[0].to <= pair[1].from));
            let all = |run: &Around| (run.from..run.to).map(|record| (record, run.count)).collect::<Vec<_>>();
            let spread: Vec<(u32, u32)> = counts.around.iter().flat_map(all).collect();
            prop_assert_eq!(spread, (0..60).map(|record| (record, around(record))).filter(|(_, count)| *count > 0).collect::<Vec<_>>());
            let both = own.keys().filter(|&&record| around(record) > 0).count() as u64;
            prop_assert_eq!(members_in(&own.keys().copied().collect::<Vec<_>>(), &counts.around), both);
            // Of any range that is asked for: with this norm and weight a part is n / (n + 1).
            let records = from.min(to)..from.max(to);
            let own_there = || own.iter().filter(|(record, _)| records.contains(record));
            let read = WordCounts {
                records: own_there().map(|(record, _)| *record).collect(),
                more: own_there().map(|(_, count)| count - 1).collect(),
            };
            let mut scores = Scores { first: records.start, slots: vec![Slot { score: 0.0, norm: 1.0 }; records.len()] };
            scores.add(&read, counts.around_in(&records), 1.0);
            for record in records {
                let count = (own.get(&record).copied().unwrap_or_default() + around(record)) as f32;
                prop_assert_eq!(scores.of(record), count / (count + 1.0));
            }
        }

        #[test]
        fn members_of_long_runs_are_counted(steps in prop::collection::vec(1_u32..40, 0..600), runs in prop::collection::vec((1_u32..900, 1_u32..900), 0..9)) {
            let ascending = |sum: &mut u32, step: &u32| { *sum += step; Some(*sum) };
            let records: Vec<u32> = steps.iter().scan(0, ascending).collect();
            let mut end = 0;
            let run = |(gap, length): (u32, u32)| {
                let from = end + gap;
                end = from + length;
                Around { from, to: end, count: 1 }
            };
            let runs: Vec<Around> = runs.into_iter().map(run).collect();
            let expected = records.iter().filter(|&&record| runs.iter().any(|run| (run.from..run.to).contains(&record))).count();
            prop_assert_eq!(members_in(&records, &runs), expected as u64);
        }
    }
}
