//! Glyphs with their places on pages → paragraphs in reading order, for the
//! formats that only know places (PDF, OFD).
//!
//! `lines` puts glyphs into lines and finds columns; this file drops what repeats
//! from page to page and joins wrapped lines by the geometry of the page: a line
//! goes on in the next one if it is full and the next is not indented.

mod lines;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::{Paragraph, ParagraphKind, Paragraphs, limits};
use crate::Result;

pub(super) use lines::Line;

/// A piece of text at a place. Lengths are in any unit, the same for a page; y
/// grows downwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Left end.
    pub(super) x: f32,
    /// Baseline.
    pub(super) y: f32,
    pub(super) width: f32,
    /// Font size.
    pub(super) size: f32,
}

/// What stands on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
}

/// The part of a page, at its top and at its bottom, where headers and footers stand.
const MARGIN: f32 = 0.13;

/// The paragraphs of pages.
pub(super) fn paragraphs(pages: Vec<Page>) -> Result<Vec<Paragraph>> {
    let mut sheets = Vec::with_capacity(pages.len());
    for page in pages {
        limits::check()?;
        let height = page.height;
        sheets.push((lines::lines(page)?, height));
    }
    drop_furniture(&mut sheets);
    // A page number under a column does not widen it.
    sheets.iter_mut().for_each(|(lines, _)| lines::measure_blocks(lines));
    let uses_indents = uses_indents(&sheets);
    let mut out = Paragraphs::new();
    let mut line_number: u32 = 0;
    let mut open: Option<(String, Line, u32)> = None;
    for (lines, _) in &sheets {
        let leading = leading(lines);
        let mut is_page_start = true;
        for line in lines {
            let gap = match &open {
                Some((_, last, _)) if !is_page_start && line.block == last.block => {
                    (line.y - last.y) / leading.max(line.size)
                }
                _ => 1.0,
            };
            if let Some((text, last, _)) = &mut open
                && goes_on(text, last, line, gap, uses_indents)
            {
                append(text, &line.text);
                *last = line.clone();
                is_page_start = false;
                continue;
            }
            if let Some((text, _, number)) = open.take() {
                out.push(&text, number, ParagraphKind::Text)?;
            }
            // A wide gap is an empty line.
            line_number = line_number.saturating_add(if gap > 1.75 { 2 } else { 1 });
            open = Some((line.text.clone(), line.clone(), line_number));
            is_page_start = false;
        }
    }
    if let Some((text, _, number)) = open {
        out.push(&text, number, ParagraphKind::Text)?;
    }
    Ok(out.into_vec())
}

/// Whether `next` continues the paragraph that ends with the line `last`.
fn goes_on(text: &str, last: &Line, next: &Line, gap: f32, uses_indents: bool) -> bool {
    let em = last.size.max(1.0);
    // A new block goes on at the top of the next column or page only.
    let is_same_size = (last.size - next.size).abs() <= 0.12 * em;
    let is_full = last.right >= last.block_right - 1.6 * em;
    let starts_left = (next.left - next.block_left).abs() <= 0.8 * em;
    let is_wide = last.block_right - last.block_left >= 10.0 * em;
    if !is_same_size || !is_full || !starts_left || !is_wide || gap > 1.75 || last.is_row || next.is_row {
        return false;
    }
    // What begins at the left and ends at the right is the middle of a paragraph;
    // without indents a full stop at the very end may be its end.
    let closes = text.trim_end().ends_with(['。', '；', '：', '！', '？', ':', ';']);
    let began_indented = last.left > last.block_left + 0.8 * em;
    (uses_indents && (began_indented || !closes || !starts_item(&next.text))) || !closes
}

/// A number or a label with which paragraphs begin.
fn starts_item(text: &str) -> bool {
    let text = text.trim_start();
    let is_digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百〇零".contains(c);
    let rest = text.trim_start_matches(['第', '（', '(']);
    let inner = rest.trim_start_matches(is_digit);
    inner.len() < rest.len() && inner.starts_with(['、', '.', '．', '）', ')', '条', '章', '节', '编', '，'])
}

fn append(text: &mut String, next: &str) {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let trimmed = text.trim_end().len();
    text.truncate(trimmed);
    if text.chars().next_back().is_some_and(is_word) && next.chars().next().is_some_and(is_word) {
        text.push(' ');
    }
    text.push_str(next.trim_start());
}

