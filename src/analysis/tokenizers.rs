//! The two tokenizers of the index, as tantivy wants them.
//!
//! `words`: jieba's search-mode words, for ranking. `chars`: characters and runs,
//! for literal matches. Both fold, both give tokens sorted by offset. Neither
//! decides what a field holds; that is `index/schema.rs`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::chars;
use super::fold::{Folder, fold};
use super::segmenter::{Cut, Segmenter, Span};

/// Words of the text, without white space and punctuation; a token's position is
/// its first character.
#[derive(Clone)]
pub(crate) struct WordsTokenizer {
    segmenter: Segmenter,
    stream: Stream,
}

impl WordsTokenizer {
    pub(crate) fn new(segmenter: Segmenter) -> Self {
        WordsTokenizer { segmenter, stream: Stream::default() }
    }
}

impl Tokenizer for WordsTokenizer {
    type TokenStream<'a> = &'a mut Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> &'a mut Stream {
        if self.stream.is_of(text) {
            return &mut self.stream;
        }
        let folded = fold(text);
        self.stream.restart(text);
        let mut characters = CharCounter::new(text, &folded);
        for_each_word(&self.segmenter, &folded, Cut::Search, |span| {
            let (offset_from, offset_to, position) = characters.locate(&span);
            self.stream.push(&folded[span], offset_from, offset_to, position);
        });
        &mut self.stream
    }
}

/// Hands the words of a folded text to `sink`, sorted by start and then length;
/// punctuation and white space are left out.
pub(crate) fn for_each_word(segmenter: &Segmenter, folded: &str, cut: Cut, mut sink: impl FnMut(Span)) {
    // jieba gives a word after the shorter ones inside it, which need not touch
    // one another; sorting what is nearly sorted costs little.
    let mut words: Vec<Span> = Vec::with_capacity(folded.len() / 5);
    segmenter.cut(folded, cut, |span| {
        if folded[span.clone()].chars().any(char::is_alphanumeric) {
            words.push(span);
        }
    });
    words.sort_by_key(|span| (span.start, span.end));
    words.into_iter().for_each(&mut sink);
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

/// Characters and runs of the text; see [`chars`].
#[derive(Clone)]
pub(crate) struct CharsTokenizer {
    folder: Folder,
    stream: Stream,
}

impl CharsTokenizer {
    pub(crate) fn new() -> Self {
        CharsTokenizer { folder: Folder::new(), stream: Stream::default() }
    }
}

impl Tokenizer for CharsTokenizer {
    type TokenStream<'a> = &'a mut Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> &'a mut Stream {
        if self.stream.is_of(text) {
            return &mut self.stream;
        }
        self.stream.restart(text);
        let (folder, stream) = (self.folder, &mut self.stream);
        chars::scan(text, folder, |token| {
            let original = &text[token.byte_start..token.byte_end];
            stream.texts.extend(original.chars().map(|c| folder.fold_char(c)));
            stream.finish(token.byte_start, token.byte_end, token.position);
        });
        stream
    }
}

/// Tokens kept as one string and their places, so that a token costs no
/// allocation; reused from text to text.
#[derive(Clone, Default)]
pub(crate) struct Stream {
    texts: String,
    entries: Vec<Entry>,
    next: usize,
    token: Token,
    /// The text they are of, if it is short.
    source: String,
}

/// Longest text of which the tokens are kept for the next one: the sections of a
/// chapter have one context, title and path, which need not be read for each.
const MAX_KEPT_BYTES: usize = 1024;

#[derive(Clone, Copy)]
struct Entry {
    text_end: u32,
    offset_from: u32,
    offset_to: u32,
    position: u32,
}

impl Stream {
    /// Whether the tokens are of this text already; they are given anew then.
    fn is_of(&mut self, text: &str) -> bool {
        let is_same = !text.is_empty() && self.source == text;
        if is_same {
            self.next = 0;
        }
        is_same
    }

    fn restart(&mut self, text: &str) {
        self.source.clear();
        if text.len() <= MAX_KEPT_BYTES {
            self.source.push_str(text);
        }
        self.texts.clear();
        self.entries.clear();
        self.next = 0;
    }

