//! Word documents of 97 to 2003 and what WPS Writer saves as .wps or .doc: the
//! binary format [MS-DOC].
//!
//! `office_oxide` gives the text, but neither automatic numbers nor what tracked
//! changes deleted; so the few structures that matter are read here: the piece
//! table (`pieces`), the properties of paragraphs and characters (`properties`),
//! styles and lists (`tables`).

mod pieces;
mod properties;
mod tables;

use std::ops::Range;

use super::blocks::{self, Block, Table};
use super::codepage::decode_page;
use super::lists::Lists;
use super::ole::{Compound, u16_at, u32_at};
use super::{Extracted, Format, limits};
use crate::{Error, ErrorKind, Result};
use pieces::Text;
use properties::{Characters, ParagraphProperties, Paragraphs};
use tables::Styles;

/// Reads a document.
pub(super) fn read(file: &mut Compound<'_>) -> Result<Extracted> {
    let main = file.stream("WordDocument")?.unwrap_or_default();
    if u16_at(&main, 0).is_none_or(|magic| !matches!(magic, 0xA5EC | 0xA5DC)) {
        return Err(damaged("its header is no Word document's"));
    }
    let version = u16_at(&main, 2).unwrap_or(0);
    let flags = u16_at(&main, 10).unwrap_or(0);
    if flags & 0x0100 != 0 {
        return Err(super::package::encrypted());
    }
    let out = if version < 106 {
        word_95(&main)?
    } else {
        let name = if flags & 0x0200 != 0 { "1Table" } else { "0Table" };
        let other = if flags & 0x0200 != 0 { "0Table" } else { "1Table" };
        let table = match file.stream(name)? {
            Some(table) => table,
            None => file.stream(other)?.ok_or_else(|| damaged("its table stream is missing"))?,
        };
        Document::open(&main, &table)?.read()?
    };
    Ok(Extracted { format: Format::Doc, paragraphs: blocks::write(&out)?, ..Extracted::default() })
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the Word document is damaged: {what}"))
        .with_remedy("open it in Word or WPS and save it anew")
}

/// Word 6 and 95: the text stands in one piece, in the code page of its country.
fn word_95(main: &[u8]) -> Result<Vec<Block>> {
    let (from, to) = (u32_at(main, 0x18).unwrap_or(0) as usize, u32_at(main, 0x1C).unwrap_or(0) as usize);
    let bytes = main.get(from..to.min(main.len())).ok_or_else(|| damaged("its text is outside the file"))?;
    let text = decode_page(bytes, 936);
    Ok(text.split(['\r', '\u{7}', '\u{C}']).map(|line| Block::text(visible(line))).collect())
}

/// The pairs of offset and length in the header, by their number in the format's
/// description.
fn place(main: &[u8], number: usize) -> Option<Range<usize>> {
    let at = 0x9A + 8 * number;
    let (offset, length) = (u32_at(main, at)? as usize, u32_at(main, at + 4)? as usize);
    (length > 0).then_some(offset..offset.checked_add(length)?)
}

/// The part of the table stream that a pair names; cut where the stream ends.
fn part<'a>(main: &[u8], table: &'a [u8], number: usize) -> &'a [u8] {
    let Some(range) = place(main, number) else { return &[] };
    table.get(range.start..range.end.min(table.len()).max(range.start)).unwrap_or_default()
}

struct Document {
    text: Text,
    paragraphs: Paragraphs,
    characters: Characters,
    styles: Styles,
    lists: Lists,
    /// Where notes are referred to, and where they stand.
    notes: Vec<(usize, Range<usize>)>,
    main_end: usize,
    boxes: Range<usize>,
}

impl Document {
    fn open(main: &[u8], table: &[u8]) -> Result<Document> {
        let text = Text::read(main, part(main, table, 33)).ok_or_else(|| damaged("its text cannot be found"))?;
        let count = |at: usize| u32_at(main, at).unwrap_or(0) as usize;
        // Main text, footnotes, headers, macros, comments, endnotes, text boxes.
        let counts = [0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64].map(count);
        let mut ends = [0_usize; 7];
        let mut sum = 0_usize;
        for (end, count) in ends.iter_mut().zip(counts) {
            sum = sum.saturating_add(count);
            *end = sum.min(text.len());
        }
        let mut notes = tables::notes(part(main, table, 2), part(main, table, 3), ends[0]);
        notes.extend(tables::notes(part(main, table, 46), part(main, table, 47), ends[4]));
        notes.retain(|(_, range)| range.start < range.end && range.end <= text.len());
        notes.sort_by_key(|(at, _)| *at);
        let lists_at = place(main, 73).map_or(&[][..], |range| table.get(range.start..).unwrap_or_default());
        Ok(Document {
            paragraphs: Paragraphs::read(main, part(main, table, 13)),
            characters: Characters::read(main, part(main, table, 12)),
            styles: Styles::read(part(main, table, 1)),
            lists: tables::lists(lists_at, part(main, table, 74)),
            notes,
            main_end: ends[0],
            boxes: ends[5]..ends[6],
            text,
        })
    }

