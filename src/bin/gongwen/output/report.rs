//! What indexing did, and what is in an index.

use std::collections::BTreeMap;
use std::io::{self, Write};

use gongwen::{Failure, Report, Status};

use crate::sanitize;

/// The report of an update in a few lines.
pub fn summary(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{} files: {} added, {} changed, {} removed, {} unchanged; {} sections, {:.1} MB read in {:.2} s",
        report.files,
        report.added,
        report.changed,
        report.removed,
        report.unchanged,
        report.sections,
        report.bytes_read as f64 / 1e6,
        report.seconds,
    )?;
    if report.interrupted {
        writeln!(out, "interrupted: what was whole is in the index, `gongwen update` goes on from there")?;
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
