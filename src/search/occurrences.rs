//! Where a keyword occurs literally, or as one of its variants: by the index for
//! a whole segment, and in a text at hand.

use std::collections::HashMap;
use std::ops::Range;

use crate::analysis::chars::{self as char_view, CharText};
use crate::index::plugin;
use crate::postings::{Matches, Place};
use crate::query::KeywordStyle;
use crate::texts::Glance;

use super::bits::Bits;
use super::plan::{Leaf, Phrase};
use super::segment::SegmentView;

/// How many terms a prefix may stand for.
const MAX_PREFIX_TERMS: usize = 1_000;

/// The records in which a keyword occurs in `place`.
pub(super) fn find(leaf: &Leaf, place: Place, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    Search { place, within: None, view }.find(leaf)
}

/// Those of a range of records in whose own text a keyword occurs.
pub(super) fn find_in(leaf: &Leaf, records: &Range<u32>, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    Search { place: Place::Text, within: Some(records), view }.find(leaf)
}

/// How many positions are gone through at least to find a keyword in the texts of a
/// segment: what it takes, roughly.
pub(super) fn positions(leaf: &Leaf, view: &SegmentView<'_>) -> tantivy::Result<usize> {
    // What a prefix stands for is not known before it is looked for.
    if leaf.style == KeywordStyle::Prefix {
        return Ok(0);
    }
    let rarest = |phrase: &Phrase| view.postings().rarest(&phrase.terms).map_err(plugin::damaged);
    leaf.phrases.iter().map(rarest).sum()
}

/// Where keywords are looked for.
struct Search<'a> {
    place: Place,
    /// In the text of these records alone.
    within: Option<&'a Range<u32>>,
    view: &'a SegmentView<'a>,
}

impl Search<'_> {
    fn find(&self, leaf: &Leaf) -> tantivy::Result<Bits> {
        let mut found = self.nothing();
        for phrase in &leaf.phrases {
            if leaf.style == KeywordStyle::Prefix {
                for terms in expansions(&phrase.terms, self.place, self.view)? {
                    self.add_records(&self.matches(&terms)?, &mut found)?;
                }
                continue;
            }
            let matches = self.matches(&phrase.terms)?;
            if phrase.checked_variant().is_some() {
                let mut candidates = self.nothing();
                self.add_records(&matches, &mut candidates)?;
                // What is found already need not be looked at again.
                candidates.subtract(&found);
                self.check(phrase, &matches, candidates, &mut found)?;
            } else {
                self.add_records(&matches, &mut found)?;
            }
        }
        if leaf.style == KeywordStyle::Raw {
            return raw(leaf, self.place, self.view, &found);
        }
        Ok(found)
    }

    fn nothing(&self) -> Bits {
        Bits::empty(self.view.max_doc())
    }

    /// Where the terms stand at these distances.
    fn matches(&self, terms: &[(usize, String)]) -> tantivy::Result<Matches> {
        self.view.postings().matches(self.place, self.within, terms).map_err(plugin::damaged)
    }

    /// Adds the records in which that is.
    fn add_records(&self, matches: &Matches, into: &mut Bits) -> tantivy::Result<()> {
        let insert = |from, to| into.insert_range(from, to);
        self.view.postings().records_of(matches, insert).map_err(plugin::damaged)
    }

    /// Adds the candidates in which an occurrence of a variant stands for itself, and
    /// is no part of a longer number. `matches` are where the variant stands.
    fn check(&self, phrase: &Phrase, matches: &Matches, mut candidates: Bits, into: &mut Bits) -> tantivy::Result<()> {
        let Search { place, view, .. } = *self;
        let holds = |text: &str| phrase.occurs(text);
        let mut texts = TextsOf { view, holds: &holds, title: None, headings: HashMap::new() };
        let mut glance = Glance::new();
        if let Some(endangered) = self.endangered(phrase, matches, &candidates)? {
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

    /// The records in which what keeps a variant from counting stands beside it somewhere;
    /// `None` when the index does not tell, or there are few candidates.
    fn endangered(&self, phrase: &Phrase, matches: &Matches, candidates: &Bits) -> tantivy::Result<Option<Bits>> {
        let variant = phrase.checked_variant().filter(|_| candidates.len() > FEW);
        let Some((before, behind)) = variant.and_then(|variant| variant.dangers()) else { return Ok(None) };
        let mut endangered = self.nothing();
        // Each is a Chinese character, which is a token whatever it stands beside.
        let beside = before.into_iter().map(|c| (c, true)).chain(behind.into_iter().map(|c| (c, false)));
        for (c, is_before) in beside {
            let longer = self.view.postings().beside(matches, c, is_before).map_err(plugin::damaged)?;
            self.add_records(&longer, &mut endangered)?;
        }
        Ok(Some(endangered))
    }
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

/// How many candidates are looked at sooner than the index is asked.
const FEW: u64 = if cfg!(test) { 0 } else { 40 };

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
