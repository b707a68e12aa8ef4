//! tantivy's errors in our terms: what failed, on which file, and what to do.

use std::io;
use std::path::Path;

use tantivy::TantivyError as T;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

use crate::{Error, ErrorKind};

use super::directory::lock_holder;

const REBUILD: &str = "`gongwen verify` says what is damaged, `gongwen rebuild` makes the index anew";

/// Of errors that may be damage.
pub(super) const VERIFY: &str =
    "`gongwen verify` says whether the index is damaged, `gongwen rebuild` makes the index anew";

/// A tantivy error in our terms.
pub(crate) fn tantivy_error(error: T, path: Option<&Path>) -> Error {
    let ours = match &error {
        T::LockFailure(LockError::LockBusy, _) => busy(path),
        T::LockFailure(LockError::IoError(cause), _) => io_error("cannot take the index's write lock", cause),
        T::DataCorruption(_) | T::DeserializeError(_) => corrupt("the index is damaged".to_owned()),
        T::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
            corrupt(format!("the index is damaged: {} is missing", file_name(file)))
        }
        T::OpenReadError(OpenReadError::IncompatibleIndex(_)) | T::IncompatibleIndex(_) => {
            Error::new(ErrorKind::IncompatibleIndex, "the index was made by another version")
                .with_remedy("`gongwen rebuild` makes the index anew")
        }
        T::OpenReadError(OpenReadError::IoError { io_error: cause, filepath }) => {
            let what = format!("cannot read {} of the index", file_name(filepath));
            match cause.kind() {
                io::ErrorKind::PermissionDenied => Error::new(ErrorKind::Io, format!("{what}: no permission")),
                _ => io_error(&what, cause),
            }
        }
        T::OpenWriteError(OpenWriteError::IoError { io_error: cause, filepath }) => {
            io_error(&format!("cannot write {} of the index", file_name(filepath)), cause)
        }
        T::OpenWriteError(OpenWriteError::FileAlreadyExists(file)) => {
            let message = format!("cannot write {} of the index: it is there already", file_name(file));
            Error::new(ErrorKind::Io, message).with_remedy("run the command again")
        }
        T::OpenDirectoryError(OpenDirectoryError::NotADirectory(_)) => {
            Error::new(ErrorKind::NotAnIndex, "this is no folder")
        }
        T::OpenDirectoryError(OpenDirectoryError::IoError { io_error: cause, .. }) => {
            io_error("cannot open the index folder", cause)
        }
        T::IoError(cause) => io_error("reading or writing the index failed", cause),
        _ => Error::new(ErrorKind::Io, "reading or writing the index failed"),
    };
    let ours = if ours.remedy().is_none() { ours.with_remedy(VERIFY) } else { ours };
    let ours = ours.with_source(error);
    match path {
        Some(path) => ours.with_path(path),
        None => ours,
    }
}

fn busy(path: Option<&Path>) -> Error {
    let lock = path.map(|path| path.join(".tantivy-writer.lock").display().to_string()).unwrap_or_default();
    let holder = match path.and_then(lock_holder) {
        Some(id) if id == std::process::id() => "this process is writing to this index already".to_owned(),
        Some(id) => format!("another process is writing to this index: process {id}"),
        None => "another process is writing to this index".to_owned(),
    };
    Error::new(ErrorKind::Locked, format!("{holder} (lock {lock})"))
        .with_remedy("wait until it has finished; searching works meanwhile")
}

fn io_error(what: &str, cause: &io::Error) -> Error {
    use io::ErrorKind as K;
    match true_kind(cause) {
        K::InvalidData | K::UnexpectedEof => corrupt(format!("the index is damaged: {what}")),
        K::StorageFull | K::QuotaExceeded | K::WriteZero | K::FileTooLarge => {
            Error::new(ErrorKind::Io, format!("{what}: no room is left on its disk; the index keeps its last commit"))
                .with_remedy("make room and run the command again")
        }
        K::ReadOnlyFilesystem | K::PermissionDenied => {
            Error::new(ErrorKind::Io, format!("{what}: the index folder cannot be written here"))
                .with_remedy("searching works; to index, make the folder writable or name another with --index")
        }
        kind => Error::new(if kind == K::NotFound { ErrorKind::NotFound } else { ErrorKind::Io }, what),
    }
}

/// The kind of the system's error; tantivy hands some on as text.
fn true_kind(cause: &io::Error) -> io::ErrorKind {
    if cause.kind() != io::ErrorKind::Other {
        return cause.kind();
    }
    let text = cause.to_string();
    let code = text.rsplit_once("(os error ").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    code.map_or(io::ErrorKind::Other, |code: i32| io::Error::from_raw_os_error(code).kind())
}

pub(super) fn corrupt(message: String) -> Error {
    Error::new(ErrorKind::Corrupt, message).with_remedy(REBUILD)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
