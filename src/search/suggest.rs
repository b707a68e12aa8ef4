//! What to try instead of a keyword that finds nothing: readings of Latin
//! letters, corrected characters, names that a body had before or after.
//!
//! Everything offered occurs in the index: candidates come from the dictionary
//! (`analysis::corrections`, `analysis::spelled`) and are asked for one by one. Pure functions over a
//! [`Vocabulary`]; what a suggestion looks like is the caller's business.

use crate::analysis::corrections::{Mistake, corrections, mistake_between};
use crate::analysis::spelled::{is_spelled, words_by_initials, words_by_pinyin};
use crate::analysis::{Dictionary, Synonyms, fold, pinyin};

/// Suggestions for one keyword.
const MAX_SUGGESTIONS: usize = 5;
/// Candidates that the index is asked for.
const MAX_ASKED: usize = 64;

/// What an index can say of its words.
pub(crate) trait Vocabulary {
    /// In how many sections a phrase occurs literally.
    fn sections_with(&self, phrase: &str) -> u64;
    /// Hands every (folded) word of the index to `sink` with the number of
    /// sections it occurs in.
    fn for_each_word(&self, sink: &mut dyn FnMut(&str, u64));
}

/// Something to try instead of a keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion {
    /// The text to search for.
    pub text: String,
    /// Why it may be meant.
    pub reason: Reason,
    /// In how many sections it occurs.
    pub sections: u64,
}

/// Why a suggestion may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The keyword is its pinyin: yingshanghuanjing.
    Pinyin,
    /// The keyword is the first letters of its syllables: yshj.
    Initials,
    /// A character of the same sound: 营商环竞.
    SameSound,
    /// A character that looks alike: 营商坏境.
    SimilarShape,
    /// A character of nearly the same sound.
    NearSound,
    /// A character too many, too few, exchanged or another one.
    Edit,
    /// A body or law was renamed or replaced then: `2018-03`.
    Renamed {
        /// When, as a date or year.
        since: String,
    },
}

impl Reason {
    /// Its name in JSON: `snake_case` English.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::Pinyin => "pinyin",
            Reason::Initials => "initials",
            Reason::SameSound => "same_sound",
            Reason::SimilarShape => "similar_shape",
            Reason::NearSound => "near_sound",
            Reason::Edit => "edit",
            Reason::Renamed { .. } => "renamed",
        }
    }

    /// Its name for Chinese readers.
    pub fn label(&self) -> &'static str {
        match self {
            Reason::Pinyin => "拼音",
            Reason::Initials => "首字母",
            Reason::SameSound => "同音字",
            Reason::SimilarShape => "形近字",
            Reason::NearSound => "近音字",
            Reason::Edit => "一字之差",
            Reason::Renamed { .. } => "更名",
        }
    }
}

impl From<Mistake> for Reason {
    fn from(mistake: Mistake) -> Self {
        match mistake {
            Mistake::Sound => Reason::SameSound,
            Mistake::Shape => Reason::SimilarShape,
            Mistake::NearSound => Reason::NearSound,
            Mistake::Edit => Reason::Edit,
        }
    }
}

/// What to try instead of a keyword that finds nothing, best first. Names of
/// other times come first, as nothing was mistyped then.
pub(crate) fn suggest(
    keyword: &str,
    dictionary: &Dictionary,
    synonyms: &Synonyms,
    vocabulary: &dyn Vocabulary,
) -> Vec<Suggestion> {
    let mut suggestions = renamed(keyword, synonyms, vocabulary);
    suggestions.extend(match pinyin::letters(keyword) {
        Some(_) => read_latin(keyword, dictionary, vocabulary),
        None => corrected(keyword, dictionary, vocabulary),
    });
    suggestions.truncate(MAX_SUGGESTIONS);
    suggestions
}

/// The names that a body or law in the keyword had before or has now.
pub(crate) fn renamed(keyword: &str, synonyms: &Synonyms, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let found = synonyms.succeeded(keyword).into_iter().map(|(text, successor)| {
        let sections = vocabulary.sections_with(&text);
        Suggestion { text, reason: Reason::Renamed { since: successor.since }, sections }
    });
    found.filter(|suggestion| suggestion.sections > 0).take(MAX_SUGGESTIONS).collect()
}

/// The words that Latin letters spell or are the initials of, most frequent in
/// the index first; empty for any other keyword.
pub(crate) fn read_latin(keyword: &str, dictionary: &Dictionary, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let Some(letters) = pinyin::letters(keyword) else { return Vec::new() };
    let words = words_by_pinyin(&letters, dictionary, MAX_ASKED);
    let mut found = occurring(words.into_iter().map(|word| (word.text, Reason::Pinyin)), vocabulary);
    if found.is_empty() {
        let words = words_by_initials(&letters, dictionary, MAX_ASKED);
        found = occurring(words.into_iter().map(|word| (word.text, Reason::Initials)), vocabulary);
    }
    if found.is_empty() {
        found = spelled_in_index(&letters, vocabulary);
    }
    found.sort_by(|a, b| b.sections.cmp(&a.sections).then_with(|| a.text.cmp(&b.text)));
    found.truncate(MAX_SUGGESTIONS);
    found
}

