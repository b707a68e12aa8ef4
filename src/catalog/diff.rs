//! Two versions of a document, article by article. Articles are matched by their
//! text, so that renumbering is seen for what it is; inside a changed one the
//! characters are compared ([`super::pieces`]).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::Document;
use crate::document::Section;

use super::pieces::{Piece, PieceKind, pieces};

/// What differs between two versions.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Diff {
    /// Sections with the same number and text.
    pub unchanged: usize,
    /// Everything else, in the order of the new version; what is removed stands
    /// where it stood.
    pub changes: Vec<Change>,
}

/// How a section changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only in the new version.
    Added,
    /// Only in the old one.
    Removed,
    /// The text differs.
    Changed,
    /// The same text under another number.
    Renumbered,
}

/// A section that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// Whether it stands at another place among its neighbours.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// The section of the old version.
    pub old: Option<Place>,
    /// The section of the new version.
    pub new: Option<Place>,
    /// The text, label left out: what is kept, taken out and put in.
    pub pieces: Vec<Piece>,
}

/// Where a section stands.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Its number: `第十二条`.
    pub label: String,
    /// Its heading.
    pub heading: String,
    /// The ancestors' headings.
    pub path: Vec<String>,
    /// Its ordinal.
    pub ordinal: u32,
}

/// A section with what it is compared by.
struct Unit<'a> {
    section: &'a Section,
    /// The text without label, white space gone.
    body: String,
    /// Its pairs of characters, sorted.
    pairs: Vec<u64>,
}

/// Two texts below this share too little to be one article changed.
const LEAST_ALIKE: f32 = 0.4;
/// A text that stands elsewhere must be more alike than that.
const LEAST_ALIKE_MOVED: f32 = 0.6;
/// Stretches with more pairs than this are matched by number alone.
const MAX_CELLS: usize = 250_000;
/// The comparison of the characters of one document takes no longer than this.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Compares two versions. Fronts (title, dates) are left out.
pub fn diff(old: &Document, new: &Document) -> Diff {
    let (old, new) = (units(old), units(new));
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut is_moved = vec![false; new.len()];
    let anchors = anchors(&old, &new);
    let mut from = (0, 0);
    for to in anchors.iter().copied().chain([(old.len(), new.len())]) {
        align(&old[from.0..to.0], &new[from.1..to.1], from, &mut partner);
        if to.1 < new.len() {
            partner[to.1] = Some(to.0);
        }
        from = (to.0 + 1, to.1 + 1);
    }
    find_moved(&old, &new, &mut partner, &mut is_moved);
    report(&old, &new, &partner, &is_moved)
}

fn units(document: &Document) -> Vec<Unit<'_>> {
    let unit = |section| {
        let body: String = body(section).chars().filter(|c| !c.is_whitespace()).collect();
        let pairs = pairs(&body);
        Unit { section, body, pairs }
    };
    document.sections.iter().filter(|section| section.level > 0).map(unit).collect()
}

/// The text behind the label.
fn body(section: &Section) -> &str {
    let text = section.text.as_str();
    let mut label = section.label.chars().peekable();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let Some(&wanted) = label.peek() else { break };
        end = at + c.len_utf8();
        if c.is_whitespace() {
            continue;
        }
        let is_same = c == wanted || matches!((c, wanted), ('(', '（') | (')', '）')) || !wanted.is_alphanumeric();
        if !is_same && !crate::document::numeral::is_arabic(c) {
            return text;
        }
        label.next();
    }
    text[end..].trim_start()
}

fn pairs(text: &str) -> Vec<u64> {
    let chars: Vec<char> = text.chars().take(20_000).collect();
    let mut pairs: Vec<u64> =
        chars.windows(2).map(|pair| u64::from(pair[0] as u32) << 32 | u64::from(pair[1] as u32)).collect();
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient over pairs of characters, from 0 to 1.
fn alike(left: &Unit, right: &Unit) -> f32 {
    if left.body == right.body {
        return 1.0;
    }
    let (short, long) = (left.pairs.len().min(right.pairs.len()), left.pairs.len().max(right.pairs.len()));
    // Even if all of the shorter were in the longer.
    if short * 6 < long || short == 0 {
        return 0.0;
    }
    let (mut at, mut other, mut common) = (0, 0, 0);
    while at < left.pairs.len() && other < right.pairs.len() {
        match left.pairs[at].cmp(&right.pairs[other]) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => other += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                at += 1;
                other += 1;
            }
        }
    }
    2.0 * common as f32 / (left.pairs.len() + right.pairs.len()) as f32
}

