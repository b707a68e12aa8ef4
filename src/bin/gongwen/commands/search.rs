//! `gongwen search`.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use gongwen::{Index, Mode, Query, SearchOptions, Searcher, SnippetOptions, UpdateOptions};

use super::Outcome;
use crate::args::{Global, Mode as ModeArg, Search};
use crate::exit_code::Exit;
use crate::output::paths::Paths;
use crate::output::{self, json, lines, terminal};
use crate::progress;

pub fn run(global: &Global, args: &Search) -> Outcome {
    let query = Query::parse(&args.query.join(" "))?;
    let (searcher, paths) = match &args.folder {
        Some(folder) => (search_in(global, folder)?, Paths::of_folder(folder)),
        None => (super::open(global)?.searcher()?, Paths::of_cwd()),
    };
    let mut options = SearchOptions::new().offset(args.offset).mode(match args.mode {
        ModeArg::Exact => Mode::Exact,
        ModeArg::Smart => Mode::Smart,
        ModeArg::Any => Mode::Any,
    });
    let limit = args.limit.unwrap_or(if args.files { 0 } else { 10 });
    options = options.limit((limit > 0).then_some(limit));
    if let Some(context) = args.context {
        options = options.snippets(SnippetOptions { context_chars: Some(context), ..SnippetOptions::default() });
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.count {
        let counts = searcher.count(&query, &options)?;
        writeln!(out, "{}", counts.sections())?;
        out.flush()?;
        return Ok(if counts.sections() > 0 { Exit::Found } else { Exit::Nothing });
    }
    if args.files {
        let documents = searcher.documents(&query, &options)?;
        for document in documents.iter().take(if limit > 0 { limit } else { usize::MAX }) {
            writeln!(out, "{}", crate::sanitize::text(&paths.shown(document)))?;
        }
        out.flush()?;
        return Ok(if documents.is_empty() { Exit::Nothing } else { Exit::Found });
    }
    let results = searcher.search(&query, &options)?;
    let colored = output::use_color(global.color);
    if args.json {
        json::object(&query, &results, &paths, args.flat, &mut out)?;
    } else if args.jsonl {
        json::lines(&results, &paths, &mut out)?;
    } else if std::io::stdout().is_terminal() {
        terminal::print(&results, &paths, args.flat, colored, &mut out)?;
    } else {
        lines::print(&results, &paths, colored, &mut out)?;
    }
    out.flush()?;
    if results.hits.is_empty() && std::io::stderr().is_terminal() {
        writeln!(std::io::stderr(), "没有找到 / nothing found: {}", query.source())?;
    }
    Ok(if results.hits.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// A searcher over a folder, whose index is kept in the cache and up to date.
fn search_in(global: &Global, folder: &Path) -> Result<Searcher, Box<dyn std::error::Error>> {
    let absolute = folder.canonicalize().map_err(|error| format!("{}: no such folder ({error})", folder.display()))?;
    let cache = super::cache_path(&absolute)?;
    let index = match Index::open_or_create_with(&cache, super::dictionary(global)?) {
        // A cache is no archive: one of another version or dictionary is made anew.
        Err(error) if error.kind() == gongwen::ErrorKind::IncompatibleIndex => {
            std::fs::remove_dir_all(&cache)?;
            Index::open_or_create_with(&cache, super::dictionary(global)?)?
        }
        other => other?,
    };
    let (bar, observer) = progress::observer();
    let read = super::with_usual_ocr(gongwen::extract::ReadOptions::new())?;
    let report = index.add_roots(&[absolute], &UpdateOptions::new().observer(observer).read_options(read));
    bar.finish_and_clear();
    let failed = report?.failures.len();
    if failed > 0 {
        writeln!(std::io::stderr(), "gongwen: {failed} files are not searchable (`gongwen inspect FILE` says why)")?;
    }
    Ok(index.searcher()?)
}
