//! What is in an index: counts, roots, failures; and the manifest of documents
//! that `update` compares with the folders.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;
use tantivy::index::SegmentComponent;
use tantivy::{HasLen as _, Segment};

use crate::Result;

use super::crawl::{Known, key_path};
use super::records::{STATUS_CLASSIFIED, STATUS_FAILED};
use super::report::Failure;
use super::snapshot::Snapshot;
use super::{Index, plugin};

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
    /// sections have each word; `context`, both of titles and headings; `labels`, sections
    /// by their numbers; `documents`, what each is; `columns`, the metadata to filter by;
    /// `keys`, documents by their path; `deleted`.
    pub part: &'static str,
    /// Its bytes.
    pub bytes: u64,
}

/// A document of the index: its key, where it stands, and what the manifest says of it.
pub(crate) struct Entry {
    pub key: String,
    /// Its segment's place in the snapshot, and its place among the segment's documents.
    pub segment: usize,
    pub document: usize,
    pub known: Known,
}

/// Every document, failed files included, in no order.
pub(crate) fn manifest(index: &Index, snapshot: &Snapshot) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let damaged = |e| index.error(plugin::damaged_heads(e));
    for (segment, opened) in snapshot.segments.iter().enumerate() {
        let heads = &opened.files.heads;
        for (document, &record) in opened.documents.iter().enumerate() {
            if opened.is_deleted(record) {
                continue;
            }
            let manifest = heads.manifest(document).map_err(damaged)?;
            let known = Known {
                size: manifest.size,
                mtime: manifest.mtime,
                hash: manifest.hash,
                failed: manifest.status == STATUS_FAILED,
                classified: manifest.status == STATUS_CLASSIFIED,
            };
            let key = heads.key(document).map_err(damaged)?.to_owned();
            entries.push(Entry { key, segment, document, known });
        }
    }
    Ok(entries)
}

/// The manifest by key, for the crawl.
pub(crate) fn known(index: &Index, snapshot: &Snapshot) -> Result<HashMap<String, Known>> {
    Ok(manifest(index, snapshot)?.into_iter().map(|entry| (entry.key, entry.known)).collect())
}

/// The failures the index remembers.
pub(crate) fn failures(snapshot: &Snapshot, entries: &[Entry]) -> Result<Vec<Failure>> {
    let mut failures = Vec::new();
    for entry in entries.iter().filter(|entry| entry.known.failed) {
        let Some(failure) = snapshot.segments[entry.segment].head(entry.document)?.failure else { continue };
        let path = key_path(&entry.key).unwrap_or_else(|| PathBuf::from(&entry.key));
        failures.push(Failure { path, kind: failure.kind, message: failure.message, remedy: failure.remedy });
    }
    failures.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(failures)
}

pub(super) fn status(index: &Index) -> Result<Status> {
    let state = index.state()?;
    let (snapshot, sizes) = index.at_commit(|segments| {
        let snapshot = Snapshot::open(segments)?;
        let sizes = sizes(&snapshot, segments)?;
        Ok((snapshot, sizes))
    })?;
    let entries = manifest(index, &snapshot)?;
    let failures = failures(&snapshot, &entries)?;
    // Archives have a record of their own beside those of their members.
    let silent = entries.iter().filter(|entry| entry.known.failed).count() as u64;
    let sound = || entries.iter().filter(|entry| !entry.known.failed);
    let documents = sound().count() as u64;
    Ok(Status {
        path: index.path().map(ToOwned::to_owned),
        documents,
        sections: snapshot.living_records() - silent,
        roots: state.roots.iter().map(PathBuf::from).collect(),
        bytes: sound().map(|entry| entry.known.size).sum(),
        index_bytes: sizes.iter().map(|part| part.bytes).sum(),
        sizes,
        segments: snapshot.segments.len() as u64,
        schema: state.schema,
        classified: entries.iter().filter(|entry| entry.known.classified).count() as u64,
        failures,
    })
}

/// What takes the bytes of a snapshot, which is one of these segments.
fn sizes(snapshot: &Snapshot, segments: &[Segment]) -> tantivy::Result<Vec<PartSize>> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let mut parts: Vec<(&'static str, u64)> = Vec::new();
    for files in snapshot.segments.iter().map(|segment| &segment.files) {
        parts.extend(files.postings.sizes());
        parts.push(("texts", files.texts.bytes()));
        let (stored, columns) = files.heads.sizes();
        parts.extend([("documents", stored), ("columns", columns)]);
    }
    // The rest is tantivy's: which records have a key, and which were deleted.
    for segment in segments {
        for component in [Terms, Postings, Positions, FieldNorms, FastFields, Store] {
            parts.push(("keys", segment.open_read(component)?.len() as u64));
        }
        if segment.meta().has_deletes() {
            parts.push(("deleted", segment.open_read(Delete)?.len() as u64));
        }
    }
    let mut sizes: Vec<PartSize> = Vec::new();
    for (part, bytes) in parts {
        match sizes.iter_mut().find(|size| size.part == part) {
            Some(size) => size.bytes += bytes,
            None => sizes.push(PartSize { part, bytes }),
        }
    }
    sizes.sort_by_key(|size| std::cmp::Reverse(size.bytes));
    Ok(sizes)
}
