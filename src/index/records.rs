//! Documents ↔ records: what is written for a document, and how it is read back.
//!
//! Sections are stored by [`crate::texts`], what a document is beside them as JSON by
//! tantivy: it may grow from version to version.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ReferenceValue, ReferenceValueLeaf, Value,
    ValueDeserialize, ValueDeserializer,
};

use crate::document::{Citation, Document, Metadata, Section};
use crate::postings::{self, Piece};
use crate::{Error, ErrorKind, Result, texts};

use super::schema::{DEFINES, Fields};

/// What a document is beside its sections, as stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct DocumentHead {
    pub key: String,
    pub title: String,
    pub format: String,
    pub encoding: Option<String>,
    pub sections: u32,
    pub metadata: Metadata,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
    /// For a file that could not be read: the error's kind, message and remedy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<StoredFailure>,
}

/// What of a [`DocumentHead`] is shown with a hit: citations, of which a law may have
/// hundreds, are passed over.
#[derive(Debug, Deserialize)]
pub(crate) struct DocumentSummary {
    pub key: String,
    pub title: String,
    pub sections: u32,
    pub metadata: Metadata,
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

/// One record, as handed to tantivy.
pub(crate) struct Record {
    values: Vec<(Field, Cell)>,
    /// What is stored by [`crate::texts`], and searched.
    section: Section,
    /// Of a document record: the document's title.
    title: Option<String>,
    /// What is searched beside the text.
    searched: Searched,
    /// Returns the bytes to the pipeline's budget when the record is indexed.
    _charge: Option<Arc<Charge>>,
}

/// What of a record is searched beside its stored text.
#[derive(Debug, Default)]
struct Searched {
    /// Whether the title is, as the text does not have it.
    has_title: bool,
    /// Title and headings that begin with this record: all are the document record's.
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Cell {
    Str(String),
    Shared(Arc<str>),
    U64(u64),
    I64(i64),
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
    charge: Option<Arc<Charge>>,
) -> Result<Vec<Record>> {
    let key: Arc<str> = origin.key.as_str().into();
    let mut sections = document.sections;
    if sections.first().is_none_or(|first| first.level != 0 || first.ordinal != 0) {
        sections.insert(0, Section { line: 1, ..Section::default() });
    }
    let mut pieces = pieces(&document.title, &sections);
    let mut records = Vec::with_capacity(sections.len());
    for (ordinal, mut section) in sections.into_iter().enumerate() {
        section.ordinal = ordinal as u32;
        let mut values = Vec::with_capacity(if ordinal == 0 { 20 } else { 3 });
        let mut searched = Searched::default();
        values.push((fields.key, Cell::Shared(key.clone())));
        values.push((fields.ordinal, Cell::U64(ordinal as u64)));
        if !section.label.is_empty() {
            values.push((fields.label, Cell::Str(section.label.clone())));
        }
        if section.text.contains("简称") || section.text.contains("下称") || section.text.contains("统称") {
            values.push((fields.label, Cell::Str(DEFINES.to_owned())));
        }
        if ordinal == 0 {
            let status = if head.metadata.secrecy.is_some() { STATUS_CLASSIFIED } else { STATUS_OK };
            push_document_values(fields, origin, head, status, &mut values)?;
            // A title from the file's name or the page's head is nowhere in the text.
            let title = &document.title;
            searched.has_title = !title.is_empty() && !holds(&section.text, title);
            searched.pieces = std::mem::take(&mut pieces);
        }
        let title = (ordinal == 0).then(|| document.title.clone());
        records.push(Record { values, section, title, searched, _charge: charge.clone() });
    }
    Ok(records)
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
    let mut values = vec![(fields.key, Cell::Str(origin.key.clone())), (fields.ordinal, Cell::U64(0))];
    push_document_values(fields, origin, head, STATUS_FAILED, &mut values)?;
    let title = Some(String::new());
    Ok(Record { values, section: Section::default(), title, searched: Searched::default(), _charge: None })
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

impl Record {
    /// Adds the texts that are searched as its own, one after the other, and the title
    /// and headings that begin with it. A record that no search finds has none.
    pub(crate) fn add_to_postings(&self, builder: &mut postings::Builder) {
        if self.title.is_some() {
            builder.begin_document();
        }
        let own = Some(self.section.text.as_str()).filter(|text| !text.is_empty());
        let title = self.title.as_deref().filter(|_| self.searched.has_title);
        builder.add_record(title.into_iter().chain(own), &self.searched.pieces);
    }

    /// Adds the section to what is stored.
    pub(crate) fn add_to_texts(&self, builder: &mut texts::Builder) {
        if let Some(title) = &self.title {
            builder.begin_document(title);
        }
        builder.add(&self.section);
    }
}

fn push_document_values(
    fields: &Fields,
    origin: &Origin,
    head: &DocumentHead,
    status: u64,
    values: &mut Vec<(Field, Cell)>,
) -> Result<()> {
    let json = serde_json::to_string(head).map_err(encoding_error)?;
    values.push((fields.document, Cell::Str(json)));
    values.push((fields.status, Cell::U64(status)));
    values.push((fields.size, Cell::U64(origin.size)));
    values.push((fields.mtime, Cell::I64(origin.mtime)));
    values.push((fields.hash, Cell::U64(origin.hash)));
    if status == STATUS_FAILED {
        return Ok(());
    }
    let metadata = &head.metadata;
    let texts = [
        (fields.agency, metadata.agency.clone().or_else(|| metadata.source.clone())),
        (fields.kind, metadata.kind.map(|kind| kind.name().to_owned())),
        (fields.level, metadata.level.map(|level| level.name().to_owned())),
        (fields.topic, metadata.topic.clone()),
        (fields.validity, metadata.validity.map(|validity| validity.name().to_owned())),
        (fields.number, metadata.number.as_ref().map(|number| number.canonical.clone())),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            values.push((field, Cell::Str(text)));
        }
    }
    let dates = [
        (fields.date, metadata.main_date()),
        (fields.written, metadata.written),
        (fields.published, metadata.published),
        (fields.effective, metadata.effective),
    ];
    for (field, date) in dates {
        if let Some(date) = date {
            values.push((field, Cell::U64(u64::from(date.as_number()))));
        }
    }
    Ok(())
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
    type Value<'a> = CellRef<'a>;
    type FieldsValuesIter<'a> = CellIter<'a>;

    fn iter_fields_and_values(&self) -> CellIter<'_> {
        CellIter(self.values.iter())
    }
}

pub(crate) struct CellIter<'a>(std::slice::Iter<'a, (Field, Cell)>);

