//! How a query was understood: its tree, the spellings it is looked for by, and
//! how often each is found.

use serde::Serialize;

use crate::Result;
use crate::query::{Goto, KeywordStyle, Query};

use super::options::SearchOptions;
use super::results::Counts;
use super::searcher::Searcher;
use super::team::Team;

/// How a query was understood.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The query in the query language, conditions beside it included, with its
    /// grouping made plain.
    pub tree: String,
    /// The article or document it names, if it is nothing but a reference.
    pub names: Option<String>,
    /// Every keyword, in reading order.
    pub keywords: Vec<KeywordExplanation>,
    /// The words that score, in jieba's search mode.
    pub words: Vec<String>,
    /// Sections of each tier.
    pub counts: Counts,
}

/// What one keyword stands for.
#[derive(Clone, Debug, Serialize)]
pub struct KeywordExplanation {
    /// As typed.
    pub text: String,
    /// `plain`, `phrase`, `raw` or `prefix`.
    pub style: &'static str,
    /// Whether it must not occur.
    pub is_excluded: bool,
    /// Other spellings that count as occurrences.
    pub variants: Vec<VariantExplanation>,
    /// Words that must all occur for the second tier; empty when the keyword is
    /// one word itself.
    pub words: Vec<String>,
    /// Sections with it in their text, in any spelling.
    pub sections: u64,
    /// Sections with it in the title or the path.
    pub in_context: u64,
}

/// Another spelling of a keyword.
#[derive(Clone, Debug, Serialize)]
pub struct VariantExplanation {
    /// The spelling.
    pub text: String,
    /// What kind it is, in English.
    pub kind: &'static str,
    /// The same in Chinese.
    pub label: &'static str,
}

impl Searcher {
    /// How a query is understood on this index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn explain(&self, query: &Query, options: &SearchOptions) -> Result<Explanation> {
        self.index.guarded(|| self.explanation(query, options))
    }

    fn explanation(&self, query: &Query, options: &SearchOptions) -> Result<Explanation> {
        let plan = self.plan(query, options);
        let views = self.views();
        let evaluated = self.evaluate(query, &plan, &views, options, &Team::alone())?;
        let mut keywords = Vec::with_capacity(plan.leaves.len());
        for (at, leaf) in plan.leaves.iter().enumerate() {
            let mut explained = KeywordExplanation {
                text: leaf.text.clone(),
                style: style_name(leaf.style),
                is_excluded: !leaf.is_positive,
                variants: Vec::new(),
                words: leaf.words.clone(),
                sections: 0,
                in_context: 0,
            };
            for variant in leaf.phrases.iter().filter_map(|phrase| phrase.variant.as_ref()) {
                let (text, kind, label) = (variant.text.clone(), variant.kind.name(), variant.kind.label());
                explained.variants.push(VariantExplanation { text, kind, label });
            }
            for evaluation in &evaluated.evaluations {
                let sets = &evaluation.leaves[at];
                explained.sections += evaluation.living(&sets.text);
                explained.in_context += evaluation.living(&sets.context);
                for abbreviation in &sets.abbreviations {
                    let is_known = |known: &VariantExplanation| known.text == abbreviation.text;
                    if !explained.variants.iter().any(is_known) {
                        let text = abbreviation.text.clone();
                        explained.variants.push(VariantExplanation { text, kind: "abbreviation", label: "简称" });
                    }
                }
            }
            keywords.push(explained);
        }
        Ok(Explanation {
            tree: options.filter.and(query.root().clone()).to_string(),
            names: query.goto().map(|goto| match goto {
                Goto::Article { title, article } => format!("{} {article}", title.join(" ")),
                Goto::Number(pattern) => pattern.to_string(),
            }),
            keywords,
            words: plan.words.iter().map(|word| word.text.clone()).collect(),
            counts: evaluated.counts,
        })
    }
}

fn style_name(style: KeywordStyle) -> &'static str {
    match style {
        KeywordStyle::Plain => "plain",
        KeywordStyle::Phrase => "phrase",
        KeywordStyle::Raw => "raw",
        KeywordStyle::Prefix => "prefix",
    }
}