/// Whether first lines of paragraphs are indented by two characters.
fn uses_indents(sheets: &[(Vec<Line>, f32)]) -> bool {
    let mut full = 0;
    let mut indented = 0;
    for line in sheets.iter().flat_map(|(lines, _)| lines) {
        let em = line.size.max(1.0);
        let is_full = line.right >= line.block_right - 1.6 * em;
        let indent = (line.left - line.block_left) / em;
        full += usize::from(is_full);
        indented += usize::from((1.3..3.2).contains(&indent) && is_full);
    }
    indented >= 3 && indented * 12 >= full
}

/// The usual distance of lines on a page.
fn leading(lines: &[Line]) -> f32 {
    let mut gaps: Vec<f32> = lines
        .windows(2)
        .filter(|pair| pair[0].block == pair[1].block)
        .map(|pair| pair[1].y - pair[0].y)
        .filter(|gap| *gap > 0.5)
        .collect();
    if gaps.is_empty() {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    // The lower third: text lines, not the gaps between paragraphs.
    gaps[gaps.len() / 3]
}

/// Drops headers, footers and page numbers: what stands at the top or the bottom of
/// several pages and differs in digits only.
fn drop_furniture(sheets: &mut [(Vec<Line>, f32)]) {
    if sheets.len() < 2 {
        return;
    }
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for (lines, height) in sheets.iter() {
        let mut on_page: Vec<(bool, String)> = edges(lines, *height).map(|(_, key)| key).collect();
        on_page.sort_unstable();
        on_page.dedup();
        for key in on_page {
            *seen.entry(key).or_default() += 1;
        }
    }
    let pages = sheets.len();
    let repeats = |key: &(bool, String)| {
        let count = seen.get(key).copied().unwrap_or(0);
        let is_number = is_page_number(&key.1);
        count >= 3 || (count >= 2 && (pages <= 4 || is_number)) || (is_number && pages >= 2 && count >= 1)
    };
    let dropped: Vec<Vec<usize>> = sheets
        .iter()
        .map(|(lines, height)| edges(lines, *height).filter(|(_, key)| repeats(key)).map(|(at, _)| at).collect())
        .collect();
    // Pages that are the same are a document, not its furniture.
    if sheets.iter().zip(&dropped).all(|((lines, _), dropped)| lines.len() == dropped.len()) {
        return;
    }
    for ((lines, _), dropped) in sheets.iter_mut().zip(&dropped) {
        let mut at = 0;
        lines.retain(|_| {
            at += 1;
            !dropped.contains(&(at - 1))
        });
    }
}

/// The lines in the margins, at most four at each end, with what identifies them.
fn edges(lines: &[Line], height: f32) -> impl Iterator<Item = (usize, (bool, String))> + '_ {
    let top = lines.iter().map(|line| line.y).fold(f32::MAX, f32::min);
    let bottom = lines.iter().map(|line| line.y).fold(f32::MIN, f32::max);
    lines.iter().enumerate().filter_map(move |(at, line)| {
        let key = key(&line.text);
        // A page number may stand higher or lower than other furniture.
        let is_number = is_page_number(&key);
        let is_top = line.y <= height * MARGIN || (is_number && line.y <= top + 0.5);
        let is_bottom = line.y >= height * (1.0 - MARGIN) || (is_number && line.y >= bottom - 0.5);
        (is_top || is_bottom).then_some((at, (is_top, key)))
    })
}

/// Digits are alike, blanks do not count.
fn key(text: &str) -> String {
    let mut key = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let c = if c.is_ascii_digit() || ('０'..='９').contains(&c) { '0' } else { c };
        if c != '0' || !key.ends_with('0') {
            key.push(c);
        }
    }
    key
}

/// `0`, `-0-`, `第0页共0页`, `0/0`.
fn is_page_number(key: &str) -> bool {
    let rest: String = key.chars().filter(|c| !"-—–－―─~·•.()（）|/第页共頁Pp".contains(*c)).collect();
    rest == "0" || rest == "00" || (key.to_ascii_lowercase().starts_with("page") && rest.len() <= 6)
}
