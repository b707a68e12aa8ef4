//! Choosing fragments: runs of whole sentences around the marks, the ones that
//! show most of the query first.

use serde::Serialize;

use super::sentences::{Stretch, ends_sentence, stretches};

/// How snippets are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnippetOptions {
    /// Aimed length of a fragment in characters; the marked words are never cut,
    /// so one may be longer.
    pub max_chars: usize,
    /// At most so many fragments a section.
    pub max_fragments: usize,
    /// Characters shown on either side of a mark, instead of whole sentences.
    pub context_chars: Option<usize>,
}

impl Default for SnippetOptions {
    fn default() -> Self {
        SnippetOptions { max_chars: 120, max_fragments: 2, context_chars: None }
    }
}

/// A passage of a section's text with the words that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// The passage, verbatim, of one paragraph.
    pub text: String,
    /// What is marked: character ranges `[start, end)` in `text`, ascending,
    /// without overlap.
    pub highlights: Vec<(usize, usize)>,
    /// Where the passage begins in the section's text, in characters.
    #[serde(skip)]
    pub start: usize,
    /// Whether text of the same sentence stands before it.
    #[serde(skip)]
    pub cut_before: bool,
    /// Whether text of the same sentence follows it.
    #[serde(skip)]
    pub cut_after: bool,
}

/// An occurrence to be marked: a character range of the section's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub start: usize,
    pub end: usize,
    /// Which keyword it is of: a fragment that shows more of them is better.
    pub keyword: usize,
    /// Whether the keyword occurs as a whole, not only a word of it.
    pub whole: bool,
}

/// The fragments of a text, in reading order. Without marks, its beginning.
pub(crate) fn fragments(text: &str, marks: &[Mark], options: &SnippetOptions) -> Vec<Fragment> {
    let chars: Vec<char> = text.chars().collect();
    let mut marks: Vec<&Mark> = marks.iter().filter(|mark| mark.start < mark.end && mark.end <= chars.len()).collect();
    marks.sort_unstable();
    let mut ranges = match options.context_chars {
        Some(context) => around(&chars, &marks, context, options.max_fragments),
        None => sentences(&chars, &marks, options),
    };
    ranges.sort_unstable();
    ranges.iter().map(|&(start, end)| cut(&chars, start, end, &marks)).collect()
}

/// Windows of `context` characters around the first marks.
fn around(chars: &[char], marks: &[&Mark], context: usize, max_fragments: usize) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for mark in marks {
        let is_break = |&at: &usize| chars[at] == '\n';
        let from = mark.start.saturating_sub(context);
        let to = (mark.end + context).min(chars.len());
        let start = (from..mark.start).rev().find(is_break).map_or(from, |at| at + 1);
        let end = (mark.end..to).find(is_break).unwrap_or(to);
        if let Some(last) = ranges.last_mut()
            && last.1 >= start
        {
            last.1 = last.1.max(end);
            continue;
        }
        if ranges.len() == max_fragments {
            break;
        }
        ranges.push((start, end));
    }
    if ranges.is_empty() {
        ranges.extend(lead(chars, 2 * context));
    }
    ranges
}

/// The beginning of the text, at most some `max_chars` of its first paragraph.
fn lead(chars: &[char], max_chars: usize) -> Option<(usize, usize)> {
    let first = stretches(chars, max_chars.max(1)).into_iter().next()?;
    Some((first.start, first.end))
}

/// Runs of sentences, chosen by what they show.
fn sentences(chars: &[char], marks: &[&Mark], options: &SnippetOptions) -> Vec<(usize, usize)> {
    let stretches = stretches(chars, options.max_chars.max(8));
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for mark in marks {
        if candidates.last().is_none_or(|&(_, end)| mark.end > end) {
            candidates.extend(window(&stretches, mark, options.max_chars));
        }
    }
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    let mut shown: Vec<(usize, bool)> = Vec::new();
    while chosen.len() < options.max_fragments {
        let is_free = |range: &&(usize, usize)| chosen.iter().all(|other| range.1 <= other.0 || other.1 <= range.0);
        let best = candidates
            .iter()
            .filter(is_free)
            .map(|&range| (gain(range, marks, &shown), range))
            // The first of equals: readers start at the top.
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((gained, range)) = best else { break };
        // A second fragment must show something the first does not.
        if gained == 0 || (!chosen.is_empty() && gained < NEW_KEYWORD) {
            break;
        }
        shown.extend(inside(range, marks).map(|mark| (mark.keyword, mark.whole)));
        chosen.push(range);
    }
    if chosen.is_empty() {
        chosen.extend(lead(chars, options.max_chars));
    }
    chosen
}

