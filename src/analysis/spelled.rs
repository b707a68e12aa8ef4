//! Words that Latin letters stand for: by pinyin (yingshanghuanjing) or by the
//! first letters of their syllables (yshj).
//!
//! Candidates come from the dictionary alone; whether they occur in an index is
//! for `search::suggest` to ask. A few milliseconds: for a keyword that found
//! nothing, not for every query.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::dictionary::Dictionary;
use super::pinyin::{Blurred, blurred, for_each_reading, readings};
use super::trie::Place;

/// Most letters that are read as the first ones of syllables.
const MAX_INITIALS: usize = 8;

/// A word and how frequent it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub text: String,
    pub frequency: u64,
}

/// The words spelled by Latin letters (as [`super::pinyin::letters`] gives them),
/// and pairs of words, most frequent first.
pub(crate) fn words_by_pinyin(letters: &str, dictionary: &Dictionary, limit: usize) -> Vec<Word> {
    let roots = roots();
    let mut found = Vec::new();
    let mut heads: Vec<(usize, Word)> = Vec::new();
    spell(letters, roots, &mut |rest, text, frequency| {
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
    pairs(letters, roots, heads, limit)
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
pub(super) struct Root {
    pub c: char,
    pub place: Place,
    readings: Vec<String>,
}

/// Every first character of words that has a sound; found once, in some 3 ms.
fn roots() -> &'static [Root] {
    static ROOTS: OnceLock<Vec<Root>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = Vec::new();
        Place::root().for_each_next(&mut |c, place| {
            let readings = readings(c);
            if !readings.is_empty() {
                roots.push(Root { c, place, readings });
            }
        });
        roots
    })
}

/// The first characters of words that sound like one with these readings, or
/// nearly.
pub(super) fn roots_like<'a>(readings: &'a [String]) -> impl Iterator<Item = &'static Root> + use<'a> {
    static BY_SOUND: OnceLock<HashMap<Blurred<'static>, Vec<&'static Root>>> = OnceLock::new();
    let by_sound = BY_SOUND.get_or_init(|| {
        let mut by_sound: HashMap<_, Vec<&'static Root>> = HashMap::new();
        for root in roots() {
            for reading in &root.readings {
                by_sound.entry(blurred(reading)).or_default().push(root);
            }
        }
        by_sound
    });
    readings.iter().filter_map(|reading| by_sound.get(&blurred(reading))).flatten().copied()
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
}
