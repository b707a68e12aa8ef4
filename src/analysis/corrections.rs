//! Words that a keyword may have been meant for but for a mistake: a character of
//! the same sound or shape, or one edit.
//!
//! Candidates come from the dictionary alone; whether they occur in an index is
//! for `search::suggest` to ask. A few milliseconds: for a keyword that found
//! nothing, not for every query.

use std::sync::OnceLock;

use super::dictionary::Dictionary;
use super::pinyin::{Likeness, likeness, readings};
use super::spelled::roots_like;
use super::trie::Place;

/// Characters that look alike: see the file's head.
const SHAPES: &str = include_str!("data/shapes.txt");

/// Longest keyword that is corrected, in characters.
const MAX_CORRECTED_CHARS: usize = 20;

/// What the mistake was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mistake {
    /// Characters of the same sound.
    Sound,
    /// A character that looks alike.
    Shape,
    /// A character of nearly the same sound.
    NearSound,
    /// A character too many, too few, exchanged or another one.
    Edit,
}

/// A keyword with one word in it corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub text: String,
    pub mistake: Mistake,
    /// Higher is likelier.
    score: i64,
}

/// The keyword (folded) with one of its words corrected, likeliest first.
pub(crate) fn corrections(keyword: &str, dictionary: &Dictionary, limit: usize) -> Vec<Correction> {
    let chars: Vec<char> = keyword.chars().collect();
    if !(2..=MAX_CORRECTED_CHARS).contains(&chars.len()) {
        return Vec::new();
    }
    let sounds: Vec<Vec<String>> = chars.iter().map(|&c| readings(c)).collect();
    let mut walk = Walk { chars: &chars, sounds: &sounds, found: Vec::new(), text: String::new() };
    for start in 0..chars.len() {
        walk.from(start);
    }
    for (word, _) in dictionary.user_words() {
        walk.whole_word(word);
    }
    let mut found = Vec::new();
    for near in walk.found {
        let head: String = chars[..near.start].iter().collect();
        let tail: String = chars[near.end..].iter().collect();
        let typed: String = chars[near.start..near.end].iter().collect();
        // What was typed is a word too: less likely a mistake.
        let is_word = i64::from(dictionary.frequency(&typed).is_some());
        let covered = near.text.chars().count() as i64;
        let score = 40 * covered - 30 * near.mistake as i64 - 60 * is_word + i64::from(near.frequency.max(1).ilog2());
        found.push(Correction { text: format!("{head}{}{tail}", near.text), mistake: near.mistake, score });
    }
    found.retain(|correction| correction.text != keyword);
    found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
    let mut kept: Vec<Correction> = Vec::new();
    for correction in found {
        if kept.len() == limit {
            break;
        }
        if kept.iter().all(|known| known.text != correction.text) {
            kept.push(correction);
        }
    }
    kept
}

/// A word near to a part of the keyword.
struct Near {
    start: usize,
    end: usize,
    text: String,
    mistake: Mistake,
    frequency: u64,
}

/// Looks for words that begin at a place of the keyword but for a mistake.
struct Walk<'a> {
    chars: &'a [char],
    sounds: &'a [Vec<String>],
    found: Vec<Near>,
    text: String,
}

/// A place in the keyword and what was forgiven on the way there.
#[derive(Clone, Copy)]
struct At {
    start: usize,
    next: usize,
    mistake: Option<Mistake>,
    /// Characters of the same sound so far: two of them are one mistake.
    sounds: u8,
}

