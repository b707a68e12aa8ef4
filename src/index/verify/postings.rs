//! Stored text, cut into tokens again, against the postings.
//!
//! A fingerprint of each record's tokens from its text, and one from reading the
//! postings of the whole segment through; the two differ when a posting is missing,
//! moved or too many.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED};
use xxhash_rust::xxh3::Xxh3;

use crate::Result;
use crate::postings::{self, Builder, Kind, Place, Postings};

use super::super::Index;
use super::super::plugin::{self, Opened};
use super::super::records::{self, Record};
use super::Problem;
use super::records::{Placed, origin, read_document};

/// What is compared: tantivy's terms, or a dictionary of the postings.
enum Compared {
    Keys,
    Texts(Place, Kind),
    /// How many words records have, rounded.
    Lengths,
}

/// A fingerprint for each record of the segment; 0 for those not looked at.
type Fingerprints = Vec<u64>;

const COMPARED: [(&str, Compared); 7] = [
    ("key", Compared::Keys),
    ("label", Compared::Texts(Place::Text, Kind::Labels)),
    ("characters", Compared::Texts(Place::Text, Kind::Chars)),
    ("words", Compared::Texts(Place::Text, Kind::Words)),
    ("characters of title and headings", Compared::Texts(Place::Context, Kind::Chars)),
    ("words of title and headings", Compared::Texts(Place::Context, Kind::Words)),
    ("lengths", Compared::Lengths),
];

/// Compares the postings of these documents with their texts. Returns how many
/// records were compared.
pub(super) fn compare(
    index: &Index,
    reader: &SegmentReader,
    opened: &Opened,
    documents: &[Placed],
    problems: &mut Vec<Problem>,
) -> Result<u64> {
    let max_doc = reader.max_doc() as usize;
    let mut expected: Vec<Fingerprints> = COMPARED.iter().map(|_| vec![0; max_doc]).collect();
    let mut is_chosen = vec![false; max_doc];
    let mut keys = Vec::with_capacity(documents.len());
    let mut count = 0;
    for placed in documents {
        let (key, records) = rewritten(index, opened, placed)?;
        if records.is_empty() {
            // A file that could not be read has nothing but its key.
            continue;
        }
        count += records.len() as u64;
        let texts = texts(index, &records)?;
        let start = placed.records.start as usize;
        is_chosen[start..start + records.len()].fill(true);
        for ((_, compared), expected) in COMPARED.iter().zip(&mut expected) {
            let expected = &mut expected[start..start + records.len()];
            match *compared {
                Compared::Keys => {
                    for (record, expected) in records.iter().zip(expected) {
                        *expected = of_term(record.key());
                    }
                }
                Compared::Texts(place, kind) => {
                    of_texts(&texts, place, kind, expected, |_| true).map_err(|e| index.error(plugin::damaged(e)))?
                }
                Compared::Lengths => of_lengths(&texts, expected),
            }
        }
        keys.push((placed.clone(), key));
    }
    for ((name, compared), expected) in COMPARED.iter().zip(&expected) {
        let mut found = vec![0; max_doc];
        match *compared {
            Compared::Keys => of_keys(index, reader, &mut found)?,
            Compared::Texts(place, kind) => {
                of_texts(&opened.postings, place, kind, &mut found, |record| {
                    is_chosen.get(record).copied().unwrap_or_default()
                })
                .map_err(|e| index.error(plugin::damaged(e)))?;
            }
            Compared::Lengths => of_lengths(&opened.postings, &mut found),
        }
        for (placed, key) in &keys {
            let differs = |record: &u32| found[*record as usize] != expected[*record as usize];
            if let Some(record) = placed.records.clone().find(differs) {
                let ordinal = record - placed.records.start;
                let message = format!("section {ordinal}: the postings of its {name} are not those of its text");
                problems.push(Problem::of_document(key, message));
            }
        }
    }
    Ok(count)
}

/// A document's records, as they would be written now; none for a file that could
/// not be read.
fn rewritten(index: &Index, opened: &Opened, placed: &Placed) -> Result<(String, Vec<Record>)> {
    let (head, document) = read_document(&opened.heads, &opened.texts, placed)?;
    if head.failure.is_some() {
        return Ok((head.key, Vec::new()));
    }
    let origin = origin(&opened.heads, placed.document, &head.key);
    let mut records = records::records(&index.inner.fields, &origin, &head, document, None)?;
    records.truncate(placed.records.len());
    Ok((head.key, records))
}

/// The postings of a document by itself.
fn texts(index: &Index, records: &[Record]) -> Result<Postings> {
    let mut builder = Builder::new(index.inner.segmenter.clone());
    for record in records {
        record.add_to_postings(&mut builder);
    }
    let mut file = Vec::new();
    builder.finish(&mut file).expect("writing to memory does not fail");
    let bytes = tantivy::directory::OwnedBytes::new(file);
    Postings::open(bytes).map_err(|e| index.error(plugin::damaged(e)))
}

fn of_term(term: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(term.as_bytes())
}

/// Adds keys to the fingerprints, from reading all their postings.
fn of_keys(index: &Index, reader: &SegmentReader, into: &mut Fingerprints) -> Result<()> {
    let inverted = reader.inverted_index(index.inner.fields.key).map_err(|e| index.error(e))?;
    let mut terms = inverted.terms().stream().map_err(|e| index.error(e.into()))?;
    while let Some((term, info)) = terms.next() {
        let fingerprint = of_term(&String::from_utf8_lossy(term));
        let mut postings =
            inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic).map_err(|e| index.error(e.into()))?;
        while postings.doc() != TERMINATED {
            if let Some(found) = into.get_mut(postings.doc() as usize) {
                *found = found.wrapping_add(fingerprint);
            }
            postings.advance();
        }
    }
    Ok(())
}

/// Adds postings to the fingerprints of the chosen records; those of title and
/// headings to the first record below them.
fn of_texts(
    postings: &Postings,
    place: Place,
    kind: Kind,
    into: &mut [u64],
    is_chosen: impl Fn(usize) -> bool,
) -> std::result::Result<(), postings::Damaged> {
    let mut damage = Ok(());
    postings.visit(place, kind, |term, unit, number| {
        let (from, to) = match postings.range(place, unit) {
            Ok(range) => range,
            Err(error) => {
                damage = Err(error);
                return;
            }
        };
        let record = from as usize;
        if let Some(found) = into.get_mut(record)
            && is_chosen(record)
        {
            let mut hasher = Xxh3::new();
            hasher.update(term);
            hasher.update(&number.to_le_bytes());
            hasher.update(&(to - from).to_le_bytes());
            *found = found.wrapping_add(hasher.digest());
        }
    })?;
    damage
}

/// Puts the lengths of all records in the place of fingerprints.
fn of_lengths(postings: &Postings, into: &mut [u64]) {
    for (record, found) in (0..).zip(into) {
        let [text, context] = postings.norms(record);
        *found = u64::from(u16::from_le_bytes([text, context]));
    }
}
