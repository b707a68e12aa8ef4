//! Documents inside a document: attachments, and what a 通知 or 令 issues, passes on
//! or announces. Finds the lines where they begin; their sections are
//! [`super::outline`]'s.

use std::ops::Range;

use crate::document::{Date, Genre, numeral};
use crate::extract::ParagraphKind;

use super::heading;
use super::lines::Line;
use super::numbering::{self, Kind};
use super::text::{date_line, is_agency_line, is_closed, is_longer, title_key};

/// The beginning of an inner document, or a list that only names attachments.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// `附件1`; empty for an issued document.
    pub label: String,
    pub title: String,
    /// The lines of label and title (of the list, when it opens nothing).
    pub lines: Range<usize>,
    /// Whether text follows that belongs to it. A list of attachments opens nothing.
    pub is_opening: bool,
}

/// A document names no more parts than this.
const MAX_PARTS: usize = 500;

/// The parts that begin at line `start` or later, in order.
pub(super) fn find(lines: &[Line], start: usize, title: &str) -> Vec<Part> {
    let named = named_titles(lines, title);
    let own = title_key(title);
    let mut parts = Vec::new();
    let mut has_prose = false;
    let mut behind_signature = None::<usize>;
    let mut at = start;
    while at < lines.len() && parts.len() < MAX_PARTS {
        let part = attachment(lines, at)
            .or_else(|| has_prose.then(|| issued(lines, at, &named, &own, behind_signature)).flatten());
        if let Some(part) = part {
            at = part.lines.end.max(at + 1);
            behind_signature = None;
            parts.push(part);
            continue;
        }
        let text = lines[at].text.as_ref();
        if is_signature_date(lines, at) {
            behind_signature = Some(at);
        } else if is_closed(text) && !text.starts_with(['（', '(']) {
            has_prose = true;
            behind_signature = None;
        }
        at += 1;
    }
    parts
}

/// A date alone on its line with the name of a body or person above it, or behind
/// the name of a body on the same line.
pub(super) fn is_signature_date(lines: &[Line], at: usize) -> bool {
    let text = lines[at].text.as_ref();
    if text.len() > 240 {
        return false;
    }
    if date_line(text).is_some() {
        return (at.saturating_sub(3)..at).rev().any(|above| {
            let above = lines[above].text.as_ref();
            is_agency_line(above) || is_person_line(above)
        });
    }
    date_behind_agency(text).is_some()
}

/// `北京市中医管理局　2020年9月30日`: the name and the date behind it.
pub(super) fn date_behind_agency(text: &str) -> Option<(&str, &str)> {
    // A longer line is no name of a body with a date.
    const MAX_BYTES: usize = 400;
    if text.len() > MAX_BYTES || !Date::may_end(text) {
        return None;
    }
    let split = text
        .char_indices()
        .find(|(at, c)| numeral::digit(*c).is_some() && *at > 0 && Date::parse(&text[*at..]).is_some())?;
    let name = text[..split.0].trim();
    is_agency_line(name).then(|| (name, &text[split.0..]))
}

/// `市长　韩启明`, `主席 习近平`: an office and a name.
fn is_person_line(text: &str) -> bool {
    const OFFICES: [&str; 16] = [
        "市长",
        "省长",
        "区长",
        "县长",
        "主席",
        "总理",
        "部长",
        "局长",
        "主任",
        "州长",
        "署长",
        "行长",
        "院长",
        "检察长",
        "代市长",
        "秘书长",
    ];
    let mut words = text.split_whitespace();
    let (Some(office), Some(_)) = (words.next(), words.next()) else {
        return OFFICES.iter().any(|office| text.starts_with(office)) && !is_longer(text, 10);
    };
    !is_longer(text, 24) && OFFICES.iter().any(|end| office.ends_with(end))
}

