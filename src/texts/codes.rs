//! Text ↔ bytes: a byte for a frequent word or sign, two for others.
//!
//! | first byte | then | stands for |
//! |---|---|---|
//! | 0 … [`SINGLES`] - 1 | | that word of the list |
//! | [`SINGLES`] … 253 | a byte | another word of the list |
//! | 254 | two bytes | a character below U+10000 |
//! | 255 | three bytes | any other character |
//!
//! The list, `data/codes.txt` with `data/codes.starts` and `data/codes.ids`, is made by
//! `examples/build_codes.rs`; its words are ended by a zero byte and stand by how often
//! they are used. No code is the beginning of another, so bytes that were not damaged
//! have one reading.

use std::num::NonZeroU64;
use std::sync::OnceLock;

use crate::analysis::ids::TokenIds;

use super::{Damaged, Result, take};

static LIST: &str = include_str!("data/codes.txt");
/// Where each word begins in [`LIST`], four bytes each; at the end, where one behind
/// the last would.
static STARTS: &[u8] = include_bytes!("data/codes.starts");

/// The folded characters of each word that are a token each, and all letters or none. Eight
/// bytes: four times two of a word of one to four; of a longer one two zeros, how many (two
/// bytes) and where they stand here, two bytes each (four). Zeros for any other word.
static IDS: &[u8] = include_bytes!("data/codes.ids");

/// Words of one byte.
const SINGLES: usize = 140;
/// First bytes of a character that is no word of the list.
const SHORT: u8 = 254;
const LONG: u8 = 255;
/// Words the list may have.
const MAX_WORDS: usize = SINGLES + (SHORT as usize - SINGLES) * 256;

/// The word of a code.
#[inline]
fn word(code: usize) -> Result<&'static str> {
    let Some((start, rest)) = STARTS.get(4 * code..4 * code + 8).and_then(<[u8]>::split_first_chunk) else {
        return Err(Damaged);
    };
    let end = rest.first_chunk().ok_or(Damaged)?;
    // Behind each stands a zero byte.
    LIST.get(u32::from_le_bytes(*start) as usize..u32::from_le_bytes(*end) as usize - 1).ok_or(Damaged)
}

/// What a code stands for.
enum Piece {
    /// A word of the list, by its place.
    Word(usize),
    Char(char),
}

/// Takes a code from the front of `bytes`; `None` when there is none.
#[inline]
fn take_piece(bytes: &mut &[u8]) -> Result<Option<Piece>> {
    let (first, second) = match **bytes {
        [first, second, ..] => (first, second),
        // Behind a first byte that needs another there is none.
        [first] if usize::from(first) < SINGLES => (first, 0),
        [] => return Ok(None),
        [_] => return Err(Damaged),
    };
    if first >= SHORT {
        return take_char(bytes).map(Some);
    }
    // Which of the two lengths comes is no more to be guessed than a coin: computed, not
    // jumped.
    let is_long = usize::from(usize::from(first) >= SINGLES);
    let long = (usize::from(first) * 256 + usize::from(second)).wrapping_sub(SINGLES * 255);
    let code = if is_long == 1 { long } else { first.into() };
    *bytes = &bytes[1 + is_long..];
    Ok(Some(Piece::Word(code)))
}

/// Takes a character that is no word of the list.
#[cold]
fn take_char(bytes: &mut &[u8]) -> Result<Piece> {
    let length = 2 + usize::from(bytes.first() == Some(&LONG));
    let code = &take(bytes, 1 + length)?[1..];
    let mut number = [0; 4];
    number[..length].copy_from_slice(code);
    char::from_u32(u32::from_le_bytes(number)).map(Piece::Char).ok_or(Damaged)
}

/// Appends the text that `bytes` are the codes of, until it is at least `wanted` bytes
/// long.
///
/// # Errors
/// When they are none: damaged bytes are another text or an error.
pub(super) fn decode(mut bytes: &[u8], wanted: usize, text: &mut String) -> Result<()> {
    // A code is a word of some five bytes.
    text.reserve((3 * bytes.len() + 16).min(wanted));
    while text.len() < wanted
        && let Some(piece) = take_piece(&mut bytes)?
    {
        match piece {
            Piece::Word(code) => push_word(word(code)?, text),
            Piece::Char(c) => text.push(c),
        }
    }
    Ok(())
}