/// The run of sentences that begins with the one of `mark` and grows while it
/// fits, forward first, then backward.
fn window(stretches: &[Stretch], mark: &Mark, max_chars: usize) -> Option<(usize, usize)> {
    let mut first = stretches.iter().rposition(|stretch| stretch.start <= mark.start)?;
    let mut last = first;
    // A mark may run over the end of a stretch.
    while stretches[last].end < mark.end && last + 1 < stretches.len() {
        last += 1;
    }
    while let Some(next) = stretches.get(last + 1)
        && !next.opens
        && next.end - stretches[first].start <= max_chars
    {
        last += 1;
    }
    // Backward only to where a sentence begins: half of one reads worse than none.
    let mut earlier = first;
    while earlier > 0 && !stretches[earlier].opens && stretches[last].end - stretches[earlier - 1].start <= max_chars {
        earlier -= 1;
        if stretches[earlier].begins {
            first = earlier;
        }
    }
    Some((stretches[first].start, stretches[last].end))
}

/// What a keyword not shown yet is worth, against further occurrences.
const NEW_KEYWORD: usize = 100;

fn gain(range: (usize, usize), marks: &[&Mark], shown: &[(usize, bool)]) -> usize {
    let mut keywords: Vec<(usize, bool)> = inside(range, marks).map(|mark| (mark.keyword, mark.whole)).collect();
    let occurrences = keywords.len();
    keywords.sort_unstable();
    keywords.dedup();
    let new = keywords.iter().filter(|keyword| !shown.contains(keyword));
    // A whole keyword outweighs its single words.
    let gained: usize = new.map(|&(_, whole)| if whole { 3 * NEW_KEYWORD } else { NEW_KEYWORD }).sum();
    gained + occurrences.min(NEW_KEYWORD - 1)
}

fn inside<'a>(range: (usize, usize), marks: &'a [&Mark]) -> impl Iterator<Item = &'a Mark> {
    marks.iter().copied().filter(move |mark| range.0 <= mark.start && mark.end <= range.1)
}

