//! Stored text, cut into tokens again, against the postings.
//!
//! For some documents: every token is looked up. For all: a fingerprint of each
//! record's tokens from the text, and one from reading the postings of the whole
//! segment through; the two differ when a posting is missing, moved or too many.

use std::collections::HashMap;

use tantivy::postings::Postings as _;
use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf, Value as _};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::{MAX_TOKEN_LEN, TextAnalyzer};
use tantivy::{DocSet as _, Document as _, SegmentReader, TERMINATED, Term};
use xxhash_rust::xxh3::Xxh3;

use crate::Result;

use super::super::Index;
use super::super::records::{self, Record};
use super::Problem;
use super::records::{Placed, origin, read_document};

/// Positions that tantivy leaves free between two values of a field.
const VALUE_GAP: u32 = 1;

const CACHE_BLOCKS: usize = 8;

/// An indexed field and what its postings hold.
struct Compared {
    field: Field,
    name: &'static str,
    option: IndexRecordOption,
    analyzer: TextAnalyzer,
}

/// Positions by token; their number is the frequency.
type Tokens = HashMap<String, Vec<u32>>;

fn compared(index: &Index) -> Result<Vec<Compared>> {
    use IndexRecordOption::{Basic, WithFreqs, WithFreqsAndPositions};
    let fields = &index.inner.fields;
    let list = [
        (fields.key, "key", Basic),
        (fields.label, "label", Basic),
        (fields.words, "words", WithFreqs),
        (fields.context_words, "context_words", WithFreqs),
        (fields.chars, "chars", WithFreqsAndPositions),
        (fields.context, "context", WithFreqsAndPositions),
    ];
    let compared = |(field, name, option)| {
        let analyzer = index.inner.tantivy.tokenizer_for_field(field).map_err(|e| index.error(e))?;
        Ok(Compared { field, name, option, analyzer })
    };
    list.into_iter().map(compared).collect()
}

impl Compared {
    /// The tokens that a record should have in this field.
    fn tokens(&mut self, record: &Record) -> Tokens {
        let mut tokens = Tokens::new();
        let mut from = 0_u32;
        for (field, value) in record.iter_fields_and_values() {
            let ReferenceValue::Leaf(ReferenceValueLeaf::Str(text)) = value.as_value() else { continue };
            if field != self.field {
                continue;
            }
            let mut end = from;
            self.analyzer.token_stream(text).process(&mut |token| {
                if token.text.len() > MAX_TOKEN_LEN {
                    return;
                }
                let position = from + token.position as u32;
                end = end.max(position + token.position_length as u32);
                tokens.entry(token.text.clone()).or_default().push(position);
            });
            from = end + VALUE_GAP;
        }
        tokens.values_mut().for_each(|positions| positions.sort_unstable());
        tokens
    }

    /// A number for a posting, of what this field keeps of it.
    fn fingerprint(&self, token: &[u8], frequency: u32, positions: &[u32]) -> u64 {
        let mut hasher = Xxh3::new();
        hasher.update(token);
        if self.option.has_freq() {
            hasher.update(&frequency.to_le_bytes());
        }
        if self.option.has_positions() {
            positions.iter().for_each(|position| hasher.update(&position.to_le_bytes()));
        }
        hasher.digest()
    }
}

/// A document's records, as they would be written now, each with its number.
fn rewritten(
    index: &Index,
    reader: &SegmentReader,
    store: &tantivy::store::StoreReader,
    placed: &Placed,
) -> Result<(String, Vec<(u32, Record)>)> {
    let (head, document) = read_document(store, placed.records.clone())?;
    if head.failure.is_some() {
        return Ok((head.key, Vec::new()));
    }
    let origin = origin(Some(reader), placed.records.start, &head.key);
    let records = records::records(&index.inner.fields, &origin, &head, document, None)?;
    Ok((head.key, placed.records.clone().zip(records).collect()))
}

