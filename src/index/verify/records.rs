//! Records against their documents: each document once in the index, its records
//! side by side in one segment, as many as it says, each readable.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::schema::IndexRecordOption;
use tantivy::store::StoreReader;
use tantivy::{DocSet as _, SegmentReader, TERMINATED};

use crate::document::Document;
use crate::texts::Texts;
use crate::{Error, ErrorKind, Result};

use super::super::records::{DocumentHead, Origin, StoredRecord};
use super::super::{Index, plugin};
use super::{Problem, Verification};

/// Decompressed store blocks kept while reading through.
const CACHE_BLOCKS: usize = 8;

/// A document's records in a segment.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub records: Range<u32>,
}

/// The documents seen so far, over all segments.
#[derive(Default)]
pub(super) struct Documents(HashSet<String>);

impl Documents {
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Checks a segment and returns its sound documents.
    pub(super) fn check(
        &mut self,
        index: &Index,
        reader: &SegmentReader,
        verification: &mut Verification,
    ) -> Result<Vec<Placed>> {
        let failed = |e| index.error(e);
        let ordinals = reader.fast_fields().u64("ordinal").map_err(failed)?;
        let store = reader.get_store_reader(CACHE_BLOCKS).map_err(|e| index.error(e.into()))?;
        let texts = plugin::open(reader).map_err(failed)?.texts;
        let inverted = reader.inverted_index(index.inner.fields.key).map_err(failed)?;
        let mut terms = inverted.terms().stream().map_err(|e| index.error(e.into()))?;
        let mut owned = 0_u64;
        let mut sound = Vec::new();
        while let Some((key, info)) = terms.next() {
            let key = String::from_utf8_lossy(key).into_owned();
            let mut records: Vec<u32> = Vec::new();
            let mut postings = inverted
                .read_postings_from_terminfo(info, IndexRecordOption::Basic)
                .map_err(|e| index.error(e.into()))?;
            while postings.doc() != TERMINATED {
                if !reader.is_deleted(postings.doc()) {
                    records.push(postings.doc());
                }
                postings.advance();
            }
            let Some(&first) = records.first() else { continue };
            owned += records.len() as u64;
            let mut wrong = |message: String| verification.problems.push(Problem::of_document(&key, message));
            if !self.0.insert(key.clone()) {
                wrong("it is in the index twice".to_owned());
                continue;
            }
            let places = first..first + records.len() as u32;
            let is_together = records.iter().copied().eq(places.clone())
                && places.clone().all(|record| ordinals.first(record) == Some(u64::from(record - first)));
            if !is_together {
                wrong("its sections do not stand together in their order".to_owned());
                continue;
            }
            match read_document(&store, &texts, places.clone()) {
                Err(error) => wrong(format!("it cannot be read: {}", error.message())),
                Ok((head, document)) => {
                    if let Some(message) = disagreement(&key, &head, &document) {
                        wrong(message);
                    } else {
                        verification.sections += document.sections.len() as u64 * u64::from(head.failure.is_none());
                        sound.push(Placed { records: places });
                    }
                }
            }
        }
        let alive = u64::from(reader.num_docs());
        if owned != alive {
            let message = format!("{alive} sections are alive, but documents own {owned}");
            verification.problems.push(Problem::of_file(reader.segment_id().uuid_string(), message));
        }
        sound.sort_by_key(|placed| placed.records.start);
        Ok(sound)
    }
}

fn disagreement(key: &str, head: &DocumentHead, document: &Document) -> Option<String> {
    let found = document.sections.len();
    // A document put without a front section gets an empty one.
    let is_as_many = head.failure.is_some() && found == 1
        || head.failure.is_none() && (found == head.sections as usize || found == head.sections as usize + 1);
    let misplaced = document.sections.iter().enumerate().find(|(at, section)| section.ordinal as usize != *at);
    if head.key != key {
        return Some(format!("its record says it is {}", head.key));
    }
    if !is_as_many {
        return Some(format!("it has {found} sections, expected {}", head.sections));
    }
    misplaced.map(|(at, section)| format!("section {at} says it is section {}", section.ordinal))
}

/// A document as it was handed to the index.
pub(crate) fn read_document(
    store: &StoreReader,
    texts: &Texts,
    records: Range<u32>,
) -> Result<(DocumentHead, Document)> {
    let stored: StoredRecord = store
        .get(records.start)
        .map_err(|cause| Error::new(ErrorKind::Corrupt, "a record cannot be read from the store").with_source(cause))?;
    let head = stored.document()?;
    let section = |record| {
        let unreadable = |_| Error::new(ErrorKind::Corrupt, "a section cannot be read from the texts");
        texts.section(record).map_err(unreadable)
    };
    let sections = records.map(section).collect::<Result<_>>()?;
    let document = Document {
        title: head.title.clone(),
        metadata: head.metadata.clone(),
        sections,
        citations: head.citations.clone(),
    };
    Ok((head, document))
}

/// What the manifest says of a document; zeros (so that `update` reads the file
/// again) where the columns cannot be read.
pub(crate) fn origin(reader: Option<&SegmentReader>, record: u32, key: &str) -> Origin {
    let mut origin = Origin { key: key.to_owned(), ..Origin::default() };
    let Some(columns) = reader.map(SegmentReader::fast_fields) else { return origin };
    if let (Ok(size), Ok(mtime), Ok(hash)) = (columns.u64("size"), columns.i64("mtime"), columns.u64("hash")) {
        origin.size = size.first(record).unwrap_or_default();
        origin.mtime = mtime.first(record).unwrap_or_default();
        origin.hash = hash.first(record).unwrap_or_default();
    }
    origin
}
