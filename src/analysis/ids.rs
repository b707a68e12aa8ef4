//! The character view of a text that is read for its tokens alone.

use super::chars::{CharText, EMPTY_RUN, MAX_RUN_CHARS, hash_run, is_run_char, run_id_of_hash};
use super::fold::{Folder, is_ignored};

/// The ids of a text that comes in pieces, without its spans: what [`CharText::ids`]
/// would be.
pub(crate) struct TokenIds {
    folder: Folder,
    ids: Vec<u32>,
    /// Paragraph breaks that no token has followed yet.
    gaps: usize,
    /// The run that is not ended: its characters, the first of them folded, its hash.
    run: (usize, char, u32),
}

impl TokenIds {
    pub(crate) fn new() -> Self {
        TokenIds { folder: Folder::new(), ids: Vec::new(), gaps: 0, run: (0, '\0', EMPTY_RUN) }
    }

    /// Begins another text.
    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.gaps = 0;
        self.run.0 = 0;
    }

    pub(crate) fn reserve(&mut self, tokens: usize) {
        self.ids.reserve(tokens);
    }

    /// Whether a character is a token by itself that [`TokenIds::push_alone`] may take.
    #[cfg(test)]
    pub(crate) fn is_alone(c: char) -> bool {
        !super::chars::is_blank(c) && !is_run_char(c, Folder::new())
    }

    /// Appends folded characters that are tokens each, four places at a time of which the
    /// first `count` count: a copy whose length the compiler knows.
    #[inline]
    pub(crate) fn push_alone(&mut self, folded: [u16; 4], count: usize) {
        if self.gaps > 0 || self.run.0 > 0 {
            self.settle();
        }
        let before = self.ids.len();
        self.ids.extend_from_slice(&folded.map(u32::from));
        self.ids.truncate(before + count);
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
            self.ids.push(self.folder.fold_char(c) as u32);
        }
    }

    /// Ends the text.
    pub(crate) fn finish(&mut self) {
        self.end_run();
    }

    /// The ids of a text that was [finished](TokenIds::finish).
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Writes what the next token stands behind.
    fn settle(&mut self) {
        self.end_run();
        self.ids.resize(self.ids.len() + self.gaps, CharText::GAP);
        self.gaps = 0;
    }

    fn end_run(&mut self) {
        match self.run {
            (0, ..) => {}
            (1, first, _) => self.ids.push(first as u32),
            (_, _, hash) => self.ids.push(run_id_of_hash(hash)),
        }
        self.run.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ids_in_pieces_are_those_of_the_whole(pieces in proptest::collection::vec("([一-三條，。 \n\t\u{3000}\u{200b}a-cＡ-Ｃ0-9]{0,5}|x{60,70})", 0..8)) {
            let mut ids = TokenIds::new();
            ids.push_str("left over 1");
            ids.clear();
            for piece in &pieces {
                let chars: Vec<char> = piece.chars().collect();
                if (1..=4).contains(&chars.len()) && chars.iter().all(|&c| TokenIds::is_alone(c)) {
                    let mut folded = [0; 4];
                    folded.iter_mut().zip(&chars).for_each(|(id, &c)| *id = Folder::new().fold_char(c) as u16);
                    ids.push_alone(folded, chars.len());
                } else {
                    ids.push_str(piece);
                }
            }
            ids.finish();
            let whole = CharText::new(&pieces.concat());
            proptest::prop_assert_eq!(ids.ids(), whole.ids());
        }
    }
}
