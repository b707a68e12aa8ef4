//! Where a keyword occurs literally, or as one of its variants: by the index for
//! a whole segment, and in a text at hand.

use crate::analysis::chars::{self as char_view, CharText};
use crate::postings::Place;
use crate::query::KeywordStyle;

use super::bits::Bits;
use super::plan::{Leaf, Phrase};
use super::segment::SegmentView;

/// How many terms a prefix may stand for.
const MAX_PREFIX_TERMS: usize = 1_000;

/// The records in which a keyword occurs in `place`.
pub(super) fn find(leaf: &Leaf, place: Place, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    let mut found = Bits::empty(view.max_doc());
    for phrase in &leaf.phrases {
        if leaf.style == KeywordStyle::Prefix {
            for terms in expansions(&phrase.terms, place, view)? {
                view.phrase(place, &terms, &mut found)?;
            }
        } else if phrase.checked_variant().is_some() {
            let mut candidates = Bits::empty(view.max_doc());
            view.phrase(place, &phrase.terms, &mut candidates)?;
            // What is found already need not be looked at again.
            candidates.subtract(&found);
            check(phrase, place, view, &candidates, &mut found)?;
        } else {
            view.phrase(place, &phrase.terms, &mut found)?;
        }
    }
    if leaf.style == KeywordStyle::Raw {
        return raw(leaf, place, view, &found);
    }
    Ok(found)
}

/// Where a keyword occurs in a text, as ranges of tokens, ascending.
pub(super) fn in_text(leaf: &Leaf, text: &str, chars: &CharText) -> Vec<(usize, usize)> {
    let mut places: Vec<(usize, usize)> = match leaf.style {
        KeywordStyle::Prefix => chars.find_prefix(text, &leaf.text),
        KeywordStyle::Raw => {
            let blank_free = |text: &str| text.chars().filter(|&c| !char_view::is_blank(c)).collect::<String>();
            let wanted = blank_free(&leaf.text);
            let is_same = |&(from, to): &(usize, usize)| blank_free(&text[chars.byte_range(text, from, to)]) == wanted;
            leaf.phrases.iter().flat_map(|phrase| phrase.find(text, chars)).filter(is_same).collect()
        }
        _ => leaf.phrases.iter().flat_map(|phrase| phrase.find(text, chars)).collect(),
    };
    places.sort_unstable();
    places.dedup();
    places
}

/// The phrases a prefix stands for: its last term completed by the vocabulary.
fn expansions(
    terms: &[(usize, String)],
    place: Place,
    view: &SegmentView<'_>,
) -> tantivy::Result<Vec<Vec<(usize, String)>>> {
    let Some(((position, last), before)) = terms.split_last() else { return Ok(Vec::new()) };
    let completed = view.expand(place, last, MAX_PREFIX_TERMS)?;
    let phrase = |term: String| before.iter().cloned().chain([(*position, term)]).collect();
    Ok(completed.into_iter().map(phrase).collect())
}

/// Adds the candidates in which an occurrence of a variant stands for itself, and
/// is no part of a longer number.
fn check(
    phrase: &Phrase,
    place: Place,
    view: &SegmentView<'_>,
    candidates: &Bits,
    into: &mut Bits,
) -> tantivy::Result<()> {
    for record in candidates.iter() {
        let holds = |text: &str| !phrase.find(text, &CharText::new(text)).is_empty();
        if is_in(place, record, view, holds)? {
            into.insert(record);
        }
    }
    Ok(())
}

/// The candidates that hold a `raw:` keyword character by character.
fn raw(leaf: &Leaf, place: Place, view: &SegmentView<'_>, candidates: &Bits) -> tantivy::Result<Bits> {
    let mut hits = Bits::empty(view.max_doc());
    for record in candidates.iter() {
        let holds = |text: &str| !in_text(leaf, text, &CharText::new(text)).is_empty();
        if is_in(place, record, view, holds)? {
            hits.insert(record);
        }
    }
    Ok(hits)
}

/// Whether `holds` is true of a record's texts in `place`. A document's title is
/// its front section's own text.
fn is_in(place: Place, record: u32, view: &SegmentView<'_>, holds: impl Fn(&str) -> bool) -> tantivy::Result<bool> {
    Ok(match place {
        Place::Text => {
            holds(&view.section(record)?.text) || (view.ordinal_of(record) == 0 && holds(&view.context(record)?))
        }
        Place::Context => holds(&view.context(record)?),
    })
}
