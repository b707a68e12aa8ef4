//! The two tokenizers: `words`, jieba's search-mode words, for ranking; `chars`,
//! characters and runs, for literal matches.
//!
//! Both fold, both give tokens sorted by offset. The postings take words in the
//! segmenter's order and characters from [`chars::scan`], which is the same tokens
//! without their texts; what a field holds is decided there.

use super::chars;
use super::fold::{Folder, fold};
use super::segmenter::{Cut, Segmenter, Span};

/// A token of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Folded.
    pub text: String,
    /// First byte in the text as it was.
    pub offset_from: usize,
    /// The byte after the last one.
    pub offset_to: usize,
    /// For a word its first character; for a character its place among those that are
    /// no white space.
    pub position: usize,
}

/// The words that the index has of a text: jieba's search mode over the folded text,
/// sorted by place, punctuation and white space left out.
pub fn words(segmenter: &Segmenter, text: &str) -> Vec<Token> {
    let folded = fold(text);
    let mut characters = CharCounter::new(text, &folded);
    let mut tokens = Vec::new();
    for_each_word(segmenter, &folded, Cut::Search, |span| {
        let (offset_from, offset_to, position) = characters.locate(&span);
        tokens.push(Token { text: folded[span].to_owned(), offset_from, offset_to, position });
    });
    tokens
}

/// The tokens that a literal keyword is matched against: every character that is no
/// white space, and every run of ASCII letters and digits.
pub fn characters(text: &str) -> Vec<Token> {
    let folder = Folder::new();
    let mut tokens = Vec::new();
    chars::scan(text, folder, |token| {
        let original = &text[token.byte_start..token.byte_end];
        tokens.push(Token {
            text: original.chars().map(|c| folder.fold_char(c)).collect(),
            offset_from: token.byte_start,
            offset_to: token.byte_end,
            position: token.position,
        });
    });
    tokens
}

/// Hands the words of a folded text to `sink`, sorted by start and then length;
/// punctuation and white space are left out.
pub(crate) fn for_each_word(segmenter: &Segmenter, folded: &str, cut: Cut, mut sink: impl FnMut(Span)) {
    // jieba gives a word after the shorter ones inside it, which need not touch
    // one another; sorting what is nearly sorted costs little.
    let mut words: Vec<Span> = Vec::with_capacity(folded.len() / 5);
    segmenter.cut(folded, cut, |span| {
        if is_word(&folded[span.clone()]) {
            words.push(span);
        }
    });
    words.sort_by_key(|span| (span.start, span.end));
    words.into_iter().for_each(&mut sink);
}

/// Whether what the segmenter cut is a word, and no punctuation or white space.
#[inline]
pub(crate) fn is_word(cut: &str) -> bool {
    cut.chars().any(is_of_word)
}