/// The words of the index, in no dictionary perhaps, that the letters spell.
fn spelled_in_index(letters: &str, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let mut found = Vec::new();
    vocabulary.for_each_word(&mut |word, sections| {
        let may_be = word.len() >= 6 && word.len() <= 3 * letters.len() && !word.is_ascii();
        if may_be && sections > 0 && found.len() < MAX_ASKED && is_spelled(letters, word) {
            found.push(Suggestion { text: word.to_owned(), reason: Reason::Pinyin, sections });
        }
    });
    found
}

/// The keyword with a mistake corrected.
fn corrected(keyword: &str, dictionary: &Dictionary, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let keyword: String = fold(keyword).chars().filter(|c| !c.is_whitespace()).collect();
    let candidates = corrections(&keyword, dictionary, MAX_ASKED);
    let candidates = candidates.into_iter().map(|correction| (correction.text, correction.mistake.into()));
    let mut found = occurring(candidates, vocabulary);
    if found.is_empty() {
        found = near_in_index(&keyword, vocabulary);
    }
    found.truncate(MAX_SUGGESTIONS);
    found
}

/// The words of the index, in no dictionary perhaps, that are the keyword but for
/// one mistake.
fn near_in_index(keyword: &str, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let count = keyword.chars().count();
    if count < 2 {
        return Vec::new();
    }
    let mut found: Vec<(Mistake, Suggestion)> = Vec::new();
    vocabulary.for_each_word(&mut |word, sections| {
        let length = word.chars().count();
        if sections == 0 || length < 2 || length.abs_diff(count) > 1 {
            return;
        }
        let Some(mistake) = mistake_between(keyword, word) else { return };
        // Of two characters, one that is any other leaves too little.
        if mistake == Mistake::Edit && length.min(count) < 3 {
            return;
        }
        found.push((mistake, Suggestion { text: word.to_owned(), reason: mistake.into(), sections }));
    });
    found.sort_by(|(a, left), (b, right)| {
        a.cmp(b).then(right.sections.cmp(&left.sections)).then_with(|| left.text.cmp(&right.text))
    });
    found.into_iter().map(|(_, suggestion)| suggestion).collect()
}

/// Those candidates that occur in the index, in their order.
fn occurring(candidates: impl Iterator<Item = (String, Reason)>, vocabulary: &dyn Vocabulary) -> Vec<Suggestion> {
    let asked = candidates.take(MAX_ASKED).map(|(text, reason)| {
        let sections = vocabulary.sections_with(&text);
        Suggestion { text, reason, sections }
    });
    asked.filter(|suggestion| suggestion.sections > 0).collect()
}

/// A way to go on with what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The whole term.
    pub text: String,
    /// Its weight, as it was given.
    pub weight: u64,
}

/// The terms that go on with `prefix` (after folding) or, when it is Latin
/// letters, whose pinyin or initials do; literal ones first, then by weight, the
/// shorter before the longer. Memory is bounded by `limit`, not by the terms.
pub(crate) fn complete<'a>(
    prefix: &str,
    terms: impl IntoIterator<Item = (&'a str, u64)>,
    limit: usize,
) -> Vec<Completion> {
    let squeezed = |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
    let (prefix, letters) = (squeezed(prefix), pinyin::letters(prefix));
    // Rank, weight, length, text: ascending by what is better.
    type Key = (u8, std::cmp::Reverse<u64>, usize, String);
    let mut best: Vec<Key> = Vec::new();
    if prefix.is_empty() || limit == 0 {
        return Vec::new();
    }
    for (term, weight) in terms {
        let folded = squeezed(term);
        let rank = if folded.starts_with(&prefix) {
            0
        } else if letters.as_deref().is_some_and(|letters| sounds_begin(letters, &folded)) {
            1
        } else if letters.is_none() && prefix.chars().nth(1).is_some() && folded.contains(&prefix) {
            2
        } else {
            continue;
        };
        let key = (rank, std::cmp::Reverse(weight), folded.chars().count(), term.to_owned());
        let at = best.partition_point(|known| *known < key);
        if at >= limit || best.iter().any(|known| known.3 == key.3) {
            continue;
        }
        best.insert(at, key);
        best.truncate(limit);
    }
    best.into_iter().map(|(_, weight, _, text)| Completion { text, weight: weight.0 }).collect()
}

