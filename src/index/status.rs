//! What is in an index: counts, roots, failures; and the manifest of documents
//! that `update` compares with the folders.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;
use tantivy::directory::error::OpenReadError;
use tantivy::schema::IndexRecordOption;
use tantivy::space_usage::SearcherSpaceUsage;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::Result;

use super::crawl::{Known, key_path};
use super::plugin::{self, Opened};
use super::records::{STATUS_CLASSIFIED, STATUS_FAILED, StoredRecord};
use super::report::Failure;
use super::{Index, tantivy_error};

/// How often a commit that is being replaced is opened again.
const OPEN_TRIES: u32 = 5;

/// What is in an index.
#[derive(Debug, Default, Serialize)]
pub struct Status {
    /// The index's folder.
    pub path: Option<PathBuf>,
    /// Searchable documents.
    pub documents: u64,
    /// Their sections.
    pub sections: u64,
    /// Folders and files the index watches over.
    pub roots: Vec<PathBuf>,
    /// Bytes of the documents' sources.
    pub bytes: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// What takes them, the largest first.
    pub sizes: Vec<PartSize>,
    /// Parts the index is in; merging makes them fewer.
    pub segments: u64,
    /// Version of the index's form.
    pub schema: u32,
    /// Documents marked 秘密, 机密 or 绝密 among the searchable ones.
    pub classified: u64,
    /// Files that are not searchable.
    pub failures: Vec<Failure>,
}

/// Bytes of one part of an index, over all its segments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartSize {
    /// `texts` as they are stored; `chars`, where each character stands; `words`, which
    /// sections have each word; `context`, both of titles and headings; `columns`, the
    /// metadata to filter by; `keys`, documents by their path; `deleted`.
    pub part: &'static str,
    /// Its bytes.
    pub bytes: u64,
}

/// A document of the index: its key, its record's place, and what the manifest
/// says of it.
pub(crate) struct Entry {
    pub key: String,
    pub address: tantivy::DocAddress,
    pub known: Known,
}

/// Every document, failed files included, in no order.
pub(crate) fn manifest(index: &Index, searcher: &Searcher) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
        read_segment(index, segment_ord as u32, segment, &mut entries).map_err(|e| tantivy_error(e, index.path()))?;
    }
    Ok(entries)
}

fn read_segment(
    index: &Index,
    segment_ord: u32,
    segment: &SegmentReader,
    entries: &mut Vec<Entry>,
) -> tantivy::Result<()> {
    let fast = segment.fast_fields();
    let (ordinal, status, size) = (fast.u64("ordinal")?, fast.u64("status")?, fast.u64("size")?);
    let (mtime, hash) = (fast.i64("mtime")?, fast.u64("hash")?);
    let inverted = segment.inverted_index(index.inner.fields.key)?;
    let mut terms = inverted.terms().stream()?;
    while let Some((key, info)) = terms.next() {
        let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let is_document = !segment.is_deleted(doc) && ordinal.first(doc) == Some(0);
            if is_document {
                let known = Known {
                    size: size.first(doc).unwrap_or_default(),
                    mtime: mtime.first(doc).unwrap_or_default(),
                    hash: hash.first(doc).unwrap_or_default(),
                    failed: status.first(doc) == Some(STATUS_FAILED),
                    classified: status.first(doc) == Some(STATUS_CLASSIFIED),
                };
                let key = String::from_utf8_lossy(key).into_owned();
                entries.push(Entry { key, address: tantivy::DocAddress::new(segment_ord, doc), known });
                // A key has one living document; the rest are its sections.
                break;
            }
            doc = postings.advance();
        }
    }
    Ok(())
}

/// The manifest by key, for the crawl.
pub(crate) fn known(index: &Index, searcher: &Searcher) -> Result<HashMap<String, Known>> {
    Ok(manifest(index, searcher)?.into_iter().map(|entry| (entry.key, entry.known)).collect())
}

