//! Rich Text Format, as Word, WPS and LibreOffice write it.
//!
//! Our own reader: the crates for RTF know neither code pages nor tables. Text
//! stands in the code page of its font or as `\u` with a substitute to skip;
//! numbers of lists stand there as text (`\listtext`). What is a destination of its
//! own (fonts, pictures, headers) is skipped, unless it is known to be text.

mod destination;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::blocks::{self, Block, Table};
use super::{Extracted, Format, HintField, Hints, limits};
use crate::{Error, ErrorKind, Result};
use destination::Destination;

/// The deepest nesting of groups.
const MAX_DEPTH: usize = 2_000;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut reader = Reader::default();
    reader.run(bytes)?;
    reader.end_paragraph(false);
    reader.table.close(&mut reader.out);
    let mut extracted = Extracted {
        format: Format::Rtf,
        paragraphs: blocks::write(&reader.out)?,
        hints: reader.hints,
        ..Extracted::default()
    };
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

/// What a group inherits and its end restores.
#[derive(Clone, Default)]
struct State {
    destination: Destination,
    font: i32,
    /// How many characters follow `\u` as its substitute.
    substitutes: usize,
    is_hidden: bool,
    in_table: bool,
    outline: Option<u8>,
    /// The group began with `\*`.
    is_optional: bool,
}

struct Reader {
    states: Vec<State>,
    state: State,
    code_page: u16,
    fonts: HashMap<i32, u16>,
    /// Bytes of text in the code page of the current font, not yet decoded.
    pending: Vec<u8>,
    /// UTF-16 units of `\u`, not yet paired.
    units: Vec<u16>,
    skip: usize,
    text: String,
    /// Notes, and the text of the paragraph they interrupt.
    interrupted: Vec<(usize, String)>,
    notes: Vec<Block>,
    table: Table,
    out: Vec<Block>,
    info: String,
    hints: Hints,
}

impl Default for Reader {
    fn default() -> Self {
        Reader {
            states: Vec::new(),
            state: State { substitutes: 1, ..State::default() },
            code_page: 936,
            fonts: HashMap::new(),
            pending: Vec::new(),
            units: Vec::new(),
            skip: 0,
            text: String::new(),
            interrupted: Vec::new(),
            notes: Vec::new(),
            table: Table::default(),
            out: Vec::new(),
            info: String::new(),
            hints: Hints::default(),
        }
    }
}

impl Reader {
    fn run(&mut self, bytes: &[u8]) -> Result<()> {
        let mut at = 0;
        let mut steps = 0_usize;
        while let Some(byte) = bytes.get(at) {
            steps += 1;
            if steps & 0xFFF == 0 {
                limits::check()?;
            }
            match byte {
                b'{' => {
                    self.flush();
                    if self.states.len() >= MAX_DEPTH {
                        let message = format!("groups are nested deeper than {MAX_DEPTH}");
                        return Err(Error::new(ErrorKind::LimitExceeded, message));
                    }
                    self.states.push(self.state.clone());
                    self.state.is_optional = false;
                    self.skip = 0;
                    at += 1;
                }
                b'}' => {
                    self.flush();
                    self.close_group();
                    at += 1;
                }
                b'\\' => at = self.control(bytes, at + 1)?,
                b'\r' | b'\n' => at += 1,
                0 => at += 1,
                byte => {
                    self.byte(*byte);
                    at += 1;
                }
            }
        }
        self.flush();
        Ok(())
    }

    fn close_group(&mut self) {
        let depth = self.states.len();
        if self.interrupted.last().is_some_and(|(open, _)| *open == depth) {
            let note = std::mem::take(&mut self.text);
            self.notes.extend(note.split('\n').map(Block::text));
            self.text = self.interrupted.pop().map(|(_, text)| text).unwrap_or_default();
        }
        if let Destination::Info(label) = self.state.destination {
            let value = super::paragraphs::clean(&std::mem::take(&mut self.info));
            if !value.is_empty() {
                match label {
                    "标题" => self.hints.title = Some(value),
                    label => self.hints.fields.push(HintField::property(label, value)),
                }
            }
        }
        if let Some(state) = self.states.pop() {
            self.state = state;
        }
        self.skip = 0;
    }

