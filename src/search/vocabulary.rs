//! What this index knows of words, for suggestions; and the readings of Latin
//! keywords that it finds nowhere.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::PoisonError;

use crate::analysis::chars;
use crate::analysis::pinyin;
use crate::analysis::variants::{Variant, VariantKind};
use crate::postings::{Kind, Place};

use super::bits::Bits;
use super::searcher::Searcher;
use super::suggest::{self, Reason, Vocabulary};

/// How many different keywords of one query are read as pinyin: each asks the whole
/// dictionary and all words of the index.
const MAX_READ: usize = 5;

/// How many readings a searcher keeps.
const MAX_KNOWN: usize = 256;

impl Vocabulary for Searcher {
    /// An index that cannot be read knows nothing here; the search itself says so.
    fn sections_with(&self, phrase: &str) -> u64 {
        let views = self.views();
        let terms = chars::terms(phrase);
        let count = |view: &super::segment::SegmentView<'_>| -> tantivy::Result<u64> {
            let mut having = Bits::empty(view.max_doc());
            view.phrase(Place::Text, &terms, &mut having)?;
            view.phrase(Place::Context, &terms, &mut having)?;
            having.and(view.alive());
            Ok(having.len())
        };
        views.iter().map(|view| count(view).unwrap_or(0)).sum()
    }

    fn for_each_word(&self, sink: &mut dyn FnMut(&str, u64)) {
        let words = self.words.get_or_init(|| {
            let mut words: BTreeMap<String, u64> = BTreeMap::new();
            for view in &self.views() {
                let _ = view.postings().terms(Place::Text, Kind::Words, "", |word, sections| {
                    *words.entry(word.to_owned()).or_default() += u64::from(sections);
                    ControlFlow::Continue(())
                });
            }
            words.into_iter().collect()
        });
        words.iter().for_each(|(word, sections)| sink(word, *sections));
    }
}

impl Searcher {
    /// The words that a Latin keyword may be pinyin or initials of, if it is found
    /// nowhere itself. `asked` are the keywords of the query that were read before.
    pub(super) fn readings(&self, keyword: &str, asked: &mut HashMap<String, Vec<Variant>>) -> Vec<Variant> {
        if let Some(known) = asked.get(keyword) {
            return known.clone();
        }
        let is_read = asked.len() < MAX_READ && pinyin::letters(keyword).is_some() && self.sections_with(keyword) == 0;
        if !is_read {
            return Vec::new();
        }
        let read = self.read_once(keyword);
        asked.insert(keyword.to_owned(), read.clone());
        read
    }

    /// As [`Searcher::read`], which takes milliseconds: the query that is answered, the
    /// advice on it and its explanation ask for the same.
    fn read_once(&self, keyword: &str) -> Vec<Variant> {
        let known = || self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = known().get(keyword) {
            return read.clone();
        }
        let read = self.read(keyword);
        let mut known = known();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(keyword.to_owned(), read.clone());
        read
    }

    fn read(&self, keyword: &str) -> Vec<Variant> {
        let found = suggest::read_latin(keyword, self.index.inner.segmenter.dictionary(), self);
        let variant = |suggestion: suggest::Suggestion| {
            let is_initials = suggestion.reason == Reason::Initials;
            Variant::new(suggestion.text, if is_initials { VariantKind::Initials } else { VariantKind::Pinyin })
        };
        found.into_iter().map(variant).collect()
    }
}
