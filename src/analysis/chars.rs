//! The character view of a text: what a literal keyword is matched against.
//!
//! Every character that is not white space is a token, punctuation too; a run of
//! ASCII letters and digits is one token, so that 200 is not found in 2000. White
//! space takes no position, a paragraph break takes one, so a phrase of adjacent
//! positions crosses a wrapped line but never a paragraph. The index, the query
//! and the highlighter all use this one definition.

use super::fold::{Folder, is_ignored};

/// Runs longer than this are cut, at the index and in the query alike: tantivy
/// drops very long terms.
pub(super) const MAX_RUN_CHARS: usize = 64;

/// Characters of which each is a token, whatever stands beside it: Han and the marks
/// of Chinese text, which are nearly all of it. None of them is ignored.
const ALONE: std::ops::RangeInclusive<char> = '\u{3001}'..='\u{9fff}';

/// A token of the character view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CharToken {
    /// First byte in the text.
    pub byte_start: usize,
    /// The byte after the last one.
    pub byte_end: usize,
    /// First character, counted in characters.
    pub char_start: usize,
    /// Number of characters.
    pub char_len: usize,
    /// Place among the tokens; a paragraph break takes one too.
    pub position: usize,
    /// Its first character, not folded.
    pub first: char,
}

/// Hands the tokens of `text`, not yet folded, to `sink` in order.
#[inline]
pub(crate) fn scan(text: &str, folder: Folder, mut sink: impl FnMut(CharToken)) {
    let mut position = 0;
    let mut char_start = 0;
    let mut chars = text.char_indices();
    while let Some((byte_start, c)) = chars.next() {
        if ALONE.contains(&c) {
            let byte_end = byte_start + c.len_utf8();
            sink(CharToken { byte_start, byte_end, char_start, char_len: 1, position, first: c });
            position += 1;
            char_start += 1;
            continue;
        }
        if c == '\n' {
            position += 1;
            char_start += 1;
            continue;
        }
        if is_ignored(c) {
            char_start += 1;
            continue;
        }
        let mut byte_end = byte_start + c.len_utf8();
        let mut char_len = 1;
        if is_run_char(c, folder) {
            let mut ahead = chars.clone();
            while let Some((at, next)) = ahead.next() {
                if char_len == MAX_RUN_CHARS || !is_run_char(next, folder) {
                    break;
                }
                byte_end = at + next.len_utf8();
                char_len += 1;
                chars = ahead.clone();
            }
        }
        sink(CharToken { byte_start, byte_end, char_start, char_len, position, first: c });
        position += 1;
        char_start += char_len;
    }
}

/// Whether a character takes no position; see [`is_ignored`].
pub(crate) fn is_blank(c: char) -> bool {
    c == '\n' || is_ignored(c)
}

/// Whether a character belongs to a run: an ASCII letter or digit, full-width
/// forms included.
#[inline]
pub(super) fn is_run_char(c: char, folder: Folder) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{ff10}'..='\u{ff5a}' => folder.fold_char(c).is_ascii_alphanumeric(),
        _ => false,
    }
}

/// The folded tokens of a phrase that is asked for as index terms, with their
/// positions from 0: white space of every kind is dropped, a line break too, so a
/// phrase pasted over two lines is the phrase, and none with a gap for any character.
pub(crate) fn terms(phrase: &str) -> Vec<(usize, String)> {
    text_terms(phrase).into_iter().enumerate().map(|(position, (_, term))| (position, term)).collect()
}

/// The folded tokens of a text with their positions.
pub(crate) fn text_terms(text: &str) -> Vec<(usize, String)> {
    let folder = Folder::new();
    let mut terms = Vec::new();
    scan(text, folder, |token| {
        let term = text[token.byte_start..token.byte_end].chars().map(|c| folder.fold_char(c)).collect();
        terms.push((token.position, term));
    });
    terms
}

/// A text as numbers, one a token, to find phrases in without the index.
#[derive(Clone, Debug, Default)]
pub(crate) struct CharText {
    /// The folded character, or a hash of the folded run; [`CharText::GAP`] for a
    /// paragraph break.
    ids: Vec<u32>,
    /// First character of each token and the one after its last, in characters.
    spans: Vec<(u32, u32)>,
}

