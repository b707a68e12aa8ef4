//! Documents by value and key, for programs that have no files.

use tantivy::Term;
use tantivy::indexer::UserOperation;
use xxhash_rust::xxh3::xxh3_64;

use crate::document::Document;
use crate::{Error, ErrorKind, Result};

use super::Index;
use super::budget::MIN_MEMORY_BYTES;
use super::records::{self, DocumentHead, Origin, Record};

/// The longest key of a document.
const MAX_KEY_BYTES: usize = 32 * 1024;

/// Adds, replaces and deletes documents; nothing shows until [`Writer::commit`].
///
/// Holds the index's write lock until it is dropped. Dropped without a commit,
/// it changes nothing.
pub struct Writer {
    index: Index,
    tantivy: tantivy::IndexWriter<Record>,
}

impl Writer {
    pub(super) fn new(index: Index) -> Result<Self> {
        let tantivy = index.tantivy_writer(1, 4 * MIN_MEMORY_BYTES)?;
        Ok(Writer { index, tantivy })
    }

    /// Adds a document under `key`, replacing the one that has this key. Keys are
    /// the caller's own and never clash with files of the roots.
    ///
    /// # Errors
    /// When the index cannot be written; [`ErrorKind::InvalidArgument`] for a key of
    /// more than 32 KB.
    pub fn put(&mut self, key: &str, document: Document) -> Result<()> {
        // tantivy drops longer terms, and the document could never be replaced.
        if key.len() > MAX_KEY_BYTES {
            let message = format!("the key has {} bytes, at most {MAX_KEY_BYTES} are taken", key.len());
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let origin =
            Origin { key: value_key(key), size: text_bytes(&document), mtime: 0, hash: xxh3_64(key.as_bytes()) };
        let head = DocumentHead {
            key: origin.key.clone(),
            title: document.title.clone(),
            format: "value".to_owned(),
            sections: document.sections.len() as u32,
            metadata: document.metadata.clone(),
            citations: document.citations.clone(),
            ..DocumentHead::default()
        };
        let records = records::records(&self.index.inner.fields, &origin, &head, document, None)?;
        let mut operations = vec![UserOperation::Delete(self.term(key))];
        operations.extend(records.into_iter().map(UserOperation::Add));
        self.tantivy.run(operations).map_err(|e| self.index.error(e))?;
        Ok(())
    }

    /// Reads a plain text as a document and puts it under `key`.
    ///
    /// # Errors
    /// As [`Writer::put`], and when the text is empty.
    pub fn put_text(&mut self, key: &str, text: &str) -> Result<()> {
        let extracted = crate::extract::extract_text(text)?;
        self.put(key, crate::structure::parse(&extracted, std::path::Path::new(key)))
    }

    /// Deletes the document of this key, if there is one.
    pub fn delete(&mut self, key: &str) {
        let term = self.term(key);
        self.tantivy.delete_term(term);
    }

    /// Makes everything since the last commit visible, at once.
    ///
    /// # Errors
    /// When the index cannot be written; it then holds the last commit.
    pub fn commit(&mut self) -> Result<()> {
        let index = self.index.clone();
        index.guarded(|| {
            let state = index.state()?;
            index.commit(&mut self.tantivy, &state)
        })
    }

    fn term(&self, key: &str) -> Term {
        Term::from_field_text(self.index.inner.fields.key, &value_key(key))
    }
}

fn value_key(key: &str) -> String {
    format!("v:{key}")
}

fn text_bytes(document: &Document) -> u64 {
    document.sections.iter().map(|section| section.text.len() as u64).sum()
}
