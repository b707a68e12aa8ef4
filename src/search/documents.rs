//! Whole documents of the index, by name or key.

use std::sync::{Arc, PoisonError};

use crate::Result;
use crate::index::{key_path, plugin};

use super::results::DocumentInfo;
use super::searcher::Searcher;
use super::segment::SegmentView;

/// How many documents are kept that were shown: some 2 KB each.
const MAX_INFOS: usize = 2_000;

impl Searcher {
    /// The documents whose key or path is `name` or ends in it (`护士条例.md`),
    /// sorted by key.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_documents(&self, name: &str) -> Result<Vec<Arc<DocumentInfo>>> {
        self.index.guarded(|| self.documents_named(name))
    }

    fn documents_named(&self, name: &str) -> Result<Vec<Arc<DocumentInfo>>> {
        let views = self.views();
        let mut found = Vec::new();
        for (at, record) in self.by_key(&views, |key| names(key, name))? {
            found.push(self.document_info(&views[at], record)?);
        }
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    /// The documents whose key is one that `is_it` accepts: the place of the segment, and
    /// the document record.
    pub(super) fn by_key(&self, views: &[SegmentView<'_>], is_it: impl Fn(&str) -> bool) -> Result<Vec<(usize, u32)>> {
        let mut found = Vec::new();
        for (at, view) in views.iter().enumerate() {
            for (place, &record) in view.documents().iter().enumerate() {
                let key = view.heads().key(place).map_err(|e| self.error(plugin::damaged_heads(e)))?;
                // `f:` or `v:` stands before it.
                if view.alive().contains(record) && key.get(2..).is_some_and(&is_it) {
                    found.push((at, record));
                }
            }
        }
        Ok(found)
    }

    /// A document as the index has it, sections and all; `None` when it has none
    /// of this key (as in [`DocumentInfo::key`]).
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn document(&self, key: &str) -> Result<Option<crate::Document>> {
        self.index.guarded(|| self.whole_document(key))
    }

    fn whole_document(&self, key: &str) -> Result<Option<crate::Document>> {
        let views = self.views();
        let Some(&(at, record)) = self.by_key(&views, |other| other == key)?.first() else { return Ok(None) };
        let view = &views[at];
        let head = view.document(record).map_err(|e| self.error(e))?;
        let mut sections = Vec::with_capacity(head.sections as usize);
        for record in view.records_of(record) {
            sections.push(view.section(record).map_err(|e| self.error(e))?);
        }
        Ok(Some(crate::Document { title: head.title, metadata: head.metadata, sections, citations: head.citations }))
    }

    /// What is shown of a document; read once, as long as few others are shown.
    pub(super) fn document_info(&self, view: &SegmentView<'_>, document: u32) -> Result<Arc<DocumentInfo>> {
        let infos = || self.infos.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = infos().get(&(view.ord, document)) {
            return Ok(known.clone());
        }
        let info = self.read_info(view, document)?;
        let mut infos = infos();
        if infos.len() >= MAX_INFOS {
            infos.clear();
        }
        infos.insert((view.ord, document), info.clone());
        Ok(info)
    }

    fn read_info(&self, view: &SegmentView<'_>, document: u32) -> Result<Arc<DocumentInfo>> {
        let head = view.document_summary(document).map_err(|e| self.error(e))?;
        let key = head.key;
        let path = key_path(&key);
        let key =
            path.as_ref().map_or_else(|| key.trim_start_matches("v:").to_owned(), |path| path.display().to_string());
        Ok(Arc::new(DocumentInfo { key, path, title: head.title, metadata: head.metadata, sections: head.sections }))
    }
}

/// Whether a key is `name`, or ends in it at a folder's border.
fn names(key: &str, name: &str) -> bool {
    let name = name.trim_start_matches("./");
    key.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/') || name.starts_with('/'))
}
