//! One segment of the index, as query evaluation sees it: postings → [`Bits`].

use std::ops::ControlFlow;
use std::sync::OnceLock;

use crate::document::Section;
use crate::heads::Heads;
use crate::index::records::{DocumentHead, DocumentSummary, STATUS_FAILED};
use crate::index::{OpenSegment, plugin};
use crate::postings::{Kind, Place, Postings};
use crate::texts::Glance;

use super::bits::Bits;
use super::keys::{Keys, Ranks};

pub(crate) struct SegmentView<'a> {
    pub ord: u32,
    kept: &'a KeptSegment,
}

/// What a searcher keeps of a segment from search to search.
pub(crate) struct KeptSegment {
    opened: OpenSegment,
    /// Records that are not deleted, and of a document that could be read.
    alive: Bits,
    /// Read when something is first ordered.
    ranks: OnceLock<Ranks>,
}

impl KeptSegment {
    pub(crate) fn new(opened: OpenSegment) -> tantivy::Result<Self> {
        let records = opened.records();
        let mut alive = Bits::full(records);
        if opened.has_deleted() {
            (0..records).filter(|&record| opened.is_deleted(record)).for_each(|record| alive.remove(record));
        }
        for (at, &document) in opened.documents.iter().enumerate() {
            if opened.files.heads.manifest(at).map_err(plugin::damaged_heads)?.status == STATUS_FAILED {
                alive.remove(document);
            }
        }
        Ok(KeptSegment { opened, alive, ranks: OnceLock::new() })
    }
}

impl<'a> SegmentView<'a> {
    pub(crate) fn new(ord: u32, kept: &'a KeptSegment) -> Self {
        SegmentView { ord, kept }
    }

    pub(crate) fn max_doc(&self) -> u32 {
        self.kept.opened.records()
    }

    /// The record of the document that a record belongs to.
    pub(crate) fn document_of(&self, record: u32) -> u32 {
        self.documents().get(self.place_of(record)).copied().unwrap_or_default()
    }

    /// The place of that document among the segment's.
    pub(crate) fn place_of(&self, record: u32) -> usize {
        self.documents().partition_point(|&document| document <= record).saturating_sub(1)
    }

    /// A record's place in its document.
    pub(crate) fn ordinal_of(&self, record: u32) -> u32 {
        record - self.document_of(record)
    }

    /// The document records, ascending; deleted and failed ones included.
    pub(crate) fn documents(&self) -> &'a [u32] {
        &self.kept.opened.documents
    }

    /// What orders its documents.
    pub(crate) fn keys(&self) -> tantivy::Result<Keys<'a>> {
        let heads = self.heads();
        if let Some(ranks) = self.kept.ranks.get() {
            return Ok(Keys { heads, ranks });
        }
        let ranks = Ranks::new(heads).map_err(plugin::damaged_heads)?;
        Ok(Keys { heads, ranks: self.kept.ranks.get_or_init(|| ranks) })
    }

    /// The records of a document: its document record and the one after its last.
    pub(crate) fn records_of(&self, document: u32) -> std::ops::Range<u32> {
        let documents = self.documents();
        let next = documents.partition_point(|&other| other <= document);
        document..documents.get(next).copied().unwrap_or(self.max_doc())
    }

    /// Records that are alive and of a document that could be read.
    pub(crate) fn alive(&self) -> &'a Bits {
        &self.kept.alive
    }

    /// The characters and words of its texts.
    pub(crate) fn postings(&self) -> &'a Postings {
        &self.kept.opened.files.postings
    }

    /// What its documents are beside their sections.
    pub(crate) fn heads(&self) -> &'a Heads {
        &self.kept.opened.files.heads
    }

    /// Adds the records with this label.
    pub(crate) fn label(&self, label: &str, into: &mut Bits) -> tantivy::Result<()> {
        let mut records = Vec::new();
        self.postings().labelled(label, &mut records).map_err(plugin::damaged)?;
        into.extend(records);
        Ok(())
    }

    /// Adds the records that have a word in `place`.
    pub(crate) fn word(&self, place: Place, word: &str, into: &mut Bits) -> tantivy::Result<()> {
        self.postings().with_word(place, word, |from, to| into.insert_range(from, to)).map_err(plugin::damaged)
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
        self.kept.opened.files.texts.section(record).map_err(plugin::damaged_texts)
    }

    /// Looks at a section as ranking does, without its text.
    pub(crate) fn glance(&self, record: u32, into: &mut Glance) -> tantivy::Result<()> {
        self.kept.opened.files.texts.glance(record, into).map_err(plugin::damaged_texts)
    }

    /// What a document is beside its sections, by its document record.
    pub(crate) fn document(&self, record: u32) -> tantivy::Result<DocumentHead> {
        DocumentHead::read(self.heads(), self.place_of(record))
            .map_err(|_| plugin::corruption("a document record cannot be read"))
    }

    /// What is shown of a document, by its document record.
    pub(crate) fn document_summary(&self, record: u32) -> tantivy::Result<DocumentSummary> {
        DocumentSummary::read(self.heads(), self.place_of(record))
            .map_err(|_| plugin::corruption("a document record cannot be read"))
    }

    /// A document's title, by its document record.
    pub(crate) fn title(&self, document: u32) -> tantivy::Result<String> {
        self.kept.opened.files.texts.title(document).map_err(plugin::damaged_texts)
    }

    /// A section without its text and items: where it stands, and what it is called.
    pub(crate) fn head(&self, record: u32) -> tantivy::Result<Section> {
        self.kept.opened.files.texts.head(record).map_err(plugin::damaged_texts)
    }

    /// The headings on the way to a section.
    pub(crate) fn path(&self, record: u32) -> tantivy::Result<Vec<String>> {
        self.kept.opened.files.texts.path(record).map_err(plugin::damaged_texts)
    }
}
