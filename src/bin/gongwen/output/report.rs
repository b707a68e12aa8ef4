//! What indexing did, and what is in an index.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use gongwen::{Failure, Optimized, Problem, Rebuilt, Report, Status, Verification};

use crate::sanitize;

/// The report of an update in a few lines.
pub fn summary(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{} files: {} added, {} changed{}, {} removed, {} unchanged; {} sections, {:.1} MB read in {:.2} s",
        report.files,
        report.added,
        report.changed,
        if report.touched > 0 { format!(" ({} in time only)", report.touched) } else { String::new() },
        report.removed,
        report.unchanged,
        report.sections,
        report.bytes_read as f64 / 1e6,
        report.seconds,
    )?;
    if report.interrupted {
        // Of the files found, those that an earlier or this run has read.
        let done = report.unchanged + report.added + report.changed + report.failed;
        let files = report.files;
        writeln!(out, "interrupted: {done} of {files} files are in the index, `gongwen update` goes on from there")?;
    }
    coverage(&report.failures, out)
}

/// `37 not searchable: 21 scanned, 9 garbled, 7 encrypted`, the most frequent
/// reason first.
fn coverage(failures: &[Failure], out: &mut impl Write) -> io::Result<()> {
    if failures.is_empty() {
        return Ok(());
    }
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    failures.iter().for_each(|failure| *kinds.entry(reason(&failure.kind)).or_default() += 1);
    let mut kinds: Vec<(&str, u64)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    writeln!(out, "{} not searchable: {}", failures.len(), kinds.join(", "))
}

/// A warning of documents that are marked as state secrets, and are in the index now.
pub fn classified(paths: &[PathBuf], out: &mut impl Write) -> io::Result<()> {
    let Some(first) = paths.first() else { return Ok(()) };
    let first = first.display().to_string();
    let more = if paths.len() > 1 { format!(" and {} more", paths.len() - 1) } else { String::new() };
    writeln!(
        out,
        "warning: 涉密 / marked 秘密, 机密 or 绝密 and searchable now: {}{more} (--skip-classified leaves them out)",
        sanitize::text(&first),
    )
}

/// A kind of failure in a reader's words.
fn reason(kind: &str) -> &str {
    match kind {
        "unsupported_format" => "unknown format",
        "malformed" => "damaged",
        "limit_exceeded" => "over a limit",
        "io" | "not_found" => "unreadable",
        other => other,
    }
}

/// What to do about a kind of failure that says nothing itself.
fn usual_remedy(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "empty" => "nothing to do, unless it should have text",
        "malformed" => "get the file again, or save it anew with the program that made it",
        "encrypted" => "save a copy without password",
        "unsupported_format" => "save it as .docx, .pdf or text",
        "limit_exceeded" => "split it, or save its text",
        "io" | "not_found" => "check that the file is there and can be read",
        _ => return None,
    })
}

/// A line a failure: which file, why, and what to do.
pub fn failures(failures: &[Failure], out: &mut impl Write) -> io::Result<()> {
    for failure in failures {
        let path = failure.path.display().to_string();
        write!(out, "{}: {}", sanitize::text(&path), sanitize::text(&failure.message))?;
        if let Some(remedy) = failure.remedy.as_deref().or_else(|| usual_remedy(&failure.kind)) {
            write!(out, " ({})", sanitize::text(remedy))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The contents of an index.
pub fn status(status: &Status, out: &mut impl Write) -> io::Result<()> {
    if let Some(path) = &status.path {
        writeln!(out, "index      {}", sanitize::text(&path.display().to_string()))?;
    }
    writeln!(out, "documents  {} ({} sections)", status.documents, status.sections)?;
    writeln!(out, "source     {:.1} MB", status.bytes as f64 / 1e6)?;
    writeln!(out, "on disk    {:.1} MB in {} segments", status.index_bytes as f64 / 1e6, status.segments)?;
    for root in &status.roots {
        writeln!(out, "root       {}", sanitize::text(&root.display().to_string()))?;
    }
    coverage(&status.failures, out)?;
    if !status.failures.is_empty() {
        writeln!(out, "`gongwen status --failures` lists them, and what to do")?;
    }
    Ok(())
}

/// What each part of an index takes, and of the source text.
pub fn sizes(status: &Status, out: &mut impl Write) -> io::Result<()> {
    let source = status.bytes.max(1) as f64;
    for size in &status.sizes {
        let share = size.bytes as f64 / source;
        writeln!(out, "{:<10} {:>9.1} MB  {share:.2} of the source", size.part, size.bytes as f64 / 1e6)?;
    }
    let share = status.index_bytes as f64 / source;
    writeln!(out, "{:<10} {:>9.1} MB  {share:.2} of the source", "all", status.index_bytes as f64 / 1e6)
}

/// Whether an index is whole, and what is not.
pub fn verification(verification: &Verification, out: &mut impl Write) -> io::Result<()> {
    problems(&verification.problems, out)?;
    writeln!(
        out,
        "{} files ({:.1} MB), {} documents, {} sections, {} of them compared with their text, in {:.2} s",
        verification.files,
        verification.bytes as f64 / 1e6,
        verification.documents,
        verification.sections,
        verification.compared,
        verification.seconds,
    )?;
    if verification.leftovers > 0 {
        writeln!(out, "{} files left by interrupted runs; the next update deletes them", verification.leftovers)?;
    }
    match verification.problems.len() {
        0 => writeln!(out, "完好 / the index is whole"),
        count => writeln!(out, "已损坏 / {count} problems: `gongwen rebuild` makes the index anew"),
    }
}

/// What merging did.
pub fn optimized(optimized: &Optimized, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{} segments → {}, {:.1} MB → {:.1} MB, {} deleted records dropped",
        optimized.segments_before,
        optimized.segments,
        optimized.bytes_before as f64 / 1e6,
        optimized.bytes as f64 / 1e6,
        optimized.dropped_records,
    )
}

/// What a rebuild did.
pub fn rebuilt(rebuilt: &Rebuilt, out: &mut impl Write) -> io::Result<()> {
    problems(&rebuilt.problems, out)?;
    writeln!(out, "{} documents kept from the old index", rebuilt.kept)?;
    if rebuilt.unreadable > 0 {
        writeln!(out, "{} parts of it could not be read; their files were read again", rebuilt.unreadable)?;
    }
    match &rebuilt.read {
        Some(read) => summary(read, out),
        None => Ok(()),
    }
}

fn problems(problems: &[Problem], out: &mut impl Write) -> io::Result<()> {
    for problem in problems {
        let place = problem.file.as_deref().or(problem.document.as_deref()).unwrap_or("index");
        writeln!(out, "{}: {}", sanitize::text(place), sanitize::text(&problem.message))?;
    }
    Ok(())
}
