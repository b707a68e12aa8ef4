//! How a search is answered: which tiers, which conditions, in what order, and
//! what is counted.

use crate::query::Filter;
use crate::snippet::SnippetOptions;

use super::facet::FacetField;

/// Which tiers are answered, and in what order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The tiers in their order; the third and fourth only when the first two
    /// have fewer hits than asked for.
    #[default]
    Smart,
    /// What `grep -F` would find after folding, and nothing else. Only a keyword that
    /// occurs nowhere literally is looked for in its other spellings.
    Exact,
    /// Everything in which anything occurs, by score alone.
    Any,
}

/// What orders the hits of a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The score.
    #[default]
    Relevance,
    /// The document's date, oldest first; documents without one come last.
    Oldest,
    /// The document's date, newest first; documents without one come last.
    Newest,
    /// The level of authority, highest first; documents without one come last.
    Level,
}

/// How a search is answered.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    pub(super) mode: Mode,
    pub(super) sort: Sort,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) snippets: SnippetOptions,
    pub(super) filter: Filter,
    pub(super) facets: Vec<FacetField>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            mode: Mode::Smart,
            sort: Sort::Relevance,
            limit: Some(10),
            offset: 0,
            snippets: SnippetOptions::default(),
            filter: Filter::default(),
            facets: Vec::new(),
        }
    }
}

impl SearchOptions {
    /// The ten best sections, [`Mode::Smart`].
    pub fn new() -> Self {
        SearchOptions::default()
    }

    /// Which tiers.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// What orders the hits of a tier.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// How many sections at most; `None` for all.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// How many of the best to leave out.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// How snippets are cut.
    #[must_use]
    pub fn snippets(mut self, snippets: SnippetOptions) -> Self {
        self.snippets = snippets;
        self
    }

    /// Conditions beside the query.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Fields whose values are counted over the documents with a hit.
    #[must_use]
    pub fn facets(mut self, fields: impl IntoIterator<Item = FacetField>) -> Self {
        self.facets = fields.into_iter().collect();
        self
    }

    /// How many of the ordered hits must be known to answer.
    pub(super) fn end(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| limit.saturating_add(self.offset))
    }
}
