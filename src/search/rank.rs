//! The second step of ranking: a look at the text itself of the first step's best.

use crate::analysis::chars::CharText;
use crate::query::KeywordStyle;

use super::evaluate::LeafSets;
use super::occurrences;
use super::plan::{Leaf, Phrase, Plan};
use super::runs::{Held, Runs, runs};

/// How many of the first step's best are looked at again.
pub(crate) const SECOND_LOOK: usize = if cfg!(test) { 20 } else { 200 };

/// What the second look compares a text with.
pub(crate) struct SecondLook<'a> {
    /// The keywords asked for, each with its place among the plan's leaves.
    keywords: Vec<(usize, &'a Leaf)>,
    /// Runs of two and three characters of the query, and its characters without
    /// function words.
    runs: Runs,
}

/// The parts of a second look's score, each from 0 to about 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoreParts {
    /// BM25 over words, relative to the best hit of its tier.
    pub words: f32,
    /// Share of the query's character pairs that the text holds, rare ones
    /// counting more.
    pub bigrams: f32,
    /// Share of the query's runs of three characters that the text holds.
    pub trigrams: f32,
    /// Share of the query's characters that the text holds, rare ones counting
    /// more.
    pub unigrams: f32,
    /// Share of the keywords that the text or heading holds: literally 1, as a
    /// variant a little less, abbreviated half.
    pub literal: f32,
    /// How near the keywords stand to one another.
    pub nearness: f32,
    /// Share of the keywords that title or path holds.
    pub place: f32,
    /// Share of the path's character pairs that are the query's: how much of the
    /// chapter is about it.
    pub path: f32,
    /// 1 for an article or a part of one, which says what holds by itself.
    pub article: f32,
    /// The document's level of authority: 1 for a law, less for what stands below.
    pub authority: f32,
    /// The logarithm of the text's length: of two that hold the same, the shorter
    /// says it more clearly.
    pub length: f32,
    /// 1 for a document that has expired, was repealed or replaced.
    pub out_of_force: f32,
}

/// Weights of [`ScoreParts`], tuned on questions of lay people about laws
/// (`benches/relevance.md` says how, and what each is worth).
const WEIGHTS: ScoreParts = ScoreParts {
    words: 1.0,
    bigrams: 0.6,
    trigrams: 0.45,
    unigrams: 0.6,
    literal: 0.25,
    nearness: 0.15,
    place: 0.25,
    path: 0.4,
    article: 0.3,
    authority: 0.3,
    length: -0.3,
    out_of_force: -0.03,
};

/// What an occurrence counts as a variant, and as an abbreviation, where the
/// keyword itself counts 1.
const VARIANT: f32 = 0.9;
const ABBREVIATED: f32 = 0.5;

/// Characters that stand in nearly every text and say nothing of its subject.
const FUNCTION_CHARACTERS: &str =
    "的了和与及或在是对等之其以于为将由被把从到向并也都就吗呢么我你他有会能要哪几什怎如何谁否可";

impl ScoreParts {
    /// The weighted sum, not below 0.
    pub fn total(&self) -> f32 {
        let sum = self.words * WEIGHTS.words
            + self.bigrams * WEIGHTS.bigrams
            + self.trigrams * WEIGHTS.trigrams
            + self.unigrams * WEIGHTS.unigrams
            + self.literal * WEIGHTS.literal
            + self.nearness * WEIGHTS.nearness
            + self.place * WEIGHTS.place
            + self.path * WEIGHTS.path
            + self.article * WEIGHTS.article
            + self.authority * WEIGHTS.authority
            + self.length * WEIGHTS.length
            + self.out_of_force * WEIGHTS.out_of_force;
        sum.max(0.0)
    }
}

/// A section as the second look gets it.
pub(crate) struct Candidate<'a> {
    pub record: u32,
    pub document: u32,
    /// The ids of its text's tokens.
    pub ids: &'a [u32],
    /// Those of them that are [letters](crate::analysis::chars::is_letter).
    pub letters: &'a [u32],
    /// Whether its label or a heading on the way to it is an article's.
    pub is_article: bool,
    /// The [share](SecondLook::path_share) of its path.
    pub path: f32,
    /// Reads its text, for keywords that the tokens do not decide.
    pub text: &'a dyn Fn() -> tantivy::Result<String>,
}

