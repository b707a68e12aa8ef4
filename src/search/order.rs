//! The order of the hits, and the page of them that was asked for.

use std::ops::Range;

use crate::texts::Glance;
use crate::{Error, Result};

use super::best::{Best, Candidate, Floor, better_candidate};
use super::bits::Bits;
use super::bm25::{self, Scores};
use super::duplicates::{Kept, Sketches};
use super::evaluate::Evaluation;
use super::keys::Keys;
use super::options::{Mode, SearchOptions, Sort};
use super::plan::Plan;
use super::rank::{self, Look, ScoreParts, SecondLook};
use super::results::Tier;
use super::segment::SegmentView;
use super::team::Team;

/// A record found, with its place in the order.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub segment: u32,
    pub record: u32,
    pub score: f32,
    pub parts: ScoreParts,
    pub tier: Tier,
    /// The query names this very article or document.
    pub is_named: bool,
    /// How many further sections of the list say nearly the same.
    pub duplicates: u32,
    /// A better section of the list says nearly the same.
    is_duplicate: bool,
    /// What the caller sorts by, lowest first.
    key: u64,
    /// The document's date, for sections that are equal otherwise.
    date: u64,
}

impl Found {
    pub(super) fn place(&self) -> (u32, u32) {
        (self.segment, self.record)
    }
}

/// Named ones first, then what the caller sorts by, then the score; of equal ones
/// the newest, and else in the order of the index, which is stable.
fn better(a: &Found, b: &Found) -> std::cmp::Ordering {
    let by_date = if a.is_named && b.is_named { b.date.cmp(&a.date) } else { std::cmp::Ordering::Equal };
    (b.is_named.cmp(&a.is_named))
        .then(a.key.cmp(&b.key))
        .then(by_date)
        .then(a.is_duplicate.cmp(&b.is_duplicate))
        .then(b.score.total_cmp(&a.score))
        .then(b.date.cmp(&a.date))
        .then(a.place().cmp(&b.place()))
}

impl From<Candidate> for Found {
    fn from(candidate: Candidate) -> Found {
        let Candidate { segment, record, score, tier, is_named, key, date } = candidate;
        let parts = ScoreParts::default();
        Found { segment, record, score, parts, tier, is_named, duplicates: 0, is_duplicate: false, key, date }
    }
}

/// Texts that are looked at again one after the other in the same thread.
const LOOKED_AT_ONCE: usize = 10;

/// Records that are scored at a time: their scores stay in a near cache, and a new process
/// touches few pages for them; more of a large segment, as each word is found in each range.
/// Multiples of 64.
const RANGES: std::ops::RangeInclusive<u32> = if cfg!(test) { 64..=64 } else { 1 << 13..=1 << 16 };

/// What ordering needs to know of a search.
pub(super) struct Order<'a> {
    pub plan: &'a Plan,
    pub views: &'a [SegmentView<'a>],
    pub evaluations: &'a [Evaluation<'a>],
    pub options: &'a SearchOptions,
    pub team: &'a Team<'a>,
    pub error: &'a (dyn Fn(tantivy::TantivyError) -> Error + Sync),
}

