//! Calendar dates as documents write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::numeral::{self, arabic_number};

/// A date; month and day may be unknown (`2023`, `2023-03`).
///
/// Displayed and serialized in ISO 8601. Ordered by time, an unknown month or
/// day before the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A date of the calendar. `month` and `day` may be 0 for "unknown" (`day`
    /// must be when `month` is). `None` for a day that no month has, or a year
    /// outside 1000–2999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let in_range = (1000..=2999).contains(&year) && month <= 12;
        let day_fits = day == 0 || (month > 0 && day <= days_in_month(year, month));
        (in_range && day_fits).then_some(Date { year, month, day })
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1–12.
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, 1–31.
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// As the number `yyyymmdd`, unknown parts 00: ordered like the date.
    pub fn as_number(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// Today, by the system's clock in UTC.
    pub fn today() -> Option<Self> {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        Date::from_days(i64::try_from(since_epoch.as_secs() / 86_400).ok()?)
    }

    /// The day before; for a month or year the day before its first.
    pub fn previous_day(self) -> Option<Self> {
        Date::from_days(self.days() - 1)
    }

    /// The same day so many years later (28 February for the 29th, where needed).
    pub fn plus_years(self, years: u16) -> Option<Self> {
        let year = self.year.checked_add(years)?;
        Date::new(year, self.month, self.day).or_else(|| Date::new(year, self.month, 28))
    }

    /// The same day so many months later (the month's last, where it is shorter).
    pub fn plus_months(self, months: u16) -> Option<Self> {
        let months = u32::from(self.year) * 12 + u32::from(self.month.max(1)) - 1 + u32::from(months);
        let (year, month) = (u16::try_from(months / 12).ok()?, (months % 12) as u8 + 1);
        Date::new(year, month, self.day.min(days_in_month(year, month)))
    }

    /// Days since 1970-01-01, an unknown month or day taken as the first.
    fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month.max(1)), i64::from(self.day.max(1)));
        // March begins the year, so the leap day ends it.
        let year = i64::from(self.year) - i64::from(month <= 2);
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
    }

    /// The reverse of [`Date::days`].
    fn from_days(days: i64) -> Option<Self> {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Date::new(u16::try_from(year).ok()?, month as u8, day as u8)
    }

    /// Reads a string that is a date and nothing else, white space aside, in any
    /// form documents use: `2022年2月9日`, `二〇二二年二月九日`, `2022-02-09`,
    /// `2022/2/9`, `2022.2.9`, `2022年2月`, `2022年`; a time of day behind it is
    /// ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, read) = Date::read(text)?;
        let rest = text[read..].trim_start();
        let is_time = rest.starts_with(|c: char| c.is_ascii_digit() || c == 'T')
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'T' | 'Z' | '+' | '-' | ' '));
        (rest.is_empty() || is_time).then_some(date)
    }

    /// Whether the end of `text` may be that of what [`Date::parse`] reads: quick, and
    /// no for nearly every line of a text.
    pub(crate) fn may_end(text: &str) -> bool {
        let is_end = |c: char| {
            matches!(c, '年' | '月' | '日' | '号' | ':' | '.' | 'T' | 'Z' | '+' | '-') || numeral::is_arabic(c)
        };
        text.trim_end().ends_with(is_end)
    }

    /// Reads a date at the start of `text`: the date and the bytes read.
    pub fn read(text: &str) -> Option<(Self, usize)> {
        let (year, year_bytes) = numeral::number(text)?;
        let year = u16::try_from(year).ok()?;
        let after_year = skip_spaces(text, year_bytes);
        match text[after_year..].chars().next()? {
            '年' => read_han(text, year, after_year + '年'.len_utf8()),
            separator @ ('-' | '/' | '.' | '．' | '－') if year_bytes >= 4 => {
                read_separated(text, year, after_year, separator)
            }
            _ => None,
        }
    }

    /// The dates in `text`, with the byte where each begins and ends.
    pub fn find_all(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, Date)> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            while from < text.len() {
                let offset = text[from..].find(|c| numeral::digit(c).is_some())?;
                let start = from + offset;
                let run = text[start..].find(|c| numeral::digit(c).is_none()).unwrap_or(text.len() - start);
                match Date::read(&text[start..]) {
                    Some((date, read)) => {
                        from = start + read;
                        return Some((start..from, date));
                    }
                    None => from = start + run,
                }
            }
            None
        })
    }

    /// The reverse of [`Date::as_number`].
    pub fn from_number(number: u32) -> Option<Self> {
        let year = u16::try_from(number / 10_000).ok()?;
        Date::new(year, (number / 100 % 100) as u8, (number % 100) as u8)
    }
}

fn skip_spaces(text: &str, from: usize) -> usize {
    from + (text[from..].len() - text[from..].trim_start().len())
}

/// A number of at most two digits (or a Chinese one) that `unit` follows; both
/// may stand apart.
fn read_unit(text: &str, from: usize, units: &[char]) -> Option<(u8, usize)> {
    let start = skip_spaces(text, from);
    let (value, bytes) = numeral::number(&text[start..])?;
    let after = skip_spaces(text, start + bytes);
    let unit = text[after..].chars().next().filter(|c| units.contains(c))?;
    Some((u8::try_from(value).ok()?, after + unit.len_utf8()))
}