    fn push(&mut self, text: &str, offset_from: usize, offset_to: usize, position: usize) {
        self.texts.push_str(text);
        self.finish(offset_from, offset_to, position);
    }

    /// Ends a token whose text has been appended to `texts`.
    fn finish(&mut self, offset_from: usize, offset_to: usize, position: usize) {
        // A text is limited to far less than 4 GB (`extract`'s limits).
        self.entries.push(Entry {
            text_end: self.texts.len() as u32,
            offset_from: offset_from as u32,
            offset_to: offset_to as u32,
            position: position as u32,
        });
    }
}

impl TokenStream for &mut Stream {
    fn advance(&mut self) -> bool {
        let Some(&entry) = self.entries.get(self.next) else { return false };
        let text_start = match self.next {
            0 => 0,
            next => self.entries[next - 1].text_end as usize,
        };
        let Stream { texts, token, .. } = &mut **self;
        token.text.clear();
        token.text.push_str(&texts[text_start..entry.text_end as usize]);
        token.offset_from = entry.offset_from as usize;
        token.offset_to = entry.offset_to as usize;
        token.position = entry.position as usize;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Dictionary;
    use proptest::prelude::*;

    fn collect(mut tokenizer: impl Tokenizer, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut stream = tokenizer.token_stream(text);
        while stream.advance() {
            tokens.push(stream.token().clone());
        }
        tokens
    }

    /// What every tokenizer of the index promises.
    fn check(tokenizer: impl Tokenizer, text: &str) {
        let tokens = collect(tokenizer.clone(), text);
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
        let again = collect(tokenizer, text);
        assert_eq!(tokens, again, "deterministic, also when reused");
    }

    fn words() -> WordsTokenizer {
        WordsTokenizer::new(Segmenter::new(Dictionary::new()))
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

    battery!(words_battery, words());
    battery!(chars_battery, CharsTokenizer::new());

    #[test]
    fn a_text_that_comes_again_has_its_tokens_again() {
        fn texts(tokenizer: &mut impl Tokenizer, text: &str) -> Vec<String> {
            let mut stream = tokenizer.token_stream(text);
            let mut texts = Vec::new();
            while stream.advance() {
                texts.push(stream.token().text.clone());
            }
            texts
        }
        let (mut words, mut chars) = (words(), CharsTokenizer::new());
        for text in ["县人民政府", "县人民政府", "市场", "", "县人民政府", "", "市场"] {
            assert_eq!(texts(&mut words, text), texts(&mut super::tests::words(), text));
            assert_eq!(texts(&mut chars, text), texts(&mut CharsTokenizer::new(), text));
        }
    }

    #[test]
    fn words_come_sorted_with_their_parts() {
        let texts: Vec<_> = collect(words(), "县人民政府，").into_iter().map(|t| (t.position, t.text)).collect();
        let expected = [(0, "县"), (1, "人民"), (1, "人民政府"), (2, "民政"), (3, "政府")];
        assert_eq!(texts, expected.map(|(p, t)| (p, t.to_owned())));
    }

    #[test]
    fn a_word_whose_parts_do_not_overlap_is_sorted_too() {
        // 抗旱 + 救灾 inside 抗旱救灾: the parts touch, the whole comes last from jieba.
        let dictionary = Dictionary::with_user_words("抗旱救灾 90000\n抗旱 900\n救灾 900").expect("valid");
        let texts = collect(WordsTokenizer::new(Segmenter::new(dictionary)), "抗旱救灾工作");
        let texts: Vec<_> = texts.into_iter().map(|t| (t.position, t.text)).collect();
        let expected = [(0, "抗旱"), (0, "抗旱救灾"), (2, "救灾"), (4, "工作")];
        assert_eq!(texts, expected.map(|(p, t)| (p, t.to_owned())));
    }

    #[test]
    fn chars_keep_punctuation_and_skip_blanks() {
        let texts: Vec<_> = collect(CharsTokenizer::new(), "罚 款。").into_iter().map(|t| t.text).collect();
        assert_eq!(texts, ["罚", "款", "。"]);
    }
}