/// Appends the tokens of the text that `bytes` are the codes of.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_ids(mut bytes: &[u8], ids: &mut TokenIds) -> Result<()> {
    ids.reserve(2 * bytes.len() + 16);
    loop {
        let mut other = Ok(None);
        ids.push_words(|| {
            other = take_piece(&mut bytes);
            let Ok(Some(Piece::Word(code))) = other else { return None };
            let entry = entry(code);
            entry.filter(|entry| entry.get() as u16 > 0)
        });
        match other? {
            None => return Ok(()),
            Some(Piece::Char(c)) => ids.push(c),
            Some(Piece::Word(code)) => match entry(code) {
                Some(long) => {
                    let (from, length) = ((long.get() >> 32) as usize, (long.get() >> 16) as u16);
                    ids.push_long_word(IDS.get(from..from + 2 * usize::from(length)).ok_or(Damaged)?);
                }
                None => ids.push_str(word(code)?),
            },
        }
    }
}

/// What [`IDS`] has of a word; `None` where it has nothing.
#[inline]
fn entry(code: usize) -> Option<NonZeroU64> {
    let entry = IDS.get(8 * code..).and_then(<[u8]>::first_chunk)?;
    NonZeroU64::new(u64::from_le_bytes(*entry))
}

/// Appends a word. Most have one to three characters: a copy whose length the compiler
/// knows takes some instructions, another a call.
#[inline]
fn push_word(word: &str, text: &mut String) {
    match word.len() {
        3 => text.push_str(&word[..3]),
        6 => text.push_str(&word[..6]),
        9 => text.push_str(&word[..9]),
        _ => text.push_str(word),
    }
}

/// Finds the codes of a text.
pub(super) struct Encoder {
    /// The code of a character that is a word, plus one.
    singles: Vec<u16>,
    /// A bit for each pair of characters that a word begins with, by [`pair_bit`]: most
    /// pairs of a text begin none.
    is_pair: Vec<u64>,
    /// By the first two characters of a word: see [`Pair`]. At the place of their hash or
    /// behind it; 0 for none.
    pairs: Vec<u64>,
    /// Words of three characters or more; of those that begin alike the longest first.
    longer: Vec<Longer>,
}

/// What begins with two characters, in one number: the two (16 bits each), the code of
/// the two themselves, plus one, and the first of the words in `longer`.
#[derive(Clone, Copy)]
struct Pair(u64);

impl Pair {
    fn new(key: u32, own: u16, from: u16) -> Self {
        Pair(u64::from(key) << 32 | u64::from(own) << 16 | u64::from(from))
    }

    #[inline]
    fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline]
    fn own(self) -> u16 {
        (self.0 >> 16) as u16
    }

    #[inline]
    fn from(self) -> usize {
        usize::from(self.0 as u16)
    }
}

struct Longer {
    /// The first two characters.
    key: u32,
    third: char,
    /// What follows the first two.
    rest: &'static str,
    code: u16,
}

/// Places for pairs: twice as many as there are words, about.
const PAIR_PLACES: usize = 1 << 16;

/// Two characters of 16 bits; the list has no others.
#[inline]
fn pair_key(first: char, second: char) -> u32 {
    (first as u32) << 16 | second as u32 & 0xffff
}

#[inline]
fn pair_place(key: u32) -> usize {
    key.wrapping_mul(0x9e37_79b1) as usize >> 16
}

/// Where the bit of a pair stands, of 2¹⁷.
#[inline]
fn pair_bit(key: u32) -> usize {
    key.wrapping_mul(0x85eb_ca6b) as usize >> 15
}

