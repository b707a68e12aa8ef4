//! Every operation on the index's folder fails once: what is left must be some
//! commit, whole, and a search must answer from it or say that it cannot.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::directory::SealedDirectory;
use super::{Index, VerifyOptions, Writer};
use crate::analysis::Dictionary;
use crate::{Mode, Query, Result, SearchOptions};

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Everything that writes, from the chosen operation on: the disk is full.
    Full,
    /// The chosen write takes half of the bytes, and the next one none.
    Short,
    /// The chosen operation alone, reading or writing, fails.
    Once,
}

#[derive(Debug)]
struct Plan {
    fault: Fault,
    /// Operations until the fault.
    at: u64,
    done: AtomicU64,
    hit: AtomicUsize,
    /// Files begun, and those that were brought to the disk.
    begun: AtomicUsize,
    synced: AtomicUsize,
}

impl Plan {
    fn new(fault: Fault, at: u64) -> Arc<Self> {
        let (done, count) = (AtomicU64::new(0), AtomicUsize::default);
        Arc::new(Plan { fault, at, done, hit: count(), begun: count(), synced: count() })
    }

    fn check(&self, is_write: bool) -> io::Result<()> {
        let now = self.done.fetch_add(1, Ordering::SeqCst);
        let fails = match self.fault {
            Fault::Full => is_write && now >= self.at,
            Fault::Once => now == self.at,
            Fault::Short => false,
        };
        if !fails {
            return Ok(());
        }
        self.hit.fetch_add(1, Ordering::SeqCst);
        Err(io::Error::from(if is_write { io::ErrorKind::StorageFull } else { io::ErrorKind::TimedOut }))
    }
}

#[derive(Clone, Debug)]
struct Faulty {
    inner: MmapDirectory,
    plan: Arc<Plan>,
}

