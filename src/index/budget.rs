//! How much memory an update may take → its threads, and what each may hold.

/// Memory for indexing unless told otherwise.
const DEFAULT_BYTES: usize = 512 << 20;
/// The least budget that is kept to.
const LEAST_BYTES: usize = 64 << 20;

/// The least memory that a thread of tantivy's writer works with.
pub(super) const MIN_MEMORY_BYTES: usize = 15_000_000;
/// With less than this for each there are fewer threads: tables take some 12 MB of it, and the
/// smaller the segments, the more there is to merge. Seen on two processors, which took four
/// times as long with 16 MB a thread. The usual budget has room for six threads; as they do
/// three quarters of the work, and others read, they should keep eight processors busy.
const WORTH_BYTES: usize = 28 << 20;
/// The most that a thread of it may hold before it writes a segment. tantivy refuses more
/// than 4 GB, and a segment's lists stand in as much; one document more must fit.
const MAX_MEMORY_BYTES: usize = 1 << 30;

/// What a thread takes beside what it holds until it writes a segment: documents that are
/// read, clauses that were cut, what an allocator keeps for it. Seen: 14 to 20 MB, and a third
/// of what it holds while the segment is made of it.
const BESIDE_BYTES: usize = 24 << 20;

/// What is kept for merges and the list of files. Of 600 MB of texts they take some 70 MB.
const MERGE_BYTES: usize = 64 << 20;

/// What an update may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Budget {
    /// Threads that read and parse, and as many that write.
    pub threads: usize,
    /// What the writing ones may hold together.
    pub writer_bytes: usize,
    /// What lies between reading and writing at most.
    pub in_flight_bytes: usize,
}

impl Budget {
    /// Shares a budget among `threads` threads at most; among fewer where it has no room for
    /// them.
    pub(super) fn new(bytes: Option<usize>, threads: usize) -> Self {
        let bytes = bytes.unwrap_or(DEFAULT_BYTES).max(LEAST_BYTES);
        let in_flight_bytes = bytes / 8;
        // A small budget is one for few texts.
        let merge_bytes = ((bytes - LEAST_BYTES / 2) / 4).min(MERGE_BYTES);
        let held =
            |threads: usize| ((bytes - in_flight_bytes - merge_bytes) / threads).saturating_sub(BESIDE_BYTES) / 4 * 3;
        let threads = (1..=threads).rev().find(|&threads| held(threads) >= WORTH_BYTES).unwrap_or(1);
        let each = held(threads).min(bytes / 2 / threads).clamp(MIN_MEMORY_BYTES, MAX_MEMORY_BYTES);
        Budget { threads, writer_bytes: threads * each, in_flight_bytes }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;
    use crate::{Event, Index, UpdateOptions};

    const MB: usize = 1 << 20;

    #[test]
    fn a_budget_is_kept_to_by_fewer_threads_that_hold_less() {
        assert_eq!(Budget::new(None, 2), Budget { threads: 2, writer_bytes: 252 * MB, in_flight_bytes: 64 * MB });
        for (megabytes, wanted, threads) in
            [(64, 8, 1), (128, 8, 1), (256, 8, 2), (512, 8, 6), (1_024, 8, 8), (512, 1, 1)]
        {
            assert_eq!(Budget::new(Some(megabytes * MB), wanted).threads, threads, "{megabytes} MB");
        }
        for megabytes in 64..2_000 {
            for wanted in 1..=8 {
                let Budget { threads, writer_bytes, in_flight_bytes } = Budget::new(Some(megabytes * MB), wanted);
                assert!((1..=wanted).contains(&threads) && writer_bytes >= threads * MIN_MEMORY_BYTES);
                let all = in_flight_bytes + writer_bytes / 3 * 4 + threads * BESIDE_BYTES;
                assert!(all <= megabytes * MB + threads, "{megabytes} MB, {wanted} threads: {all}");
            }
        }
    }

    /// Who tells of the files of an update.
    fn readers(threads: usize, megabytes: usize) -> usize {
        let folder = tempfile::tempdir().expect("a folder");
        for n in 0..40 {
            std::fs::write(folder.path().join(format!("{n}.txt")), "供水办法").expect("write");
        }
        let readers = Arc::new(Mutex::new(HashSet::new()));
        let here = readers.clone();
        let observer = move |_: Event<'_>| {
            here.lock().expect("no panic").insert(std::thread::current().id());
            // Time for others to take a file.
            std::thread::sleep(Duration::from_millis(2));
        };
        let options = UpdateOptions::new().threads(threads).memory_bytes(megabytes * MB).observer(observer);
        let index = Index::in_ram().expect("in memory");
        index.add_roots(&[folder.path()], &options).expect("update");
        // One more tells of the crawl and the commit.
        let readers = readers.lock().expect("no panic").len();
        readers - usize::from(readers > 0)
    }

    #[test]
    fn an_update_has_no_more_threads_than_its_budget() {
        assert_eq!(readers(8, 64), 1);
        assert!(readers(8, 1_024) > 1);
    }

    #[test]
    fn any_number_of_bytes_is_a_budget() {
        assert_eq!(Budget::new(Some(0), 8), Budget::new(Some(LEAST_BYTES), 8));
        assert_eq!(Budget::new(Some(usize::MAX), 4).writer_bytes / 4, MAX_MEMORY_BYTES.min(usize::MAX / 8));
    }
}
