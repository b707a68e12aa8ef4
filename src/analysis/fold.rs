//! Folding: one character to one character, so that spellings a reader takes
//! for the same compare equal.
//!
//! A position in folded text *is* the position in the original (counted in
//! characters), so highlights need no map. What would need more than one
//! character (numerals, dates, abbreviations) is a variant at query time, not
//! folding.
//!
//! | from | to |
//! |---|---|
//! | full-width ASCII, U+FF01–FF5E | half-width |
//! | upper case | lower case, where that is one character |
//! | traditional Han | simplified (`data/traditional.txt`) |
//! | 〔〕［］【】（） and `[]` | `()` |
//! | “”„‟「」『』＂ and ‘’‚‛＇ | `"` and `'` |
//! | 〇 ○ ◯ | 〇 |
//! | any white space | space |

use std::borrow::Cow;

/// Traditional → simplified, a pair a line. Derived from OpenCC's
/// `TSCharacters` (Apache-2.0), first candidate of each, BMP only.
const TRADITIONAL: &str = include_str!("data/traditional.txt");

const HAN_FIRST: u32 = 0x3400;
const HAN_LAST: u32 = 0x9fff;

/// At `c - HAN_FIRST` stands the simplified form of `c`, or 0 for itself. Made when
/// the crate is compiled, as every search needs it.
static SIMPLIFIED: [u16; (HAN_LAST - HAN_FIRST + 1) as usize] = simplified();

const fn simplified() -> [u16; (HAN_LAST - HAN_FIRST + 1) as usize] {
    let text = TRADITIONAL.as_bytes();
    let mut table = [0; (HAN_LAST - HAN_FIRST + 1) as usize];
    let mut at = 0;
    while at + 6 <= text.len() {
        let (from, to) = (three_bytes(text, at), three_bytes(text, at + 3));
        if from >= HAN_FIRST && from <= HAN_LAST {
            table[(from - HAN_FIRST) as usize] = to as u16;
        }
        at += 6;
        while at < text.len() && text[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    table
}

/// The character of three bytes of UTF-8; 0 for another.
const fn three_bytes(text: &[u8], at: usize) -> u32 {
    if text[at] >> 4 != 0xe {
        return 0;
    }
    (text[at] as u32 & 0xf) << 12 | (text[at + 1] as u32 & 0x3f) << 6 | text[at + 2] as u32 & 0x3f
}

/// Folds characters; holds the table so that a loop need not look it up.
#[derive(Clone, Copy)]
pub(crate) struct Folder {
    simplified: &'static [u16],
}

impl Folder {
    pub(crate) fn new() -> Self {
        Folder { simplified: &SIMPLIFIED }
    }

    /// The folded form of one character.
    #[inline]
    pub(crate) fn fold_char(self, c: char) -> char {
        if c.is_ascii() {
            return match c {
                'A'..='Z' => c.to_ascii_lowercase(),
                '[' => '(',
                ']' => ')',
                '\t' | '\n' | '\r' | '\x0b' | '\x0c' => ' ',
                _ => c,
            };
        }
        let code = c as u32;
        if (HAN_FIRST..=HAN_LAST).contains(&code) {
            let simple = self.simplified[(code - HAN_FIRST) as usize];
            // Zero, like a surrogate, is no simplified form.
            return if simple == 0 { c } else { char::from_u32(u32::from(simple)).unwrap_or(c) };
        }
        fold_other(c)
    }
}

/// The folded form of a character that is neither ASCII nor a common Han one.
fn fold_other(c: char) -> char {
    match c {
        '〔' | '［' | '【' | '（' => '(',
        '〕' | '］' | '】' | '）' => ')',
        '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '＇' => '\'',
        '○' | '◯' => '〇',
        '\u{ff01}'..='\u{ff5e}' => {
            // The block runs parallel to ASCII, so the result is in 0x21–0x7e.
            let ascii = (c as u32 - 0xff01) as u8 + 0x21;
            (ascii as char).to_ascii_lowercase()
        }
        _ if c.is_whitespace() => ' ',
        _ if c.is_uppercase() => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
        _ => c,
    }
}

/// Folds a text; borrows it when nothing changes.
///
/// The result has exactly as many characters as `text`.
pub fn fold(text: &str) -> Cow<'_, str> {
    let folder = Folder::new();
    let mut folded = String::new();
    // What stands before is folded.
    let mut done = 0;
    for (at, c) in text.char_indices() {
        let to = folder.fold_char(c);
        if to == c {
            continue;
        }
        if done == 0 {
            folded.reserve(text.len());
        }
        folded.push_str(&text[done..at]);
        folded.push(to);
        done = at + c.len_utf8();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    folded.push_str(&text[done..]);
    Cow::Owned(folded)
}

/// Whether a character takes no position of its own: white space, and format
/// characters that show nothing (zero-width, soft hyphen, bidi controls, BOM).
#[inline]
pub(crate) fn is_ignored(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace() || c.is_ascii_control();
    }
    match c {
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        // Han, kana and their punctuation are no white space, but U+3000 is.
        '\u{3001}'..='\u{ffff}' => false,
        _ => c.is_whitespace() || c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_each_class_to_one_form() {
        let cases = [
            ("２０２２年ＡＢＣ％", "2022年abc%"),
            ("國發〔2019〕5號［试行］【x】（y）[z]", "国发(2019)5号(试行)(x)(y)(z)"),
            ("“十四五”‘a’「b」", "\"十四五\"'a'\"b\""),
            ("二○二二 二〇二二 二◯", "二〇二二 二〇二二 二〇"),
            ("促進產業發展", "促进产业发展"),
            ("a\tb\u{3000}c", "a b c"),
            ("，：；？！", ",:;?!"),
            ("。、《》—…", "。、《》—…"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn borrows_what_needs_no_folding() {
        assert!(matches!(fold("固定资产投资完成895亿元。"), Cow::Borrowed(_)));
        assert!(matches!(fold("固定资产投资完成895亿元，"), Cow::Owned(_)));
    }

    #[test]
    fn white_space_and_invisible_characters_are_ignored() {
        for c in [' ', '\n', '\u{3000}', '\u{a0}', '\u{200b}', '\u{202e}', '\u{feff}', '\0', '\u{2028}'] {
            assert!(is_ignored(c), "{c:?}");
        }
        for c in ['a', '。', '、', '乡', '𠀀', '一', '（'] {
            assert!(!is_ignored(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn keeps_the_number_of_characters_and_is_idempotent(text in any::<String>()) {
            let folded = fold(&text).into_owned();
            prop_assert_eq!(folded.chars().count(), text.chars().count());
            prop_assert_eq!(fold(&folded).into_owned(), folded.clone());
        }
    }

    #[test]
    fn every_traditional_pair_folds_to_a_fixed_point() {
        let folder = Folder::new();
        let mut pairs = 0;
        for line in TRADITIONAL.lines() {
            let chars: Vec<char> = line.chars().collect();
            assert_eq!(chars.len(), 2, "{line}");
            assert_eq!(folder.fold_char(chars[0]), chars[1]);
            assert_eq!(folder.fold_char(chars[1]), chars[1]);
            pairs += 1;
        }
        assert!(pairs > 2_900, "{pairs}");
    }
}
