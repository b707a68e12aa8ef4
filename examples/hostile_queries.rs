//! How long do queries take that are made to take long? Asks them of an index, in
//! every mode and in every way, and fails when one takes more than 100 ms.
//!
//! ```text
//! cargo run --release --example hostile_queries -- INDEX [MILLISECONDS]
//! ```
//!
//! Of each the best of three is printed, which other work on the machine disturbs
//! least; the first, for which files are read, stands beside it. On Linux it is the
//! time on the processor.

use std::error::Error;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use gongwen::{FacetField, Index, Mode, Query, SearchOptions, Searcher, Sort};

#[path = "../tests/hostile_queries.rs"]
mod hostile_queries;

/// What a query is asked for.
type Way = (&'static str, fn(&Searcher, &Query) -> gongwen::Result<()>);

const WAYS: &[Way] = &[
    ("smart", |searcher, query| searched(searcher, query, &SearchOptions::new())),
    ("exact", |searcher, query| searched(searcher, query, &SearchOptions::new().mode(Mode::Exact))),
    ("any", |searcher, query| searched(searcher, query, &SearchOptions::new().mode(Mode::Any))),
    ("facets, by date", |searcher, query| {
        searched(searcher, query, &SearchOptions::new().facets(FacetField::ALL).sort(Sort::Newest))
    }),
    ("count", |searcher, query| searcher.count(query, &SearchOptions::new()).map(drop)),
    ("explain", |searcher, query| searcher.explain(query, &SearchOptions::new()).map(drop)),
];

/// As the program does it: with advice where nothing is found.
fn searched(searcher: &Searcher, query: &Query, options: &SearchOptions) -> gongwen::Result<()> {
    let results = searcher.search(query, options)?;
    if results.counts.exact + results.counts.words.unwrap_or(0) == 0 {
        searcher.advise(query, options)?;
    }
    Ok(())
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.first() else { return Err("expected INDEX".into()) };
    let limit = Duration::from_millis(args.get(1).map_or(Ok(100), |text| text.parse())?);
    let searcher = Index::open(folder)?.searcher()?;
    let mut times = Vec::new();
    let mut time = |what: String, mut ask: Box<dyn FnMut() -> gongwen::Result<()> + '_>| {
        let mut runs: Vec<(Duration, bool)> = Vec::new();
        for _ in 0..3 {
            let started = now();
            let is_ok = ask().is_ok();
            let elapsed = now().saturating_sub(started);
            runs.push((elapsed, is_ok));
            // Another look would change nothing.
            if elapsed > 5 * limit {
                break;
            }
        }
        // What takes minutes is told at once.
        if runs[0].0 > 10 * limit {
            eprintln!("{:.0} ms  {what}", millis(runs[0].0));
        }
        let best = runs.iter().map(|(time, _)| *time).min().unwrap_or_default();
        times.push((best, runs[0].0, if runs[0].1 { "answered" } else { "refused" }, what));
    };
    for (what, text) in &hostile_queries::refused() {
        time((*what).to_owned(), Box::new(|| Query::parse(text).map(drop)));
    }
    for (what, text) in &hostile_queries::answered() {
        for (way, ask) in WAYS {
            time(format!("{what}, {way}"), Box::new(|| ask(&searcher, &Query::parse(text)?)));
        }
        time(
            format!("{what}, literal"),
            Box::new(|| searched(&searcher, &Query::literal(text)?, &SearchOptions::new().mode(Mode::Exact))),
        );
        time(format!("{what}, complete"), Box::new(|| searcher.complete(text, 10).map(drop)));
    }
    for beginning in ["a", "s", "的", "中", "shi", "zhonghua"] {
        time(format!("complete {beginning}"), Box::new(|| searcher.complete(beginning, 1_000).map(drop)));
    }
    times.sort_by_key(|(best, ..)| std::cmp::Reverse(*best));
    for (best, first, outcome, what) in times.iter().take(40) {
        println!("{:>8.1} ms  first {:>8.1} ms  {outcome:<8}  {what}", millis(*best), millis(*first));
    }
    let slow = times.iter().filter(|(best, ..)| *best > limit).count();
    println!("{} asked, {slow} over {} ms", times.len(), limit.as_millis());
    Ok(if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What this thread has been on a processor for, where the system says it, so that
/// other work on the machine does not count; else the time since the first call.
fn now() -> Duration {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = said.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| FIRST.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
