//! The first step of ranking: BM25 over jieba words.
//!
//! Computed term at a time: the tiers are known as bitmaps by then, so only their
//! members are scored, and no posting is read twice.

use crate::index::plugin;
use crate::postings::Place;

use super::bits::{Bits, Ranked};
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

/// The scores of some records of a segment.
pub(crate) struct Scores {
    records: Ranked,
    /// By rank.
    scores: Vec<f32>,
    /// What the records' lengths make of a count.
    norms: Vec<f32>,
}

impl Scores {
    fn new(records: &Bits, norm: impl Fn(u32) -> f32) -> Self {
        let records = Ranked::new(records.clone());
        let norms: Vec<f32> = records.iter().map(norm).collect();
        Scores { scores: vec![0.0; norms.len()], norms, records }
    }

    /// The score of a record; 0 for one that was not scored.
    #[inline]
    pub(crate) fn of(&self, record: u32) -> f32 {
        self.records.rank(record).map_or(0.0, |rank| self.scores[rank])
    }

    /// Adds a word's part. Goes through the word's lists, and not through the records:
    /// a long question has many words that few records have.
    fn add(&mut self, counts: &Counts, weight: f32) {
        let Counts { own, more, around } = counts;
        let mut at = 0;
        for run in around {
            let before = at + own[at..].partition_point(|&record| record < run.from);
            (at..before).for_each(|at| self.add_to(own[at], more[at].saturating_add(1), weight));
            at = before;
            for record in run.from..run.to {
                let mut count = run.count;
                if own.get(at) == Some(&record) {
                    count = count.saturating_add(more[at]).saturating_add(1);
                    at += 1;
                }
                self.add_to(record, count, weight);
            }
        }
        (at..own.len()).for_each(|at| self.add_to(own[at], more[at].saturating_add(1), weight));
    }

    #[inline]
    fn add_to(&mut self, record: u32, count: u32, weight: f32) {
        if let Some(rank) = self.records.rank(record) {
            let count = count as f32;
            self.scores[rank] += weight * count / (count + self.norms[rank]);
        }
    }
}

