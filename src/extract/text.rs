//! Plain text: one paragraph a line.
//!
//! Lines that a program has wrapped are not joined here: which line goes on in
//! the next is a question of the text's structure.

use memchr::memchr_iter;

use super::{Extracted, Format, ParagraphKind, Paragraphs};
use crate::Result;

/// Reads plain text; never fails but for the limit on paragraphs.
pub(super) fn read(text: &str) -> Result<Extracted> {
    let mut paragraphs = Paragraphs::new();
    for (line, raw) in lines(text) {
        push_line(&mut paragraphs, raw, line)?;
    }
    Ok(Extracted { format: Format::Text, paragraphs: paragraphs.into_vec(), ..Extracted::default() })
}

fn push_line(paragraphs: &mut Paragraphs, raw: &str, line: u32) -> Result<()> {
    // Form feeds and vertical tabs break a paragraph, though `grep -n` counts no line.
    if memchr::memchr3(b'\r', 0x0B, 0x0C, raw.as_bytes()).is_none() {
        return paragraphs.push(raw, line, ParagraphKind::Text);
    }
    for part in raw.split(['\r', '\u{B}', '\u{C}']) {
        paragraphs.push(part, line, ParagraphKind::Text)?;
    }
    Ok(())
}

/// The lines of `text` with their numbers from 1, as `grep -n` counts them; in
/// a text without line feeds carriage returns end the lines (old Macintosh).
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let bytes = text.as_bytes();
    let end = if memchr::memchr(b'\n', bytes).is_none() { b'\r' } else { b'\n' };
    let mut start = 0;
    let ends = memchr_iter(end, bytes).chain(std::iter::once(bytes.len()));
    ends.zip(1u32..).map(move |(end, line)| {
        let raw = &text[start..end];
        start = (end + 1).min(text.len());
        (line, raw)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(u32, String)> {
        read(text).unwrap().paragraphs.into_iter().map(|paragraph| (paragraph.line, paragraph.text)).collect()
    }

    fn expected(rows: &[(u32, &str)]) -> Vec<(u32, String)> {
        rows.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn blank_lines_are_dropped_but_counted() {
        assert_eq!(
            texts("通知\r\n\r\n　　一、总则\r\n\n正文\n"),
            expected(&[(1, "通知"), (3, "一、总则"), (5, "正文")])
        );
    }

    #[test]
    fn carriage_returns_alone_end_lines() {
        assert_eq!(texts("甲\r乙\r\r丙"), expected(&[(1, "甲"), (2, "乙"), (4, "丙")]));
    }

    #[test]
    fn form_feeds_break_paragraphs_within_a_line() {
        assert_eq!(texts("甲\n乙\u{C}丙\n丁"), expected(&[(1, "甲"), (2, "乙"), (2, "丙"), (3, "丁")]));
    }
}
