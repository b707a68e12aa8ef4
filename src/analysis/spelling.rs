//! Words that a keyword may have been meant for: by pinyin, by first letters, or
//! but for a mistake (a character of the same sound or shape, one edit).
//!
//! Candidates come from the dictionary alone; whether they occur in an index is
//! for `search::suggest` to ask. Nothing here is fast enough for every query,
//! and all of it for one that found nothing.

use std::sync::OnceLock;

use super::dictionary::Dictionary;
use super::pinyin::{Likeness, for_each_reading, likeness, readings};
use super::trie::Place;

/// Characters that look alike: see the file's head.
const SHAPES: &str = include_str!("data/shapes.txt");

/// Longest keyword that is corrected, in characters.
const MAX_CORRECTED_CHARS: usize = 20;
/// Most letters that are read as the first ones of syllables.
const MAX_INITIALS: usize = 8;

/// A word and how frequent it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub text: String,
    pub frequency: u64,
}

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

/// The words spelled by Latin letters (as [`super::pinyin::letters`] gives them),
/// and pairs of words, most frequent first.
pub(crate) fn words_by_pinyin(letters: &str, dictionary: &Dictionary, limit: usize) -> Vec<Word> {
    let roots = roots();
    let mut found = Vec::new();
    let mut heads: Vec<(usize, Word)> = Vec::new();
    spell(letters, &roots, &mut |rest, text, frequency| {
        let word = Word { text: text.to_owned(), frequency };
        match rest {
            0 => found.push(word),
            rest => heads.push((letters.len() - rest, word)),
        }
    });
    for (word, frequency) in dictionary.user_words() {
        if is_spelled(letters, word) {
            found.push(Word { text: word.to_owned(), frequency });
        }
    }
    most_frequent(&mut found, limit);
    if !found.is_empty() {
        return found;
    }
    pairs(letters, &roots, heads, limit)
}

/// Two words that are spelled together; the rarer one counts.
fn pairs(letters: &str, roots: &[Root], mut heads: Vec<(usize, Word)>, limit: usize) -> Vec<Word> {
    const OF_EACH: usize = 4;
    heads.retain(|(_, word)| word.text.chars().nth(1).is_some());
    heads.sort_by_key(|(length, word)| (std::cmp::Reverse(*length), std::cmp::Reverse(word.frequency)));
    let mut found = Vec::new();
    let mut at = 0;
    while at < heads.len() {
        let length = heads[at].0;
        let same = heads[at..].iter().take_while(|(other, _)| *other == length).count();
        let mut tails = Vec::new();
        spell(&letters[length..], roots, &mut |rest, text, frequency| {
            if rest == 0 && text.chars().nth(1).is_some() {
                tails.push(Word { text: text.to_owned(), frequency });
            }
        });
        most_frequent(&mut tails, OF_EACH);
        for (_, head) in heads[at..at + same].iter().take(OF_EACH) {
            found.extend(tails.iter().map(|tail| Word {
                text: format!("{}{}", head.text, tail.text),
                frequency: head.frequency.min(tail.frequency),
            }));
        }
        at += same;
    }
    most_frequent(&mut found, limit);
    found
}

/// The words whose syllables begin with these letters, most frequent first.
pub(crate) fn words_by_initials(letters: &str, dictionary: &Dictionary, limit: usize) -> Vec<Word> {
    if !(2..=MAX_INITIALS).contains(&letters.len()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    by_initials(Place::root(), letters, &mut String::new(), &mut found);
    for (word, frequency) in dictionary.user_words() {
        let fits = word.chars().count() == letters.len() && word.chars().zip(letters.chars()).all(begins_with);
        if fits {
            found.push(Word { text: word.to_owned(), frequency });
        }
    }
    most_frequent(&mut found, limit);
    found
}

fn begins_with((c, letter): (char, char)) -> bool {
    let mut fits = false;
    for_each_reading(c, |reading| fits |= reading.starts_with(letter));
    fits
}

fn by_initials(place: Place, letters: &str, text: &mut String, found: &mut Vec<Word>) {
    let Some(letter) = letters.chars().next() else {
        found.extend(place.frequency().map(|frequency| Word { text: text.clone(), frequency }));
        return;
    };
    place.for_each_next(&mut |c, next| {
        if begins_with((c, letter)) {
            text.push(c);
            by_initials(next, &letters[1..], text, found);
            text.pop();
        }
    });
}

/// A first character of words, with its readings.
struct Root {
    c: char,
    place: Place,
    readings: Vec<String>,
}

fn roots() -> Vec<Root> {
    let mut roots = Vec::new();
    Place::root().for_each_next(&mut |c, place| {
        let readings = readings(c);
        if !readings.is_empty() {
            roots.push(Root { c, place, readings });
        }
    });
    roots
}

/// Hands every word that the letters begin with to `sink`, with how many letters
/// are left over.
fn spell(letters: &str, roots: &[Root], sink: &mut dyn FnMut(usize, &str, u64)) {
    let mut text = String::new();
    for root in roots {
        for rest in root.readings.iter().filter_map(|reading| strip(letters, reading)) {
            text.push(root.c);
            spell_on(rest, root.place, &mut text, sink);
            text.pop();
        }
    }
}

fn spell_on(letters: &str, place: Place, text: &mut String, sink: &mut dyn FnMut(usize, &str, u64)) {
    if let Some(frequency) = place.frequency() {
        sink(letters.len(), text, frequency);
    }
    if letters.is_empty() {
        return;
    }
    place.for_each_next(&mut |c, next| {
        for_each_reading(c, |reading| {
            if let Some(rest) = strip(letters, reading) {
                text.push(c);
                spell_on(rest, next, text, sink);
                text.pop();
            }
        });
    });
}

/// The letters behind a reading; ü is typed v or u.
fn strip<'a>(letters: &'a str, reading: &str) -> Option<&'a str> {
    letters.strip_prefix(reading).or_else(|| {
        let initial = reading.strip_suffix('v')?;
        letters.strip_prefix(initial)?.strip_prefix('u')
    })
}

