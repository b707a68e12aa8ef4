//! `gongwen status`.

use std::io::Write as _;

use super::Outcome;
use crate::args::{Global, Status};
use crate::exit_code::Exit;
use crate::output::report;

pub fn run(global: &Global, args: &Status) -> Outcome {
    let status = super::open(global)?.status()?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &status)?;
        writeln!(out)?;
        return Ok(Exit::Found);
    }
    report::status(&status, &mut out)?;
    if args.sizes {
        report::sizes(&status, &mut out)?;
    }
    if args.failures {
        report::failures(&status.failures, &mut out)?;
    }
    Ok(Exit::Found)
}
