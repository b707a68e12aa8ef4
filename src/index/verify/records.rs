//! Records against their documents: each document once in the index, its records
//! side by side in one segment, as many as it says, each readable.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED};

use crate::document::Document;
use crate::heads::Heads;
use crate::texts::Texts;
use crate::{Error, ErrorKind, Result};

use super::super::plugin::Opened;
use super::super::records::{DocumentHead, Origin};
use super::super::{Index, plugin};
use super::{Problem, Verification};

/// A document in a segment: its place among the segment's, and its records.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub document: usize,
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
        opened: &Opened,
        verification: &mut Verification,
    ) -> Result<Vec<Placed>> {
        let failed = |e| index.error(e);
        let starts = starts(&opened.heads).map_err(failed)?;
        if opened.postings.documents().map_err(|e| failed(plugin::damaged(e)))? != starts {
            let message = "its postings and its documents do not agree on where documents begin";
            verification.problems.push(Problem::of_file(reader.segment_id().uuid_string(), message));
        }
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
            let document = starts.binary_search(&first).ok();
            let end = document.map(|at| starts.get(at + 1).copied().unwrap_or(reader.max_doc()));
            let places = first..end.unwrap_or(first);
            let Some(document) = document.filter(|_| records.iter().copied().eq(places.clone())) else {
                wrong("its sections do not stand together in their order".to_owned());
                continue;
            };
            let placed = Placed { document, records: places };
            match read_document(&opened.heads, &opened.texts, &placed) {
                Err(error) => wrong(format!("it cannot be read: {}", error.message())),
                Ok((head, document)) => {
                    if let Some(message) = disagreement(&key, &head, &document) {
                        wrong(message);
                    } else {
                        verification.sections += document.sections.len() as u64 * u64::from(head.failure.is_none());
                        sound.push(placed);
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

/// The document records of a segment.
pub(crate) fn starts(heads: &Heads) -> tantivy::Result<Vec<u32>> {
    let starts = (0..heads.documents()).map(|at| heads.record(at)).collect::<std::result::Result<Vec<u32>, _>>();
    let starts = starts.map_err(plugin::damaged_heads)?;
    if !starts.is_sorted_by(|a, b| a < b) {
        return Err(plugin::corruption("the documents of a segment are not in their order"));
    }
    Ok(starts)
}

/// A document as it was handed to the index.
pub(crate) fn read_document(heads: &Heads, texts: &Texts, placed: &Placed) -> Result<(DocumentHead, Document)> {
    let head = DocumentHead::read(heads, placed.document)?;
    let section = |record| {
        let unreadable = |_| Error::new(ErrorKind::Corrupt, "a section cannot be read from the texts");
        texts.section(record).map_err(unreadable)
    };
    let sections = placed.records.clone().map(section).collect::<Result<_>>()?;
    let document = Document {
        title: head.title.clone(),
        metadata: head.metadata.clone(),
        sections,
        citations: head.citations.clone(),
    };
    Ok((head, document))
}

/// What the manifest says of a document; zeros (so that `update` reads the file
/// again) where it cannot be read.
pub(crate) fn origin(heads: &Heads, document: usize, key: &str) -> Origin {
    let manifest = heads.manifest(document).unwrap_or_default();
    Origin { key: key.to_owned(), size: manifest.size, mtime: manifest.mtime, hash: manifest.hash }
}
