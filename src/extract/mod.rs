//! Bytes of some format → paragraphs of text, with what the format itself says
//! of title and fields.
//!
//! One file a format; [`extract`] tells them apart by content (`detect`) and
//! every reader hands its lines to the same `Paragraphs` builder, so that all
//! keep the same promises: no paragraph is empty, none holds a control
//! character or a line break, lines ascend. What the text *means* (titles,
//! sections, wrapped lines) is [`crate::structure`]'s business, not this room's.

#![cfg_attr(
    not(feature = "formats"),
    allow(dead_code, unused_variables, reason = "a build without some readers does not use what only they need")
)]

#[cfg(feature = "archive")]
mod archive;
mod blocks;
mod codepage;
#[cfg(feature = "office")]
mod counting;
mod detect;
#[cfg(feature = "office")]
mod doc;
#[cfg(feature = "office")]
mod docx;
mod encoding;
#[cfg(all(feature = "html", any(feature = "office", feature = "ofd")))]
mod feed;
mod format;
mod guarded;
#[cfg(feature = "html")]
mod html;
mod kind;
#[cfg(any(feature = "pdf", feature = "ofd"))]
mod layout;
mod limits;
#[cfg(feature = "office")]
mod lists;
#[cfg(feature = "mail")]
mod mail;
mod markdown;
mod ocr;
#[cfg(feature = "office")]
mod odt;
#[cfg(feature = "ofd")]
mod ofd;
#[cfg(feature = "office")]
mod ole;
#[cfg(any(feature = "office", feature = "ofd", feature = "archive"))]
mod package;
mod paragraphs;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(any(feature = "pdf", feature = "ofd"))]
mod plausible;
#[cfg(feature = "office")]
mod ppt;
#[cfg(feature = "office")]
mod pptx;
mod read;
mod records;
mod rows;
mod rtf;
#[cfg(feature = "office")]
mod sheet;
#[cfg(test)]
mod tests;
mod text;
#[cfg(any(feature = "office", feature = "ofd"))]
mod xml;

use std::path::Path;

pub use self::format::Format;
pub use self::guarded::{READER_THREAD, documents_guarded};
use self::paragraphs::Paragraphs;
use self::read::confirm_title;
#[cfg(feature = "office")]
use self::read::nested;
pub use self::read::{Part, ReadOptions, documents};
use crate::{Error, ErrorKind, Result};

/// The largest file that is read, in bytes. A law has 200 KB, a yearbook as plain
/// text some 10 MB; what is larger is a data set, not a document.
pub const MAX_BYTES: usize = 256 << 20;

/// The most paragraphs one document may have.
pub const MAX_PARAGRAPHS: usize = 1_000_000;

/// The deepest nesting of elements in markup, and of objects in JSON. Browsers
/// stop at 512; beyond this a page is hostile or broken.
pub const MAX_NESTING: usize = 2_000;

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

/// A paragraph of text: no line break inside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraph {
    /// The text, white space at both ends removed, each inner run of it one
    /// character; between the cells of a table row a tab.
    pub text: String,
    /// Its first line in the extracted text, from 1; for plain text and Markdown
    /// that is the line of the file. Several paragraphs may share a line.
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
    /// A row of a table, cells separated by tabs; empty cells are left out.
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
    /// The line (as in [`Paragraph::line`]) of a comment `<!-- INFO END -->`: what
    /// stands above is the document's title and history, not its text.
    pub info_end_line: Option<u32>,
}

impl HintField {
    /// A document property.
    fn property(label: &str, value: impl Into<String>) -> HintField {
        HintField { label: label.to_owned(), value: value.into(), origin: crate::document::Origin::Properties }
    }
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

/// Reads the bytes of a file that is one document. `name` serves only as a hint to
/// the format.
///
/// Archives and files of records hold many documents: [`documents`] reads those.
///
/// # Errors
/// [`ErrorKind::Empty`] when there is no text, [`ErrorKind::UnsupportedFormat`]
/// when the bytes are of a format this build cannot read (the message names it),
/// [`ErrorKind::Malformed`] when they are damaged or text in no encoding,
/// [`ErrorKind::Encrypted`], [`ErrorKind::Scanned`], [`ErrorKind::Garbled`],
/// [`ErrorKind::LimitExceeded`] past one of the limits above. The error names no
/// path: the caller knows where the bytes came from.
pub fn extract(bytes: &[u8], name: &Path) -> Result<Extracted> {
    let mut first = None;
    let mut count = 0_u64;
    documents(bytes, name, &ReadOptions::new(), &mut |part| {
        count += 1;
        first.get_or_insert(part);
        Ok(())
    })?;
    match first {
        Some(Part { member: None, result, .. }) => result,
        Some(_) => {
            Err(Error::new(ErrorKind::UnsupportedFormat, format!("the file holds {count} documents, expected one"))
                .with_remedy("index it: its members become documents of their own"))
        }
        None => Err(Error::new(ErrorKind::Empty, "the file holds no documents")),
    }
}

/// Reads a text that is text already.
///
/// # Errors
/// [`ErrorKind::Empty`], [`ErrorKind::LimitExceeded`].
pub fn extract_text(text: &str) -> Result<Extracted> {
    let extracted = text::read(text)?;
    if extracted.paragraphs.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "there is no text"));
    }
    Ok(extracted)
}
