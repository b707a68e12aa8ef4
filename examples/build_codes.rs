//! Makes `src/texts/data/codes.txt`, the words that stored texts are coded by, the
//! most used first, `codes.starts`, where each begins, and `codes.ids`, their tokens.
//!
//! ```text
//! cargo run --release --example build_codes -- [JIEBA_DICT_TXT]
//! ```
//!
//! Without an argument, only the two that are made of the first.
//!
//! `JIEBA_DICT_TXT` is `src/data/dict.txt` of the jieba-rs crate. Words and signs
//! are counted in the documents of `corpus/`; jieba's own frequencies stand in for
//! what those do not talk about, with a twentieth of the weight. Those that save the
//! most bytes are kept, and the counting repeated with them alone.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::Path;

/// As `src/texts/codes.rs` reads them.
const SINGLES: usize = 140;
const WORDS: usize = SINGLES + (254 - SINGLES) * 256;
const LONGEST: usize = 8;
/// What jieba's frequencies weigh beside the counts.
const WEIGHT: f64 = 0.05;

fn main() -> Result<(), Box<dyn Error>> {
    let data = format!("{}/src/texts/data", env!("CARGO_MANIFEST_DIR"));
    let list = match std::env::args().nth(1) {
        Some(dictionary) => {
            let list = list(&fs::read_to_string(dictionary)?)?;
            fs::write(format!("{data}/codes.txt"), &list)?;
            list
        }
        None => fs::read_to_string(format!("{data}/codes.txt"))?,
    };
    let words: Vec<&str> = list.split_terminator('\0').collect();
    println!("{} words, {} bytes", words.len(), list.len());
    let ends = list.bytes().enumerate().filter(|(_, byte)| *byte == 0).map(|(at, _)| at + 1);
    let starts = [0].into_iter().chain(ends).map(|at| Ok(u32::try_from(at)?.to_le_bytes()));
    let starts: Vec<[u8; 4]> = starts.collect::<Result<_, Box<dyn Error>>>()?;
    fs::write(format!("{data}/codes.starts"), starts.concat())?;
    fs::write(format!("{data}/codes.ids"), ids(&words)?)?;
    Ok(())
}

/// The words, each with a zero byte behind it, by how often they are used.
fn list(dictionary: &str) -> Result<String, Box<dyn Error>> {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut known: HashMap<&str, f64> = HashMap::new();
    for line in dictionary.lines() {
        let mut parts = line.split_whitespace();
        if let (Some(word), Some(frequency)) = (parts.next(), parts.next()) {
            *known.entry(word).or_default() += frequency.parse::<f64>()?;
        }
    }
    let terms = fs::read_to_string(format!("{root}/src/analysis/data/terms.txt"))?;
    let terms = terms.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next());
    let mut words: HashSet<&str> = known.keys().copied().chain(terms).collect();
    // What a character is worth that no word holds.
    let mut inside: HashMap<char, f64> = HashMap::new();
    for (word, frequency) in &known {
        word.chars().for_each(|c| *inside.entry(c).or_default() += frequency);
    }
    let characters: Vec<(String, f64)> = inside.iter().map(|(c, sum)| (c.to_string(), sum / 3.0)).collect();
    for (character, worth) in &characters {
        let own = known.entry(character).or_default();
        *own = own.max(*worth);
    }
    let sum: f64 = known.values().sum();
    let text = corpus(&Path::new(root).join("corpus"))?;

    let mut list: Vec<(String, f64)> = Vec::new();
    for _ in 0..3 {
        let counted = count(&text, &words);
        let all: f64 = counted.values().sum();
        let mut worth: HashMap<&str, f64> = counted.iter().map(|(&word, count)| (word, count / all)).collect();
        for (&word, frequency) in &known {
            *worth.entry(word).or_default() += WEIGHT * frequency / sum;
        }
        for ascii in
            "\n!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~ "
                .split("")
                .filter(|c| !c.is_empty())
        {
            *worth.entry(ascii).or_default() += 1e-6;
        }
        let mut ranked: Vec<(&str, f64)> = worth.into_iter().collect();
        // A code takes less than two bytes, a character three.
        let saved = |(word, worth): &(&str, f64)| worth * (3.0 * word.chars().count() as f64 - 1.7);
        ranked.sort_unstable_by(|a, b| saved(b).total_cmp(&saved(a)).then(a.0.cmp(b.0)));
        ranked.truncate(WORDS);
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        list = ranked.iter().map(|&(word, worth)| (word.to_owned(), worth)).collect();
        let kept: HashSet<&str> = ranked.iter().map(|&(word, _)| word).collect();
        words.retain(|word| kept.contains(word));
    }
    Ok(list.iter().map(|(word, _)| format!("{word}\0")).collect())
}

/// Eight bytes a word: the folded characters of one to four, two bytes each, zeros behind
/// them; of a longer one two zeros, how many there are, and where they stand in the file,
/// behind the words; all zeros where not each is a token by itself, or some are letters and
/// others are not.
fn ids(words: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut table = Vec::new();
    let mut long: Vec<u8> = Vec::new();
    for word in words {
        let tokens = gongwen::analysis::characters(word);
        let single = |token: &gongwen::analysis::Token| {
            let mut chars = token.text.chars();
            chars.next().filter(|c| chars.next().is_none() && !c.is_ascii_alphanumeric())
        };
        let singles: Vec<char> = tokens.iter().filter_map(single).collect();
        // The list has no characters beyond 16 bits.
        let mut ids: Vec<u8> = singles.iter().flat_map(|&c| (c as u16).to_le_bytes()).collect();
        // As the library tells them apart; ASCII letters and digits are no singles.
        let letters = singles.iter().filter(|&&c| c >= '\u{3400}').count();
        if singles.len() != word.chars().count() || ![0, singles.len()].contains(&letters) {
            ids.clear();
        }
        if ids.len() > 8 {
            table.extend([[0; 2], u16::try_from(singles.len())?.to_le_bytes()].concat());
            table.extend(u32::try_from(8 * words.len() + long.len())?.to_le_bytes());
            long.append(&mut ids);
        } else {
            ids.resize(8, 0);
            table.append(&mut ids);
        }
    }
    table.append(&mut long);
    Ok(table)
}

/// The texts of a folder.
fn corpus(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut texts = String::new();
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            texts.push_str(&corpus(&entry.path())?);
        } else if let Ok(extracted) = gongwen::extract::extract(&fs::read(entry.path())?, &entry.path()) {
            for paragraph in &extracted.paragraphs {
                texts.push_str(&paragraph.text);
                texts.push('\n');
            }
        }
    }
    Ok(texts)
}

/// How often each word comes when a text is cut into the longest there are.
fn count<'a>(text: &'a str, words: &HashSet<&str>) -> HashMap<&'a str, f64> {
    let mut counted = HashMap::new();
    let mut rest = text;
    while !rest.is_empty() {
        let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).collect();
        let longest = ends.iter().rev().copied().find(|&end| words.contains(&rest[..end]));
        let end = longest.unwrap_or(ends[0]);
        *counted.entry(&rest[..end]).or_default() += 1.0;
        rest = &rest[end..];
    }
    counted
}
