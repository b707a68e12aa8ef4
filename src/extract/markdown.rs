//! Markdown: headings, tables and front matter are told apart, markup is taken away
//! where it certainly is markup.
//!
//! Line by line, because people write official texts as Markdown without thinking
//! of its rules: every line is a paragraph (structure joins), a lone `*` or `_`
//! stays, ordered-list numbers stay. Not a renderer.

mod inline;

use std::borrow::Cow;

use super::paragraphs::clean;
use super::text::lines;
use super::{Extracted, Format, HintField, Hints, ParagraphKind, Paragraphs};
use crate::Result;
use crate::document::Origin;

/// The most lines front matter may have.
const MAX_FRONT_MATTER_LINES: usize = 200;

/// The words of the comment that ends the part above the text.
const INFO_END: &str = "INFO END";

/// Reads Markdown; never fails but for the limit on paragraphs.
pub(super) fn read(text: &str) -> Result<Extracted> {
    let all: Vec<(u32, &str)> = lines(text).map(|(line, raw)| (line, raw.trim_end_matches('\r'))).collect();
    // One character is found sooner than several, and most lines have none.
    let ends_comment = |raw: &str| raw.contains('>') && raw.contains("-->");
    let last_comment_end = all.iter().rev().find(|(_, raw)| ends_comment(raw)).map_or(0, |(line, _)| *line);
    let mut reader = Reader { last_comment_end, ..Reader::default() };
    let front = front_matter_length(&all);
    for (_, raw) in &all[..front] {
        reader.front_matter_line(raw);
    }
    reader.finish_front_matter();
    let body = &all[front..];
    let mut index = 0;
    while index < body.len() {
        index += reader.block(&body[index..])?;
    }
    Ok(Extracted {
        format: Format::Markdown,
        encoding: None,
        paragraphs: reader.paragraphs.into_vec(),
        hints: reader.hints,
    })
}

#[derive(Default)]
struct Reader {
    paragraphs: Paragraphs,
    hints: Hints,
    /// The open code fence: its character and length.
    fence: Option<(u8, usize)>,
    /// Inside a comment of several lines.
    in_comment: bool,
    /// The last line in which a comment ends; a comment opened there or below is text.
    last_comment_end: u32,
    /// The last front-matter key, which list items below it belong to.
    front_key: Option<(String, Vec<String>)>,
}

