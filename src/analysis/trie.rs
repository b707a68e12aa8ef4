//! The bundled dictionary as a tree of characters: to look for words that are
//! known only in part, by sound or but for a mistake.

use fst::raw::{CompiledAddr, Output};

use super::dictionary::{Dictionary, bundled};

/// A prefix of words.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    address: CompiledAddr,
    output: Output,
}

impl Place {
    /// The empty prefix.
    pub(crate) fn root() -> Self {
        Place { address: bundled().root().addr(), output: Output::zero() }
    }

    /// The frequency of the word that ends here, if one does.
    pub(crate) fn frequency(self) -> Option<u64> {
        let node = bundled().node(self.address);
        node.is_final().then(|| self.output.cat(node.final_output()).value())
    }

    /// The prefix with one more character.
    pub(crate) fn step(self, c: char) -> Option<Self> {
        let mut bytes = [0; 4];
        let mut place = self;
        for &byte in c.encode_utf8(&mut bytes).as_bytes() {
            place = place.step_byte(byte)?;
        }
        Some(place)
    }

    fn step_byte(self, byte: u8) -> Option<Self> {
        let node = bundled().node(self.address);
        let transition = node.transition(node.find_input(byte)?);
        Some(Place { address: transition.addr, output: self.output.cat(transition.out) })
    }

    /// Hands every character that may come next to `sink`.
    pub(crate) fn for_each_next(self, sink: &mut dyn FnMut(char, Place)) {
        self.walk([0; 4], 0, sink);
    }

    fn walk(self, bytes: [u8; 4], length: usize, sink: &mut dyn FnMut(char, Place)) {
        for transition in bundled().node(self.address).transitions() {
            let mut bytes = bytes;
            bytes[length] = transition.inp;
            let next = Place { address: transition.addr, output: self.output.cat(transition.out) };
            let wanted = match bytes[0] {
                0..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                _ => 4,
            };
            if length + 1 < wanted {
                next.walk(bytes, length + 1, sink);
            } else if let Some(c) = std::str::from_utf8(&bytes[..wanted]).ok().and_then(|text| text.chars().next()) {
                sink(c, next);
            }
        }
    }
}

impl Dictionary {
    /// The user's own words, which the tree does not hold.
    pub(crate) fn user_words(&self) -> impl Iterator<Item = (&str, u64)> {
        self.user.iter().map(|(word, &frequency)| (word.as_str(), frequency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_by_characters() {
        let place = "人民政府".chars().try_fold(Place::root(), |place, c| place.step(c)).expect("a word");
        assert_eq!(place.frequency(), Dictionary::new().frequency("人民政府"));
        let people = "人民".chars().try_fold(Place::root(), |place, c| place.step(c)).expect("a word");
        let mut next = Vec::new();
        people.for_each_next(&mut |c, _| next.push(c));
        assert!(next.contains(&'政') && next.contains(&'币') && !next.contains(&'境'), "{next:?}");
        let mut roots = 0;
        Place::root().for_each_next(&mut |_, _| roots += 1);
        assert!(roots > 5_000, "{roots}");
    }
}
