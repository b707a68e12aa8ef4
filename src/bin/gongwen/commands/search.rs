//! `gongwen search`.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use gongwen::{Index, Query, SearchOptions, Searcher, SnippetOptions, UpdateOptions};

use super::{Outcome, conditions};
use crate::args::{Global, Search};
use crate::exit_code::Exit;
use crate::output::paths::Paths;
use crate::output::{self, Style, json, lines, terminal};
use crate::progress;

pub fn run(global: &Global, args: &Search) -> Outcome {
    let query = Query::parse(&args.query.join(" "))?;
    let limit = args.limit.unwrap_or(if args.files { 0 } else { 10 });
    let mut options = SearchOptions::new()
        .offset(args.offset)
        .mode(conditions::mode(args.mode))
        .sort(conditions::sort(args.sort))
        .filter(conditions::filter(&args.conditions)?)
        .facets(conditions::facets(&args.facets)?)
        .limit((limit > 0).then_some(limit));
    if let Some(context) = args.context {
        options = options.snippets(SnippetOptions { context_chars: Some(context), ..SnippetOptions::default() });
    }
    let (searcher, paths) = match &args.folder {
        Some(folder) => (search_in(global, folder)?, Paths::of_folder(folder)),
        None => (super::open(global)?.searcher()?, Paths::of_cwd()),
    };
    let searcher = super::with_aliases(searcher, global)?;
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
    let explanation = if args.explain { Some(searcher.explain(&query, &options)?) } else { None };
    let finds_nothing = results.counts.exact + results.counts.words.unwrap_or(0) == 0;
    let advice = if finds_nothing { Some(searcher.advise(&query, &options)?) } else { None };
    let colored = output::use_color(global.color);
    if args.json {
        let extra = json::Extra { explanation: explanation.as_ref(), advice: advice.as_ref() };
        json::object(&query, &results, &paths, args.flat, &extra, &mut out)?;
    } else if args.jsonl {
        json::lines(&results, &paths, args.explain, &mut out)?;
    } else {
        if let Some(explanation) = &explanation {
            output::explain::query(explanation, &mut out)?;
        }
        let style = Style { flat: args.flat, colored, explain: args.explain, columns: terminal::columns() };
        if std::io::stdout().is_terminal() {
            terminal::print(&results, &paths, &style, &mut out)?;
        } else {
            lines::print(&results, &paths, &style, &mut out)?;
        }
        output::explain::facets(&results.facets, &mut out)?;
    }
    out.flush()?;
    let mut err = std::io::stderr().lock();
    if results.hits.is_empty() {
        writeln!(err, "没有找到 / nothing found: {}", crate::sanitize::text(query.source()))?;
    }
    if let Some(advice) = advice.filter(|_| !args.json) {
        output::explain::advice(&advice, &mut err)?;
    }
    // The process ends: to unmap and free one by one what goes with it takes time.
    std::mem::forget(searcher);
    Ok(if results.hits.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// A searcher over a folder, whose index is kept in the cache and up to date.
fn search_in(global: &Global, folder: &Path) -> Result<Searcher, Box<dyn std::error::Error>> {
    let absolute = folder.canonicalize().map_err(|error| format!("{}: no such folder ({error})", folder.display()))?;
    let cache = super::cache_path(&absolute)?;
    let index = match Index::open_or_create_with(&cache, super::dictionary(global)?) {
        // A cache is no archive: one of another version or dictionary, or a damaged
        // one, is made anew.
        Err(error) if matches!(error.kind(), gongwen::ErrorKind::IncompatibleIndex | gongwen::ErrorKind::Corrupt) => {
            std::fs::remove_dir_all(&cache)?;
            Index::open_or_create_with(&cache, super::dictionary(global)?)?
        }
        other => other?,
    };
    let (bar, observer) = progress::observer();
    let read = super::with_usual_ocr(gongwen::extract::ReadOptions::new())?;
    let report = index.add_roots(&[absolute], &UpdateOptions::new().observer(observer).read_options(read));
    bar.finish_and_clear();
    let report = report?;
    crate::output::report::classified(&report.classified, &mut std::io::stderr().lock())?;
    let failed = report.failures.len();
    if failed > 0 {
        writeln!(std::io::stderr(), "gongwen: {failed} files are not searchable (`gongwen inspect FILE` says why)")?;
    }
    Ok(index.searcher()?)
}
