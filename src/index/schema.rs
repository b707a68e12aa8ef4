//! The field of tantivy's index, and the version of the whole index's meaning.
//!
//! | field | of | what for |
//! |---|---|---|
//! | `key` | every record | deleting all records of a document |
//!
//! What is searched and shown is no field: the characters, words and labels of texts,
//! the sections, and what a document is beside them are in files of their own beside
//! tantivy's, see [`crate::postings`], [`crate::texts`] and [`crate::heads`]. A document
//! record is the record of its front section (ordinal 0); the others follow it.

use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

/// Changes whenever an index written before can no longer be read right: files,
/// record encoding, tokenizers, folding.
pub(crate) const SCHEMA_VERSION: u32 = 7;

/// The label of sections which define an abbreviation （以下简称…）. No section's
/// number has a blank at its head.
pub(crate) const DEFINES: &str = " 简称";

/// The fields, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub key: Field,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let whole = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic);
    let term = TextOptions::default().set_indexing_options(whole.set_fieldnorms(false));
    let fields = Fields { key: builder.add_text_field("key", term) };
    (builder.build(), fields)
}
