//! The top of a document: its title, and where the top ends. Other metadata is
//! read in [`super::metadata`].

use std::ops::Range;
use std::path::Path;

use crate::document::{Date, DocumentNumber, Genre, Origin};
use crate::extract::{Hints, ParagraphKind};

use super::fields::{self, Field};
use super::lines::Line;
use super::numbering;
use super::text::{
    chars_up_to, date_line, ends_like_agency, is_agency_line, is_closed, is_han, is_longer, squeeze, title_key,
};

/// The title and the lines it fills.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub title: String,
    /// The words it was read from.
    pub original: String,
    pub origin: Option<Origin>,
    pub confidence: f32,
    /// The lines of the text that hold the title; empty when none does.
    pub title_lines: Range<usize>,
    /// First line behind title, number, dates, history and recipients.
    pub end: usize,
}

/// How far down a title is looked for.
const TOP_LINES: usize = 40;
/// A title is no longer than this.
const MAX_TITLE_CHARS: usize = 120;

/// Reads the top of a document.
pub(super) fn read(lines: &[Line], hints: &Hints, name: &Path) -> Front {
    let mut front = find_title(lines, hints, name);
    front.title = tidy_title(&front.original);
    front.end = top_end(lines, front.title_lines.end);
    front
}

fn find_title(lines: &[Line], hints: &Hints, name: &Path) -> Front {
    let top = &lines[..lines.len().min(TOP_LINES)];
    if let Some(field) = fields::best(hints, Field::Title) {
        let title_lines = lines_that_spell(top, &field.value).unwrap_or(0..0);
        return found(field.value.clone(), field.origin, 1.0, title_lines);
    }
    if let Some(at) = top_heading(top, hints) {
        return found(top[at].text.clone().into_owned(), Origin::FirstLines, 0.95, at..at + 1);
    }
    let properties: Vec<&str> = hints.title.as_deref().map(title_candidates).unwrap_or_default();
    for candidate in &properties {
        if let Some(title_lines) = lines_that_spell(top, candidate) {
            return found((*candidate).to_owned(), Origin::FirstLines, 0.95, title_lines);
        }
    }
    if let Some(candidate) = properties.iter().find(|candidate| Genre::of_title(candidate).is_some()) {
        return found((*candidate).to_owned(), Origin::Properties, 0.8, 0..0);
    }
    if let Some((original, title_lines)) = from_first_lines(top) {
        let confidence = if Genre::of_title(&original).is_some() { 0.85 } else { 0.6 };
        return found(original, Origin::FirstLines, confidence, title_lines);
    }
    if let Some(candidate) = properties.iter().find(|candidate| chars_up_to(candidate, 4) >= 4) {
        return found((*candidate).to_owned(), Origin::Properties, 0.5, 0..0);
    }
    from_file_name(name).map_or_else(Front::default, |title| found(title, Origin::FileName, 0.4, 0..0))
}

fn found(original: String, origin: Origin, confidence: f32, title_lines: Range<usize>) -> Front {
    Front { original, origin: Some(origin), confidence, title_lines, ..Front::default() }
}

/// The title on one line: spaces inside Chinese text gone, except between the
/// bodies that issue together.
fn tidy_title(original: &str) -> String {
    let original = original.trim().trim_matches(['\u{feff}', '*', '#']);
    let mut parts = original.split_whitespace().peekable();
    let mut title = String::with_capacity(original.len());
    while let Some(part) = parts.next() {
        title.push_str(part);
        let Some(next) = parts.peek() else { break };
        let is_latin_gap = part.ends_with(|c: char| c.is_ascii_alphanumeric())
            && next.starts_with(|c: char| c.is_ascii_alphanumeric());
        let name = ["关于", "公告", "通告", "令"]
            .iter()
            .find_map(|word| next.split_once(word))
            .map_or(*next, |(name, _)| name);
        let are_bodies =
            chars_up_to(part, 3) >= 3 && ends_like_agency(part) && chars_up_to(name, 3) >= 3 && ends_like_agency(name);
        if is_latin_gap || are_bodies {
            title.push(' ');
        }
    }
    let title = match title.strip_prefix('《').and_then(|inner| inner.strip_suffix('》')) {
        Some(inner) if !inner.contains('《') => inner.to_owned(),
        _ => title,
    };
    title.trim_end_matches(['。', '：', ':', '；']).to_owned()
}

