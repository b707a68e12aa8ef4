//! Text → tokens: folding, words, characters, and the spellings a keyword may
//! take.
//!
//! Knows nothing of files or of the index.

pub(crate) mod abbreviations;
pub(crate) mod chars;
pub(crate) mod corrections;
mod dictionary;
mod fold;
pub(crate) mod ids;
pub mod numeral;
pub(crate) mod pinyin;
mod segmenter;
pub(crate) mod spelled;
pub(crate) mod synonyms;
mod tokenizers;
mod trie;
pub(crate) mod variants;

pub use dictionary::Dictionary;
pub(crate) use fold::Folder;
pub use fold::fold;
pub use segmenter::Segmenter;
pub(crate) use segmenter::{Cut, Known};
pub use synonyms::{Successor, Synonyms};
pub use tokenizers::{Token, characters, words};
pub(crate) use tokenizers::{for_each_word, is_word};
pub use variants::{Variant, VariantKind};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_as_the_index_has_them() {
        let segmenter = Segmenter::new(Dictionary::new());
        let texts = |tokens: Vec<Token>| tokens.into_iter().map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(texts(words(&segmenter, "縣人民政府，")), ["县", "人民", "人民政府", "民政", "政府"]);
        assert_eq!(texts(characters("罚 款２００元。")), ["罚", "款", "200", "元", "。"]);
    }
}
