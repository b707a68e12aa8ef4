//! Bringing the index up to date with its roots: crawl, read and parse in
//! parallel, write, commit once.
//!
//! One thread walks; `threads` workers read, extract, parse and hand whole
//! documents to tantivy, whose own threads tokenize and write. What is between
//! parsing and writing is bounded in bytes, so memory does not grow with the
//! number of files.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tantivy::Term;
use tantivy::indexer::UserOperation;
use xxhash_rust::xxh3::xxh3_64;

use crate::extract::{self, ReadOptions};
use crate::{Error, ErrorKind, Result};

use super::budget::{Budget, MIN_MEMORY_BYTES};
use super::crawl::{self, Crawl, Found, file_key};
use super::file::File;
use super::records::{self, Origin, Record};
use super::report::{Event, Failure, Report};
use super::{Index, status};

type Observer = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// How an update runs.
#[derive(Clone, Default)]
pub struct UpdateOptions {
    threads: Option<usize>,
    memory_bytes: Option<usize>,
    observer: Option<Observer>,
    cancel: Option<Arc<AtomicBool>>,
    skip_classified: Option<bool>,
    read: ReadOptions,
}

impl UpdateOptions {
    /// A thread for each core, six at most, 512 MB, no observer.
    pub fn new() -> Self {
        UpdateOptions::default()
    }

    /// Number of worker threads, eight at most; by default one for each core. Fewer work
    /// where the memory budget has no room for them: six with 512 MB.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// Memory budget in bytes, at least 64 MB.
    #[must_use]
    pub fn memory_bytes(mut self, bytes: usize) -> Self {
        self.memory_bytes = Some(bytes);
        self
    }

    /// Is told what happens, from several threads at once.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// How files are read: limits, records, character recognition.
    #[must_use]
    pub fn read_options(mut self, options: ReadOptions) -> Self {
        self.read = options;
        self
    }

    /// Stops the update when the flag becomes true: what is whole by then is
    /// committed, the rest is left for the next update.
    #[must_use]
    pub fn cancel(mut self, flag: Arc<AtomicBool>) -> Self {
        self.cancel = Some(flag);
        self
    }

    /// Leaves documents marked 秘密, 机密 or 绝密 out, those that are in the index
    /// already too, or lets them in again. The index remembers it for later updates.
    #[must_use]
    pub fn skip_classified(mut self, skip: bool) -> Self {
        self.skip_classified = Some(skip);
        self
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    pub(super) fn notify(&self, event: Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    fn thread_count(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)).clamp(1, 8)
    }
}

/// What the workers share.
pub(super) struct Shared<'a> {
    pub(super) index: &'a Index,
    pub(super) options: &'a UpdateOptions,
    pub(super) writer: &'a tantivy::IndexWriter<Record>,
    /// Held while operations are handed to the writer: tantivy numbers them first
    /// and queues them after, and a deletion that is queued out of the numbers'
    /// order is applied to the records that replace the deleted ones too.
    pub(super) order: Mutex<()>,
    pub(super) in_flight: Arc<AtomicUsize>,
    pub(super) in_flight_limit: usize,
    pub(super) next: AtomicUsize,
    pub(super) counts: Counts,
    pub(super) skip_classified: bool,
    pub(super) classified: Mutex<Vec<PathBuf>>,
    pub(super) failures: Mutex<Vec<Failure>>,
    /// The first error of the index itself; it stops everything.
    pub(super) fatal: Mutex<Option<Error>>,
    pub(super) stop: AtomicBool,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) added: AtomicU64,
    pub(super) changed: AtomicU64,
    pub(super) touched: AtomicU64,
    pub(super) unchanged: AtomicU64,
    pub(super) removed: AtomicU64,
    pub(super) sections: AtomicU64,
    pub(super) bytes_read: AtomicU64,
}

