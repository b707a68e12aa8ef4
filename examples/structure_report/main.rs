//! How well the outlines and the metadata of a folder's documents are read.
//!
//! `cargo run --release --example structure_report -- FOLDER [--list | --json]` prints, for all files below
//! FOLDER, how many have a title, an agency and so on, how their sections are
//! numbered, which articles are missing, and how long it took; where a page has a
//! `.json` with its fields beside it, how many of them are read right. `--list` adds a line
//! a file, `--json` prints the documents themselves, one JSON object a line, and
//! nothing else.

mod articles;
mod truth;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gongwen::document::{Document, Section};
use gongwen::{extract, structure};

#[derive(Clone, Copy, PartialEq)]
enum Output {
    Summary,
    List,
    Json,
}

#[derive(Default)]
struct Report {
    files: usize,
    failed: Vec<String>,
    bytes: usize,
    sections: usize,
    fields: BTreeMap<&'static str, usize>,
    labels: BTreeMap<String, usize>,
    levels: BTreeMap<u8, usize>,
    without_outline: usize,
    with_articles: usize,
    broken_articles: Vec<String>,
    extracting: Duration,
    parsing: Duration,
    slowest: (Duration, PathBuf),
    truth: truth::Truth,
    articles: articles::Articles,
}

fn main() {
    let mut folder = None;
    let mut output = Output::Summary;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--list" => output = Output::List,
            "--json" => output = Output::Json,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let Some(folder) = folder else {
        eprintln!("usage: structure_report FOLDER [--list | --json]");
        std::process::exit(2);
    };
    let mut report = Report::default();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        match entry {
            Ok(entry) if truth::is_truth(entry.path()) => {}
            Ok(entry) if entry.file_type().is_file() => report.add(entry.path(), output),
            Ok(_) => {}
            Err(error) => report.failed.push(error.to_string()),
        }
    }
    if output != Output::Json {
        report.print();
    }
}

impl Report {
    fn add(&mut self, path: &Path, output: Output) {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.failed.push(format!("{}: {error}", path.display()));
                return;
            }
        };
        let start = Instant::now();
        let extracted = match extract::extract(&bytes, path) {
            Ok(extracted) => extracted,
            Err(error) => {
                self.failed.push(error.to_string());
                return;
            }
        };
        self.extracting += start.elapsed();
        let start = Instant::now();
        let document = structure::parse(&extracted, path);
        let elapsed = start.elapsed();
        self.parsing += elapsed;
        if elapsed > self.slowest.0 {
            self.slowest = (elapsed, path.to_owned());
        }
        self.files += 1;
        self.bytes += bytes.len();
        self.count(&document, path);
        self.truth.add(path, &extracted);
        self.articles.add(path, &String::from_utf8_lossy(&bytes), &document);
        match output {
            Output::Summary => {}
            Output::List => list(&document, path),
            Output::Json => print_json(&document, path),
        }
    }

    fn count(&mut self, document: &Document, path: &Path) {
        let metadata = &document.metadata;
        let fields = [
            ("title", !document.title.is_empty()),
            ("agency", metadata.agency.is_some()),
            ("number", metadata.number.is_some()),
            ("index_number", metadata.index_number.is_some()),
            ("topic", metadata.topic.is_some()),
            ("kind", metadata.kind.is_some()),
            ("level", metadata.level.is_some()),
            ("status", metadata.status.is_some()),
            ("recipients", metadata.recipients.is_some()),
            ("written", metadata.written.is_some()),
            ("published", metadata.published.is_some()),
            ("effective", metadata.effective.is_some()),
            ("expires", metadata.expires.is_some()),
            ("validity", metadata.validity.is_some()),
            ("history", !metadata.history.is_empty()),
            ("citations", !document.citations.is_empty()),
        ];
        for (name, is_there) in fields {
            *self.fields.entry(name).or_default() += usize::from(is_there);
        }
        self.sections += document.sections.len();
        for section in &document.sections {
            *self.labels.entry(shape(section)).or_default() += 1;
            *self.levels.entry(section.level).or_default() += 1;
        }
        if document.sections.iter().all(|section| section.label.is_empty() && section.heading.is_empty()) {
            self.without_outline += 1;
        }
        let articles: Vec<&str> = document
            .sections
            .iter()
            .map(|section| section.label.as_str())
            .filter(|label| label.contains('条'))
            .collect();
        if !articles.is_empty() {
            self.with_articles += 1;
            if let Some(break_at) = first_break(&articles) {
                self.broken_articles.push(format!("{}: {break_at}", path.display()));
            }
        }
    }

    fn print(&self) {
        println!(
            "{} files, {} bytes, {} sections; {} could not be read",
            self.files,
            self.bytes,
            self.sections,
            self.failed.len()
        );
        for failure in &self.failed {
            println!("  {failure}");
        }
        println!("metadata (files that have it)");
        for (name, count) in &self.fields {
            println!("  {name:<14}{count:>7}");
        }
        println!("sections by label");
        for (shape, count) in &self.labels {
            println!("  {count:>7}  {shape}");
        }
        println!("sections by level");
        for (level, count) in &self.levels {
            println!("  {count:>7}  level {level}");
        }
        self.truth.print();
        self.articles.print();
        println!("{} files without any outline", self.without_outline);
        println!(
            "{} files with articles, {} of them not counted through:",
            self.with_articles,
            self.broken_articles.len()
        );
        for broken in &self.broken_articles {
            println!("  {broken}");
        }
        let rate = |time: Duration| self.bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9);
        println!("extract   {:>8.1} ms  {:>6.1} MB/s", self.extracting.as_secs_f64() * 1e3, rate(self.extracting));
        println!("structure {:>8.1} ms  {:>6.1} MB/s", self.parsing.as_secs_f64() * 1e3, rate(self.parsing));
        println!("slowest   {:>8.1} ms  {}", self.slowest.0.as_secs_f64() * 1e3, self.slowest.1.display());
    }
}

