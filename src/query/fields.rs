//! Conditions on fields: their names in both languages, and what values they
//! take. Whether a document meets a condition is `filter`'s.

use std::fmt;

use crate::analysis::numeral;
use crate::document::{Date, Genre, Level, Validity};

use super::ast::{Escaped, Span};
use super::number::NumberPattern;

/// A field of a document or section that a query can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// 标题: the document's title.
    Title,
    /// 机关: the issuing body.
    Agency,
    /// 文号: the document number.
    Number,
    /// 文种: the kind of document.
    Kind,
    /// 日期: the document's date, whichever it has.
    Date,
    /// 成文日期.
    Written,
    /// 发布日期.
    Published,
    /// 施行日期.
    Effective,
    /// 效力: whether it is in force.
    Validity,
    /// 层级: its level of authority.
    Level,
    /// 主题: its topic.
    Topic,
    /// 路径: headings on the way to the section, its own included.
    Path,
    /// 条: the article.
    Article,
}

/// Every name of every field; the first of each is the one displayed.
const NAMES: &[(&str, Field)] = &[
    ("标题", Field::Title),
    ("title", Field::Title),
    ("机关", Field::Agency),
    ("agency", Field::Agency),
    ("发文机关", Field::Agency),
    ("文号", Field::Number),
    ("no", Field::Number),
    ("发文字号", Field::Number),
    ("文种", Field::Kind),
    ("kind", Field::Kind),
    ("日期", Field::Date),
    ("date", Field::Date),
    ("成文", Field::Written),
    ("written", Field::Written),
    ("发布", Field::Published),
    ("published", Field::Published),
    ("施行", Field::Effective),
    ("effective", Field::Effective),
    ("效力", Field::Validity),
    ("valid", Field::Validity),
    ("层级", Field::Level),
    ("level", Field::Level),
    ("主题", Field::Topic),
    ("topic", Field::Topic),
    ("路径", Field::Path),
    ("path", Field::Path),
    ("条", Field::Article),
    ("article", Field::Article),
];

impl Field {
    /// The field of that name, Chinese or English; letters in either case.
    pub fn from_name(name: &str) -> Option<Self> {
        let is_named = |candidate: &&(&str, Field)| candidate.0.eq_ignore_ascii_case(name);
        NAMES.iter().find(is_named).map(|&(_, field)| field)
    }

    /// The Chinese name that is displayed.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|&&(_, field)| field == self).map_or("", |&(name, _)| name)
    }

    /// Length in bytes of the longest name: what the lexer need look at.
    pub(super) fn longest_name_bytes() -> usize {
        NAMES.iter().map(|(name, _)| name.len()).max().unwrap_or(0)
    }
}

/// A condition on a field: `标题:数据`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFilter {
    /// The field.
    pub field: Field,
    /// What its value must be.
    pub value: FieldValue,
    /// Where the condition stands, name and value.
    pub span: Span,
}

/// What a field's value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// It contains one of these texts after folding (title, agency, topic, path).
    /// As typed it is one text; spellings that mean the same may be added.
    Text(Vec<String>),
    /// It is a document number of one of these shapes.
    Numbers(Vec<NumberPattern>),
    /// It is one of these kinds.
    Kinds(Vec<Genre>),
    /// It lies in this range.
    Dates(DateRange),
    /// It is one of these.
    Validities(Vec<Validity>),
    /// It is one of these levels.
    Levels(Vec<Level>),
    /// It is this article.
    Article(Article),
}

/// Dates as numbers `yyyymmdd`, both ends included; an unknown month or day is
/// 00, so that 2021 as a whole is `20210000..=20211231`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// The first day; 0 when the range is open.
    pub from: u32,
    /// The last day; [`DateRange::OPEN_END`] when the range is open.
    pub to: u32,
}

impl DateRange {
    /// `to` of a range without an end.
    pub const OPEN_END: u32 = 99_991_231;

    /// Every date.
    pub const ALL: DateRange = DateRange { from: 0, to: Self::OPEN_END };

    /// The days of a year, a month or a day.
    pub fn of(date: Date) -> Self {
        let from = date.as_number();
        // Number of a day that no month has: above every day of the month or year.
        let to = match (date.month(), date.day()) {
            (None, _) => from + 1231,
            (Some(_), None) => from + 31,
            (Some(_), Some(_)) => from,
        };
        DateRange { from, to }
    }