/// Where a keyword occurs, as ranges of tokens.
type Places = Vec<(usize, usize)>;

/// What the second look saw in one text.
pub(crate) struct Look {
    /// Which of the query's runs the text holds.
    held: Held,
    parts: ScoreParts,
}

/// What each pair and each character of a query is worth.
pub(crate) struct Weights {
    bigrams: Vec<f32>,
    unigrams: Vec<f32>,
}

impl<'a> SecondLook<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let keywords: Vec<(usize, &Leaf)> = plan.positive().collect();
        let ids: Vec<Vec<u32>> =
            keywords.iter().filter_map(|(_, leaf)| leaf.phrases.first()).map(|phrase| phrase.chars.letters()).collect();
        let is_function = |id: u32| char::from_u32(id).is_some_and(|c| FUNCTION_CHARACTERS.contains(c));
        SecondLook { keywords, runs: Runs::new(&ids, is_function) }
    }

    /// Reads a section. `leaves` say where keywords occur in its segment.
    ///
    /// # Errors
    /// When its text is needed and cannot be read.
    pub(crate) fn look(&self, section: &Candidate<'_>, leaves: &[LeafSets]) -> tantivy::Result<Look> {
        let Candidate { record, letters, .. } = *section;
        let count = self.keywords.len().max(1) as f32;
        let (literal, places) = match self.literal_of_one(section, leaves) {
            Some(literal) => {
                debug_assert!(self.occurrences(section, leaves)?.0 == literal);
                (literal, Vec::new())
            }
            None => self.occurrences(section, leaves)?,
        };
        let in_context = self.keywords.iter().filter(|(at, _)| leaves[*at].context.contains(record)).count();
        // What is there as it was typed is there with all its runs.
        let held = if literal >= count { self.runs.all() } else { self.runs.held(letters) };
        debug_assert!(literal < count || held == self.runs.held(letters));
        let parts = ScoreParts {
            trigrams: share(held.trigrams()),
            literal: literal / count,
            nearness: nearness(&places),
            place: in_context as f32 / count,
            path: section.path,
            article: f32::from(section.is_article),
            length: (1.0 + letters.len() as f32).ln() / LONG_TEXT_LN,
            ..ScoreParts::default()
        };
        Ok(Look { held, parts })
    }

    /// What the keywords count together as they occur in a section's text, and where each
    /// does, as ranges of tokens.
    fn occurrences(&self, section: &Candidate<'_>, leaves: &[LeafSets]) -> tantivy::Result<(f32, Vec<Places>)> {
        let Candidate { record, document, ids, .. } = *section;
        let mut literal = 0.0;
        let mut places: Vec<Places> = Vec::with_capacity(self.keywords.len());
        let mut text: Option<(String, CharText)> = None;
        for &(at, leaf) in &self.keywords {
            let mut own = Vec::new();
            // The bitmaps know already; a text is searched only where something is.
            if leaves[at].text.contains(record) {
                own = match occurrences::in_ids(leaf, ids) {
                    Some(own) => own,
                    None => {
                        let (text, chars) = match &mut text {
                            Some(read) => read,
                            none => {
                                let read = (section.text)()?;
                                let chars = CharText::new(&read);
                                none.insert((read, chars))
                            }
                        };
                        occurrences::in_text(leaf, text, chars)
                    }
                };
                if own.is_empty() {
                    let abbreviations = leaves[at].abbreviations.iter().filter(|known| known.document == document);
                    own = abbreviations.flat_map(|known| known.phrase.ranges(ids)).collect();
                    literal += if own.is_empty() { 0.0 } else { ABBREVIATED };
                } else {
                    literal += worth(leaf, ids);
                }
            }
            places.push(own);
        }
        Ok((literal, places))
    }

    /// What the only keyword of a query counts, where the index says that it occurs: the
    /// place matters beside others alone. `None` when it may be the title that has it, or
    /// an abbreviation, or there are more.
    fn literal_of_one(&self, section: &Candidate<'_>, leaves: &[LeafSets]) -> Option<f32> {
        let [(at, leaf)] = *self.keywords else { return None };
        let sets = &leaves[at];
        let is_plain = section.record != section.document && sets.abbreviations.is_empty();
        (is_plain && sets.text.contains(section.record)).then(|| worth(leaf, section.ids))
    }

    /// What each run of characters is worth, from how many of the texts looked at
    /// hold it: one that all hold tells nothing apart.
    pub(crate) fn weights(&self, looks: &[Look]) -> Weights {
        let weigh = |count: usize, holds: &dyn Fn(&Look, usize) -> bool| -> Vec<f32> {
            let weight = |at| {
                let holding = looks.iter().filter(|look| holds(look, at)).count() as f32;
                (1.0 + looks.len() as f32 / (1.0 + holding)).ln()
            };
            (0..count).map(weight).collect()
        };
        Weights {
            bigrams: weigh(self.runs.bigrams.len(), &|look, at| look.held.bigrams()[at]),
            unigrams: weigh(self.runs.unigrams.len(), &|look, at| look.held.unigrams()[at]),
        }
    }

    /// The parts of a section's score; `words` is its BM25 relative to the best.
    pub(crate) fn parts(&self, words: f32, look: &Look, weights: &Weights) -> ScoreParts {
        ScoreParts {
            words,
            bigrams: weighted_share(look.held.bigrams(), &weights.bigrams),
            unigrams: weighted_share(look.held.unigrams(), &weights.unigrams),
            ..look.parts
        }
    }

    /// Share of the character pairs of a path, its headings one behind the other, that
    /// are the query's.
    pub(crate) fn path_share(&self, path: &str) -> f32 {
        if path.is_empty() {
            return 0.0;
        }
        let mut pairs: Vec<[u32; 2]> = runs(&[CharText::new(path).letters()]);
        let all = pairs.len().max(1) as f32;
        pairs.retain(|pair| self.runs.bigrams.binary_search(pair).is_ok());
        pairs.len() as f32 / all
    }
}

