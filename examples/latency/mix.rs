//! The queries: drawn from the documents of an index, the same for the same index.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;

use gongwen::analysis::{self, Dictionary, Segmenter};
use gongwen::document::{Metadata, Section};
use gongwen::{Index, Mode, Query, SearchOptions};

use random::Random;

#[path = "../../benches/random.rs"]
mod random;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Word,
    Words,
    Phrase,
    Character,
    Question,
    Fields,
    /// A word among what is in force, with every facet.
    Facets,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Word, Kind::Words, Kind::Phrase, Kind::Character, Kind::Question, Kind::Fields, Kind::Facets];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Word => "word",
            Kind::Words => "several words",
            Kind::Phrase => "phrase",
            Kind::Character => "one character",
            Kind::Question => "question",
            Kind::Fields => "word and field",
            Kind::Facets => "filter and facets",
        }
    }

    /// How many of five hundred.
    fn count(self) -> usize {
        match self {
            Kind::Word | Kind::Words => 110,
            Kind::Phrase | Kind::Question => 80,
            Kind::Character | Kind::Fields | Kind::Facets => 40,
        }
    }
}

#[derive(Clone, Debug)]
pub struct MixedQuery {
    pub kind: Kind,
    pub text: String,
}

/// As [`parse`] reads them.
pub fn print(queries: &[MixedQuery]) {
    for query in queries {
        println!("{}\t{}", query.kind.name(), query.text);
    }
}

pub fn parse(lines: &str) -> Result<Vec<MixedQuery>, Box<dyn Error>> {
    let query = |line: &str| {
        let (name, text) = line.split_once('\t')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        Some(MixedQuery { kind, text: text.to_owned() })
    };
    lines.lines().map(|line| query(line).ok_or_else(|| format!("no query: {line}").into())).collect()
}

/// Draws five hundred queries.
pub fn draw(index: &Path, questions: Option<&Path>) -> Result<Vec<MixedQuery>, Box<dyn Error>> {
    let searcher = Index::open(index)?.searcher()?;
    let mut keys = searcher.documents(&Query::parse("的")?, &SearchOptions::new().mode(Mode::Exact))?;
    keys.sort_by(|a, b| a.key.cmp(&b.key));
    if keys.is_empty() {
        return Err("the index has no documents to draw from".into());
    }
    let questions: Vec<String> = match questions {
        Some(path) => {
            let text = std::fs::read_to_string(path)?;
            text.lines().filter_map(|line| line.split('\t').nth(1)).map(str::to_owned).collect()
        }
        None => Vec::new(),
    };
    let segmenter = Segmenter::new(Dictionary::new());
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut queries = Vec::new();
    let mut seen = HashSet::new();
    // A section too short for a query of its kind is passed over, and so is what was
    // drawn before, but not for ever: a small index has few single characters.
    const TRIES: usize = 50;
    for kind in Kind::ALL {
        let mut wanted = kind.count();
        for _ in 0..kind.count() * TRIES {
            if wanted == 0 {
                break;
            }
            let Some(document) = searcher.document(&keys[random.below(keys.len())].key)? else { continue };
            let section = &document.sections[random.below(document.sections.len())];
            let text = match kind {
                Kind::Question if !questions.is_empty() => Some(questions[random.below(questions.len())].clone()),
                _ => query(kind, section, &document.metadata, &segmenter, &mut random),
            };
            if let Some(text) = text.filter(|text| seen.insert((kind.name(), text.clone()))) {
                Query::parse(&text)?;
                queries.push(MixedQuery { kind, text });
                wanted -= 1;
            }
        }
    }
    Ok(queries)
}

fn query(
    kind: Kind,
    section: &Section,
    metadata: &Metadata,
    segmenter: &Segmenter,
    random: &mut Random,
) -> Option<String> {
    let text = section.text.strip_prefix(&section.label).unwrap_or(&section.text);
    let text: String = text.chars().take(400).collect();
    let word = |random: &mut Random| {
        let words = analysis::words(segmenter, &text).into_iter().map(|token| token.text);
        let is_wanted = |word: &String| word.chars().filter(|c| is_han(*c)).count() >= 2 && !word.contains(is_numeral);

        let long: Vec<String> = words.filter(is_wanted).collect();
        (!long.is_empty()).then(|| long[random.below(long.len())].clone())
    };
    match kind {
        Kind::Word | Kind::Facets => word(random),
        Kind::Words => {
            let mut words: Vec<String> = Vec::new();
            for _ in 0..2 + random.below(3) {
                // Not a word and one inside it (监督 监督管理).
                let overlaps = |word: &String| {
                    words.iter().any(|other| other.contains(word.as_str()) || word.contains(other.as_str()))
                };
                words.extend(word(random).filter(|word| !overlaps(word)));
            }
            (words.len() >= 2).then(|| words.join(" "))
        }
        Kind::Phrase => {
            let length = 4 + random.below(7);
            let clause = clause(&text, length, random)?;
            let from = random.below(clause.len() - length + 1);
            let phrase: String = clause[from..from + length].iter().collect();
            Some(if random.below(2) == 0 { format!("\"{phrase}\"") } else { phrase })
        }
        Kind::Character => {
            let characters: Vec<char> = text.chars().filter(|c| is_han(*c)).collect();
            (!characters.is_empty()).then(|| characters[random.below(characters.len())].to_string())
        }
        Kind::Question => {
            let mut opening = |length: usize| Some(clause(&text, length, random)?.iter().take(16).collect::<String>());
            Some(format!("{}的，{}应当如何处理？", opening(10)?, opening(6)?))
        }
        Kind::Fields => {
            let word = word(random)?;
            let condition = match random.below(3) {
                0 => format!("文种:{}", metadata.kind?.name()),
                1 => format!("机关:{}", metadata.agency.as_deref()?.split(' ').next()?),
                _ => format!("日期:{}..", metadata.written.or(metadata.published)?.year()),
            };
            Some(format!("{word} {condition}"))
        }
    }
}

/// A clause of so many characters at least.
fn clause(text: &str, shortest: usize, random: &mut Random) -> Option<Vec<char>> {
    let clauses = text.split(|c| !is_han(c)).map(|clause| clause.chars().collect::<Vec<char>>());
    let clauses: Vec<Vec<char>> = clauses.filter(|clause| clause.len() >= shortest).collect();
    (!clauses.is_empty()).then(|| clauses[random.below(clauses.len())].clone())
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Of an article's number, or an amount: few look those up alone.
fn is_numeral(c: char) -> bool {
    "第一二三四五六七八九十百千万亿零〇".contains(c)
}
