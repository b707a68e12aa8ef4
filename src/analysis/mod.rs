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
