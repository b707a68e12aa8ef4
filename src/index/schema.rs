//! The fields of the index, and the version of their meaning.
//!
//! | field | of | what for |
//! |---|---|---|
//! | `key` | every record | finding and deleting all records of a document |
//! | `label` | every record | the section's number, as one term; [`DEFINES`] |
//! | `ordinal` | every record | place in the document; a record's document record stands `ordinal` places before it |
//! | `document` | document record | stored: what a document is beside its sections |
//! | `status`, `size`, `mtime`, `hash` | document record | the manifest that `update` compares files with |
//! | `agency` … `effective` | document record | filters and facets |
//!
//! A document record is the record of its front section (ordinal 0).
//!
//! What is searched, the characters and words of text, title and headings, and the
//! sections themselves are no fields: they are in files of their own beside
//! tantivy's, see [`crate::postings`] and [`crate::texts`].

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

/// Changes whenever an index written before can no longer be read right: fields,
/// record encoding, tokenizers, folding.
pub(crate) const SCHEMA_VERSION: u32 = 6;

/// The term of `label` that marks sections which define an abbreviation
/// （以下简称…）. No label has a blank at its head.
pub(crate) const DEFINES: &str = " 简称";

/// The fields, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub key: Field,
    pub label: Field,
    pub ordinal: Field,
    pub document: Field,
    pub status: Field,
    pub size: Field,
    pub mtime: Field,
    pub hash: Field,
    pub agency: Field,
    pub kind: Field,
    pub level: Field,
    pub topic: Field,
    pub validity: Field,
    pub number: Field,
    pub date: Field,
    pub written: Field,
    pub published: Field,
    pub effective: Field,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let term = || {
        let whole = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic);
        TextOptions::default().set_indexing_options(whole.set_fieldnorms(false))
    };
    let facet = || TextOptions::default().set_fast("raw");
    let fields = Fields {
        key: builder.add_text_field("key", term()),
        label: builder.add_text_field("label", term()),
        ordinal: builder.add_u64_field("ordinal", FAST),
        document: builder.add_text_field("document", STORED),
        status: builder.add_u64_field("status", FAST),
        size: builder.add_u64_field("size", FAST),
        mtime: builder.add_i64_field("mtime", FAST),
        hash: builder.add_u64_field("hash", FAST),
        agency: builder.add_text_field("agency", facet()),
        kind: builder.add_text_field("kind", facet()),
        level: builder.add_text_field("level", facet()),
        topic: builder.add_text_field("topic", facet()),
        validity: builder.add_text_field("validity", facet()),
        number: builder.add_text_field("number", facet()),
        date: builder.add_u64_field("date", FAST),
        written: builder.add_u64_field("written", FAST),
        published: builder.add_u64_field("published", FAST),
        effective: builder.add_u64_field("effective", FAST),
    };
    (builder.build(), fields)
}
