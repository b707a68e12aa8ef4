//! Makes `src/analysis/data/dictionary.trie`: words with their frequencies, as a
//! double array over characters.
//!
//! ```text
//! cargo run --release --example build_dictionary -- JIEBA_DICT_TXT
//! ```
//!
//! `JIEBA_DICT_TXT` is `src/data/dict.txt` of the jieba-rs crate (it lies in the
//! local cargo registry after a build). Words are folded as text is; where
//! two fold to one, or a term of `terms.txt` is in jieba's list already, the
//! higher frequency stays.
//!
//! The file, numbers little-endian:
//!
//! ```text
//! u32 values, u32 rare characters, u64 sum of all frequencies
//! u16 × 65,536                 code of each character; 0 for one in no word
//! (u32, u32) × rare            characters beyond U+FFFF with their codes, ascending
//! u32 × values                 frequency of each value; value 0 is no word
//! f64 × values                 its natural logarithm
//! u64 × nodes                  base (24 bits), parent (24), value (16)
//! ```
//!
//! The child of a node by a character stands at the node's base plus the character's
//! code. The root is node 0; a free place has the parent 0xffffff.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

const FREE: u64 = 0xff_ffff << 24;

fn main() -> Result<(), Box<dyn Error>> {
    let source = std::env::args().nth(1).ok_or("usage: build_dictionary PATH/TO/jieba-rs/src/data/dict.txt")?;
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/src/analysis/data");
    let mut words: BTreeMap<Vec<char>, u32> = BTreeMap::new();
    for path in [source, format!("{data}/terms.txt")] {
        for line in fs::read_to_string(&path)?.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let Some(word) = parts.next() else { continue };
            let frequency: u32 = parts.next().unwrap_or("2000").parse()?;
            let entry = words.entry(gongwen::analysis::fold(word).chars().collect()).or_default();
            *entry = frequency.max(*entry);
        }
    }
    let file = encode(&words)?;
    println!("{} words, {} bytes", words.len(), file.len());
    fs::write(format!("{data}/dictionary.trie"), file)?;
    Ok(())
}

fn encode(words: &BTreeMap<Vec<char>, u32>) -> Result<Vec<u8>, Box<dyn Error>> {
    // Frequent characters get small codes, so that children stand together.
    let mut uses: BTreeMap<char, u32> = BTreeMap::new();
    words.keys().flatten().for_each(|&c| *uses.entry(c).or_default() += 1);
    let mut by_use: Vec<(u32, char)> = uses.iter().map(|(&c, &count)| (u32::MAX - count, c)).collect();
    by_use.sort_unstable();
    let codes: BTreeMap<char, u16> = by_use
        .iter()
        .zip(1..)
        .map(|(&(_, c), code)| Ok((c, u16::try_from(code)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let frequencies: Vec<u32> = [0].into_iter().chain(words.values().copied().collect::<BTreeSet<_>>()).collect();
    let mut tree = Tree::default();
    for (word, frequency) in words {
        let value = frequencies.partition_point(|other| other < frequency).max(1);
        let value = if frequencies[value] == *frequency { value } else { return Err("a frequency of 0".into()) };
        tree.insert(word.iter().map(|c| codes[c]), u16::try_from(value)?);
    }
    let units = tree.pack();
    let rare: Vec<(char, u16)> = codes.iter().filter(|(c, _)| **c > '\u{ffff}').map(|(&c, &code)| (c, code)).collect();
    let total: u64 = words.values().map(|&frequency| u64::from(frequency)).sum();

    let mut file = Vec::new();
    file.extend_from_slice(&u32::try_from(frequencies.len())?.to_le_bytes());
    file.extend_from_slice(&u32::try_from(rare.len())?.to_le_bytes());
    file.extend_from_slice(&total.to_le_bytes());
    for c in 0..=0xffff {
        let code = char::from_u32(c).and_then(|c| codes.get(&c)).copied().unwrap_or(0);
        file.extend_from_slice(&code.to_le_bytes());
    }
    for (c, code) in rare {
        file.extend_from_slice(&u32::from(c).to_le_bytes());
        file.extend_from_slice(&u32::from(code).to_le_bytes());
    }
    frequencies.iter().for_each(|frequency| file.extend_from_slice(&frequency.to_le_bytes()));
    frequencies.iter().for_each(|&frequency| file.extend_from_slice(&f64::from(frequency).ln().to_le_bytes()));
    units.iter().for_each(|unit| file.extend_from_slice(&unit.to_le_bytes()));
    Ok(file)
}

#[derive(Default)]
struct Tree {
    children: BTreeMap<u16, Tree>,
    value: u16,
}

impl Tree {
    fn insert(&mut self, mut word: impl Iterator<Item = u16>, value: u16) {
        match word.next() {
            Some(code) => self.children.entry(code).or_default().insert(word, value),
            None => self.value = value,
        }
    }

    fn pack(&self) -> Vec<u64> {
        // The root's children take the first places, one for each code.
        let behind_root = 2 + self.children.keys().next_back().map_or(0, |&code| usize::from(code));
        let mut packer = Packer { units: vec![0], starts: vec![behind_root; 200] };
        // Those of many children first; the others fit into what is left between.
        let mut waiting: BTreeMap<usize, Vec<(usize, &Tree)>> =
            BTreeMap::from([(self.children.len(), vec![(0, self)])]);
        while let Some((count, mut nodes)) = waiting.pop_last() {
            let Some((node, tree)) = nodes.pop() else { continue };
            waiting.insert(count, nodes);
            for (child, tree) in packer.place(tree, node) {
                waiting.entry(tree.children.len()).or_default().push((child, tree));
            }
        }
        while packer.units.last() == Some(&FREE) {
            packer.units.pop();
        }
        packer.units
    }
}

struct Packer {
    units: Vec<u64>,
    /// Where to look for places, by number of children: what was searched in vain is
    /// left to nodes of fewer, which fit more easily.
    starts: Vec<usize>,
}

impl Packer {
    fn is_free(&self, at: usize) -> bool {
        self.units.get(at).is_none_or(|&unit| unit == FREE)
    }

    /// A base by which all children of `tree` find a free place.
    fn base(&mut self, tree: &Tree, node: usize, first: usize) -> usize {
        let class = tree.children.len().min(self.starts.len() - 1);
        let start = self.starts[class];
        let mut at = if node == 0 { first + 1 } else { start };
        let from = at;
        loop {
            if tree.children.keys().all(|&code| self.is_free(at - first + usize::from(code))) {
                break;
            }
            at += 1;
        }
        if class == 1 || at - from > 2_000 {
            self.starts[class] = at;
        }
        at - first
    }

    /// Places the children of `tree`, which stands at `node`; gives where each stands.
    fn place<'a>(&mut self, tree: &'a Tree, node: usize) -> Vec<(usize, &'a Tree)> {
        let Some(&first) = tree.children.keys().next() else { return Vec::new() };
        let base = self.base(tree, node, usize::from(first));
        let last = base + usize::from(*tree.children.keys().next_back().unwrap_or(&first));
        if self.units.len() <= last {
            self.units.resize(last + 1, FREE);
        }
        self.units[node] |= base as u64;
        for (&code, child) in &tree.children {
            self.units[base + usize::from(code)] = (node as u64) << 24 | u64::from(child.value) << 48;
        }
        tree.children.iter().map(|(&code, child)| (base + usize::from(code), child)).collect()
    }
}
