//! One segment of the index, as query evaluation sees it: postings → [`Bits`].

use std::ops::ControlFlow;
use std::sync::OnceLock;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::document::Section;
use crate::index::plugin;
use crate::index::records::{DocumentHead, DocumentSummary, STATUS_FAILED, StoredRecord};
use crate::index::schema::Fields;
use crate::postings::{Kind, Place, Postings};
use crate::texts::Glance;

use super::bits::Bits;
use super::keys::Keys;

pub(crate) struct SegmentView<'a> {
    pub ord: u32,
    pub reader: &'a SegmentReader,
    searcher: &'a Searcher,
    fields: &'a Fields,
    opened: &'a OpenSegment,
}

/// What a searcher keeps of a segment from search to search.
pub(crate) struct OpenSegment {
    files: plugin::Opened,
    /// The document records, ascending; deleted and failed ones included.
    documents: Vec<u32>,
    /// Records that are not deleted, and of a document that could be read.
    alive: Bits,
    /// Read when something is first ordered.
    keys: OnceLock<Keys>,
}

impl OpenSegment {
    pub(crate) fn new(reader: &SegmentReader, files: plugin::Opened) -> tantivy::Result<Self> {
        let documents = files.postings.documents().map_err(plugin::damaged)?;
        let mut alive = Bits::full(reader.max_doc());
        if reader.has_deletes() {
            (0..reader.max_doc()).filter(|&record| reader.is_deleted(record)).for_each(|record| alive.remove(record));
        }
        let status = reader.fast_fields().u64("status")?;
        if status.max_value() >= STATUS_FAILED {
            for &document in documents.iter().filter(|&&document| status.first(document) == Some(STATUS_FAILED)) {
                alive.remove(document);
            }
        }
        Ok(OpenSegment { files, documents, alive, keys: OnceLock::new() })
    }
}

impl<'a> SegmentView<'a> {
    pub(crate) fn new(searcher: &'a Searcher, ord: u32, fields: &'a Fields, opened: &'a OpenSegment) -> Self {
        SegmentView { ord, reader: searcher.segment_reader(ord), searcher, fields, opened }
    }

    pub(crate) fn max_doc(&self) -> u32 {
        self.reader.max_doc()
    }

    /// The record of the document that a record belongs to.
    pub(crate) fn document_of(&self, record: u32) -> u32 {
        let documents = self.documents();
        documents.partition_point(|&document| document <= record).checked_sub(1).map_or(0, |at| documents[at])
    }

    /// A record's place in its document.
    pub(crate) fn ordinal_of(&self, record: u32) -> u32 {
        record - self.document_of(record)
    }

