//! Markup inside a line of Markdown: taken away where it certainly is markup,
//! kept as text otherwise.

use std::borrow::Cow;

/// The furthest a closing mark may stand from its opening one, in bytes.
const REACH_BYTES: usize = 2_000;

/// A line's text without markup.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    strip(line)
}

/// A cell's text without markup; line breaks in it become blanks.
pub(super) fn plain_cell(cell: &str) -> String {
    split_breaks(cell).map(strip).collect::<Vec<_>>().join(" ")
}

/// The parts of a line between `<br>` and the ends of HTML blocks.
pub(super) fn split_breaks(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        for at in memchr::memchr_iter(b'<', text.as_bytes()) {
            let Some((name, length)) = html_tag(&text[at..]) else { continue };
            if is_breaking(&name) {
                rest = Some(&text[at + length..]);
                return Some(&text[..at]);
            }
        }
        rest = None;
        Some(text)
    })
}

fn is_breaking(name: &str) -> bool {
    matches!(name, "br" | "p" | "div" | "tr" | "li" | "table" | "center" | "blockquote")
        || (name.len() == 2 && name.starts_with('h') && name.ends_with(|c: char| c.is_ascii_digit()))
}

fn is_inline_tag(name: &str) -> bool {
    is_breaking(name)
        || matches!(
            name,
            "a" | "b"
                | "big"
                | "code"
                | "em"
                | "font"
                | "i"
                | "img"
                | "ins"
                | "mark"
                | "ol"
                | "s"
                | "small"
                | "span"
                | "strong"
                | "sub"
                | "sup"
                | "tbody"
                | "td"
                | "th"
                | "thead"
                | "u"
                | "ul"
        )
}

/// The tag that `text` begins with: its name in lower case and its length.
fn html_tag(text: &str) -> Option<(String, usize)> {
    let rest = text.strip_prefix('<')?;
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let after = &name.as_bytes()[length..];
    if length == 0 || length > 10 || !matches!(after.first(), Some(b'>' | b' ' | b'/')) {
        return None;
    }
    let end = memchr::memchr(b'>', &after[..after.len().min(REACH_BYTES)])?;
    let tag_length = text.len() - after.len() + end + 1;
    let name = name[..length].to_ascii_lowercase();
    is_inline_tag(&name).then_some((name, tag_length))
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'_' | b'`' | b'[' | b'!' | b'<' | b'&' | b'\\' | b'~')
}