/// Whether the letters spell a word, no more and no less.
pub(crate) fn is_spelled(letters: &str, word: &str) -> bool {
    let Some(c) = word.chars().next() else { return letters.is_empty() };
    let rest = &word[c.len_utf8()..];
    let mut spelled = false;
    for_each_reading(c, |reading| {
        spelled = spelled || strip(letters, reading).is_some_and(|letters| is_spelled(letters, rest));
    });
    spelled
}

/// Keeps the most frequent, each once.
fn most_frequent(words: &mut Vec<Word>, limit: usize) {
    words.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.text.cmp(&b.text)));
    let mut kept: Vec<Word> = Vec::new();
    for word in words.drain(..) {
        if kept.len() == limit {
            break;
        }
        if kept.iter().all(|known| known.text != word.text) {
            kept.push(word);
        }
    }
    *words = kept;
}

/// The keyword (folded) with one of its words corrected, likeliest first.
pub(crate) fn corrections(keyword: &str, dictionary: &Dictionary, limit: usize) -> Vec<Correction> {
    let chars: Vec<char> = keyword.chars().collect();
    if !(2..=MAX_CORRECTED_CHARS).contains(&chars.len()) {
        return Vec::new();
    }
    let sounds: Vec<Vec<String>> = chars.iter().map(|&c| readings(c)).collect();
    let roots = roots();
    let mut walk = Walk { chars: &chars, sounds: &sounds, found: Vec::new(), text: String::new() };
    for start in 0..chars.len() {
        walk.from(start, &roots);
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
    fn from(&mut self, start: usize, roots: &[Root]) {
        let at = At { start, next: start, mistake: None, sounds: 0 };
        for root in roots {
            let step = if root.c == self.chars[start] {
                Some(None)
            } else {
                // Any other first character would be too many words.
                self.likeness(start, root.c).map(Some)
            };
            let Some(mistake) = step else { continue };
            let sounds = u8::from(mistake == Some(Mistake::Sound));
            self.push(root.c, root.place, At { next: start + 1, mistake, sounds, ..at });
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

/// Whether two characters look alike.
fn look_alike(a: char, b: char) -> bool {
    static PAIRS: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let pairs = PAIRS.get_or_init(|| {
        let mut pairs = Vec::new();
        for group in SHAPES.lines().filter(|line| !line.starts_with('#')) {
            for a in group.chars() {
                pairs.extend(group.chars().filter(|&b| a != b).map(|b| (a, b)));
            }
        }
        pairs.sort_unstable();
        pairs
    });
    pairs.binary_search(&(a, b)).is_ok()
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

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_by_their_sound() {
        let dictionary = Dictionary::new();
        for (letters, word) in [
            ("yingshanghuanjing", "营商环境"),
            ("xingzhengfuyi", "行政复议"),
            ("xian", "西安"),
            ("lvse", "绿色"),
            ("lvshi", "律师"),
            ("nvxing", "女性"),
        ] {
            let found = words_by_pinyin(letters, &dictionary, 50);
            assert!(texts(&found).contains(&word), "{letters}: {found:?}");
        }
        assert!(texts(&words_by_pinyin("yingshanghuanjingyouhua", &dictionary, 50)).contains(&"营商环境优化"));
        assert!(words_by_pinyin("hello", &dictionary, 50).is_empty());
        assert!(words_by_pinyin(&"z".repeat(60), &dictionary, 50).is_empty());
    }

    #[test]
    fn words_by_their_initials() {
        let dictionary = Dictionary::with_user_words("求雨岭园").expect("valid");
        for (letters, word) in [("yshj", "营商环境"), ("xzfy", "行政复议"), ("qyly", "求雨岭园")] {
            let found = words_by_initials(letters, &dictionary, 200);
            assert!(texts(&found).contains(&word), "{letters}: {found:?}");
        }
        assert!(words_by_initials("y", &dictionary, 50).is_empty());
        assert!(words_by_initials("qqqqqqqq", &dictionary, 50).is_empty());
    }

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
