//! The first step of ranking: BM25 over jieba words.
//!
//! Computed term at a time: the tiers are known as bitmaps by then, so only their
//! members are scored, and no posting is read twice.

use crate::index::plugin;
use crate::postings::Place;

use super::bits::Bits;
use super::segment::SegmentView;

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
    /// Ascending.
    records: Vec<u32>,
    scores: Vec<f32>,
}

impl Scores {
    /// Hands out the scores of records that are asked for in their order; 0 for one
    /// that was not scored.
    pub(crate) fn in_order(&self) -> impl FnMut(u32) -> f32 {
        let mut at = 0;
        move |record| {
            while self.records.get(at).is_some_and(|&other| other < record) {
                at += 1;
            }
            if self.records.get(at) == Some(&record) { self.scores[at] } else { 0.0 }
        }
    }

    fn add(&mut self, counts: &[(u32, u32)], mut score: impl FnMut(u32, u32) -> f32) {
        let mut at = 0;
        for (record, sum) in self.records.iter().zip(&mut self.scores) {
            while counts.get(at).is_some_and(|(other, _)| other < record) {
                at += 1;
            }
            if let Some(&(_, count)) = counts.get(at).filter(|(other, _)| other == record) {
                *sum += score(*record, count);
            }
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
) -> tantivy::Result<Vec<Scores>> {
    let unscored = |wanted: &Bits| {
        let records: Vec<u32> = wanted.iter().collect();
        Scores { scores: vec![0.0; records.len()], records }
    };
    let mut scores: Vec<Scores> = wanted.iter().map(unscored).collect();
    let records: u64 = views.iter().map(|view| u64::from(view.max_doc())).sum();
    if records == 0 || words.is_empty() {
        return Ok(scores);
    }
    let tokens: u64 = views.iter().map(|view| view.postings().total_words()).sum();
    let average_length = tokens as f32 / records as f32;
    for word in words {
        let mut frequency = 0;
        let mut counted = Vec::with_capacity(views.len());
        for view in views {
            let counts = counts(view, &word.text)?;
            frequency += counts.len() as u64;
            counted.push(counts);
        }
        let weight = idf(frequency, records) * (1.0 + K1) * word.count;
        for ((counts, scores), view) in counted.into_iter().zip(&mut scores).zip(views) {
            scores.add(&counts, |record, count| {
                let length = view.postings().words_of(record) as f32;
                let norm = K1 * (1.0 - B + B * length / average_length);
                let count = count as f32;
                weight * count / (count + norm)
            });
        }
    }
    Ok(scores)
}

/// How often a word stands in the records that have it, title and headings
/// counted, by record.
fn counts(view: &SegmentView<'_>, word: &str) -> tantivy::Result<Vec<(u32, u32)>> {
    let mut own = Vec::new();
    let mut ranges = Vec::new();
    let postings = view.postings();
    postings
        .word(Place::Text, word, |record, _, count| own.push((record, count)))
        .and_then(|()| postings.word(Place::Context, word, |from, to, count| ranges.push((from, to, count))))
        .map_err(plugin::damaged)?;
    Ok(if ranges.is_empty() { own } else { merge(&own, &spread(ranges)) })
}

/// Ranges that may overlap → each record in them, ascending, with the sum of the
/// counts of those that hold it.
fn spread(ranges: Vec<(u32, u32, u32)>) -> Vec<(u32, u32)> {
    let mut changes: Vec<(u32, i64)> = Vec::with_capacity(2 * ranges.len());
    for (from, to, count) in ranges {
        changes.push((from, i64::from(count)));
        changes.push((to, -i64::from(count)));
    }
    changes.sort_unstable();
    let mut records = Vec::new();
    let mut sum = 0;
    for pair in changes.windows(2) {
        sum += pair[0].1;
        if sum > 0 {
            records.extend((pair[0].0..pair[1].0).map(|record| (record, sum as u32)));
        }
    }
    records
}

/// Two lists ascending by record → one, counts added.
fn merge(own: &[(u32, u32)], context: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut merged = Vec::with_capacity(own.len() + context.len());
    let mut own = own.iter().copied().peekable();
    for &(record, count) in context {
        while let Some(before) = own.next_if(|&(other, _)| other < record) {
            merged.push(before);
        }
        let more = own.next_if(|&(other, _)| other == record).map_or(0, |(_, more)| more);
        merged.push((record, count + more));
    }
    merged.extend(own);
    merged
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
        fn counts_are_those_of_each_record(own in prop::collection::btree_map(0_u32..40, 1_u32..5, 0..20), ranges in prop::collection::vec((0_u32..40, 0_u32..9, 1_u32..4), 0..8)) {
            let ranges: Vec<(u32, u32, u32)> = ranges.into_iter().map(|(from, length, count)| (from, from + length, count)).collect();
            let count = |record: u32| {
                let over = ranges.iter().filter(|&&(from, to, _)| (from..to).contains(&record));
                own.get(&record).copied().unwrap_or_default() + over.map(|range| range.2).sum::<u32>()
            };
            let expected: Vec<(u32, u32)> = (0..60).map(|record| (record, count(record))).filter(|(_, count)| *count > 0).collect();
            let own: Vec<(u32, u32)> = own.clone().into_iter().collect();
            prop_assert_eq!(merge(&own, &spread(ranges.clone())), expected);
        }
    }
}
