//! `gongwen index` and `gongwen update`.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gongwen::{Index, Report, UpdateOptions};

use super::Outcome;
use crate::args::{Global, Index as IndexArgs, Update, Work};
use crate::exit_code::Exit;
use crate::output::report;
use crate::progress;

pub fn index(global: &Global, args: &IndexArgs) -> Outcome {
    for root in &args.roots {
        // Before an index folder is made for a name that was mistyped.
        root.metadata().map_err(|error| format!("{}: no such file or folder ({error})", root.display()))?;
    }
    let index = Index::open_or_create_with(super::index_path(global)?, super::dictionary(global)?)?;
    let (bar, options) = options(&args.work)?;
    let report = index.add_roots(&args.roots, &options);
    bar.finish_and_clear();
    finish(&report?, &args.work)
}

pub fn update(global: &Global, args: &Update) -> Outcome {
    let index = super::open(global)?;
    let (bar, options) = options(&args.work)?;
    let report = index.update(&options);
    bar.finish_and_clear();
    finish(&report?, &args.work)
}

fn options(work: &Work) -> Result<(indicatif::ProgressBar, UpdateOptions), Box<dyn std::error::Error>> {
    let (bar, observer) = progress::observer();
    let cancel = Arc::new(AtomicBool::new(false));
    let flag = cancel.clone();
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            // The second one ends at once; the index keeps its last commit.
            std::process::exit(2);
        }
        let _ = writeln!(std::io::stderr(), "stopping: committing what is whole (again to end at once)");
    })?;
    let mut options =
        UpdateOptions::new().observer(observer).cancel(cancel).memory_bytes(work.memory.saturating_mul(1 << 20));
    if work.skip_classified || work.index_classified {
        options = options.skip_classified(work.skip_classified);
    }
    options = options.read_options(super::read_options(&work.read)?);
    if let Some(threads) = work.threads {
        options = options.threads(threads);
    }
    Ok((bar, options))
}

fn finish(done: &Report, work: &Work) -> Outcome {
    let mut out = std::io::stdout().lock();
    if work.json {
        serde_json::to_writer(&mut out, done)?;
        writeln!(out)?;
    } else {
        report::failures(&done.failures, &mut std::io::stderr().lock())?;
        report::classified(&done.classified, &mut std::io::stderr().lock())?;
        report::summary(done, &mut out)?;
    }
    // What is left out on request has not failed.
    let is_clean = done.failures.iter().all(|failure| failure.kind == "classified") && !done.interrupted;
    Ok(if is_clean { Exit::Found } else { Exit::Failed })
}