/// Sections whose text stands once in each version and is the same, in order: the
/// longest run that ascends in both.
fn anchors(old: &[Unit], new: &[Unit]) -> Vec<(usize, usize)> {
    let mut once: HashMap<&str, (usize, usize, usize)> = HashMap::new();
    for (at, unit) in old.iter().enumerate() {
        let entry = once.entry(unit.body.as_str()).or_insert((0, 0, at));
        entry.0 += 1;
    }
    for unit in new {
        if let Some(entry) = once.get_mut(unit.body.as_str()) {
            entry.1 += 1;
        }
    }
    let common: Vec<(usize, usize)> = new
        .iter()
        .enumerate()
        .filter_map(|(at, unit)| match once.get(unit.body.as_str()) {
            Some((1, 1, old_at)) if !unit.body.is_empty() => Some((*old_at, at)),
            _ => None,
        })
        .collect();
    longest_ascent(&common)
}

/// The longest run of pairs whose first members ascend; the second ones do already.
fn longest_ascent(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // tails[n] ends the best run of n + 1.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let length = tails.partition_point(|tail| pairs[*tail].0 < pair.0);
        before[at] = length.checked_sub(1).map(|last| tails[last]);
        if length == tails.len() {
            tails.push(at);
        } else {
            tails[length] = at;
        }
    }
    let mut run = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(here) = at {
        run.push(pairs[here]);
        at = before[here];
    }
    run.reverse();
    run
}

/// Pairs the sections of a stretch in order so that they are as alike as possible
/// in sum.
fn align(old: &[Unit], new: &[Unit], offset: (usize, usize), partner: &mut [Option<usize>]) {
    if old.is_empty() || new.is_empty() {
        return;
    }
    if old.len() * new.len() > MAX_CELLS {
        for (at, unit) in new.iter().enumerate() {
            let same = old
                .iter()
                .position(|other| other.section.label == unit.section.label && alike(other, unit) >= LEAST_ALIKE);
            partner[offset.1 + at] = same.map(|same| offset.0 + same);
        }
        return;
    }
    let width = new.len() + 1;
    let mut best = vec![0.0f32; (old.len() + 1) * width];
    let mut scores = vec![0.0f32; old.len() * new.len()];
    for at in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let score = score(&old[at], &new[other]);
            scores[at * new.len() + other] = score;
            let paired = if score > 0.0 { score + best[(at + 1) * width + other + 1] } else { 0.0 };
            best[at * width + other] = paired.max(best[(at + 1) * width + other]).max(best[at * width + other + 1]);
        }
    }
    let (mut at, mut other) = (0, 0);
    while at < old.len() && other < new.len() {
        let score = scores[at * new.len() + other];
        let here = best[at * width + other];
        if score > 0.0 && score + best[(at + 1) * width + other + 1] >= here {
            partner[offset.1 + other] = Some(offset.0 + at);
            at += 1;
            other += 1;
        } else if best[(at + 1) * width + other] >= here {
            at += 1;
        } else {
            other += 1;
        }
    }
}

/// How well two sections match; 0 when they cannot. The same number helps.
fn score(old: &Unit, new: &Unit) -> f32 {
    let is_same_kind = kind_of(&old.section.label) == kind_of(&new.section.label);
    let alike = alike(old, new);
    let has_same_label = old.section.label == new.section.label && !old.section.label.is_empty();
    let needed = if has_same_label { LEAST_ALIKE * 0.7 } else { LEAST_ALIKE };
    if !is_same_kind || alike < needed { 0.0 } else { alike + if has_same_label { 0.05 } else { 0.0 } }
}

/// 条 of 第十二条, 章 of 第三章: the last character that is no number.
fn kind_of(label: &str) -> Option<char> {
    let main = label.split('之').next().unwrap_or(label);
    main.chars()
        .rev()
        .find(|c| crate::document::numeral::digit(*c).is_none() && !crate::document::numeral::is_han_numeral(*c))
}

/// Pairs what is left over on both sides, wherever it stands.
fn find_moved(old: &[Unit], new: &[Unit], partner: &mut [Option<usize>], is_moved: &mut [bool]) {
    let mut is_taken = vec![false; old.len()];
    partner.iter().flatten().for_each(|at| is_taken[*at] = true);
    let left: Vec<usize> = (0..old.len()).filter(|at| !is_taken[*at]).collect();
    let right: Vec<usize> = (0..new.len()).filter(|at| partner[*at].is_none()).collect();
    if left.len() * right.len() > MAX_CELLS {
        return;
    }
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for &other in &right {
        for &at in &left {
            let score = score(&old[at], &new[other]);
            if score >= LEAST_ALIKE_MOVED {
                candidates.push((score, at, other));
            }
        }
    }
    candidates.sort_by(|left, right| right.0.total_cmp(&left.0));
    for (_, at, other) in candidates {
        if !is_taken[at] && partner[other].is_none() {
            is_taken[at] = true;
            partner[other] = Some(at);
            is_moved[other] = true;
        }
    }
}

