//! The tree of a plan on one segment: which records satisfy it, and how.

use std::collections::HashMap;

use crate::postings::Place;

use super::abbreviation::{self, Abbreviation};
use super::bits::Bits;
use super::fields::FieldSets;
use super::occurrences;
use super::plan::{Leaf, Plan, PlanNode};
use super::segment::SegmentView;

/// Where a keyword occurs in a segment.
pub(crate) struct LeafSets {
    /// Literally, as a variant, or abbreviated as its document says, in the
    /// section's own text or heading.
    pub text: Bits,
    /// Literally, or as a variant, in title or path.
    pub context: Bits,
    /// By all its words, in text, title or path together, and the text adds
    /// something; literal ones not necessarily included.
    pub words: Bits,
    /// Any of its words of two characters or more in the text.
    pub any_word: Bits,
    /// What documents say they call it.
    pub abbreviations: Vec<Abbreviation>,
}

/// A plan evaluated on a segment.
pub(crate) struct Evaluation<'a> {
    pub(super) plan: &'a Plan,
    pub(super) view: &'a SegmentView<'a>,
    pub leaves: Vec<LeafSets>,
    fields: FieldSets,
    pub(super) alive: &'a Bits,
    /// `NEAR` operators in the order the tree is walked.
    near: Vec<Bits>,
}

/// What counts as an occurrence.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurs {
    Literally,
    ByWords,
}

