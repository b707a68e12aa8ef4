//! Documents ↔ records: what is written for a document, and how it is read back.
//!
//! The record encoding is [postcard]: small, maintained, and read without
//! copying. What may grow from version to version (metadata) is JSON inside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ReferenceValue, ReferenceValueLeaf, Value,
    ValueDeserialize, ValueDeserializer, ValueType, ValueVisitor,
};

use crate::document::{Citation, Document, Item, Metadata, Section};
use crate::{Error, ErrorKind, Result};

use crate::postings::{Builder, Piece};

use super::schema::{DEFINES, Fields};

/// What a section is beside its text, as stored.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    ordinal: u32,
    level: u8,
    line: u32,
    #[serde(borrow)]
    label: &'a str,
    #[serde(borrow)]
    heading: &'a str,
    #[serde(borrow)]
    path: Vec<&'a str>,
    #[serde(borrow)]
    items: Vec<(&'a str, u8, u32)>,
}

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
    /// What is searched beside the text.
    searched: Searched,
    /// Returns the bytes to the pipeline's budget when the record is indexed.
    _charge: Option<Arc<Charge>>,
}

/// What of a record is searched beside its stored text.
#[derive(Debug, Default)]
struct Searched {
    /// The title, of a document record whose text does not have it.
    title: Option<String>,
    /// Title and headings that begin with this record: all are the document record's.
    pieces: Vec<Piece>,
    /// Of any other record than a document's.
    is_further: bool,
}

#[derive(Clone, Debug)]
enum Cell {
    Str(String),
    Shared(Arc<str>),
    U64(u64),
    I64(i64),
    Bytes(Vec<u8>),
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
    for (ordinal, section) in sections.into_iter().enumerate() {
        let mut values = Vec::with_capacity(if ordinal == 0 { 20 } else { 5 });
        let mut searched = Searched { is_further: ordinal > 0, ..Searched::default() };
        values.push((fields.key, Cell::Shared(key.clone())));
        values.push((fields.ordinal, Cell::U64(ordinal as u64)));
        values.push((fields.head, Cell::Bytes(encode_head(&section, ordinal as u32)?)));
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
            searched.title = (!title.is_empty() && !holds(&section.text, title)).then(|| title.clone());
            searched.pieces = std::mem::take(&mut pieces);
        }
        values.push((fields.text, Cell::Str(section.text)));
        records.push(Record { values, searched, _charge: charge.clone() });
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
    let mut values = vec![
        (fields.key, Cell::Str(origin.key.clone())),
        (fields.ordinal, Cell::U64(0)),
        (fields.head, Cell::Bytes(encode_head(&Section::default(), 0)?)),
    ];
    push_document_values(fields, origin, head, STATUS_FAILED, &mut values)?;
    Ok(Record { values, searched: Searched::default(), _charge: None })
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
    pub(crate) fn add_to(&self, builder: &mut Builder, fields: &Fields) {
        if !self.searched.is_further {
            builder.begin_document();
        }
        let text = self.values.iter().filter_map(|(field, cell)| match cell {
            Cell::Str(text) if *field == fields.text => Some(text.as_str()),
            _ => None,
        });
        builder.add_record(self.searched.title.as_deref().into_iter().chain(text), &self.searched.pieces);
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

fn encode_head(section: &Section, ordinal: u32) -> Result<Vec<u8>> {
    let head = Head {
        ordinal,
        level: section.level,
        line: section.line,
        label: &section.label,
        heading: &section.heading,
        path: section.path.iter().map(String::as_str).collect(),
        items: section.items.iter().map(|item| (item.label.as_str(), item.level, item.start)).collect(),
    };
    postcard::to_stdvec(&head).map_err(encoding_error)
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
            Cell::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}

/// A record as read from the store: its stored values, in the order written.
#[derive(Debug, Default)]
pub(crate) struct StoredRecord {
    head: Vec<u8>,
    document: Option<String>,
    text: String,
}

impl StoredRecord {
    /// Whether it is of a document's front section, by the ordinal at the head of
    /// `head`.
    fn is_front(&self) -> bool {
        self.head.first() == Some(&0)
    }

    /// The section's text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a document record.
    pub(crate) fn is_document(&self) -> bool {
        self.document.is_some()
    }

    /// The section's label and the headings on the way to it.
    pub(crate) fn place(&self) -> Result<(&str, Vec<&str>)> {
        let head: Head<'_> = postcard::from_bytes(&self.head).map_err(corrupt)?;
        Ok((head.label, head.path))
    }

    /// The section, whole.
    pub(crate) fn into_section(self) -> Result<Section> {
        let head: Head<'_> = postcard::from_bytes(&self.head).map_err(corrupt)?;
        let items = head.items.iter().map(|&(label, level, start)| Item { label: label.to_owned(), level, start });
        Ok(Section {
            ordinal: head.ordinal,
            level: head.level,
            label: head.label.to_owned(),
            heading: head.heading.to_owned(),
            path: head.path.iter().map(|&heading| heading.to_owned()).collect(),
            line: head.line,
            items: items.collect(),
            text: self.text,
        })
    }

    /// The document's part of its document record.
    pub(crate) fn document(&self) -> Result<DocumentHead> {
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
        // Told apart by their order, not by field ids, as `rebuild` reads indexes of
        // other versions too: `head`, then the document's part, the text last. Up to
        // version 2 the document's part was bytes.
        let mut has_head = false;
        while let Some((_, value)) = deserializer.next_field::<StoredValue>()? {
            match value {
                StoredValue::Bytes(bytes) if !has_head => {
                    record.head = bytes;
                    has_head = true;
                }
                StoredValue::Bytes(bytes) => record.document = Some(String::from_utf8_lossy(&bytes).into_owned()),
                StoredValue::Text(text) if record.is_front() && record.document.is_none() => {
                    record.document = Some(text);
                }
                StoredValue::Text(text) => record.text = text,
            }
        }
        Ok(record)
    }
}

enum StoredValue {
    Bytes(Vec<u8>),
    Text(String),
}

impl ValueDeserialize for StoredValue {
    fn deserialize<'de, D: ValueDeserializer<'de>>(deserializer: D) -> Result<Self, DeserializeError> {
        deserializer.deserialize_any(StoredValueVisitor)
    }
}

struct StoredValueVisitor;

impl ValueVisitor for StoredValueVisitor {
    type Value = StoredValue;

    fn visit_string(&self, text: String) -> Result<StoredValue, DeserializeError> {
        Ok(StoredValue::Text(text))
    }

    fn visit_bytes(&self, bytes: Vec<u8>) -> Result<StoredValue, DeserializeError> {
        Ok(StoredValue::Bytes(bytes))
    }

    fn visit_u64(&self, _: u64) -> Result<StoredValue, DeserializeError> {
        Err(DeserializeError::UnsupportedType(ValueType::U64))
    }
}
