//! Paragraphs as a reader would hold them: page numbers, running footers and the
//! table of contents gone, wrapped lines joined (by [`super::wrapped`]). What
//! headings mean is not decided here.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::document::numeral;
use crate::extract::{Paragraph, ParagraphKind};

use super::numbering::{self, Kind};
use super::run_on;
use super::text::{is_closed, is_longer, title_key};
use super::wrapped;

/// A paragraph, whole.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub text: Cow<'a, str>,
    /// Its first line in the extracted text, from 1.
    pub line: u32,
    pub kind: ParagraphKind,
    /// Blank lines stand before it.
    pub has_gap: bool,
}

impl Line<'_> {
    /// Running text: neither heading nor table.
    pub(super) fn is_text(&self) -> bool {
        self.kind == ParagraphKind::Text
    }
}

/// The lines of a document in order.
pub(super) fn prepare(paragraphs: &[Paragraph]) -> Vec<Line<'_>> {
    let mut lines = collect(paragraphs);
    drop_contents(&mut lines);
    wrapped::join(&mut lines);
    lines
}

fn collect(paragraphs: &[Paragraph]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::with_capacity(paragraphs.len());
    let mut last_line = None::<u32>;
    // Indices in `lines` before which a page ended.
    let mut page_ends = Vec::new();
    for paragraph in paragraphs {
        let text = paragraph.text.trim();
        let has_gap = last_line.is_none_or(|last| paragraph.line > last + 1);
        last_line = Some(paragraph.line);
        if text.is_empty() {
            continue;
        }
        if paragraph.kind == ParagraphKind::Text && text.len() <= 60 && is_page_furniture(text) {
            page_ends.push(lines.len());
            continue;
        }
        if paragraph.kind == ParagraphKind::Text {
            for (index, piece) in run_on::split(text).into_iter().enumerate() {
                let has_gap = has_gap && index == 0;
                lines.push(Line { text: Cow::Borrowed(piece), line: paragraph.line, kind: paragraph.kind, has_gap });
            }
            continue;
        }
        lines.push(Line { text: Cow::Borrowed(text), line: paragraph.line, kind: paragraph.kind, has_gap });
    }
    drop_running_heads(&mut lines, &page_ends);
    lines
}

