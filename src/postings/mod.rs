//! The inverted index of one segment: which characters and words stand where.
//!
//! tantivy keeps the segments (what is committed, merged, deleted). Its own postings
//! cost a hash of the term's bytes for each of the eight million characters of a small
//! collection, and repeat title and headings for every section below them. This room
//! knows what it indexes: some thousand characters, found by number; positions counted
//! through the whole segment, so that a phrase is an intersection of plain lists; title
//! and headings once, with the range of records they stand over.
//!
//! | part | of | units |
//! |---|---|---|
//! | [`Place::Text`] | the sections' own text and heading | records |
//! | [`Place::Context`] | titles and headings | pieces, each over a range of records |
//!
//! Each part has the units' places, a dictionary (FST) of characters with the
//! ascending list of their positions, one of words with the units that hold
//! them and how often, and one of labels (第十二条), found as a whole, with the units
//! that have them. A position counts the tokens of [`crate::analysis::chars`]
//! from the segment's beginning; one is left free between units.
//!
//! Bytes in, bytes out: files, segments and tantivy are `index/plugin.rs`'s
//! business. Merging decodes and encodes again, and gives the very bytes that
//! building from the texts would.

mod builder;
mod codec;
mod common;
mod deal;
mod encoder;
mod format;
mod lists;
mod merge;
mod near;
mod phrase;
mod pool;
mod reader;
#[cfg(test)]
mod tests;
mod units;
mod word_list;

pub(crate) use builder::{Builder, Piece};
pub(crate) use codec::Damaged;
pub(crate) use merge::{Source, merge};
pub(crate) use near::Spans;
pub(crate) use phrase::Matches;
pub(crate) use reader::{Kind, Postings};
pub(crate) use word_list::{WordCounts, WordList};

/// Which texts of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Its own text and heading; of a document record also the title.
    Text,
    /// The document's title and the headings over it.
    Context,
}
