//! Which characters are marks of the language, in half and full width, and where
//! text between quotation marks ends.

/// White space, and the characters without width that come along with pasted text.
pub(super) fn is_white_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

pub(super) fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜')
}

pub(super) fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－')
}

pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '(' | '（')
}

pub(super) fn is_closing(c: char) -> bool {
    matches!(c, ')' | '）')
}

pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

pub(super) fn is_straight_quote(c: char) -> bool {
    matches!(c, '"' | '＂')
}

pub(super) fn is_curly_quote(c: char) -> bool {
    matches!(c, '“' | '”')
}

pub(super) fn is_quote(c: char) -> bool {
    is_straight_quote(c) || is_curly_quote(c)
}

/// The first character and the place behind it.
pub(super) fn first_char(source: &str, at: usize) -> Option<(char, usize)> {
    source[at..].chars().next().map(|c| (c, at + c.len_utf8()))
}

/// Where the phrase that opens at `open` closes: the next quote of the same
/// kind, `None` when there is none. A backslash keeps a straight quote from closing.
pub(super) fn closing_quote(source: &str, open: usize) -> Option<usize> {
    let (quote, start) = first_char(source, open).filter(|&(c, _)| is_quote(c))?;
    let is_straight = is_straight_quote(quote);
    let mut is_escaped = false;
    for (at, c) in source[start..].char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if is_straight && c == '\\' {
            let next = first_char(source, start + at + 1);
            is_escaped = next.is_some_and(|(next, _)| next == '\\' || is_straight_quote(next));
        } else if is_straight && is_straight_quote(c) || !is_straight && is_curly_quote(c) {
            return Some(start + at);
        }
    }
    None
}

/// Text between quotes without the backslashes.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let escapes = c == '\\' && next.is_some_and(|next| next == '\\' || is_straight_quote(next));
        plain.push(if escapes { chars.next().unwrap_or(c) } else { c });
    }
    plain
}

pub(super) fn ends_phrase(source: &str, close: usize) -> bool {
    let Some((_, behind)) = first_char(source, close) else { return false };
    first_char(source, behind).is_none_or(|(c, _)| is_white_space(c) || is_bar(c) || is_closing(c))
}
