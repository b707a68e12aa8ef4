//! The spellings a keyword may take in a text: 577 and 五百七十七, 2000元 and
//! 两千元, 发改委 and 发展和改革委员会.
//!
//! A keyword is read from left to right for *items* (a number, a date, a name);
//! each knows its other spellings, and a variant is the keyword with some of them
//! in place of what was typed. A variant is a literal phrase like the keyword,
//! but bound by what stands beside it: 二百 is no part of 一千二百 (`boundary.rs`).
//! Nothing here looks at an index.

mod amount;
mod amounts;
mod boundary;
mod citations;
mod dates;
mod names;
#[cfg(test)]
mod tests;

use super::Synonyms;
use super::chars::CharText;
use super::fold::{Folder, is_ignored};

use boundary::{Boundary, Left, Right};

/// Most variants of one keyword.
pub(crate) const MAX_VARIANTS: usize = 32;
/// Longer keywords are whole sentences and have none.
const MAX_KEYWORD_CHARS: usize = 120;
/// Items rewritten in one keyword.
const MAX_ITEMS: usize = 6;

/// A phrase that means the same as a keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The phrase, to be found literally after folding.
    pub text: String,
    /// What makes it mean the same.
    pub kind: VariantKind,
    boundary: Boundary,
}

/// What makes a variant mean the same as its keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum VariantKind {
    /// 577, 五百七十七; 500万元, 5,000,000元.
    Number,
    /// 第577条, 第五百七十七条.
    Ordinal,
    /// 30%, 百分之三十.
    Percentage,
    /// 三分之二, 2/3.
    Fraction,
    /// 2021-2025年, 2021年至2025年.
    Range,
    /// 2022年, 二〇二二年; 2023年3月5日, 2023-03-05.
    Date,
    /// 国发〔2019〕5号; 2022年第4号公告, 公告2022年第4号.
    DocumentNumber,
    /// 发改委, 发展和改革委员会.
    Alias,
    /// 省市县, 省、市、县.
    Enumeration,
    /// 《数据安全法》, 数据安全法; “十四五”规划, 十四五规划.
    Marks,
    /// yingshanghuanjing, 营商环境: only where the letters are found nowhere.
    Pinyin,
    /// yshj, 营商环境: only where the letters are found nowhere.
    Initials,
}

impl VariantKind {
    /// Its name in JSON: `snake_case` English.
    pub fn name(self) -> &'static str {
        match self {
            VariantKind::Number => "number",
            VariantKind::Ordinal => "ordinal",
            VariantKind::Percentage => "percentage",
            VariantKind::Fraction => "fraction",
            VariantKind::Range => "range",
            VariantKind::Date => "date",
            VariantKind::DocumentNumber => "document_number",
            VariantKind::Alias => "alias",
            VariantKind::Enumeration => "enumeration",
            VariantKind::Marks => "marks",
            VariantKind::Pinyin => "pinyin",
            VariantKind::Initials => "initials",
        }
    }

    /// Its name for Chinese readers.
    pub fn label(self) -> &'static str {
        match self {
            VariantKind::Number => "数字",
            VariantKind::Ordinal => "序数",
            VariantKind::Percentage => "百分数",
            VariantKind::Fraction => "分数",
            VariantKind::Range => "区间",
            VariantKind::Date => "日期",
            VariantKind::DocumentNumber => "文号",
            VariantKind::Alias => "别名",
            VariantKind::Enumeration => "并列",
            VariantKind::Marks => "书名号、引号",
            VariantKind::Pinyin => "拼音",
            VariantKind::Initials => "首字母",
        }
    }
}

impl Variant {
    /// A phrase that counts wherever it occurs.
    pub(crate) fn new(text: String, kind: VariantKind) -> Self {
        Variant { text, kind, boundary: Boundary::default() }
    }

    /// Whether an occurrence at the bytes `start..end` of `text` counts. Only
    /// what stands around it is looked at; it must be an occurrence.
    pub fn fits(&self, text: &str, start: usize, end: usize) -> bool {
        self.boundary.fits(text, start, end)
    }

    /// As [`Variant::fits`], by the characters beside the occurrence and at its ends alone;
    /// `None` when they do not decide it.
    pub(crate) fn fits_between(&self, before: Option<char>, ends: (char, char), after: Option<char>) -> Option<bool> {
        self.boundary.fits_between(before, ends, after)
    }