impl Reader {
    /// Reads the lines that `rest` begins with and says how many they were.
    fn block(&mut self, rest: &[(u32, &str)]) -> Result<usize> {
        let (line, raw) = rest[0];
        if let Some((mark, length)) = self.fence {
            let trimmed = raw.trim();
            if fence(trimmed).is_some_and(|(m, l, info)| m == mark && l >= length && info.is_empty()) {
                self.fence = None;
            } else {
                self.paragraphs.push(raw, line, ParagraphKind::Text)?;
            }
            return Ok(1);
        }
        let raw = self.without_comments(raw, line);
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            return Ok(1);
        }
        if let Some((mark, length, _)) = fence(trimmed) {
            self.fence = Some((mark, length));
            return Ok(1);
        }
        if let Some((level, title)) = heading(trimmed) {
            self.paragraphs.push(&inline::plain(title), line, ParagraphKind::Heading(level))?;
            return Ok(1);
        }
        if is_rule(trimmed) || is_reference_definition(trimmed) {
            return Ok(1);
        }
        if trimmed.contains('|') && is_table_start(trimmed, rest) {
            return self.table(rest);
        }
        if let Some(level) = rest.get(1).and_then(|(_, next)| underline(next)) {
            self.paragraphs.push(&inline::plain(trimmed), line, ParagraphKind::Heading(level))?;
            return Ok(2);
        }
        let text = without_markers(trimmed);
        for part in inline::split_breaks(text) {
            self.paragraphs.push(&inline::plain(part), line, ParagraphKind::Text)?;
        }
        Ok(1)
    }

    /// `raw` without HTML comments; one that is never closed is text.
    fn without_comments<'a>(&mut self, raw: &'a str, line: u32) -> Cow<'a, str> {
        let mut kept = String::new();
        let mut tail = raw;
        if self.in_comment {
            let Some(end) = tail.find("-->") else { return Cow::Borrowed("") };
            self.in_comment = false;
            tail = &tail[end + 3..];
        } else if !tail.contains('<') {
            return Cow::Borrowed(raw);
        }
        while let Some(start) = tail.find("<!--") {
            let inner = &tail[start + 4..];
            if let Some(end) = inner.find("-->") {
                if inner[..end].trim().eq_ignore_ascii_case(INFO_END) {
                    self.hints.info_end_line.get_or_insert(line);
                }
                kept.push_str(&tail[..start]);
                tail = &inner[end + 3..];
                continue;
            }
            if self.last_comment_end <= line {
                break;
            }
            self.in_comment = true;
            kept.push_str(&tail[..start]);
            return Cow::Owned(kept);
        }
        kept.push_str(tail);
        Cow::Owned(kept)
    }

    /// A table: its rows up to the first line without a bar.
    fn table(&mut self, rest: &[(u32, &str)]) -> Result<usize> {
        let mut count = 0;
        for (line, raw) in rest {
            let trimmed = raw.trim();
            if !trimmed.contains('|') || trimmed.starts_with("<!--") {
                break;
            }
            count += 1;
            if is_delimiter_row(trimmed) {
                continue;
            }
            let cells: Vec<String> = split_cells(trimmed).into_iter().map(|cell| inline::plain_cell(&cell)).collect();
            self.paragraphs.push_row(cells.iter().map(String::as_str), *line)?;
        }
        Ok(count.max(1))
    }

    fn front_matter_line(&mut self, raw: &str) {
        let trimmed = raw.trim();
        if matches!(trimmed, "---" | "...") || trimmed.starts_with('#') {
            return;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            if let Some((_, values)) = &mut self.front_key {
                values.push(unquoted(item));
            }
            return;
        }
        let Some((key, value)) = trimmed.split_once([':', '：']) else { return };
        self.finish_front_matter();
        let value = value.trim();
        let listed = value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        let values = match listed {
            Some(list) => list.split([',', '，']).map(unquoted).collect(),
            None => vec![unquoted(value)],
        };
        self.front_key = Some((unquoted(key), values));
    }

    fn finish_front_matter(&mut self) {
        let Some((key, mut values)) = self.front_key.take() else { return };
        values.retain(|value| !value.is_empty());
        let value = values.join("、");
        if key.is_empty() || value.is_empty() {
            return;
        }
        if matches!(key.as_str(), "title" | "标题") {
            self.hints.title.get_or_insert_with(|| value.clone());
        }
        self.hints.fields.push(HintField { label: key, value, origin: Origin::FrontMatter });
    }
}

/// How many lines at the beginning are front matter, fences included.
fn front_matter_length(lines: &[(u32, &str)]) -> usize {
    if lines.first().is_none_or(|(_, raw)| raw.trim_end() != "---") {
        return 0;
    }
    let mut keys = 0;
    for (index, (_, raw)) in lines.iter().enumerate().skip(1).take(MAX_FRONT_MATTER_LINES) {
        let trimmed = raw.trim();
        if matches!(raw.trim_end(), "---" | "...") {
            return if keys > 0 { index + 1 } else { 0 };
        }
        let is_key = trimmed.find([':', '：']).is_some_and(|at| at > 0);
        let belongs = trimmed.is_empty() || trimmed.starts_with(['-', '#', ' ']) || raw.starts_with(' ');
        if is_key {
            keys += 1;
        } else if !belongs {
            return 0;
        }
    }
    0
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = [('"', '"'), ('\'', '\'')]
        .iter()
        .find_map(|(open, close)| value.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close)));
    clean(inner.unwrap_or(value))
}