impl<'a> Evaluation<'a> {
    /// Of `leaves`, the plan's in their order.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn new(
        plan: &'a Plan,
        view: &'a SegmentView<'a>,
        leaves: Vec<LeafSets>,
        fields: FieldSets,
    ) -> tantivy::Result<Self> {
        let alive = view.alive();
        let mut evaluation = Evaluation { plan, view, leaves, fields, alive, near: Vec::new() };
        evaluation.near = evaluation.near_bits()?;
        Ok(evaluation)
    }

    /// The records of the first two tiers: those the tree accepts, at least one
    /// keyword in their own text.
    pub(crate) fn tier(&self, occurs: Occurs) -> Bits {
        let mut hits = self.node(&self.plan.root, occurs, &mut 0);
        hits.and(&self.own(occurs));
        hits.and(self.alive);
        hits
    }

    /// Records with at least one keyword that is asked for in their own text. For
    /// a query of fields alone, the document records.
    fn own(&self, occurs: Occurs) -> Bits {
        let mut own = Bits::empty(self.view.max_doc());
        if self.plan.positive().next().is_none() {
            if self.plan.asks_for_sections() && !self.plan.title_only {
                return Bits::full(self.view.max_doc());
            }
            self.view.documents().iter().for_each(|&document| own.insert(document));
            return own;
        }
        for (at, _) in self.plan.positive() {
            own.or(&self.leaves[at].text);
            if occurs == Occurs::ByWords {
                own.or(&self.leaves[at].words);
            }
        }
        own
    }

    /// How many of a set are alive.
    pub(crate) fn living(&self, set: &Bits) -> u64 {
        let mut living = set.clone();
        living.and(self.alive);
        living.len()
    }

    /// The conditions on fields that must be met and whose records `holds` does not
    /// accept, in the query language.
    pub(crate) fn unmet(&self, holds: impl Fn(&Bits) -> bool) -> Vec<String> {
        let required: &[PlanNode] = match &self.plan.root {
            PlanNode::And(children) => children,
            other => std::slice::from_ref(other),
        };
        let unmet = required.iter().filter_map(|node| match node {
            PlanNode::Field(filter) if !holds(&self.fields.get(filter)) => Some(filter.to_string()),
            _ => None,
        });
        unmet.collect()
    }

    fn node(&self, node: &PlanNode, occurs: Occurs, near: &mut usize) -> Bits {
        match node {
            PlanNode::Leaf(at) => self.leaf(*at, occurs),
            PlanNode::And(children) => {
                let mut all = Bits::full(self.view.max_doc());
                children.iter().for_each(|child| all.and(&self.node(child, occurs, near)));
                all
            }
            PlanNode::Or(children) => {
                let mut any = Bits::empty(self.view.max_doc());
                children.iter().for_each(|child| any.or(&self.node(child, occurs, near)));
                any
            }
            // What is excluded is excluded literally: a word in another place is
            // no reason to hide a section.
            PlanNode::Not(child) => {
                let mut rest = self.node(child, Occurs::Literally, near);
                rest.negate();
                rest
            }
            PlanNode::Near { .. } => {
                let at = *near;
                *near += 1;
                self.near[at].clone()
            }
            PlanNode::Field(filter) => self.fields.get(filter),
        }
    }

    fn leaf(&self, at: usize, occurs: Occurs) -> Bits {
        let sets = &self.leaves[at];
        let mut bits = sets.text.clone();
        bits.or(&sets.context);
        if occurs == Occurs::ByWords {
            bits.or(&sets.words);
        }
        bits
    }

    /// The records where anything that is asked for occurs, exclusions and fields
    /// respected.
    pub(crate) fn relaxed(&self) -> Bits {
        let mut hits = self.relaxed_node(&self.plan.root, &mut 0);
        hits.and(self.alive);
        hits
    }

    fn relaxed_node(&self, node: &PlanNode, near: &mut usize) -> Bits {
        match node {
            PlanNode::Leaf(at) => {
                let mut bits = self.leaves[*at].text.clone();
                bits.or(&self.leaves[*at].any_word);
                bits
            }
            PlanNode::And(children) => {
                let mut wanted = Bits::empty(self.view.max_doc());
                let mut required = Bits::full(self.view.max_doc());
                let mut has_wanted = false;
                for child in children {
                    match child {
                        PlanNode::Not(_) | PlanNode::Field(_) => {
                            required.and(&self.node(child, Occurs::Literally, near))
                        }
                        _ => {
                            has_wanted = true;
                            wanted.or(&self.relaxed_node(child, near));
                        }
                    }
                }
                if has_wanted {
                    wanted.and(&required);
                    return wanted;
                }
                required.and(&self.own(Occurs::Literally));
                required
            }
            PlanNode::Or(children) => {
                let mut any = Bits::empty(self.view.max_doc());
                children.iter().for_each(|child| any.or(&self.relaxed_node(child, near)));
                any
            }
            PlanNode::Near { left, right, .. } => {
                *near += 1;
                let mut any = Bits::empty(self.view.max_doc());
                left.iter().chain(right).for_each(|&at| any.or(&self.leaves[at].text));
                any
            }
            PlanNode::Not(_) | PlanNode::Field(_) => {
                let mut bits = self.node(node, Occurs::Literally, near);
                bits.and(&self.own(Occurs::Literally));
                bits
            }
        }
    }

    /// For each keyword that is asked for, the records with it in their own text.
    pub(crate) fn positive_text(&self) -> impl Iterator<Item = Bits> + '_ {
        self.plan.positive().map(|(at, _)| {
            let mut bits = self.leaves[at].text.clone();
            bits.and(self.alive);
            bits
        })
    }

    /// The documents (as document records) whose sections together satisfy the
    /// tree.
    pub(crate) fn documents(&self) -> Bits {
        let mut documents = self.document_node(&self.plan.root, &mut 0);
        let mut records = Bits::empty(self.view.max_doc());
        self.view.documents().iter().for_each(|&document| records.insert(document));
        documents.and(&records);
        documents.and(self.alive);
        documents
    }

    fn document_node(&self, node: &PlanNode, near: &mut usize) -> Bits {
        match node {
            PlanNode::And(children) => {
                let mut all = Bits::full(self.view.max_doc());
                children.iter().for_each(|child| all.and(&self.document_node(child, near)));
                all
            }
            PlanNode::Or(children) => {
                let mut any = Bits::empty(self.view.max_doc());
                children.iter().for_each(|child| any.or(&self.document_node(child, near)));
                any
            }
            PlanNode::Not(child) => {
                let mut rest = self.document_node(child, near);
                rest.negate();
                rest
            }
            PlanNode::Leaf(_) | PlanNode::Near { .. } | PlanNode::Field(_) => {
                let mut bits = self.node(node, Occurs::Literally, near);
                bits.and(self.alive);
                self.view.documents_of(&bits)
            }
        }
    }
}

