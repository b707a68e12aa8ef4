//! From bytes to the documents in them: which reader, within which limits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::detect::{self, Container, Markup};
use super::{Extracted, MAX_BYTES, encoding, limits, markdown, text};
use crate::{Error, ErrorKind, Result};

/// How long one document may take unless told otherwise. The slowest real ones,
/// drawings of thousands of pages, take some ten seconds.
const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(60);

/// How files are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(super) time_limit: Duration,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { time_limit: DEFAULT_TIME_LIMIT }
    }
}

impl ReadOptions {
    /// Sixty seconds a document.
    pub fn new() -> Self {
        ReadOptions::default()
    }

    /// How long one document may take.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }
}

/// A document found in a file.
#[derive(Debug)]
pub struct Part {
    /// Its path inside the file (`附件/a.docx`, `a.zip!/b.txt`, `record 3`); `None`
    /// when the file itself is the document.
    pub member: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Its text, or why it has none.
    pub result: Result<Extracted>,
}

/// Hands every document in the bytes of a file to `sink`, in order. `name` serves
/// only as a hint to the format. A member that cannot be read is a part whose
/// `result` says why; an error that `sink` returns ends the reading.
///
/// # Errors
/// Those of [`extract`](super::extract), when they concern the file as a whole.
pub fn documents(
    bytes: &[u8],
    name: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Part) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader { options, sink, depth: 0 };
    guarded(bytes.len(), options, || reader.file(bytes, name))?
}

/// Runs a reader within limits. Damaged files make some libraries panic; that
/// costs the file, not the program.
fn guarded<T>(size: usize, options: &ReadOptions, read: impl FnOnce() -> T) -> Result<T> {
    let run = || limits::with(size, options.time_limit, read);
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        Error::new(ErrorKind::Malformed, "the file is damaged in a way its reader cannot handle")
            .with_remedy("get the file again, or save it anew with the program that made it")
    })
}

struct Reader<'a> {
    options: &'a ReadOptions,
    sink: &'a mut dyn FnMut(Part) -> Result<()>,
    depth: usize,
}

impl Reader<'_> {
    /// Reads a whole file.
    fn file(&mut self, bytes: &[u8], name: &Path) -> Result<()> {
        check_size(bytes)?;
        let result = one(bytes, name);
        (self.sink)(Part { member: None, size: bytes.len() as u64, result })
    }
}

fn check_size(bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "the file is empty"));
    }
    if bytes.len() > MAX_BYTES {
        let message = format!("the file has {} MB, the limit is {} MB", bytes.len() >> 20, MAX_BYTES >> 20);
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    Ok(())
}

/// Reads bytes that are one document.
fn one(bytes: &[u8], name: &Path) -> Result<Extracted> {
    let extracted = match detect::container(bytes, name) {
        Some(container) => contained(container, bytes, name)?,
        None => marked_up(bytes, name)?,
    };
    if extracted.paragraphs.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "the file has no text"));
    }
    Ok(extracted)
}

/// A document inside another one.
#[cfg(feature = "office")]
pub(super) fn nested(bytes: &[u8], name: &Path) -> Result<Extracted> {
    thread_local! {
        static DEPTH: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    if DEPTH.get() >= 4 {
        return Err(Error::new(ErrorKind::LimitExceeded, "documents are nested deeper than 4 in each other"));
    }
    DEPTH.set(DEPTH.get() + 1);
    // On a panic the thread's depth stays one too high, which only makes it stricter.
    let result = check_size(bytes).and_then(|()| one(bytes, name));
    DEPTH.set(DEPTH.get() - 1);
    result
}

/// A title among document properties is often that of the file it was made from:
/// it counts only if the text has it.
#[cfg(any(feature = "office", feature = "pdf", feature = "ofd"))]
pub(super) fn confirm_title(extracted: &mut Extracted) {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let Some(title) = extracted.hints.title.take() else { return };
    let wanted = bare(&title);
    let mut head = String::new();
    for paragraph in extracted.paragraphs.iter().take(60) {
        head.push_str(&bare(&paragraph.text));
    }
    if wanted.chars().count() >= 4 && head.contains(&wanted) {
        extracted.hints.title = Some(title);
    } else {
        extracted.hints.fields.push(super::HintField::property("属性标题", title));
    }
}

fn marked_up(bytes: &[u8], name: &Path) -> Result<Extracted> {
    let decoded = encoding::decode(bytes)?;
    let mut extracted = match detect::markup(&decoded.text, name) {
        Markup::Text => text::read(&decoded.text)?,
        Markup::Markdown => markdown::read(&decoded.text)?,
        Markup::Html => html(&decoded.text)?,
    };
    extracted.encoding = Some(decoded.encoding);
    Ok(extracted)
}

#[cfg(feature = "html")]
fn html(text: &str) -> Result<Extracted> {
    super::html::read(text)
}

#[cfg(not(feature = "html"))]
fn html(_text: &str) -> Result<Extracted> {
    Err(missing("HTML", "html"))
}

fn contained(container: Container, bytes: &[u8], _name: &Path) -> Result<Extracted> {
    match container {
        #[cfg(feature = "office")]
        Container::Zip => super::docx::read(bytes),
        #[cfg(feature = "office")]
        Container::Ole => super::ole::read(bytes),
        #[cfg(feature = "pdf")]
        Container::Pdf => super::pdf::read(bytes),
        other => {
            let _ = bytes;
            Err(unsupported(other.name()))
        }
    }
}

/// The error of a format that no reader is for.
fn unsupported(name: &str) -> Error {
    let error = Error::new(ErrorKind::UnsupportedFormat, format!("{name} cannot be read by this build"));
    match name {
        detect::CEB => error.with_remedy("open it in Founder Apabi Reader and print it to PDF"),
        _ => error,
    }
}

/// The error of a reader that was left out of the build.
#[allow(dead_code, reason = "with all features no reader is missing")]
fn missing(format: &str, feature: &str) -> Error {
    Error::new(ErrorKind::UnsupportedFormat, format!("this build reads no {format}"))
        .with_remedy(format!("build gongwen with the feature `{feature}`"))
}
