//! The documents of an index beside each other: who cites whom, which are
//! versions of one regulation, which have lost their force to another.
//!
//! Works on what the document records say (title, metadata, citations) and never
//! on sections or postings, so it needs neither `search` nor `query`; it stands
//! in a room of its own because it is asked about *documents*, not about words.
//! Everything is worked out when it is asked for: a document that is added later
//! changes the answer about the ones before it, and nothing stored goes stale.
//!
//! ```
//! use gongwen::{Index, document::Validity};
//!
//! let index = Index::in_ram()?;
//! let mut writer = index.writer()?;
//! writer.put_text("old", "某市停车办法\n第一条 甲。\n第二条 本办法自2012年5月1日起施行。\n某市人民政府\n2012年4月1日")?;
//! writer.put_text("new", "某市停车规定\n第一条 乙。\n第二条 本规定自2020年1月1日起施行，《某市停车办法》同时废止。\n某市人民政府\n2019年12月1日")?;
//! writer.commit()?;
//!
//! let catalog = index.catalog()?;
//! let cited = catalog.cites("new");
//! assert_eq!(cited[0].document.map(|document| document.key.as_str()), Some("old"));
//! let force = catalog.force("old", "2024-06-01".parse().ok()).expect("it says from when it applies");
//! assert_eq!((force.validity, force.inferred), (Validity::Repealed, true));
//! # Ok::<(), gongwen::Error>(())
//! ```

mod diff;
mod force;
mod links;
mod names;
mod pieces;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::document::title::{issued_titles, regulation_key, title_key, without_status};
use crate::document::{Citation, Date, Metadata, Relation};
use crate::index::{Index, key_path, manifest};
use crate::{Document, Result};

pub use diff::{Change, ChangeKind, Diff, Place, diff};
pub use force::Force;
pub use links::{Cited, Citing};
pub use pieces::{Piece, PieceKind};

/// A document of the catalog.
#[derive(Clone, Debug, Serialize)]
pub struct CatalogDocument {
    /// The key it was put under, or the path of its file as text.
    pub key: String,
    /// Its file, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// Its title; empty when there is none.
    pub title: String,
    /// What it says of itself.
    pub metadata: Metadata,
    /// What it cites, in reading order.
    #[serde(skip)]
    pub citations: Vec<Citation>,
}

impl CatalogDocument {
    /// The day from which its wording dates; failing a date in the text, the one in
    /// the file's name.
    pub fn version_date(&self) -> Option<Date> {
        self.metadata.version_date()
    }
}

/// A regulation and the versions of it that the catalog has.
#[derive(Clone, Debug)]
pub struct Regulation<'a> {
    /// Its name, without status and without 中华人民共和国.
    pub name: String,
    /// Newest first; without a date last.
    pub versions: Vec<&'a CatalogDocument>,
}

/// The documents of an index, by key, number and name.
#[derive(Debug, Default)]
pub struct Catalog {
    documents: Vec<CatalogDocument>,
    by_number: HashMap<String, Vec<usize>>,
    /// By the whole title's key, and by the title of what it issues.
    by_title: HashMap<String, Vec<usize>>,
    /// By the key that all versions share.
    by_regulation: HashMap<String, Vec<usize>>,
    /// By the title from 关于 on, the issuing body left out.
    by_subject: HashMap<String, Vec<usize>>,
    /// For each document that others repeal or amend: which, and by which of their
    /// citations.
    acts_on: HashMap<usize, Vec<(usize, usize)>>,
}

impl Index {
    /// The documents of the last commit beside each other.
    ///
    /// Reads every document record once: some 30 µs a document.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn catalog(&self) -> Result<Catalog> {
        self.guarded(|| self.read_catalog())
    }

    fn read_catalog(&self) -> Result<Catalog> {
        let snapshot = self.snapshot()?;
        let mut documents = Vec::new();
        for entry in manifest(self, &snapshot)? {
            if entry.known.failed {
                continue;
            }
            let head = snapshot.segments[entry.segment].head(entry.document)?;
            documents.push(CatalogDocument {
                path: key_path(&entry.key),
                key: entry.key[2..].to_owned(),
                title: head.title,
                metadata: head.metadata,
                citations: head.citations,
            });
        }
        Ok(Catalog::new(documents))
    }
}

