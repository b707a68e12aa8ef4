//! Documents ↔ records: what is written for a document, and how it is read back.
//!
//! Sections are stored by [`crate::texts`], what a document is beside them by
//! [`crate::heads`]: in two parts of JSON, which may grow from version to version.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tantivy::schema::Field;
use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf, Value};

use crate::document::{Citation, Document, Metadata, Section};
use crate::heads::{self, Column, Head, Heads, Manifest, Number};
use crate::postings::{self, Piece};
use crate::{Error, ErrorKind, Result, texts};

use super::packed;
use super::schema::{DEFINES, Fields};

/// What a document is beside its sections.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentHead {
    pub key: String,
    pub title: String,
    pub format: String,
    pub encoding: Option<String>,
    pub sections: u32,
    pub metadata: Metadata,
    pub citations: Vec<Citation>,
    /// For a file that could not be read: the error's kind, message and remedy.
    pub failure: Option<StoredFailure>,
}

/// What of a [`DocumentHead`] is shown with a hit.
#[derive(Debug)]
pub(crate) struct DocumentSummary {
    pub key: String,
    pub title: String,
    pub sections: u32,
    pub metadata: Metadata,
}

/// That, as stored.
#[derive(Serialize, Deserialize)]
struct Shown<T, M> {
    title: T,
    sections: u32,
    metadata: M,
}

/// The rest, as stored: a law may have hundreds of citations.
#[derive(Serialize, Deserialize)]
struct Hidden<T, C, F> {
    format: T,
    encoding: Option<T>,
    citations: C,
    failure: Option<F>,
}

impl DocumentHead {
    /// Reads the head of a document, by its place among those of a segment.
    pub(crate) fn read(heads: &Heads, document: usize) -> Result<Self> {
        let DocumentSummary { key, title, sections, metadata } = DocumentSummary::read(heads, document)?;
        let hidden: Hidden<String, Vec<Citation>, StoredFailure> = parse(heads.hidden(document))?;
        let Hidden { format, encoding, citations, failure } = hidden;
        Ok(DocumentHead { key, title, format, encoding, sections, metadata, citations, failure })
    }

    /// Both parts, as they are stored.
    fn pack(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let shown = Shown { title: &self.title, sections: self.sections, metadata: &self.metadata };
        let hidden = Hidden {
            format: &self.format,
            encoding: self.encoding.as_ref(),
            citations: &self.citations,
            failure: self.failure.as_ref(),
        };
        let shown = serde_json::to_vec(&shown).map_err(encoding_error)?;
        let hidden = serde_json::to_vec(&hidden).map_err(encoding_error)?;
        Ok((packed::pack(&shown), packed::pack(&hidden)))
    }
}

impl DocumentSummary {
    /// As [`DocumentHead::read`].
    pub(crate) fn read(heads: &Heads, document: usize) -> Result<Self> {
        let key = heads.key(document).map_err(|_| corrupt("the key of a document is damaged"))?.to_owned();
        let Shown { title, sections, metadata } = parse(heads.shown(document))?;
        Ok(DocumentSummary { key, title, sections, metadata })
    }
}

fn parse<T: DeserializeOwned>(packed: heads::Result<&[u8]>) -> Result<T> {
    let json = packed.and_then(packed::unpack).map_err(|_| corrupt("what is stored of a document is damaged"))?;
    serde_json::from_slice(&json).map_err(corrupt)
}

/// Why a file is not searchable, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredFailure {
    pub kind: String,
    pub message: String,
    pub remedy: Option<String>,
}

/// Where a document came from; key is `f:` + path for a file, `v:` + key for a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub key: String,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    pub hash: u64,
}

/// `status` of a document that was read.
pub(crate) const STATUS_OK: u64 = 0;
/// `status` of a record that no search finds: of a file that could not be read, or
/// of an archive, whose members are the documents.
pub(crate) const STATUS_FAILED: u64 = 1;
/// `status` of a document that was read and is marked 秘密, 机密 or 绝密.
pub(crate) const STATUS_CLASSIFIED: u64 = 2;

/// One record, as handed to tantivy: a section of a document, its first the document's.
/// tantivy keeps room for ten thousand batches of four, so it is small.
pub(crate) struct Record {
    document: Arc<Prepared>,
    ordinal: u32,
}

