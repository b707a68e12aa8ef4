//! The folder an index lies in, as tantivy sees it: every file private to its
//! owner, summed while it is written, and the sums [sealed](super::seal) into
//! `meta.json`.
//!
//! tantivy's own checksums leave out its footers, `meta.json` and
//! `.managed.json`; with the seal, any byte of the index that changes is found by
//! `verify`. Reading checks a seal and takes it away, so tantivy never sees it. An index
//! without seals opens all the same. Reading needs no writable folder.

use std::ffi::OsStr;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, INDEX_WRITER_LOCK, Lock, META_LOCK, MmapDirectory, WatchCallback,
    WatchHandle, WritePtr,
};

use crate::{Error, Result};

use super::seal::{SMALL_BYTES, Sum, Summed, Sums, seal, unseal};

/// What makes a folder an index: which segments there are, and our [`State`](super::state::State).
pub(crate) const META_FILE: &str = "meta.json";
/// Which files are tantivy's to delete.
pub(crate) const MANAGED_FILE: &str = ".managed.json";

/// How often, and how long each time, to wait for the write lock.
const LOCK_TRIES: u32 = 5;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(10);

/// What is written at once. What comes in large pieces lies in large pages of the system's
/// cache, where it keeps such (Linux, of late), and is mapped by fewer steps. Exactly these
/// pieces, or ones of two megabytes, would make a search a little faster, and indexing in a
/// virtual machine that has to ask for each large page slower.
const WRITE_BYTES: usize = 256 << 10;

/// Files up to this size are read from the disk in large pages where the system has such,
/// two megabytes for the first byte asked for of them. A search in a larger one asks for a
/// small part of it.
const LARGE_BYTES: u64 = if cfg!(test) { 1 << 20 } else { 32 << 20 };

/// As [`SMALL_BYTES`], for tantivy's store, which merging reads: a block of it says itself
/// how much memory it takes unpacked. No field is stored, so it is a few bytes a block.
const SMALL_STORE_BYTES: usize = 16 << 20;

#[derive(Debug, Default)]
struct Shared {
    /// Files written or read of in a seal.
    sums: Sums,
    /// The payload of the first `meta.json`, so that no index is ever without one.
    first_payload: Option<String>,
}

/// A directory that seals what is written through it.
#[derive(Clone, Debug)]
pub(crate) struct SealedDirectory {
    inner: Box<dyn Directory>,
    /// `None` for an index in memory.
    folder: Option<PathBuf>,
    /// Where files above [`LARGE_BYTES`] are read, opened for the first of them; one for all
    /// clones, so that they share what is mapped.
    large: Option<Arc<OnceLock<MmapDirectory>>>,
    shared: Arc<Mutex<Shared>>,
    /// Takes a damaged `.managed.json` for a missing one.
    is_lenient: bool,
}

