//! One segment of the index, as query evaluation sees it: postings → [`Bits`].

use std::cell::OnceCell;

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, PhraseQuery, Query as _};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::index::records::{STATUS_FAILED, StoredRecord};
use crate::index::schema::Fields;

use super::bits::Bits;

pub(crate) struct SegmentView<'a> {
    pub ord: u32,
    pub reader: &'a SegmentReader,
    searcher: &'a Searcher,
    fields: &'a Fields,
    ordinal: Column<u64>,
    documents: OnceCell<Vec<u32>>,
}

impl<'a> SegmentView<'a> {
    pub(crate) fn new(searcher: &'a Searcher, ord: u32, fields: &'a Fields) -> tantivy::Result<Self> {
        let reader = searcher.segment_reader(ord);
        let ordinal = reader.fast_fields().u64("ordinal")?;
        Ok(SegmentView { ord, reader, searcher, fields, ordinal, documents: OnceCell::new() })
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

    /// Adds the records whose `field` holds `term`.
    pub(crate) fn term(&self, field: Field, term: &str, into: &mut Bits) -> tantivy::Result<()> {
        let inverted = self.reader.inverted_index(field)?;
        let term = Term::from_field_text(field, term);
        let Some(postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { return Ok(()) };
        collect(postings, into);
        Ok(())
    }

    /// Adds the records whose `field` holds the terms at these positions.
    pub(crate) fn phrase(&self, field: Field, terms: &[(usize, String)], into: &mut Bits) -> tantivy::Result<()> {
        let [(_, first), rest @ ..] = terms else { return Ok(()) };
        if rest.is_empty() {
            return self.term(field, first, into);
        }
        let inverted = self.reader.inverted_index(field)?;
        let terms: Vec<(usize, Term)> =
            terms.iter().map(|(position, text)| (*position, Term::from_field_text(field, text))).collect();
        for (_, term) in &terms {
            if inverted.get_term_info(term)?.is_none() {
                return Ok(());
            }
        }
        let query = PhraseQuery::new_with_offset(terms);
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let mut scorer = weight.scorer(self.reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            into.insert(doc);
            doc = scorer.advance();
        }
        Ok(())
    }

    /// The terms of `field` that begin with `prefix`, `limit` at most.
    pub(crate) fn expand(&self, field: Field, prefix: &str, limit: usize) -> tantivy::Result<Vec<String>> {
        let inverted = self.reader.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(prefix).into_stream()?;
        let mut terms = Vec::new();
        while terms.len() < limit
            && let Some((term, _)) = stream.next()
        {
            if !term.starts_with(prefix.as_bytes()) {
                break;
            }
            terms.push(String::from_utf8_lossy(term).into_owned());
        }
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

    pub(crate) fn fields(&self) -> &Fields {
        self.fields
    }
}

/// Puts every record of a posting list into `into`.
fn collect(mut postings: impl DocSet, into: &mut Bits) {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        into.insert(doc);
        doc = postings.advance();
    }
}
