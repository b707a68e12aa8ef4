//! `gongwen complete`: for shells and user interfaces to call.

use std::io::Write as _;

use super::Outcome;
use crate::args::{Complete, Global};
use crate::exit_code::Exit;
use crate::sanitize;

pub fn run(global: &Global, args: &Complete) -> Outcome {
    let completions = super::open(global)?.searcher()?.complete(&args.prefix, args.limit)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &completions)?;
        writeln!(out)?;
    } else {
        for completion in &completions {
            writeln!(out, "{}", sanitize::text(&completion.text))?;
        }
    }
    Ok(if completions.is_empty() { Exit::Nothing } else { Exit::Found })
}
