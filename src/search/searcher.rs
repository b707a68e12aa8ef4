//! The way through a search, and what else is asked of one state of the index.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use crate::analysis::variants::Variant;
use crate::analysis::{Synonyms, variants};
use crate::index::Index;
use crate::query::Query;
use crate::{Error, Result};

use super::bits::Bits;
use super::evaluate::{Evaluation, LeafSets, leaf_sets};
use super::facet;
use super::fields::FieldSets;
use super::hit::{HitContext, hit};
use super::named::named;
use super::occurrences;
use super::options::{Mode, SearchOptions};
use super::order::{Found, Order};
use super::plan::{Leaf, Plan};
use super::results::{Counts, DocumentInfo, Results, Tier};
use super::segment::{KeptSegment, SegmentView};
use super::suggest::Vocabulary as _;
use super::team::Team;
use super::tiers::{documents, tiers};

/// Answers queries on one state of the index: commits made later do not show.
///
/// Cheap to clone, and may be used from many threads at once.
#[derive(Clone)]
pub struct Searcher {
    pub(super) index: Index,
    /// What is kept of each segment.
    pub(super) segments: Arc<Vec<KeptSegment>>,
    /// Records that are not deleted.
    living_records: u64,
    pub(super) synonyms: Arc<Synonyms>,
    /// Every word of the index with its sections, read when something is first found by
    /// its sound or but for a mistake: some 40 bytes a word.
    pub(super) words: Arc<OnceLock<Vec<(String, u64)>>>,
    /// Documents that were shown, by segment and record.
    pub(super) infos: Arc<Mutex<Infos>>,
    /// What Latin keywords were read as.
    pub(super) readings: Arc<Mutex<HashMap<String, Vec<Variant>>>>,
    /// Whether other threads may help.
    may_share: bool,
    has_searched: Arc<AtomicBool>,
}

/// Documents by segment and record.
pub(super) type Infos = HashMap<(u32, u32), Arc<DocumentInfo>>;

/// Some keywords of a plan, to be looked for in a segment, each with the records that have
/// it in their text if these are known.
type Keywords<'p> = (usize, Vec<(&'p Leaf, Option<Bits>)>);

/// In how many parts the keywords of a query are looked for in a segment.
const LEAF_PARTS: usize = 4;

/// A keyword is looked for by ranges of records with so many positions or more each, in
/// so many ranges at most.
const RANGE_POSITIONS: usize = if cfg!(test) { 2 } else { 1 << 16 };
const MAX_RANGES: usize = 16;

/// Indexes with fewer records are searched sooner than a helper comes; and by a searcher's
/// first search, sooner than its thread is made. Tests share all.
const MIN_SHARED_RECORDS: u64 = if cfg!(test) { 0 } else { 5_000 };
const MIN_SHARED_AT_FIRST: u64 = if cfg!(test) { 0 } else { 500_000 };

impl Index {
    /// A searcher on the last commit.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn searcher(&self) -> Result<Searcher> {
        self.guarded(|| {
            let snapshot = self.snapshot()?;
            let living_records = snapshot.living_records();
            let segments = snapshot.segments.into_iter().map(KeptSegment::new);
            let segments = segments.collect::<tantivy::Result<Vec<_>>>().map_err(|e| self.error(e))?;
            let synonyms = Arc::new(Synonyms::bundled());
            let (words, infos, readings, has_searched) = Default::default();
            let segments = Arc::new(segments);
            Ok(Searcher {
                index: self.clone(),
                segments,
                living_records,
                synonyms,
                words,
                infos,
                readings,
                may_share: true,
                has_searched,
            })
        })
    }
}

/// A query evaluated: which records satisfy it, and how.
pub(super) struct Evaluated<'a> {
    pub evaluations: Vec<Evaluation<'a>>,
    /// The records that the query names.
    pub named: Vec<Bits>,
    pub tiers: Vec<(Tier, Vec<Bits>)>,
    pub counts: Counts,
}

impl Searcher {
    /// Answers with aliases of the user's own beside the bundled ones.
    #[must_use]
    pub fn with_synonyms(mut self, synonyms: Synonyms) -> Self {
        self.synonyms = Arc::new(synonyms);
        self
    }

    /// Answers in the caller's thread alone. Otherwise a search asks up to three threads
    /// for help, which the process keeps for all its searchers, when they are idle.
    #[must_use]
    pub fn single_threaded(mut self) -> Self {
        self.may_share = false;
        self
    }

