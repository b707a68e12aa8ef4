//! Small questions about characters and lines that every part of this room asks.
//! Nothing here knows of outlines or metadata.

use std::borrow::Cow;

use crate::document::Date;
pub(super) use crate::document::title::{is_invisible, title_key};

/// A character of Chinese writing (CJK ideographs and 〇).
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Number of characters, counted no further than `limit`.
pub(super) fn chars_up_to(text: &str, limit: usize) -> usize {
    // A character takes four bytes at most, so a long text needs no counting.
    if text.len() >= limit * 4 { limit } else { text.chars().count().min(limit) }
}

/// Whether `text` has more than `limit` characters.
pub(super) fn is_longer(text: &str, limit: usize) -> bool {
    text.len() > limit && chars_up_to(text, limit + 1) > limit
}

/// The first `limit` characters.
pub(super) fn first_chars(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).map_or(text, |(at, _)| &text[..at])
}

/// Whether a sentence, clause or list element ends here.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '…' | '．')
}

/// The sentence around the bytes from `start` to `end`, in bytes. What is further
/// away than a sentence can be long is not looked at, so a hostile line costs no
/// more than its length.
pub(super) fn sentence_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    const REACH_BYTES: usize = 1_800;
    const STOPS: [char; 4] = ['。', '；', '！', '\n'];
    let low = boundary_from(text, start.saturating_sub(REACH_BYTES));
    let high = boundary_from(text, text.len().min(end + REACH_BYTES));
    let from = text[low..start]
        .rfind(STOPS)
        .map_or(low, |at| low + at + text[low + at..].chars().next().map_or(1, char::len_utf8));
    let to = text[end..high].find(STOPS).map_or(high, |at| end + at);
    (from, to)
}

/// The first boundary of characters at or behind byte `at`.
pub(super) fn boundary_from(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// A line that punctuation closes cannot go on in the next.
pub(super) fn is_closed(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '’', '"', '）', ')', '」', '』', '】']);
    let has_half_width_stop = || text.strip_suffix('.').is_some_and(|before| before.ends_with(is_han));
    text.is_empty() || text.ends_with(|c| ends_sentence(c) || matches!(c, '：' | ':')) || has_half_width_stop()
}

/// `乡 村  振 兴` → `乡村振兴`: white space between Chinese characters (or beside
/// Chinese punctuation) goes, other runs of it become one space.
pub(super) fn squeeze(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains(char::is_whitespace) && !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut pending = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            pending = true;
            continue;
        }
        let before = out.chars().next_back();
        if pending && before.is_some_and(|before| !is_wide(before) && !is_wide(c)) {
            out.push(' ');
        }
        pending = false;
        out.push(c);
    }
    Cow::Owned(out)
}

/// A character that fills a square, so that a space beside it separates nothing.
fn is_wide(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// The line is a date and nothing else, brackets around it aside.
pub(super) fn date_line(text: &str) -> Option<Date> {
    if text.len() > 80 {
        return None;
    }
    Date::parse(text.trim_start_matches(['（', '(']).trim_end_matches(['）', ')']))
}

/// The last words of the names of bodies that issue documents.
const AGENCY_ENDS: [&str; 53] = [
    "人民政府",
    "政府",
    "办公厅",
    "办公室",
    "国务院",
    "委员会",
    "部",
    "局",
    "厅",
    "委",
    "署",
    "总署",
    "院",
    "会",
    "中心",
    "银行",
    "党组",
    "支队",
    "总队",
    "大学",
    "学院",
    "公司",
    "集团",
    "协会",
    "指挥部",
    "领导小组",
    "法院",
    "检察院",
    "军委",
    "办事处",
    "联合会",
    "学会",
    "所",
    "站",
    "队",
    "馆",
    "台",
    "社",
    "组",
    "常委会",
    "人大",
    "海关",
    "中央",
    "管理处",
    "公署",
    "街道办",
    "党委",
    "政协",
    "总工会",
    "团市委",
    "市委",
    "省委",
    "区委",
];

/// Whether the name of a body ends here.
pub(super) fn ends_like_agency(text: &str) -> bool {
    AGENCY_ENDS.iter().any(|end| text.ends_with(end))
}

/// Whether the line is the name of a body, or several with spaces or 、 between.
pub(super) fn is_agency_line(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || is_longer(text, 60) {
        return false;
    }
    let mut names = text.split([' ', '\u{3000}', '、', '\t']).filter(|name| !name.is_empty()).peekable();
    let is_name = |name: &str| {
        name.chars().all(|c| is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '（' | '）' | '·' | '“' | '”'))
    };
    let spaced: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if is_name(&spaced) && spaced.chars().count() >= 3 && ends_like_agency(&spaced) {
        return true;
    }
    names.all(|name| is_name(name) && name.chars().count() >= 2 && ends_like_agency(name))
}
