//! Every way into an index that may be damaged, tried in a process of its own: what
//! a changed byte makes tantivy do may end the process.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::util::hash;
use gongwen::{FacetField, Index, Mode, Query, SearchOptions, Searcher};

const INDEX: &str = "GONGWEN_PROBED_INDEX";
const LIMIT: Duration = Duration::from_secs(8);

/// What each way in came to: `answer …`, `panic`, `error …` with path and remedy, or
/// `vague …` without.
pub type Outcomes = BTreeMap<String, String>;

/// How a probe ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Done(Outcomes),
    /// By a signal, as for memory that is not to be had; what came before.
    Killed(Outcomes),
    Hung,
}

/// Opens and asks the index in a folder in every way there is.
pub fn probe(index: &Path) -> End {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["probe::ways_in", "--exact", "--ignored", "--nocapture"])
        .env(INDEX, index)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test starts");
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("wait") {
            Some(status) => break status,
            None if started.elapsed() > LIMIT => {
                child.kill().expect("kill");
                let _ = child.wait();
                return End::Hung;
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let output = std::io::read_to_string(child.stdout.take().expect("piped")).expect("UTF-8");
    // The harness begins the first line itself.
    let rows = output.lines().filter_map(|line| line.split_once("way ")?.1.split_once(": "));
    let outcomes = rows.map(|(way, outcome)| (way.to_owned(), outcome.to_owned())).collect();
    match status.code() {
        Some(0) => End::Done(outcomes),
        None => End::Killed(outcomes),
        Some(code) => panic!("the probe itself failed ({code}): {output}"),
    }
}

/// All of it.
fn answer(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

fn found(searcher: &Searcher, query: &Query, options: &SearchOptions) -> gongwen::Result<String> {
    let results = searcher.search(query, options)?;
    Ok(answer(&(results.counts, results.hits, results.facets)))
}

type Way = (&'static str, fn(&Searcher, &Index) -> gongwen::Result<String>);

const WAYS: &[Way] = &[
    ("search", |searcher, _| {
        let options = SearchOptions::new().limit(None).facets(FacetField::ALL);
        found(searcher, &query(), &options)
    }),
    ("search prefix", |searcher, _| {
        let query = Query::parse("标题:办法 (备案 OR 管理) NEAR/9 氢* 日期:2000..")?;
        found(searcher, &query, &SearchOptions::new().mode(Mode::Any).limit(None))
    }),
    ("count", |searcher, _| Ok(answer(&searcher.count(&query(), &SearchOptions::new())?))),
    ("documents", |searcher, _| {
        let found = searcher.documents(&query(), &SearchOptions::new())?;
        Ok(found.iter().map(|info| info.title.as_str()).collect::<Vec<_>>().join(" "))
    }),
    ("find_documents and document", |searcher, _| {
        let mut all = String::new();
        for n in 0..6 {
            for found in searcher.find_documents(&format!("{n}.txt"))? {
                all.push_str(&answer(&searcher.document(&found.key)?));
            }
        }
        Ok(all)
    }),
    ("explain", |searcher, _| Ok(answer(&searcher.explain(&query(), &SearchOptions::new())?))),
    ("why_not", |searcher, _| {
        let Some(found) = searcher.find_documents("1.txt")?.pop() else { return Ok("none".to_owned()) };
        Ok(answer(&searcher.why_not(&found.key, &query(), &SearchOptions::new())?))
    }),
    ("advise", |searcher, _| Ok(answer(&searcher.advise(&Query::parse("轻能 办发")?, &SearchOptions::new())?))),
    ("complete", |searcher, _| Ok(answer(&searcher.complete("加", 9)?) + &answer(&searcher.complete("qing", 9)?))),
    ("catalog", |_, index| Ok(answer(&index.catalog()?.documents()))),
    ("status", |_, index| Ok(answer(&index.status()?))),
    ("roots", |_, index| Ok(answer(&index.roots()?))),
];

fn query() -> Query {
    Query::parse("氢能 备案 -储能").expect("a query")
}

fn outcome<T>(way: impl FnOnce() -> gongwen::Result<T>) -> Result<T, String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(way)) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error))
            if error.remedy().is_some_and(|remedy| remedy.contains("gongwen rebuild")) && error.path().is_some() =>
        {
            Err(format!("error {} {error}", error.kind().name()))
        }
        Ok(Err(error)) => Err(format!("vague {error:?}")),
        Err(_) => Err("panic".to_owned()),
    }
}

/// The other side of [`probe`].
#[test]
#[ignore = "a part of the tests of damages, run as a process of its own"]
fn ways_in() {
    let Some(folder) = std::env::var_os(INDEX) else { return };
    let opened = outcome(|| {
        let index = Index::open(&folder)?;
        let searcher = index.searcher()?;
        Ok((index, searcher))
    });
    let (index, searcher) = match opened {
        Ok(opened) => opened,
        Err(outcome) => {
            println!("\nway open: {outcome}");
            return;
        }
    };
    for (name, way) in WAYS {
        let outcome = outcome(|| way(&searcher, &index))
            .map_or_else(|other| other, |answer| format!("answer {:016x} of {}", hash(&answer), answer.len()));
        println!("\nway {name}: {outcome}");
    }
}
