//! Who cites whom.

use std::collections::HashMap;

use crate::document::{Citation, DocumentNumber, Genre};

use super::{Catalog, CatalogDocument, names};
use crate::document::title::regulation_key;

/// A document that is cited, with all places that cite it.
#[derive(Clone, Debug)]
pub struct Cited<'a> {
    /// The title as cited first; empty for a bare number.
    pub title: &'a str,
    /// The number as cited.
    pub number: Option<&'a DocumentNumber>,
    /// The document, if the catalog has it.
    pub document: Option<&'a CatalogDocument>,
    /// The citations, in reading order.
    pub places: Vec<&'a Citation>,
}

/// A document that cites another, with all places where it does.
#[derive(Clone, Debug)]
pub struct Citing<'a> {
    /// The document that cites.
    pub document: &'a CatalogDocument,
    /// The document cited: one of the versions that were asked about.
    pub cited: &'a CatalogDocument,
    /// The citations, in reading order.
    pub places: Vec<&'a Citation>,
}

impl Catalog {
    /// What the document of this key cites, in order of the first citation; first
    /// what the catalog has. A name that tells only a kind (《意见》), and a book or a
    /// newspaper without a number, is left out unless the catalog has it.
    pub fn cites(&self, key: &str) -> Vec<Cited<'_>> {
        let Some(from) = self.position(key) else { return Vec::new() };
        #[derive(PartialEq, Eq, Hash)]
        enum Target {
            Document(usize),
            Name(String),
        }
        let mut order: HashMap<Target, usize> = HashMap::new();
        let mut found: Vec<Cited> = Vec::new();
        for citation in &self.documents[from].citations {
            let to = self.resolve(citation, from);
            let target = match to {
                Some(at) => Target::Document(at),
                None if !is_of_a_document(citation) || self.is_itself(citation, from) => continue,
                None if citation.title.is_empty() => {
                    Target::Name(citation.number.as_ref().map(|number| number.canonical.clone()).unwrap_or_default())
                }
                None => Target::Name(regulation_key(&citation.title)),
            };
            let at = *order.entry(target).or_insert_with(|| {
                found.push(Cited {
                    title: &citation.title,
                    number: None,
                    document: to.map(|at| &self.documents[at]),
                    places: Vec::new(),
                });
                found.len() - 1
            });
            found[at].number = found[at].number.or(citation.number.as_ref());
            found[at].places.push(citation);
        }
        found.sort_by_key(|cited| cited.document.is_none());
        found
    }

    /// The documents that cite the one of this key, by key.
    pub fn cited_by(&self, key: &str) -> Vec<Citing<'_>> {
        let Some(to) = self.position(key) else { return Vec::new() };
        let mut found = Vec::new();
        for (from, document) in self.documents.iter().enumerate() {
            let places: Vec<&Citation> = document
                .citations
                .iter()
                .filter(|citation| from != to && self.resolve(citation, from) == Some(to))
                .collect();
            if !places.is_empty() {
                found.push(Citing { document, cited: &self.documents[to], places });
            }
        }
        found
    }

    /// Whether a document names itself, or what it issues.
    fn is_itself(&self, citation: &Citation, from: usize) -> bool {
        let key = regulation_key(&citation.title);
        let is_own = |map: &HashMap<String, Vec<usize>>| map.get(&key).is_some_and(|list| list.contains(&from));
        !citation.title.is_empty() && (is_own(&self.by_regulation) || is_own(&self.by_title))
    }
}

/// Whether a citation without a document in the catalog is worth listing.
fn is_of_a_document(citation: &Citation) -> bool {
    citation.number.is_some() || (Genre::of_title(&citation.title).is_some() && !names::is_bare_kind(&citation.title))
}