    /// The characters of which one before an occurrence, or one behind it, keeps it from
    /// counting; `None` when others may.
    pub(crate) fn dangers(&self) -> Option<(Vec<char>, Vec<char>)> {
        let folded = super::fold(&self.text);
        self.boundary.dangers(folded.chars().next()?, folded.chars().next_back()?)
    }

    /// Whether [`Variant::fits`] can be `false` at all.
    pub fn is_conditional(&self) -> bool {
        self.boundary != Boundary::default()
    }
}

/// A part of a keyword that can be written otherwise.
struct Item {
    /// How many characters of the keyword it takes; at least one.
    chars: usize,
    kind: VariantKind,
    /// Its other spellings, the likeliest first.
    spellings: Vec<Spelling>,
}

struct Spelling {
    text: String,
    boundary: Boundary,
}

impl Item {
    /// An item of numbers, their edges bound so that they are whole numbers.
    fn of_numbers(chars: usize, kind: VariantKind, texts: impl IntoIterator<Item = String>) -> Self {
        let spellings = texts.into_iter().map(|text| Spelling { boundary: Boundary::of_number(&text), text });
        Item { chars, kind, spellings: spellings.collect() }
    }
}

/// A keyword as it is read: folded, white space gone but for a single space
/// between two runs of ASCII letters or digits.
struct Reading {
    chars: Vec<char>,
}

impl Reading {
    fn new(keyword: &str) -> Self {
        let folder = Folder::new();
        let mut chars: Vec<char> = Vec::new();
        let mut has_space = false;
        for c in keyword.chars() {
            if is_ignored(c) {
                has_space = true;
                continue;
            }
            let c = folder.fold_char(c);
            let parts_runs =
                has_space && c.is_ascii_alphanumeric() && chars.last().is_some_and(char::is_ascii_alphanumeric);
            if parts_runs {
                chars.push(' ');
            }
            has_space = false;
            chars.push(c);
        }
        Reading { chars }
    }

    /// Whether the character before `at` is one of a run that `at` goes on.
    fn is_inside_run(&self, at: usize) -> bool {
        at > 0 && self.chars[at].is_ascii_alphanumeric() && self.chars[at - 1].is_ascii_alphanumeric()
    }
}

/// The other spellings of a keyword, likeliest first, [`MAX_VARIANTS`] at most.
/// None of them contains the keyword itself: that finds nothing new.
pub fn variants(keyword: &str, synonyms: &Synonyms) -> Vec<Variant> {
    if keyword.chars().nth(MAX_KEYWORD_CHARS).is_some() {
        return Vec::new();
    }
    let reading = Reading::new(keyword);
    let pieces = pieces(&reading, synonyms);
    let mut found: Vec<Variant> = Vec::new();
    let own = CharText::phrase(keyword);
    let mut seen: Vec<CharText> = Vec::new();
    combine(&pieces, &mut |variant| {
        let text = CharText::new(&variant.text);
        let is_new = !text.contains(&own) && !seen.iter().any(|known| known.ids() == text.ids());
        if is_new && text.len() > 0 {
            seen.push(text);
            found.push(variant);
        }
        found.len() < MAX_VARIANTS
    });
    drop_redundant(found, &seen)
}

/// A keyword in parts: text that stays, and items.
enum Piece {
    Text(String),
    Item(String, Item),
}

impl Piece {
    fn item(&self) -> Option<(&str, &Item)> {
        match self {
            Piece::Text(_) => None,
            Piece::Item(typed, item) => Some((typed, item)),
        }
    }
}

fn pieces(reading: &Reading, synonyms: &Synonyms) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut items = 0;
    let mut at = 0;
    while at < reading.chars.len() {
        let item = if items < MAX_ITEMS { item_at(reading, at, synonyms) } else { None };
        let Some(item) = item else {
            let skipped = unread(&reading.chars[at..]);
            text.extend(&reading.chars[at..at + skipped]);
            at += skipped;
            continue;
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        let original = reading.chars[at..at + item.chars].iter().collect();
        at += item.chars;
        items += 1;
        pieces.push(Piece::Item(original, item));
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// How many characters no item begins in: a whole number that cannot be read, so
/// that no end of it is (十四五 holds no 五).
fn unread(chars: &[char]) -> usize {
    let numeral = chars.iter().take_while(|&&c| super::numeral::is_numeral(c)).count();
    let run = chars.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | ':')).count();
    let run = if chars[0].is_ascii_alphanumeric() { run } else { 0 };
    numeral.max(run).max(1)
}

