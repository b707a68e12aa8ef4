//! What to try when a query finds nothing: which keyword is to blame, and what
//! the query finds without it.

use serde::Serialize;

use crate::Result;
use crate::query::{Node, Query};

use super::options::{Mode, SearchOptions};
use super::searcher::Searcher;
use super::suggest::{self, Reason};

/// What to try instead of a query that finds nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Advice {
    /// Keywords that occur nowhere in the index, in no spelling.
    pub missing: Vec<String>,
    /// What those keywords may have been meant as; all of it is in the index.
    pub suggestions: Vec<AdvisedKeyword>,
    /// The query without one of its keywords or conditions, where that finds
    /// something; most hits first.
    pub relaxed: Vec<RelaxedQuery>,
}

/// Something to search for instead of a keyword.
#[derive(Clone, Debug, Serialize)]
pub struct AdvisedKeyword {
    /// The keyword as typed.
    pub keyword: String,
    /// What to search for.
    pub text: String,
    /// Why, in English: `same_sound`, `similar_shape`, `renamed`, ….
    pub kind: &'static str,
    /// The same in Chinese.
    pub label: &'static str,
    /// For a body that was renamed or replaced: when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Sections that hold it.
    pub sections: u64,
}

/// A query with a part left out.
#[derive(Clone, Debug, Serialize)]
pub struct RelaxedQuery {
    /// What is left out, in the query language.
    pub without: String,
    /// What remains.
    pub query: String,
    /// Sections it finds in the first two tiers.
    pub sections: u64,
}

/// Keywords that advice is given on, and parts that are left out by turns: the time
/// it takes grows with their square, and of a longer query it says little.
const MAX_ADVISED: usize = 8;

impl Searcher {
    /// What to try when nothing was found.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn advise(&self, query: &Query, options: &SearchOptions) -> Result<Advice> {
        self.index.guarded(|| self.advice(query, options))
    }

    fn advice(&self, query: &Query, options: &SearchOptions) -> Result<Advice> {
        let explanation = self.explain(query, options)?;
        let is_missing = |keyword: &&super::KeywordExplanation| {
            !keyword.is_excluded && keyword.sections == 0 && keyword.in_context == 0
        };
        let missing: Vec<String> =
            explanation.keywords.iter().filter(is_missing).map(|keyword| keyword.text.clone()).collect();
        let mut suggestions = Vec::new();
        for keyword in missing.iter().take(MAX_ADVISED) {
            let dictionary = self.index.inner.segmenter.dictionary();
            for suggestion in suggest::suggest(keyword, dictionary, &self.synonyms, self) {
                let since = match &suggestion.reason {
                    Reason::Renamed { since } => Some(since.clone()),
                    _ => None,
                };
                suggestions.push(AdvisedKeyword {
                    keyword: keyword.clone(),
                    kind: suggestion.reason.name(),
                    label: suggestion.reason.label(),
                    text: suggestion.text,
                    since,
                    sections: suggestion.sections,
                });
            }
        }
        Ok(Advice { missing, suggestions, relaxed: self.relaxed(query, options)? })
    }

    fn relaxed(&self, query: &Query, options: &SearchOptions) -> Result<Vec<RelaxedQuery>> {
        let mut relaxed = Vec::new();
        let options = options.clone().mode(Mode::Smart).limit(0);
        let mut try_query = |without: String, rest: Query, options: &SearchOptions| -> Result<()> {
            let counts = self.count(&rest, options)?;
            let sections = counts.exact + counts.words.unwrap_or(0);
            if sections > 0 {
                relaxed.push(RelaxedQuery { without, query: rest.to_string(), sections });
            }
            Ok(())
        };
        if let Node::And(parts) = query.root()
            && parts.len() <= MAX_ADVISED
        {
            for at in 0..parts.len() {
                let rest: Vec<Node> =
                    parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, node)| node.clone()).collect();
                let Some(rest) = Node::all(rest).filter(Node::is_positive) else { continue };
                try_query(parts[at].to_string(), query.with_root(rest), &options)?;
            }
        }
        if !options.filter.is_empty() || options.filter.title_only {
            let conditions: Vec<String> = options.filter.conditions().iter().map(ToString::to_string).collect();
            let free = options.clone().filter(crate::query::Filter::new());
            try_query(conditions.join(" "), query.clone(), &free)?;
        }
        relaxed.sort_by(|a, b| b.sections.cmp(&a.sections).then_with(|| a.without.cmp(&b.without)));
        Ok(relaxed)
    }
}
