//! The bundled word list as a tree of characters: a double array in the binary,
//! used in place.
//!
//! From a node, the child by a character stands at the node's base plus the
//! character's code, and names the node as its parent; so a step is one look-up,
//! and the tree needs no loading. Aoe (1989), “An efficient digital search algorithm
//! by using a double-array structure”; by characters and not by bytes, as a step is
//! all it costs. `examples/build_dictionary.rs` makes the file, and says its layout.

use std::sync::OnceLock;

use super::dictionary::Dictionary;

static DATA: &[u8] = include_bytes!("data/dictionary.trie");

/// Codes of the characters below this stand in a table.
const TABLE: usize = 0x1_0000;
const HEADER_BYTES: usize = 16;

/// A word's number, for its frequency; 0 is none.
pub(super) type Value = u16;

/// The tree.
pub(super) struct Trie {
    /// The sum of all frequencies.
    pub total: u64,
    codes: &'static [u8],
    /// (character, code) of those beyond the table, ascending, four bytes each.
    rare_codes: &'static [u8],
    /// Frequencies by value, four bytes each.
    frequencies: &'static [u8],
    /// Their natural logarithms, eight bytes each.
    logarithms: &'static [u8],
    units: &'static [u8],
}

/// The bundled tree.
pub(super) fn bundled() -> &'static Trie {
    static TRIE: OnceLock<Trie> = OnceLock::new();
    TRIE.get_or_init(|| Trie::read(DATA).expect("the bundled dictionary is checked by a test"))
}

/// The bytes of the bundled tree, for a stamp.
pub(super) fn bundled_bytes() -> &'static [u8] {
    DATA
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(2 * at..2 * at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(4 * at..4 * at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

#[inline]
fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(8 * at..8 * at + 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes)
}

/// What stands at a node: its base, its parent and its word's value in one number.
#[derive(Clone, Copy, Debug, Default)]
struct Unit(u64);

/// A node with what stands there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    at: u32,
    unit: Unit,
}

impl Node {
    /// Its number.
    #[inline]
    pub(super) fn number(self) -> u32 {
        self.at
    }

    /// The value of the word that ends here; 0 for none.
    #[inline]
    pub(super) fn value(self) -> Value {
        self.unit.value()
    }

    /// Whether it is a child of `parent`, as [`Trie::place`] gives.
    #[inline]
    pub(super) fn is_child_of(self, parent: Node) -> bool {
        self.at != parent.at && self.unit.parent() == parent.at as usize
    }
}

impl Unit {
    fn base(self) -> usize {
        (self.0 & 0xff_ffff) as usize
    }

    fn parent(self) -> usize {
        (self.0 >> 24 & 0xff_ffff) as usize
    }

    fn value(self) -> Value {
        (self.0 >> 48) as u16
    }
}

