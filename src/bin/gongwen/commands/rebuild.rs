//! `gongwen rebuild`: the index made anew, from the texts it stores where it can.

use std::io::Write as _;

use gongwen::{Index, RebuildOptions};

use super::Outcome;
use crate::args::{Global, Rebuild};
use crate::exit_code::Exit;
use crate::output::report;

pub fn run(global: &Global, args: &Rebuild) -> Outcome {
    let options = RebuildOptions::new().roots(&args.roots).dictionary(super::dictionary(global)?);
    let rebuilt = Index::rebuild(super::index_path(global)?, &options)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &rebuilt)?;
        writeln!(out)?;
    } else {
        report::rebuilt(&rebuilt, &mut out)?;
    }
    let has_failures = rebuilt.read.as_ref().is_some_and(|read| !read.failures.is_empty());
    Ok(if has_failures { Exit::Failed } else { Exit::Found })
}
