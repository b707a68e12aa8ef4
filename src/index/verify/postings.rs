//! Stored text, cut into tokens again, against the postings.
//!
//! A fingerprint of each record's tokens from its text, and one from reading the
//! postings of the whole segment through; the two differ when a posting is missing,
//! moved or too many.

use std::io;
use std::ops::Range;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED};
use xxhash_rust::xxh3::xxh3_64;

use crate::postings::{self, Builder, Kind, Place, Postings};
use crate::workers::{in_order, segment_threads};
use crate::{Error, Result};

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

/// Records whose tokens are made together, about: what is made for each batch are tables for a
/// whole segment.
const BATCH_RECORDS: usize = if cfg!(test) { 5 } else { 2_000 };

/// Some documents as they would be written now.
struct Batch {
    /// Where those that have sections stand, and their keys.
    documents: Vec<(Range<u32>, String)>,
    /// Of their records, one document behind the other, for each of [`COMPARED`].
    prints: Vec<Fingerprints>,
}

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
    let mut chosen: Vec<(Range<u32>, String)> = Vec::with_capacity(documents.len());
    let keep = |batch: Batch| {
        let mut from = 0;
        for (records, key) in batch.documents {
            let (there, length) = (records.start as usize..records.end as usize, records.len());
            is_chosen[there.clone()].fill(true);
            for (expected, prints) in expected.iter_mut().zip(&batch.prints) {
                expected[there.clone()].copy_from_slice(&prints[from..from + length]);
            }
            from += length;
            chosen.push((records, key));
        }
    };
    shared(batches(documents), |batch| make(index, opened, batch), keep)?;
    let differing = |(at, (name, compared)): (usize, &(&str, Compared))| {
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
        let problem = |(records, key): &(Range<u32>, String)| {
            let differs = |record: &u32| found[*record as usize] != expected[at][*record as usize];
            let ordinal = records.clone().find(differs)? - records.start;
            let message = format!("section {ordinal}: the postings of its {name} are not those of its text");
            Some(Problem::of_document(key, message))
        };
        Ok(chosen.iter().filter_map(problem).collect::<Vec<_>>())
    };
    shared(COMPARED.iter().enumerate(), differing, |mut found| problems.append(&mut found))?;
    Ok(chosen.iter().map(|(records, _)| records.len() as u64).sum())
}

/// Does `work` on each job in threads, and hands what comes of them to `sink` in their order.
pub(super) fn shared<J: Send, R: Send>(
    mut jobs: impl Iterator<Item = J>,
    work: impl Fn(J) -> Result<R> + Sync,
    mut sink: impl FnMut(R),
) -> Result<()> {
    let mut failure = None;
    let take = |outcome: Result<R>| {
        outcome.map(&mut sink).map_err(|error| {
            let message = error.message().to_owned();
            failure = Some(error);
            io::Error::other(message)
        })
    };
    let done = in_order(segment_threads(), work, take, |push| jobs.try_for_each(push));
    done.map_err(|error| failure.unwrap_or_else(|| Error::io("cannot share the work", error)))
}

/// Neighbours that have some [`BATCH_RECORDS`] together.
fn batches(mut documents: &[Placed]) -> impl Iterator<Item = &[Placed]> {
    std::iter::from_fn(move || {
        let mut records = 0;
        let is_full = |placed: &Placed| {
            records += placed.records.len();
            records >= BATCH_RECORDS
        };
        let length = documents.iter().position(is_full).map_or(documents.len(), |last| last + 1);
        let (batch, rest) = documents.split_at(length);
        documents = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

/// Makes what documents would be written as.
fn make(index: &Index, opened: &Opened, batch: &[Placed]) -> Result<Batch> {
    let mut documents = Vec::with_capacity(batch.len());
    let mut builder = Builder::new(index.inner.segmenter.clone());
    let mut keys = Vec::new();
    for placed in batch {
        let (key, records) = rewritten(index, opened, placed)?;
        if records.is_empty() {
            // A file that could not be read has nothing but its key.
            continue;
        }
        for record in &records {
            record.add_to_postings(&mut builder);
            keys.push(xxh3_64(record.key().as_bytes()));
        }
        let start = placed.records.start;
        documents.push((start..start + records.len() as u32, key));
    }
    let damaged = |e| index.error(plugin::damaged(e));
    let mut file = Vec::new();
    builder.finish(&mut file).expect("writing to memory does not fail");
    let postings = Postings::open(tantivy::directory::OwnedBytes::new(file)).map_err(damaged)?;
    let print = |(_, compared): &(&str, Compared)| {
        let mut prints = vec![0; keys.len()];
        match *compared {
            Compared::Keys => prints.copy_from_slice(&keys),
            Compared::Texts(place, kind) => {
                of_texts(&postings, place, kind, &mut prints, |_| true).map_err(damaged)?;
            }
            Compared::Lengths => of_lengths(&postings, &mut prints),
        }
        Ok(prints)
    };
    let prints = COMPARED.iter().map(print).collect::<Result<_>>()?;
    Ok(Batch { documents, prints })
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

/// Adds keys to the fingerprints, from reading all their postings.
fn of_keys(index: &Index, reader: &SegmentReader, into: &mut Fingerprints) -> Result<()> {
    let inverted = reader.inverted_index(index.inner.fields.key).map_err(|e| index.error(e))?;
    let mut terms = inverted.terms().stream().map_err(|e| index.error(e.into()))?;
    while let Some((term, info)) = terms.next() {
        let fingerprint = xxh3_64(String::from_utf8_lossy(term).as_bytes());
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
    let mut bytes = Vec::new();
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
            bytes.clear();
            bytes.extend_from_slice(term);
            bytes.extend_from_slice(&number.to_le_bytes());
            bytes.extend_from_slice(&(to - from).to_le_bytes());
            *found = found.wrapping_add(xxh3_64(&bytes));
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
