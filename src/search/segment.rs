//! One segment of the index, as query evaluation sees it: postings → [`Bits`].

use std::cell::OnceCell;
use std::ops::ControlFlow;

use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::index::plugin;
use crate::index::records::{STATUS_FAILED, StoredRecord};
use crate::index::schema::Fields;
use crate::postings::{Kind, Place, Postings};

use super::bits::Bits;

pub(crate) struct SegmentView<'a> {
    pub ord: u32,
    pub reader: &'a SegmentReader,
    searcher: &'a Searcher,
    fields: &'a Fields,
    postings: &'a Postings,
    ordinal: Column<u64>,
    documents: OnceCell<Vec<u32>>,
}

impl<'a> SegmentView<'a> {
    pub(crate) fn new(
        searcher: &'a Searcher,
        ord: u32,
        fields: &'a Fields,
        postings: &'a Postings,
    ) -> tantivy::Result<Self> {
        let reader = searcher.segment_reader(ord);
        let ordinal = reader.fast_fields().u64("ordinal")?;
        Ok(SegmentView { ord, reader, searcher, fields, postings, ordinal, documents: OnceCell::new() })
    }

    pub(crate) fn max_doc(&self) -> u32 {
        self.reader.max_doc()
    }

    /// The record of the document that a record belongs to.
    pub(crate) fn document_of(&self, record: u32) -> u32 {
        record - self.ordinal_of(record)
    }

    /// A record's place in its document.
    pub(crate) fn ordinal_of(&self, record: u32) -> u32 {
        self.ordinal.first(record).unwrap_or(0) as u32
    }

    /// The document records, ascending; deleted and failed ones included.
    pub(crate) fn documents(&self) -> &[u32] {
        self.documents.get_or_init(|| (0..self.max_doc()).filter(|&record| self.ordinal_of(record) == 0).collect())
    }

    /// The records of a document: its document record and the one after its last.
    pub(crate) fn records_of(&self, document: u32) -> std::ops::Range<u32> {
        let documents = self.documents();
        let next = documents.partition_point(|&other| other <= document);
        document..documents.get(next).copied().unwrap_or(self.max_doc())
    }

    /// Records that are alive and of a document that could be read.
    pub(crate) fn alive(&self) -> tantivy::Result<Bits> {
        let mut bits = Bits::full(self.max_doc());
        if self.reader.has_deletes() {
            for record in 0..self.max_doc() {
                if self.reader.is_deleted(record) {
                    bits.remove(record);
                }
            }
        }
        let status = self.reader.fast_fields().u64("status")?;
        if status.max_value() >= STATUS_FAILED {
            for &document in self.documents() {
                if status.first(document) == Some(STATUS_FAILED) {
                    bits.remove(document);
                }
            }
        }
        Ok(bits)
    }

    /// The characters and words of its texts.
    pub(crate) fn postings(&self) -> &Postings {
        self.postings
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
        self.postings.word(place, word, |from, to, _| into.insert_range(from, to)).map_err(plugin::damaged)
    }

    /// Adds the records that have characters and runs at these distances in `place`.
    pub(crate) fn phrase(&self, place: Place, terms: &[(usize, String)], into: &mut Bits) -> tantivy::Result<()> {
        self.postings.phrase(place, terms, |from, to| into.insert_range(from, to)).map_err(plugin::damaged)
    }

    /// The characters and runs in `place` that begin with `prefix`, `limit` at most.
    pub(crate) fn expand(&self, place: Place, prefix: &str, limit: usize) -> tantivy::Result<Vec<String>> {
        let mut terms = Vec::new();
        let found = self.postings.terms(place, Kind::Chars, prefix, |term, _| {
            terms.push(term.to_owned());
            if terms.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found.map_err(plugin::damaged)?;
        Ok(terms)
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

    /// Reads a record from the store. The blocks read last stay decompressed from
    /// search to search, as they belong to the searcher.
    pub(crate) fn record(&self, record: u32) -> tantivy::Result<StoredRecord> {
        self.searcher.doc(DocAddress::new(self.ord, record))
    }

    /// The context of a record as it was indexed: the document's title, then the
    /// headings on the way to the section, a line each.
    pub(crate) fn context(&self, record: u32) -> tantivy::Result<String> {
        let damaged = |e: crate::Error| tantivy::TantivyError::InternalError(e.to_string());
        let mut context = self.record(self.document_of(record))?.document().map_err(damaged)?.title;
        for heading in self.record(record)?.into_section().map_err(damaged)?.path {
            context.push('\n');
            context.push_str(&heading);
        }
        Ok(context)
    }
}
