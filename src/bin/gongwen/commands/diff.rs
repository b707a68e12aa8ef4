//! `gongwen diff`: two versions, from files or from the index.

use std::io::Write as _;
use std::path::Path;

use gongwen::{Document, Searcher, catalog, extract, structure};

use super::Outcome;
use crate::args::{Diff, Global};
use crate::exit_code::Exit;
use crate::output::{self, diff};

pub fn run(global: &Global, args: &Diff) -> Outcome {
    let mut searcher = None;
    let old = read(global, &args.old, &mut searcher)?;
    let new = read(global, &args.new, &mut searcher)?;
    let found = catalog::diff(&old, &new);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        serde_json::to_writer(&mut out, &found)?;
        writeln!(out)?;
    } else {
        diff::print(&old, &new, &found, output::use_color(global.color), &mut out)?;
    }
    out.flush()?;
    Ok(if found.changes.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// A file as it is now; else a document of the index, by path, number or title.
fn read(
    global: &Global,
    name: &str,
    searcher: &mut Option<(Searcher, gongwen::Catalog)>,
) -> Result<Document, Box<dyn std::error::Error>> {
    let path = Path::new(name);
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(|error| format!("{name}: cannot read the file: {error}"))?;
        let extracted = extract::extract(&bytes, path)
            .map_err(|error| format!("{name}: {}", output::error_text(&error).trim_start_matches("gongwen: ")))?;
        return Ok(structure::parse(&extracted, path));
    }
    if searcher.is_none() {
        let index = super::open(global).map_err(|error| format!("{name}: no such file, and no index: {error}"))?;
        *searcher = Some((index.searcher()?, index.catalog()?));
    }
    let Some((searcher, all)) = searcher else { return Err(format!("{name}: no such document").into()) };
    let key = &super::cites::one(all, name)?.key;
    searcher.document(key)?.ok_or_else(|| format!("{key}: the index has no such document").into())
}