    fn read(mut self) -> Result<Vec<Block>> {
        let mut out = Vec::new();
        let main = 0..self.main_end;
        self.range(main, &mut out)?;
        let boxes = self.boxes.clone();
        self.range(boxes, &mut out)?;
        Ok(out)
    }

    /// The paragraphs of a stretch of text.
    fn range(&mut self, range: Range<usize>, out: &mut Vec<Block>) -> Result<()> {
        let mut table = Table::default();
        let mut carried = String::new();
        let mut start = range.start;
        let mut count = 0_usize;
        while start < range.end {
            count += 1;
            if count & 0xFF == 0 {
                limits::check()?;
            }
            let end = self.text.find_end(start, range.end);
            let mark = self.text.char(end);
            let place = self.text.place(end.min(range.end.saturating_sub(1)));
            let properties = self.paragraphs.at(place);
            let mut inline = Inline::default();
            self.collect(start..end, &mut inline);
            // A deleted paragraph mark joins its paragraph to the next.
            let is_joined = self.characters.is_hidden(place) && mark == Some(0x0D) && !properties.in_table;
            if is_joined {
                carried.push_str(&inline.text);
            } else {
                let mut text = std::mem::take(&mut carried);
                text.push_str(&inline.text);
                self.paragraph(&text, properties, mark, &mut table, out);
            }
            for range in inline.notes {
                let mut note = Vec::new();
                self.note(range, &mut note);
                table.target(out).extend(note);
            }
            blocks::check_count(out)?;
            start = end + 1;
        }
        table.close(out);
        Ok(())
    }

    fn note(&mut self, range: Range<usize>, out: &mut Vec<Block>) {
        let mut start = range.start;
        while start < range.end {
            let end = self.text.find_end(start, range.end);
            let mut inline = Inline::default();
            self.collect(start..end, &mut inline);
            if !inline.text.trim().is_empty() {
                out.push(Block::text(inline.text));
            }
            start = end + 1;
        }
    }

    fn paragraph(
        &mut self,
        text: &str,
        properties: ParagraphProperties,
        mark: Option<u16>,
        table: &mut Table,
        out: &mut Vec<Block>,
    ) {
        let style = self.styles.effective(properties.style);
        let list = properties.list.or(style.list).filter(|list| *list != 0 && *list != 0x7FF);
        let level = usize::from(properties.level.or(style.level).unwrap_or(0));
        let is_row_end = properties.row_end;
        let number = match list {
            Some(list) if !is_row_end => self.lists.next(&list.to_string(), level),
            _ => None,
        };
        let heading = properties.outline.or(style.outline).filter(|level| *level < 9).map(|level| level + 1);
        let text = if text.trim().is_empty() { String::new() } else { number.unwrap_or_default() + text };
        let block = Block::Text { text, heading };
        if !properties.in_table {
            table.close(out);
            out.push(block);
            return;
        }
        if is_row_end {
            table.end_row();
            return;
        }
        table.cell.push(block);
        if mark == Some(0x07) && properties.depth <= 1 {
            table.end_cell();
        }
    }

    /// The visible text of a stretch, without fields' instructions.
    fn collect(&self, range: Range<usize>, inline: &mut Inline) {
        let mut units = Vec::new();
        let mut fields: Vec<bool> = Vec::new();
        for at in range {
            let Some(unit) = self.text.char(at) else { break };
            if self.characters.is_hidden(self.text.place(at)) {
                continue;
            }
            match unit {
                0x13 => fields.push(false),
                0x14 => {
                    if let Some(last) = fields.last_mut() {
                        *last = true;
                    }
                }
                0x15 => {
                    fields.pop();
                }
                0x02 => {
                    let found = self.notes.binary_search_by_key(&at, |(place, _)| *place);
                    inline.notes.extend(found.ok().map(|index| self.notes[index].1.clone()));
                }
                _ if fields.contains(&false) => {}
                0x0B => units.push(0x0A),
                0x1E => units.push(u16::from(b'-')),
                0x09 => units.push(0x09),
                0x00..0x20 => {}
                unit => units.push(unit),
            }
        }
        inline.text = String::from_utf16_lossy(&units);
    }
}

/// Text without the marks of fields and pictures.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\u{B}')).collect()
}

#[derive(Default)]
struct Inline {
    text: String,
    notes: Vec<Range<usize>>,
}
