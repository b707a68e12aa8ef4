//! Which labels can be meant: those that stand in a sequence (n → n+1). Decided over
//! all lines at once, before [`super::outline`] builds the tree.

use crate::extract::ParagraphKind;

use super::lines::Line;
use super::numbering::{self, Kind, Label};
use super::parts::Part;

/// The labels of the lines that can have one.
pub(super) fn read_labels(lines: &[Line], start: usize, parts: &[Part]) -> Vec<Option<Label>> {
    let mut labels: Vec<Option<Label>> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let can_have = at >= start && line.kind != ParagraphKind::TableRow;
        labels.push(if can_have { numbering::read(&line.text) } else { None });
    }
    // The title of a part and the list of attachments under a letter open nothing.
    for part in parts {
        for label in &mut labels[part.lines.clone()] {
            *label = None;
        }
    }
    for label in labels.iter_mut().filter(|label| label.as_ref().is_some_and(|label| label.kind == Kind::Attachment)) {
        *label = None;
    }
    drop_lone_numbers(&mut labels);
    labels
}

/// `1 总则` counts only in the sequence 1, 2, 3 … of a document that has 1.1 too.
fn drop_lone_numbers(labels: &mut [Option<Label>]) {
    let heads: Vec<u64> = labels
        .iter()
        .flatten()
        .filter(|label| label.kind == Kind::Decimal { depth: 2 } && label.number == 1)
        .map(|label| label.prefix)
        .collect();
    let mut last = 0;
    for slot in labels.iter_mut() {
        let Some(label) = slot.as_ref().filter(|label| label.kind == Kind::Decimal { depth: 1 }) else { continue };
        let fits = (label.number == last + 1 || label.number == 1) && !heads.is_empty();
        let is_vouched = heads.contains(&(u64::from(label.number) + 1)) || label.number == last + 1 && last > 0;
        if fits && is_vouched {
            last = label.number;
        } else {
            *slot = None;
        }
    }
}

/// For each line the number of the next label of the same kind.
pub(super) fn next_numbers(labels: &[Option<Label>]) -> Vec<u32> {
    let mut next: Vec<(Kind, u32)> = Vec::new();
    let mut numbers = vec![0; labels.len()];
    for (at, label) in labels.iter().enumerate().rev() {
        let Some(label) = label else { continue };
        match next.iter_mut().find(|(kind, _)| *kind == label.kind) {
            Some((_, number)) => {
                numbers[at] = *number;
                *number = label.number;
            }
            None => next.push((label.kind, label.number)),
        }
    }
    numbers
}

/// Which lines open an article: those in sequence, from 第一条 or from wherever the
/// text begins. A lone 第六条 is a law that somebody quotes.
pub(super) fn accepted_articles(labels: &[Option<Label>], parts: &[Part]) -> Vec<bool> {
    const MAX_GAP: u32 = 60;
    let candidates: Vec<(usize, &Label)> = labels
        .iter()
        .enumerate()
        .filter_map(|(at, label)| Some((at, label.as_ref().filter(|label| label.kind == Kind::Article)?)))
        .collect();
    let mut accepted = vec![false; labels.len()];
    let mut last: Option<(u32, u32)> = None;
    let mut boundaries = parts.iter().filter(|part| part.is_opening).map(|part| part.lines.start).peekable();
    for (index, (at, label)) in candidates.iter().enumerate() {
        while boundaries.next_if(|boundary| boundary < at).is_some() {
            last = None;
        }
        let position = (label.number, label.branch);
        let mut next = candidates[index + 1..].iter().map(|(_, label)| (label.number, label.branch));
        let goes_on =
            next.next().is_some_and(|next| next == (label.number + 1, 0) || next == (label.number, label.branch + 1));
        let fits = match last {
            None if position == (1, 0) => label.is_apart || goes_on,
            // An excerpt may hold a single article, right under its chapter.
            None => label.is_apart && (goes_on || is_after_chapter(labels, *at)),
            Some((number, _)) if position == (number + 1, 0) => {
                label.is_apart || goes_on || is_last(&candidates, index)
            }
            Some((number, branch)) if position == (number, branch + 1) => true,
            Some((number, _)) if label.number > number => {
                label.is_apart
                    && label.number - number <= MAX_GAP
                    && (goes_on || label.number - number <= 3 || is_after_chapter(labels, *at))
            }
            // The numbering begins again: another document in the same file.
            Some((number, _)) => position == (1, 0) && number > 1 && label.is_apart && goes_on,
        };
        if fits {
            accepted[*at] = true;
            last = Some(position);
        }
    }
    accepted
}

fn is_last(candidates: &[(usize, &Label)], index: usize) -> bool {
    index + 1 == candidates.len()
}

fn is_after_chapter(labels: &[Option<Label>], at: usize) -> bool {
    at > 0 && labels[at - 1].as_ref().is_some_and(|label| label.kind.is_division())
}
