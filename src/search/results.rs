//! What a search answers: hits with their place, counts, and nothing of the
//! engine.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::document::Metadata;
use crate::snippet::Fragment;

use super::facet::Facet;
use super::rank::ScoreParts;

/// How a hit satisfies the query; the lower, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Every keyword occurs literally, or as one of its variants.
    Exact,
    /// Every keyword occurs so, or by all its words.
    Words,
    /// The keywords occur in different sections of the document.
    Document,
    /// Only some of them occur.
    Relaxed,
}

impl Tier {
    /// Every tier, best first.
    pub const ALL: [Tier; 4] = [Tier::Exact, Tier::Words, Tier::Document, Tier::Relaxed];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Exact => "exact",
            Tier::Words => "words",
            Tier::Document => "document",
            Tier::Relaxed => "relaxed",
        }
    }
}

/// Sections of each tier. `None` for a tier that was not looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Tier [`Tier::Exact`].
    pub exact: u64,
    /// Tier [`Tier::Words`], without those above.
    pub words: Option<u64>,
    /// Tier [`Tier::Document`], without those above.
    pub document: Option<u64>,
    /// Tier [`Tier::Relaxed`], without those above.
    pub relaxed: Option<u64>,
    /// Documents with a section of a tier that was looked at.
    pub documents: u64,
}

impl Counts {
    /// Sections of all tiers that were looked at.
    pub fn sections(&self) -> u64 {
        self.exact + self.words.unwrap_or(0) + self.document.unwrap_or(0) + self.relaxed.unwrap_or(0)
    }

    pub(crate) fn set(&mut self, tier: Tier, count: u64) {
        match tier {
            Tier::Exact => self.exact = count,
            Tier::Words => self.words = Some(count),
            Tier::Document => self.document = Some(count),
            Tier::Relaxed => self.relaxed = Some(count),
        }
    }
}

/// The document of a hit.
#[derive(Clone, Debug, Default)]
pub struct DocumentInfo {
    /// The key it was put under, or the path of its file as text.
    pub key: String,
    /// Its file, if it has one.
    pub path: Option<PathBuf>,
    /// Its title; empty when there is none.
    pub title: String,
    /// What it says of itself.
    pub metadata: Metadata,
    /// Number of its sections.
    pub sections: u32,
}

/// The section of a hit, without its text.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SectionInfo {
    /// Place in the document, 0 for the front.
    pub ordinal: u32,
    /// Its number: `第十二条`.
    pub label: String,
    /// Its heading.
    pub heading: String,
    /// The ancestors' headings, outermost first.
    pub path: Vec<String>,
    /// The numbered item of the text that the first highlight is in: `（二）`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// First line in the extracted text.
    pub line: u32,
}

impl SectionInfo {
    /// The whole way to the section, its own heading and item included.
    pub fn full_path(&self) -> Vec<String> {
        let own = crate::document::join_heading(&self.label, &self.heading);
        let own = Some(own).filter(|own| !own.is_empty());
        self.path.iter().cloned().chain(own).chain(self.item.clone()).collect()
    }
}

/// Another spelling of a keyword that a section holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchedVariant {
    /// The keyword as typed.
    pub keyword: String,
    /// What the section holds for it.
    pub text: String,
    /// What kind of variant it is, in English: `number`, `date`, `alias`, ….
    pub kind: &'static str,
    /// The same in Chinese.
    pub label: &'static str,
}

/// A section that matches.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its document; hits of one document share it.
    pub document: Arc<DocumentInfo>,
    /// Where it is.
    pub section: SectionInfo,
    /// How it matches.
    pub tier: Tier,
    /// What it is ordered by inside its tier.
    pub score: f32,
    /// What the score is made of.
    pub score_parts: ScoreParts,
    /// Whether the query names this very article or document: `民法典 577条`,
    /// `国发〔2019〕5号`. Such hits come first.
    pub is_named: bool,
    /// How many sections further down the list say nearly the same.
    pub duplicates: u64,
    /// The other spellings by which it matches.
    pub variants: Vec<MatchedVariant>,
    /// The passages that show why.
    pub fragments: Vec<Fragment>,
    /// Sections of the same document that match, this one included.
    pub siblings: u64,
}

/// The hits of one document, in the order of the list.
#[derive(Clone, Debug)]
pub struct Group {
    /// The document.
    pub document: Arc<DocumentInfo>,
    /// Its hits, best first.
    pub hits: Vec<Hit>,
}

/// The answer to a search.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// How many sections match, exactly.
    pub counts: Counts,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// The counts asked for, in the order of the options.
    pub facets: Vec<Facet>,
    /// Seconds it took.
    pub seconds: f64,
}

impl Results {
    /// The same hits by document; a document stands where its best hit stands.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for hit in &self.hits {
            match groups.iter_mut().find(|group| Arc::ptr_eq(&group.document, &hit.document)) {
                Some(group) => group.hits.push(hit.clone()),
                None => groups.push(Group { document: hit.document.clone(), hits: vec![hit.clone()] }),
            }
        }
        groups
    }
}
