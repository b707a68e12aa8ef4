//! `gongwen why-not`: what stands between a file and a query.

use std::io::Write as _;

use gongwen::{Query, SearchOptions};

use super::{Outcome, conditions};
use crate::args::{Global, WhyNot};
use crate::exit_code::Exit;
use crate::output::explain;

pub fn run(global: &Global, args: &WhyNot) -> Outcome {
    let query = Query::parse(&args.query.join(" "))?;
    let filter = conditions::filter(&args.conditions)?;
    let searcher = super::with_aliases(super::open(global)?.searcher()?, global)?;
    let info = super::find_document(&searcher, &args.document)?;
    let options = SearchOptions::new().mode(conditions::mode(args.mode)).filter(filter);
    let verdict = searcher
        .why_not(&info.key, &query, &options)?
        .ok_or_else(|| format!("{}: the index has no such document", info.key))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &verdict)?;
        writeln!(out)?;
    } else {
        explain::why_not(&verdict, &mut out)?;
    }
    Ok(if verdict.tier.is_some() { Exit::Found } else { Exit::Nothing })
}
