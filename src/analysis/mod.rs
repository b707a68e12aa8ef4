//! Text → tokens: folding, words, characters, and the spellings a keyword may
//! take.
//!
//! Knows nothing of files or of the index; `tokenizers.rs` is the one place that
//! speaks tantivy's tokenizer interface.

pub(crate) mod abbreviations;
pub(crate) mod chars;
pub(crate) mod corrections;
mod dictionary;
mod fold;
pub mod numeral;
pub(crate) mod pinyin;
mod segmenter;
pub(crate) mod spelled;
pub(crate) mod synonyms;
mod tokenizers;
mod trie;
pub(crate) mod variants;

pub use dictionary::Dictionary;
pub use fold::fold;
pub(crate) use segmenter::Cut;
pub use segmenter::Segmenter;
pub use synonyms::{Successor, Synonyms};
pub(crate) use tokenizers::{CharsTokenizer, WordsTokenizer, for_each_word};
pub use variants::{Variant, VariantKind};

/// The words that the index has of a text, as it has them: jieba's search mode over
/// the folded text, sorted by place, punctuation left out.
pub fn words(segmenter: &Segmenter, text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = Vec::new();
    for_each_word(segmenter, &folded, Cut::Search, |span| words.push(folded[span].to_owned()));
    words
}

/// The tokens that a literal keyword is matched against: every character that is no
/// white space, and every run of ASCII letters and digits, folded.
pub fn characters(text: &str) -> Vec<String> {
    chars::terms(text).into_iter().map(|(_, token)| token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_as_the_index_has_them() {
        let segmenter = Segmenter::new(Dictionary::new());
        assert_eq!(words(&segmenter, "縣人民政府，"), ["县", "人民", "人民政府", "民政", "政府"]);
        assert_eq!(characters("罚 款２００元。"), ["罚", "款", "200", "元", "。"]);
    }
}
