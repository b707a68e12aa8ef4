//! The differences between two versions for a reader.

use std::io::{self, Write};

use gongwen::Document;
use gongwen::catalog::{Change, ChangeKind, Diff, PieceKind, Place};

use crate::sanitize;

/// Characters of unchanged text shown on either side of a change.
const CONTEXT_CHARS: usize = 24;

/// One paragraph a change; what is taken out stands in [-…-], what is put in in
/// {+…+}, in colour without them.
pub fn print(old: &Document, new: &Document, diff: &Diff, colored: bool, out: &mut impl Write) -> io::Result<()> {
    let date = |document: &Document| document.metadata.version_date().map_or("-".to_owned(), |date| date.to_string());
    writeln!(out, "--- {} {}", sanitize::text(&old.title), date(old))?;
    writeln!(out, "+++ {} {}", sanitize::text(&new.title), date(new))?;
    for change in &diff.changes {
        print_change(change, colored, out)?;
    }
    let count = |kind| diff.changes.iter().filter(|change| change.kind == kind).count();
    writeln!(
        out,
        "\n修改 {}，新增 {}，删除 {}，仅序号变动 {}，未变 {}",
        count(ChangeKind::Changed),
        count(ChangeKind::Added),
        count(ChangeKind::Removed),
        count(ChangeKind::Renumbered),
        diff.unchanged
    )
}

fn print_change(change: &Change, colored: bool, out: &mut impl Write) -> io::Result<()> {
    let name = |place: &Option<Place>| place.as_ref().map(name_of).unwrap_or_default();
    let (old, new) = (name(&change.old), name(&change.new));
    let moved = if change.moved { "（移位）" } else { "" };
    match change.kind {
        ChangeKind::Renumbered => return writeln!(out, "\n= {old} → {new}{moved}"),
        ChangeKind::Added => writeln!(out, "\n+ {new}{moved}")?,
        ChangeKind::Removed => writeln!(out, "\n- {old}{moved}")?,
        ChangeKind::Changed if old == new => writeln!(out, "\n~ {new}{moved}")?,
        ChangeKind::Changed => writeln!(out, "\n~ {old} → {new}{moved}")?,
    }
    write!(out, "    ")?;
    let last = change.pieces.len().saturating_sub(1);
    for (at, piece) in change.pieces.iter().enumerate() {
        let text = sanitize::text(&piece.text.replace('\n', " ")).into_owned();
        match (piece.kind, colored) {
            (PieceKind::Kept, _) => write!(out, "{}", shortened(&text, at == 0, at == last))?,
            (PieceKind::Deleted, true) => write!(out, "\x1b[31;9m{text}\x1b[0m")?,
            (PieceKind::Inserted, true) => write!(out, "\x1b[32m{text}\x1b[0m")?,
            (PieceKind::Deleted, false) => write!(out, "[-{text}-]")?,
            (PieceKind::Inserted, false) => write!(out, "{{+{text}+}}")?,
        }
    }
    writeln!(out)
}

fn name_of(place: &Place) -> String {
    let label = if place.label.is_empty() { &place.heading } else { &place.label };
    let label = if label.is_empty() { "·" } else { label };
    sanitize::text(label).into_owned()
}

/// The ends of a long unchanged text that touch a change.
fn shortened(text: &str, is_first: bool, is_last: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 2 * CONTEXT_CHARS + 2 {
        return text.to_owned();
    }
    let head: String = if is_first { String::new() } else { chars[..CONTEXT_CHARS].iter().collect() };
    let tail: String = if is_last { String::new() } else { chars[chars.len() - CONTEXT_CHARS..].iter().collect() };
    format!("{head}…{tail}")
}