    /// Whether a date lies in the range.
    pub fn contains(self, date: u32) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// Reads `2021`, `2021-03`, `2021-03-05` (also `2021/3/5`, `2021.3.5`,
    /// `2021年3月5日`, `20210305`), `2021..2022-06`, `2021..`, `..2022` (also with
    /// `至` or `~`), and the comparisons `>=` `>` `<=` `<` `=`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((from, to)) = ["..", "至", "~"].iter().find_map(|separator| text.split_once(separator)) {
            let start = if from.is_empty() { 0 } else { Self::of(parse_date(from)?).from };
            let end = if to.is_empty() { Self::OPEN_END } else { Self::of(parse_date(to)?).to };
            let is_range = start <= end && !(from.is_empty() && to.is_empty());
            return is_range.then_some(DateRange { from: start, to: end });
        }
        if let Some(date) = strip_any(text, &[">=", "≥"]) {
            return Some(DateRange { from: Self::of(parse_date(date)?).from, to: Self::OPEN_END });
        }
        if let Some(date) = strip_any(text, &["<=", "≤"]) {
            return Some(DateRange { from: 0, to: Self::of(parse_date(date)?).to });
        }
        if let Some(date) = text.strip_prefix('>') {
            return Some(DateRange { from: first_after(parse_date(date)?)?, to: Self::OPEN_END });
        }
        if let Some(date) = text.strip_prefix('<') {
            return Some(DateRange { from: 0, to: last_before(parse_date(date)?) });
        }
        parse_date(text.strip_prefix('=').unwrap_or(text)).map(Self::of)
    }
}

fn strip_any<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}

/// The number of the first year, month or day after a year, month or day.
fn first_after(date: Date) -> Option<u32> {
    let (year, month, day) = (date.year(), date.month().unwrap_or(0), date.day().unwrap_or(0));
    let next_day = || (day > 0).then(|| Date::new(year, month, day + 1)).flatten();
    let next_month = || (month > 0).then(|| Date::new(year, month + 1, u8::from(day > 0))).flatten();
    let next_year = || Date::new(year + 1, u8::from(month > 0), u8::from(day > 0));
    next_day().or_else(next_month).or_else(next_year).map(Date::as_number)
}

/// The number of the last day before a year, month or day; day 31 stands for
/// the end of any month.
fn last_before(date: Date) -> u32 {
    let (year, month, day) = (u32::from(date.year()), u32::from(date.month().unwrap_or(0)), date.day().unwrap_or(0));
    match (month, day) {
        (month, day) if day > 1 => year * 10_000 + month * 100 + u32::from(day) - 1,
        (month, _) if month > 1 => year * 10_000 + (month - 1) * 100 + 31,
        _ => (year - 1) * 10_000 + 1231,
    }
}

/// Reads a date as a person types it; separators `-`, `/`, `.`, `年月日`, or none.
fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::from_number(text.parse().ok()?).filter(|date| date.day().is_some());
    }
    let mut parts = [0u32; 3];
    let mut count = 0;
    for part in text.split(['-', '/', '.', '年', '月', '日']) {
        if part.is_empty() {
            continue;
        }
        *parts.get_mut(count)? = u32::try_from(numeral::parse(part)?).ok()?;
        count += 1;
    }
    let starts_with_year = text.chars().next().is_some_and(char::is_alphanumeric);
    if count == 0 || !starts_with_year {
        return None;
    }
    let [year, month, day] = parts;
    let has_zero_part = parts[..count].contains(&0);
    let date = Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    (!has_zero_part).then_some(date)
}

/// In the form that [`DateRange::parse`] reads.
impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (from, to) if from == to => fmt_date(f, from),
            (from, to) => {
                if from > 0 {
                    fmt_date(f, from)?;
                }
                f.write_str("..")?;
                if to < Self::OPEN_END {
                    // The end of a month or year is written as that month or year.
                    let month_end = if to % 100 == 31 { to - 31 } else { to };
                    fmt_date(f, if to % 10_000 == 1231 { to - 1231 } else { month_end })?;
                }
                Ok(())
            }
        }
    }
}

/// ISO 8601, unknown parts left out.
fn fmt_date(f: &mut fmt::Formatter<'_>, number: u32) -> fmt::Result {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    write!(f, "{year:04}")?;
    if month > 0 {
        write!(f, "-{month:02}")?;
    }
    if day > 0 {
        write!(f, "-{day:02}")?;
    }
    Ok(())
}

