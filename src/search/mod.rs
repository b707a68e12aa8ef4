//! Answering: a query over the index → hits in their order.
//!
//! `plan.rs` lowers the query, `evaluate.rs` finds which records satisfy it, and
//! `tiers.rs` how well; `bm25.rs`, `best.rs`, `rank.rs` and `order.rs` order them, `hit.rs` puts what
//! is shown together. `searcher.rs` is the way through, and `team.rs` shares its parts with
//! idle threads. Nothing here writes, and nothing here knows files.

mod abbreviation;
mod advice;
mod best;
mod bits;
mod bm25;
mod complete;
mod documents;
mod duplicates;
mod evaluate;
mod explain;
mod facet;
mod fields;
mod hit;
mod keys;
mod named;
mod near;
mod occurrences;
mod options;
mod order;
mod plan;
mod rank;
mod results;
mod runs;
mod searcher;
mod segment;
mod suggest;
mod team;
#[cfg(test)]
mod tests;
mod tiers;
mod vocabulary;
mod why_not;

pub use advice::{Advice, AdvisedKeyword, RelaxedQuery};
pub use complete::Completion;
pub use explain::{Explanation, KeywordExplanation, VariantExplanation};
pub use facet::{Facet, FacetCount, FacetField};
pub use options::{Mode, SearchOptions, Sort};
pub use rank::ScoreParts;
pub use results::{Counts, DocumentInfo, Group, Hit, MatchedVariant, Results, SectionInfo, Tier};
pub use searcher::Searcher;
pub use why_not::{KeywordVerdict, WhyNot};