/// What follows `年`: month and day as far as they are there and make sense.
fn read_han(text: &str, year: u16, after_year: usize) -> Option<(Date, usize)> {
    let year_only = Date::new(year, 0, 0).map(|date| (date, after_year));
    let Some((month, after_month)) = read_unit(text, after_year, &['月']) else { return year_only };
    let Some(with_month) = Date::new(year, month, 0) else { return year_only };
    let with_day = read_unit(text, after_month, &['日', '号'])
        .and_then(|(day, after_day)| Some((Date::new(year, month, day).filter(|_| day > 0)?, after_day)));
    Some(with_day.unwrap_or((with_month, after_month)))
}

/// What follows the year in `2022-02-09`: month and, behind the same separator, day.
fn read_separated(text: &str, year: u16, at: usize, separator: char) -> Option<(Date, usize)> {
    let part = |at: usize| -> Option<(u8, usize)> {
        let rest = text[at..].strip_prefix(separator)?;
        let (value, bytes) = arabic_number(rest)?;
        let part = u8::try_from(value).ok().filter(|value| (1..=31).contains(value))?;
        Some((part, at + separator.len_utf8() + bytes))
    };
    let (month, after_month) = part(at)?;
    match part(after_month) {
        Some((day, end)) => Some((Date::new(year, month, day)?, end)),
        // 1949.10 is as likely an amount as a month.
        None if separator == '.' || separator == '．' => None,
        None => Some((Date::new(year, month, 0)?, after_month)),
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// Reads ISO 8601: `2023`, `2023-03`, `2023-03-05`.
impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4).and_then(|year| year.parse().ok()).ok_or(())?;
        let mut part = || parts.next().map_or(Ok(0), |part| part.parse().map_err(|_| ()));
        let (month, day) = (part()?, part()?);
        Date::new(year, month, day).ok_or(())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("expected an ISO 8601 date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_as_a_date_may_end_so(text in "[ 　]?(20[0-2][0-9]|二〇二三|２０２２)[年./-]? ?(1[0-2]|[1-9]|十二|０９)?[月./-]? ?(3[01]|[1-9]|十)?[日号]?( ?[0-9:T.Z+-]{1,8})?[ 　]?") {
            prop_assert!(Date::parse(&text).is_none() || Date::may_end(&text), "{text:?}");
        }
    }

    #[test]
    fn most_lines_end_in_no_date() {
        assert!(Date::may_end("北京市中医管理局　2020年9月30日 ") && Date::may_end("2022-02-09 10:00:00Z"));
        assert!(!Date::may_end("自2022年1月1日起施行。") && !Date::may_end(""));
    }

    #[test]
    fn forms_of_a_date() {
        let cases: &[(&str, Option<&str>)] = &[
            ("2022年02月09日", Some("2022-02-09")),
            ("2022年2月9日", Some("2022-02-09")),
            ("2022 年 2 月 9 日", Some("2022-02-09")),
            ("二〇二二年二月九日", Some("2022-02-09")),
            ("二○一九年十二月三十一日", Some("2019-12-31")),
            ("二零一九年一月廿日", None),
            ("２０１２年１２月１９日", Some("2012-12-19")),
            ("2022-02-09", Some("2022-02-09")),
            ("2022-2-9", Some("2022-02-09")),
            ("2022/02/09", Some("2022-02-09")),
            ("2022.2.9", Some("2022-02-09")),
            ("2022-02-09 10:30:00", Some("2022-02-09")),
            ("2021-05-20T09:12", Some("2021-05-20")),
            ("2022年2月", Some("2022-02")),
            ("2022年", Some("2022")),
            ("2022年2月30日", None),
            ("22年2月3日", None),
            ("2022.5", None),
            ("2022年2月9日起", None),
            ("国务院2022年2月9日", None),
        ];
        for (text, expected) in cases {
            let date = Date::parse(text).map(|date| date.to_string());
            assert_eq!(date.as_deref(), *expected, "{text}");
        }
    }

    #[test]
    fn reckoning_with_days() {
        let date = |text: &str| text.parse::<Date>().ok();
        for (day, before) in [("2019-03-01", "2019-02-28"), ("2020-03-01", "2020-02-29"), ("2000-01-01", "1999-12-31")]
        {
            assert_eq!(date(day).and_then(Date::previous_day), date(before), "{day}");
        }
        assert_eq!(Date::from_days(0), date("1970-01-01"));
        assert_eq!(date("2020-02-29").and_then(|date| date.plus_years(5)), date("2025-02-28"));
        assert_eq!(date("2020-08-31").and_then(|date| date.plus_months(6)), date("2021-02-28"));
        for number in [10_000_101, 16_000_229, 19_491_001, 20_261_123, 29_991_231] {
            let date = Date::from_number(number);
            assert_eq!(date.and_then(|date| Date::from_days(date.days())), date, "{number}");
        }
    }

    #[test]
    fn dates_inside_a_text() {
        let text = "1990年4月4日第七届全国人民代表大会第三次会议通过，自一九九七年七月一日起实施，1.5亿元";
        let found: Vec<_> = Date::find_all(text).map(|(range, date)| (&text[range], date.to_string())).collect();
        assert_eq!(found, [("1990年4月4日", "1990-04-04".to_owned()), ("一九九七年七月一日", "1997-07-01".to_owned())]);
    }
}