impl<'a> Iterator for CellIter<'a> {
    type Item = (Field, CellRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(field, cell)| (*field, CellRef(cell)))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct CellRef<'a>(&'a Cell);

impl<'a> Value<'a> for CellRef<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.0 {
            Cell::Str(text) => ReferenceValueLeaf::Str(text),
            Cell::Shared(text) => ReferenceValueLeaf::Str(text),
            Cell::U64(number) => ReferenceValueLeaf::U64(*number),
            Cell::I64(number) => ReferenceValueLeaf::I64(*number),
        })
    }
}

/// What tantivy stores of a record: of a document record the document's part.
#[derive(Debug, Default)]
pub(crate) struct StoredRecord {
    document: Option<String>,
}

impl StoredRecord {
    /// Whether it is a document record.
    pub(crate) fn is_document(&self) -> bool {
        self.document.is_some()
    }

    /// The document's part of its document record.
    pub(crate) fn document(&self) -> Result<DocumentHead> {
        self.read()
    }

    /// What is shown of it.
    pub(crate) fn summary(&self) -> Result<DocumentSummary> {
        self.read()
    }

    fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        let json = self.document.as_deref().ok_or_else(|| corrupt("a document record without its document part"))?;
        serde_json::from_str(json).map_err(corrupt)
    }
}

fn corrupt(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Corrupt, "the index is damaged: a record cannot be read")
        .with_remedy("`gongwen verify` says what is damaged, `gongwen rebuild` makes the index anew")
        .with_source(cause)
}

impl DocumentDeserialize for StoredRecord {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut deserializer: D) -> Result<Self, DeserializeError> {
        let mut record = StoredRecord::default();
        while let Some((_, StoredText(text))) = deserializer.next_field()? {
            record.document = Some(text);
        }
        Ok(record)
    }
}

struct StoredText(String);

impl ValueDeserialize for StoredText {
    fn deserialize<'de, D: ValueDeserializer<'de>>(deserializer: D) -> Result<Self, DeserializeError> {
        deserializer.deserialize_string().map(StoredText)
    }
}
