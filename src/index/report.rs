//! What an update tells its caller: events while it runs, a report at the end.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::Error;

/// Something that happened while an update ran. Events come from several
/// threads, so the observer is called concurrently.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The folders have been walked.
    Scanned {
        /// Files found.
        files: u64,
        /// Files that are new or look changed, and will be read.
        pending: u64,
        /// Bytes of those.
        pending_bytes: u64,
    },
    /// A file has been read and handed to the index.
    Indexed {
        /// The file.
        path: &'a std::path::Path,
        /// Its size in bytes.
        bytes: u64,
    },
    /// A file could not be read; the update goes on.
    Failed {
        /// The file.
        path: &'a std::path::Path,
        /// Its size in bytes.
        bytes: u64,
        /// Why.
        error: &'a Error,
    },
    /// All files are read; the index is being written to disk.
    Committing,
}

/// What an update did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Files found under the roots.
    pub files: u64,
    /// Documents that were not in the index before.
    pub added: u64,
    /// Documents whose file changed, in content or in time.
    pub changed: u64,
    /// Of those files, the ones that changed in time only.
    pub touched: u64,
    /// Documents whose file is gone.
    pub removed: u64,
    /// Files whose content is as the index has it.
    pub unchanged: u64,
    /// Files that were read, or tried, in this run and are not searchable.
    pub failed: u64,
    /// Sections written.
    pub sections: u64,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Files marked 秘密, 机密 or 绝密 that this run has made searchable.
    pub classified: Vec<PathBuf>,
    /// Files that are not searchable, known ones of earlier runs included.
    pub failures: Vec<Failure>,
    /// Whether the update was interrupted; what was whole by then is committed.
    pub interrupted: bool,
}

impl Report {
    pub(crate) fn set_elapsed(&mut self, elapsed: Duration) {
        self.seconds = elapsed.as_secs_f64();
    }
}

/// A file that is not searchable.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// The file.
    pub path: PathBuf,
    /// The kind of error, `snake_case`.
    pub kind: String,
    /// Why.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}