/// A label with its numbers replaced: 第N条, （N）.
fn shape(section: &Section) -> String {
    let mut shape = String::new();
    for c in section.label.chars() {
        let is_number = c.is_ascii_digit() || "零〇一二三四五六七八九十百千".contains(c);
        if !is_number {
            shape.push(c);
        } else if !shape.ends_with('N') {
            shape.push('N');
        }
    }
    match (shape.is_empty(), section.heading.is_empty()) {
        (true, true) if section.level == 0 => "front".to_owned(),
        (true, true) => "unnumbered text".to_owned(),
        (true, false) => "heading".to_owned(),
        _ => shape,
    }
}

/// The first article that does not follow on the one before it.
fn first_break(articles: &[&str]) -> Option<String> {
    let numbers: Vec<(u32, u32)> = articles.iter().map(|label| articles::number_of(label)).collect();
    numbers.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        let follows = *after == (before.0 + 1, 0) || *after == (before.0, before.1 + 1) || *after == (1, 0);
        (!follows)
            .then(|| format!("{} article(s), {}.{} after {}.{}", articles.len(), after.0, after.1, before.0, before.1))
    })
}

fn print_json(document: &Document, path: &Path) {
    match serde_json::to_value(document) {
        Ok(mut value) => {
            value["file"] = path.display().to_string().into();
            println!("{value}");
        }
        Err(error) => eprintln!("{}: {error}", path.display()),
    }
}

fn list(document: &Document, path: &Path) {
    let metadata = &document.metadata;
    let date = |date: Option<gongwen::document::Date>| date.map_or("-".to_owned(), |date| date.to_string());
    println!(
        "{}\t{}\t{}\t{}\t{}\t{}\t{}",
        path.display(),
        document.title,
        metadata.agency.as_deref().unwrap_or("-"),
        metadata.number.as_ref().map_or("-", |number| &number.canonical),
        date(metadata.written),
        date(metadata.published),
        document.sections.len(),
    );
}
