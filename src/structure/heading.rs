//! Where a heading ends: a whole short line, or the first sentence of a paragraph
//! that runs on.

use super::text::{first_chars, is_han, is_longer, squeeze};

/// Headings are cut to this many characters, so that paths stay readable and
/// bounded.
const MAX_HEADING_CHARS: usize = 100;

/// A line of at most this many characters without a full stop is a heading whole.
const SHORT_LINE_CHARS: usize = 60;

/// The heading at the start of what follows a label.
pub(super) fn of_text(rest: &str) -> String {
    let rest = rest.trim();
    let sentence = match rest.find(['。', '！', '？', '；', '\t']) {
        Some(end) => &rest[..end],
        None => rest,
    };
    let sentence = match half_width_stop(sentence) {
        Some(end) => &sentence[..end],
        None => sentence,
    };
    // 第十条修改为：“第十条 …: what is quoted is no heading.
    let sentence = match sentence.find("：“").or_else(|| sentence.find(":“")) {
        Some(end) if end > 0 => &sentence[..end],
        _ => sentence,
    };
    clean(bounded(sentence))
}

/// A full stop typed as '.': between Chinese characters, so no amount and no name.
fn half_width_stop(text: &str) -> Option<usize> {
    let is_stop = |at: &usize| {
        text[..*at].chars().next_back().is_some_and(is_han) && text[at + 1..].chars().next().is_none_or(is_han)
    };
    text.match_indices('.').map(|(at, _)| at).find(is_stop)
}

/// A sentence too long for a heading is cut at the last clause that fits.
fn bounded(sentence: &str) -> &str {
    if !is_longer(sentence, MAX_HEADING_CHARS) {
        return sentence;
    }
    let cut = first_chars(sentence, SHORT_LINE_CHARS);
    match cut.rfind(['，', '：', '、', '；', ',', ':']) {
        Some(end) if end > 0 => &cut[..end],
        _ => cut,
    }
}

/// No closing punctuation, no white space between Chinese characters.
pub(super) fn clean(heading: &str) -> String {
    squeeze(
        heading.trim_matches(|c: char| c.is_whitespace() || matches!(c, '。' | '：' | ':' | '；' | ';' | '，' | '.')),
    )
    .into_owned()
}

/// Whether the line is a heading and nothing else.
pub(super) fn is_bare(rest: &str) -> bool {
    let rest = rest.trim_end();
    let body = rest.strip_suffix('。').unwrap_or(rest);
    !is_longer(body, SHORT_LINE_CHARS) && !body.contains(['。', '；'])
}

/// The heading of an article, where it has one: `第十条 【立法目的】…`,
/// `第一条（目的和依据）` alone on its line.
pub(super) fn of_article(rest: &str) -> String {
    let rest = rest.trim();
    if let Some(inner) = rest.strip_prefix(['【', '［', '[']) {
        return match inner.find(['】', '］', ']']) {
            Some(end) if !is_longer(&inner[..end], 40) => clean(&inner[..end]),
            _ => String::new(),
        };
    }
    if let Some(inner) = rest.strip_prefix(['（', '(']) {
        let Some(end) = inner.find(['）', ')']) else { return String::new() };
        let close = inner[end..].chars().next().map_or(0, char::len_utf8);
        let after = &inner[end + close..];
        let is_alone = after.is_empty() || after.starts_with(char::is_whitespace);
        if is_alone && !is_longer(&inner[..end], 40) {
            return clean(&inner[..end]);
        }
    }
    String::new()
}
