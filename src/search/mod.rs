//! Answering: a query over the index → hits in their order.
//!
//! `plan.rs` lowers the query, `evaluate.rs` finds which records satisfy it
//! (the tiers), `rank.rs` orders them, this module puts an answer together.
//! Nothing here writes, and nothing here knows files.

mod bits;
mod evaluate;
mod fields;
mod plan;
mod rank;
mod results;
mod segment;
#[allow(dead_code, reason = "the searcher is to call it")]
mod suggest;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use crate::analysis::Synonyms;
use crate::analysis::chars::CharText;
use crate::index::{Index, key_path};
use crate::query::{KeywordStyle, Query};
use crate::snippet::{Mark, SnippetOptions, fragments};
use crate::{Error, Result};

pub use rank::ScoreParts;
pub use results::{Counts, DocumentInfo, Group, Hit, Results, SectionInfo, Tier};

use bits::Bits;
use evaluate::{Evaluation, Occurs};
use fields::FieldSets;
use plan::{Leaf, Plan};
use rank::SecondLook;
use segment::SegmentView;

/// Which tiers are answered, and in what order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The tiers in their order; the third and fourth only when the first two
    /// have fewer hits than asked for.
    #[default]
    Smart,
    /// The first tier only: what `grep -F` would find.
    Exact,
    /// Everything in which anything occurs, by score alone.
    Any,
}

/// How a search is answered.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    mode: Mode,
    limit: Option<usize>,
    offset: usize,
    snippets: SnippetOptions,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions { mode: Mode::Smart, limit: Some(10), offset: 0, snippets: SnippetOptions::default() }
    }
}

impl SearchOptions {
    /// The ten best sections, [`Mode::Smart`].
    pub fn new() -> Self {
        SearchOptions::default()
    }

    /// Which tiers.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// How many sections at most; `None` for all.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// How many of the best to leave out.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// How snippets are cut.
    #[must_use]
    pub fn snippets(mut self, snippets: SnippetOptions) -> Self {
        self.snippets = snippets;
        self
    }

    fn end(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| limit.saturating_add(self.offset))
    }
}

/// Answers queries on one state of the index: commits made later do not show.
///
/// Cheap to clone, and may be used from many threads at once.
#[derive(Clone)]
pub struct Searcher {
    index: Index,
    tantivy: tantivy::Searcher,
    synonyms: Arc<Synonyms>,
}

/// A record found, with its place in the order.
#[derive(Clone, Copy)]
struct Found {
    segment: u32,
    record: u32,
    score: f32,
    parts: ScoreParts,
    tier: Tier,
}

impl Index {
    /// A searcher on the last commit.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn searcher(&self) -> Result<Searcher> {
        Ok(Searcher { index: self.clone(), tantivy: self.tantivy_searcher()?, synonyms: Arc::new(Synonyms::bundled()) })
    }
}

impl Searcher {
    /// Answers with aliases of the user's own beside the bundled ones.
    #[must_use]
    pub fn with_synonyms(mut self, synonyms: Synonyms) -> Self {
        self.synonyms = Arc::new(synonyms);
        self
    }