impl Trie {
    fn read(data: &'static [u8]) -> Option<Self> {
        let header = data.get(..HEADER_BYTES)?;
        let (values, rare) = (u32_at(header, 0) as usize, u32_at(header, 1) as usize);
        let total = u64_at(header, 1)?;
        let mut rest = &data[HEADER_BYTES..];
        let mut take = |bytes: usize| -> Option<&'static [u8]> {
            let (taken, behind) = rest.split_at_checked(bytes)?;
            rest = behind;
            Some(taken)
        };
        let (codes, rare_codes) = (take(2 * TABLE)?, take(8 * rare)?);
        let (frequencies, logarithms) = (take(4 * values)?, take(8 * values)?);
        Some(Trie { total, codes, rare_codes, frequencies, logarithms, units: rest })
    }

    /// The code of a character; 0 for one in no word.
    #[inline]
    pub(super) fn code(&self, c: char) -> u16 {
        if (c as usize) < TABLE { u16_at(self.codes, c as usize) } else { self.rare_code(c) }
    }

    fn rare_code(&self, c: char) -> u16 {
        let mut rare = (0..self.rare_codes.len() / 8).map(|at| (u32_at(self.rare_codes, 2 * at), 2 * at + 1));
        rare.find(|(other, _)| *other == c as u32).map_or(0, |(_, at)| u32_at(self.rare_codes, at) as u16)
    }

    /// The empty prefix.
    #[inline]
    pub(super) fn root(&self) -> Node {
        self.node_at(0)
    }

    #[inline]
    fn node_at(&self, at: usize) -> Node {
        u64_at(self.units, at).map_or(Node::default(), |unit| Node { at: at as u32, unit: Unit(unit) })
    }

    /// The place where the child by a character would stand: it is one if
    /// [`Node::is_child_of`] says so. What reads many places one after the other waits
    /// for memory once, where a question after each would make it wait for each.
    #[inline]
    pub(super) fn place(&self, node: Node, code: u16) -> Node {
        // No node is a child of itself, so the code of no word leads nowhere.
        if code == 0 { node } else { self.node_at(node.unit.base() + usize::from(code)) }
    }

    /// The node one character on.
    #[inline]
    pub(super) fn step(&self, node: Node, code: u16) -> Option<Node> {
        let next = self.place(node, code);
        next.is_child_of(node).then_some(next)
    }

    /// The frequency that a value stands for.
    pub(super) fn frequency(&self, value: Value) -> u64 {
        u64::from(u32_at(self.frequencies, usize::from(value)))
    }

    /// The natural logarithm of the frequency that a value stands for.
    #[inline]
    pub(super) fn logarithm(&self, value: Value) -> f64 {
        u64_at(self.logarithms, usize::from(value)).map_or(0.0, f64::from_bits)
    }

    /// The node that a word ends in.
    pub(super) fn node(&self, word: &str) -> Option<Node> {
        let node = word.chars().try_fold(self.root(), |node, c| self.step(node, self.code(c)))?;
        (node.value() != 0).then_some(node)
    }

    /// The characters on the way to a node: of one that ends a word the word.
    pub(super) fn word(&self, number: u32) -> String {
        let characters = self.characters();
        let mut chars = Vec::new();
        let mut node = self.node_at(number as usize);
        while node.at != 0 {
            let parent = self.node_at(node.unit.parent());
            let code = (node.at as usize).wrapping_sub(parent.unit.base());
            chars.push(characters.get(code).copied().unwrap_or_default());
            node = parent;
        }
        chars.into_iter().rev().collect()
    }

    /// The character of each code.
    fn characters(&self) -> &'static [char] {
        static CHARACTERS: OnceLock<Vec<char>> = OnceLock::new();
        CHARACTERS.get_or_init(|| {
            let mut characters = vec!['\0'; 1 << 16];
            let rare = (0..self.rare_codes.len() / 8).filter_map(|at| char::from_u32(u32_at(self.rare_codes, 2 * at)));
            for c in (0..TABLE as u32).filter_map(char::from_u32).chain(rare) {
                characters[usize::from(self.code(c))] = c;
            }
            characters
        })
    }

    pub(super) fn nodes(&self) -> usize {
        self.units.len() / 8
    }

    /// What each node's children are: the place of its first in the list, by node, and
    /// the list of (character, node). Only a search among all words needs it.
    fn children(&self) -> &'static Children {
        static CHILDREN: OnceLock<Children> = OnceLock::new();
        CHILDREN.get_or_init(|| Children::of(self))
    }
}

struct Children {
    firsts: Vec<u32>,
    list: Vec<(char, u32)>,
}

impl Children {
    fn of(trie: &Trie) -> Self {
        let characters = trie.characters();
        let units = || (1..trie.nodes()).filter_map(|at| Some((at, Unit(u64_at(trie.units, at)?))));
        let parent_of = |unit: Unit| u64_at(trie.units, unit.parent()).map(Unit);
        let mut firsts = vec![0; trie.nodes() + 2];
        for (_, unit) in units().filter(|(_, unit)| parent_of(*unit).is_some()) {
            firsts[unit.parent() + 2] += 1;
        }
        for at in 1..firsts.len() {
            firsts[at] += firsts[at - 1];
        }
        let mut list = vec![('\0', 0); firsts.last().copied().unwrap_or(0) as usize];
        for (at, unit) in units() {
            let Some(parent) = parent_of(unit) else { continue };
            let place = &mut firsts[unit.parent() + 1];
            let code = at.wrapping_sub(parent.base());
            list[*place as usize] = (characters.get(code).copied().unwrap_or_default(), at as u32);
            *place += 1;
        }
        for pair in firsts.windows(2) {
            list[pair[0] as usize..pair[1] as usize].sort_unstable();
        }
        Children { firsts, list }
    }

    fn of_node(&self, node: u32) -> &[(char, u32)] {
        let at = node as usize;
        &self.list[self.firsts[at] as usize..self.firsts[at + 1] as usize]
    }
}

/// A prefix of words: to look for words that are known only in part, by sound or
/// but for a mistake.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    node: Node,
}

impl Place {
    /// The empty prefix.
    pub(crate) fn root() -> Self {
        Place { node: bundled().root() }
    }

    /// The frequency of the word that ends here, if one does.
    pub(crate) fn frequency(self) -> Option<u64> {
        (self.node.value() != 0).then(|| bundled().frequency(self.node.value()))
    }

    /// The prefix with one more character.
    pub(crate) fn step(self, c: char) -> Option<Self> {
        let trie = bundled();
        trie.step(self.node, trie.code(c)).map(|node| Place { node })
    }

    /// Hands every character that may come next to `sink`, ascending.
    pub(crate) fn for_each_next(self, sink: &mut dyn FnMut(char, Place)) {
        let trie = bundled();
        for &(c, at) in trie.children().of_node(self.node.at) {
            sink(c, Place { node: trie.node_at(at as usize) });
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
        let word = bundled().node("人民政府").expect("a word");
        assert_eq!(Dictionary::bundled_word(word.number()), "人民政府");
        let mut roots = 0;
        Place::root().for_each_next(&mut |_, _| roots += 1);
        assert!(roots > 5_000, "{roots}");
    }
}