pub(super) fn update(index: &Index, new_roots: &[PathBuf], options: &UpdateOptions) -> Result<Report> {
    let started = Instant::now();
    let snapshot = index.snapshot()?;
    let mut state = index.state()?;
    let old = state.clone();
    state.skip_classified = options.skip_classified.unwrap_or(state.skip_classified);
    for root in new_roots {
        let root = root.to_str().expect("absolute_root returns UTF-8 paths").to_owned();
        if !state.roots.contains(&root) {
            state.roots.push(root);
        }
    }
    state.roots.sort_unstable();
    let roots: Vec<PathBuf> = state.roots.iter().map(PathBuf::from).collect();
    let entries = status::manifest(index, &snapshot)?;
    let mut remembered = status::failures(&snapshot, &entries)?;
    let mut known: HashMap<_, _> = entries.into_iter().map(|entry| (entry.key, entry.known)).collect();
    let is_classified = |failure: &&Failure| failure.kind == ErrorKind::Classified.name();
    let left_out: HashSet<PathBuf> = remembered.iter().filter(is_classified).map(|f| f.path.clone()).collect();
    let is_read_again = |(key, known): &(&String, &crawl::Known)| {
        // What was let in before, or left out; what had no text may have some now.
        let is_out = || known.failed && crawl::key_path(key).is_some_and(|path| left_out.contains(&path));
        options.read.has_ocr() && known.failed || if state.skip_classified { known.classified } else { is_out() }
    };
    let again: Vec<String> = known.iter().filter(is_read_again).map(|(key, _)| key.clone()).collect();
    for key in again {
        // Members are read with their archive.
        let file = crawl::container(&key, &known).unwrap_or(&key).to_owned();
        known.entry(file).and_modify(|known| known.size = u64::MAX);
    }
    let own_folder = index.path().and_then(|path| path.canonicalize().ok());
    let crawl = crawl::crawl(&roots, &known, own_folder.as_deref());

    let mut report =
        Report { files: crawl.unchanged + crawl.pending.len() as u64, unchanged: crawl.unchanged, ..Report::default() };
    let pending_bytes = crawl.pending.iter().map(|found| found.size).sum();
    options.notify(Event::Scanned { files: report.files, pending: crawl.pending.len() as u64, pending_bytes });
    report.failures = crawl.failures.iter().map(failure_of).collect();
    // What will be read again, or is gone, is no failure of an earlier run any more.
    let stale: HashSet<_> = crawl
        .pending
        .iter()
        .map(|f| f.path.clone())
        .chain(crawl.pending.iter().flat_map(|found| &found.members).filter_map(|k| crawl::key_path(k)))
        .chain(crawl.gone.iter().filter_map(|k| crawl::key_path(k)))
        .collect();
    remembered.retain(|failure| !stale.contains(&failure.path));
    report.failures.append(&mut remembered);

    let has_work = !crawl.pending.is_empty() || !crawl.gone.is_empty() || state != old;
    if has_work {
        write(index, options, &crawl, &state, &mut report)?;
    }
    report.failures.sort_by(|a, b| a.path.cmp(&b.path));
    report.set_elapsed(started.elapsed());
    Ok(report)
}

/// Reads and writes what the crawl found, and commits.
fn write(
    index: &Index,
    options: &UpdateOptions,
    crawl: &Crawl,
    state: &super::state::State,
    report: &mut Report,
) -> Result<()> {
    let threads = options.thread_count().min(crawl.pending.len().max(1));
    let Budget { threads, writer_bytes, in_flight_bytes } = Budget::new(options.memory_bytes, threads);
    let mut writer = index.tantivy_writer(threads, writer_bytes)?;
    let shared = Shared {
        index,
        options,
        writer: &writer,
        order: Mutex::default(),
        in_flight: Arc::new(AtomicUsize::new(0)),
        in_flight_limit: in_flight_bytes,
        next: AtomicUsize::new(0),
        counts: Counts::default(),
        skip_classified: state.skip_classified,
        classified: Mutex::default(),
        failures: Mutex::default(),
        fatal: Mutex::default(),
        stop: AtomicBool::new(false),
    };
    for key in &crawl.gone {
        shared.writer.delete_term(Term::from_field_text(index.inner.fields.key, key));
    }
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&shared, &crawl.pending));
        }
    });
    let Shared { counts, classified, failures, fatal, next, .. } = shared;
    if let Some(error) = fatal.into_inner().unwrap_or_else(PoisonError::into_inner) {
        // Dropping the writer without a commit leaves the index as it was. One whose
        // thread has failed says of what only when its threads are joined.
        let cause = match error.kind() {
            ErrorKind::Io => writer.prepare_commit().err(),
            _ => None,
        };
        return Err(cause.map_or(error, |cause| index.error(cause)));
    }
    report.interrupted = options.is_cancelled() && next.into_inner() < crawl.pending.len();
    options.notify(Event::Committing);
    index.commit(&mut writer, state)?;
    // What is committed stays; a merge that failed is tried again by the next writer.
    index.close(writer);
    report.added = counts.added.into_inner();
    report.changed = counts.changed.into_inner();
    report.touched = counts.touched.into_inner();
    report.unchanged += counts.unchanged.into_inner();
    report.sections = counts.sections.into_inner();
    report.bytes_read = counts.bytes_read.into_inner();
    report.removed = crawl.gone.len() as u64 + counts.removed.into_inner();
    let mut failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.classified = classified.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.classified.sort();
    report.failed = failures.len() as u64;
    report.failures.append(&mut failures);
    Ok(())
}

fn work(shared: &Shared<'_>, pending: &[Found]) {
    loop {
        if shared.stop.load(Ordering::Relaxed) || shared.options.is_cancelled() {
            return;
        }
        let Some(found) = pending.get(shared.next.fetch_add(1, Ordering::Relaxed)) else { return };
        wait_for_room(shared, found.size);
        if let Err(error) = index_file(shared, found) {
            shared.stop.store(true, Ordering::Relaxed);
            shared.fatal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            return;
        }
    }
}

