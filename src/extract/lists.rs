//! Automatic numbers of Word's lists: how they are made and where each stands. The
//! formats differ in how they write the lists down, not in how lists count.

use std::collections::{HashMap, HashSet};

use super::counting::Counting;

/// Lists have nine levels.
pub(super) const LEVELS: usize = 9;

/// How one level of a list is numbered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    pub(super) start: u32,
    pub(super) counting: Counting,
    /// `第%1条`: `%1` stands for the number of level 1.
    pub(super) pattern: String,
    /// Nothing between the number and the text.
    pub(super) is_tight: bool,
    /// All numbers in arabic digits.
    pub(super) is_legal: bool,
    /// After which level's step it starts anew: by default after every higher one,
    /// 0 for never.
    pub(super) restart: Option<usize>,
    /// The style whose paragraphs stand at this level.
    pub(super) style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level {
            start: 1,
            counting: Counting::Nothing,
            pattern: String::new(),
            is_tight: true,
            is_legal: false,
            restart: None,
            style: None,
        }
    }
}

/// What lists have in common that count together.
#[derive(Debug, Default)]
pub(super) struct Base {
    pub(super) levels: Vec<Level>,
    pub(super) style_link: Option<String>,
    pub(super) num_style_link: Option<String>,
}

/// A list: its base, and where it differs from it.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) base: String,
    pub(super) levels: HashMap<usize, Level>,
    pub(super) starts: HashMap<usize, u32>,
}

/// The lists of a document and their counters.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) bases: HashMap<String, Base>,
    pub(super) lists: HashMap<String, List>,
    /// Lists with the same base count together.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<(String, usize)>,
}

impl Lists {
    /// The base of a list, through the style that may stand between.
    fn base(&self, list: &List) -> Option<(&str, &Base)> {
        let (id, base) = self.bases.get_key_value(&list.base)?;
        let Some(link) = &base.num_style_link else { return Some((id, base)) };
        let linked = self.bases.iter().find(|(_, other)| other.style_link.as_ref() == Some(link));
        linked.map(|(id, base)| (id.as_str(), base)).or(Some((id, base)))
    }

    /// The level of list `id` whose paragraphs have this style.
    pub(super) fn level_of_style(&self, id: &str, style: &str) -> Option<usize> {
        let (_, base) = self.base(self.lists.get(id)?)?;
        base.levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// The number of the next paragraph in list `id` at `level`, with what stands
    /// between it and the text. `None` when the list makes no number.
    pub(super) fn next(&mut self, id: &str, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let list = self.lists.get(id)?;
        let (base_id, base) = self.base(list)?;
        let effective: Vec<Level> = (0..LEVELS)
            .map(|at| list.levels.get(&at).or_else(|| base.levels.get(at)).cloned().unwrap_or_default())
            .collect();
        let base_id = base_id.to_owned();
        let starts = list.starts.clone();
        let is_first = self.begun.insert((id.to_owned(), level));
        let counters = self.counters.entry(base_id).or_default();
        let start = starts.get(&level).copied().unwrap_or(effective[level].start);
        let is_restart = is_first && starts.contains_key(&level);
        counters[level] = Some(match counters[level] {
            Some(before) if !is_restart => before.saturating_add(1),
            _ => start,
        });
        for (at, counter) in counters.iter_mut().enumerate().skip(level + 1) {
            let restarts = match effective[at].restart {
                None => true,
                Some(0) => false,
                Some(after) => level < after,
            };
            if restarts {
                *counter = None;
            }
        }
        // A level above that has not begun counts as begun.
        for at in 0..level {
            counters[at].get_or_insert(starts.get(&at).copied().unwrap_or(effective[at].start));
        }
        let numbers = *counters;
        render(&effective, level, &numbers)
    }
}

fn render(levels: &[Level], level: usize, numbers: &[Option<u32>; LEVELS]) -> Option<String> {
    let own = &levels[level];
    if own.counting == Counting::Bullet {
        return None;
    }
    let mut text = String::new();
    let mut chars = own.pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let digit = chars.peek().and_then(|next| next.to_digit(10)).filter(|digit| (1..=9).contains(digit));
        match digit {
            Some(digit) if c == '%' => {
                chars.next();
                let at = digit as usize - 1;
                let number = numbers[at].unwrap_or(levels[at].start);
                let counting = if own.is_legal && at != level { Counting::Decimal } else { levels[at].counting };
                let counting = if own.is_legal { Counting::Decimal } else { counting };
                text.push_str(&counting.write(number));
            }
            _ => text.push(c),
        }
    }
    if text.trim().is_empty() {
        return None;
    }
    if !own.is_tight {
        text.push(' ');
    }
    Some(text)
}
