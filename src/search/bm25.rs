//! The first step of ranking: BM25 over jieba words.
//!
//! Computed term at a time into one array a segment: the tiers are known as bitmaps
//! by then, so only their members count, and no posting is read twice.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

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

/// The scores of the first step: one array for each segment.
///
/// A word's count is that in the text plus that in title and path, and so is a
/// section's length: BM25 over the two fields joined, which ranks better than a
/// title field of its own weight.
pub(crate) fn first_step(views: &[SegmentView<'_>], words: &[QueryWord]) -> tantivy::Result<Vec<Vec<f32>>> {
    let mut scores: Vec<Vec<f32>> = views.iter().map(|view| vec![0.0; view.max_doc() as usize]).collect();
    let records: u64 = views.iter().map(|view| u64::from(view.max_doc())).sum();
    if records == 0 || words.is_empty() {
        return Ok(scores);
    }
    let mut tokens = 0;
    let mut lengths = Vec::with_capacity(views.len());
    for view in views {
        let fields = view.fields();
        for field in [fields.words, fields.context_words] {
            tokens += view.reader.inverted_index(field)?.total_num_tokens();
        }
        let own = view.reader.get_fieldnorms_reader(fields.words)?;
        lengths.push((own, view.reader.get_fieldnorms_reader(fields.context_words)?));
    }
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
        for ((counts, scores), (own, context)) in counted.into_iter().zip(&mut scores).zip(&lengths) {
            for (record, count) in counts {
                let length = (own.fieldnorm(record) + context.fieldnorm(record)) as f32;
                let norm = K1 * (1.0 - B + B * length / average_length);
                let count = count as f32;
                scores[record as usize] += weight * count / (count + norm);
            }
        }
    }
    Ok(scores)
}

/// How often a word stands in the records that have it, by record.
fn counts(view: &SegmentView<'_>, word: &str) -> tantivy::Result<Vec<(u32, u32)>> {
    let list = |field| -> tantivy::Result<Vec<(u32, u32)>> {
        let inverted = view.reader.inverted_index(field)?;
        let term = Term::from_field_text(field, word);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::WithFreqs)? else {
            return Ok(Vec::new());
        };
        let mut counts = Vec::with_capacity(postings.doc_freq() as usize);
        let mut record = postings.doc();
        while record != TERMINATED {
            counts.push((record, postings.term_freq()));
            record = postings.advance();
        }
        Ok(counts)
    };
    let fields = view.fields();
    Ok(merge(list(fields.words)?, list(fields.context_words)?))
}

/// Two lists ascending by record → one, counts added.
fn merge(own: Vec<(u32, u32)>, context: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if context.is_empty() {
        return own;
    }
    let mut merged = Vec::with_capacity(own.len() + context.len());
    let mut own = own.into_iter().peekable();
    for (record, count) in context {
        while let Some(&(before, _)) = own.peek()
            && before < record
        {
            merged.extend(own.next());
        }
        match own.next_if(|&(other, _)| other == record) {
            Some((_, more)) => merged.push((record, count + more)),
            None => merged.push((record, count)),
        }
    }
    merged.extend(own);
    merged
}

/// ln(1 + (N − n + ½) / (n + ½)).
fn idf(containing: u64, all: u64) -> f32 {
    let rest = all.saturating_sub(containing) as f32 + 0.5;
    (1.0 + rest / (containing as f32 + 0.5)).ln()
}
