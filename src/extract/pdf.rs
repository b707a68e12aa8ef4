//! PDF.
//!
//! hayro-syntax (MIT/Apache-2.0, well kept, no unsafe but in smallvec and memchr)
//! reads objects, filters, encryption and broken cross-reference tables;
//! hayro-cmap carries Adobe's character maps, so fonts without ToUnicode that use
//! the standard Chinese encodings can be read. What text is and in which order is
//! ours (`content`, `font`, and `layout` for all formats of places). `pdf_oxide`
//! was weighed: 143 packages with an image library, a layout engine and an office
//! reader, against 14; and it leaves wrapped lines, page furniture and the
//! judgement whether a text is garbled to its user all the same.

mod content;
mod font;
mod names;
mod truetype;

use hayro_syntax::{LoadPdfError, Pdf};

use super::layout;
use super::plausible::garbled_share;
use super::{Extracted, Format, HintField, Hints, limits};
use crate::{Error, ErrorKind, Result};

/// The most pages that are read.
const MAX_PAGES: usize = 50_000;

/// A text with more of it garbled is noise.
const MAX_GARBLED: f32 = 0.3;

/// Reads a document.
///
/// # Errors
/// `Encrypted`, `Scanned` (pictures of pages without text), `Garbled`,
/// `Malformed`, `LimitExceeded`.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => {
            Error::new(ErrorKind::Encrypted, "the PDF needs a password").with_remedy("save a copy without password")
        }
        LoadPdfError::Invalid => Error::new(ErrorKind::Malformed, "the PDF is damaged: no pages can be found in it")
            .with_remedy("get the file again, or repair it with the program that made it"),
    })?;
    let pages = pdf.pages();
    if pages.len() > MAX_PAGES {
        let message = format!("the PDF has {} pages, the limit is {MAX_PAGES}", pages.len());
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    let mut fonts = font::Fonts::default();
    let mut read = Vec::with_capacity(pages.len());
    let mut pictured = 0;
    let mut marked = 0_usize;
    let mut unmarked = 0_usize;
    for page in pages.iter() {
        limits::check()?;
        let found = content::read(page, &mut fonts)?;
        pictured += usize::from(found.picture_share > 0.4);
        marked += found.artifacts.len();
        unmarked += found.page.glyphs.len();
        read.push(found);
    }
    // Headers and page numbers may be marked as artifacts; some writers mark all.
    let keep_artifacts = marked > unmarked * 2;
    let mut sheets = Vec::with_capacity(read.len());
    for mut found in read {
        if keep_artifacts {
            found.page.glyphs.append(&mut found.artifacts);
        }
        sheets.push(found.page);
    }
    let has_text = |page: &layout::Page| page.glyphs.iter().any(|glyph| !glyph.text.trim().is_empty());
    let count = sheets.len();
    let chars: usize = sheets.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.text.trim().chars().count()).sum();
    // A scanner's stamp or a page number is no text.
    let is_scan = pictured * 2 > count && chars < count * 12;
    if is_scan || !sheets.iter().any(has_text) {
        return Err(scanned(count, pictured));
    }
    let share = garbled_share(sheets.iter().flat_map(|page| &page.glyphs).map(|glyph| &glyph.text));
    if share > MAX_GARBLED {
        let percent = (share.min(1.0) * 100.0).round();
        return Err(Error::new(
            ErrorKind::Garbled,
            format!("garbled text: its fonts do not say which characters they show ({percent}% unreadable)"),
        )
        .with_remedy("name a program for character recognition (--ocr), or get the file in another format"));
    }
    let mut extracted = Extracted {
        format: Format::Pdf,
        paragraphs: layout::paragraphs(sheets)?,
        hints: hints(&pdf),
        ..Extracted::default()
    };
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

fn scanned(pages: usize, pictured: usize) -> Error {
    let what = if pictured > 0 { "scanned" } else { "drawn, not written" };
    let plural = if pages == 1 { "" } else { "s" };
    Error::new(ErrorKind::Scanned, format!("no text: {what}, {pages} page{plural}"))
        .with_remedy("name a program for character recognition (--ocr), or get the file as text")
}

fn hints(pdf: &Pdf) -> Hints {
    let metadata = pdf.metadata();
    let text = |value: &Option<Box<[u8]>>| value.as_deref().map(info_text).filter(|text| !text.is_empty());
    let mut fields = Vec::new();
    if let Some(author) = text(&metadata.author) {
        fields.push(HintField::property("作者", author));
    }
    if let Some(date) = &metadata.creation_date {
        fields.push(HintField::property("创建日期", format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)));
    }
    Hints { title: text(&metadata.title), fields, info_end_line: None }
}

/// A text string: UTF-16 or UTF-8 with a mark, else, by the standard, Latin; in
/// practice often GBK.
fn info_text(bytes: &[u8]) -> String {
    let text = super::encoding::decode(bytes).map(|decoded| decoded.text.into_owned()).unwrap_or_default();
    super::paragraphs::clean(&text)
}
