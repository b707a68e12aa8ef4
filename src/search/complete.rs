//! What a person who has typed the beginning may want: titles, bodies, words.

use std::collections::HashMap;

use serde::Serialize;

use crate::analysis::{chars, fold};
use crate::{Error, ErrorKind, Result};

use super::bits::Bits;
use super::searcher::Searcher;
use super::segment::SegmentView;

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
    /// At most `limit` completions of `prefix`: words that many sections hold,
    /// bodies that issued many documents, and titles that begin so or, after those,
    /// hold it. Never what the prefix is already.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] for a prefix of white space only; when the index cannot
    /// be read.
    pub fn complete(&self, prefix: &str, limit: usize) -> Result<Vec<Completion>> {
        let wanted: String = fold(prefix).chars().filter(|c| !c.is_whitespace()).collect();
        if wanted.is_empty() {
            return Err(Error::new(ErrorKind::Query, "expected the beginning of a word or title, got none"));
        }
        let mut counts: HashMap<(String, &'static str), u64> = HashMap::new();
        for view in &self.views()? {
            collect_words(view, &wanted, &mut counts).map_err(|e| self.error(e))?;
            collect_agencies(view, &wanted, &mut counts).map_err(|e| self.error(e))?;
            self.collect_titles(view, &wanted, &mut counts)?;
        }
        let mut found: Vec<Completion> = counts
            .into_iter()
            .filter(|((text, _), count)| *count > 0 && fold(text) != wanted)
            .map(|((text, kind), count)| Completion { text, kind, count })
            .collect();
        // What begins so stands before what only holds it.
        let rank = |completion: &Completion| {
            let begins = fold(&completion.text).starts_with(&wanted);
            (!begins, std::cmp::Reverse(completion.count), completion.text.chars().count())
        };
        found.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.text.cmp(&b.text)));
        Ok(interleave(found, limit))
    }

    fn collect_titles(
        &self,
        view: &SegmentView<'_>,
        wanted: &str,
        counts: &mut HashMap<(String, &'static str), u64>,
    ) -> Result<()> {
        let mut having = Bits::empty(view.max_doc());
        view.phrase(view.fields().context, &chars::terms(wanted), &mut having).map_err(|e| self.error(e))?;
        having.and(&view.alive().map_err(|e| self.error(e))?);
        let documents = having.iter().filter(|&record| view.ordinal_of(record) == 0).take(MAX_TITLES);
        for document in documents {
            let title = view.record(document).map_err(|e| self.error(e))?.document()?.title;
            *counts.entry((title, "title")).or_default() += 1;
        }
        Ok(())
    }
}

fn collect_words(
    view: &SegmentView<'_>,
    wanted: &str,
    counts: &mut HashMap<(String, &'static str), u64>,
) -> tantivy::Result<()> {
    let inverted = view.reader.inverted_index(view.fields().words)?;
    let mut stream = inverted.terms().range().ge(wanted).into_stream()?;
    for _ in 0..MAX_WORDS {
        let Some((term, info)) = stream.next() else { break };
        if !term.starts_with(wanted.as_bytes()) {
            break;
        }
        let word = String::from_utf8_lossy(term).into_owned();
        *counts.entry((word, "word")).or_default() += u64::from(info.doc_freq);
    }
    Ok(())
}

fn collect_agencies(
    view: &SegmentView<'_>,
    wanted: &str,
    counts: &mut HashMap<(String, &'static str), u64>,
) -> tantivy::Result<()> {
    let Some(column) = view.reader.fast_fields().str("agency")? else { return Ok(()) };
    let alive = view.alive()?;
    let mut documents = vec![0_u64; column.num_terms()];
    for &document in view.documents().iter().filter(|&&document| alive.contains(document)) {
        column.term_ords(document).for_each(|ord| documents[ord as usize] += 1);
    }
    let mut name = String::new();
    for (ord, &count) in documents.iter().enumerate() {
        name.clear();
        column.ord_to_str(ord as u64, &mut name)?;
        for body in name.split('、').filter(|body| fold(body).contains(wanted)) {
            *counts.entry((body.to_owned(), "agency")).or_default() += count;
        }
    }
    Ok(())
}

/// The best of each kind in turn, so that many words do not hide the one title.
fn interleave(found: Vec<Completion>, limit: usize) -> Vec<Completion> {
    let mut kinds: [std::collections::VecDeque<Completion>; 3] = Default::default();
    for completion in found {
        let at = ["word", "agency", "title"].iter().position(|kind| *kind == completion.kind).unwrap_or(0);
        kinds[at].push_back(completion);
    }
    let mut chosen = Vec::new();
    while chosen.len() < limit && kinds.iter().any(|kind| !kind.is_empty()) {
        chosen.extend(kinds.iter_mut().filter_map(std::collections::VecDeque::pop_front));
    }
    chosen.truncate(limit);
    chosen
}