/// The scores of the first step, for each segment those of the records that are
/// wanted.
///
/// A word's count is that in the text plus that in title and path, and so is a
/// section's length: BM25 over the two fields joined, which ranks better than a
/// title field of its own weight.
pub(crate) fn first_step(
    views: &[SegmentView<'_>],
    words: &[QueryWord],
    wanted: &[Bits],
    team: &Team<'_>,
) -> tantivy::Result<Vec<Scores>> {
    let records: u64 = views.iter().map(|view| u64::from(view.max_doc())).sum();
    let tokens: u64 = views.iter().map(|view| view.postings().total_words()).sum();
    let average_length = tokens as f32 / records.max(1) as f32;
    let unscored = |(wanted, view): (&Bits, &SegmentView<'_>)| {
        let length = |record| view.postings().words_of(record) as f32;
        Scores::new(wanted, |record| K1 * (1.0 - B + B * length(record) / average_length))
    };
    let mut scores: Vec<Scores> = team.map(wanted.iter().zip(views), unscored);
    // What a word weighs is known when it was read of all segments.
    for words in words.chunks(words_at_once(records)) {
        let pairs: Vec<(&SegmentView<'_>, &QueryWord)> =
            views.iter().flat_map(|view| words.iter().map(move |word| (view, word))).collect();
        let read = team.map(pairs.iter(), |(view, word)| Counts::read(view, &word.text));
        let read = read.into_iter().collect::<tantivy::Result<Vec<Counts>>>()?;
        let counts: Vec<&[Counts]> = read.chunks(words.len()).collect();
        let weight = |(at, word): (usize, &QueryWord)| {
            let frequency = counts.iter().map(|counts| counts[at].records()).sum();
            idf(frequency, records) * (1.0 + K1) * word.count
        };
        let weights: Vec<f32> = words.iter().enumerate().map(weight).collect();
        team.map(scores.iter_mut().zip(&counts), |(scores, counts)| {
            counts.iter().zip(&weights).for_each(|(counts, &weight)| scores.add(counts, weight));
        });
    }
    Ok(scores)
}

/// How many words are read before they are added: some 50 MB of counts at most.
fn words_at_once(records: u64) -> usize {
    const MAX_COUNTS: u64 = 6 << 20;
    (MAX_COUNTS / records.max(1)).max(1) as usize
}

/// How often a word stands in the records of a segment that have it, title and headings
/// counted.
struct Counts {
    /// The records whose own text has it, ascending, and how often beyond once.
    own: Vec<u32>,
    more: Vec<u32>,
    /// Where title and headings have it: ascending, apart from one another.
    around: Vec<Around>,
}

/// Records with the same count of a word in title and headings.
#[derive(Debug, PartialEq)]
struct Around {
    from: u32,
    to: u32,
    count: u32,
}

impl Counts {
    fn read(view: &SegmentView<'_>, word: &str) -> tantivy::Result<Self> {
        let (mut own, mut more, mut ranges) = (Vec::new(), Vec::new(), Vec::new());
        let postings = view.postings();
        postings
            .records_with(word, &mut own, &mut more)
            .and_then(|()| postings.word(Place::Context, word, |from, to, count| ranges.push((from, to, count))))
            .map_err(plugin::damaged)?;
        Ok(Counts { own, more, around: spread(ranges) })
    }

    /// How many records have it.
    fn records(&self) -> u64 {
        let mut at = 0;
        let mut both = 0;
        let mut around = 0;
        for run in &self.around {
            at += self.own[at..].partition_point(|&record| record < run.from);
            let inside = self.own[at..].partition_point(|&record| record < run.to);
            both += inside as u64;
            at += inside;
            around += u64::from(run.to - run.from);
        }
        self.own.len() as u64 + around - both
    }
}

/// Ranges that may overlap → ranges that do not, ascending, with the sum of the counts
/// of those that hold their records.
fn spread(ranges: Vec<(u32, u32, u32)>) -> Vec<Around> {
    let mut changes: Vec<(u32, i64)> = Vec::with_capacity(2 * ranges.len());
    for (from, to, count) in ranges {
        changes.push((from, i64::from(count)));
        changes.push((to, -i64::from(count)));
    }
    changes.sort_unstable();
    let mut around = Vec::new();
    let mut sum = 0;
    for pair in changes.windows(2) {
        sum += pair[0].1;
        if sum > 0 && pair[0].0 < pair[1].0 {
            around.push(Around { from: pair[0].0, to: pair[1].0, count: u32::try_from(sum).unwrap_or(u32::MAX) });
        }
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
        fn counts_are_those_of_each_record(own in prop::collection::btree_map(0_u32..40, 1_u32..5, 0..20), ranges in prop::collection::vec((0_u32..40, 0_u32..9, 1_u32..4), 0..8), step in 1_u32..4) {
            let ranges: Vec<(u32, u32, u32)> = ranges.into_iter().map(|(from, length, count)| (from, from + length, count)).collect();
            let count = |record: u32| {
                let over = ranges.iter().filter(|&&(from, to, _)| (from..to).contains(&record));
                own.get(&record).copied().unwrap_or_default() + over.map(|range| range.2).sum::<u32>()
            };
            let expected: Vec<(u32, u32)> = (0..60).map(|record| (record, count(record))).filter(|(_, count)| *count > 0).collect();
            let counts = Counts {
                own: own.keys().copied().collect(),
                more: own.values().map(|count| count - 1).collect(),
                around: spread(ranges.clone()),
            };
            prop_assert_eq!(counts.records(), expected.len() as u64);
            prop_assert!(counts.around.windows(2).all(|pair| pair[0].to <= pair[1].from));
            // Of any records that are asked for: with this norm and weight a part is n / (n + 1).
            let mut asked = Bits::empty(60);
            asked.extend((0..60).filter(|record| record % step == 0));
            let mut scores = Scores::new(&asked, |_| 1.0);
            scores.add(&counts, 1.0);
            for record in 0..60 {
                let count = if record % step == 0 { count(record) } else { 0 } as f32;
                prop_assert_eq!(scores.of(record), count / (count + 1.0));
            }
        }
    }
}
