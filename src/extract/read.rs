//! From bytes to the documents in them: which reader, within which limits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

#[cfg(feature = "archive")]
use super::archive::Unzipped;
use super::detect::{self, Container, Markup};
use super::encoding::{self, Decoded};
use super::ocr::{self, Ocr};
use super::records::{self, Mapping, Shape};
use super::{Extracted, MAX_BYTES, kind, limits, markdown, text};
use crate::{Error, ErrorKind, Result};

/// How long one document may take unless told otherwise. The slowest real ones,
/// drawings of thousands of pages, take some ten seconds.
const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(60);

/// How files are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(super) time_limit: Duration,
    pub(super) mapping: Mapping,
    ocr: Option<Ocr>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { time_limit: DEFAULT_TIME_LIMIT, mapping: Mapping::default(), ocr: None }
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

    /// Names a program for character recognition: a command line in which `{input}`
    /// stands for a file (a picture or a PDF) and that prints its text, such as
    /// `tesseract {input} stdout -l chi_sim`. It is asked where a file has pictures
    /// of pages, or text that is garbled.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the command has no `{input}`.
    pub fn ocr(mut self, command: &str) -> Result<Self> {
        self.ocr = Some(Ocr::parse(command)?);
        Ok(self)
    }

    /// Whether a program for character recognition is named.
    pub(crate) fn has_ocr(&self) -> bool {
        self.ocr.is_some()
    }

    /// How long to wait for a document at most.
    pub(super) fn longest_wait(&self) -> Duration {
        if self.ocr.is_some() { self.time_limit.max(ocr::TIME_LIMIT) } else { self.time_limit }
    }

    /// Says what a field of records (.json, .jsonl, .csv) is: `title`, `text` and `id`
    /// are a record's title, text and name; any other `role` is the label that the
    /// field stands for (`发文字号`). Without it the usual names are recognised.
    #[must_use]
    pub fn field(mut self, role: &str, field: &str) -> Self {
        match role {
            "title" | "标题" => self.mapping.title = Some(field.to_owned()),
            "text" | "正文" => self.mapping.text = Some(field.to_owned()),
            "id" => self.mapping.id = Some(field.to_owned()),
            label => self.mapping.labels.push((field.to_owned(), label.to_owned())),
        }
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
    let mut reader = Reader { options, sink };
    guarded(bytes.len(), options, || reader.file(bytes, name, None, 0))?
}

/// Runs a reader within limits. Damaged files make some libraries panic; that
/// costs the file, not the program.
fn guarded<T>(size: usize, options: &ReadOptions, read: impl FnOnce() -> T) -> Result<T> {
    let run = || limits::with(size, options.time_limit, read);
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| broken())
}

struct Reader<'a> {
    options: &'a ReadOptions,
    sink: &'a mut dyn FnMut(Part) -> Result<()>,
}

/// How deep archives may stand in archives.
const MAX_DEPTH: usize = 3;

