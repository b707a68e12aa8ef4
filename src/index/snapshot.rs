//! A commit, opened to be read.

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory as _, META_LOCK};
use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentComponent;
use tantivy::{Segment, TantivyError};

use crate::Result;

use super::records::DocumentHead;
use super::{Index, plugin};

/// How often a commit that is being replaced is opened again.
const OPEN_TRIES: u32 = 5;

/// A commit. What is read of it stays there, whatever a writer deletes later.
pub(crate) struct Snapshot {
    pub segments: Vec<OpenSegment>,
}

/// A segment of it.
pub(crate) struct OpenSegment {
    pub files: plugin::Opened,
    /// The document records, ascending; deleted and failed ones included.
    pub documents: Vec<u32>,
    alive: Option<AliveBitSet>,
    records: u32,
}

impl Snapshot {
    /// Opens the segments of a commit.
    pub(crate) fn open(segments: &[Segment]) -> tantivy::Result<Self> {
        Ok(Snapshot { segments: segments.iter().map(OpenSegment::open).collect::<tantivy::Result<_>>()? })
    }

    /// Records that are not deleted.
    pub(crate) fn living_records(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.living_records())).sum()
    }
}

impl OpenSegment {
    fn open(segment: &Segment) -> tantivy::Result<Self> {
        let files = plugin::open(segment)?;
        let alive = alive(segment)?;
        let documents = files.postings.documents().map_err(plugin::damaged)?;
        if documents.len() != files.heads.documents() {
            return Err(plugin::corruption("a segment has not as many documents as it says"));
        }
        Ok(OpenSegment { files, documents, alive, records: segment.meta().max_doc() })
    }

    /// Records, deleted ones included.
    pub(crate) fn records(&self) -> u32 {
        self.records
    }

    pub(crate) fn living_records(&self) -> u32 {
        self.alive.as_ref().map_or(self.records, |alive| alive.num_alive_docs() as u32)
    }

    /// Whether records were deleted.
    pub(crate) fn has_deleted(&self) -> bool {
        self.alive.is_some()
    }

    pub(crate) fn is_deleted(&self, record: u32) -> bool {
        self.alive.as_ref().is_some_and(|alive| alive.is_deleted(record))
    }

    /// The head of a document, by its place among the segment's.
    pub(crate) fn head(&self, document: usize) -> Result<DocumentHead> {
        DocumentHead::read(&self.files.heads, document)
    }
}

/// Which records of a segment are not deleted; `None` when none was.
pub(crate) fn alive(segment: &Segment) -> tantivy::Result<Option<AliveBitSet>> {
    if !segment.meta().has_deletes() {
        return Ok(None);
    }
    let alive = AliveBitSet::open(segment.open_read(SegmentComponent::Delete)?.read_bytes()?);
    let is_whole = alive.bitset().max_value() == segment.meta().max_doc();
    if is_whole { Ok(Some(alive)) } else { Err(plugin::corruption("the deletions of a segment cannot be read")) }
}

impl Index {
    /// Opens the last commit.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        self.at_commit(Snapshot::open)
    }

    /// Reads the segments of the last commit, whose files are not deleted meanwhile.
    pub(crate) fn at_commit<T>(&self, read: impl Fn(&[Segment]) -> tantivy::Result<T>) -> Result<T> {
        let read = || -> tantivy::Result<T> {
            let tantivy = &self.inner.tantivy;
            let _lock = tantivy.directory().acquire_lock(&META_LOCK)?;
            read(&tantivy.searchable_segments()?)
        };
        let mut done = read();
        for _ in 0..OPEN_TRIES {
            match &done {
                // A writer may have deleted what the commit just read still names; the
                // next commit is there then.
                Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) => done = read(),
                _ => break,
            }
        }
        done.map_err(|e| self.error(e))
    }
}
