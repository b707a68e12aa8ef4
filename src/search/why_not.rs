//! Why a document is not among the hits of a query.

use serde::Serialize;

use crate::Result;
use crate::postings::Place;
use crate::query::Query;

use super::options::SearchOptions;
use super::results::Tier;
use super::searcher::Searcher;
use super::team::Team;

/// What stands between a document and a query.
#[derive(Clone, Debug, Serialize)]
pub struct WhyNot {
    /// The document's key.
    pub document: String,
    /// The best tier one of its sections is of; `None` when it is no hit at all.
    pub tier: Option<Tier>,
    /// Place of its best section in the list, from 1, if it is a hit.
    pub rank: Option<usize>,
    /// Every keyword, in reading order.
    pub keywords: Vec<KeywordVerdict>,
    /// Conditions on fields that the document does not meet, in the query language.
    pub unmet: Vec<String>,
}

/// What the document has of a keyword.
#[derive(Clone, Debug, Serialize)]
pub struct KeywordVerdict {
    /// As typed.
    pub keyword: String,
    /// Whether it must not occur.
    pub is_excluded: bool,
    /// Sections of the document with it in their text, in any spelling.
    pub sections: u64,
    /// Sections with it in the title or the path.
    pub in_context: u64,
    /// The words it is made of, with how many of the document's sections hold each;
    /// empty when it is one word itself.
    pub words: Vec<(String, u64)>,
}

impl Searcher {
    /// Why the document of this key (as in [`super::DocumentInfo::key`]) is not
    /// among the hits, or where it stands. `None` when the index has no such
    /// document.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn why_not(&self, key: &str, query: &Query, options: &SearchOptions) -> Result<Option<WhyNot>> {
        self.index.guarded(|| self.reasons(key, query, options))
    }

    fn reasons(&self, key: &str, query: &Query, options: &SearchOptions) -> Result<Option<WhyNot>> {
        let plan = self.plan(query, options);
        let views = self.views();
        let Some(&(at, document)) = self.by_key(&views, |other| other == key)?.first() else { return Ok(None) };
        let options = options.clone().limit(None).offset(0);
        let evaluated = self.evaluate(query, &plan, &views, &options, &Team::alone())?;
        let (view, evaluation) = (&views[at], &evaluated.evaluations[at]);
        let records = || view.records_of(document);
        let mut keywords = Vec::with_capacity(plan.leaves.len());
        for (number, leaf) in plan.leaves.iter().enumerate() {
            let sets = &evaluation.leaves[number];
            let mut words = Vec::with_capacity(leaf.words.len());
            for word in &leaf.words {
                let mut having = super::bits::Bits::empty(view.max_doc());
                view.word(Place::Text, word, &mut having).map_err(|e| self.error(e))?;
                words.push((word.clone(), records().filter(|&record| having.contains(record)).count() as u64));
            }
            keywords.push(KeywordVerdict {
                keyword: leaf.text.clone(),
                is_excluded: !leaf.is_positive,
                sections: records().filter(|&record| sets.text.contains(record)).count() as u64,
                in_context: records().filter(|&record| sets.context.contains(record)).count() as u64,
                words,
            });
        }
        let has = |sets: &Vec<super::bits::Bits>| records().any(|record| sets[at].contains(record));
        let tier = evaluated.tiers.iter().find(|(_, sets)| has(sets)).map(|(tier, _)| *tier);
        let rank = match tier {
            None => None,
            Some(_) => {
                let hits = self.search(query, &options)?.hits;
                hits.iter().position(|hit| hit.document.key == key).map(|at| at + 1)
            }
        };
        let unmet = evaluation.unmet(|bits| records().any(|record| bits.contains(record)));
        Ok(Some(WhyNot { document: key.to_owned(), tier, rank, keywords, unmet }))
    }
}