/// Whether an id stands for a character or a run, and not for punctuation.
#[inline]
pub(crate) fn is_letter(id: u32) -> bool {
    // No jumps, which could be guessed wrong: texts mix them.
    let is_digit = id.wrapping_sub('0'.into()) < 10;
    let is_latin = (id | 0x20).wrapping_sub('a'.into()) < 26;
    is_digit | is_latin | (id.wrapping_sub(0x3400) < CharText::GAP - 0x3400)
}

/// Set in the id of a run, never in that of a character.
const RUN: u32 = 1 << 31;

impl CharText {
    /// The id that stands for a paragraph break.
    pub(crate) const GAP: u32 = u32::MAX;

    /// Reads a text.
    pub(crate) fn new(text: &str) -> Self {
        let folder = Folder::new();
        let mut ids = Vec::with_capacity(text.len() / 3 + 1);
        let mut spans = Vec::with_capacity(text.len() / 3 + 1);
        let mut next_position = 0;
        scan(text, folder, |token| {
            while next_position < token.position {
                ids.push(Self::GAP);
                spans.push((token.char_start as u32, token.char_start as u32));
                next_position += 1;
            }
            ids.push(match token.char_len {
                1 => folder.fold_char(token.first) as u32,
                _ => run_id(&text[token.byte_start..token.byte_end], folder),
            });
            spans.push((token.char_start as u32, (token.char_start + token.char_len) as u32));
            next_position += 1;
        });
        CharText { ids, spans }
    }

    /// The character that a token is; of a run some letter, of a paragraph break none.
    pub(crate) fn char_of(id: u32) -> Option<char> {
        if id == Self::GAP { None } else { Some(char::from_u32(id).unwrap_or('a')) }
    }

    /// Reads a phrase that is asked for: a line break in it is white space, as in
    /// [`terms`].
    pub(crate) fn phrase(phrase: &str) -> Self {
        let mut text = Self::new(phrase);
        if text.ids.contains(&Self::GAP) {
            let is_token: Vec<bool> = text.ids.iter().map(|&id| id != Self::GAP).collect();
            let mut of_span = is_token.iter();
            text.spans.retain(|_| of_span.next() == Some(&true));
            text.ids.retain(|&id| id != Self::GAP);
        }
        text
    }

    /// Number of tokens, paragraph breaks included.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The ids, for comparing texts token by token.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Those of them that are [letters](is_letter).
    pub(crate) fn letters(&self) -> Vec<u32> {
        self.ids.iter().copied().filter(|&id| is_letter(id)).collect()
    }

    /// The character range of the tokens `from..to` (`from < to`).
    pub(crate) fn char_range(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        self.spans[from].0 as usize..self.spans[to - 1].1 as usize
    }

    /// The bytes of `text`, which this was read from, that the tokens `from..to`
    /// take (`from < to`).
    pub(crate) fn byte_range(&self, text: &str, from: usize, to: usize) -> std::ops::Range<usize> {
        let range = self.char_range(from, to);
        let mut bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let start = bytes.nth(range.start).unwrap_or(text.len());
        let end = if range.is_empty() { start } else { bytes.nth(range.len() - 1).unwrap_or(text.len()) };
        start..end
    }

    /// Where `phrase` occurs, as token indexes, overlaps included.
    pub(crate) fn find<'a>(&'a self, phrase: &'a CharText) -> impl Iterator<Item = usize> + 'a {
        phrase.find_in(&self.ids)
    }