impl Order<'_> {
    /// The hits of the page asked for. `named` are the records that the query
    /// names.
    pub(super) fn page(&self, tiers: &[(Tier, Vec<Bits>)], named: &[Bits]) -> Result<Vec<Found>> {
        let words = bm25::Words::new(self.views, &self.plan.words, self.team).map_err(self.error)?;
        let keys: Vec<Keys<'_>> =
            self.views.iter().map(SegmentView::keys).collect::<tantivy::Result<_>>().map_err(self.error)?;
        let mut ranges: Vec<(usize, Range<u32>)> = Vec::new();
        for (at, view) in self.views.iter().enumerate() {
            let end = view.max_doc();
            let length = (end / 16).next_multiple_of(64).clamp(*RANGES.start(), *RANGES.end());
            let all = (0..end).step_by(length as usize).map(|from| from..end.min(from.saturating_add(length)));
            let has_any = |range: &Range<u32>| tiers.iter().any(|(_, sets)| sets[at].has_any(range.start, range.end));
            ranges.extend(all.filter(has_any).map(|range| (at, range)));
        }
        let floors: Vec<Floor> = tiers.iter().map(|_| Floor::default()).collect();
        let best = |(at, range): &(usize, Range<u32>)| {
            let sets = tiers.iter().map(|(tier, sets)| (*tier, &sets[*at]));
            let wanted = sets.clone().flat_map(|(_, set)| set.iter_in(range));
            let scores = words.scores(*at, range, wanted)?;
            Ok(self.best((*at, range), sets, &floors, &named[*at], &scores, keys[*at]))
        };
        let mut lists: Vec<(Best<'_>, usize)> = Vec::new();
        for of_range in self.team.map(ranges.iter(), best) {
            let of_range = of_range.map_err(self.error)?;
            if lists.is_empty() {
                lists = of_range;
                continue;
            }
            for ((all, all_count), (best, count)) in lists.iter_mut().zip(of_range) {
                all.append(best);
                *all_count += count;
            }
        }
        let second = SecondLook::new(self.plan);
        let mut page = Vec::new();
        let mut passed = 0;
        for (best, count) in lists {
            let wanted = self.options.end().saturating_sub(passed);
            if wanted == 0 {
                break;
            }
            let list = self.order(best.take(), wanted, &second, &keys)?;
            let from = self.options.offset.saturating_sub(passed).min(count);
            let to = wanted.min(count);
            page.extend_from_slice(&list[from..to]);
            passed += count;
        }
        Ok(page)
    }

    /// The best of a range of a segment's records, and how many there are; of each tier by
    /// itself, but all together when any will do.
    fn best<'s, 'f>(
        &self,
        (segment, records): (usize, &Range<u32>),
        tiers: impl Iterator<Item = (Tier, &'s Bits)>,
        floors: &'f [Floor],
        named: &Bits,
        scores: &Scores,
        keys: Keys<'_>,
    ) -> Vec<(Best<'f>, usize)> {
        // As many of a list as may be shown, and all that are looked at again.
        let kept = self.options.end().max(rank::SECOND_LOOK);
        let view = &self.views[segment];
        let mut lists: Vec<(Best<'f>, usize)> = Vec::new();
        for ((tier, set), floor) in tiers.zip(floors) {
            if self.options.mode != Mode::Any || lists.is_empty() {
                lists.push((Best::of(kept, Some(floor).filter(|_| self.options.sort == Sort::Relevance)), 0));
            }
            let Some((best, count)) = lists.last_mut() else { break };
            let count_here = set.count_in(records.start, records.end) as usize;
            best.expect(count_here);
            *count += count_here;
            for record in set.iter_in(records) {
                let is_named = named.contains(record);
                // Of several that a name fits, the law stands before its
                // interpretations, and its newest version before the older ones.
                let sort = match self.options.sort {
                    Sort::Relevance if is_named => Sort::Level,
                    sort => sort,
                };
                let needs_document = is_named || sort != Sort::Relevance;
                let document = if needs_document { view.place_of(record) } else { 0 };
                best.push(Candidate {
                    segment: view.ord,
                    record,
                    score: scores.of(record),
                    tier,
                    is_named,
                    key: if needs_document { keys.key(document, sort) } else { 0 },
                    date: if needs_document { keys.date(document) } else { 0 },
                });
            }
        }
        lists.iter_mut().for_each(|(best, _)| best.end());
        lists
    }

    /// The first `wanted` of a list in order, or somewhat more: by the first step, then
    /// the best of them by the second. The order does not depend on `wanted`, so pages
    /// fit.
    fn order(
        &self,
        mut candidates: Vec<Candidate>,
        wanted: usize,
        second: &SecondLook<'_>,
        keys: &[Keys<'_>],
    ) -> Result<Vec<Found>> {
        if self.options.sort != Sort::Relevance {
            candidates.sort_unstable_by(better_candidate);
            return Ok(candidates.into_iter().take(wanted).map(Found::from).collect());
        }
        let depth = rank::SECOND_LOOK.min(candidates.len());
        if depth == 0 {
            return Ok(Vec::new());
        }
        if depth < candidates.len() {
            candidates.select_nth_unstable_by(depth - 1, better_candidate);
        }
        let mut rest = candidates.split_off(depth);
        // In the order of the store: what is read next lies near.
        candidates.sort_unstable_by_key(|candidate| (candidate.segment, candidate.record));
        let mut list: Vec<Found> = candidates.into_iter().map(Found::from).collect();
        let highest = list.iter().map(|found| found.score).fold(f32::MIN_POSITIVE, f32::max);
        let sketches = self.look_again(&mut list, highest, second, keys)?;
        let mut list = in_order(&mut list, &sketches);
        if wanted > depth {
            rest.sort_unstable_by(better_candidate);
            list.extend(rest.into_iter().take(wanted - depth).map(|candidate| {
                let mut found = Found::from(candidate);
                // Below every score of the second step, which are not negative.
                found.parts.words = found.score / highest;
                found.score = found.parts.words - 1.0;
                found
            }));
        }
        Ok(list)
    }

    /// Looks at the texts of some records.
    fn look_at(&self, records: &[Found], second: &SecondLook<'_>) -> Result<(Vec<Look>, Sketches)> {
        let mut sketches = Sketches::of(records.len());
        let mut looks = Vec::with_capacity(records.len());
        let mut glance = Glance::new();
        // The share of the headings on the way, and whether one is an article's.
        let mut path = (0.0, false);
        for found in records {
            let view = &self.views[found.segment as usize];
            view.glance(found.record, &mut glance).map_err(self.error)?;
            if glance.has_other_headings() {
                let headings = glance.headings();
                let is_article = headings.iter().any(|heading| rank::is_article(heading));
                path = (second.path_share(&headings.concat()), is_article);
            }
            let section = rank::Candidate {
                record: found.record,
                document: view.document_of(found.record),
                ids: glance.ids(),
                letters: glance.letters(),
                is_article: path.1 || rank::is_article(glance.label()),
                path: path.0,
                text: &|| Ok(view.section(found.record)?.text),
            };
            let leaves = &self.evaluations[found.segment as usize].leaves;
            looks.push(second.look(&section, leaves).map_err(self.error)?);
            sketches.push(glance.letters());
        }
        Ok((looks, sketches))
    }

    /// Scores the best again by their text; gives a sketch of each.
    fn look_again(
        &self,
        best: &mut [Found],
        highest: f32,
        second: &SecondLook<'_>,
        keys: &[Keys<'_>],
    ) -> Result<Sketches> {
        let looked = self.team.map(best.chunks(LOOKED_AT_ONCE), |part| self.look_at(part, second));
        let mut sketches = Sketches::default();
        let mut looks = Vec::with_capacity(best.len());
        for part in looked {
            let (mut part_looks, part_sketches) = part?;
            looks.append(&mut part_looks);
            sketches.append(part_sketches);
        }
        let weights = second.weights(&looks);
        // Of the document: neighbours are often of the same.
        let mut known = None;
        for (found, look) in best.iter_mut().zip(&looks) {
            let at = found.segment as usize;
            let document = self.views[at].place_of(found.record);
            let (date, authority, is_out_of_force) = match known {
                Some((place, values)) if place == (at, document) => values,
                _ => {
                    let keys = keys[at];
                    let values = (keys.date(document), keys.authority(document), keys.is_out_of_force(document));
                    known = Some(((at, document), values));
                    values
                }
            };
            found.date = date;
            found.parts = second.parts(found.score / highest, look, &weights);
            found.parts.authority = authority;
            found.parts.out_of_force = if is_out_of_force { 1.0 } else { 0.0 };
            found.score = found.parts.total();
        }
        Ok(sketches)
    }
}

/// Those that were looked at, in their order.
fn in_order(best: &mut [Found], sketches: &Sketches) -> Vec<Found> {
    let order = places_in_order(best);
    fold_duplicates(best, &order, sketches);
    places_in_order(best).into_iter().map(|at| best[at]).collect()
}

/// The places of some, the best first.
fn places_in_order(found: &[Found]) -> Vec<usize> {
    // Mostly scores decide: one number is compared sooner than all there is.
    let is_by_score = found.iter().all(|found| !found.is_named && found.key == 0);
    let first = |(at, found): (usize, &Found)| {
        let bits = found.score.to_bits().cast_signed();
        // Ascends as `f32::total_cmp` has it.
        let score = bits ^ ((bits >> 31).cast_unsigned() >> 1).cast_signed();
        (is_by_score && found.is_duplicate, std::cmp::Reverse(if is_by_score { score } else { 0 }), at)
    };
    let mut places: Vec<_> = found.iter().enumerate().map(first).collect();
    places.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| better(&found[a.2], &found[b.2])));
    places.into_iter().map(|(.., at)| at).collect()
}

/// Of sections that say nearly the same, one stays in the place of the best, and the
/// others follow behind everything else. It is the one in force, the newest: an old
/// version is no better for a word less. `order` has the best first.
fn fold_duplicates(best: &mut [Found], order: &[usize], sketches: &Sketches) {
    let mut kept = Kept::new(sketches);
    for &at in order {
        let twin = kept.twin(at).filter(|_| !best[at].is_named);
        let Some((place, first)) = twin else {
            kept.push(at);
            continue;
        };
        best[first].duplicates += 1;
        let age = |found: &Found| (found.parts.out_of_force > 0.0, std::cmp::Reverse(found.date));
        if age(&best[at]) < age(&best[first]) && !best[first].is_named {
            best[at].duplicates = std::mem::take(&mut best[first].duplicates);
            best[at].score = best[first].score;
            best[first].is_duplicate = true;
            kept.replace(place, at);
        } else {
            best[at].is_duplicate = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_stand_as_a_comparison_of_all_puts_them(found in prop::collection::vec((any::<f32>(), any::<bool>(), 0_u8..40, 0_u64..3, any::<bool>()), 0..40)) {
            let found: Vec<Found> = (0..).zip(&found).map(|(record, &(score, is_duplicate, key, date, is_named))| Found {
                segment: 0,
                record,
                score,
                parts: ScoreParts::default(),
                tier: Tier::Exact,
                // Seldom, or none would be ordered by score.
                is_named: is_named && key > 38,
                duplicates: 0,
                is_duplicate,
                key: u64::from(key == 38),
                date,
            }).collect();
            let mut expected: Vec<usize> = (0..found.len()).collect();
            expected.sort_by(|&a, &b| better(&found[a], &found[b]));
            prop_assert_eq!(places_in_order(&found), expected);
        }
    }
}