fn report(old: &[Unit], new: &[Unit], partner: &[Option<usize>], is_moved: &[bool]) -> Diff {
    let deadline = Instant::now() + MAX_TIME;
    let mut is_taken = vec![false; old.len()];
    partner.iter().flatten().for_each(|at| is_taken[*at] = true);
    let mut diff = Diff::default();
    let mut next_old = 0;
    let removed = |at: usize| Change {
        kind: ChangeKind::Removed,
        moved: false,
        old: Some(place(&old[at])),
        new: None,
        pieces: vec![Piece { kind: PieceKind::Deleted, text: body(old[at].section).to_owned() }],
    };
    for (other, unit) in new.iter().enumerate() {
        let Some(at) = partner[other] else {
            diff.changes.push(Change {
                kind: ChangeKind::Added,
                moved: false,
                old: None,
                new: Some(place(unit)),
                pieces: vec![Piece { kind: PieceKind::Inserted, text: body(unit.section).to_owned() }],
            });
            continue;
        };
        if !is_moved[other] {
            diff.changes.extend((next_old..at).filter(|at| !is_taken[*at]).map(removed));
            next_old = next_old.max(at + 1);
        }
        let is_same_text = old[at].body == unit.body;
        let is_same_label = old[at].section.label == unit.section.label;
        if is_same_text && is_same_label && !is_moved[other] {
            diff.unchanged += 1;
            continue;
        }
        let (kind, pieces) = if is_same_text {
            (ChangeKind::Renumbered, Vec::new())
        } else {
            (ChangeKind::Changed, pieces(body(old[at].section), body(unit.section), deadline))
        };
        diff.changes.push(Change {
            kind,
            moved: is_moved[other],
            old: Some(place(&old[at])),
            new: Some(place(unit)),
            pieces,
        });
    }
    diff.changes.extend((next_old..old.len()).filter(|at| !is_taken[*at]).map(removed));
    diff
}

fn place(unit: &Unit) -> Place {
    let section = unit.section;
    Place {
        label: section.label.clone(),
        heading: section.heading.clone(),
        path: section.path.clone(),
        ordinal: section.ordinal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{extract, structure};
    use std::path::Path;

    fn document(text: &str) -> Document {
        let extracted = extract::extract_text(text).unwrap();
        structure::parse(&extracted, Path::new("a.txt"))
    }

    fn shown(diff: &Diff) -> Vec<String> {
        let label = |place: &Option<Place>| place.as_ref().map_or("-".to_owned(), |place| place.label.clone());
        diff.changes
            .iter()
            .map(|change| format!("{:?} {} {}", change.kind, label(&change.old), label(&change.new)))
            .collect()
    }

    const OLD: &str = "某市供水条例\n第一条 为了加强供水管理，制定本条例。\n第二条 市水务局主管全市供水工作。\n\
        第三条 用水单位应当节约用水，不得转供。\n第四条 违反本条例的，处一千元罚款。\n第五条 本条例自2010年1月1日起施行。";

    #[test]
    fn an_article_put_in_renumbers_the_rest() {
        let new = "某市供水条例\n第一条 为了加强供水管理，制定本条例。\n第二条 市水务局主管全市供水工作。\n\
            第三条 供水企业应当公开水价和水质，接受社会监督。\n第四条 用水单位应当节约用水，不得转供。\n\
            第五条 违反本条例的，处五千元罚款。\n第六条 本条例自2010年1月1日起施行。";
        let diff = diff(&document(OLD), &document(new));
        assert_eq!(
            shown(&diff),
            ["Added - 第三条", "Renumbered 第三条 第四条", "Changed 第四条 第五条", "Renumbered 第五条 第六条"]
        );
        assert_eq!(diff.unchanged, 2);
        let pieces: Vec<(PieceKind, &str)> =
            diff.changes[2].pieces.iter().map(|piece| (piece.kind, piece.text.as_str())).collect();
        let expected = [
            (PieceKind::Kept, "违反本条例的，处"),
            (PieceKind::Deleted, "一"),
            (PieceKind::Inserted, "五"),
            (PieceKind::Kept, "千元罚款。"),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_is_gone_and_what_moved() {
        let new = "某市供水条例\n第一条 为了加强供水管理，制定本条例。\n第二条 用水单位应当节约用水，不得转供。\n\
            第三条 违反本条例的，处一千元罚款。\n第四条 市水务局主管全市供水工作，区水务局协助。";
        let diff = diff(&document(OLD), &document(new));
        assert_eq!(
            shown(&diff),
            ["Renumbered 第三条 第二条", "Renumbered 第四条 第三条", "Changed 第二条 第四条", "Removed 第五条 -"]
        );
        assert!(diff.changes[2].moved && !diff.changes[0].moved);
    }

    #[test]
    fn of_two_alike_the_one_of_the_same_number() {
        let old = "某市条例\n第一条 甲。\n第二条 违反规定的，处一千元罚款。\n第三条 违反规定的，处三千元罚款。";
        let new = "某市条例\n第一条 甲。\n第三条 违反规定的，处二千元罚款。";
        let found = shown(&diff(&document(old), &document(new)));
        assert_eq!(found, ["Removed 第二条 -", "Changed 第三条 第三条"]);
    }

    #[test]
    fn a_document_and_itself() {
        let diff = diff(&document(OLD), &document(OLD));
        assert_eq!((diff.unchanged, diff.changes.len()), (5, 0));
    }
}