    /// The document records, ascending; deleted and failed ones included.
    pub(crate) fn documents(&self) -> &'a [u32] {
        &self.opened.documents
    }

    /// What orders its documents.
    pub(crate) fn keys(&self) -> tantivy::Result<&'a Keys> {
        if let Some(keys) = self.opened.keys.get() {
            return Ok(keys);
        }
        let keys = Keys::new(self.reader)?;
        Ok(self.opened.keys.get_or_init(|| keys))
    }

    /// The records of a document: its document record and the one after its last.
    pub(crate) fn records_of(&self, document: u32) -> std::ops::Range<u32> {
        let documents = self.documents();
        let next = documents.partition_point(|&other| other <= document);
        document..documents.get(next).copied().unwrap_or(self.max_doc())
    }

    /// Records that are alive and of a document that could be read.
    pub(crate) fn alive(&self) -> &'a Bits {
        &self.opened.alive
    }

    /// The characters and words of its texts.
    pub(crate) fn postings(&self) -> &'a Postings {
        &self.opened.files.postings
    }

    /// Adds the records with this label.
    pub(crate) fn label(&self, label: &str, into: &mut Bits) -> tantivy::Result<()> {
        let field = self.fields.label;
        let inverted = self.reader.inverted_index(field)?;
        let term = Term::from_field_text(field, label);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { return Ok(()) };
        let mut record = postings.doc();
        while record != TERMINATED {
            into.insert(record);
            record = postings.advance();
        }
        Ok(())
    }

    /// Adds the records that have a word in `place`.
    pub(crate) fn word(&self, place: Place, word: &str, into: &mut Bits) -> tantivy::Result<()> {
        self.postings().word(place, word, |from, to, _| into.insert_range(from, to)).map_err(plugin::damaged)
    }

    /// Adds the records that have characters and runs at these distances in `place`.
    pub(crate) fn phrase(&self, place: Place, terms: &[(usize, String)], into: &mut Bits) -> tantivy::Result<()> {
        self.postings().phrase(place, terms, |from, to| into.insert_range(from, to)).map_err(plugin::damaged)
    }

    /// The characters and runs in `place` that begin with `prefix`, `limit` at most.
    pub(crate) fn expand(&self, place: Place, prefix: &str, limit: usize) -> tantivy::Result<Vec<String>> {
        let mut terms = Vec::new();
        let found = self.postings().terms(place, Kind::Chars, prefix, |term, _| {
            terms.push(term.to_owned());
            if terms.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found.map_err(plugin::damaged)?;
        Ok(terms)
    }

    /// The document records of the documents that these records belong to.
    pub(crate) fn documents_of(&self, records: &Bits) -> Bits {
        let mut of = Bits::empty(self.max_doc());
        let documents = self.documents();
        let ends = documents.iter().copied().skip(1).chain([self.max_doc()]);
        for (&document, end) in documents.iter().zip(ends) {
            if records.has_any(document, end) {
                of.insert(document);
            }
        }
        of
    }

    /// Widens sets of document records to all their records.
    pub(crate) fn whole_documents(&self, of: &Bits) -> Bits {
        let mut whole = Bits::empty(self.max_doc());
        let documents = self.documents();
        for (at, &document) in documents.iter().enumerate() {
            if of.contains(document) {
                let end = documents.get(at + 1).copied().unwrap_or(self.max_doc());
                whole.insert_range(document, end);
            }
        }
        whole
    }

    /// Reads a section.
    pub(crate) fn section(&self, record: u32) -> tantivy::Result<Section> {
        self.opened.files.texts.section(record).map_err(plugin::damaged_texts)
    }

    /// Looks at a section as ranking does, without its text.
    pub(crate) fn glance(&self, record: u32, into: &mut Glance) -> tantivy::Result<()> {
        self.opened.files.texts.glance(record, into).map_err(plugin::damaged_texts)
    }

    /// What a document is beside its sections, by its document record.
    pub(crate) fn document(&self, record: u32) -> tantivy::Result<DocumentHead> {
        let stored: StoredRecord = self.searcher.doc(DocAddress::new(self.ord, record))?;
        stored.document().map_err(|_| plugin::corruption("a document record cannot be read"))
    }

    /// What is shown of a document, by its document record.
    pub(crate) fn document_summary(&self, record: u32) -> tantivy::Result<DocumentSummary> {
        let stored: StoredRecord = self.searcher.doc(DocAddress::new(self.ord, record))?;
        stored.summary().map_err(|_| plugin::corruption("a document record cannot be read"))
    }

    /// A document's title, by its document record.
    pub(crate) fn title(&self, document: u32) -> tantivy::Result<String> {
        self.opened.files.texts.title(document).map_err(plugin::damaged_texts)
    }

    /// A section without its text and items: where it stands, and what it is called.
    pub(crate) fn head(&self, record: u32) -> tantivy::Result<Section> {
        self.opened.files.texts.head(record).map_err(plugin::damaged_texts)
    }

    /// The headings on the way to a section.
    pub(crate) fn path(&self, record: u32) -> tantivy::Result<Vec<String>> {
        self.opened.files.texts.path(record).map_err(plugin::damaged_texts)
    }
}
