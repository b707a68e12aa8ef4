//! The tiers of a search: which records satisfy the query, and how well.

use super::bits::Bits;
use super::evaluate::{Evaluation, Occurs};
use super::options::{Mode, SearchOptions};
use super::results::{Counts, Tier};
use super::segment::SegmentView;

/// The tiers to be answered, best first, each a set a segment; disjoint. `named`
/// are the records that the query names: they are of the first tier, except in
/// [`Mode::Exact`], which promises literal matches.
pub(super) fn tiers(
    views: &[SegmentView<'_>],
    evaluations: &[Evaluation<'_>],
    named: &[Bits],
    options: &SearchOptions,
) -> (Vec<(Tier, Vec<Bits>)>, Counts) {
    let mut counts = Counts::default();
    let mut exact: Vec<Bits> = evaluations.iter().map(|evaluation| evaluation.tier(Occurs::Literally)).collect();
    if options.mode != Mode::Exact {
        exact.iter_mut().zip(named).for_each(|(exact, named)| exact.or(named));
    }
    counts.set(Tier::Exact, total(&exact));
    let mut tiers = vec![(Tier::Exact, exact)];
    if options.mode != Mode::Exact {
        push_tier(&mut tiers, &mut counts, Tier::Words, evaluations.iter().map(|e| e.tier(Occurs::ByWords)).collect());
    }
    let goes_on = |counts: &Counts| {
        options.mode == Mode::Any || (options.mode == Mode::Smart && counts.sections() < options.end() as u64)
    };
    if goes_on(&counts) {
        let document = evaluations.iter().zip(views).map(|(e, view)| document_tier(e, view)).collect();
        push_tier(&mut tiers, &mut counts, Tier::Document, document);
    }
    if goes_on(&counts) {
        push_tier(&mut tiers, &mut counts, Tier::Relaxed, evaluations.iter().map(Evaluation::relaxed).collect());
    }
    counts.documents = documents(views, tiers.iter().map(|(_, sets)| sets)).iter().map(Bits::len).sum();
    (tiers, counts)
}

/// The documents, as document records, with a member of any of the sets.
pub(super) fn documents<'a>(views: &[SegmentView<'_>], sets: impl Iterator<Item = &'a Vec<Bits>> + Clone) -> Vec<Bits> {
    let of = |(at, view): (usize, &SegmentView<'_>)| {
        let mut records = Bits::empty(view.max_doc());
        sets.clone().for_each(|sets| records.or(&sets[at]));
        view.documents_of(&records)
    };
    views.iter().enumerate().map(of).collect()
}

fn push_tier(tiers: &mut Vec<(Tier, Vec<Bits>)>, counts: &mut Counts, tier: Tier, mut sets: Vec<Bits>) {
    for (_, above) in tiers.iter() {
        sets.iter_mut().zip(above).for_each(|(set, above)| set.subtract(above));
    }
    counts.set(tier, total(&sets));
    tiers.push((tier, sets));
}

fn total(sets: &[Bits]) -> u64 {
    sets.iter().map(Bits::len).sum()
}

/// For each document that satisfies the query only as a whole, the best section of
/// each keyword: the one that holds most of the others too, the first of equals.
fn document_tier(evaluation: &Evaluation<'_>, view: &SegmentView<'_>) -> Bits {
    let mut sections = Bits::empty(view.max_doc());
    let documents = evaluation.documents();
    if documents.len() == 0 {
        return sections;
    }
    let records = view.whole_documents(&documents);
    let mut sets: Vec<Bits> = evaluation.positive_text().collect();
    // How many of the sets hold each record.
    let mut held = vec![0_u16; view.max_doc() as usize];
    for set in &mut sets {
        set.and(&records);
        set.iter().for_each(|record| held[record as usize] += 1);
    }
    let starts = view.documents();
    for set in &sets {
        let mut next = 0;
        let mut best: Option<u32> = None;
        for record in set.iter() {
            if starts.get(next).is_some_and(|&start| start <= record) {
                // The first of another document.
                sections.extend(best.take());
                next += starts[next..].partition_point(|&start| start <= record);
            }
            if best.is_none_or(|best| held[best as usize] < held[record as usize]) {
                best = Some(record);
            }
        }
        sections.extend(best);
    }
    sections
}
