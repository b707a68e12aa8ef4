//! The character view of a text that is read for its tokens alone.

use super::chars::{CharText, EMPTY_RUN, MAX_RUN_CHARS, hash_run, is_run_char, run_id_of_hash};
use super::fold::{Folder, is_ignored};

/// The ids of a text that comes in pieces, without its spans: what [`CharText::ids`]
/// would be.
pub(crate) struct TokenIds {
    folder: Folder,
    /// The first `count` count; the rest is room, written over and never cleared.
    ids: Vec<u32>,
    count: usize,
    /// Paragraph breaks that no token has followed yet.
    gaps: usize,
    /// The run that is not ended: its characters, the first of them folded, its hash.
    run: (usize, char, u32),
}

impl TokenIds {
    pub(crate) fn new() -> Self {
        TokenIds { folder: Folder::new(), ids: Vec::new(), count: 0, gaps: 0, run: (0, '\0', EMPTY_RUN) }
    }

    /// Begins another text.
    pub(crate) fn clear(&mut self) {
        self.count = 0;
        self.gaps = 0;
        self.run.0 = 0;
    }

    pub(crate) fn reserve(&mut self, tokens: usize) {
        let wanted = self.count + tokens;
        if self.ids.len() < wanted {
            self.ids.resize(wanted, 0);
        }
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
        match self.ids.get_mut(self.count..).and_then(<[u32]>::first_chunk_mut) {
            Some(four) => *four = folded.map(u32::from),
            None => {
                self.ids.truncate(self.count);
                self.ids.extend_from_slice(&folded.map(u32::from));
            }
        }
        self.count += count;
    }

    /// Appends as many such characters as there are pairs of bytes.
    pub(crate) fn push_all_alone(&mut self, folded: &[u8]) {
        self.settle();
        let (folded, _) = folded.as_chunks::<2>();
        self.reserve(folded.len());
        for (place, id) in self.ids[self.count..].iter_mut().zip(folded) {
            *place = u16::from_le_bytes(*id).into();
        }
        self.count += folded.len();
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
        match self.ids.get_mut(self.count) {
            Some(place) => *place = id,
            None => self.ids.push(id),
        }
        self.count += 1;
    }

    /// Ends the text.
    pub(crate) fn finish(&mut self) {
        self.end_run();
    }

    /// The ids of a text that was [finished](TokenIds::finish).
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids[..self.count]
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ids_in_pieces_are_those_of_the_whole(pieces in proptest::collection::vec("([一-三條，。 \n\t\u{3000}\u{200b}a-cＡ-Ｃ0-9]{0,5}|[一-三條，。]{5,9}|x{60,70})", 0..8)) {
            let mut ids = TokenIds::new();
            ids.push_str("left over 1");
            ids.clear();
            for piece in &pieces {
                let chars: Vec<char> = piece.chars().collect();
                let are_alone = !chars.is_empty() && chars.iter().all(|&c| TokenIds::is_alone(c));
                if are_alone && chars.len() > 4 {
                    let folded = chars.iter().flat_map(|&c| (Folder::new().fold_char(c) as u16).to_le_bytes());
                    ids.push_all_alone(&folded.collect::<Vec<_>>());
                } else if are_alone {
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