impl Reader<'_> {
    /// Reads a file, or a member under the path `member`, and all documents in it.
    fn file(&mut self, bytes: &[u8], name: &Path, member: Option<&str>, depth: usize) -> Result<()> {
        check_size(bytes)?;
        let container = detect::container(bytes, name);
        match container {
            #[cfg(feature = "archive")]
            Some(Container::Zip) if !kind::is_package(bytes) => {
                return self.archive(member, depth, |each| super::archive::zip(bytes, each));
            }
            #[cfg(feature = "archive")]
            Some(Container::SevenZip) => {
                return self.archive(member, depth, |each| super::archive::seven_zip(bytes, each));
            }
            #[cfg(feature = "archive")]
            Some(Container::Tar) => {
                return self.archive(member, depth, |each| super::archive::tar(bytes, each));
            }
            #[cfg(feature = "archive")]
            Some(Container::Gzip) => {
                return match super::archive::gzip(bytes)? {
                    Unzipped::Tar(bytes) => self.archive(member, depth, |each| super::archive::tar(&*bytes, each)),
                    // `a.txt.gz` is the document a.txt.
                    Unzipped::File(bytes) if depth < MAX_DEPTH => {
                        self.file(&bytes, &name.with_extension(""), member, depth + 1)
                    }
                    Unzipped::File(_) => Err(too_deep()),
                };
            }
            _ => {}
        }
        #[cfg(feature = "mail")]
        if container.is_none() && super::mail::is_mail(bytes) {
            return self.mail(bytes, member, depth);
        }
        let result = match container {
            Some(container) => kind::contained(container, bytes),
            None => match encoding::decode(bytes) {
                Ok(decoded) => match detect::markup(&decoded.text, name) {
                    Markup::Records(shape) => {
                        return self.records(&decoded.text, decoded.encoding, shape, member, bytes.len() as u64);
                    }
                    markup => by_markup(&decoded, markup),
                },
                Err(error) => Err(error),
            },
        };
        let result = result.or_else(|error| self.recognised(bytes, name, error));
        self.hand(member, bytes.len() as u64, result)
    }

    /// What the program for character recognition makes of pictures of pages.
    fn recognised(&self, bytes: &[u8], name: &Path, error: Error) -> Result<Extracted> {
        let is_picture =
            matches!(detect::container(bytes, name), Some(Container::Other(what)) if what.contains("picture"));
        match &self.options.ocr {
            Some(ocr) if is_picture || matches!(error.kind(), ErrorKind::Scanned | ErrorKind::Garbled) => {
                let result = ocr.run(bytes, &ocr::suffix(bytes, name));
                limits::renew();
                result
            }
            _ => Err(error),
        }
    }

    fn hand(&mut self, member: Option<&str>, size: u64, result: Result<Extracted>) -> Result<()> {
        let result = result.and_then(not_empty);
        let outcome = (self.sink)(Part { member: member.map(str::to_owned), size, result });
        // What the caller did with it is not the next document's time.
        limits::renew();
        outcome
    }

    /// A member of a file: what goes wrong with it is its own failure, unless the
    /// whole file has used up its budget or the caller wants no more.
    fn member(&mut self, bytes: &[u8], path: String, depth: usize) -> Result<()> {
        let size = bytes.len() as u64;
        let options = self.options;
        let sink = &mut *self.sink;
        let mut refused = None;
        let mut watched = |part: Part| sink(part).inspect_err(|_| refused = Some(()));
        let result = {
            let mut reader = Reader { options, sink: &mut watched };
            let read = || reader.file(bytes, Path::new(&path), Some(&path), depth);
            catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken()))
        };
        match result {
            Ok(()) => Ok(()),
            Err(error) if refused.is_some() => Err(error),
            Err(error) if limits::is_spent() => Err(error),
            Err(error) => self.hand(Some(&path), size, Err(error)),
        }
    }

    #[cfg(feature = "archive")]
    fn archive(
        &mut self,
        member: Option<&str>,
        depth: usize,
        unpack: impl FnOnce(&mut super::archive::Each<'_>) -> Result<()>,
    ) -> Result<()> {
        if depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        let mut names = Names::default();
        unpack(&mut |name, bytes| {
            let path = join(member, &names.unique(name));
            match bytes {
                Ok(bytes) => self.member(&bytes, path, depth + 1),
                Err(error) => self.hand(Some(&path), 0, Err(error)),
            }
        })
    }

    /// A mail is a document; the files in it are its members.
    #[cfg(feature = "mail")]
    fn mail(&mut self, bytes: &[u8], member: Option<&str>, depth: usize) -> Result<()> {
        let (extracted, attachments) = super::mail::read(bytes)?;
        self.hand(member, bytes.len() as u64, Ok(extracted))?;
        let mut names = Names::default();
        for attachment in attachments {
            limits::renew();
            let path = join(member, &names.unique(attachment.name.to_string_lossy().into_owned()));
            if depth >= MAX_DEPTH {
                self.hand(Some(&path), attachment.bytes.len() as u64, Err(too_deep()))?;
                continue;
            }
            limits::expand(attachment.bytes.len() as u64)?;
            self.member(&attachment.bytes, path, depth + 1)?;
        }
        Ok(())
    }

    fn records(
        &mut self,
        text: &str,
        encoding: &'static str,
        shape: Shape,
        member: Option<&str>,
        size: u64,
    ) -> Result<()> {
        let mapping = &self.options.mapping;
        let mut each = |name: String, size: u64, result: Result<Extracted>| {
            let result = result.map(|read| Extracted { encoding: Some(encoding), ..read });
            let path = join(member, &name);
            let outcome = (self.sink)(Part { member: Some(path), size, result: result.and_then(not_empty) });
            limits::renew();
            outcome
        };
        let whole = records::read(text, shape, mapping, &mut each)?;
        match whole {
            Some(whole) => self.hand(member, size, Ok(Extracted { encoding: Some(encoding), ..whole })),
            None => Ok(()),
        }
    }
}

