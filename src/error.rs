//! The one public error: what kind it is, which path it concerns, what caused
//! it, and what to do about it.
//!
//! Nothing of a dependency shows here. A cause is kept as a boxed
//! [`std::error::Error`], so `source()` chains work, but its type is private.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A result whose error is this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the terms a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder could not be read or written.
    Io,
    /// A file or folder does not exist.
    NotFound,
    /// The bytes are of no format this build can read.
    UnsupportedFormat,
    /// The file has no text: it is empty, or only white space.
    Empty,
    /// The bytes are damaged, or are no text in any encoding tried.
    Malformed,
    /// The file needs a password.
    Encrypted,
    /// The file holds pictures of pages, not text.
    Scanned,
    /// Text came out, but its characters make no sense (fonts without encodings).
    Garbled,
    /// The document is marked 秘密, 机密 or 绝密, and such are left out.
    Classified,
    /// A limit on size, depth, expansion or time was passed.
    LimitExceeded,
    /// The folder is no gongwen index.
    NotAnIndex,
    /// The index was made by another version of gongwen.
    IncompatibleIndex,
    /// The index is damaged.
    Corrupt,
    /// Another process is writing to the index.
    Locked,
    /// The query asks for nothing, or cannot be understood.
    Query,
    /// An argument is out of its range or names something that is not there.
    InvalidArgument,
    /// The work was interrupted on the caller's request.
    Interrupted,
}

impl ErrorKind {
    /// The kind's name as it stands in JSON: `snake_case` English.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Io => "io",
            ErrorKind::NotFound => "not_found",
            ErrorKind::UnsupportedFormat => "unsupported_format",
            ErrorKind::Empty => "empty",
            ErrorKind::Malformed => "malformed",
            ErrorKind::Encrypted => "encrypted",
            ErrorKind::Scanned => "scanned",
            ErrorKind::Garbled => "garbled",
            ErrorKind::Classified => "classified",
            ErrorKind::LimitExceeded => "limit_exceeded",
            ErrorKind::NotAnIndex => "not_an_index",
            ErrorKind::IncompatibleIndex => "incompatible_index",
            ErrorKind::Corrupt => "corrupt",
            ErrorKind::Locked => "locked",
            ErrorKind::Query => "query",
            ErrorKind::InvalidArgument => "invalid_argument",
            ErrorKind::Interrupted => "interrupted",
        }
    }
}

/// An error of this crate.
///
/// Its `Display` is one line, lower case, without a full stop:
/// `path: what was found, what was expected`; causes follow through
/// [`source`](StdError::source), the remedy through [`Error::remedy`].
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    remedy: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind`; `message` is lower case and without a full stop.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner { kind, message: message.into(), path: None, remedy: None, source: None }))
    }

    /// An I/O failure while doing `what` ("cannot read the file").
    pub(crate) fn io(what: impl Into<String>, cause: io::Error) -> Self {
        let kind = match cause.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::Interrupted => ErrorKind::Interrupted,
            _ => ErrorKind::Io,
        };
        Error::new(kind, what).with_source(cause)
    }

    /// Names the file or folder concerned, unless one is named already.
    #[must_use]
    pub(crate) fn with_path(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path.get_or_insert_with(|| path.as_ref().to_owned());
        self
    }

    /// Says what the user can do about it.
    #[must_use]
    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The file or folder concerned.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// What to do about it, where there is something to do.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// The message and its causes in one line, where they are kept as text.
    pub(crate) fn message_with_causes(&self) -> String {
        let mut text = self.0.message.clone();
        let mut source = self.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            source = cause.source();
        }
        text
    }

    /// The message alone, without path, cause and remedy.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}