/// The logarithm of a long section's length in characters, some 400.
const LONG_TEXT_LN: f32 = 6.0;

/// Whether a label or heading is an article's, 第…条.
pub(super) fn is_article(label: &str) -> bool {
    label.starts_with('第') && label.contains('条')
}

/// What a keyword counts in a text that it occurs in: 1, or a little less where nothing but
/// a variant does.
fn worth(leaf: &Leaf, ids: &[u32]) -> f32 {
    // What has no other spelling was found as it was typed.
    let is_only = leaf.phrases.len() == 1 && leaf.style != KeywordStyle::Prefix;
    let is_typed = |phrase: &Phrase| is_only || phrase.ranges(ids).next().is_some();
    if leaf.phrases.first().is_some_and(is_typed) { 1.0 } else { VARIANT }
}

fn share(held: &[bool]) -> f32 {
    held.iter().filter(|held| **held).count() as f32 / held.len().max(1) as f32
}

fn weighted_share(held: &[bool], weights: &[f32]) -> f32 {
    let all: f32 = weights.iter().sum();
    let sum: f32 = weights.iter().zip(held).filter(|(_, held)| **held).map(|(weight, _)| weight).sum();
    if all > 0.0 { sum / all } else { 0.0 }
}

/// 1 for keywords that stand together, falling with the tokens between them in
/// the shortest stretch of text that has one occurrence of each keyword that
/// occurs; 0 when fewer than two occur.
fn nearness(places: &[Places]) -> f32 {
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    let mut present = 0;
    for places in places.iter().filter(|places| !places.is_empty()) {
        all.extend(places.iter().map(|&(from, to)| (from, to, present)));
        present += 1;
    }
    if present < 2 {
        return 0.0;
    }
    all.sort_unstable();
    // The last occurrence of each keyword up to here.
    let mut last: Vec<Option<(usize, usize)>> = vec![None; present];
    let mut shortest = usize::MAX;
    for (from, to, keyword) in all {
        last[keyword] = Some((from, to));
        if last.iter().all(Option::is_some) {
            let start = last.iter().flatten().map(|place| place.0).min().unwrap_or(from);
            let end = last.iter().flatten().map(|place| place.1).max().unwrap_or(to);
            let inside: usize = last.iter().flatten().map(|place| place.1 - place.0).sum();
            shortest = shortest.min((end - start).saturating_sub(inside));
        }
    }
    1.0 / (1.0 + shortest as f32 / 20.0)
}