/// Names of the members of a file, made unique: two that were one would be one
/// document, and the first be lost.
#[cfg(any(feature = "archive", feature = "mail", test))]
#[derive(Default)]
struct Names {
    taken: std::collections::HashSet<String>,
    count: usize,
}

#[cfg(any(feature = "archive", feature = "mail", test))]
impl Names {
    /// `a.docx`, or `a (3).docx` for a third member when the name is taken.
    fn unique(&mut self, name: String) -> String {
        self.count += 1;
        let name = if name.is_empty() { format!("member {}", self.count) } else { name };
        if self.taken.insert(name.clone()) {
            return name;
        }
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => (stem, format!(".{ending}")),
            _ => (name.as_str(), String::new()),
        };
        // Another member may bear just this name.
        let name = (self.count..).map(|n| format!("{stem} ({n}){ending}")).find(|name| !self.taken.contains(name));
        let name = name.unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }
}

/// The path of a member: `inner.zip!/a.docx`.
fn join(outer: Option<&str>, name: &str) -> String {
    match outer {
        Some(outer) => format!("{outer}!/{name}"),
        None => name.to_owned(),
    }
}

#[cfg(any(feature = "archive", feature = "mail"))]
fn too_deep() -> Error {
    Error::new(ErrorKind::LimitExceeded, format!("archives are nested deeper than {MAX_DEPTH} in each other"))
        .with_remedy("unpack the inner archive and index the unpacked files")
}

fn broken() -> Error {
    Error::new(ErrorKind::Malformed, "the file is damaged in a way its reader cannot handle")
        .with_remedy("get the file again, or save it anew with the program that made it")
}

fn not_empty(extracted: Extracted) -> Result<Extracted> {
    if extracted.paragraphs.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "the file has no text"));
    }
    Ok(extracted)
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
    let result = check_size(bytes).and_then(|()| {
        if detect::container(bytes, name).is_none() && super::mail::is_mail(bytes) {
            return super::mail::read(bytes).map(|(extracted, _)| extracted);
        }
        match detect::container(bytes, name) {
            Some(container) => kind::contained(container, bytes),
            None => {
                let decoded = encoding::decode(bytes)?;
                by_markup(&decoded, detect::markup(&decoded.text, name))
            }
        }
    });
    DEPTH.set(DEPTH.get() - 1);
    result
}

/// A title among document properties is often that of the file it was made from:
/// it counts only if the text has it.
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

/// Reads what was decoded from bytes.
fn by_markup(decoded: &Decoded<'_>, markup: Markup) -> Result<Extracted> {
    let read = text_by_markup(&decoded.text, markup)?;
    Ok(Extracted { encoding: Some(decoded.encoding), ..read })
}

fn text_by_markup(text: &str, markup: Markup) -> Result<Extracted> {
    match markup {
        Markup::Text => text::read(text),
        Markup::Markdown => markdown::read(text),
        Markup::Html => kind::html(text),
        Markup::Xml => kind::xml(text),
        Markup::WordXml => kind::word_xml(text),
        // Inside another document records are text.
        Markup::Records(_) => text::read(text),
    }
}

/// The text of a record: a page, Markdown or plain.
pub(super) fn text_of_record(source: &str) -> Result<Extracted> {
    match detect::markup(source, Path::new("")) {
        Markup::Records(_) | Markup::Xml | Markup::WordXml => text::read(source),
        markup => text_by_markup(source, markup),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_has_a_name_of_its_own() {
        let mut names = Names::default();
        let given = ["a.docx", "a.docx", "", "a (4).docx", "a.docx", "", "b/c", "b/c", ".x", ".x", "a.b/c", "a.b/c"];
        let got: Vec<String> = given.into_iter().map(|name| names.unique(name.to_owned())).collect();
        let expected = [
            "a.docx",
            "a (2).docx",
            "member 3",
            "a (4).docx",
            "a (5).docx",
            "member 6",
            "b/c",
            "b/c (8)",
            ".x",
            ".x (10)",
            "a.b/c",
            "a.b/c (12)",
        ];
        assert_eq!(got, expected);
    }
}
