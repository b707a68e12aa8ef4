//! The character view of a text that is read for its tokens alone.

use std::num::NonZeroU64;

use super::chars::{CharText, EMPTY_RUN, MAX_RUN_CHARS, hash_run, is_letter, is_run_char, run_id_of_hash};
use super::fold::{Folder, is_ignored};

/// The ids of a text that comes in pieces, without its spans: what [`CharText::ids`]
/// would be, and beside them what [`CharText::letters`] would.
pub(crate) struct TokenIds {
    folder: Folder,
    ids: Places,
    letters: Places,
    /// Paragraph breaks that no token has followed yet.
    gaps: usize,
    /// The run that is not ended: its characters, the first of them folded, its hash.
    run: (usize, char, u32),
}

impl TokenIds {
    pub(crate) fn new() -> Self {
        let (ids, letters) = Default::default();
        TokenIds { folder: Folder::new(), ids, letters, gaps: 0, run: (0, '\0', EMPTY_RUN) }
    }

    /// Begins another text.
    pub(crate) fn clear(&mut self) {
        self.ids.count = 0;
        self.letters.count = 0;
        self.gaps = 0;
        self.run.0 = 0;
    }

    pub(crate) fn reserve(&mut self, tokens: usize) {
        self.ids.reserve(tokens);
        self.letters.reserve(tokens);
    }

    /// Whether a character is a token by itself that [`TokenIds::push_words`] may take.
    #[cfg(test)]
    pub(crate) fn is_alone(c: char) -> bool {
        !super::chars::is_blank(c) && !is_run_char(c, Folder::new())
    }

    /// Appends words while `next` has one: one to four folded characters, 16 bits each and
    /// the first in the lowest. All characters of a word are tokens each, and all
    /// [letters](is_letter) or none.
    #[inline]
    pub(crate) fn push_words(&mut self, mut next: impl FnMut() -> Option<NonZeroU64>) {
        let Some(mut word) = next() else { return };
        self.settle();
        // The compiler keeps what no reference leads to in registers.
        let (mut count, mut letter_count) = (self.ids.count, self.letters.count);
        loop {
            let four = [0, 16, 32, 48].map(|shift| (word.get() >> shift) as u16);
            // Four are written, and those that count counted: a copy whose length the
            // compiler knows.
            let length = 4 - word.leading_zeros() as usize / 16;
            self.ids.put(count, four);
            self.letters.put(letter_count, four);
            count += length;
            letter_count += if is_letter(four[0].into()) { length } else { 0 };
            match next() {
                Some(another) => word = another,
                None => break,
            }
        }
        self.ids.count = count;
        self.letters.count = letter_count;
    }

    /// Appends such a word of any length, two bytes a character.
    pub(crate) fn push_long_word(&mut self, folded: &[u8]) {
        self.settle();
        let (folded, _) = folded.as_chunks::<2>();
        folded.iter().for_each(|&id| self.push_id(u16::from_le_bytes(id).into()));
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    pub(crate) fn push(&mut self, c: char) {
        if is_run_char(c, self.folder) {
            if self.gaps > 0 || self.run.0 == MAX_RUN_CHARS {
                self.settle();
            }
            let folded = self.folder.fold_char(c);
            if self.run.0 == 0 {
                self.run = (0, folded, EMPTY_RUN);
            }
            self.run.0 += 1;
            self.run.2 = hash_run(self.run.2, folded);
            return;
        }
        if self.run.0 > 0 {
            self.end_run();
        }
        if c == '\n' {
            self.gaps += 1;
        } else if !is_ignored(c) {
            self.settle();
            self.push_id(self.folder.fold_char(c) as u32);
        }
    }

    #[inline]
    fn push_id(&mut self, id: u32) {
        self.ids.push(id);
        if is_letter(id) {
            self.letters.push(id);
        }
    }

    /// Ends the text.
    pub(crate) fn finish(&mut self) {
        self.end_run();
    }

    /// The ids of a text that was [finished](TokenIds::finish).
    pub(crate) fn ids(&self) -> &[u32] {
        self.ids.all()
    }

    /// Those of them that are [letters](is_letter).
    pub(crate) fn letters(&self) -> &[u32] {
        self.letters.all()
    }

    /// Writes what the next token stands behind.
    fn settle(&mut self) {
        self.end_run();
        while self.gaps > 0 {
            self.push_id(CharText::GAP);
            self.gaps -= 1;
        }
    }

    fn end_run(&mut self) {
        match self.run {
            (0, ..) => {}
            (1, first, _) => self.push_id(first as u32),
            (_, _, hash) => self.push_id(run_id_of_hash(hash)),
        }
        self.run.0 = 0;
    }
}

/// Numbers, of which the first `count` count; the rest is room, written over and never
/// cleared.
#[derive(Default)]
struct Places {
    all: Vec<u32>,
    count: usize,
}

impl Places {
    fn reserve(&mut self, more: usize) {
        let wanted = self.count + more;
        if self.all.len() < wanted {
            self.all.resize(wanted, 0);
        }
    }

    #[inline]
    fn push(&mut self, number: u32) {
        match self.all.get_mut(self.count) {
            Some(place) => *place = number,
            None => self.all.push(number),
        }
        self.count += 1;
    }

    /// Writes four at a place, up to which all is written.
    #[inline]
    fn put(&mut self, at: usize, four: [u16; 4]) {
        let four = four.map(u32::from);
        match self.all.get_mut(at..).and_then(<[u32]>::first_chunk_mut) {
            Some(places) => *places = four,
            None => {
                self.all.truncate(at);
                self.all.extend_from_slice(&four);
            }
        }
    }

    fn all(&self) -> &[u32] {
        &self.all[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ids_in_pieces_are_those_of_the_whole(pieces in proptest::collection::vec("([一-三條，。 \n\t\u{3000}\u{200b}a-cＡ-Ｃ0-9]{0,5}|[一-三條，。]{5,9}|x{60,70})", 0..8)) {
            let mut ids = TokenIds::new();
            ids.push_str("left over 1");
            ids.clear();
            for (at, piece) in pieces.iter().enumerate() {
                let chars: Vec<char> = piece.chars().collect();
                let folded = |c: &char| Folder::new().fold_char(*c);
                let are_alone = !chars.is_empty() && chars.iter().all(|&c| TokenIds::is_alone(c));
                let is_one = |chars: &[char]| {
                    chars.iter().all(|c| is_letter(folded(c) as u32) == is_letter(folded(&chars[0]) as u32))
                };
                let word = |chars: &[char]| {
                    let word = chars.iter().rev().fold(0, |word, c| word << 16 | u64::from(folded(c) as u16));
                    NonZeroU64::new(word).expect("no character is zero")
                };
                // Words of a list are of one kind.
                if are_alone && chars.len() > 4 && is_one(&chars) {
                    let bytes = chars.iter().flat_map(|c| (folded(c) as u16).to_le_bytes());
                    ids.push_long_word(&bytes.collect::<Vec<_>>());
                } else if are_alone && at % 2 == 0 && is_one(&chars) {
                    let mut whole = Some(word(&chars));
                    ids.push_words(|| whole.take());
                } else if are_alone && chars.chunks(2).all(is_one) {
                    let mut words = chars.chunks(2).map(word);
                    ids.push_words(|| words.next());
                } else {
                    ids.push_str(piece);
                }
            }
            ids.finish();
            let whole = CharText::new(&pieces.concat());
            proptest::prop_assert_eq!(ids.ids(), whole.ids());
            proptest::prop_assert_eq!(ids.letters(), whole.letters());
        }
    }
}