impl Catalog {
    /// A catalog of these documents.
    pub fn new(mut documents: Vec<CatalogDocument>) -> Self {
        documents.sort_by(|left, right| left.key.cmp(&right.key));
        let mut catalog = Catalog { documents, ..Catalog::default() };
        for (at, document) in catalog.documents.iter().enumerate() {
            let add = |map: &mut HashMap<String, Vec<usize>>, key: String| {
                let list = map.entry(key).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            };
            if let Some(number) = &document.metadata.number {
                add(&mut catalog.by_number, number.canonical.clone());
            }
            for title in issued_titles(&document.title).into_iter().chain([document.title.as_str()]) {
                if title.is_empty() {
                    continue;
                }
                add(&mut catalog.by_title, title_key(title));
                add(&mut catalog.by_title, title_key(without_status(title)));
                add(&mut catalog.by_regulation, regulation_key(title));
                if let Some(subject) = names::subject(title) {
                    add(&mut catalog.by_subject, subject);
                }
            }
        }
        let mut acts_on: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for (from, document) in catalog.documents.iter().enumerate() {
            for (at, citation) in document.citations.iter().enumerate() {
                if matches!(citation.relation, Relation::Repeals | Relation::Amends)
                    && let Some(to) = catalog.resolve(citation, from)
                {
                    acts_on.entry(to).or_default().push((from, at));
                }
            }
        }
        catalog.acts_on = acts_on;
        catalog
    }

    /// A document as read from a file, beside those of the catalog.
    pub fn document_of(key: impl Into<String>, document: &Document) -> CatalogDocument {
        CatalogDocument {
            key: key.into(),
            path: None,
            title: document.title.clone(),
            metadata: document.metadata.clone(),
            citations: document.citations.clone(),
        }
    }

    /// All documents, by key.
    pub fn documents(&self) -> &[CatalogDocument] {
        &self.documents
    }

    /// The documents that `name` names: a key or the end of one (`护士条例.md`), else a
    /// document number, else a title in any of its forms; newest first.
    pub fn find(&self, name: &str) -> Vec<&CatalogDocument> {
        let end = name.trim_start_matches("./");
        let by_key: Vec<&CatalogDocument> =
            self.documents
                .iter()
                .filter(|document| {
                    document.key.strip_suffix(end).is_some_and(|before| {
                        before.is_empty() || before.ends_with(['/', '\\']) || end.starts_with('/')
                    })
                })
                .collect();
        if !by_key.is_empty() || end.is_empty() {
            return by_key;
        }
        let number = crate::document::DocumentNumber::parse(name).map(|number| number.canonical);
        let mut found = number.and_then(|number| self.by_number.get(&number));
        for (map, key) in [(&self.by_title, title_key(name)), (&self.by_regulation, regulation_key(name))] {
            found = found.or_else(|| map.get(&key));
        }
        self.newest_first(found.map(Vec::as_slice).unwrap_or_default())
    }

    /// The regulations of this name with their versions; where none has it, those
    /// whose names contain it, sorted by name.
    pub fn versions(&self, title: &str) -> Vec<Regulation<'_>> {
        let wanted = regulation_key(title);
        if wanted.is_empty() {
            return Vec::new();
        }
        let regulation =
            |(name, list): (&String, &Vec<usize>)| Regulation { name: name.clone(), versions: self.newest_first(list) };
        if let Some(found) = self.by_regulation.get_key_value(&wanted) {
            return vec![regulation(found)];
        }
        let mut found: Vec<Regulation> =
            self.by_regulation.iter().filter(|(name, _)| name.contains(&wanted)).map(regulation).collect();
        found.sort_by(|left, right| left.name.cmp(&right.name));
        found
    }

    fn newest_first(&self, list: &[usize]) -> Vec<&CatalogDocument> {
        let mut found: Vec<&CatalogDocument> = list.iter().map(|at| &self.documents[*at]).collect();
        found.sort_by_key(|document| std::cmp::Reverse(document.version_date()));
        found
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.documents.binary_search_by(|document| document.key.as_str().cmp(key)).ok()
    }
}
