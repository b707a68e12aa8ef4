//! The builder every reader hands its lines to: it cleans them, drops the empty
//! ones and holds the limit.
//!
//! Cleaning takes away what nobody sees (control and format characters) and
//! makes runs of white space one character. It changes no visible character.

use super::{MAX_PARAGRAPHS, Paragraph, ParagraphKind, limits};
use crate::{Error, ErrorKind, Result};

/// Collects paragraphs.
#[derive(Debug, Default)]
pub(super) struct Paragraphs {
    list: Vec<Paragraph>,
}

impl Paragraphs {
    pub(super) fn new() -> Self {
        Paragraphs::default()
    }

    /// Adds one line of text; white space alone is dropped.
    pub(super) fn push(&mut self, raw: &str, line: u32, kind: ParagraphKind) -> Result<()> {
        let text = clean(raw);
        if text.is_empty() {
            return Ok(());
        }
        self.push_clean(text, line, kind)
    }

    /// Adds a row of a table; empty cells are left out, a row of empty cells too.
    pub(super) fn push_row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>, line: u32) -> Result<()> {
        let mut text = String::new();
        for cell in cells {
            let before = text.len();
            if before > 0 {
                text.push('\t');
            }
            let start = text.len();
            clean_into(&mut text, cell);
            if text.len() == start {
                text.truncate(before);
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        self.push_clean(text, line, ParagraphKind::TableRow)
    }

    /// Adds a paragraph that another reader has made.
    pub(super) fn push_read(&mut self, paragraph: &Paragraph, line: u32) -> Result<()> {
        self.push_clean(paragraph.text.clone(), line, paragraph.kind)
    }

    fn push_clean(&mut self, text: String, line: u32, kind: ParagraphKind) -> Result<()> {
        if self.list.len() >= MAX_PARAGRAPHS {
            let message = format!("the document has more than {MAX_PARAGRAPHS} paragraphs");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        if self.list.len() & 0xFFF == 0xFFF {
            limits::check()?;
        }
        debug_assert!(self.list.last().is_none_or(|last| last.line <= line), "lines ascend");
        self.list.push(Paragraph { text, line, kind });
        Ok(())
    }

    pub(super) fn into_vec(self) -> Vec<Paragraph> {
        self.list
    }
}

/// What cleaning does with a character.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Visible,
    Space,
    Dropped,
}

/// `raw` without invisible characters, trimmed, inner runs of white space single.
pub(super) fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    clean_into(&mut out, raw);
    out
}

/// Appends the cleaned `raw` to `out`. A run of white space becomes an ideographic
/// space if it begins with one, otherwise a plain one.
pub(super) fn clean_into(out: &mut String, raw: &str) {
    let start = out.len();
    let bytes = raw.as_bytes();
    let mut pending: Option<char> = None;
    // Visible text waiting to be copied is raw[copied..at].
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !NEEDS_A_LOOK[bytes[at] as usize] {
            at += 1;
            continue;
        }
        // Only first bytes of characters need a look, so this is a boundary.
        let Some(c) = raw[at..].chars().next() else { break };
        let class = classify(c);
        if class == Class::Visible {
            at += c.len_utf8();
            continue;
        }
        flush(out, &raw[copied..at], &mut pending, start);
        at += c.len_utf8();
        copied = at;
        if class == Class::Space {
            pending.get_or_insert(if c == '\u{3000}' { c } else { ' ' });
        }
    }
    flush(out, &raw[copied..], &mut pending, start);
}

fn flush(out: &mut String, visible: &str, pending: &mut Option<char>, start: usize) {
    if visible.is_empty() {
        return;
    }
    if let Some(space) = pending.take() {
        // White space at the beginning is trimmed.
        if out.len() > start {
            out.push(space);
        }
    }
    out.push_str(visible);
}

/// First bytes of characters that may be white space or invisible.
const NEEDS_A_LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte <= 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[0x7F] = true; // DEL
    table[0xC2] = true; // U+0080…U+00BF: C1 controls, no-break space, soft hyphen
    table[0xE1] = true; // U+1680, U+180E
    table[0xE2] = true; // U+2000…U+206F: spaces, zero-width and direction marks
    table[0xE3] = true; // U+3000
    table[0xEF] = true; // U+FEFF, U+FFF9…U+FFFC, U+FFFE
    table
};

fn classify(c: char) -> Class {
    match c {
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' => {
            Class::Space
        }
        '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Class::Space,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{180E}' => Class::Dropped,
        // Zero-width characters, direction marks and overrides, invisible operators.
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => Class::Dropped,
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}' | '\u{FFFE}' | '\u{FFFF}' => Class::Dropped,
        _ => Class::Visible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_trims_and_makes_runs_single() {
        assert_eq!(clean("  第一条 \t 为了\u{A0}\u{A0}规范  "), "第一条 为了 规范");
        assert_eq!(clean("　　第一条　　为了"), "第一条　为了");
        assert_eq!(clean(" \u{3000}\t\r\n"), "");
    }

    #[test]
    fn clean_drops_what_nobody_sees() {
        assert_eq!(clean("\u{FEFF}数\u{200B}据\u{AD}安\u{7}全\u{202E}法\u{FFFC}"), "数据安全法");
        // A dropped character between blanks does not make two of them.
        assert_eq!(clean("a \u{200B} b"), "a b");
    }

    #[test]
    fn clean_keeps_quotes_dashes_and_punctuation() {
        let text = "“双随机、一公开”——〔2019〕5号；3×4≠12，100％。";
        assert_eq!(clean(text), text);
    }

    #[test]
    fn rows_leave_out_empty_cells() {
        let mut paragraphs = Paragraphs::new();
        paragraphs.push_row(["", " 名称 ", "　", "金额\n（万元）"], 3).unwrap();
        paragraphs.push_row([" ", ""], 4).unwrap();
        let list = paragraphs.into_vec();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].text, "名称\t金额 （万元）");
        assert_eq!(list[0].kind, ParagraphKind::TableRow);
    }
}
