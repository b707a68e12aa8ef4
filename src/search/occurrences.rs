//! Where a keyword occurs literally, or as one of its variants: by the index for
//! a whole segment, and in a text at hand.

use std::collections::HashMap;

use crate::analysis::chars::{self as char_view, CharText};
use crate::postings::Place;
use crate::query::KeywordStyle;
use crate::texts::Glance;

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
            check(phrase, place, view, candidates, &mut found)?;
        } else {
            view.phrase(place, &phrase.terms, &mut found)?;
        }
    }
    if leaf.style == KeywordStyle::Raw {
        return raw(leaf, place, view, &found);
    }
    Ok(found)
}

/// Where a keyword occurs in a text of which only the tokens are at hand, as
/// [`in_text`]; `None` when they do not decide it.
pub(super) fn in_ids(leaf: &Leaf, ids: &[u32]) -> Option<Vec<(usize, usize)>> {
    // These ask for a spelling.
    if matches!(leaf.style, KeywordStyle::Raw | KeywordStyle::Prefix) {
        return None;
    }
    let mut places: Vec<(usize, usize)> = Vec::new();
    // Of many spellings a text has one or two.
    let present = (leaf.phrases.len() > FEW_PHRASES).then(|| Present::of(ids));
    for phrase in &leaf.phrases {
        if present.as_ref().is_none_or(|present| present.may_have(phrase.chars.ids())) {
            places.extend(phrase.find_in_ids(ids)?);
        }
    }
    if leaf.phrases.len() > 1 {
        places.sort_unstable();
        places.dedup();
    }
    Some(places)
}

/// How many phrases are looked for sooner than it is noted what a text has.
const FEW_PHRASES: usize = if cfg!(test) { 1 } else { 3 };

/// A bit for each token of a text, by a hash of it.
struct Present([u64; 16]);

impl Present {
    fn of(ids: &[u32]) -> Self {
        let mut bits = [0; 16];
        for (word, bit) in ids.iter().map(Present::place) {
            bits[word] |= 1 << bit;
        }
        Present(bits)
    }

    fn place(id: &u32) -> (usize, u32) {
        // 1,024 bits.
        let hash = id.wrapping_mul(0x9e37_79b1) >> 22;
        (hash as usize / 64, hash % 64)
    }

    /// Whether all of these tokens may be there; if not, they are not.
    fn may_have(&self, ids: &[u32]) -> bool {
        ids.iter().map(Present::place).all(|(word, bit)| self.0[word] >> bit & 1 == 1)
    }
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
    mut candidates: Bits,
    into: &mut Bits,
) -> tantivy::Result<()> {
    let holds = |text: &str| phrase.occurs(text);
    let mut texts = TextsOf { view, holds: &holds, title: None, headings: HashMap::new() };
    let mut glance = Glance::new();
    if let Some(endangered) = endangered(phrase, place, view, &candidates)? {
        // Where nothing stands beside it that could matter, it counts.
        let mut safe = candidates.clone();
        safe.subtract(&endangered);
        into.or(&safe);
        candidates.and(&endangered);
    }
    for record in candidates.iter() {
        if place == Place::Text {
            // The tokens tell most, and are read sooner than the text.
            view.glance(record, &mut glance)?;
            match phrase.occurs_in_ids(glance.ids()) {
                Some(true) => {
                    into.insert(record);
                    continue;
                }
                Some(false) if view.document_of(record) != record => continue,
                _ => {}
            }
        }
        if texts.hold(place, record)? {
            into.insert(record);
        }
    }
    Ok(())
}

/// How many candidates are looked at sooner than the index is asked.
const FEW: u64 = if cfg!(test) { 0 } else { 40 };

/// The records in which what keeps a variant from counting stands beside it somewhere;
/// `None` when the index does not tell, or there are few candidates.
fn endangered(
    phrase: &Phrase,
    place: Place,
    view: &SegmentView<'_>,
    candidates: &Bits,
) -> tantivy::Result<Option<Bits>> {
    let variant = phrase.checked_variant().filter(|_| candidates.len() > FEW);
    let Some((variant, (before, behind))) = variant.and_then(|variant| Some((variant, variant.dangers()?))) else {
        return Ok(None);
    };
    let mut endangered = Bits::empty(view.max_doc());
    let text = &variant.text;
    let longer = before.iter().map(|c| format!("{c}{text}")).chain(behind.iter().map(|c| format!("{text}{c}")));
    for longer in longer {
        view.phrase(place, &char_view::terms(&longer), &mut endangered)?;
    }
    Ok(Some(endangered))
}

/// The candidates that hold a `raw:` keyword character by character.
fn raw(leaf: &Leaf, place: Place, view: &SegmentView<'_>, candidates: &Bits) -> tantivy::Result<Bits> {
    let mut hits = Bits::empty(view.max_doc());
    let holds = |text: &str| !in_text(leaf, text, &CharText::new(text)).is_empty();
    let mut texts = TextsOf { view, holds: &holds, title: None, headings: HashMap::new() };
    for record in candidates.iter() {
        if texts.hold(place, record)? {
            hits.insert(record);
        }
    }
    Ok(hits)
}

/// The texts of records, and whether they hold something. Titles and headings stand
/// over many records that are asked for one after the other.
struct TextsOf<'a> {
    view: &'a SegmentView<'a>,
    holds: &'a dyn Fn(&str) -> bool,
    /// The last document, and whether its title does.
    title: Option<(u32, bool)>,
    headings: HashMap<String, bool>,
}

impl TextsOf<'_> {
    /// Whether a record's texts in `place` hold it. A document's title is its front
    /// section's own text.
    fn hold(&mut self, place: Place, record: u32) -> tantivy::Result<bool> {
        let document = self.view.document_of(record);
        Ok(match place {
            Place::Text => {
                (self.holds)(&self.view.section(record)?.text) || (document == record && self.title_holds(document)?)
            }
            Place::Context => {
                self.title_holds(document)? || self.view.path(record)?.iter().any(|heading| self.heading_holds(heading))
            }
        })
    }

    fn title_holds(&mut self, document: u32) -> tantivy::Result<bool> {
        if let Some((_, holds)) = self.title.filter(|(last, _)| *last == document) {
            return Ok(holds);
        }
        let holds = (self.holds)(&self.view.title(document)?);
        self.title = Some((document, holds));
        Ok(holds)
    }

    fn heading_holds(&mut self, heading: &str) -> bool {
        if let Some(&holds) = self.headings.get(heading) {
            return holds;
        }
        let holds = (self.holds)(heading);
        self.headings.insert(heading.to_owned(), holds);
        holds
    }
}
