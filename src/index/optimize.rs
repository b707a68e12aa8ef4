//! One segment of many: what small updates leave behind, merged.
//!
//! Updates merge as they go, so that none takes long; this is the rest, done when
//! nobody waits for it.

use serde::Serialize;
use tantivy::merge_policy::NoMergePolicy;

use crate::Result;

use super::Index;
use super::budget::MIN_MEMORY_BYTES;

/// What [`Index::optimize`] did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Optimized {
    /// Parts the index was in.
    pub segments_before: u64,
    /// Parts it is in now: 1, or 0 for an empty index.
    pub segments: u64,
    /// Records of deleted and replaced documents that were still there.
    pub dropped_records: u64,
    /// Bytes on disk, before and now; 0 for an index in memory.
    pub bytes_before: u64,
    pub bytes: u64,
}

impl Index {
    /// Merges all parts of the index into one and drops what was deleted. What is
    /// found stays the same; after many small updates it is found faster. Needs as
    /// much room again as the index takes, until it is done.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`](crate::ErrorKind::Locked) while another writer is at work; I/O errors. The index
    /// is left as it was then.
    pub fn optimize(&self) -> Result<Optimized> {
        let mut writer = self.tantivy_writer(1, MIN_MEMORY_BYTES)?;
        // Nothing else may merge what is being merged.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let segments = || self.inner.tantivy.searchable_segment_metas().map_err(|e| self.error(e));
        let bytes = || self.status().map(|status| status.index_bytes);
        let before = segments()?;
        let dropped_records = before.iter().map(|segment| u64::from(segment.num_deleted_docs())).sum();
        let bytes_before = bytes()?;
        if before.len() > 1 || dropped_records > 0 {
            let ids: Vec<_> = before.iter().map(|segment| segment.id()).collect();
            writer.merge(&ids).wait().map_err(|e| self.error(e))?;
        }
        self.close(writer);
        let segments_before = before.len() as u64;
        Ok(Optimized {
            segments_before,
            segments: segments()?.len() as u64,
            dropped_records,
            bytes_before,
            bytes: bytes()?,
        })
    }
}