#[inline]
fn is_of_word(c: char) -> bool {
    match c {
        // Nearly every character is one of these or, of punctuation, of those below: the
        // tables of Unicode are slow.
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Maps byte ranges of the folded text, ascending by start, to byte ranges of
/// the original and to character positions.
struct CharCounter<'a> {
    original: &'a str,
    folded: &'a str,
    same: bool,
    folded_at: usize,
    original_at: usize,
    character: usize,
}

impl<'a> CharCounter<'a> {
    fn new(original: &'a str, folded: &'a str) -> Self {
        // Folding changes a byte length only where it changes the text.
        let same = original.len() == folded.len() && std::ptr::eq(original.as_ptr(), folded.as_ptr());
        CharCounter { original, folded, same, folded_at: 0, original_at: 0, character: 0 }
    }

    /// The original's byte range of `span`, and the character it begins at.
    fn locate(&mut self, span: &Span) -> (usize, usize, usize) {
        let skipped = self.folded[self.folded_at..span.start].chars().count();
        self.character += skipped;
        self.original_at =
            if self.same { span.start } else { self.original_at + self.bytes(self.original_at, skipped) };
        self.folded_at = span.start;
        let offset_to = if self.same {
            span.end
        } else {
            self.original_at + self.bytes(self.original_at, self.folded[span.clone()].chars().count())
        };
        (self.original_at, offset_to, self.character)
    }

    fn bytes(&self, from: usize, characters: usize) -> usize {
        self.original[from..].chars().take(characters).map(char::len_utf8).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Dictionary;
    use crate::analysis::trie::Place;
    use proptest::prelude::*;

    #[test]
    fn characters_of_words_are_letters_and_digits() {
        let wrong: Vec<char> = ('\0'..=char::MAX)
            .filter(|&c| is_of_word(c) != (c.is_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c)))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn every_word_of_the_dictionary_is_one() {
        fn walk(place: Place, word: &mut String, words: &mut usize) {
            place.for_each_next(&mut |c, next| {
                word.push(c);
                if next.frequency().is_some() {
                    assert!(is_word(word), "{word}");
                    *words += 1;
                }
                walk(next, word, words);
                word.pop();
            });
        }
        let mut words = 0;
        walk(Place::root(), &mut String::new(), &mut words);
        assert!(words > 300_000, "{words}");
    }

    /// What both tokenizers promise.
    fn check(tokenize: impl Fn(&str) -> Vec<Token>, text: &str) {
        let tokens = tokenize(text);
        for token in &tokens {
            assert!(text.is_char_boundary(token.offset_from) && text.is_char_boundary(token.offset_to), "{token:?}");
            assert_eq!(fold(&text[token.offset_from..token.offset_to]), token.text, "offsets slice to the token");
            assert!(!token.text.is_empty());
        }
        for pair in tokens.windows(2) {
            assert!(pair[0].offset_from <= pair[1].offset_from, "sorted: {pair:?}");
            assert!(pair[0].position <= pair[1].position, "{pair:?}");
            assert_eq!(
                pair[0].position == pair[1].position,
                pair[0].offset_from == pair[1].offset_from,
                "two tokens share a position only where they begin together: {pair:?}"
            );
        }
        assert_eq!(tokens, tokenize(text), "deterministic");
    }

    fn segmenter() -> Segmenter {
        Segmenter::new(Dictionary::new())
    }

    macro_rules! battery {
        ($name:ident, $tokenizer:expr) => {
            mod $name {
                use super::*;

                #[test]
                fn holds_for_official_texts() {
                    for text in [
                        "",
                        " \n ",
                        "第十二条 违反本条例规定的，处２，０００元以上５万元以下罚款；",
                        "（三）推動「放管服」改革 優化營商環境。",
                        "乡 村 振 兴\nＶ２Ｇ示范项目（一期）100％",
                        "İstanbul ﬁne 𠀀𠀁 \u{202e}x\u{200b}y",
                    ] {
                        check($tokenizer, text);
                    }
                }

                proptest! {
                    #[test]
                    fn holds_for_any_text(text in any::<String>()) {
                        check($tokenizer, &text);
                    }

                    #[test]
                    fn holds_for_mixed_text(text in "[a-zA-Z0-9０-９一二三人民政府應當。，（\\n\u{3000} ]{0,40}") {
                        check($tokenizer, &text);
                    }
                }
            }
        };
    }

    battery!(words_battery, |text| super::words(&segmenter(), text));
    battery!(chars_battery, super::characters);

    #[test]
    fn words_come_sorted_with_their_parts() {
        let texts: Vec<_> = words(&segmenter(), "县人民政府，").into_iter().map(|t| (t.position, t.text)).collect();
        let expected = [(0, "县"), (1, "人民"), (1, "人民政府"), (2, "民政"), (3, "政府")];
        assert_eq!(texts, expected.map(|(p, t)| (p, t.to_owned())));
    }

    #[test]
    fn a_word_whose_parts_do_not_overlap_is_sorted_too() {
        // 抗旱 + 救灾 inside 抗旱救灾: the parts touch, the whole comes last from jieba.
        let dictionary = Dictionary::with_user_words("抗旱救灾 90000\n抗旱 900\n救灾 900").expect("valid");
        let texts = words(&Segmenter::new(dictionary), "抗旱救灾工作");
        let texts: Vec<_> = texts.into_iter().map(|t| (t.position, t.text)).collect();
        let expected = [(0, "抗旱"), (0, "抗旱救灾"), (2, "救灾"), (4, "工作")];
        assert_eq!(texts, expected.map(|(p, t)| (p, t.to_owned())));
    }

    #[test]
    fn chars_keep_punctuation_and_skip_blanks() {
        let texts: Vec<_> = characters("罚 款。").into_iter().map(|t| t.text).collect();
        assert_eq!(texts, ["罚", "款", "。"]);
    }
}
