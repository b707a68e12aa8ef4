//! A keyword finds every section that holds it: the engine against a scan of the
//! same texts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gongwen::analysis::fold;
use gongwen::{Index, Mode, Query, SearchOptions, UpdateOptions, extract, structure};

use crate::util::{Bench, Random, corpus};

/// A text as the promise sees it: folded, white space out, but for a mark between
/// two runs of letters or digits that white space parts.
fn plain(text: &str) -> Vec<char> {
    let folded = fold(text);
    let mut plain: Vec<char> = Vec::new();
    let mut was_blank = false;
    for c in folded.chars() {
        if c.is_whitespace() {
            was_blank = true;
            continue;
        }
        let parts_runs =
            was_blank && c.is_ascii_alphanumeric() && plain.last().is_some_and(char::is_ascii_alphanumeric);
        if parts_runs {
            plain.push(' ');
        }
        plain.push(c);
        was_blank = false;
    }
    plain
}

/// Whether `text` holds `part`, runs of letters and digits whole.
fn holds(text: &[char], part: &[char]) -> bool {
    let joins = |a: Option<&char>, b: Option<&char>| {
        a.is_some_and(char::is_ascii_alphanumeric) && b.is_some_and(char::is_ascii_alphanumeric)
    };
    text.windows(part.len()).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        window == part && !joins(before, part.first()) && !joins(part.last(), text.get(at + part.len()))
    })
}

#[test]
fn exact_mode_finds_what_a_scan_finds() {
    let bench = Bench::new();
    let index = Index::open_or_create(bench.index()).expect("create");
    let report = index.add_roots(&[corpus()], &UpdateOptions::new()).expect("index");
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let searcher = index.searcher().expect("searcher");

    // The paragraphs of every section, by document and ordinal.
    let mut paragraphs: Vec<((String, u32), Vec<char>)> = Vec::new();
    for path in files(&corpus()) {
        let bytes = std::fs::read(&path).expect("read");
        let document = structure::parse(&extract::extract(&bytes, &path).expect("extract"), &path);
        let key = path.canonicalize().expect("path").display().to_string();
        for section in &document.sections {
            let lines = section.text.lines().map(plain).filter(|line| !line.is_empty());
            paragraphs.extend(lines.map(|line| ((key.clone(), section.ordinal), line)));
        }
    }
    assert!(paragraphs.len() > 2_000);

    let mut random = Random(20_261_123);
    for _ in 0..1_000 {
        let (_, line) = &paragraphs[random.below(paragraphs.len())];
        let from = random.below(line.len());
        let to = (from + 1 + random.below(12)).min(line.len());
        let part = &line[from..to];
        if part.iter().all(|c| c.is_whitespace()) {
            continue;
        }
        let text: String = part.iter().collect();
        let query = Query::literal(&text).expect("a literal query");
        let results = searcher.search(&query, &SearchOptions::new().mode(Mode::Exact).limit(None)).expect("search");
        let found: BTreeSet<(String, u32)> =
            results.hits.iter().map(|hit| (hit.document.key.clone(), hit.section.ordinal)).collect();
        let wanted = plain(&text);
        let expected: BTreeSet<(String, u32)> =
            paragraphs.iter().filter(|(_, line)| holds(line, &wanted)).map(|(place, _)| place.clone()).collect();
        let missed: Vec<_> = expected.difference(&found).take(3).collect();
        // A title that the text does not hold is found in the front all the same.
        let wrong: Vec<_> = found.difference(&expected).filter(|place| place.1 != 0).take(3).collect();
        assert!(missed.is_empty() && wrong.is_empty(), "{text:?}: missed {missed:?}, wrong {wrong:?}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