impl Directory for Faulty {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.plan.check(false).map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let failed = |e| DeleteError::IoError { io_error: Arc::new(e), filepath: path.to_owned() };
        self.plan.check(true).map_err(failed)?;
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |e| OpenWriteError::wrap_io_error(e, path.to_owned());
        self.plan.check(true).map_err(failed)?;
        let inner = self.inner.open_write(path)?.into_inner().map_err(|e| failed(e.into_error()))?;
        self.plan.begun.fetch_add(1, Ordering::SeqCst);
        Ok(BufWriter::new(Box::new(FaultyFile { inner, plan: self.plan.clone(), is_stuck: false })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.plan.check(false).map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.plan.check(true)?;
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.plan.check(true)?;
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.plan.check(true).map_err(LockError::wrap_io_error)?;
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct FaultyFile {
    inner: Box<dyn TerminatingWrite + Send + Sync>,
    plan: Arc<Plan>,
    is_stuck: bool,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_stuck {
            return Ok(0);
        }
        let is_short = self.plan.fault == Fault::Short && self.plan.done.load(Ordering::SeqCst) >= self.plan.at;
        if is_short && bytes.len() > 1 && self.plan.hit.fetch_add(1, Ordering::SeqCst) == 0 {
            self.is_stuck = true;
            return self.inner.write(&bytes[..bytes.len() / 2]);
        }
        self.plan.check(true)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for FaultyFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.plan.check(true)?;
        self.plan.synced.fetch_add(1, Ordering::SeqCst);
        self.inner.terminate_ref(token)
    }
}

fn open(folder: &Path, plan: Arc<Plan>) -> Result<Index> {
    let inner = MmapDirectory::open(folder).expect("the folder");
    let directory = SealedDirectory::wrap(Box::new(Faulty { inner, plan }), Some(folder.to_owned()));
    let tantivy = tantivy::Index::open(directory).map_err(|e| super::tantivy_error(e, Some(folder)))?;
    Index::opened(tantivy, Some(folder.to_owned()), Dictionary::new())
}

fn found(index: &Index, query: &str) -> Result<u64> {
    let options = SearchOptions::new().mode(Mode::Exact);
    Ok(index.searcher()?.search(&Query::parse(query)?, &options)?.counts.exact)
}

fn put(writer: &mut Writer, version: u32) -> Result<()> {
    for n in 0..5 {
        let text = format!("第{n}号办法\n第一条 第{version}版供水。\n第二条 供水管网。\n");
        writer.put_text(&n.to_string(), &text)?;
    }
    writer.commit()
}

fn replace(index: &Index, version: u32) -> Result<()> {
    let mut writer = index.writer()?;
    put(&mut writer, version)
}

/// A folder with a first commit.
fn base() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("index");
    replace(&Index::create(&folder).expect("create"), 1).expect("commit");
    (dir, folder)
}

fn versions(folder: &Path) -> (u64, u64) {
    let index = Index::open(folder).expect("the index opens");
    (found(&index, "\"第1版供水\"").expect("search"), found(&index, "\"第2版供水\"").expect("search"))
}

#[test]
fn every_write_may_fail() {
    let (_dir, folder) = base();
    let plan = Plan::new(Fault::Once, u64::MAX);
    replace(&open(&folder, plan.clone()).expect("open"), 2).expect("no fault yet");
    let operations = plan.done.load(Ordering::SeqCst);
    assert!(operations > 30, "{operations} operations");
    // A commit must outlast a machine that stops.
    let (begun, synced) = (plan.begun.load(Ordering::SeqCst), plan.synced.load(Ordering::SeqCst));
    assert!(begun > 5 && synced == begun, "{synced} of {begun} files");

    let is_long = std::env::var_os("GONGWEN_LONG_TESTS").is_some();
    let step = if is_long { 1 } else { 8 };
    let (mut injected, mut errors, mut kept) = (0, 0, 0);
    for fault in [Fault::Full, Fault::Short, Fault::Once] {
        for at in (0..operations).step_by(step) {
            let (_dir, folder) = base();
            let plan = Plan::new(fault, at);
            let outcome = open(&folder, plan.clone()).and_then(|index| replace(&index, 2));
            let was_hit = plan.hit.load(Ordering::SeqCst) > 0;
            injected += usize::from(was_hit);
            errors += usize::from(outcome.is_err());
            if let Err(error) = &outcome {
                let text = format!("{error} {:?}", error.remedy());
                assert!(was_hit, "{fault:?} at {at}: {text}");
                let is_clear = error.to_string().contains("index");
                assert!(is_clear, "{fault:?} at {at}: {text}");
            }
            // Whatever failed, the folder holds the old commit or the new one.
            let verification = Index::verify(&folder, &VerifyOptions::new().full(true)).expect("verify");
            assert!(verification.is_clean(), "{fault:?} at {at}: {:?}", verification.problems);
            match versions(&folder) {
                (5, 0) => {
                    kept += 1;
                    assert!(outcome.is_err(), "{fault:?} at {at}: nothing was written and nothing said");
                }
                // An error behind the commit (clearing away, merging) may still be told.
                (0, 5) => {}
                other => panic!("{fault:?} at {at}: {other:?}, neither commit"),
            }
            // And the next writer goes on as if nothing had been.
            replace(&Index::open(&folder).expect("open"), 3).expect("write again");
            assert_eq!(versions(&folder), (0, 0));
        }
    }
    eprintln!("{injected} faults injected, {errors} reported, {kept} times the old commit was kept");
}

/// Two segments, each of enough records for their merge to be shared among threads.
fn two_segments() -> (tempfile::TempDir, PathBuf) {
    let (dir, folder) = base();
    let mut writer = Index::open(&folder).and_then(|index| index.writer()).expect("a writer");
    for n in 10..15 {
        writer.put_text(&n.to_string(), &format!("第{n}号办法\n第一条 供水。\n第二条 供水管网。\n")).expect("put");
    }
    writer.commit().expect("commit");
    (dir, folder)
}

#[test]
fn every_write_of_a_merge_may_fail() {
    let plan = Plan::new(Fault::Once, u64::MAX);
    let (_dir, folder) = two_segments();
    let optimized = open(&folder, plan.clone()).and_then(|index| index.optimize()).expect("no fault yet");
    assert_eq!((optimized.segments_before, optimized.segments), (2, 1));
    let (begun, synced) = (plan.begun.load(Ordering::SeqCst), plan.synced.load(Ordering::SeqCst));
    assert!(begun > 5 && synced == begun, "{synced} of {begun} files");
    let step = if std::env::var_os("GONGWEN_LONG_TESTS").is_some() { 1 } else { 6 };
    let mut errors = 0;
    for (first, fault) in (0..).step_by(2).zip([Fault::Full, Fault::Short, Fault::Once]) {
        for at in (first % step..plan.done.load(Ordering::SeqCst)).step_by(step as usize) {
            let (_dir, folder) = two_segments();
            let outcome = open(&folder, Plan::new(fault, at)).and_then(|index| index.optimize());
            errors += usize::from(outcome.is_err());
            let verification = Index::verify(&folder, &VerifyOptions::new().full(true)).expect("verify");
            assert!(verification.is_clean(), "{fault:?} at {at}: {:?}", verification.problems);
            let index = Index::open(&folder).expect("open");
            assert_eq!(found(&index, "供水").expect("search"), 20, "{fault:?} at {at}");
            assert_eq!(index.optimize().expect("optimize").segments, 1);
        }
    }
    assert!(errors > 5, "{errors} reported");
}

#[test]
fn every_read_may_fail() {
    let (_dir, folder) = base();
    let plan = Plan::new(Fault::Once, u64::MAX);
    assert_eq!(found(&open(&folder, plan.clone()).expect("open"), "供水").expect("search"), 10);
    let operations = plan.done.load(Ordering::SeqCst);
    let mut errors = 0;
    for at in 0..operations {
        let plan = Plan::new(Fault::Once, at);
        match open(&folder, plan.clone()).and_then(|index| found(&index, "供水")) {
            Ok(count) => assert_eq!(count, 10, "read {at}: a smaller answer instead of an error"),
            Err(_) => errors += 1,
        }
    }
    assert!(errors > 5, "{errors} of {operations}");
    eprintln!("{operations} failing reads, {errors} reported, the others not needed");
}