/// The heading at the top that is the title: a level-1 heading, else the first
/// heading, if nothing but the site's name speaks against it.
fn top_heading(top: &[Line], hints: &Hints) -> Option<usize> {
    let level = |line: &Line| match line.kind {
        ParagraphKind::Heading(level) => Some(level),
        _ => None,
    };
    let is_candidate = |line: &Line| {
        level(line).is_some_and(|level| level <= 3)
            && numbering::read(&line.text).is_none()
            && !numbering::is_unnumbered_heading(&line.text)
            && !is_site_name(&line.text)
            && !is_longer(&line.text, MAX_TITLE_CHARS)
            && DocumentNumber::parse(&line.text).is_none()
    };
    let page_title = hints.title.as_deref().map(title_key);
    if let Some(page_title) = page_title
        && let Some(at) = top.iter().position(|line| {
            let key = title_key(&line.text);
            is_candidate(line) && chars_up_to(&key, 4) >= 4 && page_title.starts_with(&key)
        })
    {
        return Some(at);
    }
    let first = top.iter().position(is_candidate)?;
    let has_text_before = top[..first].iter().any(|line| is_longer(&line.text, MAX_TITLE_CHARS));
    if level(&top[first]) == Some(1) {
        return (!has_text_before).then_some(first);
    }
    // A lower heading is the title only at the very top, alone on its level.
    let is_alone = top.iter().filter(|line| level(line) == level(&top[first])).count() == 1;
    (first <= 2 && is_alone && Genre::of_title(&top[first].text).is_some()).then_some(first)
}

fn is_site_name(text: &str) -> bool {
    ["网", "网站", "平台", "门户", "专栏", "首页", "频道"].iter().any(|end| text.trim_end().ends_with(end))
}

/// What an HTML `<title>` may hold: all of it, or the part before the site's name.
fn title_candidates(title: &str) -> Vec<&str> {
    let title = title.trim();
    let mut candidates = Vec::new();
    for separator in ["_", " - ", " | ", "|", "--", "-", "——"] {
        // —— leads to a subtitle as often as to the site's name.
        if let Some((before, _)) = title.split_once(separator).filter(|_| separator != "——") {
            candidates.push(before.trim());
        }
        if let Some((before, after)) = title.rsplit_once(separator)
            && (is_site_name(after) || ends_like_agency(after) || separator == "_")
        {
            candidates.push(before.trim());
        }
    }
    let has_site = candidates.iter().any(|candidate| Genre::of_title(candidate).is_some());
    // The whole first, unless a part of it already reads like a title.
    candidates.insert(if has_site { candidates.len() } else { 0 }, title);
    candidates.retain(|candidate| !candidate.is_empty() && !is_longer(candidate, MAX_TITLE_CHARS));
    candidates.dedup();
    candidates
}

/// The consecutive lines that spell `title`, if there are such.
fn lines_that_spell(top: &[Line], title: &str) -> Option<Range<usize>> {
    const MAX_LINES: usize = 6;
    let wanted = title_key(title);
    if wanted.is_empty() {
        return None;
    }
    for start in 0..top.len() {
        let mut spelled = String::new();
        for (end, line) in top.iter().enumerate().skip(start).take(MAX_LINES) {
            if line.kind == ParagraphKind::TableRow || line.text.len() > wanted.len() * 2 + 100 {
                break;
            }
            spelled.push_str(&title_key(&line.text));
            if spelled == wanted {
                return Some(start..end + 1);
            }
            if !wanted.starts_with(&spelled) {
                break;
            }
        }
    }
    None
}

/// A line that may be (part of) a title.
fn is_title_line(line: &Line) -> bool {
    let text = line.text.as_ref();
    line.kind != ParagraphKind::TableRow
        && chars_up_to(text, 2) >= 2
        && !is_longer(text, MAX_TITLE_CHARS)
        && !is_closed(text)
        && !text.ends_with(['，', '、', ',', '】'])
        && !text.starts_with(['—', '-', '（', '(', '【', '[', '©'])
        && !text.contains(['。', '！', '|', '>'])
        && text.chars().any(is_han)
        && numbering::read(text).is_none()
        && !numbering::is_unnumbered_heading(text)
        && DocumentNumber::parse(fields::without_signer(text)).is_none()
        && date_line(text).is_none()
        && !fields::is_labelled_line(text)
        && !is_mark(text)
}

/// 秘密, 特急, 份号 and the red 文件 head.
fn is_mark(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_masthead = compact.strip_suffix("文件").is_some_and(ends_like_agency);
    is_masthead
        || fields::secrecy_of(&compact).is_some()
        || fields::urgency_of(&compact).is_some()
        || matches!(compact.as_str(), "首页" | "打印" | "关闭" | "正文" | "分享" | "大中小")
        || is_site_name(&compact)
}