/// Looks every token of these documents up. Returns how many records were compared.
pub(super) fn compare_some(
    index: &Index,
    reader: &SegmentReader,
    documents: &[Placed],
    problems: &mut Vec<Problem>,
) -> Result<u64> {
    let mut fields = compared(index)?;
    let store = reader.get_store_reader(CACHE_BLOCKS).map_err(|e| index.error(e.into()))?;
    let mut count = 0;
    for placed in documents {
        let (key, records) = rewritten(index, reader, &store, placed)?;
        for (record, rewritten) in &records {
            count += 1;
            for field in &mut fields {
                let tokens = field.tokens(rewritten);
                if let Some(token) = missing(index, reader, field, *record, &tokens)? {
                    let ordinal = record - placed.records.start;
                    let message = format!("section {ordinal}: the postings of {} lack {token:?}", field.name);
                    problems.push(Problem::of_document(&key, message));
                }
            }
        }
    }
    Ok(count)
}

/// A token that the postings do not have for this record, or have elsewhere.
fn missing(
    index: &Index,
    reader: &SegmentReader,
    field: &Compared,
    record: u32,
    tokens: &Tokens,
) -> Result<Option<String>> {
    let inverted = reader.inverted_index(field.field).map_err(|e| index.error(e))?;
    for (token, positions) in tokens {
        let term = Term::from_field_text(field.field, token);
        let postings = inverted.read_postings(&term, field.option).map_err(|e| index.error(e.into()))?;
        let Some(mut postings) = postings else { return Ok(Some(token.clone())) };
        // Seeking goes forward only.
        let is_there = if postings.doc() < record { postings.seek(record) } else { postings.doc() } == record;
        let mut found = Vec::new();
        if is_there && field.option.has_positions() {
            postings.positions(&mut found);
        }
        let agrees = is_there
            && (!field.option.has_freq() || postings.term_freq() as usize == positions.len())
            && (!field.option.has_positions() || found == *positions);
        if !agrees {
            return Ok(Some(token.clone()));
        }
    }
    Ok(None)
}

/// Compares every posting of the segment. Returns how many records were compared.
pub(super) fn compare_all(
    index: &Index,
    reader: &SegmentReader,
    documents: &[Placed],
    problems: &mut Vec<Problem>,
) -> Result<u64> {
    let mut fields = compared(index)?;
    let mut expected = vec![vec![0_u64; reader.max_doc() as usize]; fields.len()];
    let mut keys = Vec::with_capacity(documents.len());
    let store = reader.get_store_reader(CACHE_BLOCKS).map_err(|e| index.error(e.into()))?;
    let mut count = 0;
    for placed in documents {
        let (key, records) = rewritten(index, reader, &store, placed)?;
        // A file that could not be read has nothing but its key.
        let is_readable = !records.is_empty();
        for (record, rewritten) in &records {
            count += 1;
            for (field, expected) in fields.iter_mut().zip(&mut expected) {
                for (token, positions) in field.tokens(rewritten) {
                    let fingerprint = field.fingerprint(token.as_bytes(), positions.len() as u32, &positions);
                    expected[*record as usize] = expected[*record as usize].wrapping_add(fingerprint);
                }
            }
        }
        if is_readable {
            keys.push((placed.clone(), key));
        }
    }
    for (field, expected) in fields.iter().zip(&expected) {
        let found = fingerprints(index, reader, field)?;
        for (placed, key) in &keys {
            let differs = |record: &u32| found[*record as usize] != expected[*record as usize];
            if let Some(record) = placed.records.clone().find(differs) {
                let ordinal = record - placed.records.start;
                let message = format!("section {ordinal}: the postings of {} are not those of its text", field.name);
                problems.push(Problem::of_document(key, message));
            }
        }
    }
    Ok(count)
}

/// A field's fingerprint by record, from reading all its postings.
fn fingerprints(index: &Index, reader: &SegmentReader, field: &Compared) -> Result<Vec<u64>> {
    let inverted = reader.inverted_index(field.field).map_err(|e| index.error(e))?;
    let mut found = vec![0_u64; reader.max_doc() as usize];
    let mut terms = inverted.terms().stream().map_err(|e| index.error(e.into()))?;
    let mut positions = Vec::new();
    while let Some((token, info)) = terms.next() {
        let mut postings =
            inverted.read_postings_from_terminfo(info, field.option).map_err(|e| index.error(e.into()))?;
        while postings.doc() != TERMINATED {
            if field.option.has_positions() {
                postings.positions(&mut positions);
            }
            let record = postings.doc() as usize;
            let fingerprint = field.fingerprint(token, postings.term_freq(), &positions);
            if let Some(found) = found.get_mut(record) {
                *found = found.wrapping_add(fingerprint);
            }
            postings.advance();
        }
    }
    Ok(found)
}
