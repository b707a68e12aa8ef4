//! Extracted paragraphs → a document: its outline and its metadata.

use std::path::Path;

use crate::document::Document;
use crate::extract::Extracted;

/// Reads outline and metadata. Never fails: whatever is not understood is text.
/// `name` is the file's name (or key), for the metadata it may carry.
pub fn parse(extracted: &Extracted, name: &Path) -> Document {
    let _ = (extracted, name);
    Document::default()
}