    /// Answers a query.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Results> {
        self.index.guarded(|| self.with_team(|team| self.answer(query, options, team)))
    }

    /// Does the work of a search with helpers, where it is worth waking them.
    pub(super) fn with_team<R>(&self, work: impl FnOnce(&Team<'_>) -> R) -> R {
        let has_searched = self.has_searched.swap(true, Ordering::Relaxed);
        let least = if has_searched { MIN_SHARED_RECORDS } else { MIN_SHARED_AT_FIRST };
        if self.may_share && self.living_records >= least { Team::gather(work) } else { work(&Team::alone()) }
    }

    fn answer(&self, query: &Query, options: &SearchOptions, team: &Team<'_>) -> Result<Results> {
        let started = Instant::now();
        let plan = self.plan(query, options);
        let views = self.views();
        let evaluated = self.evaluate(query, &plan, &views, options, team)?;
        let error = |e| self.error(e);
        let order =
            Order { plan: &plan, views: &views, evaluations: &evaluated.evaluations, options, team, error: &error };
        let page = order.page(&evaluated.tiers, &evaluated.named)?;
        let hits = self.hits(&plan, &views, &evaluated, &page, options, team)?;
        let facets = self.facets(&views, &evaluated, options)?;
        Ok(Results { counts: evaluated.counts, hits, facets, seconds: started.elapsed().as_secs_f64() })
    }

    /// The counts alone.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count(&self, query: &Query, options: &SearchOptions) -> Result<Counts> {
        let count = |team: &Team<'_>| {
            let plan = self.plan(query, options);
            let views = self.views();
            Ok(self.evaluate(query, &plan, &views, options, team)?.counts)
        };
        self.index.guarded(|| self.with_team(count))
    }

    /// The documents with a hit, sorted by key.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn documents(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Arc<DocumentInfo>>> {
        self.index.guarded(|| self.documents_hit(query, options))
    }

    fn documents_hit(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Arc<DocumentInfo>>> {
        let plan = self.plan(query, options);
        let views = self.views();
        let evaluated = self.evaluate(query, &plan, &views, options, &Team::alone())?;
        let sets = documents(&views, evaluated.tiers.iter().map(|(_, sets)| sets));
        let mut found = Vec::new();
        for (view, set) in views.iter().zip(&sets) {
            for document in set.iter() {
                found.push(self.document_info(view, document)?);
            }
        }
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    pub(super) fn plan(&self, query: &Query, options: &SearchOptions) -> Plan {
        let is_exact = options.mode == Mode::Exact;
        let asked = RefCell::default();
        let variants = |keyword: &str| {
            let mut variants = variants::variants(keyword, &self.synonyms);
            variants.extend(self.readings(keyword, &mut asked.borrow_mut()));
            // What is there literally is all that was asked for.
            if is_exact && !variants.is_empty() && self.sections_with(keyword) > 0 {
                variants.clear();
            }
            variants
        };
        let mut plan = Plan::new(query.root(), &options.filter, &self.index.inner.segmenter, &variants);
        plan.follows_abbreviations = !is_exact;
        plan
    }

    pub(super) fn views(&self) -> Vec<SegmentView<'_>> {
        (0..).zip(self.segments.iter()).map(|(ord, kept)| SegmentView::new(ord, kept)).collect()
    }

    pub(super) fn evaluate<'a>(
        &self,
        query: &Query,
        plan: &'a Plan,
        views: &'a [SegmentView<'a>],
        options: &SearchOptions,
        team: &Team<'_>,
    ) -> Result<Evaluated<'a>> {
        let error = |e| self.error(e);
        let leaves = self.leaves(plan, views, team)?;
        let evaluation = |(view, leaves): (&'a SegmentView<'a>, Vec<LeafSets>)| {
            let fields = FieldSets::new(plan, view).map_err(error)?;
            Evaluation::new(plan, view, leaves, fields).map_err(error)
        };
        let evaluations = team.map(views.iter().zip(leaves), evaluation);
        let evaluations: Vec<Evaluation<'_>> = evaluations.into_iter().collect::<Result<_>>()?;
        // With conditions beside it, a query is more than a name.
        let goto = if options.filter.is_empty() && !options.filter.title_only { query.goto() } else { None };
        let named: Vec<Bits> =
            views.iter().map(|view| named(goto.as_ref(), view).map_err(error)).collect::<Result<_>>()?;
        let (tiers, counts) = tiers(views, &evaluations, &named, options);
        Ok(Evaluated { evaluations, named, tiers, counts })
    }

    /// Where each keyword occurs, by segment.
    fn leaves(&self, plan: &Plan, views: &[SegmentView<'_>], team: &Team<'_>) -> Result<Vec<Vec<LeafSets>>> {
        let mut texts = self.frequent_texts(plan, views, team)?;
        // Keywords of a part share the words that they have in common.
        let length = plan.leaves.len().div_ceil(LEAF_PARTS).max(1);
        let mut parts: Vec<Keywords<'_>> = Vec::new();
        for at in 0..views.len() {
            for (chunk, leaves) in plan.leaves.chunks(length).enumerate() {
                let text = |(n, leaf)| (leaf, texts.remove(&(at, chunk * length + n)));
                parts.push((at, leaves.iter().enumerate().map(text).collect()));
            }
        }
        // What takes longest is begun first.
        parts.sort_by_key(|&(at, _)| std::cmp::Reverse(views[at].max_doc()));
        let read = |(at, leaves): Keywords<'_>| {
            leaf_sets(leaves.into_iter(), plan, &views[at]).map(|sets| (at, sets)).map_err(|e| self.error(e))
        };
        let mut by_segment: Vec<Vec<LeafSets>> = views.iter().map(|_| Vec::new()).collect();
        for part in team.map(parts.into_iter(), read) {
            let (at, sets) = part?;
            by_segment[at].extend(sets);
        }
        Ok(by_segment)
    }

    /// The records that have a keyword in their text, by segment and keyword, for those
    /// keywords that are frequent: one of them takes longer than all the rest, so that
    /// ranges of records are shared out.
    fn frequent_texts(
        &self,
        plan: &Plan,
        views: &[SegmentView<'_>],
        team: &Team<'_>,
    ) -> Result<HashMap<(usize, usize), Bits>> {
        let mut texts = HashMap::new();
        if plan.title_only || !team.has_helpers() {
            return Ok(texts);
        }
        let mut parts: Vec<((usize, usize), Range<u32>)> = Vec::new();
        for (at, view) in views.iter().enumerate() {
            for (n, leaf) in plan.leaves.iter().enumerate() {
                let positions = occurrences::positions(leaf, view).map_err(|e| self.error(e))?;
                let count = (positions / RANGE_POSITIONS).min(MAX_RANGES);
                if count > 1 {
                    let length = view.max_doc().div_ceil(count as u32).max(1);
                    let ranges = (0..view.max_doc()).step_by(length as usize);
                    parts.extend(ranges.map(|from| ((at, n), from..(from + length).min(view.max_doc()))));
                }
            }
        }
        let find = |((at, n), records): &((usize, usize), Range<u32>)| {
            occurrences::find_in(&plan.leaves[*n], records, &views[*at]).map_err(|e| self.error(e))
        };
        for ((key, _), found) in parts.iter().zip(team.map(parts.iter(), find)) {
            let found = found?;
            texts.entry(*key).and_modify(|text: &mut Bits| text.or(&found)).or_insert(found);
        }
        Ok(texts)
    }

    fn hits(
        &self,
        plan: &Plan,
        views: &[SegmentView<'_>],
        evaluated: &Evaluated<'_>,
        page: &[Found],
        options: &SearchOptions,
        team: &Team<'_>,
    ) -> Result<Vec<super::Hit>> {
        let place = |found: &Found| {
            let at = found.segment as usize;
            (at, views[at].document_of(found.record))
        };
        let mut documents: Vec<(usize, u32)> = page.iter().map(place).collect();
        documents.sort_unstable();
        documents.dedup();
        let infos = team.map(documents.iter(), |&(at, record)| self.document_info(&views[at], record));
        let infos = infos.into_iter().collect::<Result<Vec<Arc<DocumentInfo>>>>()?;
        let infos: HashMap<(usize, u32), Arc<DocumentInfo>> = documents.into_iter().zip(infos).collect();
        let shown = |found: &Found| {
            let (at, record) = place(found);
            let view = &views[at];
            // A record is of one tier.
            let records = view.records_of(record);
            let siblings = evaluated.tiers.iter().map(|(_, sets)| sets[at].count_in(records.start, records.end)).sum();
            let section = view.section(found.record).map_err(|e| self.error(e))?;
            let context = HitContext { record, document: infos[&(at, record)].clone(), siblings };
            Ok(hit(plan, &evaluated.evaluations[at], found, section, context, options))
        };
        team.map(page.iter(), shown).into_iter().collect()
    }

    fn facets(
        &self,
        views: &[SegmentView<'_>],
        evaluated: &Evaluated<'_>,
        options: &SearchOptions,
    ) -> Result<Vec<facet::Facet>> {
        if options.facets.is_empty() {
            return Ok(Vec::new());
        }
        let is_counted = |tier: Tier| options.mode == Mode::Any || matches!(tier, Tier::Exact | Tier::Words);
        let sets = evaluated.tiers.iter().filter(|(tier, _)| is_counted(*tier)).map(|(_, sets)| sets);
        let documents = documents(views, sets);
        let count = |&field| facet::count(field, views, &documents).map_err(|e| self.error(e));
        options.facets.iter().map(count).collect()
    }

    pub(super) fn error(&self, error: tantivy::TantivyError) -> Error {
        self.index.error(error)
    }
}