/// The fragment of a range, blanks at its ends removed.
fn cut(chars: &[char], mut start: usize, mut end: usize, marks: &[&Mark]) -> Fragment {
    while start < end && chars[start].is_whitespace() {
        start += 1;
    }
    while end > start && chars[end - 1].is_whitespace() {
        end -= 1;
    }
    let mut highlights: Vec<(usize, usize)> = Vec::new();
    for mark in inside((start, end), marks) {
        match highlights.last_mut() {
            Some(last) if last.1 + start >= mark.start => last.1 = last.1.max(mark.end - start),
            _ => highlights.push((mark.start - start, mark.end - start)),
        }
    }
    let before = chars[..start].iter().rev().find(|c| **c == '\n' || !c.is_whitespace());
    let after = chars[end..].iter().find(|c| **c == '\n' || !c.is_whitespace());
    Fragment {
        text: chars[start..end].iter().collect(),
        highlights,
        start,
        cut_before: before.is_some_and(|&c| c != '\n' && !ends_sentence(c)),
        cut_after: after.is_some_and(|&c| c != '\n') && !chars[start..end].last().is_some_and(|&c| ends_sentence(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(text: &str, word: &str, keyword: usize) -> Mark {
        let byte = text.find(word).expect("the word is in the text");
        let start = text[..byte].chars().count();
        Mark { start, end: start + word.chars().count(), keyword, whole: true }
    }

    const TEXT: &str = "第七条　护士执业，应当经执业注册取得护士执业证书。\n申请护士执业注册，应当具备下列条件：\n\
        （一）具有完全民事行为能力；（二）在中等职业学校、高等学校完成规定的课程学习。符合健康标准。";

    #[test]
    fn cuts_at_sentence_and_paragraph_ends() {
        let fragments =
            fragments(TEXT, &[mark(TEXT, "健康标准", 0)], &SnippetOptions { max_chars: 12, ..Default::default() });
        assert_eq!(fragments.len(), 1);
        assert_eq!(fragments[0].text, "符合健康标准。");
        assert_eq!(fragments[0].highlights, [(2, 6)]);
        assert!(!fragments[0].cut_before && !fragments[0].cut_after);
    }

    #[test]
    fn a_second_fragment_shows_what_the_first_does_not() {
        let marks = [mark(TEXT, "护士执业", 0), mark(TEXT, "课程学习", 1)];
        let fragments = fragments(TEXT, &marks, &SnippetOptions { max_chars: 30, ..Default::default() });
        let texts: Vec<_> = fragments.iter().map(|fragment| fragment.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "第七条　护士执业，应当经执业注册取得护士执业证书。",
                "（二）在中等职业学校、高等学校完成规定的课程学习。"
            ]
        );
    }

    #[test]
    fn context_is_counted_in_characters_and_stays_in_the_paragraph() {
        let options = SnippetOptions { context_chars: Some(3), ..Default::default() };
        let fragments = fragments(TEXT, &[mark(TEXT, "完全民事", 0), mark(TEXT, "申请护士", 1)], &options);
        let texts: Vec<_> = fragments.iter().map(|fragment| fragment.text.as_str()).collect();
        assert_eq!(texts, ["申请护士执业注", "）具有完全民事行为能"]);
        assert!(fragments[1].cut_before && fragments[1].cut_after);
    }

    #[test]
    fn without_marks_the_beginning_is_shown() {
        let fragments = fragments(TEXT, &[], &SnippetOptions::default());
        assert_eq!(fragments[0].text, "第七条　护士执业，应当经执业注册取得护士执业证书。");
        assert!(fragments[0].highlights.is_empty());
    }

    proptest! {
        #[test]
        fn fragments_are_slices_with_marks_inside(
            text in "[a。，；\\n 甲乙]{0,80}",
            places in proptest::collection::vec((0usize..80, 1usize..6, 0usize..3), 0..8),
            max_chars in 0usize..40,
            context in proptest::option::of(0usize..10),
        ) {
            let length = text.chars().count();
            // Occurrences begin and end with a character that is seen, in one
            // paragraph; out of range they are ignored.
            let chars: Vec<char> = text.chars().collect();
            let is_seen = |at: usize| chars.get(at).is_none_or(|c| !c.is_whitespace());
            let is_one = |mark: &Mark| mark.end > length || !chars[mark.start..mark.end].contains(&'\n');
            let marks: Vec<Mark> = places
                .iter()
                .map(|&(start, len, keyword)| Mark { start, end: start + len, keyword, whole: true })
                .filter(|mark| is_seen(mark.start) && is_seen(mark.end - 1) && is_one(mark))
                .collect();
            let options = SnippetOptions { max_chars, max_fragments: 2, context_chars: context };
            let found = fragments(&text, &marks, &options);
            prop_assert!(found.len() <= 2);
            for fragment in &found {
                let fragment_chars: Vec<char> = fragment.text.chars().collect();
                prop_assert_eq!(&chars[fragment.start..fragment.start + fragment_chars.len()], &fragment_chars[..]);
                for pair in fragment.highlights.windows(2) {
                    prop_assert!(pair[0].1 < pair[1].0);
                }
                for &(start, end) in &fragment.highlights {
                    prop_assert!(start < end && end <= fragment_chars.len());
                }
            }
            let has_mark = marks.iter().any(|mark| mark.end <= length);
            if has_mark {
                prop_assert!(found.iter().any(|fragment| !fragment.highlights.is_empty()), "{:?}", found);
            }
        }
    }
}
