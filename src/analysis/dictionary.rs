//! The word list and its frequencies: a tree in the binary, used in place, and
//! the user's own words beside it.
//!
//! The tree is made by `examples/build_dictionary.rs` from jieba's `dict.txt`
//! (MIT, see `data/README.md`) and `data/terms.txt`, our list of government
//! terms. This module knows words and frequencies; cutting text into words is
//! [`super::segmenter`]'s business.

use std::collections::BTreeMap;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use crate::{Error, ErrorKind, Result};

use super::fold::fold;
use super::trie::{Node, bundled, bundled_bytes};

/// Frequency of a user's word that names none. High enough that a word of two
/// characters stands against the jieba words it is made of.
const DEFAULT_FREQUENCY: u64 = 2_000;

/// Longest word of a user dictionary, in characters.
const MAX_WORD_CHARS: usize = 32;

/// Words with their frequencies: the bundled list and the user's additions.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    pub(super) user: BTreeMap<String, u64>,
}

impl Dictionary {
    /// The bundled words only.
    pub fn new() -> Self {
        Dictionary::default()
    }

    /// The bundled words and those of a file: one word a line, optionally with a
    /// frequency after white space (`氢能源 3000`); `#` begins a comment.
    ///
    /// # Errors
    /// When the file cannot be read, is not UTF-8, or a line is no entry; the
    /// message names the line.
    pub fn with_user_file(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io("cannot read the user dictionary", e).with_path(path))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            Error::new(ErrorKind::Malformed, "the user dictionary is not UTF-8").with_path(path).with_source(e)
        })?;
        Dictionary::with_user_words(&text).map_err(|e| e.with_path(path))
    }

    /// As [`Dictionary::with_user_file`], from the text of such a file.
    ///
    /// # Errors
    /// When a line is no entry.
    pub fn with_user_words(text: &str) -> Result<Self> {
        let mut user = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let entry = line.split('#').next().unwrap_or_default().trim_start_matches('\u{feff}');
            let mut parts = entry.split_whitespace();
            let Some(word) = parts.next() else { continue };
            let wrong = |what: &str| Error::new(ErrorKind::InvalidArgument, format!("line {}: {what}", index + 1));
            let frequency = match parts.next() {
                None => DEFAULT_FREQUENCY,
                Some(number) => number
                    .parse::<u32>()
                    .map(u64::from)
                    .map_err(|_| wrong(&format!("expected a frequency after the word, got `{number}`")))?,
            };
            if word.chars().count() > MAX_WORD_CHARS {
                return Err(wrong(&format!("a word has at most {MAX_WORD_CHARS} characters")));
            }
            user.insert(fold(word).into_owned(), frequency.max(1));
        }
        Ok(Dictionary { user })
    }

    /// The frequency of a (folded) word, if it is one.
    pub fn frequency(&self, word: &str) -> Option<u64> {
        self.user.get(word).copied().or_else(|| bundled().node(word).map(|node| bundled().frequency(node.value())))
    }

    /// The number of a bundled word, which [`super::Known`] names too, below
    /// [`Dictionary::bundled_numbers`].
    pub(crate) fn bundled_number(word: &str) -> Option<u32> {
        bundled().node(word).map(Node::number)
    }

    /// The bundled word of a number.
    pub(crate) fn bundled_word(number: u32) -> String {
        bundled().word(number)
    }

    /// The bound of bundled words' numbers.
    pub(crate) fn bundled_numbers() -> usize {
        bundled().nodes()
    }

    /// The sum of all frequencies.
    pub(crate) fn total(&self) -> u64 {
        let added: u64 = self.user.values().sum();
        let trie = bundled();
        let replaced: u64 =
            self.user.keys().filter_map(|word| trie.node(word)).map(|node| trie.frequency(node.value())).sum();
        trie.total + added - replaced
    }

    /// A stamp that differs when the segmentation may: an index made with another
    /// dictionary holds other words.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&bundled().total.to_le_bytes());
        bytes.extend_from_slice(&(bundled_bytes().len() as u64).to_le_bytes());
        for (word, frequency) in &self.user {
            bytes.extend_from_slice(word.as_bytes());
            bytes.extend_from_slice(&frequency.to_le_bytes());
        }
        xxh3_64(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::trie::Place;
    use super::*;

    #[test]
    fn the_bundled_dictionary_is_whole() {
        fn walk(place: Place, sum: &mut u64, entries: &mut u64) {
            place.for_each_next(&mut |_, next| {
                *sum += next.frequency().unwrap_or_default();
                *entries += u64::from(next.frequency().is_some());
                walk(next, sum, entries);
            });
        }
        let (mut sum, mut entries) = (0, 0);
        walk(Place::root(), &mut sum, &mut entries);
        assert_eq!(sum, bundled().total);
        assert!(entries > 345_000, "{entries}");
        for (word, frequency) in [("的", Some(318_825)), ("人民政府", Some(15_227)), ("求雨岭", None), ("", None)]
        {
            assert_eq!(Dictionary::new().frequency(word), frequency, "{word}");
        }
    }

    #[test]
    fn user_words_are_read_with_and_without_frequency() {
        let dictionary = Dictionary::with_user_words("# 词\n求雨岭 30\n氢能港\n人民 7 # 改\n\n").expect("valid");
        assert_eq!(dictionary.frequency("求雨岭"), Some(30));
        assert_eq!(dictionary.frequency("氢能港"), Some(DEFAULT_FREQUENCY));
        assert_eq!(dictionary.frequency("人民"), Some(7));
        // 人民 was jieba's word before.
        let before = Dictionary::new().frequency("人民").expect("a word");
        assert_eq!(dictionary.total(), bundled().total + 30 + DEFAULT_FREQUENCY + 7 - before);
        assert_ne!(dictionary.fingerprint(), Dictionary::new().fingerprint());
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Dictionary::with_user_words("氢能港\n求雨岭 many").expect_err("no number");
        assert_eq!(error.to_string(), "line 2: expected a frequency after the word, got `many`");
    }
}
