//! `NEAR`: which records hold two keywords close together.

use std::collections::HashMap;
use std::rc::Rc;

use crate::analysis::chars::CharText;
use crate::index::plugin;
use crate::postings::Spans;

use super::bits::Bits;
use super::evaluate::Evaluation;
use super::occurrences;
use super::plan::{Leaf, PlanNode};

impl Evaluation<'_> {
    /// The texts of a record that keywords are looked for in; a title counts as
    /// text of the front section.
    fn own_texts(&self, record: u32) -> tantivy::Result<Vec<String>> {
        let mut texts = Vec::new();
        if !self.plan.title_only {
            texts.push(self.view.section(record)?.text);
        }
        if self.view.ordinal_of(record) == 0 {
            texts.push(self.view.title(record)?);
        }
        Ok(texts)
    }

    /// For each `NEAR`, in the order the tree is walked, the records whose text holds
    /// one of its left and one of its right keywords with at most its distance of
    /// tokens between. By positions where the index has all that counts; else, and for
    /// front sections with their titles, from the stored text of those that hold both,
    /// which is read once for all of them.
    pub(super) fn near_bits(&self) -> tantivy::Result<Vec<Bits>> {
        let mut pairs = Vec::new();
        collect_near(&self.plan.root, &mut pairs);
        let side = |leaves: &[usize]| {
            let mut bits = Bits::empty(self.view.max_doc());
            leaves.iter().for_each(|&at| bits.or(&self.leaves[at].text));
            bits
        };
        let mut fronts = Bits::empty(self.view.max_doc());
        self.view.documents().iter().for_each(|&document| fronts.insert(document));
        let mut any = Bits::empty(self.view.max_doc());
        let mut candidates = Vec::with_capacity(pairs.len());
        let mut hits = Vec::with_capacity(pairs.len());
        let mut spans = HashMap::new();
        for near in &pairs {
            let mut both = side(&near.left);
            both.and(&side(&near.right));
            both.and(self.alive);
            let found = match self.near_by_positions(near, &mut spans)? {
                Some(mut found) => {
                    found.and(&both);
                    found.subtract(&fronts);
                    both.and(&fronts);
                    found
                }
                None => Bits::empty(self.view.max_doc()),
            };
            hits.push(found);
            any.or(&both);
            candidates.push(both);
        }
        for record in any.iter() {
            for text in self.own_texts(record)? {
                let mut places = Places {
                    leaves: &self.plan.leaves,
                    text: &text,
                    chars: CharText::new(&text),
                    found: HashMap::new(),
                };
                for ((near, candidates), hits) in pairs.iter().zip(&candidates).zip(&mut hits) {
                    if candidates.contains(record) && !hits.contains(record) {
                        let (left, right) = (places.of(&near.left), places.of(&near.right));
                        if is_near(&left, &right, near.distance) {
                            hits.insert(record);
                        }
                    }
                }
            }
        }
        Ok(hits)
    }

    /// The records with a `NEAR` by the positions of its keywords; `None` where those
    /// do not decide what is an occurrence. `known` are the positions of keywords looked
    /// up before.
    fn near_by_positions<'n>(
        &self,
        near: &'n NearPair,
        known: &mut HashMap<&'n [usize], Rc<Spans>>,
    ) -> tantivy::Result<Option<Bits>> {
        let decides = |&at: &usize| self.plan.leaves[at].is_decided_by_tokens();
        if self.plan.title_only || !near.left.iter().chain(&near.right).all(decides) {
            return Ok(None);
        }
        let postings = self.view.postings();
        let mut spans = |leaves: &'n [usize]| -> tantivy::Result<Rc<Spans>> {
            if let Some(known) = known.get(leaves) {
                return Ok(known.clone());
            }
            let phrases = leaves.iter().flat_map(|&at| &self.plan.leaves[at].phrases);
            let spans = postings.spans(phrases.map(|phrase| phrase.terms.as_slice())).map_err(plugin::damaged)?;
            let spans = Rc::new(spans);
            known.insert(leaves, spans.clone());
            Ok(spans)
        };
        let (left, right) = (spans(&near.left)?, spans(&near.right)?);
        let mut found = Bits::empty(self.view.max_doc());
        let distance = u32::try_from(near.distance).unwrap_or(u32::MAX);
        let ways = [(&left, &right), (&right, &left)];
        // The same keywords on both sides are near each other in one order only.
        let ways = if Rc::ptr_eq(&left, &right) { &ways[..1] } else { &ways[..] };
        for (first, second) in ways {
            postings.followed(first, second, distance, |record| found.insert(record)).map_err(plugin::damaged)?;
        }
        Ok(Some(found))
    }
}

/// A `NEAR` of the plan.
struct NearPair {
    left: Vec<usize>,
    right: Vec<usize>,
    distance: usize,
}

fn collect_near(node: &PlanNode, into: &mut Vec<NearPair>) {
    match node {
        PlanNode::And(children) | PlanNode::Or(children) => {
            children.iter().for_each(|child| collect_near(child, into));
        }
        PlanNode::Not(child) => collect_near(child, into),
        PlanNode::Near { left, right, distance } => {
            let side = |all: &[usize]| {
                let mut side: Vec<usize> = all.to_vec();
                side.sort_unstable();
                side.dedup();
                side
            };
            into.push(NearPair { left: side(left), right: side(right), distance: *distance as usize });
        }
        PlanNode::Leaf(_) | PlanNode::Field(_) => {}
    }
}

/// Ranges of tokens of a text.
type Ranges = Rc<Vec<(usize, usize)>>;

/// Where keywords occur in a text, each looked for once.
struct Places<'a> {
    leaves: &'a [Leaf],
    text: &'a str,
    chars: CharText,
    found: HashMap<&'a [usize], Ranges>,
}

impl<'a> Places<'a> {
    /// Where one of these keywords occurs, by their first tokens.
    fn of(&mut self, leaves: &'a [usize]) -> Ranges {
        let (all, text, chars) = (self.leaves, self.text, &self.chars);
        let look = || {
            let found = leaves.iter().flat_map(|&at| occurrences::in_text(&all[at], text, chars));
            let mut found: Vec<(usize, usize)> = found.collect();
            found.sort_unstable();
            Rc::new(found)
        };
        self.found.entry(leaves).or_insert_with(look).clone()
    }
}

/// Whether a range of `a` and one of `b`, both ascending, stand apart with at most
/// `distance` tokens between them. One inside the other is no pair of words.
fn is_near(a: &[(usize, usize)], b: &[(usize, usize)], distance: usize) -> bool {
    let is_followed = |first: &(usize, usize), by: &[(usize, usize)]| {
        let next = by.partition_point(|second| second.0 < first.1);
        by.get(next).is_some_and(|second| second.0 - first.1 <= distance)
    };
    a.iter().any(|first| is_followed(first, b)) || b.iter().any(|first| is_followed(first, a))
}
