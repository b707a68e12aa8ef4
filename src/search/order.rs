//! The order of the hits, and the page of them that was asked for.

use crate::analysis::chars::CharText;
use crate::document::{Level, Validity};
use crate::{Error, Result};

use super::bits::Bits;
use super::bm25;
use super::duplicates::Sketch;
use super::evaluate::Evaluation;
use super::options::{Mode, SearchOptions, Sort};
use super::plan::Plan;
use super::rank::{self, Candidate, ScoreParts, SecondLook};
use super::results::Tier;
use super::segment::SegmentView;

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

/// What ordering needs to know of a search.
pub(super) struct Order<'a> {
    pub plan: &'a Plan,
    pub views: &'a [SegmentView<'a>],
    pub evaluations: &'a [Evaluation<'a>],
    pub options: &'a SearchOptions,
    pub error: &'a dyn Fn(tantivy::TantivyError) -> Error,
}

impl Order<'_> {
    /// The hits of the page asked for. `named` are the records that the query
    /// names.
    pub(super) fn page(&self, tiers: &[(Tier, Vec<Bits>)], named: &[Bits]) -> Result<Vec<Found>> {
        let scores = bm25::first_step(self.views, &self.plan.words).map_err(self.error)?;
        let keys: Vec<Keys> = self.views.iter().map(Keys::new).collect::<tantivy::Result<_>>().map_err(self.error)?;
        let mut lists: Vec<Vec<Found>> = Vec::new();
        for (tier, sets) in tiers {
            let mut list = Vec::new();
            for (at, (view, set)) in self.views.iter().zip(sets).enumerate() {
                list.extend(set.iter().map(|record| {
                    let is_named = named[at].contains(record);
                    // Of several that a name fits, the law stands before its
                    // interpretations, and its newest version before the older ones.
                    let sort = match self.options.sort {
                        Sort::Relevance if is_named => Sort::Level,
                        sort => sort,
                    };
                    let document = view.document_of(record);
                    Found {
                        segment: view.ord,
                        record,
                        score: scores[at][record as usize],
                        parts: ScoreParts::default(),
                        tier: *tier,
                        is_named,
                        duplicates: 0,
                        is_duplicate: false,
                        key: keys[at].key(document, sort),
                        date: if is_named { keys[at].date(document) } else { 0 },
                    }
                }));
            }
            lists.push(list);
        }
        if self.options.mode == Mode::Any {
            lists = vec![lists.concat()];
        }
        let second = SecondLook::new(self.plan);
        let mut page = Vec::new();
        let mut passed = 0;
        for mut list in lists {
            let wanted = self.options.end().saturating_sub(passed);
            if wanted == 0 {
                break;
            }
            self.order(&mut list, wanted, &second, &keys)?;
            let from = self.options.offset.saturating_sub(passed).min(list.len());
            let to = wanted.min(list.len());
            page.extend_from_slice(&list[from..to]);
            passed += list.len();
        }
        Ok(page)
    }

    /// Orders the first `wanted` of a list: by the first step, then the best of
    /// them by the second. The order does not depend on `wanted`, so pages fit.
    fn order(&self, list: &mut [Found], wanted: usize, second: &SecondLook<'_>, keys: &[Keys]) -> Result<()> {
        let depth = rank::SECOND_LOOK.min(list.len());
        if depth == 0 {
            return Ok(());
        }
        if self.options.sort != Sort::Relevance {
            for found in list.iter_mut() {
                found.date =
                    keys[found.segment as usize].date(self.views[found.segment as usize].document_of(found.record));
            }
            list.sort_unstable_by(better);
            return Ok(());
        }
        if depth < list.len() {
            list.select_nth_unstable_by(depth - 1, better);
        }
        let (best, rest) = list.split_at_mut(depth);
        let highest = best.iter().map(|found| found.score).fold(f32::MIN_POSITIVE, f32::max);
        self.look_again(best, highest, second, keys)?;
        best.sort_unstable_by(better);
        if wanted > depth {
            rest.sort_unstable_by(better);
            for found in rest {
                // Below every score of the second step, which are not negative.
                found.parts.words = found.score / highest;
                found.score = found.parts.words - 1.0;
            }
        }
        Ok(())
    }

    /// Scores the best again by their text.
    fn look_again(&self, best: &mut [Found], highest: f32, second: &SecondLook<'_>, keys: &[Keys]) -> Result<()> {
        // In the order of the store, so that a block is decompressed once.
        best.sort_unstable_by_key(Found::place);
        let mut sketches = Vec::with_capacity(best.len());
        let mut looks = Vec::with_capacity(best.len());
        for found in best.iter() {
            let at = found.segment as usize;
            let stored = self.views[at].record(found.record).map_err(self.error)?;
            let chars = CharText::new(stored.text());
            let (label, path) = stored.place()?;
            let candidate = Candidate {
                record: found.record,
                document: self.views[at].document_of(found.record),
                text: stored.text(),
                chars: &chars,
                label,
                path: &path,
            };
            looks.push(second.look(&candidate, &self.evaluations[at].leaves));
            sketches.push(Sketch::new(&chars));
        }
        let weights = second.weights(&looks);
        for (found, look) in best.iter_mut().zip(&looks) {
            let at = found.segment as usize;
            let document = self.views[at].document_of(found.record);
            found.date = keys[at].date(document);
            found.parts = second.parts(found.score / highest, look, &weights);
            found.parts.authority = keys[at].authority(document);
            found.parts.out_of_force = if keys[at].is_out_of_force(document) { 1.0 } else { 0.0 };
            found.score = found.parts.total();
        }
        fold_duplicates(best, &sketches);
        Ok(())
    }
}

