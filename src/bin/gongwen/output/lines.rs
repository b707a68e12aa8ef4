//! One line a section, for pipes: `file:line: path: snippet`.

use std::io::{self, Write};

use gongwen::{Fragment, Results};

use super::paths::Paths;
use super::{Style, explain};
use crate::sanitize;

/// Prints the hits.
pub fn print(results: &Results, paths: &Paths, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for hit in &results.hits {
        let file = paths.shown(&hit.document);
        let place = hit.section.full_path().join(super::PATH_SEPARATOR);
        let place = if place.is_empty() { hit.document.title.clone() } else { place };
        let snippets: Vec<String> = hit.fragments.iter().map(|fragment| marked(fragment, style.colored)).collect();
        let (file, place) = (sanitize::text(&file), sanitize::text(&place));
        writeln!(out, "{file}:{}: {place}: {}", hit.section.line, snippets.join(" … "))?;
        if style.explain {
            writeln!(out, "  {}", explain::score(hit))?;
        }
    }
    Ok(())
}

/// A fragment on one line, its highlights coloured, sanitized.
pub fn marked(fragment: &Fragment, colored: bool) -> String {
    let mut line = String::with_capacity(fragment.text.len() + 32);
    for (at, c) in fragment.text.chars().enumerate() {
        if colored && fragment.highlights.iter().any(|&(start, _)| start == at) {
            line.push_str("\x1b[1;31m");
        }
        sanitize::push(c, &mut line);
        if colored && fragment.highlights.iter().any(|&(_, end)| end == at + 1) {
            line.push_str("\x1b[0m");
        }
    }
    line
}