    /// Answers a query.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Results> {
        let started = Instant::now();
        let plan = self.plan(query);
        let views = self.views()?;
        let evaluations = self.evaluations(&plan, &views)?;
        let mut counts = Counts::default();
        let (found, sets) = self.rank(&plan, &views, &evaluations, options, &mut counts)?;
        let mut hits = Vec::with_capacity(found.len());
        let mut documents: HashMap<(u32, u32), Arc<DocumentInfo>> = HashMap::new();
        for found in &found {
            hits.push(self.hit(&plan, &views, &sets, found, options, &mut documents)?);
        }
        Ok(Results { counts, hits, seconds: started.elapsed().as_secs_f64() })
    }

    /// The counts alone.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count(&self, query: &Query, options: &SearchOptions) -> Result<Counts> {
        let plan = self.plan(query);
        let views = self.views()?;
        let evaluations = self.evaluations(&plan, &views)?;
        let mut counts = Counts::default();
        self.tiers(&views, &evaluations, options, &mut counts)?;
        Ok(counts)
    }

    /// The documents with a hit, sorted by key.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn documents(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Arc<DocumentInfo>>> {
        let plan = self.plan(query);
        let views = self.views()?;
        let evaluations = self.evaluations(&plan, &views)?;
        let tiers = self.tiers(&views, &evaluations, options, &mut Counts::default())?;
        let mut documents = Vec::new();
        for (at, view) in views.iter().enumerate() {
            let mut records = Bits::empty(view.max_doc());
            for (_, sets) in &tiers {
                sets[at].iter().for_each(|record| records.insert(view.document_of(record)));
            }
            for document in records.iter() {
                documents.push(self.document_info(view, document)?);
            }
        }
        documents.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(documents)
    }

    /// The documents whose key or path is `name` or ends in it (`护士条例.md`),
    /// sorted by key.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_documents(&self, name: &str) -> Result<Vec<Arc<DocumentInfo>>> {
        let views = self.views()?;
        let mut found = Vec::new();
        for entry in crate::index::manifest(&self.index, &self.tantivy)? {
            if entry.known.failed || !names(&entry.key[2..], name) {
                continue;
            }
            let view = &views[entry.address.segment_ord as usize];
            found.push(self.document_info(view, entry.address.doc_id)?);
        }
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    /// A document as the index has it, sections and all; `None` when it has none
    /// of this key (as in [`DocumentInfo::key`]).
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn document(&self, key: &str) -> Result<Option<crate::Document>> {
        let views = self.views()?;
        let entries = crate::index::manifest(&self.index, &self.tantivy)?;
        let is_it = |entry: &&crate::index::Entry| !entry.known.failed && &entry.key[2..] == key;
        let Some(entry) = entries.iter().find(is_it) else { return Ok(None) };
        let view = &views[entry.address.segment_ord as usize];
        let head = view.record(entry.address.doc_id).map_err(|e| self.error(e))?.document()?;
        let mut sections = Vec::with_capacity(head.sections as usize);
        for record in view.records_of(entry.address.doc_id) {
            sections.push(view.record(record).map_err(|e| self.error(e))?.into_section()?);
        }
        Ok(Some(crate::Document { title: head.title, metadata: head.metadata, sections, citations: head.citations }))
    }

    fn plan(&self, query: &Query) -> Plan {
        Plan::new(query.root(), &self.index.inner.segmenter, &self.synonyms)
    }

    fn views(&self) -> Result<Vec<SegmentView<'_>>> {
        let segments = self.tantivy.segment_readers().len() as u32;
        let view = |ord| SegmentView::new(&self.tantivy, ord, &self.index.inner.fields).map_err(|e| self.error(e));
        (0..segments).map(view).collect()
    }

    fn evaluations<'a>(&self, plan: &'a Plan, views: &'a [SegmentView<'a>]) -> Result<Vec<Evaluation<'a>>> {
        let error = |e| self.error(e);
        let evaluation = |view| {
            let fields = FieldSets::new(plan, view).map_err(error)?;
            Evaluation::new(plan, view, fields, &error)
        };
        views.iter().map(evaluation).collect()
    }

    /// The tiers to be answered, best first, each a set a segment; disjoint.
    fn tiers(
        &self,
        views: &[SegmentView<'_>],
        evaluations: &[Evaluation<'_>],
        options: &SearchOptions,
        counts: &mut Counts,
    ) -> Result<Vec<(Tier, Vec<Bits>)>> {
        let exact: Vec<Bits> = evaluations.iter().map(|evaluation| evaluation.tier(Occurs::Literally)).collect();
        counts.set(Tier::Exact, total(&exact));
        let mut tiers = vec![(Tier::Exact, exact)];
        if options.mode != Mode::Exact {
            push_tier(&mut tiers, counts, Tier::Words, evaluations.iter().map(|e| e.tier(Occurs::ByWords)).collect());
        }
        let wants_all = options.mode == Mode::Any;
        if wants_all || (options.mode == Mode::Smart && counts.sections() < options.end() as u64) {
            let document = evaluations.iter().zip(views).map(|(e, view)| document_tier(e, view)).collect();
            push_tier(&mut tiers, counts, Tier::Document, document);
        }
        if wants_all || (options.mode == Mode::Smart && counts.sections() < options.end() as u64) {
            push_tier(&mut tiers, counts, Tier::Relaxed, evaluations.iter().map(Evaluation::relaxed).collect());
        }
        for (at, view) in views.iter().enumerate() {
            let mut documents = Bits::empty(view.max_doc());
            for (_, sets) in &tiers {
                sets[at].iter().for_each(|record| documents.insert(view.document_of(record)));
            }
            counts.documents += documents.len();
        }
        Ok(tiers)
    }

    /// The hits of the page asked for, in order, and all hits of all tiers.
    fn rank(
        &self,
        plan: &Plan,
        views: &[SegmentView<'_>],
        evaluations: &[Evaluation<'_>],
        options: &SearchOptions,
        counts: &mut Counts,
    ) -> Result<(Vec<Found>, Vec<Bits>)> {
        let tiers = self.tiers(views, evaluations, options, counts)?;
        let first = rank::first_step(views, &plan.words).map_err(|e| self.error(e))?;
        let keywords: Vec<&str> = plan.positive().map(|(_, leaf)| leaf.text.as_str()).collect();
        let second = SecondLook::new(&keywords);
        let mut all: Vec<Bits> = views.iter().map(|view| Bits::empty(view.max_doc())).collect();
        let mut lists: Vec<Vec<Found>> = Vec::new();
        for (tier, sets) in &tiers {
            let mut list = Vec::new();
            for (view, set) in views.iter().zip(sets) {
                all[view.ord as usize].or(set);
                let scores = &first[view.ord as usize];
                list.extend(set.iter().map(|record| Found {
                    segment: view.ord,
                    record,
                    score: scores[record as usize],
                    parts: ScoreParts::default(),
                    tier: *tier,
                }));
            }
            lists.push(list);
        }
        if options.mode == Mode::Any {
            lists = vec![lists.concat()];
        }
        let mut page = Vec::new();
        let mut passed = 0;
        for mut list in lists {
            let wanted = options.end().saturating_sub(passed);
            if wanted == 0 {
                break;
            }
            self.order(&mut list, wanted, plan, views, evaluations, &second)?;
            let from = options.offset.saturating_sub(passed).min(list.len());
            let to = wanted.min(list.len());
            page.extend_from_slice(&list[from..to]);
            passed += list.len();
        }
        Ok((page, all))
    }

    /// Orders the first `wanted` of a list: by the first step, then the best of
    /// them by the second. The order does not depend on `wanted`, so pages fit.
    fn order(
        &self,
        list: &mut [Found],
        wanted: usize,
        plan: &Plan,
        views: &[SegmentView<'_>],
        evaluations: &[Evaluation<'_>],
        second: &SecondLook,
    ) -> Result<()> {
        let depth = rank::SECOND_LOOK.min(list.len());
        if depth == 0 {
            return Ok(());
        }
        if depth < list.len() {
            list.select_nth_unstable_by(depth - 1, better);
        }
        let (best, rest) = list.split_at_mut(depth);
        let highest = best.iter().map(|found| found.score).fold(f32::MIN_POSITIVE, f32::max);
        for found in best.iter_mut() {
            let stored = views[found.segment as usize].record(found.record).map_err(|e| self.error(e))?;
            let text = CharText::new(stored.text());
            let leaves = &evaluations[found.segment as usize].leaves;
            let in_context = plan.positive().filter(|(at, _)| leaves[*at].context.contains(found.record)).count();
            found.parts = second.score(found.score / highest, &text, in_context);
            found.score = found.parts.total();
        }
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

    fn hit(
        &self,
        plan: &Plan,
        views: &[SegmentView<'_>],
        sets: &[Bits],
        found: &Found,
        options: &SearchOptions,
        documents: &mut HashMap<(u32, u32), Arc<DocumentInfo>>,
    ) -> Result<Hit> {
        let view = &views[found.segment as usize];
        let document = view.document_of(found.record);
        let info = match documents.entry((found.segment, document)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.get().clone(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(self.document_info(view, document)?).clone()
            }
        };
        let section = view.record(found.record).map_err(|e| self.error(e))?.into_section()?;
        let marks = marks(plan, &section.text);
        let fragments = fragments(&section.text, &marks, &options.snippets);
        let first_mark = fragments.iter().find_map(|f| f.highlights.first().map(|&(start, _)| f.start + start));
        let item = first_mark.and_then(|mark| section.items.iter().rev().find(|item| item.start as usize <= mark));
        let siblings =
            view.records_of(document).filter(|&record| sets[found.segment as usize].contains(record)).count();
        Ok(Hit {
            document: info,
            tier: found.tier,
            score: found.score,
            score_parts: found.parts,
            fragments,
            siblings: siblings as u64,
            section: SectionInfo {
                ordinal: section.ordinal,
                item: item.map(|item| item.label.clone()),
                label: section.label,
                heading: section.heading,
                path: section.path,
                line: section.line,
            },
        })
    }

    fn document_info(&self, view: &SegmentView<'_>, document: u32) -> Result<Arc<DocumentInfo>> {
        let record = view.record(document).map_err(|e| self.error(e))?;
        let head = record.document()?;
        let key = head.key.clone();
        let path = key_path(&key);
        let key =
            path.as_ref().map_or_else(|| key.trim_start_matches("v:").to_owned(), |path| path.display().to_string());
        Ok(Arc::new(DocumentInfo { key, path, title: head.title, metadata: head.metadata, sections: head.sections }))
    }

    fn error(&self, error: tantivy::TantivyError) -> Error {
        self.index.error(error)
    }
}

fn push_tier(tiers: &mut Vec<(Tier, Vec<Bits>)>, counts: &mut Counts, tier: Tier, mut sets: Vec<Bits>) {
    for (_, above) in tiers.iter() {
        sets.iter_mut().zip(above).for_each(|(set, above)| set.subtract(above));
    }
    counts.set(tier, total(&sets));
    tiers.push((tier, sets));
}

/// Whether a key is `name`, or ends in it at a folder's border.
fn names(key: &str, name: &str) -> bool {
    let name = name.trim_start_matches("./");
    key.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/') || name.starts_with('/'))
}

fn total(sets: &[Bits]) -> u64 {
    sets.iter().map(Bits::len).sum()
}

/// For each document that satisfies the query only as a whole, the first section
/// of each keyword.
fn document_tier(evaluation: &Evaluation<'_>, view: &SegmentView<'_>) -> Bits {
    let mut sections = Bits::empty(view.max_doc());
    for document in evaluation.documents().iter() {
        for set in evaluation.positive_text() {
            if let Some(record) = view.records_of(document).find(|&record| set.contains(record)) {
                sections.insert(record);
            }
        }
    }
    sections
}

/// Higher scores first; equal ones in the order of the index, which is stable.
fn better(a: &Found, b: &Found) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.segment.cmp(&b.segment)).then(a.record.cmp(&b.record))
}

/// What to highlight in a text: every keyword's occurrences; where it has none,
/// those of its words.
fn marks(plan: &Plan, text: &str) -> Vec<Mark> {
    let chars = CharText::new(text);
    let mut marks = Vec::new();
    for (keyword, leaf) in plan.positive() {
        let before = marks.len();
        mark_phrases(leaf, text, &chars, keyword, &mut marks);
        if marks.len() > before {
            continue;
        }
        for word in &leaf.words {
            let word = CharText::new(word);
            for at in chars.find(&word) {
                let range = chars.char_range(at, at + word.len());
                marks.push(Mark { start: range.start, end: range.end, keyword, whole: false });
            }
        }
    }
    marks
}

fn mark_phrases(leaf: &Leaf, text: &str, chars: &CharText, keyword: usize, marks: &mut Vec<Mark>) {
    for phrase in &leaf.phrases {
        if leaf.style == KeywordStyle::Prefix {
            for range in chars.find_prefix(text, &leaf.text) {
                marks.push(Mark { start: range.start, end: range.end, keyword, whole: true });
            }
            continue;
        }
        for at in chars.find(&phrase.chars) {
            let range = chars.char_range(at, at + phrase.chars.len());
            marks.push(Mark { start: range.start, end: range.end, keyword, whole: true });
        }
    }
}