/// Waits until the documents between parsing and writing leave room.
pub(super) fn wait_for_room(shared: &Shared<'_>, bytes: u64) {
    loop {
        let in_flight = shared.in_flight.load(Ordering::Acquire);
        if in_flight == 0 || in_flight + bytes as usize <= shared.in_flight_limit || shared.stop.load(Ordering::Relaxed)
        {
            return;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Reads one file and hands it to the writer. An error is one of the index; a
/// file that cannot be read is recorded as a failure.
fn index_file(shared: &Shared<'_>, found: &Found) -> Result<()> {
    let key = file_key(&found.path);
    let mut origin = Origin { key, size: found.size, mtime: found.mtime, hash: 0 };
    let bytes = match read(found) {
        Ok(bytes) => bytes,
        Err(error) => return fail(shared, &found.path, &origin, error),
    };
    shared.counts.bytes_read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    origin.size = bytes.len() as u64;
    origin.hash = xxh3_64(&bytes);
    let is_same =
        found.known.is_some_and(|known| known.hash == origin.hash && known.size == origin.size && !known.failed);
    if is_same {
        // Only its time changed. It is written again all the same, so that the index
        // has the new time and need not read the file at every update.
        shared.counts.touched.fetch_add(1, Ordering::Relaxed);
    }
    let mut file = File::new(shared, found, &origin);
    let bytes = Arc::new(bytes);
    // An error of the index must not pass for one of the file.
    let mut fatal = None;
    let outcome = extract::documents_guarded(&bytes, &found.path, &shared.options.read, &mut |part| {
        if shared.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "the update has stopped"));
        }
        file.part(part).map_err(|error| {
            fatal = Some(error);
            Error::new(ErrorKind::Interrupted, "the update has stopped")
        })
    });
    drop(bytes);
    if let Some(error) = fatal {
        return Err(error);
    }
    file.finish(outcome)
}

/// Runs a reader of documents; a panic in it, or in a library it uses, is a failure
/// of that file and no more.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::Malformed, "the reader of this format failed on the file")
            .with_remedy("please report it, with the file if you may"))
    })
}

fn read(found: &Found) -> Result<Vec<u8>> {
    if found.size > extract::MAX_BYTES as u64 {
        let message = format!("the file has {} bytes, at most {} are read", found.size, extract::MAX_BYTES);
        return Err(Error::new(ErrorKind::LimitExceeded, message).with_path(&found.path));
    }
    let failed = |e| Error::io("cannot read the file", e).with_path(&found.path);
    let mut bytes = Vec::with_capacity(found.size as usize);
    // It may have grown since the crawl; one byte more, so that the limit is noticed.
    let file = std::fs::File::open(&found.path).map_err(failed)?;
    file.take(extract::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

pub(super) fn fail(shared: &Shared<'_>, path: &Path, origin: &Origin, error: Error) -> Result<()> {
    let error = error.with_path(path);
    let record = records::failure_record(&shared.index.inner.fields, origin, &error)?;
    replace(shared, &origin.key, vec![record])?;
    shared.options.notify(Event::Failed { path, bytes: origin.size, error: &error });
    shared.failures.lock().unwrap_or_else(PoisonError::into_inner).push(failure_of(&error));
    Ok(())
}

pub(super) fn replace(shared: &Shared<'_>, key: &str, records: Vec<Record>) -> Result<()> {
    let delete = UserOperation::Delete(Term::from_field_text(shared.index.inner.fields.key, key));
    let mut operations = Vec::with_capacity(records.len() + 1);
    operations.push(delete);
    operations.extend(records.into_iter().map(UserOperation::Add));
    let _in_order = shared.order.lock().unwrap_or_else(PoisonError::into_inner);
    shared.writer.run(operations).map_err(|e| shared.index.error(e))?;
    Ok(())
}

pub(super) fn failure_of(error: &Error) -> Failure {
    Failure {
        path: error.path().map(Path::to_owned).unwrap_or_default(),
        kind: error.kind().name().to_owned(),
        message: error.message_with_causes(),
        remedy: error.remedy().map(str::to_owned),
    }
}

pub(super) fn remove_root(index: &Index, root: &Path) -> Result<u64> {
    // A root that is gone from the disk can still be taken out of the index.
    let absolute = root.canonicalize().or_else(|_| std::path::absolute(root)).unwrap_or_else(|_| root.to_owned());
    let mut state = index.state()?;
    let roots_before = state.roots.len();
    state.roots.retain(|known| Path::new(known) != absolute);
    let snapshot = index.snapshot()?;
    let still_rooted =
        |path: &Path| state.roots.iter().any(|other| path.starts_with(other) && !absolute.starts_with(other));
    let known = status::known(index, &snapshot)?;
    let keys: Vec<String> = known
        .keys()
        .filter(|key| {
            crawl::source_path(key, &known).is_some_and(|path| path.starts_with(&absolute) && !still_rooted(&path))
        })
        .cloned()
        .collect();
    if keys.is_empty() && state.roots.len() == roots_before {
        return Err(Error::new(ErrorKind::InvalidArgument, "the index has nothing under this path")
            .with_path(root)
            .with_remedy("`gongwen status` lists the roots"));
    }
    let mut writer = index.tantivy_writer(1, MIN_MEMORY_BYTES)?;
    for key in &keys {
        writer.delete_term(Term::from_field_text(index.inner.fields.key, key));
    }
    index.commit(&mut writer, &state)?;
    index.close(writer);
    Ok(keys.len() as u64)
}
