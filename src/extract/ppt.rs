//! Presentations of 97 to 2003 (.ppt, .dps): the binary format [MS-PPT].
//!
//! The stream is a tree of records. Slides stand in containers of their own, the
//! text of placeholders in an outline beside them; masters and notes are left out
//! of a slide's text.

use super::blocks::{self, Block};
use super::codepage::{decode_page, utf16};
use super::ole::{Compound, u16_at, u32_at};
use super::{Extracted, Format, limits};
use crate::{Error, ErrorKind, Result};

const DOCUMENT: u16 = 1000;
const SLIDE: u16 = 1006;
const SLIDE_LIST: u16 = 4080;
const SLIDE_PERSIST: u16 = 1011;
const TEXT_HEADER: u16 = 3999;
const TEXT_CHARS: u16 = 4000;
const TEXT_BYTES: u16 = 4008;
const OUTLINE_REF: u16 = 3998;

/// How deep records nest.
const MAX_DEPTH: usize = 24;

/// A record: its kind, what it says of itself, its content.
struct Record<'a> {
    kind: u16,
    instance: u16,
    is_container: bool,
    data: &'a [u8],
}

fn records(mut bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let head = u16_at(bytes, 0)?;
        let kind = u16_at(bytes, 2)?;
        let length = u32_at(bytes, 4)? as usize;
        let data = bytes.get(8..8_usize.checked_add(length)?.min(bytes.len()))?;
        bytes = bytes.get(8 + data.len()..).unwrap_or_default();
        Some(Record { kind, instance: head >> 4, is_container: head & 0xF == 0xF, data })
    })
}

/// Reads a presentation.
pub(super) fn read(file: &mut Compound<'_>) -> Result<Extracted> {
    if file.stream("EncryptedSummary")?.is_some() {
        return Err(super::package::encrypted());
    }
    let stream = file.stream("PowerPoint Document")?.unwrap_or_default();
    let mut slides: Vec<Slide> = Vec::new();
    let mut outlines: Vec<Slide> = Vec::new();
    for record in records(&stream) {
        limits::check()?;
        match record.kind {
            // Files saved quickly hold older states, too; the last one counts.
            DOCUMENT => outlines = read_outlines(record.data),
            SLIDE => {
                let mut slide = Slide::default();
                collect(record.data, 0, &mut slide)?;
                slides.push(slide);
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    let count = slides.len().max(outlines.len());
    for index in 0..count {
        let outline = outlines.get(index).map(|outline| outline.texts.as_slice()).unwrap_or_default();
        let own = slides.get(index);
        let mut texts: Vec<&Shown> = outline.iter().collect();
        // A slide refers to outline texts by number; its own ones come after.
        texts.extend(own.iter().flat_map(|slide| &slide.texts));
        slide_blocks(&texts, &mut out);
        blocks::check_count(&out)?;
    }
    blocks::name_presentation(&mut out);
    if out.is_empty() && count == 0 {
        return Err(Error::new(ErrorKind::Malformed, "the presentation is damaged: no slides can be found in it"));
    }
    Ok(Extracted { format: Format::Ppt, paragraphs: blocks::write(&out)?, ..Extracted::default() })
}

#[derive(Default)]
struct Slide {
    texts: Vec<Shown>,
}

/// A text and what it is for.
struct Shown {
    text: String,
    is_title: bool,
}

fn read_outlines(document: &[u8]) -> Vec<Slide> {
    let mut slides = Vec::new();
    // Instance 0 is the list of slides; 1 masters, 2 notes.
    let Some(list) = records(document).find(|record| record.kind == SLIDE_LIST && record.instance == 0) else {
        return slides;
    };
    let mut is_title = false;
    for record in records(list.data) {
        match record.kind {
            SLIDE_PERSIST => slides.push(Slide::default()),
            TEXT_HEADER => is_title = is_title_kind(record.data),
            TEXT_CHARS | TEXT_BYTES => {
                if let Some(slide) = slides.last_mut() {
                    slide.texts.push(Shown { text: text(&record), is_title });
                }
            }
            _ => {}
        }
    }
    slides
}

fn collect(bytes: &[u8], depth: usize, slide: &mut Slide) -> Result<()> {
    if depth > MAX_DEPTH {
        return Ok(());
    }
    limits::check()?;
    let mut is_title = false;
    let mut is_outline = false;
    for record in records(bytes) {
        match record.kind {
            TEXT_HEADER => is_title = is_title_kind(record.data),
            OUTLINE_REF => is_outline = true,
            TEXT_CHARS | TEXT_BYTES if !is_outline => slide.texts.push(Shown { text: text(&record), is_title }),
            _ if record.is_container => collect(record.data, depth + 1, slide)?,
            _ => {}
        }
    }
    Ok(())
}

/// Titles of slides: type 0, and 6 in the middle of one.
fn is_title_kind(data: &[u8]) -> bool {
    matches!(u32_at(data, 0), Some(0 | 6))
}

fn text(record: &Record<'_>) -> String {
    let text = if record.kind == TEXT_CHARS { utf16(record.data) } else { decode_page(record.data, 1252) };
    text.replace('\u{B}', "\n")
}

fn slide_blocks(texts: &[&Shown], out: &mut Vec<Block>) {
    let is_filled = |shown: &&Shown| !shown.text.trim().is_empty();
    let first = texts.iter().position(is_filled).filter(|at| blocks::is_slide_title(&texts[*at].text));
    let title = texts.iter().position(|shown| shown.is_title && is_filled(shown)).or(first);
    if let Some(title) = title {
        let text = texts[title].text.replace(['\r', '\n'], " ");
        out.push(Block::Text { text, heading: Some(2) });
    }
    for (index, shown) in texts.iter().enumerate() {
        if Some(index) != title {
            out.extend(shown.text.split('\r').map(Block::text));
        }
    }
    out.push(Block::text(""));
}