/// A heading `# …`: its level and title. A space after the marks may be missing
/// where they are two or more and a Han character follows, as many people write.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if !(1..=6).contains(&level) {
        return None;
    }
    let rest = &line[level..];
    let spaced = rest.starts_with([' ', '\t', '\u{3000}']);
    let unspaced = level >= 2 && rest.chars().next().is_some_and(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '（'));
    if !spaced && !unspaced {
        return None;
    }
    let title = rest.trim();
    // A closing run of marks is markup only after a space.
    let without = title.trim_end_matches('#');
    let title = if without.is_empty() || without.ends_with([' ', '\t']) { without.trim_end() } else { title };
    (!title.is_empty()).then_some((level as u8, title))
}

/// A code fence: its character, its length and what follows.
fn fence(line: &str) -> Option<(u8, usize, &str)> {
    let mark = *line.as_bytes().first()?;
    if mark != b'`' && mark != b'~' {
        return None;
    }
    let length = line.bytes().take_while(|byte| *byte == mark).count();
    let info = &line[length..];
    (length >= 3 && !info.contains('`')).then_some((mark, length, info))
}

/// A trimmed line of nothing but three or more `-`, `*`, `_` or `=`.
fn is_rule(line: &str) -> bool {
    line.bytes().next().is_some_and(|mark| {
        matches!(mark, b'-' | b'*' | b'_' | b'=')
            && line.bytes().all(|byte| byte == mark || byte == b' ' || byte == b'\t')
            && line.bytes().filter(|byte| *byte == mark).count() >= 3
    })
}

/// The line below a heading of the other kind.
fn underline(line: &str) -> Option<u8> {
    let line = line.trim();
    if line.len() < 3 {
        return None;
    }
    match line.as_bytes()[0] {
        b'=' if line.bytes().all(|byte| byte == b'=') => Some(1),
        b'-' if line.bytes().all(|byte| byte == b'-') => Some(2),
        _ => None,
    }
}

/// `[name]: https://…`, which no reader of the page sees.
fn is_reference_definition(line: &str) -> bool {
    line.strip_prefix('[')
        .and_then(|rest| rest.split_once("]:"))
        .is_some_and(|(name, url)| !name.contains(']') && url.trim_start().starts_with("http"))
}

/// Whether a table begins: a delimiter row follows, or the line is closed by bars.
fn is_table_start(line: &str, rest: &[(u32, &str)]) -> bool {
    let delimited = rest.get(1).is_some_and(|(_, next)| is_delimiter_row(next.trim()));
    delimited || (line.len() > 2 && line.starts_with('|') && line.ends_with('|'))
}

fn is_delimiter_row(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The cells of a row; `\|` is a bar of the text.
fn split_cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = if inner.ends_with("\\|") { inner } else { inner.strip_suffix('|').unwrap_or(inner) };
    let mut cells = vec![String::new()];
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells.last_mut().expect("there is always one cell");
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                cell.push('|');
            }
            '|' => cells.push(String::new()),
            _ => cell.push(c),
        }
    }
    cells
}

