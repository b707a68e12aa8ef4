//! Text from documents, made harmless for a terminal: control characters, bidi
//! overrides and zero-width characters are shown as their code, never obeyed.

use std::borrow::Cow;

/// Whether a terminal or a reader's eye could be misled by a character: controls
/// (of both sets), bidi marks and overrides, characters without width or shape,
/// line separators, and the tag characters that no font shows.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A character as it is shown.
pub fn push(c: char, into: &mut String) {
    match c {
        '\t' | '\n' => into.push(' '),
        c if is_hostile(c) => into.push_str(&format!("\\u{{{:x}}}", c as u32)),
        c => into.push(c),
    }
}

/// A text as it is shown on a terminal, on one line.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(c, &mut safe));
    Cow::Owned(safe)
}

/// A message of several lines, each as it is shown.
pub fn lines(message: &str) -> String {
    message.lines().map(text).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_are_shown_not_obeyed() {
        assert_eq!(super::text("关于\u{1b}[31m通知\u{202e}x\u{200b}"), "关于\\u{1b}[31m通知\\u{202e}x\\u{200b}");
        assert_eq!(super::text("一\n二"), "一 二");
        assert_eq!(super::text("第一条　为了"), "第一条　为了");
    }
}