impl Walk<'_> {
    fn from(&mut self, start: usize) {
        let at = At { start, next: start + 1, mistake: None, sounds: 0 };
        let (typed, sounds) = (self.chars[start], self.sounds);
        if let Some(place) = Place::root().step(typed) {
            self.push(typed, place, at);
        }
        // Any other first character would be too many words.
        let alike = PAIRS.get_or_init(pairs_alike);
        let first = alike.partition_point(|&(c, _)| c < typed);
        let alike = alike[first..].iter().take_while(|&&(c, _)| c == typed).map(|&(_, c)| c);
        let alike = alike.filter_map(|c| Some((c, Place::root().step(c)?)));
        let mut others: Vec<(char, Place)> =
            roots_like(&sounds[start]).map(|root| (root.c, root.place)).chain(alike).collect();
        others.sort_unstable_by_key(|&(c, _)| c);
        others.dedup_by_key(|&mut (c, _)| c);
        for (c, place) in others.into_iter().filter(|&(c, _)| c != typed) {
            let Some(mistake) = self.likeness(start, c) else { continue };
            self.push(c, place, At { mistake: Some(mistake), sounds: u8::from(mistake == Mistake::Sound), ..at });
        }
        // The first two exchanged.
        if let [first, second, ..] = self.chars[start..]
            && first != second
            && let Some(place) = Place::root().step(second).and_then(|place| place.step(first))
        {
            self.text.push(second);
            self.push(first, place, At { next: start + 2, mistake: Some(Mistake::Edit), ..at });
            self.text.pop();
        }
    }

    fn push(&mut self, c: char, place: Place, at: At) {
        self.text.push(c);
        self.on(place, at);
        self.text.pop();
    }

    fn on(&mut self, place: Place, at: At) {
        self.report(place, at);
        let typed = self.chars.get(at.next).copied();
        if let Some(next) = typed.and_then(|c| place.step(c)) {
            self.push(self.chars[at.next], next, At { next: at.next + 1, ..at });
        }
        let may_sound = at.mistake.is_none() || at.mistake == Some(Mistake::Sound) && at.sounds < 2;
        if !may_sound {
            return;
        }
        let is_first = at.mistake.is_none();
        let mut children = Vec::new();
        place.for_each_next(&mut |c, next| children.push((c, next)));
        for (c, next) in children {
            if Some(c) == typed {
                continue;
            }
            let likeness = typed.and_then(|_| self.likeness(at.next, c));
            if likeness == Some(Mistake::Sound) {
                self.push(c, next, At { next: at.next + 1, mistake: likeness, sounds: at.sounds + 1, ..at });
            } else if is_first {
                if typed.is_some() {
                    let mistake = Some(likeness.unwrap_or(Mistake::Edit));
                    self.push(c, next, At { next: at.next + 1, mistake, ..at });
                }
                // One was left out.
                self.push(c, next, At { mistake: Some(Mistake::Edit), ..at });
            }
        }
        if !is_first || typed.is_none() {
            return;
        }
        // One too many, or two exchanged.
        let edited = At { mistake: Some(Mistake::Edit), ..at };
        self.on(place, At { next: at.next + 1, ..edited });
        if let Some(&second) = self.chars.get(at.next + 1)
            && let Some(next) = place.step(second).and_then(|place| place.step(self.chars[at.next]))
        {
            self.text.push(second);
            self.push(self.chars[at.next], next, At { next: at.next + 2, ..edited });
            self.text.pop();
        }
    }

    fn report(&mut self, place: Place, at: At) {
        let (Some(mistake), Some(frequency)) = (at.mistake, place.frequency()) else { return };
        let word_chars = self.text.chars().count();
        // Two characters of which one is any other say nothing.
        let least = if mistake == Mistake::Edit { 3 } else { 2 };
        if word_chars < least || at.next - at.start < 2 {
            return;
        }
        self.found.push(Near { start: at.start, end: at.next, text: self.text.clone(), mistake, frequency });
    }

    /// A word of the user's against the whole keyword, character by character.
    fn whole_word(&mut self, word: &str) {
        let word: Vec<char> = word.chars().collect();
        if word.len() != self.chars.len() || word.len() < 2 {
            return;
        }
        let mut different = (0..word.len()).filter(|&at| word[at] != self.chars[at]);
        if let (Some(at), None) = (different.next(), different.next()) {
            let mistake = self.likeness(at, word[at]).unwrap_or(Mistake::Edit);
            let text = word.iter().collect();
            self.found.push(Near { start: 0, end: word.len(), text, mistake, frequency: 2_000 });
        }
    }

    /// What takes the typed character at a place for `c`.
    fn likeness(&self, at: usize, c: char) -> Option<Mistake> {
        match likeness(&self.sounds[at], c) {
            Likeness::Same => Some(Mistake::Sound),
            _ if look_alike(self.chars[at], c) => Some(Mistake::Shape),
            Likeness::Near => Some(Mistake::NearSound),
            Likeness::Other => None,
        }
    }
}