impl Encoder {
    pub(super) fn get() -> &'static Encoder {
        static ENCODER: OnceLock<Encoder> = OnceLock::new();
        ENCODER.get_or_init(Encoder::new)
    }

    fn new() -> Self {
        let mut singles = vec![0; 0x1_0000];
        let mut of_pairs: Vec<(u32, &'static str, u16)> = Vec::new();
        for code in 0..MAX_WORDS {
            let Ok(word) = word(code) else { continue };
            let mut chars = word.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => {
                    if let Some(single) = singles.get_mut(c as usize) {
                        *single = code as u16 + 1;
                    }
                }
                (Some(a), Some(b)) => of_pairs.push((pair_key(a, b), chars.as_str(), code as u16)),
                _ => {}
            }
        }
        of_pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.len().cmp(&a.1.len())).then(a.1.cmp(b.1)));
        let mut encoder =
            Encoder { singles, is_pair: vec![0; (1 << 17) / 64], pairs: vec![0; PAIR_PLACES], longer: Vec::new() };
        for of_pair in of_pairs.chunk_by(|a, b| a.0 == b.0) {
            let key = of_pair[0].0;
            // No more words than codes, which are 16 bits.
            let from = encoder.longer.len() as u16;
            let mut own = 0;
            for &(_, rest, code) in of_pair {
                match rest.chars().next() {
                    None => own = code + 1,
                    Some(third) => encoder.longer.push(Longer { key, third, rest, code }),
                }
            }
            let bit = pair_bit(key);
            encoder.is_pair[bit / 64] |= 1 << (bit % 64);
            let mut place = pair_place(key);
            while encoder.pairs[place] != 0 {
                place = (place + 1) % PAIR_PLACES;
            }
            encoder.pairs[place] = Pair::new(key, own, from).0;
        }
        encoder
    }

    /// Appends the codes of a text: at each place the longest word of the list.
    pub(super) fn encode(&self, text: &str, out: &mut Vec<u8>) {
        let mut chars = text.chars();
        let mut next = chars.next();
        while let Some(first) = next {
            next = chars.next();
            let longer = next.and_then(|second| self.longer(first, second, chars.as_str()));
            if let Some((rest, code)) = longer {
                chars = chars.as_str()[rest..].chars();
                next = chars.next();
                push_code(code, out);
                continue;
            }
            match self.singles.get(first as usize) {
                Some(&single) if single > 0 => push_code(single - 1, out),
                Some(_) => {
                    out.push(SHORT);
                    out.extend_from_slice(&(first as u32).to_le_bytes()[..2]);
                }
                None => {
                    out.push(LONG);
                    out.extend_from_slice(&(first as u32).to_le_bytes()[..3]);
                }
            }
        }
    }

    /// The longest word of two characters or more: its bytes behind them, and its code.
    #[inline]
    fn longer(&self, first: char, second: char, behind: &str) -> Option<(usize, u16)> {
        let key = pair_key(first, second);
        let bit = pair_bit(key);
        if self.is_pair[bit / 64] >> (bit % 64) & 1 == 0 || (first as u32 | second as u32) > 0xffff {
            return None;
        }
        let pair = self.pair(key)?;
        let third = behind.chars().next().unwrap_or_default();
        let of_pair = self.longer[pair.from()..].iter().take_while(|word| word.key == key);
        for word in of_pair {
            if word.third == third && behind.starts_with(word.rest) {
                return Some((word.rest.len(), word.code));
            }
        }
        pair.own().checked_sub(1).map(|code| (0, code))
    }

    #[inline]
    fn pair(&self, key: u32) -> Option<Pair> {
        let mut place = pair_place(key);
        loop {
            let pair = Pair(self.pairs[place]);
            if pair.0 == 0 {
                return None;
            }
            if pair.key() == key {
                return Some(pair);
            }
            place = (place + 1) % PAIR_PLACES;
        }
    }
}

#[inline]
fn push_code(code: u16, out: &mut Vec<u8>) {
    let code = usize::from(code);
    if code < SINGLES {
        out.push(code as u8);
    } else {
        let code = code - SINGLES;
        out.extend_from_slice(&[(SINGLES + code / 256) as u8, (code % 256) as u8]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_one_of_different_words() {
        let all: Vec<&str> = (0..MAX_WORDS).map(|code| word(code).expect("every code is used")).collect();
        assert_eq!(word(MAX_WORDS), Err(Damaged));
        assert_eq!(all.iter().map(|word| format!("{word}\0")).collect::<String>(), LIST, "no word is left over");
        let different: std::collections::HashSet<&str> = all.into_iter().collect();
        assert_eq!(different.len(), MAX_WORDS);
        assert!(!different.contains(""));
        assert!(LIST.chars().all(|c| c <= '\u{ffff}'), "two characters make a key of 32 bits");
    }

    #[test]
    fn the_tokens_of_words_are_what_the_character_view_says() {
        use crate::analysis::chars::CharText;
        let mut of_table = 0;
        let mut ids = TokenIds::new();
        for code in 0..MAX_WORDS {
            let word = word(code).expect("every code is used");
            let mut bytes = Vec::new();
            push_code(code as u16, &mut bytes);
            ids.clear();
            decode_ids(&bytes, &mut ids).expect("a code");
            ids.finish();
            let whole = CharText::new(word);
            assert_eq!((ids.ids(), ids.letters()), (whole.ids(), &whole.letters()[..]), "{word:?}");
            // Read of the word itself, or of the table: then each character is a token.
            let is_of_table = IDS[8 * code..8 * code + 8] != [0; 8];
            assert_eq!(is_of_table, word.chars().all(TokenIds::is_alone), "{word:?}");
            of_table += usize::from(is_of_table);
        }
        assert!(of_table > MAX_WORDS * 9 / 10);
    }

    #[test]
    fn frequent_text_is_a_third() {
        let text = "第十二条 县级以上地方人民政府应当加强对安全生产工作的领导。";
        let mut bytes = Vec::new();
        Encoder::get().encode(text, &mut bytes);
        assert!(bytes.len() * 3 < text.len(), "{} of {}", bytes.len(), text.len());
    }
}
