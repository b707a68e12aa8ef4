//! `gongwen verify`: is the index whole?

use std::io::Write as _;

use gongwen::{Index, VerifyOptions};

use super::Outcome;
use crate::args::{Global, Verify};
use crate::exit_code::Exit;
use crate::output::report;

pub fn run(global: &Global, args: &Verify) -> Outcome {
    let options = VerifyOptions::new().full(args.full).dictionary(super::dictionary(global)?);
    let verification = Index::verify(super::index_path(global)?, &options)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &verification)?;
        writeln!(out)?;
    } else {
        report::verification(&verification, &mut out)?;
    }
    Ok(if verification.is_clean() { Exit::Found } else { Exit::Failed })
}
