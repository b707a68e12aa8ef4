//! How long does a query take in process, over a mix of 500, and how much memory?
//!
//! ```text
//! cargo run --release --example latency -- INDEX_DIR [QUESTIONS]
//! ```
//!
//! The queries are drawn from the index's own documents with a fixed seed; QUESTIONS
//! (tab-separated, the question in the second column) gives real ones in the place
//! of sentences. Top ten with snippets and exact counts. Every query is run once to
//! warm up and then three times, its time is the median of the three. Drawing runs
//! in a process of its own, so that the memory told is that of searching.

mod mix;

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gongwen::document::Validity;
use gongwen::query::Filter;
use gongwen::{FacetField, Index, Query, SearchOptions};

use mix::{Kind, MixedQuery};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--draw", index] => mix::print(&mix::draw(Path::new(index), None)?),
        ["--draw", index, questions] => mix::print(&mix::draw(Path::new(index), Some(Path::new(questions)))?),
        [index] | [index, _] if !index.starts_with('-') => {
            let drawn = Command::new(std::env::current_exe()?).arg("--draw").args(&args).output()?;
            if !drawn.status.success() {
                return Err(String::from_utf8_lossy(&drawn.stderr).into());
            }
            measure(Path::new(index), &mix::parse(&String::from_utf8(drawn.stdout)?)?)?;
        }
        _ => return Err("expected INDEX_DIR [QUESTIONS]".into()),
    }
    Ok(())
}

fn measure(index: &Path, queries: &[MixedQuery]) -> Result<(), Box<dyn Error>> {
    const ROUNDS: usize = 3;
    let opened = Instant::now();
    let searcher = Index::open(index)?.searcher()?;
    let opened = opened.elapsed();
    let mut firsts = Vec::with_capacity(queries.len());
    let mut times: Vec<[Duration; ROUNDS]> = vec![[Duration::ZERO; ROUNDS]; queries.len()];
    let mut hits = vec![0; queries.len()];
    for round in 0..=ROUNDS {
        for (at, query) in queries.iter().enumerate() {
            let options = options(query.kind);
            let started = Instant::now();
            let results = searcher.search(&Query::parse(&query.text)?, &options)?;
            let elapsed = started.elapsed();
            match round.checked_sub(1) {
                Some(round) => times[at][round] = elapsed,
                None => firsts.push(elapsed),
            }
            hits[at] = results.hits.len();
        }
    }
    let medians: Vec<Duration> = times.iter().map(|times| percentile(times, 50)).collect();

    println!("index opened in {:.2} ms", milliseconds(opened));
    println!("kind\tqueries\twith hits\tp50 ms\tp90 ms\tp99 ms\tmax ms");
    let row = |name: &str, times: &[Duration], found: usize| {
        let [p50, p90, p99, max] = [50, 90, 99, 100].map(|part| milliseconds(percentile(times, part)));
        println!("{name}\t{}\t{found}\t{p50:.2}\t{p90:.2}\t{p99:.2}\t{max:.2}", times.len());
    };
    let count_found =
        |is_wanted: &dyn Fn(usize) -> bool| (0..queries.len()).filter(|&at| hits[at] > 0 && is_wanted(at)).count();
    for kind in Kind::ALL {
        let is_kind = |at: usize| queries[at].kind == kind;
        let times: Vec<Duration> = (0..queries.len()).filter(|&at| is_kind(at)).map(|at| medians[at]).collect();
        if !times.is_empty() {
            row(kind.name(), &times, count_found(&is_kind));
        }
    }
    row("all", &medians, count_found(&|_| true));
    row("all, first time", &firsts, count_found(&|_| true));

    let mut slowest: Vec<usize> = (0..queries.len()).collect();
    slowest.sort_by_key(|&at| std::cmp::Reverse(medians[at]));
    println!("slowest:");
    for &at in slowest.iter().take(5) {
        println!("  {:.2} ms  {}  {}", milliseconds(medians[at]), queries[at].kind.name(), queries[at].text);
    }
    for (name, what) in [("VmHWM", "peak memory, pages of the index included"), ("RssAnon", "memory without them")] {
        if let Some(kilobytes) = memory(name) {
            println!("{what}: {:.0} MB ({name})", kilobytes as f64 / 1e3);
        }
    }
    Ok(())
}

fn options(kind: Kind) -> SearchOptions {
    match kind {
        Kind::Facets => SearchOptions::new().filter(Filter::new().valid(Validity::InForce)).facets(FacetField::ALL),
        _ => SearchOptions::new(),
    }
}

/// The smallest time that `part` of a hundred do not exceed.
fn percentile(times: &[Duration], part: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[(times.len() * part).div_ceil(100).max(1) - 1]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A figure of /proc/self/status, in kB; `None` where there is none.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().split(' ').next()?.parse().ok()
}