/// Page numbers (`— 5 —`, `第5页 共9页`) and what portals print under a page.
fn is_page_furniture(text: &str) -> bool {
    const UNDER_A_PAGE: [&str; 7] =
        ["扫一扫在手机打开当前页", "打印本页", "关闭窗口", "返回顶部", "【打印】【关闭】", "打印本页关闭窗口", "-->"];
    let is_candidate =
        text.starts_with(['—', '-', '－', '–', '第', '~', '·', '扫', '打', '关', '返', '【', 'P', 'p', '─', '―']);
    // An article begins with 第 too, and is longer.
    if !is_candidate || text.len() > 300 {
        return false;
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if UNDER_A_PAGE.contains(&compact.as_str()) {
        return true;
    }
    let dash = |c: char| matches!(c, '—' | '-' | '－' | '–' | '~' | '·' | '─' | '―');
    let inner = compact.trim_matches(dash);
    let is_between_dashes = inner.len() < compact.len() && compact.starts_with(dash) && compact.ends_with(dash);
    if is_between_dashes && !inner.is_empty() && inner.len() <= 4 && inner.chars().all(numeral::is_arabic) {
        return true;
    }
    is_page_of(&compact)
}

/// `第5页`, `第5页共9页`, `Page5of9`.
fn is_page_of(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("page") {
        let rest = rest.replacen("of", "", 1);
        return !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
    }
    let Some(rest) = text.strip_prefix('第') else { return false };
    let Some((_, bytes)) = numeral::number(rest) else { return false };
    let Some(rest) = rest[bytes..].strip_prefix('页') else { return false };
    let rest = rest.trim_start_matches(['，', ',', '/', '（', '(']).trim_end_matches(['）', ')']);
    rest.is_empty()
        || rest
            .strip_prefix('共')
            .and_then(|rest| rest.strip_suffix('页'))
            .is_some_and(|count| numeral::number(count).is_some_and(|(_, bytes)| bytes == count.len()))
}

/// A short line that stands beside three page ends or more is a running head.
fn drop_running_heads(lines: &mut Vec<Line>, page_ends: &[usize]) {
    if page_ends.len() < 3 {
        return;
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for &end in page_ends {
        for at in [end.checked_sub(1), Some(end)].into_iter().flatten() {
            if let Some(line) = lines.get(at)
                && line.text.len() <= 120
            {
                *seen.entry(line.text.as_ref()).or_default() += 1;
            }
        }
    }
    let heads: HashSet<String> = seen
        .into_iter()
        .filter(|(text, count)| *count >= 3 && numbering::read(text).is_none() && !is_closed(text))
        .map(|(text, _)| text.to_owned())
        .collect();
    if heads.is_empty() {
        return;
    }
    let mut is_first: HashSet<String> = HashSet::new();
    // The first one may be the title itself.
    lines.retain(|line| !heads.contains(line.text.as_ref()) || is_first.insert(line.text.clone().into_owned()));
}

/// Drops tables of contents: entries that stand again further on as headings. An
/// entry that does not is kept, so nothing is lost.
fn drop_contents(lines: &mut Vec<Line>) {
    // A table of contents without a name stands at the beginning or nowhere.
    const TOP_LINES: usize = 300;
    let mut at = 0;
    let mut found = 0;
    while at < lines.len() && found < 8 {
        if is_inline_contents(&lines[at], &lines[at + 1..]) {
            lines.remove(at);
            found += 1;
            continue;
        }
        if !is_contents_title(&lines[at].text) {
            // Entries without the word 目录 above them: the first one opens the body.
            let text = &lines[at].text;
            let may_be_entry = at < TOP_LINES && !is_longer(text, 60) && !is_closed(text) && is_entry_label(text);
            let end = if may_be_entry { contents_end(lines, at) } else { at };
            if end >= at + 3 && is_repeated_at(lines, at, end) {
                lines.drain(at..end);
                found += 1;
                continue;
            }
            at += 1;
            continue;
        }
        found += 1;
        let end = contents_end(lines, at + 1);
        let later: HashSet<String> = lines[end..]
            .iter()
            .filter(|line| !is_longer(&line.text, 100))
            .flat_map(|line| heading_keys(&line.text))
            .collect();
        let is_repeated: Vec<bool> =
            lines[at + 1..end].iter().map(|line| later.contains(&title_key(strip_page(&line.text)))).collect();
        let repeated = is_repeated.iter().filter(|repeated| **repeated).count();
        if repeated >= 2 && repeated * 2 >= is_repeated.len() {
            let mut index = 0;
            let range = at..end;
            lines.retain(|_| {
                let keep = !range.contains(&index) || (index > at && !is_repeated[index - at - 1]);
                index += 1;
                keep
            });
        }
        at += 1;
    }
}

/// Whether the entries `start..end` stand again from `end` on, the first at once.
fn is_repeated_at(lines: &[Line], start: usize, end: usize) -> bool {
    let key = |line: &Line| title_key(strip_page(&line.text));
    if lines.get(end).is_none_or(|line| key(line) != key(&lines[start])) {
        return false;
    }
    let later: HashSet<String> = lines[end..].iter().filter(|line| !is_longer(&line.text, 100)).map(key).collect();
    lines[start..end].iter().all(|line| later.contains(&key(line)))
}

fn is_contents_title(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(compact.as_str(), "目录" | "目次" | "目錄" | "【目录】" | "目录：" | "CONTENTS")
}

/// `目录 第一章 总则 第二章 …` in one paragraph, whose chapters follow.
fn is_inline_contents(line: &Line, later: &[Line]) -> bool {
    if !line.text.starts_with('目') || line.text.len() > 6000 {
        return false;
    }
    let compact: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(entries) = compact.strip_prefix("目录").or_else(|| compact.strip_prefix("目次")) else { return false };
    let has_two = entries.trim_start_matches('：').starts_with("第一") && entries.contains("第二章");
    let starts = |label: &str| later.iter().any(|line| line.text.starts_with(label) && !is_longer(&line.text, 60));
    has_two && starts("第一章") && starts("第二章")
}

/// Where the entries end that begin at `start`: at the first that is repeated (the
/// body begins) or at a line that is no entry.
fn contents_end(lines: &[Line], start: usize) -> usize {
    const MAX_ENTRIES: usize = 600;
    let Some(first) = lines.get(start) else { return start };
    let first_key = title_key(strip_page(&first.text));
    let limit = lines.len().min(start + MAX_ENTRIES);
    for (at, line) in lines.iter().enumerate().take(limit).skip(start) {
        let text = strip_page(&line.text);
        let has_page = text.len() < line.text.trim_end().len();
        let is_entry = !is_longer(text, 60) && !is_closed(text) && (has_page || is_entry_label(text) || at == start);
        if !is_entry || (at > start && title_key(text) == first_key) {
            return at;
        }
    }
    limit
}

fn is_entry_label(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '*', '•', '·', ' ']);
    numbering::is_unnumbered_heading(text)
        || numbering::read(text).is_some_and(|label| label.kind != Kind::Article || text.len() <= 60)
}

/// An entry without the dots and the page behind it: `第一章 总则……（3）`.
fn strip_page(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['-', '*', '•']).trim_start();
    let bare = text.trim_end_matches(|c: char| matches!(c, ')' | '）') || numeral::is_arabic(c));
    let bare = bare.trim_end_matches(['(', '（']);
    let dots = bare.trim_end_matches(|c: char| matches!(c, '.' | '…' | '·' | '．' | '-' | '—') || c.is_whitespace());
    // Digits alone belong to the name (2021年度计划1); dots or a wide space show a page.
    if dots.len() < bare.len() && bare.len() < text.len() { dots } else { text }
}

/// The keys under which a line can answer an entry: itself.
fn heading_keys(text: &str) -> Option<String> {
    Some(title_key(strip_page(text)))
}
