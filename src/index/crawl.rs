//! Which files stand under the roots, and which of them the index has to read.
//!
//! Looks at names, sizes and times only; contents are the pipeline's business.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use crate::{Error, ErrorKind, Result};

/// How deep folders may be nested.
const MAX_DEPTH: usize = 64;

/// A file that the index knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    pub hash: u64,
    pub failed: bool,
    /// Searchable, and marked 秘密, 机密 or 绝密.
    pub classified: bool,
}

/// A file found under a root.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub path: PathBuf,
    pub size: u64,
    pub mtime: i64,
    /// What the index has of it.
    pub known: Option<Known>,
    /// Keys of the documents that the index has from inside it.
    pub members: Vec<String>,
}

/// The outcome of a walk.
#[derive(Debug, Default)]
pub(crate) struct Crawl {
    /// Files to read: new, or of another size or time than the index knows.
    pub pending: Vec<Found>,
    /// Files the index has as they are.
    pub unchanged: u64,
    /// Keys of files the index has and the folders no longer do.
    pub gone: Vec<String>,
    /// Folders and files that could not be looked at.
    pub failures: Vec<Error>,
}

/// The key of a file's document.
pub(crate) fn file_key(path: &Path) -> String {
    // A name that is not UTF-8 is escaped, so that no two files share a key.
    match path.to_str() {
        Some(text) => format!("f:{text}"),
        None => format!("b:{}", escape_bytes(path.as_os_str().as_encoded_bytes())),
    }
}

/// What parts the path of a file from that of a document inside it.
const MEMBER: &str = "!/";

/// The key of a document inside a file: `f:/a.zip!/b.docx`.
pub(crate) fn member_key(file: &str, member: &str) -> String {
    format!("{file}{MEMBER}{member}")
}

/// The key of the file that a document lies in; `None` for a file's own. A folder
/// may be called `a!`, but no folder has a key.
pub(crate) fn container<'k>(key: &'k str, known: &HashMap<String, Known>) -> Option<&'k str> {
    let mut places = key.match_indices(MEMBER).map(|(at, _)| &key[..at]);
    places.find(|file| known.contains_key(*file))
}

/// The path of the file that a document comes from.
pub(crate) fn source_path(key: &str, known: &HashMap<String, Known>) -> Option<PathBuf> {
    key_path(container(key, known).unwrap_or(key))
}

/// The path of a document's key, if it is a file's.
pub(crate) fn key_path(key: &str) -> Option<PathBuf> {
    if let Some(path) = key.strip_prefix("f:") {
        return Some(PathBuf::from(path));
    }
    key.strip_prefix("b:").map(PathBuf::from)
}

fn escape_bytes(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        escaped.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            escaped.push_str(&format!("%{byte:02x}"));
        }
    }
    escaped
}

/// Walks the roots. `known` is what the index has, by key; `skip` is the index's
/// own folder.
pub(crate) fn crawl(roots: &[PathBuf], known: &HashMap<String, Known>, skip: Option<&Path>) -> Crawl {
    let mut crawl = Crawl::default();
    let mut members: HashMap<&str, Vec<String>> = HashMap::new();
    for key in known.keys() {
        if let Some(file) = container(key, known) {
            members.entry(file).or_default().push(key.clone());
        }
    }
    let mut seen = std::collections::HashSet::with_capacity(known.len());
    // A root that cannot be walked (an unmounted disk) must not look like
    // thousands of deleted files.
    let mut unreachable: Vec<&Path> = Vec::new();
    for root in roots {
        if let Err(cause) = std::fs::metadata(root) {
            crawl
                .failures
                .push(Error::io("cannot read this root; its documents stay in the index", cause).with_path(root));
            unreachable.push(root);
            continue;
        }
        let walk = WalkDir::new(root).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| is_wanted(entry, skip)) {
            match entry {
                Ok(entry) => visit(&entry, known, &mut members, &mut seen, &mut crawl),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    unreachable_folder(&mut crawl, error, &path);
                    if let Some(folder) = roots_child(root, &path) {
                        // Its files were not seen, so they are not gone either.
                        seen.extend(known.keys().filter(|key| is_under(key, &folder)).cloned());
                    }
                }
            }
        }
    }
    let is_gone = |key: &&String| {
        let file = container(key, known).unwrap_or(key);
        key_path(file)
            .is_some_and(|path| !seen.contains(file) && !unreachable.iter().any(|root| path.starts_with(root)))
    };
    crawl.gone = known.keys().filter(is_gone).cloned().collect();
    crawl.gone.sort_unstable();
    crawl
}

fn roots_child(root: &Path, path: &Path) -> Option<PathBuf> {
    path.starts_with(root).then(|| path.to_owned())
}

fn is_under(key: &str, folder: &Path) -> bool {
    key_path(key).is_some_and(|path| path.starts_with(folder))
}

fn unreachable_folder(crawl: &mut Crawl, error: walkdir::Error, path: &Path) {
    let cause = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of symbolic links"));
    crawl.failures.push(Error::io("cannot read this folder", cause).with_path(path));
}

/// Hidden files and folders, and the index itself, are left out; a root that is
/// hidden itself is wanted, since it was named.
fn is_wanted(entry: &DirEntry, skip: Option<&Path>) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    if skip.is_some_and(|skip| entry.path() == skip) {
        return false;
    }
    !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn visit(
    entry: &DirEntry,
    known: &HashMap<String, Known>,
    members: &mut HashMap<&str, Vec<String>>,
    seen: &mut std::collections::HashSet<String>,
    crawl: &mut Crawl,
) {
    // Links are not followed: a link out of the root would index what the user
    // did not name. FIFOs and devices are no documents.
    if !entry.file_type().is_file() {
        return;
    }
    let path = entry.path();
    let key = file_key(path);
    let metadata = match entry.metadata() {
        Ok(metadata) => metadata,
        Err(error) => {
            unreachable_folder(crawl, error, path);
            seen.insert(key);
            return;
        }
    };
    let mtime = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i64,
        Err(before) => -(before.duration().as_nanos() as i64),
    });
    let known = known.get(&key).copied();
    if seen.contains(&key) {
        // Two roots may overlap.
        return;
    }
    let mut found = Found { path: path.to_owned(), size: metadata.len(), mtime, known, members: Vec::new() };
    found.members = members.remove(key.as_str()).unwrap_or_default();
    seen.insert(key);
    match found.known {
        Some(known) if known.size == found.size && known.mtime == found.mtime => crawl.unchanged += 1,
        _ => crawl.pending.push(found),
    }
}

/// The absolute path of a root, which must exist.
///
/// # Errors
/// [`ErrorKind::NotFound`] when there is nothing there; [`ErrorKind::InvalidArgument`]
/// for a path that is not UTF-8, since roots are kept as text.
pub(crate) fn absolute_root(root: &Path) -> Result<PathBuf> {
    let absolute = root.canonicalize().map_err(|cause| {
        let missing = cause.kind() == std::io::ErrorKind::NotFound;
        let what = if missing { "no such file or folder" } else { "cannot read this folder" };
        Error::io(what, cause).with_path(root)
    })?;
    // A device or a pipe may have no end.
    if !absolute.is_dir() && !absolute.is_file() {
        return Err(Error::new(ErrorKind::InvalidArgument, "this is no file or folder of documents").with_path(root));
    }
    if absolute.to_str().is_none() {
        return Err(Error::new(ErrorKind::InvalidArgument, "the path of a root must be UTF-8").with_path(root));
    }
    Ok(absolute)
}
