//! The fields of the index, and the version of their meaning.
//!
//! | field | of | what for |
//! |---|---|---|
//! | `key` | every record | finding and deleting all records of a document |
//! | `words` | every record | jieba words of the text, for ranking and the second tier |
//! | `context_words` | every record | jieba words of title and path, likewise |
//! | `chars` | every record | characters of the text (and heading) with positions, for literal matches; stored |
//! | `context` | every record | characters of title and path with positions |
//! | `label` | every record | the section's number, as one term; [`DEFINES`] |
//! | `ordinal` | every record | place in the document; a record's document record stands `ordinal` places before it |
//! | `head` | every record | stored: what a section is beside its text |
//! | `document` | document record | stored: what a document is beside its sections |
//! | `status`, `size`, `mtime`, `hash` | document record | the manifest that `update` compares files with |
//! | `agency` … `effective` | document record | filters and facets |
//!
//! A document record is the record of its front section (ordinal 0).

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};

use crate::analysis::{CharsTokenizer, Segmenter, WordsTokenizer};

/// Changes whenever an index written before can no longer be read right: fields,
/// record encoding, tokenizers, folding.
pub(crate) const SCHEMA_VERSION: u32 = 3;

/// The term of `label` that marks sections which define an abbreviation
/// （以下简称…）. No label has a blank at its head.
pub(crate) const DEFINES: &str = " 简称";

/// The fields, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub key: Field,
    pub words: Field,
    pub context_words: Field,
    pub chars: Field,
    pub context: Field,
    pub label: Field,
    pub ordinal: Field,
    pub head: Field,
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

fn text(tokenizer: &str, record: IndexRecordOption, fieldnorms: bool) -> TextOptions {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(fieldnorms);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    use IndexRecordOption::{Basic, WithFreqs, WithFreqsAndPositions};
    let mut builder = Schema::builder();
    let facet = || TextOptions::default().set_fast("raw");
    let fields = Fields {
        key: builder.add_text_field("key", text("raw", Basic, false)),
        words: builder.add_text_field("words", text("words", WithFreqs, true)),
        context_words: builder.add_text_field("context_words", text("words", WithFreqs, true)),
        chars: builder.add_text_field("chars", text("chars", WithFreqsAndPositions, false).set_stored()),
        context: builder.add_text_field("context", text("chars", WithFreqsAndPositions, false)),
        label: builder.add_text_field("label", text("raw", Basic, false)),
        ordinal: builder.add_u64_field("ordinal", FAST),
        head: builder.add_bytes_field("head", STORED),
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

/// The tokenizers the schema names.
pub(crate) fn tokenizers(segmenter: &Segmenter) -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register("raw", TextAnalyzer::from(RawTokenizer::default()));
    manager.register("words", TextAnalyzer::from(WordsTokenizer::new(segmenter.clone())));
    manager.register("chars", TextAnalyzer::from(CharsTokenizer::new()));
    manager
}