/// A document whose records are indexed.
struct Prepared {
    key: (Field, String),
    title: String,
    /// What is stored by [`crate::texts`], and searched.
    sections: Vec<Section>,
    /// What is stored by [`crate::heads`], all but the document record's number.
    head: Head,
    /// Whether the title is searched beside the text, which does not have it.
    has_title: bool,
    /// Title and headings, which are searched with the records below them.
    pieces: Vec<Piece>,
    /// Returns the bytes to the pipeline's budget when the records are indexed.
    _charge: Option<Charge>,
}

/// Bytes a document holds in memory between parsing and indexing.
pub(crate) struct Charge {
    pub bytes: usize,
    pub in_flight: Arc<AtomicUsize>,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(self.bytes, Ordering::Release);
    }
}

/// The records of a document, its document record first.
pub(crate) fn records(
    fields: &Fields,
    origin: &Origin,
    head: &DocumentHead,
    document: Document,
    charge: Option<Charge>,
) -> Result<Vec<Record>> {
    let mut sections = document.sections;
    if sections.first().is_none_or(|first| first.level != 0 || first.ordinal != 0) {
        sections.insert(0, Section { line: 1, ..Section::default() });
    }
    sections.iter_mut().zip(0..).for_each(|(section, ordinal)| section.ordinal = ordinal);
    let status = if head.metadata.secrecy.is_some() { STATUS_CLASSIFIED } else { STATUS_OK };
    let title = document.title;
    let prepared = Prepared {
        key: (fields.key, origin.key.clone()),
        head: document_values(origin, head, status)?,
        // A title from the file's name or the page's head is nowhere in the text.
        has_title: !title.is_empty() && !holds(&sections[0].text, &title),
        pieces: pieces(&title, &sections),
        title,
        sections,
        _charge: charge,
    };
    Ok(prepared.into_records())
}

/// The single record of a file whose documents have records of their own: it only
/// says what the file was like when it was read.
pub(crate) fn container_record(fields: &Fields, origin: &Origin) -> Result<Record> {
    let head = DocumentHead { key: origin.key.clone(), format: "archive".to_owned(), ..DocumentHead::default() };
    silent_record(fields, origin, &head)
}

/// The single record of a file that could not be read.
pub(crate) fn failure_record(fields: &Fields, origin: &Origin, error: &Error) -> Result<Record> {
    let failure = StoredFailure {
        kind: error.kind().name().to_owned(),
        message: error.message_with_causes(),
        remedy: error.remedy().map(str::to_owned),
    };
    stored_failure_record(fields, origin, failure)
}

/// As [`failure_record`], of a failure that is stored already.
pub(crate) fn stored_failure_record(fields: &Fields, origin: &Origin, failure: StoredFailure) -> Result<Record> {
    let head = DocumentHead { key: origin.key.clone(), failure: Some(failure), ..DocumentHead::default() };
    silent_record(fields, origin, &head)
}

/// A record that no search finds.
fn silent_record(fields: &Fields, origin: &Origin, head: &DocumentHead) -> Result<Record> {
    let prepared = Prepared {
        key: (fields.key, origin.key.clone()),
        title: String::new(),
        sections: vec![Section::default()],
        head: document_values(origin, head, STATUS_FAILED)?,
        has_title: false,
        pieces: Vec::new(),
        _charge: None,
    };
    Ok(Record { document: Arc::new(prepared), ordinal: 0 })
}

/// A document's title and headings, each with the sections it stands over.
fn pieces(title: &str, sections: &[Section]) -> Vec<Piece> {
    let count = sections.len() as u32;
    let mut pieces = Vec::new();
    if !title.is_empty() {
        pieces.push(Piece { text: title.to_owned(), from: 0, to: count });
    }
    // Places in `pieces` of the headings over the last section.
    let mut open: Vec<usize> = Vec::new();
    for (ordinal, section) in sections.iter().enumerate() {
        let ordinal = ordinal as u32;
        let shared = open.iter().zip(&section.path).take_while(|(at, heading)| pieces[**at].text == **heading).count();
        open.truncate(shared);
        for heading in &section.path[shared..] {
            open.push(pieces.len());
            pieces.push(Piece { text: heading.clone(), from: ordinal, to: ordinal });
        }
        open.iter().for_each(|&at| pieces[at].to = ordinal + 1);
    }
    pieces
}