/// Whether a term's pinyin begins with the letters, the last syllable perhaps in
/// part, or its initials do.
fn sounds_begin(letters: &str, term: &str) -> bool {
    fn by_syllables(letters: &str, term: &str) -> bool {
        let Some(c) = term.chars().next() else { return letters.is_empty() };
        if letters.is_empty() {
            return true;
        }
        let mut fits = false;
        pinyin::for_each_reading(c, |reading| {
            fits = fits
                || reading.starts_with(letters)
                || letters.strip_prefix(reading).is_some_and(|rest| by_syllables(rest, &term[c.len_utf8()..]));
        });
        fits
    }
    let by_initials = || {
        letters.len() <= term.chars().count()
            && term.chars().zip(letters.chars()).all(|(c, letter)| {
                let mut fits = false;
                pinyin::for_each_reading(c, |reading| fits |= reading.starts_with(letter));
                fits
            })
    };
    by_syllables(letters, term) || by_initials()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sections in memory.
    struct Texts(&'static [&'static str], &'static [&'static str]);

    impl Vocabulary for Texts {
        fn sections_with(&self, phrase: &str) -> u64 {
            self.0.iter().filter(|text| text.contains(phrase)).count() as u64
        }

        fn for_each_word(&self, sink: &mut dyn FnMut(&str, u64)) {
            self.1.iter().for_each(|word| sink(word, self.sections_with(word)));
        }
    }

    const TEXTS: Texts = Texts(
        &[
            "优化营商环境条例",
            "持续改善营商环境",
            "申请行政复议的期限",
            "行政复议机关受理",
            "自然资源部2021年文",
            "求雨岭氢能园开工",
            "促进绿色发展",
            "医疗保险",
        ],
        &["优化", "营商环境", "行政复议", "求雨岭氢能园", "绿色", "发展", "2021"],
    );

    fn suggested(keyword: &str) -> Vec<(String, &'static str, u64)> {
        let found = suggest(keyword, &Dictionary::new(), &Synonyms::bundled(), &TEXTS);
        found.into_iter().map(|found| (found.text, found.reason.label(), found.sections)).collect()
    }

    #[test]
    fn the_best_suggestion() {
        for (keyword, text, label, sections) in [
            ("yingshanghuanjing", "营商环境", "拼音", 2),
            ("YingShang HuanJing", "营商环境", "拼音", 2),
            ("yshj", "营商环境", "首字母", 2),
            ("xzfy", "行政复议", "首字母", 2),
            ("lvse", "绿色", "拼音", 1),
            ("qiuyulingqingnengyuan", "求雨岭氢能园", "拼音", 1),
            ("营商环竞", "营商环境", "同音字", 2),
            ("营商坏境", "营商环境", "形近字", 2),
            ("行政付议", "行政复议", "同音字", 2),
            ("优化营商环竞", "优化营商环境", "同音字", 1),
            ("求雨领氢能园", "求雨岭氢能园", "同音字", 1),
            ("求雨氢能园", "求雨岭氢能园", "一字之差", 1),
            ("国土资源部", "自然资源部", "更名", 1),
        ] {
            let found = suggested(keyword);
            assert_eq!(found.first(), Some(&(text.to_owned(), label, sections)), "{keyword}: {found:?}");
        }
    }

    #[test]
    fn nothing_that_is_not_in_the_index() {
        for keyword in ["", "x", "zzzz", "航天器", "１２３", "hello", "税", "农业部", "？？？"] {
            assert_eq!(suggested(keyword), [], "{keyword}");
        }
    }

    #[test]
    fn completions_in_their_order() {
        let terms = [
            ("营商环境", 50),
            ("营商环境条例", 90),
            ("营业执照", 10),
            ("优化营商环境条例", 99),
            ("行政复议", 70),
            ("ＡＩ应用", 3),
        ];
        let texts = |prefix: &str, limit| -> Vec<String> {
            complete(prefix, terms, limit).into_iter().map(|found| found.text).collect()
        };
        assert_eq!(texts("营商", 10), ["营商环境条例", "营商环境", "优化营商环境条例"]);
        assert_eq!(texts("营", 10), ["营商环境条例", "营商环境", "营业执照"]);
        assert_eq!(texts("營商", 1), ["营商环境条例"]);
        assert_eq!(texts("yings", 10), ["营商环境条例", "营商环境"]);
        assert_eq!(texts("ysh", 10), ["营商环境条例", "营商环境"]);
        assert_eq!(texts("xzfy", 10), ["行政复议"]);
        assert_eq!(texts("ai", 10), ["ＡＩ应用"]);
        assert!(texts("", 10).is_empty() && texts("营", 0).is_empty() && texts("税", 10).is_empty());
    }
}