/// Reads the value typed for a field. The error says what was expected.
pub(super) fn parse_value(field: Field, text: &str) -> Result<FieldValue, String> {
    let plain = half_width(text);
    let plain = plain.trim();
    match field {
        Field::Title | Field::Agency | Field::Topic | Field::Path => Ok(FieldValue::Text(vec![text.trim().to_owned()])),
        Field::Number => NumberPattern::parse(text)
            .map(|pattern| FieldValue::Numbers(vec![pattern]))
            .ok_or_else(|| "a document number or its beginning, such as 国发 or 国发〔2019〕5号".to_owned()),
        Field::Date | Field::Written | Field::Published | Field::Effective => {
            DateRange::parse(plain).map(FieldValue::Dates).ok_or_else(|| {
                "a date or a range of dates, such as 2021, 2021-03-05, 2021..2022-06 or >=2021-03-05".to_owned()
            })
        }
        Field::Kind => parse_list(plain, Genre::from_name)
            .map(FieldValue::Kinds)
            .ok_or_else(|| one_of("a kind of document", Genre::ALL.iter().map(|kind| kind.name()))),
        Field::Level => parse_list(plain, Level::from_name)
            .map(FieldValue::Levels)
            .ok_or_else(|| one_of("a level of authority", Level::ALL.iter().map(|level| level.name()))),
        Field::Validity => parse_list(plain, validity_from_name)
            .map(FieldValue::Validities)
            .ok_or_else(|| one_of("a validity", Validity::ALL.iter().map(|validity| validity.name()))),
        Field::Article => Article::parse(plain)
            .map(FieldValue::Article)
            .ok_or_else(|| "an article, such as 577, 第五百七十七条 or 第十八条之一".to_owned()),
    }
}

fn one_of<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    format!("{what}: {}", names.collect::<Vec<_>>().join(" "))
}

/// Values separated by commas or 、.
fn parse_list<T>(text: &str, from_name: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split([',', '、']).map(|name| from_name(name.trim())).collect()
}

/// The validity of that name, also by the words that people type for it.
pub fn validity_from_name(name: &str) -> Option<Validity> {
    Validity::from_name(name).or(match name {
        "有效" | "现行" | "生效" | "in_force" | "yes" => Some(Validity::InForce),
        "未施行" | "未生效" | "not_yet" => Some(Validity::NotYet),
        "修改" | "已修改" | "已修订" | "superseded" => Some(Validity::Superseded),
        "失效" | "无效" | "expired" => Some(Validity::Expired),
        "废止" | "repealed" => Some(Validity::Repealed),
        _ => None,
    })
}

/// Full-width ASCII as half-width.
pub(super) fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

pub(super) fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// An article of a law: 第十八条之一 is number 18, branch 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Article {
    /// The number of the 条.
    pub number: u32,
    /// The number behind 之: another article, put in between later.
    pub branch: Option<u32>,
}

impl Article {
    /// Reads `577`, `577条`, `第577条`, `第五百七十七条`, `第十八条之一`, `18-1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('第').unwrap_or(text);
        let (number, rest) = match text.split_once('条') {
            Some((number, rest)) => (number, rest.strip_prefix('之').or(rest.is_empty().then_some(""))?),
            None => text.split_once(['-', '之']).unwrap_or((text, "")),
        };
        let number = parse_ordinal(number)?;
        let branch = if rest.is_empty() { None } else { Some(parse_ordinal(rest)?) };
        let is_cut_off = text.ends_with(['之', '-']);
        (!is_cut_off).then_some(Article { number, branch })
    }
}

fn parse_ordinal(text: &str) -> Option<u32> {
    numeral::parse(text).and_then(|number| u32::try_from(number).ok()).filter(|&number| (1..=99_999).contains(&number))
}

/// As laws write it: 第十八条之一.
impl fmt::Display for Article {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chinese = |number: u32| {
            numeral::to_chinese(u64::from(number), numeral::Two::Er).unwrap_or_else(|| number.to_string())
        };
        write!(f, "第{}条", chinese(self.number))?;
        self.branch.map_or(Ok(()), |branch| write!(f, "之{}", chinese(branch)))
    }
}

impl fmt::Display for FieldFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.field.name();
        let joined = |names: Vec<&str>| vec![names.join(",")];
        let values: Vec<String> = match &self.value {
            FieldValue::Text(texts) => texts.iter().map(|text| format!("\"{}\"", Escaped(text))).collect(),
            FieldValue::Numbers(patterns) => patterns.iter().map(NumberPattern::to_string).collect(),
            FieldValue::Kinds(kinds) => joined(kinds.iter().map(|kind| kind.name()).collect()),
            FieldValue::Dates(range) => vec![range.to_string()],
            FieldValue::Validities(all) => joined(all.iter().map(|validity| validity.name()).collect()),
            FieldValue::Levels(levels) => joined(levels.iter().map(|level| level.name()).collect()),
            FieldValue::Article(article) => vec![article.to_string()],
        };
        if let [value] = values.as_slice() {
            return write!(f, "{name}:{value}");
        }
        let conditions: Vec<String> = values.iter().map(|value| format!("{name}:{value}")).collect();
        write!(f, "({})", conditions.join(" OR "))
    }
}