/// Pairs of characters that look alike, sorted.
static PAIRS: OnceLock<Vec<(char, char)>> = OnceLock::new();

fn pairs_alike() -> Vec<(char, char)> {
    let mut pairs = Vec::new();
    for group in SHAPES.lines().filter(|line| !line.starts_with('#')) {
        for a in group.chars() {
            pairs.extend(group.chars().filter(|&b| a != b).map(|b| (a, b)));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Whether two characters look alike.
fn look_alike(a: char, b: char) -> bool {
    PAIRS.get_or_init(pairs_alike).binary_search(&(a, b)).is_ok()
}

/// How a word differs from a keyword by a single mistake; `None` when by more.
pub(crate) fn mistake_between(keyword: &str, word: &str) -> Option<Mistake> {
    let (a, b): (Vec<char>, Vec<char>) = (keyword.chars().collect(), word.chars().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most_tail = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most_tail).take_while(|(a, b)| a == b).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([typed], [c]) => Some(match likeness(&readings(*typed), *c) {
            Likeness::Same => Mistake::Sound,
            _ if look_alike(*typed, *c) => Mistake::Shape,
            Likeness::Near => Mistake::NearSound,
            Likeness::Other => Mistake::Edit,
        }),
        ([_], []) | ([], [_]) => Some(Mistake::Edit),
        ([first, second], [c, d]) if first == d && second == c => Some(Mistake::Edit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_corrected() {
        let dictionary = Dictionary::new();
        for (keyword, expected, mistake) in [
            ("营商环竞", "营商环境", Mistake::Sound),
            ("行政付议", "行政复议", Mistake::Sound),
            ("行正复议", "行政复议", Mistake::Sound),
            ("营商坏境", "营商环境", Mistake::Shape),
            ("固定资产投姿", "固定资产投资", Mistake::Sound),
            ("人民政俯", "人民政府", Mistake::Sound),
            ("人民攻府", "人民政府", Mistake::Shape),
            ("人政民府", "人民政府", Mistake::Edit),
            ("人民府", "人民政府", Mistake::Edit),
            ("人民民政府", "人民政府", Mistake::Edit),
            ("营商环镜建设", "营商环境建设", Mistake::Sound),
        ] {
            let found = corrections(keyword, &dictionary, 100);
            let correction = found.iter().find(|correction| correction.text == expected);
            assert_eq!(correction.map(|correction| correction.mistake), Some(mistake), "{keyword}: {found:?}");
        }
        assert!(corrections("税", &dictionary, 100).is_empty());
        assert!(corrections(&"境".repeat(50), &dictionary, 100).is_empty());
    }

    #[test]
    fn one_mistake_between_two_words() {
        assert_eq!(mistake_between("营商环竞", "营商环境"), Some(Mistake::Sound));
        assert_eq!(mistake_between("坏境", "环境"), Some(Mistake::Shape));
        assert_eq!(mistake_between("政府", "政务府"), Some(Mistake::Edit));
        assert_eq!(mistake_between("府政", "政府"), Some(Mistake::Edit));
        assert_eq!(mistake_between("环境", "环境"), None);
        assert_eq!(mistake_between("税务", "环境"), None);
        assert_eq!(mistake_between("", ""), None);
    }

    #[test]
    fn shapes_are_groups_of_different_characters() {
        let mut pairs: Vec<(char, char)> = Vec::new();
        for group in SHAPES.lines().filter(|line| !line.starts_with('#')) {
            let chars: Vec<char> = group.chars().collect();
            assert!(chars.len() >= 2, "{group}");
            for (at, a) in chars.iter().enumerate() {
                assert!(!chars[..at].contains(a), "{group}");
                pairs.extend(chars[..at].iter().map(|b| (*a, *b)));
            }
        }
        assert!(pairs.len() > 250, "{}", pairs.len());
        assert!(look_alike('末', '未') && look_alike('未', '末') && !look_alike('末', '土'));
    }
}