/// Whether the title is whole: its last word names a kind of document.
fn is_whole(title: &str) -> bool {
    Genre::of_title(title).is_some_and(|genre| {
        let stem = title.trim_end_matches(['）', ')']);
        stem.len() < title.len() || title.ends_with(genre.name()) || title.ends_with('令')
    })
}

fn from_first_lines(top: &[Line]) -> Option<(String, Range<usize>)> {
    for (start, line) in top.iter().enumerate() {
        let text = line.text.as_ref();
        if is_title_line(line) {
            // A lone short word at the top is a column's name, not a title.
            if chars_up_to(text, 4) < 4 && !is_whole(text) && !next_is_title(top, start) {
                continue;
            }
            return Some(extend_title(top, start));
        }
        let is_prose = is_longer(text, MAX_TITLE_CHARS) || (text.contains('。') && line.is_text());
        let is_outline = numbering::read(text).is_some_and(|label| !label.kind.is_division()) && !is_mark(text);
        if is_prose || is_outline || is_salutation(text) {
            return None;
        }
    }
    None
}

fn next_is_title(top: &[Line], at: usize) -> bool {
    top.get(at + 1).is_some_and(|line| is_title_line(line) && !line.has_gap)
}

/// `各位代表：`, `各省、自治区、直辖市人民政府：`: whom the document addresses, or a
/// sentence that leads to a list. A short label without a value (主题词：) is neither.
fn is_salutation(text: &str) -> bool {
    (text.ends_with(['：', ':']) && (is_recipient_line(text) || is_longer(text, 12)))
        || (text.starts_with("各位") && text.ends_with(['！', '!']))
}

fn extend_title(top: &[Line], start: usize) -> (String, Range<usize>) {
    const MAX_LINES: usize = 5;
    let mut title = top[start].text.clone().into_owned();
    let mut end = start + 1;
    // 青屿市人民政府令 / 第92号
    if title.trim_end().ends_with(['令', '告'])
        && let Some(next) = top.get(end)
        && is_serial_line(&next.text)
    {
        title.push_str(&squeeze(&next.text));
        return (title, start..end + 1);
    }
    while end < top.len() && end - start < MAX_LINES {
        let next = &top[end];
        let text = next.text.as_ref();
        // 政府工作报 / 告: the kind itself is broken.
        if !is_longer(text, 2) && text.chars().all(is_han) && !is_whole(&title) && is_whole(&format!("{title}{text}")) {
            title.push_str(text);
            end += 1;
            continue;
        }
        let is_status = text.starts_with(['（', '(']) && !is_longer(text, 14) && Date::find_all(text).next().is_none();
        if is_status && !is_serial_line(text) && DocumentNumber::parse(text).is_none() && is_whole(&title) {
            title.push_str(text);
            return (title, start..end + 1);
        }
        if !is_title_line(next) || is_longer(&title, MAX_TITLE_CHARS) {
            break;
        }
        let wraps_something = ["印发", "转发", "批转", "发布", "公布"].iter().any(|word| title.contains(word))
            && !["通知", "函", "令", "公告", "决定"].iter().any(|kind| title.ends_with(kind));
        let is_continued = !is_whole(&title)
            || text.starts_with(['的', '和', '及', '与', '暨'])
            || (wraps_something && ["通知", "函", "公告", "决定"].iter().any(|kind| text.ends_with(kind)));
        // A second line further away, or a body or person behind a title, is no part of it.
        let stands_apart = next.has_gap && !top[end - 1].has_gap && end > start + 1;
        let is_signature = is_agency_line(text) && !text.contains("关于") && !is_agency_line(&title);
        if !is_continued || stands_apart || is_signature || chars_up_to(text, 3) < 3 && !text.starts_with('的') {
            break;
        }
        if next.has_gap && !is_agency_line(&title) && !text.starts_with("关于") && !is_whole(text) {
            break;
        }
        // Two bodies that issue together stand apart.
        let name = text.split_once("关于").map_or(text, |(name, _)| name);
        if is_agency_line(&title) && is_agency_line(name) {
            title.push(' ');
        }
        title.push_str(text);
        end += 1;
    }
    (title, start..end)
}