impl SealedDirectory {
    /// The directory of a folder, which must exist.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let inner = open_in_large_pages(folder).map_err(|e| super::tantivy_error(e.into(), Some(folder)))?;
        let directory = SealedDirectory::wrap(Box::new(inner), Some(folder.to_owned()));
        Ok(SealedDirectory { large: Some(Arc::default()), ..directory })
    }

    pub(crate) fn in_ram() -> Self {
        SealedDirectory::wrap(Box::new(tantivy::directory::RamDirectory::create()), None)
    }

    pub(crate) fn wrap(inner: Box<dyn Directory>, folder: Option<PathBuf>) -> Self {
        SealedDirectory { inner, folder, large: None, shared: Arc::default(), is_lenient: false }
    }

    /// For `verify` and `rebuild`, which look at damaged indexes.
    pub(crate) fn lenient(mut self) -> Self {
        self.is_lenient = true;
        self
    }

    /// Gives the first `meta.json` its payload, so that it is an index of ours from
    /// the moment it exists.
    pub(crate) fn set_first_payload(&self, payload: String) {
        self.lock().first_payload = Some(payload);
    }

    /// Compares what is cheap to compare of a file that is being opened: its length,
    /// and its content if that is small, else its edges.
    fn check(&self, path: &Path, expected: Option<Sum>, file: &dyn FileHandle) -> io::Result<()> {
        let Some(expected) = expected.filter(|_| self.folder.is_some() && !self.is_lenient) else { return Ok(()) };
        let small_bytes = if path.extension() == Some(OsStr::new("store")) { SMALL_STORE_BYTES } else { SMALL_BYTES };
        if expected.agrees(file, small_bytes)? {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the content is not what was written"))
    }

    /// Where a file of this size is read.
    fn reading(&self, bytes: Option<u64>) -> &dyn Directory {
        let is_large = bytes.is_some_and(|bytes| bytes > LARGE_BYTES);
        let (Some(large), Some(folder)) = (self.large.as_ref().filter(|_| is_large), &self.folder) else {
            return &*self.inner;
        };
        if let Some(directory) = large.get() {
            return directory;
        }
        MmapDirectory::open(folder).map_or(&*self.inner, |directory| large.get_or_init(|| directory))
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who may write now says so in the lock's file, and what a killed or failed
    /// writer left is cleared away: tantivy names the file of a commit's deletions
    /// by the commit's number, and would stumble over one of a commit that failed.
    fn took_writer_lock(&self) {
        let Some(folder) = &self.folder else { return };
        // A folder in which this fails will fail the writer anyway.
        let lock = folder.join(&INDEX_WRITER_LOCK.filepath);
        let _ = std::fs::write(&lock, std::process::id().to_string());
        let _ = make_private(&lock);
        let Ok(entries) = folder.read_dir() else { return };
        // Without a sound commit, who knows what belongs to it.
        let living = super::verify::living_files(folder);
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_left = living.as_ref().is_some_and(|living| is_part(&name) && !living.contains(&name));
            if is_left || is_temporary(&name) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether a file is what an atomic write leaves when it is killed (`.tmpAb3xYz`).
pub(crate) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(".tmp").is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether a file is a part of a segment (`0ea5…58.idx`).
fn is_part(name: &str) -> bool {
    name.split_once('.').is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether a file belongs to no content: locks and what killed writers leave.
pub(crate) fn is_bookkeeping(name: &str) -> bool {
    is_temporary(name) || [&INDEX_WRITER_LOCK.filepath, &META_LOCK.filepath].iter().any(|lock| lock.as_os_str() == name)
}

/// The process that holds the writer lock, as it wrote itself.
pub(crate) fn lock_holder(folder: &Path) -> Option<u32> {
    std::fs::read_to_string(folder.join(&INDEX_WRITER_LOCK.filepath)).ok()?.trim().parse().ok()
}

fn with_payload(content: &[u8], payload: &str) -> io::Result<Vec<u8>> {
    let mut meta: serde_json::Value = serde_json::from_slice(content)?;
    meta["payload"] = payload.into();
    Ok(serde_json::to_vec_pretty(&meta)?)
}

fn is_sealed(path: &Path) -> bool {
    path == Path::new(META_FILE) || path == Path::new(MANAGED_FILE)
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let expected = path.to_str().and_then(|name| self.lock().sums.get(name).copied());
        let file = self.reading(expected.map(|sum| sum.bytes)).get_file_handle(path)?;
        self.check(path, expected, &*file).map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        Ok(file)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |e| OpenWriteError::wrap_io_error(e, path.to_path_buf());
        let inner = self.inner.open_write(path)?.into_inner().map_err(|e| failed(e.into_error()))?;
        let inner = BufWriter::with_capacity(WRITE_BYTES, inner);
        if let Some(folder) = &self.folder {
            // Before anything is in it.
            make_private(&folder.join(path)).map_err(failed)?;
        }
        let (name, directory) = (path.to_string_lossy().into_owned(), self.clone());
        let keep = move |sum| {
            directory.lock().sums.insert(name, sum);
        };
        // tantivy puts a small buffer of its own before it.
        Ok(BufWriter::new(Box::new(Summed::new(inner, keep))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let data = self.inner.atomic_read(path)?;
        if !is_sealed(path) {
            return Ok(data);
        }
        let is_unusable = |content: &[u8]| serde_json::from_slice::<serde_json::Value>(content).is_err();
        match unseal(&data) {
            Ok((content, _)) if self.is_lenient && path == Path::new(MANAGED_FILE) && is_unusable(content) => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Ok((content, sums)) => {
                let mut shared = self.lock();
                // What is committed is so; what this process knows of the same name may
                // be of a commit that failed.
                shared.sums.extend(sums.unwrap_or_default());
                Ok(content.to_vec())
            }
            Err(_) if self.is_lenient && path == Path::new(MANAGED_FILE) => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Err(e) => Err(OpenReadError::wrap_io_error(e, path.to_owned())),
        }
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(MANAGED_FILE) {
            return self.inner.atomic_write(path, &seal(data, &Sums::new())?);
        }
        if path != Path::new(META_FILE) {
            return self.inner.atomic_write(path, data);
        }
        let sealed = {
            let mut shared = self.lock();
            // Files deleted since, by another writer perhaps.
            shared.sums.retain(|name, _| self.inner.exists(Path::new(name)).unwrap_or(true));
            match &shared.first_payload {
                Some(payload) => seal(&with_payload(data, payload)?, &shared.sums)?,
                None => seal(data, &shared.sums)?,
            }
        };
        self.inner.atomic_write(path, &sealed)?;
        self.lock().first_payload = None;
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let mut taken = self.inner.acquire_lock(lock);
        for _ in 0..LOCK_TRIES {
            // A lock just given back is still held by a process that this one is
            // starting in another thread, until that one is itself.
            if !matches!(taken, Err(LockError::LockBusy)) {
                break;
            }
            std::thread::sleep(LOCK_WAIT);
            taken = self.inner.acquire_lock(lock);
        }
        match taken {
            // It keeps a writer from deleting files while they are opened; who reads
            // a folder that cannot be written opens again when one was gone.
            Err(LockError::IoError(_)) if lock.filepath == META_LOCK.filepath => Ok(DirectoryLock::from(Box::new(()))),
            Ok(held) => {
                if lock.filepath == INDEX_WRITER_LOCK.filepath {
                    self.took_writer_lock();
                } else if let Some(folder) = &self.folder {
                    // Nothing is in it; only that no file of the folder is an exception.
                    let _ = make_private(&folder.join(&lock.filepath));
                }
                Ok(held)
            }
            Err(e) => Err(e),
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// Opens a folder whose files are read in large pages, which are mapped at a stroke: a search
/// in small ones takes a fifth longer, for as long as the system keeps them.
#[cfg(target_os = "linux")]
fn open_in_large_pages(folder: &Path) -> Result<MmapDirectory, OpenDirectoryError> {
    MmapDirectory::open_with_madvice(folder, tantivy::directory::Advice::HugePage)
}

#[cfg(not(target_os = "linux"))]
fn open_in_large_pages(folder: &Path) -> Result<MmapDirectory, OpenDirectoryError> {
    MmapDirectory::open(folder)
}

/// Takes the rights of group and others away; what the umask took stays away.
#[cfg(unix)]
fn make_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode & 0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Creates a folder that only its owner may enter, and its parents.
pub(crate) fn create_private_dir(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| Error::io("cannot create the index folder", e).with_path(path))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tantivy::directory::TerminatingWrite as _;

    use super::super::seal::{HEAD_BYTES, TAIL_BYTES};
    use super::*;

    /// Bytes of every length at which something changes, written in pieces.
    #[test]
    fn a_file_that_is_opened_is_what_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = SealedDirectory::open(folder.path()).expect("open");
        let above = LARGE_BYTES as usize + 7;
        for length in [
            0,
            1,
            HEAD_BYTES,
            SMALL_BYTES - 1,
            SMALL_BYTES,
            SMALL_BYTES + 1,
            5 * SMALL_BYTES + 7,
            WRITE_BYTES + 7,
            above,
        ] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
            let path = PathBuf::from(format!("{length}.idx"));
            let mut writer = directory.open_write(&path).expect("create");
            bytes.chunks(1_000 + length / 3).for_each(|piece| writer.write_all(piece).expect("write"));
            writer.terminate().expect("write");
            // tantivy reads each segment by a clone.
            assert!(directory.clone().get_file_handle(&path).is_ok(), "{length}");
            let is_large = length as u64 > LARGE_BYTES;
            assert_eq!(directory.large.as_ref().is_some_and(|large| large.get().is_some()), is_large, "{length}");
            let file = folder.path().join(&path);
            let is_refused = |bytes: &[u8]| {
                std::fs::write(&file, bytes).expect("write");
                let opened = directory.get_file_handle(&path);
                matches!(opened, Err(OpenReadError::IoError { .. }))
            };
            assert!(is_refused(&[&bytes[..], b"x"].concat()), "{length} and one more");
            for at in [0, HEAD_BYTES - 1, length / 2, length.saturating_sub(TAIL_BYTES), length.saturating_sub(1)] {
                let mut changed = bytes.clone();
                let Some(byte) = changed.get_mut(at) else { continue };
                *byte ^= 1;
                // The middle of a large file is left to `verify`.
                let is_seen = length <= SMALL_BYTES || at < HEAD_BYTES || at >= length - TAIL_BYTES;
                assert_eq!(is_refused(&changed), is_seen, "byte {at} of {length}");
                assert!(!is_seen || is_refused(&bytes[..at]), "{length} cut to {at}");
            }
        }
    }

    /// What the system says of the mapping of a file, if it has large pages at all.
    #[cfg(target_os = "linux")]
    fn is_in_large_pages(file: &Path) -> Option<bool> {
        std::fs::metadata("/sys/kernel/mm/transparent_hugepage").ok()?;
        let maps = std::fs::read_to_string("/proc/self/smaps").ok()?;
        let of_file = maps.split_once(file.to_str()?)?.1;
        let flags = of_file.lines().find_map(|line| line.strip_prefix("VmFlags:"))?;
        Some(flags.split_whitespace().any(|flag| flag == "hg"))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_are_in_large_pages_unless_they_are_large_themselves() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().canonicalize().expect("there");
        let directory = SealedDirectory::open(&folder).expect("open");
        for (name, bytes) in [("small.idx", LARGE_BYTES as usize), ("large.idx", LARGE_BYTES as usize + 1)] {
            let mut writer = directory.open_write(Path::new(name)).expect("create");
            writer.write_all(&vec![1; bytes]).expect("write");
            writer.terminate().expect("write");
            let _file = directory.get_file_handle(Path::new(name)).expect("open");
            let is_in_large_pages = is_in_large_pages(&folder.join(name));
            assert!(is_in_large_pages.is_none_or(|is| is == (name == "small.idx")), "{name}");
        }
    }
}