/// Of sections that say nearly the same, one stays in the place of the best, and the
/// others follow behind everything else. It is the one in force, the newest: an old
/// version is no better for a word less.
fn fold_duplicates(best: &mut [Found], sketches: &[Sketch]) {
    let mut order: Vec<usize> = (0..best.len()).collect();
    order.sort_unstable_by(|&a, &b| better(&best[a], &best[b]));
    let mut kept: Vec<usize> = Vec::with_capacity(order.len());
    for at in order {
        let twin = (0..kept.len()).find(|&place| sketches[kept[place]].is_like(&sketches[at]));
        let Some(place) = twin.filter(|_| !best[at].is_named) else {
            kept.push(at);
            continue;
        };
        let first = kept[place];
        best[first].duplicates += 1;
        let age = |found: &Found| (found.parts.out_of_force > 0.0, std::cmp::Reverse(found.date));
        if age(&best[at]) < age(&best[first]) && !best[first].is_named {
            best[at].duplicates = std::mem::take(&mut best[first].duplicates);
            best[at].score = best[first].score;
            best[first].is_duplicate = true;
            kept[place] = at;
        } else {
            best[at].is_duplicate = true;
        }
    }
}

/// The columns that order hits.
struct Keys {
    dates: tantivy::columnar::Column<u64>,
    levels: Option<(tantivy::columnar::StrColumn, Vec<u64>)>,
    validities: Option<(tantivy::columnar::StrColumn, Vec<bool>)>,
}

impl Keys {
    fn new(view: &SegmentView<'_>) -> tantivy::Result<Self> {
        let fast = view.reader.fast_fields();
        let values = |column: &tantivy::columnar::StrColumn| -> tantivy::Result<Vec<String>> {
            let text = |ord| {
                let mut text = String::new();
                column.ord_to_str(ord, &mut text)?;
                Ok(text)
            };
            (0..column.num_terms() as u64).map(text).collect()
        };
        let rank = |name: &String| Level::ALL.iter().position(|level| level.name() == name).unwrap_or(99) as u64;
        let levels = match fast.str("level")? {
            Some(column) => Some((values(&column)?.iter().map(rank).collect(), column)),
            None => None,
        };
        let is_out = |name: &String| {
            Validity::from_name(name).is_some_and(|validity| {
                matches!(validity, Validity::Expired | Validity::Repealed | Validity::Superseded)
            })
        };
        let validities = match fast.str("validity")? {
            Some(column) => Some((values(&column)?.iter().map(is_out).collect(), column)),
            None => None,
        };
        Ok(Keys {
            dates: fast.u64("date")?,
            levels: levels.map(|(ranks, column)| (column, ranks)),
            validities: validities.map(|(out, column)| (column, out)),
        })
    }

    fn date(&self, document: u32) -> u64 {
        self.dates.first(document).unwrap_or(0)
    }

    fn is_out_of_force(&self, document: u32) -> bool {
        let Some((column, out)) = &self.validities else { return false };
        column.term_ords(document).next().is_some_and(|ord| out[ord as usize])
    }

    /// 1 for a law, less for what stands below one, 0 when it is not known.
    fn authority(&self, document: u32) -> f32 {
        let Some((column, ranks)) = &self.levels else { return 0.0 };
        let rank = column.term_ords(document).next().map(|ord| ranks[ord as usize] as usize);
        match rank.and_then(|rank| Level::ALL.get(rank)) {
            Some(Level::Constitution | Level::Law) => 1.0,
            Some(Level::NormativeDocument) | None => 0.0,
            // Regulations, interpretations and rules: below a law, and among
            // themselves ordered by what they say.
            Some(_) => 0.4,
        }
    }

    /// What a caller's order looks at, lowest first; unknown values last.
    fn key(&self, document: u32, sort: Sort) -> u64 {
        match sort {
            Sort::Relevance => 0,
            Sort::Oldest => self.dates.first(document).unwrap_or(u64::MAX),
            Sort::Newest => u64::MAX - self.date(document),
            Sort::Level => {
                let rank = self
                    .levels
                    .as_ref()
                    .and_then(|(column, ranks)| column.term_ords(document).next().map(|ord| ranks[ord as usize]));
                rank.unwrap_or(u64::MAX)
            }
        }
    }
}
