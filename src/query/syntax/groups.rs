//! Which parentheses belong together: settled before reading, so that time is
//! linear in the query's length.

use super::marks::{
    closing_quote, ends_phrase, first_char, is_bar, is_closing, is_colon, is_minus, is_opening, is_quote,
    is_white_space,
};

/// Which brackets belong together, and where characters stand that make a group
/// more than one word.
#[derive(Default)]
pub(super) struct Groups {
    /// Opening and closing bracket, by the opening one.
    pairs: Vec<(usize, usize)>,
    /// White space, bars and quotes, ascending.
    separators: Vec<usize>,
    /// Bars and `OR`, ascending.
    alternatives: Vec<usize>,
}

impl Groups {
    pub(super) fn find(source: &str) -> Self {
        let mut groups = Groups::default();
        let mut open = Vec::new();
        let mut before = ' ';
        let mut phrase_end = 0;
        for (at, c) in source.char_indices() {
            let starts_word = is_white_space(before) || is_opening(before) || is_bar(before) || is_minus(before);
            if is_white_space(c) || is_bar(c) || is_quote(c) {
                groups.separators.push(at);
            }
            if at < phrase_end {
                before = c;
                continue;
            }
            let is_or = c == 'O' && is_white_space(before) && source[at..].starts_with("OR ");
            if is_or || is_bar(c) {
                groups.alternatives.push(at);
            }
            if is_quote(c) && (starts_word || is_colon(before)) {
                let close = closing_quote(source, at).filter(|&close| ends_phrase(source, close));
                phrase_end = close.and_then(|close| first_char(source, close)).map_or(0, |(_, behind)| behind);
            } else if is_opening(c) {
                open.push(at);
            } else if is_closing(c) {
                groups.pairs.extend(open.pop().map(|open| (open, at)));
            }
            before = c;
        }
        groups.pairs.sort_unstable();
        groups
    }

    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let found = self.pairs.binary_search_by_key(&open, |&(open, _)| open).ok()?;
        Some(self.pairs[found].1)
    }

    pub(super) fn has_separator(&self, start: usize, end: usize) -> bool {
        is_any_within(&self.separators, start, end)
    }

    /// Whether the bracket at `open` begins a group in spite of the text right
    /// before it: it is closed and holds alternatives, as in 应急（预案 OR 演练）.
    pub(super) fn splits_word(&self, open: usize, end: usize) -> bool {
        self.closing(open).is_some_and(|close| close < end && is_any_within(&self.alternatives, open, close))
    }
}

fn is_any_within(ascending: &[usize], start: usize, end: usize) -> bool {
    let first = ascending.partition_point(|&at| at < start);
    ascending.get(first).is_some_and(|&at| at < end)
}
