//! The word list and its frequencies: an FST in the binary, used in place, and
//! the user's own words beside it.
//!
//! The FST is made by `examples/build_dictionary.rs` from jieba's `dict.txt`
//! (MIT, see `data/README.md`) and `data/terms.txt`, our list of government
//! terms. This module knows words and frequencies; cutting text into words is
//! [`super::segmenter`]'s business.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use fst::Streamer;
use fst::raw::{Fst, Output};
use xxhash_rust::xxh3::xxh3_64;

use crate::{Error, ErrorKind, Result};

use super::fold::fold;

static DICTIONARY: &[u8] = include_bytes!("data/dictionary.fst");

/// The sum of all frequencies in `data/dictionary.fst`, written by the program
/// that makes it: segmentation weighs a word by frequency ÷ total.
const BUNDLED_TOTAL: &str = include_str!("data/dictionary.total");

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

pub(super) fn bundled() -> &'static Fst<&'static [u8]> {
    static FST: OnceLock<Fst<&'static [u8]>> = OnceLock::new();
    FST.get_or_init(|| Fst::new(DICTIONARY).expect("the bundled dictionary is checked by a test"))
}

fn bundled_total() -> u64 {
    BUNDLED_TOTAL.trim().parse().expect("the bundled total is checked by a test")
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

    /// Whether there are words of the user's own.
    pub(crate) fn has_user_words(&self) -> bool {
        !self.user.is_empty()
    }

    /// The frequency of a (folded) word, if it is one.
    pub fn frequency(&self, word: &str) -> Option<u64> {
        self.user.get(word).copied().or_else(|| bundled().get(word).map(Output::value))
    }

    /// The sum of all frequencies.
    pub(crate) fn total(&self) -> u64 {
        let added: u64 = self.user.values().sum();
        let replaced: u64 = self.user.keys().filter_map(|word| bundled().get(word)).map(Output::value).sum();
        bundled_total() + added - replaced
    }

    /// A stamp that differs when the segmentation may: an index made with another
    /// dictionary holds other words.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(BUNDLED_TOTAL.as_bytes());
        bytes.extend_from_slice(&(DICTIONARY.len() as u64).to_le_bytes());
        for (word, frequency) in &self.user {
            bytes.extend_from_slice(word.as_bytes());
            bytes.extend_from_slice(&frequency.to_le_bytes());
        }
        xxh3_64(&bytes)
    }

    /// Hands every entry that is a prefix of `text` to `sink`.
    pub(crate) fn for_each_prefix(&self, text: &str, mut sink: impl FnMut(&str, u64)) {
        let fst = bundled();
        let mut node = fst.root();
        let mut output = Output::zero();
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            let Some(index) = node.find_input(byte) else { break };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
            if node.is_final() {
                let word = &text[..=at];
                if !self.user.contains_key(word) {
                    sink(word, output.cat(node.final_output()).value());
                }
            }
        }
        if self.user.is_empty() {
            return;
        }
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(MAX_WORD_CHARS);
        for end in ends {
            if let Some(&frequency) = self.user.get(&text[..end]) {
                sink(&text[..end], frequency);
            }
        }
    }

    /// Hands every entry to `sink`.
    pub(crate) fn for_each(&self, mut sink: impl FnMut(&str, u64)) {
        let mut stream = bundled().stream();
        while let Some((word, frequency)) = stream.next() {
            let Ok(word) = std::str::from_utf8(word) else { continue };
            if !self.user.contains_key(word) {
                sink(word, frequency.value());
            }
        }
        for (word, &frequency) in &self.user {
            sink(word, frequency);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_dictionary_is_whole() {
        bundled().verify().expect("checksum");
        let (mut sum, mut entries) = (0, 0);
        Dictionary::new().for_each(|_, frequency| {
            sum += frequency;
            entries += 1;
        });
        assert_eq!(sum, bundled_total());
        assert!(entries > 345_000, "{entries}");
    }

    #[test]
    fn prefixes_are_the_entries_that_begin_the_text() {
        let mut found = Vec::new();
        Dictionary::new().for_each_prefix("人民政府应当", |word, _| found.push(word.to_owned()));
        assert_eq!(found, ["人", "人民", "人民政府"]);
    }

    #[test]
    fn user_words_are_read_with_and_without_frequency() {
        let dictionary = Dictionary::with_user_words("# 词\n求雨岭 30\n氢能港\n人民 7 # 改\n\n").expect("valid");
        assert_eq!(dictionary.frequency("求雨岭"), Some(30));
        assert_eq!(dictionary.frequency("氢能港"), Some(DEFAULT_FREQUENCY));
        assert_eq!(dictionary.frequency("人民"), Some(7));
        let mut sum = 0;
        dictionary.for_each(|_, frequency| sum += frequency);
        assert_eq!(sum, dictionary.total());
        assert_ne!(dictionary.fingerprint(), Dictionary::new().fingerprint());
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Dictionary::with_user_words("氢能港\n求雨岭 many").expect_err("no number");
        assert_eq!(error.to_string(), "line 2: expected a frequency after the word, got `many`");
    }
}