/// An attachment that begins at line `at`, or the list that names the attachments.
fn attachment(lines: &[Line], at: usize) -> Option<Part> {
    let line = &lines[at];
    if line.kind == ParagraphKind::TableRow || !line.text.starts_with('附') {
        return None;
    }
    let text = line.text.as_ref();
    let (end, bare_end) = match numbering::read(text).filter(|label| label.kind == Kind::Attachment) {
        Some(label) => (label.end, label.bare_end),
        None => {
            let rest = text.strip_prefix('附')?.trim_start();
            let rest = rest.strip_prefix(['：', ':']).or(rest.is_empty().then_some(rest))?;
            (text.len() - rest.trim_start().len(), '附'.len_utf8())
        }
    };
    let rest = text[end..].trim();
    if is_longer(rest, 80) || rest.contains('。') {
        return None;
    }
    let is_heading = matches!(line.kind, ParagraphKind::Heading(_));
    if !is_heading && let Some(end) = list_end(lines, at, rest) {
        return Some(Part { label: String::new(), title: String::new(), lines: at..end, is_opening: false });
    }
    let label = numbering::normalize(&text[..bare_end]);
    let mut part = Part { label, title: heading::clean(rest), lines: at..at + 1, is_opening: true };
    if part.title.is_empty()
        && let Some((title, end)) = title_at(lines, at + 1)
    {
        part.title = title;
        part.lines.end = end;
    }
    Some(part)
}

/// Where the list of attachments ends that begins at `at`: it is followed by the
/// signature or by nothing. `None` when the attachment itself follows.
fn list_end(lines: &[Line], at: usize, rest: &str) -> Option<usize> {
    const MAX_LIST: usize = 40;
    // 附件 alone, without a colon, heads the attachment.
    if rest.is_empty() && !lines[at].text.trim_end().ends_with(['：', ':']) {
        return None;
    }
    let limit = lines.len().min(at + MAX_LIST);
    let mut end = at + 1;
    while end < limit {
        let text = lines[end].text.as_ref();
        let is_entry = !is_longer(text, 100)
            && !is_closed(text)
            && numbering::read(text)
                .is_some_and(|label| matches!(label.kind, Kind::Arabic | Kind::ArabicParen | Kind::Attachment));
        let is_first =
            rest.is_empty() && end == at + 1 && !is_closed(text) && !is_longer(text, 100) && date_line(text).is_none();
        if !(is_entry || is_first) {
            break;
        }
        // 附件1 alone on its line heads what follows.
        let is_head =
            numbering::read(text).is_some_and(|label| label.kind == Kind::Attachment && label.end == text.len());
        if is_head {
            break;
        }
        end += 1;
    }
    let mut behind = lines[end..].iter().take(4).enumerate();
    let Some((_, next)) = behind.next() else { return Some(end) };
    let heads_attachment =
        next.text.starts_with('附') && numbering::read(&next.text).is_some_and(|label| label.kind == Kind::Attachment);
    let is_signature = is_agency_line(&next.text)
        || date_line(&next.text).is_some()
        || date_behind_agency(&next.text).is_some()
        || next.text.starts_with(['（', '('])
        || is_person_line(&next.text);
    (is_signature || heads_attachment).then_some(end)
}

/// A title of one or two lines at `at`.
fn title_at(lines: &[Line], at: usize) -> Option<(String, usize)> {
    let first = lines.get(at).filter(|line| is_title_like(line))?;
    let mut title = first.text.clone().into_owned();
    let mut end = at + 1;
    if Genre::of_title(&title).is_none()
        && let Some(second) = lines.get(end).filter(|line| is_title_like(line) && Genre::of_title(&line.text).is_some())
    {
        title.push_str(&second.text);
        end += 1;
    }
    Some((heading::clean(&title), end))
}

