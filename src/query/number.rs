//! Document numbers as people type them, whole or in part: `国发`, `国发2019 5`,
//! `国发〔2019〕5号`.
//!
//! The numbers that documents bear are [`crate::document::DocumentNumber`].

use std::fmt;

use crate::analysis::numeral;
use crate::document::DocumentNumber;

use super::fields::half_width_char;

/// A document number or its beginning. Parts that are `None` may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberPattern {
    /// The body's code, whole: `国发` is not 国办发.
    pub prefix: Option<String>,
    /// The year.
    pub year: Option<u16>,
    /// The serial number.
    pub serial: Option<u32>,
}

/// Last characters of the codes that stand before 〔year〕.
const CODE_ENDS: &[char] = &[
    '发', '函', '办', '字', '令', '规', '文', '电', '释', '审', '复', '综', '通', '号', '告', '知', '呈', '党', '府',
    '政', '税', '财',
];

impl NumberPattern {
    /// Reads a number in any bracket form or without brackets. `None` when the
    /// text has no part of one.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(plain_char).collect();
        if let Some(pattern) = parse_announcement(&text) {
            return Some(pattern);
        }
        let (prefix, rest) = split_at_number(&text);
        let prefix = prefix.trim_end_matches(['(', '第']);
        let (year, rest) = split_year(rest);
        let serial = rest.trim_start_matches([')', '年', '第', '(']).trim_end_matches('号');
        let serial = if serial.is_empty() { None } else { Some(parse_serial(serial)?) };
        let is_part_of_one = !prefix.is_empty() || year.is_some() || serial.is_some();
        let is_code = prefix.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '、' | '·'))
            && (prefix.is_empty() || prefix.contains(char::is_alphanumeric));
        (is_part_of_one && is_code).then(|| NumberPattern {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            year,
            serial,
        })
    }

    /// Reads a text that is a whole document number and nothing else; stricter
    /// than [`NumberPattern::parse`], since nobody said that it is one.
    pub fn parse_whole(text: &str) -> Option<Self> {
        let pattern = Self::parse(text)?;
        let prefix = pattern.prefix.as_deref()?;
        let is_code =
            prefix.ends_with(CODE_ENDS) && !prefix.contains(|c: char| c.is_ascii_digit() || !c.is_alphanumeric());
        // 国务院令第517号 has no year; every other number has.
        let is_whole = pattern.serial.is_some() && (pattern.year.is_some() || prefix.ends_with('令'));
        (is_code && is_whole && prefix.chars().count() <= 40).then_some(pattern)
    }

    /// Whether a document's number is of this shape.
    pub fn matches(&self, number: &DocumentNumber) -> bool {
        let prefix_fits = self.prefix.as_deref().is_none_or(|wanted| same_code(wanted, &number.prefix));
        let year_fits = self.year.is_none_or(|year| number.year == Some(year));
        let serial_fits = self.serial.is_none_or(|serial| number.serial == Some(serial));
        if prefix_fits && year_fits && serial_fits {
            return true;
        }
        // Forms of which the parts are not kept apart (2022年第4号公告).
        number.prefix.is_empty() && NumberPattern::parse(&number.canonical).is_some_and(|read| read == *self)
    }
}

fn same_code(wanted: &str, code: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().map(plain_char).collect() };
    let without_state = |text: String| text.strip_prefix("中华人民共和国").map(str::to_owned).unwrap_or(text);
    without_state(plain(wanted)) == without_state(plain(code))
}

/// Every bracket as ( or ), full-width ASCII as half-width.
fn plain_char(c: char) -> char {
    match half_width_char(c) {
        '〔' | '[' | '【' | '﹝' | '〈' => '(',
        '〕' | ']' | '】' | '﹞' | '〉' => ')',
        c => c.to_ascii_lowercase(),
    }
}

/// 2022年第4号公告 and 公告2022年第4号: the body before it belongs to the code.
fn parse_announcement(text: &str) -> Option<NumberPattern> {
    let kind = ["公告", "通告", "令"].into_iter().find(|kind| text.ends_with(kind))?;
    let (body, rest) = split_at_number(&text[..text.len() - kind.len()]);
    let (year, rest) = split_year(rest);
    let body = body.trim_end_matches('第');
    let serial = parse_serial(rest.trim_start_matches(['年', '第']).strip_suffix('号')?)?;
    Some(NumberPattern { prefix: Some(format!("{body}{kind}")), year, serial: Some(serial) })
}

/// Before and from the first digit, ASCII or (behind a bracket or 第) Chinese.
fn split_at_number(text: &str) -> (&str, &str) {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_chinese_digit = numeral::is_numeral(c) && matches!(before, '(' | '第');
        if c.is_ascii_digit() || is_chinese_digit {
            return text.split_at(at);
        }
        before = c;
    }
    (text, "")
}

/// A year at the head, if 19xx or 20xx stands there, and what follows.
fn split_year(text: &str) -> (Option<u16>, &str) {
    let is_digit = |c: char| c.is_ascii_digit() || numeral::digit(c).is_some();
    let end = text.char_indices().find(|&(_, c)| !is_digit(c)).map_or(text.len(), |(at, _)| at);
    let (head, rest) = text.split_at(end);
    let year =
        numeral::parse(head).and_then(|year| u16::try_from(year).ok()).filter(|year| (1900..=2099).contains(year));
    // A number that is followed by 号 is a serial.
    if year.is_some() && !rest.starts_with('号') && head.chars().count() == 4 { (year, rest) } else { (None, text) }
}

fn parse_serial(text: &str) -> Option<u32> {
    numeral::parse(text).and_then(|serial| u32::try_from(serial).ok()).filter(|&serial| serial > 0)
}

/// 国发〔2019〕5号, parts that are open left out.
impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix.as_deref().unwrap_or_default())?;
        if let Some(year) = self.year {
            write!(f, "〔{year}〕")?;
        }
        match self.serial {
            Some(serial) if self.year.is_none() => write!(f, "第{serial}号"),
            Some(serial) => write!(f, "{serial}号"),
            None => Ok(()),
        }
    }
}
