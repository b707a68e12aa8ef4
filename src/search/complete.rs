//! What a person who has typed the beginning may want: titles, bodies, words.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;

use serde::Serialize;

use crate::analysis::{chars, fold, pinyin};
use crate::heads::{Column, Damaged};
use crate::index::plugin;
use crate::postings::{Kind, Place};
use crate::{Error, ErrorKind, Result};

use super::bits::Bits;
use super::searcher::Searcher;
use super::segment::SegmentView;
use super::suggest;

/// Titles looked at, and words of the vocabulary, in one segment.
const MAX_TITLES: usize = 500;
const MAX_WORDS: usize = 5_000;

/// Something that begins as was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// The whole of it.
    pub text: String,
    /// `title`, `agency` or `word`.
    pub kind: &'static str,
    /// Documents with the title or of the body; sections with the word.
    pub count: u64,
}

impl Searcher {
    /// At most `limit` completions of `prefix`, or of what it is pinyin or initials
    /// of: words that many sections hold, bodies that issued many documents, and
    /// titles that begin so or, after those, hold it. Never the prefix itself.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] for a prefix of white space only; when the index cannot
    /// be read.
    pub fn complete(&self, prefix: &str, limit: usize) -> Result<Vec<Completion>> {
        self.index.guarded(|| self.completions(prefix, limit))
    }

    fn completions(&self, prefix: &str, limit: usize) -> Result<Vec<Completion>> {
        if fold(prefix).chars().all(char::is_whitespace) {
            return Err(Error::new(ErrorKind::Query, "expected the beginning of a word or title, got none"));
        }
        let mut words: HashMap<String, u64> = HashMap::new();
        let mut bodies: HashMap<String, u64> = HashMap::new();
        let mut titles: HashMap<String, u64> = HashMap::new();
        for view in &self.views() {
            collect_words(view, prefix, &mut words).map_err(|e| self.error(e))?;
            collect_agencies(view, &mut bodies).map_err(|e| self.error(plugin::damaged_heads(e)))?;
            self.collect_titles(view, prefix, &mut titles)?;
        }
        let best = |terms: &HashMap<String, u64>, kind| -> VecDeque<Completion> {
            let found = suggest::complete(prefix, terms.iter().map(|(text, &count)| (text.as_str(), count)), limit + 1);
            let is_more = |found: &suggest::Completion| fold(&found.text) != fold(prefix);
            found
                .into_iter()
                .filter(is_more)
                .map(|found| Completion { text: found.text, kind, count: found.weight })
                .collect()
        };
        Ok(interleave([best(&words, "word"), best(&bodies, "agency"), best(&titles, "title")], limit))
    }

    fn collect_titles(&self, view: &SegmentView<'_>, prefix: &str, counts: &mut HashMap<String, u64>) -> Result<()> {
        let mut having = Bits::empty(view.max_doc());
        view.phrase(Place::Context, &chars::terms(prefix), &mut having).map_err(|e| self.error(e))?;
        having.and(view.alive());
        let documents = having.iter().filter(|&record| view.ordinal_of(record) == 0).take(MAX_TITLES);
        for document in documents {
            let title = view.title(document).map_err(|e| self.error(e))?;
            *counts.entry(title).or_default() += 1;
        }
        Ok(())
    }
}

/// Words that begin so; for Latin letters, which may be pinyin, all of them.
fn collect_words(view: &SegmentView<'_>, prefix: &str, counts: &mut HashMap<String, u64>) -> tantivy::Result<()> {
    let begins: String = fold(prefix).chars().filter(|c| !c.is_whitespace()).collect();
    let is_latin = pinyin::letters(prefix).is_some();
    let found =
        view.postings().terms(Place::Text, Kind::Words, if is_latin { "" } else { &begins }, |word, sections| {
            if !is_latin && counts.len() >= MAX_WORDS {
                return ControlFlow::Break(());
            }
            *counts.entry(word.to_owned()).or_default() += u64::from(sections);
            ControlFlow::Continue(())
        });
    found.map_err(plugin::damaged)
}

fn collect_agencies(view: &SegmentView<'_>, counts: &mut HashMap<String, u64>) -> Result<(), Damaged> {
    let (heads, alive) = (view.heads(), view.alive());
    let names = heads.values(Column::Agency);
    let mut documents = vec![0_u64; names.len()];
    for (at, _) in view.documents().iter().enumerate().filter(|(_, document)| alive.contains(**document)) {
        if let Some(name) = heads.value(Column::Agency, at)? {
            *documents.get_mut(name).ok_or(Damaged)? += 1;
        }
    }
    for (at, &count) in documents.iter().enumerate().filter(|(_, count)| **count > 0) {
        names.get(at)?.split('、').for_each(|body| *counts.entry(body.to_owned()).or_default() += count);
    }
    Ok(())
}

/// The best of each kind in turn, so that many words do not hide the one title.
fn interleave(mut kinds: [VecDeque<Completion>; 3], limit: usize) -> Vec<Completion> {
    let mut chosen = Vec::new();
    while chosen.len() < limit && kinds.iter().any(|kind| !kind.is_empty()) {
        chosen.extend(kinds.iter_mut().filter_map(VecDeque::pop_front));
    }
    chosen.truncate(limit);
    chosen
}