    /// Where this phrase occurs in a text of which the ids are at hand, as [`find`](Self::find).
    pub(crate) fn find_in<'a>(&'a self, text: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
        let needle = self.ids.as_slice();
        let rare = rarest(needle);
        let last_start = text.len().checked_sub(needle.len()).filter(|_| !needle.is_empty());
        let ends = last_start.map_or(&[][..], |last| &text[rare..=last + rare]);
        let is_rare = move |(at, &id): (usize, &u32)| (id == needle[rare]).then_some(at);
        ends.iter().enumerate().filter_map(is_rare).filter(move |&at| &text[at..at + needle.len()] == needle)
    }

    /// Where `prefix` begins a run or phrase, as ranges of tokens: `200` in 2000.
    /// `text` is what this was read from.
    pub(crate) fn find_prefix(&self, text: &str, prefix: &str) -> Vec<(usize, usize)> {
        let wanted = terms(prefix);
        let Some(((_, last), before)) = wanted.split_last() else { return Vec::new() };
        let have = text_terms(text);
        let starts = 0..(have.len() + 1).saturating_sub(wanted.len());
        let mut places: Vec<usize> = Vec::new();
        for at in starts {
            let same = before.iter().zip(&have[at..]).all(|((_, a), (_, b))| a == b);
            let adjacent = have[at + wanted.len() - 1].0 - have[at].0 == wanted.len() - 1;
            if same && adjacent && have[at + wanted.len() - 1].1.starts_with(last.as_str()) {
                places.push(have[at].0);
            }
        }
        places.into_iter().map(|position| (position, position + wanted.len())).collect()
    }

    /// Whether `phrase` occurs.
    pub(crate) fn contains(&self, phrase: &CharText) -> bool {
        self.find(phrase).next().is_some()
    }
}

/// Which token to compare first: the last one that is no punctuation, as the
/// first is too often 人 or 国.
fn rarest(needle: &[u32]) -> usize {
    needle.iter().rposition(|&id| id & RUN != 0 || id > 0x3100).unwrap_or(0)
}

fn run_id(run: &str, folder: Folder) -> u32 {
    run_id_of_hash(run.chars().fold(EMPTY_RUN, |hash, c| hash_run(hash, folder.fold_char(c))))
}

/// FNV-1a: runs are short and few.
pub(super) const EMPTY_RUN: u32 = 0x811c_9dc5;

#[inline]
pub(super) fn hash_run(hash: u32, folded: char) -> u32 {
    (hash ^ folded as u32).wrapping_mul(0x0100_0193)
}

/// [`CharText::GAP`] itself is kept for paragraph breaks.
pub(super) fn run_id_of_hash(hash: u32) -> u32 {
    (hash | RUN) & !1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(usize, String)> {
        text_terms(text)
    }

    fn hits(text: &str, phrase: &str) -> Vec<(usize, usize)> {
        let (text, phrase) = (CharText::new(text), CharText::phrase(phrase));
        text.find(&phrase)
            .map(|at| text.char_range(at, at + phrase.len()))
            .map(|range| (range.start, range.end))
            .collect()
    }

    #[test]
    fn characters_runs_and_gaps() {
        let expected = [(0, "罚"), (1, "款"), (2, "2"), (3, ","), (4, "000"), (5, "元"), (6, "。"), (8, "v2g")];
        let expected: Vec<_> = expected.iter().map(|&(p, t)| (p, t.to_owned())).collect();
        assert_eq!(tokens("罚 款２，０００元。\nV2G"), expected);
    }

    #[test]
    fn what_stands_alone_is_neither_ignored_nor_of_a_run() {
        let folder = Folder::new();
        assert!(ALONE.clone().all(|c| !is_blank(c) && !is_run_char(c, folder)));
    }

    #[test]
    fn phrases_are_found_literally() {
        assert_eq!(hits("事项仍处于待处理状态", "处理"), [(6, 8)]);
        assert_eq!(hits("乡 村 振 兴", "乡村振兴"), [(0, 7)]);
        assert!(hits("负责。\n第五条", "责。第五").is_empty());
        assert!(hits("人民政府", "人民\n府").is_empty());
        assert_eq!(hits("人民政府", "人民\n政府\n"), [(0, 4)]);
        assert!(hits("罚款2000元", "200").is_empty());
        assert_eq!(hits("罚款 2000 元", "款2000元"), [(1, 9)]);
        assert_eq!(hits("哈哈哈", "哈哈"), [(0, 2), (1, 3)]);
        assert_eq!(hits("國發[2019]5號", "国发〔2019〕5号"), [(0, 10)]);
        assert!(hits("abc", "").is_empty());
        assert!(hits("", "abc").is_empty());
    }

    #[test]
    fn a_long_run_is_cut_alike_in_text_and_query() {
        let run = "x".repeat(200);
        assert_eq!(tokens(&run).len(), 4);
        assert_eq!(hits(&format!("见{run}。"), &run), [(1, 201)]);
    }
}
