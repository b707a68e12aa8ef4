//! Makes `src/analysis/data/dictionary.fst` and `.total`: word → frequency.
//!
//! ```text
//! cargo run --release --example build_dictionary -- JIEBA_DICT_TXT
//! ```
//!
//! `JIEBA_DICT_TXT` is `src/data/dict.txt` of the jieba-rs crate (it lies in the
//! local cargo registry after a build). Words are folded as text is; where
//! two fold to one, or a term of `terms.txt` is in jieba's list already, the
//! higher frequency stays.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let source = std::env::args().nth(1).ok_or("usage: build_dictionary PATH/TO/jieba-rs/src/data/dict.txt")?;
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/src/analysis/data");
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for path in [source, format!("{data}/terms.txt")] {
        for line in fs::read_to_string(&path)?.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let Some(word) = parts.next() else { continue };
            let frequency: u64 = parts.next().unwrap_or("2000").parse()?;
            let entry = words.entry(gongwen::analysis::fold(word).into_owned()).or_default();
            *entry = frequency.max(*entry);
        }
    }
    let total: u64 = words.values().sum();
    let mut builder = fst::MapBuilder::memory();
    for (word, frequency) in &words {
        builder.insert(word, *frequency)?;
    }
    let bytes = builder.into_inner()?;
    println!("{} words, {} bytes, total {total}", words.len(), bytes.len());
    fs::write(format!("{data}/dictionary.fst"), bytes)?;
    fs::write(format!("{data}/dictionary.total"), format!("{total}\n"))?;
    Ok(())
}
