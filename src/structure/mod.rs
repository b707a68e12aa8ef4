//! Extracted paragraphs → a document: its outline and its metadata.

mod agency;
mod citation;
mod effect;
mod fields;
mod front;
mod heading;
mod history;
mod level;
mod lines;
mod metadata;
mod numbering;
mod outline;
mod parts;
mod run_on;
mod sections;
mod sequence;
mod signature;
mod status;
#[cfg(test)]
mod tests;
mod text;
mod wrapped;

use std::path::Path;

use crate::document::{Date, Document};
use crate::extract::Extracted;

/// Reads outline and metadata. Never fails: whatever is not understood is text.
/// `name` is the file's name (or key), for the metadata it may carry.
///
/// Whether a document is in force may depend on the day: see [`parse_on`].
pub fn parse(extracted: &Extracted, name: &Path) -> Document {
    parse_with(extracted, name, Date::today())
}

/// Like [`parse`], with the day on which the document is read.
pub fn parse_on(extracted: &Extracted, name: &Path, today: Date) -> Document {
    parse_with(extracted, name, Some(today))
}

fn parse_with(extracted: &Extracted, name: &Path, today: Option<Date>) -> Document {
    let lines = lines::prepare(&extracted.paragraphs);
    let front = front::read(&lines, &extracted.hints, name);
    let parts = parts::find(&lines, front.title_lines.end, &front.title);
    let metadata = metadata::read(&lines, &front, &parts, &extracted.hints, name, today);
    let nodes = outline::build(&lines, front.title_lines.end, &parts);
    let sections = sections::build(&lines, nodes, front.end);
    let citations = citation::find(&sections, &front.title, metadata.number.as_ref());
    Document { title: front.title, metadata, sections, citations }
}