/// `第92号`, `第五十八号`, `2022年第4号` under 令 and 公告.
pub(super) fn is_serial_line(text: &str) -> bool {
    if text.len() > 60 {
        return false;
    }
    let compact: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '（' | '）' | '(' | ')')).collect();
    // 〔2023〕12号 under the head of minutes.
    if text.starts_with(['〔', '[', '［']) && DocumentNumber::parse(&format!("纪要{compact}")).is_some() {
        return true;
    }
    let serial = compact.find('第').map(|at| &compact[at + '第'.len_utf8()..]);
    serial
        .and_then(|serial| serial.strip_suffix('号'))
        .and_then(|serial| Some((crate::document::numeral::number(serial)?, serial)))
        .is_some_and(|((_, bytes), serial)| bytes == serial.len())
        && (compact.starts_with('第') || DocumentNumber::parse(&compact).is_some())
}

/// A file name that reads like a title: `护士条例(2020-03-27).md` → 护士条例.
fn from_file_name(name: &Path) -> Option<String> {
    let stem = name.file_stem()?.to_str()?;
    let stem = match stem.rfind(['(', '（']) {
        Some(open)
            if stem[open..].chars().skip(1).all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | ')' | '）')) =>
        {
            &stem[..open]
        }
        _ => stem,
    };
    let stem = stem.trim_start_matches(|c: char| {
        c.is_ascii_digit() && !stem.contains('年') || matches!(c, '.' | '_' | '-' | ' ' | '、')
    });
    (stem.chars().filter(|c| is_han(*c)).count() >= 3).then(|| stem.trim().to_owned())
}

/// First line behind what stands between title and text.
fn top_end(lines: &[Line], title_end: usize) -> usize {
    const MAX_LINES: usize = 30;
    let mut end = title_end;
    let limit = lines.len().min(title_end + MAX_LINES);
    let mut at = title_end;
    while at < limit {
        let line = &lines[at];
        let text = line.text.as_ref();
        let is_recipients = is_recipient_line(text);
        let belongs = line.kind == ParagraphKind::TableRow && title_end == 0
            || DocumentNumber::parse(fields::without_signer(text)).is_some()
            || is_serial_line(text)
            || date_line(text).is_some()
            || fields::is_labelled_line(text)
            || is_mark(text)
            || is_agency_line(text)
            || is_history(text)
            || text.starts_with("——") && !is_longer(text, 60) && !text.contains('。')
            || is_recipients
            || crate::document::Validity::parse(text).is_some();
        at += 1;
        if belongs {
            end = at;
            if is_recipients {
                break;
            }
        } else if is_closed(text) || is_longer(text, 60) || numbering::read(text).is_some() {
            break;
        }
    }
    end
}

/// Whom a document is sent to, or a speech addresses.
pub(super) fn is_recipient_line(text: &str) -> bool {
    if !text.ends_with(['：', ':']) || is_longer(text, 300) || numbering::read(text).is_some() {
        return false;
    }
    let names = text.trim_end_matches(['：', ':']);
    if names.starts_with("各位") || names.starts_with("同志们") {
        return true;
    }
    let first = names.split(['、', '，', ',', '；', ' ', '（']).next().unwrap_or("");
    let last = names.trim_end_matches(['）', ')']).rsplit(['、', '，', ',', '；', ' ']).next().unwrap_or("");
    let is_body = |name: &str| {
        ends_like_agency(name)
            || [
                "机构",
                "单位",
                "部门",
                "企业",
                "直属机构",
                "街道",
                "学校",
                "医院",
                "区",
                "县",
                "市",
                "省",
                "镇",
                "乡",
                "公民",
                "公众",
                "用人单位",
                "处室",
                "分局",
                "成员",
            ]
            .iter()
            .any(|end| name.ends_with(end))
    };
    !names.contains(['。', '“', '《'])
        && !names.contains("如下")
        && (is_body(last) || (names.starts_with('各') && is_body(first)))
}

/// A line of a law's history: a date at its start (or in brackets) and what happened.
pub(super) fn is_history(text: &str) -> bool {
    let inner = text.trim_start_matches(['（', '(']);
    if !(inner.starts_with(|c: char| crate::document::numeral::digit(c).is_some()) || inner.len() < text.len()) {
        return false;
    }
    if is_longer(text, 1500) {
        return false;
    }
    let starts_with_date = Date::read(inner).is_some();
    let has_date = starts_with_date || (inner.len() < text.len() && Date::find_all(inner).next().is_some());
    let has_event = EVENTS.iter().any(|event| text.contains(event));
    has_date
        && has_event
        && !text.trim_end_matches(['）', ')']).ends_with('；')
        && (!text.contains('。') || text.starts_with(['（', '(']))
}

/// What happens to a regulation on a date.
pub(super) const EVENTS: [&str; 14] =
    ["通过", "公布", "发布", "修订", "修正", "修改", "批准", "施行", "实施", "生效", "废止", "印发", "颁布", "执行"];
