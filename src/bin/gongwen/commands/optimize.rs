//! `gongwen optimize`: all parts of the index merged into one.

use std::io::Write as _;

use super::Outcome;
use crate::args::{Global, Optimize};
use crate::exit_code::Exit;
use crate::output::report;

pub fn run(global: &Global, args: &Optimize) -> Outcome {
    let optimized = super::open(global)?.optimize()?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &optimized)?;
        writeln!(out)?;
    } else {
        report::optimized(&optimized, &mut out)?;
    }
    Ok(Exit::Found)
}