impl Prepared {
    fn into_records(self) -> Vec<Record> {
        let ordinals = 0..self.sections.len() as u32;
        let document = Arc::new(self);
        ordinals.map(|ordinal| Record { document: document.clone(), ordinal }).collect()
    }
}

impl Record {
    /// Its document's key.
    pub(crate) fn key(&self) -> &str {
        &self.document.key.1
    }

    fn section(&self) -> &Section {
        &self.document.sections[self.ordinal as usize]
    }

    /// Its document, if that begins with it.
    fn begun(&self) -> Option<&Prepared> {
        Some(&*self.document).filter(|_| self.ordinal == 0)
    }

    /// Adds the texts that are searched as its own, one after the other, and the title
    /// and headings that begin with it: all are the document record's. A record that no
    /// search finds has none.
    pub(crate) fn add_to_postings(&self, builder: &mut postings::Builder) {
        let Section { text, label, .. } = self.section();
        let begun = self.begun();
        if begun.is_some() {
            builder.begin_document();
        }
        let title = begun.filter(|document| document.has_title).map(|document| document.title.as_str());
        let texts = title.into_iter().chain(Some(text.as_str()).filter(|text| !text.is_empty()));
        let label = Some(label.as_str()).filter(|label| !label.is_empty());
        let defines = text.match_indices('称').any(|(at, _)| text[..at].ends_with(['简', '下', '统']));
        let labels = label.into_iter().chain(defines.then_some(DEFINES));
        builder.add_record(texts, labels, begun.map_or(&[], |document| &document.pieces));
    }

    /// Adds the section to what is stored.
    pub(crate) fn add_to_texts(&self, builder: &mut texts::Builder) {
        if let Some(document) = self.begun() {
            builder.begin_document(&document.title);
        }
        builder.add(self.section());
    }

    /// Adds the document that begins with this record, if one does.
    pub(crate) fn add_to_heads(&self, record: u32, builder: &mut heads::Builder) {
        if let Some(document) = self.begun() {
            builder.add(Head { record, ..document.head.clone() });
        }
    }
}

/// What is stored of a document, in no record yet.
fn document_values(origin: &Origin, head: &DocumentHead, status: u64) -> Result<Head> {
    let (shown, hidden) = head.pack()?;
    let manifest = Manifest { size: origin.size, mtime: origin.mtime, hash: origin.hash, status };
    let mut values = Head { manifest, key: head.key.clone(), shown, hidden, ..Head::default() };
    if status == STATUS_FAILED {
        return Ok(values);
    }
    let metadata = &head.metadata;
    let texts = [
        (Column::Agency, metadata.agency.clone().or_else(|| metadata.source.clone())),
        (Column::Kind, metadata.kind.map(|kind| kind.name().to_owned())),
        (Column::Level, metadata.level.map(|level| level.name().to_owned())),
        (Column::Topic, metadata.topic.clone()),
        (Column::Validity, metadata.validity.map(|validity| validity.name().to_owned())),
        (Column::Number, metadata.number.as_ref().map(|number| number.canonical.clone())),
    ];
    for (column, text) in texts {
        values.values[column as usize] = text;
    }
    let dates = [
        (Number::Date, metadata.main_date()),
        (Number::Written, metadata.written),
        (Number::Published, metadata.published),
        (Number::Effective, metadata.effective),
    ];
    for (column, date) in dates {
        values.numbers[column as usize] = date.map_or(0, |date| date.as_number());
    }
    Ok(values)
}

fn encoding_error(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::LimitExceeded, "cannot encode the document for the index").with_source(cause)
}

/// Whether a keyword that is found in `part` is found in `text`.
fn holds(text: &str, part: &str) -> bool {
    // Not as a string: 200 is no part of 2000.
    let text = crate::analysis::chars::CharText::new(text);
    text.contains(&crate::analysis::chars::CharText::new(part))
}

impl tantivy::Document for Record {
    type Value<'a> = Text<'a>;
    type FieldsValuesIter<'a> = std::iter::Once<(Field, Text<'a>)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let (field, key) = &self.document.key;
        std::iter::once((*field, Text(key)))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(&'a str);

impl<'a> Value<'a> for Text<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(ReferenceValueLeaf::Str(self.0))
    }
}

fn corrupt(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Corrupt, "the index is damaged: a record cannot be read")
        .with_remedy("`gongwen verify` says what is damaged, `gongwen rebuild` makes the index anew")
        .with_source(cause)
}
