//! Reads every file of a folder and says what came out: the figures of the
//! formats, repeatable on any folder.
//!
//! ```sh
//! cargo run --release --example formats_report -- DIR
//! ```
//!
//! Beside `name.expected.txt` all `name.*` must have its text, white space aside,
//! and the sections and metadata of the text itself; a PDF may lack one character
//! in two hundred. A `manifest.tsv` (path, …, expect1, expect2, note) names strings
//! that must be found in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use gongwen::document::Document;
use gongwen::extract::{self, Part, ReadOptions};
use gongwen::structure;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corpus".to_owned()));
    let show = std::env::args().nth(2);
    let mut wrong = 0;
    let mut speed: BTreeMap<String, (u64, u64, f64)> = BTreeMap::new();
    let manifest = manifest(&folder);
    for path in files(&folder) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".expected.txt") || name == "manifest.tsv" {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let started = Instant::now();
        let parts = read(&bytes, &path);
        let seconds = started.elapsed().as_secs_f64();
        let mut verdicts = Vec::new();
        let mut formats = Vec::new();
        let mut text = String::new();
        for part in &parts {
            match &part.result {
                Ok(extracted) => {
                    formats.push(extracted.format.name());
                    extracted.paragraphs.iter().for_each(|paragraph| {
                        text.push_str(&paragraph.text);
                        text.push('\n');
                    });
                }
                Err(error) => verdicts.push(format!("{} [{}]", error, error.kind().name())),
            }
        }
        formats.dedup();
        let format = formats.first().copied().unwrap_or("-").to_owned();
        let entry = speed.entry(format.clone()).or_default();
        *entry = (entry.0 + 1, entry.1 + bytes.len() as u64, entry.2 + seconds);
        if show.as_deref() == Some(name.as_str()) {
            println!("{text}");
        }
        let compared = compare(&path, &text, &parts, &format);
        let listed = expected_strings(&manifest, &name, &text);
        let is_wrong = [&compared, &listed].iter().any(|verdict| verdict.as_ref().is_some_and(|v| v.contains("WRONG")));
        wrong += usize::from(is_wrong);
        verdicts.extend(compared);
        verdicts.extend(listed);
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        println!("{name}\t{format}\t{chars} characters\t{:.1} ms\t{}", seconds * 1e3, verdicts.join("; "));
    }
    println!();
    for (format, (count, bytes, seconds)) in speed {
        let megabytes = bytes as f64 / 1e6;
        println!("{format}\t{count} files\t{:.1} MB/s\t{:.0} files/s", megabytes / seconds, count as f64 / seconds);
    }
    println!("{wrong} wrong");
    std::process::exit(i32::from(wrong > 0));
}

fn read(bytes: &[u8], path: &Path) -> Vec<Part> {
    let mut parts = Vec::new();
    let result = extract::documents(bytes, path, &ReadOptions::new(), &mut |part| {
        parts.push(part);
        Ok(())
    });
    if let Err(error) = result {
        parts.push(Part { member: None, size: bytes.len() as u64, result: Err(error) });
    }
    parts
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}').collect()
}

/// Against `name.expected.txt`: the text, and the document it makes.
fn compare(path: &Path, text: &str, parts: &[Part], format: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let stem = name.split('.').next()?;
    let expected_path = path.with_file_name(format!("{stem}.expected.txt"));
    let expected = std::fs::read_to_string(&expected_path).ok()?;
    let (expected_bare, got) = (bare(&expected), bare(text));
    let mut verdict = if expected_bare == got {
        "text equal".to_owned()
    } else {
        let share = common(&expected_bare, &got) as f64 / expected_bare.len().max(1) as f64;
        let at = expected_bare.iter().zip(&got).take_while(|(a, b)| a == b).count();
        let around = |text: &[char]| {
            text[at.saturating_sub(8).min(text.len())..(at + 24).min(text.len())].iter().collect::<String>()
        };
        let is_enough = format == "pdf" && share >= 0.995 && got.len() * 200 <= expected_bare.len() * 201;
        let word = if is_enough { "text nearly equal" } else { "WRONG text" };
        format!(
            "{word} {:.2} % in order, from {at}: `{}` got `{}`",
            share * 100.0,
            around(&expected_bare),
            around(&got)
        )
    };
    let source = extract::extract(expected.as_bytes(), &path.with_file_name("a.txt")).ok()?;
    let wanted = structure::parse(&source, Path::new("a.txt"));
    let extracted = parts.iter().find_map(|part| part.result.as_ref().ok())?;
    let document = structure::parse(extracted, Path::new("a.txt"));
    let differences = differences(&wanted, &document);
    if differences.is_empty() {
        verdict.push_str("; document equal");
    } else {
        verdict.push_str(&format!("; WRONG document: {}", differences.join(", ")));
    }
    Some(verdict)
}

fn differences(wanted: &Document, got: &Document) -> Vec<String> {
    let mut differences = Vec::new();
    if wanted.title != got.title {
        differences.push(format!("title `{}` for `{}`", got.title, wanted.title));
    }
    let outline = |document: &Document| -> Vec<String> {
        document
            .sections
            .iter()
            .map(|section| {
                format!(
                    "{} {} {}",
                    section.level,
                    section.label,
                    section.heading.split_whitespace().collect::<String>()
                )
            })
            .collect()
    };
    let (left, right) = (outline(wanted), outline(got));
    if left != right {
        let at = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
        differences.push(format!(
            "{} sections for {}, first at {at}: {:?} for {:?}",
            right.len(),
            left.len(),
            right.get(at),
            left.get(at)
        ));
    }
    let (mut wanted_metadata, mut metadata) = (wanted.metadata.clone(), got.metadata.clone());
    wanted_metadata.evidence.clear();
    metadata.evidence.clear();
    if wanted_metadata != metadata {
        differences.push(format!("metadata {metadata:?} for {wanted_metadata:?}"));
    }
    differences
}

/// Length of the longest common subsequence, within a band: texts of documents
/// differ in places, not everywhere.
fn common(left: &[char], right: &[char]) -> usize {
    const BAND: usize = 600;
    let mut before = vec![0_u32; right.len() + 1];
    let mut now = before.clone();
    for (i, a) in left.iter().enumerate() {
        let middle = i * right.len() / left.len().max(1);
        let from = middle.saturating_sub(BAND);
        let to = (middle + BAND).min(right.len());
        now.copy_from_slice(&before);
        for j in from..to {
            now[j + 1] = if *a == right[j] { before[j] + 1 } else { now[j].max(before[j + 1]) };
        }
        let last = now[to];
        now[to..].iter_mut().for_each(|cell| *cell = (*cell).max(last));
        std::mem::swap(&mut before, &mut now);
    }
    before.last().copied().unwrap_or(0) as usize
}

fn manifest(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for path in files(folder).iter().filter(|path| path.ends_with("manifest.tsv")) {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            let strings = cells.iter().skip(4).take(2).filter(|cell| !cell.is_empty());
            rows.insert(cells[0].to_owned(), strings.map(|cell| (*cell).to_owned()).collect());
        }
    }
    rows
}

fn expected_strings(manifest: &BTreeMap<String, Vec<String>>, name: &str, text: &str) -> Option<String> {
    let wanted = manifest.get(name)?;
    let text: String = bare(text).into_iter().collect();
    let missing: Vec<&String> =
        wanted.iter().filter(|string| !text.contains(&bare(string).into_iter().collect::<String>())).collect();
    Some(if missing.is_empty() { "strings found".to_owned() } else { format!("WRONG: not found {missing:?}") })
}