    /// A control word or symbol; returns where the next token begins.
    fn control(&mut self, bytes: &[u8], at: usize) -> Result<usize> {
        let Some(&first) = bytes.get(at) else { return Ok(at) };
        if !first.is_ascii_alphabetic() {
            return Ok(self.symbol(bytes, at, first));
        }
        let length = bytes[at..].iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&bytes[at..at + length]).unwrap_or_default();
        let mut next = at + length;
        let is_negative = bytes.get(next) == Some(&b'-');
        let digits_at = next + usize::from(is_negative);
        let digits =
            bytes.get(digits_at..).unwrap_or_default().iter().take(10).take_while(|d| d.is_ascii_digit()).count();
        let mut number = None;
        if digits > 0 {
            let text = std::str::from_utf8(&bytes[digits_at..digits_at + digits]).unwrap_or_default();
            let value = text.parse::<i64>().unwrap_or(0).min(i64::from(i32::MAX)) as i32;
            number = Some(if is_negative { -value } else { value });
            next = digits_at + digits;
        }
        if bytes.get(next) == Some(&b' ') {
            next += 1;
        }
        if word == "bin" {
            return Ok(next.saturating_add(number.unwrap_or(0).max(0) as usize));
        }
        self.word(word, number)?;
        Ok(next)
    }

    fn symbol(&mut self, bytes: &[u8], at: usize, symbol: u8) -> usize {
        match symbol {
            b'\'' => {
                let hex = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
                if let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2)) {
                    self.byte((high * 16 + low) as u8);
                    return at + 3;
                }
            }
            b'*' => self.state.is_optional = true,
            b'~' => self.char('\u{A0}'),
            b'_' => self.char('-'),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.end_paragraph(true),
            _ => {}
        }
        at + 1
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Result<()> {
        if word == "u" {
            let unit = number.unwrap_or(0) as u16;
            self.flush_bytes();
            if self.skip == 0 || !self.units.is_empty() {
                self.units.push(unit);
            }
            self.skip = self.state.substitutes;
            return Ok(());
        }
        self.flush();
        self.skip = 0;
        if self.state.is_optional && Destination::of(word).is_none() {
            // A destination that nobody has to know.
            self.state.destination = Destination::Skipped;
            self.state.is_optional = false;
            return Ok(());
        }
        if let Some(destination) = Destination::of(word) {
            self.enter(destination);
            return Ok(());
        }
        let is_on = number != Some(0);
        match word {
            "ansicpg" => self.code_page = number.unwrap_or(936).clamp(0, 65_535) as u16,
            "mac" => self.code_page = 10_000,
            "uc" => self.state.substitutes = number.unwrap_or(1).clamp(0, 16) as usize,
            "f" | "af" | "loch" | "hich" | "dbch" => {
                if let (Some(font), true) = (number, word == "f") {
                    self.state.font = font;
                }
            }
            "fcharset" if self.state.destination == Destination::Fonts => {
                if let Some(page) = destination::code_page(number.unwrap_or(0)) {
                    self.fonts.insert(self.state.font, page);
                }
            }
            "plain" => {
                self.state.is_hidden = false;
            }
            "pard" => {
                self.state.in_table = false;
                self.state.outline = None;
            }
            "v" | "deleted" => self.state.is_hidden = is_on,
            "intbl" => self.state.in_table = true,
            "outlinelevel" => self.state.outline = number.map(|level| level.clamp(0, 9) as u8),
            _ => self.text_word(word)?,
        }
        Ok(())
    }

    /// Control words that are text or end some.
    fn text_word(&mut self, word: &str) -> Result<()> {
        match word {
            "par" | "sect" => self.end_paragraph(true),
            "line" | "lbr" => self.char('\n'),
            "tab" => self.char('\t'),
            "cell" | "nestcell" => {
                let nested = word == "nestcell";
                if self.is_text() {
                    self.end_table_paragraph();
                    if !nested {
                        self.table.end_cell();
                    }
                }
            }
            "row" if self.is_text() => self.table.end_row(),
            "emdash" => self.char('—'),
            "endash" => self.char('–'),
            "lquote" => self.char('‘'),
            "rquote" => self.char('’'),
            "ldblquote" => self.char('“'),
            "rdblquote" => self.char('”'),
            "bullet" => self.char('•'),
            "emspace" | "enspace" | "qmspace" => self.char(' '),
            _ => {}
        }
        blocks::check_count(&self.out)
    }

    fn enter(&mut self, destination: Destination) {
        self.state.is_optional = false;
        match destination {
            // Inside what is skipped only the text of a shape is text again.
            Destination::ShapeText if self.state.destination == Destination::Shape => {
                self.state.destination = Destination::Body;
                self.begin_note();
            }
            Destination::ShapeText => self.state.destination = Destination::Skipped,
            Destination::Note if self.state.destination == Destination::Body => self.begin_note(),
            Destination::Note => {}
            Destination::Result => {}
            _ if matches!(self.state.destination, Destination::Skipped) => {}
            destination => self.state.destination = destination,
        }
    }

    /// Text of a note or a shape follows its paragraph.
    fn begin_note(&mut self) {
        let depth = self.states.len();
        if self.interrupted.last().is_some_and(|(open, _)| *open == depth) {
            return;
        }
        let text = std::mem::take(&mut self.text);
        self.interrupted.push((depth, text));
    }

    fn is_text(&self) -> bool {
        self.state.destination == Destination::Body
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.flush_units();
        if self.target().is_some() {
            self.pending.push(byte);
        }
    }

    fn char(&mut self, c: char) {
        self.flush();
        if let Some(target) = self.target() {
            target.push(c);
        }
    }

    /// Where text goes now, if anywhere.
    fn target(&mut self) -> Option<&mut String> {
        match self.state.destination {
            Destination::Body if !self.state.is_hidden => Some(&mut self.text),
            Destination::Info(_) => Some(&mut self.info),
            _ => None,
        }
    }

    fn flush(&mut self) {
        self.flush_units();
        self.flush_bytes();
    }

    fn flush_units(&mut self) {
        if self.units.is_empty() {
            return;
        }
        let text = String::from_utf16_lossy(&std::mem::take(&mut self.units));
        if let Some(target) = self.target() {
            target.push_str(&text);
        }
    }

    fn flush_bytes(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        self.flush_units();
        let page = self.fonts.get(&self.state.font).copied().unwrap_or(self.code_page);
        let bytes = std::mem::take(&mut self.pending);
        // Western fonts with Chinese bytes: the writer set a font for Latin only.
        let is_western = matches!(page, 1250..=1258 | 10_000);
        let page = if is_western && !matches!(self.code_page, 1250..=1258) { self.code_page } else { page };
        let text = super::codepage::decode_page(&bytes, page);
        if let Some(target) = self.target() {
            target.push_str(&text);
        }
    }

    fn end_table_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.table.cell.push(Block::text(text));
        self.table.cell.append(&mut self.notes);
    }

    /// Ends a paragraph; `counts` if an empty one is a line, too.
    fn end_paragraph(&mut self, counts: bool) {
        if !self.is_text() {
            return;
        }
        if !self.interrupted.is_empty() {
            self.text.push('\n');
            return;
        }
        if self.state.in_table {
            self.end_table_paragraph();
            return;
        }
        self.table.close(&mut self.out);
        let text = std::mem::take(&mut self.text);
        if counts || !text.trim().is_empty() {
            let heading = self.state.outline.filter(|level| *level < 9).map(|level| level + 1);
            self.out.push(Block::Text { text, heading });
        }
        self.out.append(&mut self.notes);
    }
}