fn item_at(reading: &Reading, at: usize, synonyms: &Synonyms) -> Option<Item> {
    if reading.is_inside_run(at) {
        return None;
    }
    let item = citations::read(reading, at)
        .or_else(|| names::read(reading, at, synonyms))
        .or_else(|| dates::read(reading, at))
        .or_else(|| amounts::read(reading, at))
        .or_else(|| names::read_enumeration(reading, at))?;
    (!item.spellings.is_empty()).then_some(item)
}

/// Hands the keyword's variants to `sink` until it says `false`: first with all
/// items in one style, Chinese or digits, then every other combination.
fn combine(pieces: &[Piece], sink: &mut dyn FnMut(Variant) -> bool) {
    let items: Vec<(&str, &Item)> = pieces.iter().filter_map(Piece::item).collect();
    let Some(most) = items.iter().map(|(_, item)| item.spellings.len()).max() else { return };
    // A choice of 0 is the item as typed.
    for nth in 0..=most {
        for wants_digits in [false, true] {
            let choices: Vec<usize> = items.iter().map(|item| of_style(item, nth, wants_digits)).collect();
            if choices.iter().any(|&chosen| chosen > 0) && !sink(variant(pieces, &choices)) {
                return;
            }
        }
    }
    if items.len() < 2 {
        return;
    }
    let mut choices = vec![0; items.len()];
    let items: Vec<&Item> = items.into_iter().map(|(_, item)| item).collect();
    // Bounded: most combinations are new until the sink has enough.
    for _ in 0..8 * MAX_VARIANTS {
        let Some(next) = (0..items.len()).find(|&at| choices[at] < items[at].spellings.len()) else { return };
        choices[..next].fill(0);
        choices[next] += 1;
        if !sink(variant(pieces, &choices)) {
            return;
        }
    }
}

/// The choice of an item's `nth` spelling, the typed one among them, that has
/// ASCII digits or has none; the last one when there are fewer.
fn of_style((typed, item): &(&str, &Item), nth: usize, wants_digits: bool) -> usize {
    let has_digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let texts = std::iter::once(*typed).chain(item.spellings.iter().map(|spelling| spelling.text.as_str()));
    let of_style = texts.enumerate().filter(|(_, text)| has_digits(text) == wants_digits);
    of_style.take(nth + 1).last().map_or(0, |(choice, _)| choice)
}

fn variant(pieces: &[Piece], choices: &[usize]) -> Variant {
    let mut text = String::new();
    let mut kind = None;
    let mut boundary = Boundary::default();
    let mut choices = choices.iter();
    for piece in pieces {
        boundary.right = Right::Free;
        match piece {
            Piece::Text(original) => text.push_str(original),
            Piece::Item(original, item) => match *choices.next().unwrap_or(&0) {
                0 => text.push_str(original),
                chosen => {
                    let spelling = &item.spellings[chosen - 1];
                    if text.is_empty() {
                        boundary.left = spelling.boundary.left;
                    }
                    boundary.right = spelling.boundary.right;
                    kind = kind.or(Some(item.kind));
                    text.push_str(&spelling.text);
                }
            },
        }
    }
    Variant { text, kind: kind.unwrap_or(VariantKind::Number), boundary }
}

/// Without the variants that contain another one, which finds them as well.
fn drop_redundant(found: Vec<Variant>, texts: &[CharText]) -> Vec<Variant> {
    let contains_other = |at: usize| {
        let longer = &found[at];
        found.iter().enumerate().any(|(other, shorter)| {
            if other == at || texts[other].len() >= texts[at].len() || !texts[at].contains(&texts[other]) {
                return false;
            }
            let (own, others) = (longer.boundary, shorter.boundary);
            let left_fits =
                others.left == Left::Free || others.left == own.left && starts_with(&texts[at], &texts[other]);
            let right_fits =
                others.right == Right::Free || others.right == own.right && ends_with(&texts[at], &texts[other]);
            left_fits && right_fits
        })
    };
    let redundant: Vec<bool> = (0..found.len()).map(contains_other).collect();
    found.into_iter().zip(redundant).filter(|(_, is_redundant)| !is_redundant).map(|(variant, _)| variant).collect()
}

fn starts_with(text: &CharText, head: &CharText) -> bool {
    text.ids().starts_with(head.ids())
}

fn ends_with(text: &CharText, tail: &CharText) -> bool {
    text.ids().ends_with(tail.ids())
}
