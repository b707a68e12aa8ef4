//! Two texts character by character.
//!
//! The comparison is `similar`'s (Apache-2.0, maintained by the author of insta, no
//! dependencies): Myers' algorithm with a deadline is not worth a second
//! implementation.

use std::time::Instant;

use serde::Serialize;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Piece {
    /// What happened to it.
    pub kind: PieceKind,
    /// The characters.
    pub text: String,
}

/// What happened to a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// In both versions.
    Kept,
    /// Taken out.
    Deleted,
    /// Put in.
    Inserted,
}

/// Characters, but numbers whole: 1000万元 → 1500万元 changes one number and not a digit.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::with_capacity(text.len() / 3 + 1);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (token, after) = rest.split_at(digits.max(first.len_utf8()));
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// What is kept, taken out and put in. What is kept between two changes is at least
/// two characters: a single one in common is chance.
pub(super) fn pieces(old: &str, new: &str, deadline: Instant) -> Vec<Piece> {
    let (left, right) = (tokens(old), tokens(new));
    let steps = similar::capture_diff_slices_deadline(similar::Algorithm::Myers, &left, &right, Some(deadline));
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut deleted, mut inserted) = (String::new(), String::new());
    let mut kept = String::new();
    let flush = |deleted: &mut String, inserted: &mut String, pieces: &mut Vec<Piece>| {
        for (kind, text) in [(PieceKind::Deleted, deleted), (PieceKind::Inserted, inserted)] {
            if !text.is_empty() {
                pieces.push(Piece { kind, text: std::mem::take(text) });
            }
        }
    };
    let count = steps.len();
    for (index, step) in steps.iter().enumerate() {
        let (tag, from, to) = step.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            let text: String = left[from].concat();
            let is_between = index > 0 && index + 1 < count;
            if is_between && text.chars().count() < 2 && !text.contains(['，', '。', '；', '、', '\n']) {
                deleted.push_str(&text);
                inserted.push_str(&text);
                continue;
            }
            flush(&mut deleted, &mut inserted, &mut pieces);
            kept.push_str(&text);
            pieces.push(Piece { kind: PieceKind::Kept, text: std::mem::take(&mut kept) });
            continue;
        }
        deleted.push_str(&left[from].concat());
        inserted.push_str(&right[to].concat());
    }
    flush(&mut deleted, &mut inserted, &mut pieces);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_changes_whole() {
        let deadline = Instant::now() + std::time::Duration::from_secs(2);
        let numbers: Vec<String> =
            pieces("资助1000万元。", "资助1500万元。", deadline).into_iter().map(|piece| piece.text).collect();
        assert_eq!(numbers, ["资助", "1000", "1500", "万元。"]);
    }
}
