//! How well are sections ranked? Indexes files, asks questions, and compares the
//! answers with the articles that experts judged relevant.
//!
//! ```text
//! cargo run --release --example relevance -- FOLDER FILES QUESTIONS [--mode any] [--features FILE]
//! ```
//!
//! FOLDER holds the documents, FILES lists those to index (paths below FOLDER, a
//! line each), QUESTIONS is tab-separated: id, question, `path#第…条|path#第…条`.
//! Printed are MRR@10, nDCG@10 (binary gains) and R@5, R@10, R@100. An article's
//! sub-sections count as the article, at its best place. `--features` writes the
//! score parts of every hit, for tuning.

use std::collections::HashSet;
use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use gongwen::{Hit, Index, Mode, Query, SearchOptions, UpdateOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let [folder, files, questions, ..] = args.as_slice() else {
        return Err("expected FOLDER FILES QUESTIONS".into());
    };
    let folder = Path::new(folder).canonicalize()?;
    let roots: Vec<_> = std::fs::read_to_string(files)?.lines().map(|line| folder.join(line.trim())).collect();
    let dir = tempfile::tempdir()?;
    let index = Index::create(dir.path().join("index"))?;
    let report = index.add_roots(&roots, &UpdateOptions::new())?;
    eprintln!("{} files, {} sections", report.files, report.sections);
    let searcher = index.searcher()?;

    let mode = if option("--mode").is_some_and(|mode| mode == "any") { Mode::Any } else { Mode::Smart };
    let depth = if option("--features").is_some() { 200 } else { 100 };
    let options = SearchOptions::new().mode(mode).limit(depth);
    let mut features = option("--features").map(std::fs::File::create).transpose()?;
    let mut sums = Sums::default();
    for line in std::fs::read_to_string(questions)?.lines() {
        let mut columns = line.split('\t');
        let (Some(id), Some(question), Some(relevant)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("expected three columns, got `{line}`").into());
        };
        let relevant: HashSet<&str> = relevant.split('|').collect();
        let hits = searcher.search(&Query::parse(question)?, &options)?.hits;
        let mut ranked: Vec<String> = Vec::new();
        for hit in &hits {
            let article = article_of(hit, &folder);
            if let Some(file) = &mut features {
                let p = &hit.score_parts;
                let is_relevant = u8::from(relevant.contains(article.as_str()));
                writeln!(
                    file,
                    "{id}\t{article}\t{is_relevant}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    relevant.len(),
                    hit.tier.name(),
                    p.words,
                    p.bigrams,
                    p.trigrams,
                    p.unigrams,
                    p.literal,
                    p.place,
                    p.path,
                    p.article,
                    p.authority,
                    p.length
                )?;
            }
            if !ranked.contains(&article) {
                ranked.push(article);
            }
        }
        sums.add(&ranked, &relevant);
    }
    sums.print();
    Ok(())
}

/// `path#第…条`, as the judgements name it.
fn article_of(hit: &Hit, folder: &Path) -> String {
    let path = hit.document.path.as_deref().unwrap_or(Path::new(""));
    let path = path.strip_prefix(folder).unwrap_or(path).display();
    let is_article = |label: &&str| label.starts_with('第') && label.contains('条');
    let own = Some(hit.section.label.as_str()).filter(is_article);
    let above = || hit.section.path.iter().rev().filter_map(|heading| heading.split(' ').next()).find(is_article);
    match own.or_else(above) {
        Some(label) => format!("{path}#{label}"),
        None => format!("{path}#"),
    }
}

#[derive(Default)]
struct Sums {
    questions: f64,
    reciprocal_rank: f64,
    gain: f64,
    recall: [f64; 3],
}

impl Sums {
    fn add(&mut self, ranked: &[String], relevant: &HashSet<&str>) {
        let is_relevant = |article: &String| relevant.contains(article.as_str());
        self.questions += 1.0;
        if let Some(first) = ranked.iter().take(10).position(is_relevant) {
            self.reciprocal_rank += 1.0 / (first + 1) as f64;
        }
        let discount = |at: usize| 1.0 / ((at + 2) as f64).log2();
        let gain: f64 = ranked
            .iter()
            .take(10)
            .enumerate()
            .filter(|(_, article)| is_relevant(article))
            .map(|(at, _)| discount(at))
            .sum();
        let ideal: f64 = (0..relevant.len().min(10)).map(discount).sum();
        self.gain += gain / ideal;
        for (recall, depth) in self.recall.iter_mut().zip([5, 10, 100]) {
            let found = ranked.iter().take(depth).filter(|article| is_relevant(article)).count();
            *recall += found as f64 / relevant.len() as f64;
        }
    }

    fn print(&self) {
        let n = self.questions;
        println!(
            "{n} questions  MRR@10 {:.4}  nDCG@10 {:.4}  R@5 {:.4}  R@10 {:.4}  R@100 {:.4}",
            self.reciprocal_rank / n,
            self.gain / n,
            self.recall[0] / n,
            self.recall[1] / n,
            self.recall[2] / n
        );
    }
}