/// The failures the index remembers.
pub(crate) fn failures(index: &Index, searcher: &Searcher, entries: &[Entry]) -> Result<Vec<Failure>> {
    let mut failures = Vec::new();
    for entry in entries.iter().filter(|entry| entry.known.failed) {
        let record: StoredRecord = searcher.doc(entry.address).map_err(|e| index.error(e))?;
        let Some(failure) = record.document()?.failure else { continue };
        let path = key_path(&entry.key).unwrap_or_else(|| PathBuf::from(&entry.key));
        failures.push(Failure { path, kind: failure.kind, message: failure.message, remedy: failure.remedy });
    }
    failures.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(failures)
}

pub(super) fn status(index: &Index) -> Result<Status> {
    let state = index.state()?;
    let (searcher, files) = index.snapshot()?;
    let entries = manifest(index, &searcher)?;
    let failures = failures(index, &searcher, &entries)?;
    // Archives have a record of their own beside those of their members.
    let silent = entries.iter().filter(|entry| entry.known.failed).count() as u64;
    let sound = || entries.iter().filter(|entry| !entry.known.failed);
    let documents = sound().count() as u64;
    let usage = searcher.space_usage().map_err(|e| index.error(e.into()))?;
    Ok(Status {
        path: index.path().map(ToOwned::to_owned),
        documents,
        sections: searcher.num_docs() - silent,
        roots: state.roots.iter().map(PathBuf::from).collect(),
        bytes: sound().map(|entry| entry.known.size).sum(),
        index_bytes: usage.total().get_bytes(),
        sizes: sizes(&usage, &files),
        segments: searcher.segment_readers().len() as u64,
        schema: state.schema,
        classified: entries.iter().filter(|entry| entry.known.classified).count() as u64,
        failures,
    })
}

fn sizes(usage: &SearcherSpaceUsage, files: &[Opened]) -> Vec<PartSize> {
    let mut parts: Vec<(&'static str, u64)> = files.iter().flat_map(|files| files.postings.sizes()).collect();
    parts.extend(files.iter().map(|files| ("texts", files.texts.bytes())));
    for segment in usage.segments() {
        let keys = [segment.termdict(), segment.postings(), segment.positions(), segment.fieldnorms()];
        parts.push(("documents", segment.store().total().get_bytes()));
        parts.push(("columns", segment.fast_fields().total().get_bytes()));
        parts.push(("keys", keys.iter().map(|usage| usage.total().get_bytes()).sum()));
        parts.push(("deleted", segment.deletes().get_bytes()));
    }
    let mut sizes: Vec<PartSize> = Vec::new();
    for (part, bytes) in parts {
        match sizes.iter_mut().find(|size| size.part == part) {
            Some(size) => size.bytes += bytes,
            None => sizes.push(PartSize { part, bytes }),
        }
    }
    sizes.sort_by_key(|size| std::cmp::Reverse(size.bytes));
    sizes
}

impl Index {
    /// A tantivy searcher on the last commit.
    pub(crate) fn tantivy_searcher(&self) -> Result<Searcher> {
        self.at_commit(Ok)
    }

    /// The last commit with the postings and texts of each of its segments, which stay
    /// open whatever a writer deletes later.
    pub(crate) fn snapshot(&self) -> Result<(Searcher, Vec<Opened>)> {
        self.at_commit(|searcher| {
            let files = searcher.segment_readers().iter().map(plugin::open).collect::<tantivy::Result<_>>()?;
            Ok((searcher, files))
        })
    }

    fn at_commit<T>(&self, with: impl Fn(Searcher) -> tantivy::Result<T>) -> Result<T> {
        let open = || -> tantivy::Result<T> {
            let builder = self.inner.tantivy.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual);
            let reader: tantivy::IndexReader = builder.doc_store_cache_num_blocks(1_024).try_into()?;
            with(reader.searcher())
        };
        let mut opened = open();
        for _ in 0..OPEN_TRIES {
            match &opened {
                // A writer may have deleted what the commit just read still names; the
                // next commit is there then.
                Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) => opened = open(),
                _ => break,
            }
        }
        opened.map_err(|e| self.error(e))
    }
}