/// Where words stand that were looked up for keywords before: 年 and 月 are words of
/// every date.
#[derive(Default)]
struct Words<'a> {
    kept: HashMap<&'a str, Standing>,
    /// One that was not kept.
    last: Option<Standing>,
}

/// The records that have a word in their text, and in title or headings.
type Standing = (Bits, Bits);

/// How many words are kept: as many bits as there are records, twice, each.
const MAX_KEPT: usize = 32;

impl<'a> Words<'a> {
    fn get(&mut self, word: &'a str, view: &SegmentView<'_>) -> tantivy::Result<&Standing> {
        if !self.kept.contains_key(word) {
            let mut read = (Bits::empty(view.max_doc()), Bits::empty(view.max_doc()));
            view.word(Place::Text, word, &mut read.0)?;
            view.word(Place::Context, word, &mut read.1)?;
            if self.kept.len() >= MAX_KEPT {
                return Ok(self.last.insert(read));
            }
            self.kept.insert(word, read);
        }
        Ok(&self.kept[word])
    }
}

/// Where some keywords of a plan occur in a segment. Each comes with the records that
/// have it in their text, where these are known.
///
/// # Errors
/// When the index cannot be read.
pub(super) fn leaf_sets<'a>(
    leaves: impl Iterator<Item = (&'a Leaf, Option<Bits>)>,
    plan: &Plan,
    view: &SegmentView<'_>,
) -> tantivy::Result<Vec<LeafSets>> {
    let mut words = Words::default();
    leaves.map(|(leaf, text)| sets(leaf, text, plan, view, &mut words)).collect()
}

fn sets<'a>(
    leaf: &'a Leaf,
    text: Option<Bits>,
    plan: &Plan,
    view: &SegmentView<'_>,
    known: &mut Words<'a>,
) -> tantivy::Result<LeafSets> {
    let empty = || Bits::empty(view.max_doc());
    if plan.title_only {
        return title_sets(leaf, view);
    }
    let mut text = match text {
        Some(known) => known,
        None => occurrences::find(leaf, Place::Text, view)?,
    };
    let context = occurrences::find(leaf, Place::Context, view)?;
    let abbreviations = if plan.follows_abbreviations { abbreviation::find(leaf, &text, view)? } else { Vec::new() };
    for abbreviation in &abbreviations {
        text.extend(abbreviation.sections.iter().copied());
    }
    let mut words = empty();
    let mut any_word = empty();
    if !leaf.words.is_empty() {
        // All of them in the text; or some in the title, and the text adds to it.
        words = Bits::full(view.max_doc());
        let mut all_own = Bits::full(view.max_doc());
        let mut adds = empty();
        for word in &leaf.words {
            let (own, around) = known.get(word, view)?;
            // 第 and 条 alone say nothing of 第5条.
            if word.chars().nth(1).is_some() {
                any_word.or(own);
            }
            words.and_either(own, around);
            all_own.and(own);
            adds.or_difference(own, around);
        }
        words.and(&adds);
        words.or(&all_own);
    }
    Ok(LeafSets { text, context, words, any_word, abbreviations })
}

/// Where a keyword occurs if only titles count: in document records, whose
/// context is the title and nothing else.
fn title_sets(leaf: &Leaf, view: &SegmentView<'_>) -> tantivy::Result<LeafSets> {
    let mut documents = Bits::empty(view.max_doc());
    view.documents().iter().for_each(|&document| documents.insert(document));
    let mut text = occurrences::find(leaf, Place::Context, view)?;
    text.and(&documents);
    let mut words = Bits::empty(view.max_doc());
    let mut any_word = Bits::empty(view.max_doc());
    for (at, word) in leaf.words.iter().enumerate() {
        let mut having = Bits::empty(view.max_doc());
        view.word(Place::Context, word, &mut having)?;
        having.and(&documents);
        any_word.or(&having);
        if at == 0 { words = having } else { words.and(&having) }
    }
    Ok(LeafSets { text, context: Bits::empty(view.max_doc()), words, any_word, abbreviations: Vec::new() })
}
