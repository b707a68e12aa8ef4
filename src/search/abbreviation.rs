//! Names that a document gives to what it speaks of:
//! 建设先行示范区（以下简称“示范区”）. In that document, 示范区 is an occurrence of
//! 先行示范区.
//!
//! The index marks the sections that hold such a definition, so a keyword costs
//! one intersection, and only definitions of that very keyword are read.

use crate::analysis::abbreviations;
use crate::index::plugin;
use crate::index::schema::DEFINES;
use crate::postings::Place;
use crate::query::KeywordStyle;

use super::bits::Bits;
use super::plan::{Leaf, Phrase};
use super::segment::SegmentView;

/// Definitions of one keyword that are followed in one segment.
const MAX_DEFINITIONS: usize = 200;

/// What one document calls a keyword.
pub(crate) struct Abbreviation {
    /// The document's record.
    pub document: u32,
    /// The short form, folded.
    pub text: String,
    /// The same as a phrase.
    pub phrase: Phrase,
    /// The sections of the document that hold it.
    pub sections: Vec<u32>,
}

/// The abbreviations of a keyword; `text` is where it occurs itself.
pub(super) fn find(leaf: &Leaf, text: &Bits, view: &SegmentView<'_>) -> tantivy::Result<Vec<Abbreviation>> {
    let mut found: Vec<Abbreviation> = Vec::new();
    if leaf.style != KeywordStyle::Plain || leaf.text.chars().nth(2).is_none() {
        return Ok(found);
    }
    let mut defining = Bits::empty(view.max_doc());
    view.label(DEFINES, &mut defining)?;
    defining.and(text);
    for record in defining.iter().take(MAX_DEFINITIONS) {
        let document = view.document_of(record);
        for short in abbreviations::short_names(&view.section(record)?.text, &leaf.text) {
            let phrase = Phrase::new(&short);
            if found.iter().any(|known| known.document == document && known.phrase.terms == phrase.terms) {
                continue;
            }
            let mut sections = Vec::new();
            // A name is short and often a frequent word, and a document is small.
            let postings = view.postings();
            postings
                .matches(Place::Text, Some(&view.records_of(document)), &phrase.terms)
                .and_then(|matches| postings.records_of(&matches, |record, _| sections.push(record)))
                .map_err(plugin::damaged)?;
            found.push(Abbreviation { document, text: short, phrase, sections });
        }
    }
    Ok(found)
}