/// A line without the markers of quotes and bullets; numbers of ordered lists stay.
fn without_markers(line: &str) -> &str {
    let mut rest = line;
    // Quotes and lists nest, but not without end.
    for _ in 0..8 {
        let stripped = rest
            .strip_prefix('>')
            .or_else(|| rest.strip_prefix("- "))
            .or_else(|| rest.strip_prefix("* "))
            .or_else(|| rest.strip_prefix("+ "));
        let Some(inner) = stripped else { break };
        rest = inner.trim_start();
    }
    for check_box in ["[ ] ", "[x] ", "[X] "] {
        if line.len() > rest.len()
            && let Some(inner) = rest.strip_prefix(check_box)
        {
            return inner;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Extracted {
        read(text).unwrap()
    }

    fn rows(text: &str) -> Vec<(u32, ParagraphKind, String)> {
        read_all(text).paragraphs.into_iter().map(|p| (p.line, p.kind, p.text)).collect()
    }

    fn row(line: u32, kind: ParagraphKind, text: &str) -> (u32, ParagraphKind, String) {
        (line, kind, text.to_owned())
    }

    use ParagraphKind::{Heading, TableRow, Text};

    #[test]
    fn headings_lines_and_the_marker() {
        let extracted = read_all("# 条例\n\n2021年通过\n\n<!-- INFO END -->\n\n## 第一章 总则\n第一条 为了。\n");
        assert_eq!(extracted.hints.info_end_line, Some(5));
        let expected = [
            row(1, Heading(1), "条例"),
            row(3, Text, "2021年通过"),
            row(7, Heading(2), "第一章 总则"),
            row(8, Text, "第一条 为了。"),
        ];
        let found: Vec<_> = extracted.paragraphs.into_iter().map(|p| (p.line, p.kind, p.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn other_kinds_of_headings() {
        assert_eq!(
            rows("条例\n===\n第一章\n---\n##第二章\n#话题#\n### 节 ##\n"),
            [
                row(1, Heading(1), "条例"),
                row(3, Heading(2), "第一章"),
                row(5, Heading(2), "第二章"),
                row(6, Text, "#话题#"),
                row(7, Heading(3), "节"),
            ]
        );
    }

    #[test]
    fn front_matter_becomes_hints() {
        let text = "---\ntitle: \"条例\"\n发文字号： 青政〔2024〕3号\nkeywords: [氢能, 产业]\ntags:\n  - 甲\n  - 乙\n---\n正文\n";
        let extracted = read_all(text);
        let fields: Vec<_> = extracted.hints.fields.iter().map(|f| (f.label.as_str(), f.value.as_str())).collect();
        let expected =
            [("title", "条例"), ("发文字号", "青政〔2024〕3号"), ("keywords", "氢能、产业"), ("tags", "甲、乙")];
        assert_eq!(fields, expected);
        assert!(extracted.hints.fields.iter().all(|field| field.origin == Origin::FrontMatter));
        assert_eq!(extracted.hints.title.as_deref(), Some("条例"));
        assert_eq!(extracted.paragraphs[0].line, 9);
        assert_eq!(extracted.paragraphs[0].text, "正文");
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        assert_eq!(rows("---\n正文没有键\n---\n"), [row(2, Heading(2), "正文没有键")]);
        assert_eq!(rows("---\n\n来源：某局\n"), [row(3, Text, "来源：某局")]);
    }

    #[test]
    fn tables_row_by_row() {
        assert_eq!(
            rows("| 条文 |罪名 |\n|-----|:---:|\n| **第152条** | 走私\\|废物罪 |\n| 空 | |\n后文\n"),
            [
                row(1, TableRow, "条文\t罪名"),
                row(3, TableRow, "第152条\t走私|废物罪"),
                row(4, TableRow, "空"),
                row(5, Text, "后文"),
            ]
        );
        assert_eq!(rows("甲|乙\n---|---\n1|2\n"), [row(1, TableRow, "甲\t乙"), row(3, TableRow, "1\t2")]);
        assert_eq!(rows("A|B 两类企业\n"), [row(1, Text, "A|B 两类企业")]);
    }

    #[test]
    fn comments_are_no_text() {
        assert_eq!(rows("甲<!-- 内部 -->乙\n<!--\n隐藏\n-->丙\n"), [row(1, Text, "甲乙"), row(4, Text, "丙")]);
        assert_eq!(rows("甲 <!-- 没有结束\n乙\n"), [row(1, Text, "甲 <!-- 没有结束"), row(2, Text, "乙")]);
    }

    #[test]
    fn code_stays_as_it_is() {
        assert_eq!(
            rows("```text\n# 不是标题\n**a**\n```\n后\n"),
            [row(2, Text, "# 不是标题"), row(3, Text, "**a**"), row(5, Text, "后")]
        );
    }

    #[test]
    fn markers_go_and_numbers_stay() {
        assert_eq!(
            rows("> 引文\n- 甲\n  * 乙\n1. 丙\n* * *\n- [x] 丁\n"),
            [row(1, Text, "引文"), row(2, Text, "甲"), row(3, Text, "乙"), row(4, Text, "1. 丙"), row(6, Text, "丁")]
        );
    }
}