fn strip(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    // Closing marks already matched by an opening one, as byte ranges to skip.
    let mut skips: Vec<(usize, usize)> = Vec::new();
    let bytes = text.as_bytes();
    while at < bytes.len() {
        if let Some(index) = skips.iter().position(|(start, _)| *start == at) {
            at = skips.swap_remove(index).1;
            continue;
        }
        let rest = &text[at..];
        let byte = bytes[at];
        if !is_special(byte) {
            let length = rest.bytes().position(is_special).unwrap_or(rest.len());
            // One that a link or code has jumped over is behind.
            let next_skip = skips.iter().filter_map(|(start, _)| start.checked_sub(at)).min().unwrap_or(length);
            let length = length.min(next_skip).max(1);
            out.push_str(&rest[..length]);
            at += length;
            continue;
        }
        match byte {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => {
                out.push(char::from(bytes[at + 1]));
                at += 2;
            }
            b'`' => at += code_span(rest, &mut out),
            b'*' | b'_' | b'~' => {
                let run = rest.bytes().take_while(|other| *other == byte).count();
                match closing_run(text, at, run) {
                    // More pairs than this on one line are no one's emphasis.
                    Some(close) if skips.len() < 64 => skips.push((close, close + run)),
                    _ => out.push_str(&rest[..run]),
                }
                at += run;
            }
            b'!' if rest.starts_with("![") => match link(&rest[1..]) {
                Some((label, length)) => {
                    out.push_str(&strip_once(label));
                    at += 1 + length;
                }
                None => {
                    out.push('!');
                    at += 1;
                }
            },
            b'[' => match link(rest) {
                Some((label, length)) => {
                    out.push_str(&strip_once(label));
                    at += length;
                }
                None => {
                    out.push('[');
                    at += 1;
                }
            },
            b'<' => at += tag_or_autolink(rest, &mut out),
            b'&' => at += entity(rest, &mut out),
            _ => {
                out.push(char::from(byte));
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// A link's label without emphasis of its own; links do not nest.
fn strip_once(label: &str) -> Cow<'_, str> {
    if label.contains(['[', '<']) { Cow::Borrowed(label) } else { strip(label) }
}

/// `` `code` ``: copies what is inside and returns the length read.
fn code_span(rest: &str, out: &mut String) -> usize {
    let run = rest.bytes().take_while(|byte| *byte == b'`').count();
    let inner = &rest[run..];
    let mark = &rest[..run];
    if run <= 2
        && let Some(end) = near(inner).find(mark)
    {
        out.push_str(&inner[..end]);
        return run + end + run;
    }
    out.push_str(mark);
    run
}

/// The closing run for the opening run of `run` marks at `at`, if the pair is
/// certainly emphasis.
fn closing_run(text: &str, at: usize, run: usize) -> Option<usize> {
    let mark = text.as_bytes()[at];
    let allowed = if mark == b'~' { run == 2 } else { run <= 3 };
    if !allowed {
        return None;
    }
    let before = text[..at].chars().next_back();
    let inner = &text[at + run..];
    let first = inner.chars().next()?;
    if first.is_whitespace() {
        return None;
    }
    // A single mark, or underscores, may be part of a formula, a footnote or a name.
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let careful = run == 1 || mark == b'_';
    if careful && !is_edge(before) {
        return None;
    }
    let reach = near(inner);
    let mut from = 0;
    while let Some(found) = memchr::memchr(mark, &reach.as_bytes()[from..]) {
        let start = from + found;
        let length = reach.as_bytes()[start..].iter().take_while(|byte| **byte == mark).count();
        let last = reach[..start].chars().next_back();
        let after = reach[start + length..].chars().next();
        let closes = length == run && last.is_some_and(|c| !c.is_whitespace());
        if closes && (!careful || is_edge(after)) {
            return Some(at + run + start);
        }
        if length > run {
            return None;
        }
        from = start + length;
    }
    None
}

/// `[label](url)`: the label and the length of the whole. Anything else in square
/// brackets (〔2022〕 typed as [2022], say) is text.
fn link(rest: &str) -> Option<(&str, usize)> {
    let reach = near(rest);
    let middle = reach.find("](")?;
    let label = &rest[1..middle];
    if label.contains('[') {
        return None;
    }
    let url = &reach[middle + 2..];
    // Brackets inside an address come in pairs.
    let mut depth = 0usize;
    for (index, byte) in url.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => {
                let target = &url[..index];
                let is_address = target.is_ascii() || target.contains(['/', '.', '#']);
                return is_address.then_some((label, middle + 2 + index + 1));
            }
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn tag_or_autolink(rest: &str, out: &mut String) -> usize {
    if let Some((name, length)) = html_tag(rest) {
        if matches!(name.as_str(), "td" | "th") {
            out.push(' ');
        }
        return length;
    }
    if (rest.starts_with("<http") || rest.starts_with("<mailto:"))
        && let Some(end) = near(rest).find('>')
        && !rest[..end].contains(' ')
    {
        out.push_str(&rest[1..end]);
        return end + 1;
    }
    out.push('<');
    1
}

fn entity(rest: &str, out: &mut String) -> usize {
    const NAMED: &[(&str, char)] = &[
        ("&nbsp;", ' '),
        ("&emsp;", '\u{3000}'),
        ("&ensp;", ' '),
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&ldquo;", '“'),
        ("&rdquo;", '”'),
        ("&mdash;", '—'),
        ("&hellip;", '…'),
        ("&middot;", '·'),
        ("&times;", '×'),
    ];
    for (name, c) in NAMED {
        if rest.starts_with(name) {
            out.push(*c);
            return name.len();
        }
    }
    if let Some((c, length)) = numeric_entity(rest) {
        out.push(c);
        return length;
    }
    out.push('&');
    1
}

fn numeric_entity(rest: &str) -> Option<(char, usize)> {
    let digits = rest.strip_prefix("&#")?;
    let end = digits.bytes().take(9).position(|byte| byte == b';')?;
    let number = &digits[..end];
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(code)?, 2 + end + 1))
}

/// The part of `text` within reach.
fn near(text: &str) -> &str {
    let mut end = text.len().min(REACH_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_markup_goes() {
        assert_eq!(plain("**第一条** 为了*强调*，见[办法](https://a.cn/b_(1).html)。"), "第一条 为了*强调*，见办法。");
        assert_eq!(plain("（*强调*）~~删去~~ `代码` __重点__"), "（强调）删去 代码 重点");
        assert_eq!(plain("***一、总则***"), "一、总则");
        assert_eq!(plain("![印章](seal.png)甲<span style='color:red'>乙</span>&nbsp;丙&#12289;"), "印章甲乙 丙、");
        assert_eq!(plain("<https://a.cn>"), "https://a.cn");
        assert_eq!(plain(r"1\. 标题\*"), "1. 标题*");
    }

    /// The closing mark was looked for behind it, where there is nothing any more.
    #[test]
    fn a_closing_mark_inside_of_a_link_is_jumped_over() {
        assert_eq!(plain("~~甲[乙~~丙](a.html)丁"), "甲乙~~丙丁");
    }

    #[test]
    fn doubtful_markup_stays() {
        for text in [
            "工作时长为40*4=160小时，2*3*4",
            "9．麦角酸*",
            "二、带有*标记的品种",
            "国发[2019]5号",
            "[2022](第3号)",
            "file_name_here",
            "a < b && c > d",
            "<通知>",
            "** 空",
            "~5%",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn breaks_split_a_line() {
        let parts: Vec<_> = split_breaks("甲<br>乙<BR/>丙</p>丁<b>戊</b>").collect();
        assert_eq!(parts, ["甲", "乙", "丙", "丁<b>戊</b>"]);
        assert_eq!(plain_cell("甲<br>乙"), "甲 乙");
    }

    #[test]
    fn hostile_lines_take_linear_time() {
        for unit in ["[", "**a", "`", "<", "![", "_a ", "&#"] {
            let line = unit.repeat(20_000);
            let _ = plain(&line);
            let _ = split_breaks(&line).count();
        }
    }
}