fn is_title_like(line: &Line) -> bool {
    line.kind != ParagraphKind::TableRow
        && !is_longer(&line.text, 60)
        && !is_closed(&line.text)
        && !line.text.contains(['。', '，', '|'])
        && numbering::read(&line.text).is_none()
        && !numbering::is_unnumbered_heading(&line.text)
        && date_line(&line.text).is_none()
        && !line.text.starts_with(['（', '(', '—'])
}

/// The titles of documents that this one issues: between 《 and 》 before its
/// signature, or between 印发 and 的通知 in its own title.
fn named_titles(lines: &[Line], title: &str) -> Vec<String> {
    const MAX_TITLES: usize = 32;
    const TOP_LINES: usize = 60;
    let mut named = Vec::new();
    for verb in ["印发", "转发", "批转", "发布", "公布"] {
        if let Some((_, object)) = title.split_once(verb)
            && let Some(end) =
                ["的通知", "的公告", "的决定", "的函", "的通告"].iter().filter_map(|end| object.rfind(end)).max()
        {
            named.push(title_key(&object[..end]));
        }
    }
    for line in lines.iter().take(TOP_LINES) {
        let mut rest = line.text.as_ref();
        if rest.len() > 6000 {
            continue;
        }
        while let Some((_, after)) = rest.split_once('《') {
            let Some((name, behind)) = split_nested(after) else { break };
            if named.len() < MAX_TITLES {
                named.push(title_key(name));
            }
            rest = behind;
        }
    }
    named.retain(|key| key.chars().count() >= 4);
    named.sort_unstable();
    named.dedup();
    named
}

/// What stands before the 》 that closes an open 《, and what behind it.
pub(super) fn split_nested(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[..at], &text[at + c.len_utf8()..]));
                }
            }
            _ => {}
        }
        if at > 600 {
            return None;
        }
    }
    None
}

/// An issued document whose title stands at line `at`.
fn issued(lines: &[Line], at: usize, named: &[String], own: &str, behind_signature: Option<usize>) -> Option<Part> {
    const MAX_TITLE_LINES: usize = 3;
    let line = &lines[at];
    if !is_title_like(line) || is_agency_line(&line.text) && behind_signature.is_none() {
        return None;
    }
    let mut key = String::new();
    for (end, line) in lines.iter().enumerate().skip(at).take(MAX_TITLE_LINES) {
        if !is_title_like(line) {
            break;
        }
        key.push_str(&title_key(&line.text));
        if key != own && named.iter().any(|name| is_same_title(name, &key)) {
            return Some(inner(lines, at..end + 1));
        }
        if !named.iter().any(|name| name.starts_with(&key)) {
            break;
        }
    }
    // 关于《甲条例（草案）》的起草说明 behind the draft.
    let is_explanation = line.text.starts_with("关于") && line.text.ends_with("说明") && line.text.contains('《');
    if is_explanation && title_key(&line.text) != own {
        return Some(inner(lines, at..at + 1));
    }
    // Behind a signature any line that reads like a title begins a document.
    behind_signature.filter(|signature| at - signature <= 4)?;
    let (title, end) = title_at(lines, at)?;
    let is_named_like_one =
        Genre::of_title(&title).is_some_and(|genre| title.ends_with(genre.name()) || title.ends_with(['）', ')']));
    let has_text = lines.get(end).is_some();
    (is_named_like_one && has_text && title_key(&title) != own).then(|| inner(lines, at..end))
}

fn inner(lines: &[Line], range: Range<usize>) -> Part {
    let title: String = lines[range.clone()].iter().map(|line| line.text.as_ref()).collect();
    Part { label: String::new(), title: heading::clean(&title), lines: range, is_opening: true }
}

/// Equal, a status such as （试行） aside.
fn is_same_title(left: &str, right: &str) -> bool {
    let stem = |key: &str| -> usize {
        match key.rfind('（') {
            Some(open) if key.ends_with('）') && key[open..].chars().count() <= 10 => open,
            _ => key.len(),
        }
    };
    left == right || left[..stem(left)] == right[..stem(right)]
}
