//! Bytes of some format → paragraphs of text, with what the format itself says
//! of title and fields.

use std::path::Path;

use crate::{ErrorKind, Result};

/// The text of a file, before anything is known of its structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// Which reader made it.
    pub format: Format,
    /// The character encoding found, by its WHATWG name (`gb18030`, `UTF-8`);
    /// `None` for formats that fix their own.
    pub encoding: Option<&'static str>,
    /// The paragraphs in reading order; none is empty or only white space.
    pub paragraphs: Vec<Paragraph>,
    /// What the format says beside the text.
    pub hints: Hints,
}

/// A format this crate can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// A paragraph of text: no line break inside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraph {
    /// The text, white space at both ends removed.
    pub text: String,
    /// Its first line in the extracted text, from 1; for plain text and Markdown
    /// that is the line of the file.
    pub line: u32,
    /// What the format says it is.
    pub kind: ParagraphKind,
}

/// What the format says of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParagraphKind {
    /// Running text.
    #[default]
    Text,
    /// A heading of level 1–6 (`#`, `<h2>`, a Word heading style).
    Heading(u8),
    /// A row of a table, cells separated by tabs.
    TableRow,
}

/// What a format says beside the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hints {
    /// The format's own title (HTML `<title>`, document properties).
    pub title: Option<String>,
    /// Labelled values: cells of a page's header table, front matter, `<meta>`
    /// tags, document properties; label as written (`索 引 号：` → `索引号`).
    pub fields: Vec<HintField>,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq)]
pub struct HintField {
    /// The label without white space and colon.
    pub label: String,
    /// The value, trimmed.
    pub value: String,
    /// Where it stands.
    pub origin: crate::document::Origin,
}

/// Reads the bytes of a file. `name` serves only as a hint to the format.
///
/// # Errors
/// [`ErrorKind::Empty`], [`ErrorKind::UnsupportedFormat`], [`ErrorKind::Malformed`],
/// [`ErrorKind::LimitExceeded`].
pub fn extract(bytes: &[u8], name: &Path) -> Result<Extracted> {
    let _ = (bytes, name);
    Err(crate::Error::new(ErrorKind::UnsupportedFormat, "not written yet"))
}

/// Files larger than this are not read.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// Reads a text that is text already.
///
/// # Errors
/// [`ErrorKind::Empty`].
pub fn extract_text(text: &str) -> Result<Extracted> {
    extract(text.as_bytes(), Path::new("text.txt"))
}
