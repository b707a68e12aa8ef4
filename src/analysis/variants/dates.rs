//! Dates, years and spans of years: 2023年3月5日, 2023-03-05, 二〇二三年三月五日;
//! 2021-2025年, 2021年至2025年.

use crate::analysis::numeral::{self, Two};

use super::boundary::Boundary;
use super::{Item, Reading, Spelling, VariantKind};

/// Years that four digits alone are taken for.
const YEARS: std::ops::RangeInclusive<u64> = 1900..=2099;

pub(super) fn read(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    if before.is_some_and(|c| matches!(c, '-' | '.' | '/' | '第')) {
        return None;
    }
    read_years(chars)
        .or_else(|| read_date(chars))
        .or_else(|| read_separated(chars))
        .or_else(|| read_compact(chars))
        .or_else(|| read_month(chars))
}

/// A year in four digits, ASCII or Chinese, and nothing that goes on with it.
pub(super) fn year(chars: &[char]) -> Option<(u64, usize)> {
    let is_ascii = chars.first()?.is_ascii_digit();
    let goes_on = |c: char| if is_ascii { c.is_ascii_alphanumeric() } else { numeral::is_numeral(c) };
    if chars.len() < 4 || chars.get(4).is_some_and(|&c| goes_on(c)) {
        return None;
    }
    let text: String = chars[..4].iter().collect();
    let value = if is_ascii { text.parse().ok()? } else { numeral::parse_positional(&text)? };
    YEARS.contains(&value).then_some((value, 4))
}

/// A month or day: at most two digits, or a Chinese number; 1 to `most`.
fn small_number(chars: &[char], most: u64) -> Option<(u64, usize)> {
    let ascii = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let (text, length): (String, usize) = match ascii {
        0 => {
            let length = chars.iter().take_while(|&&c| numeral::is_numeral(c)).count();
            (chars[..length].iter().collect(), length)
        }
        _ => (chars[..ascii].iter().collect(), ascii),
    };
    let value = match ascii {
        0 => numeral::parse_cardinal(&text)?,
        1 | 2 => text.parse().ok()?,
        _ => return None,
    };
    (1..=most).contains(&value).then_some((value, length))
}

/// A small number and the unit behind it.
fn with_unit(chars: &[char], most: u64, units: &[char]) -> Option<(u64, usize)> {
    let (value, length) = small_number(chars, most)?;
    units.contains(chars.get(length)?).then_some((value, length + 1))
}

/// A year's digits in Chinese, with either zero.
fn positional(year: u64) -> Vec<String> {
    let digits = year.to_string();
    let mut texts: Vec<String> =
        ['〇', '零'].into_iter().filter_map(|zero| numeral::to_positional(&digits, zero)).collect();
    texts.dedup();
    texts
}

fn han(value: u64) -> String {
    numeral::to_chinese(value, Two::Er).unwrap_or_default()
}

/// 2021-2025年, 2021年至2025年, also without 年 behind.
fn read_years(chars: &[char]) -> Option<Item> {
    let (first, length) = year(chars)?;
    let mut end = length;
    end += usize::from(chars.get(end) == Some(&'年'));
    end += match chars[end..] {
        ['—', '—', ..] => 2,
        ['-' | '—' | '–' | '~' | '至' | '到', ..] => 1,
        _ => return None,
    };
    let (last, length) = year(&chars[end..])?;
    end += length;
    let suffix = if chars.get(end) == Some(&'年') { "年" } else { "" };
    end += suffix.chars().count();
    let goes_on = chars.get(end).is_some_and(|&c| c == '-' || suffix.is_empty() && matches!(c, '/' | '.' | '号'));
    if last <= first || goes_on {
        return None;
    }
    let mut texts = Vec::new();
    for between in ["-", "—", "至", "~", "–", "——", "到"] {
        texts.push(format!("{first}{between}{last}{suffix}"));
        texts.push(format!("{first}年{between}{last}{suffix}"));
    }
    for (a, b) in positional(first).iter().zip(&positional(last)) {
        for between in ["至", "—"] {
            texts.push(format!("{a}{between}{b}{suffix}"));
            texts.push(format!("{a}年{between}{b}{suffix}"));
        }
    }
    Some(Item::of_numbers(end, VariantKind::Range, texts))
}

/// 2022年, 2022年3月, 2022年3月5日.
fn read_date(chars: &[char]) -> Option<Item> {
    let (year, length) = year(chars)?;
    if chars.get(length) != Some(&'年') {
        return None;
    }
    let mut end = length + 1;
    let Some((month, length)) = with_unit(&chars[end..], 12, &['月']) else {
        let texts = std::iter::once(year.to_string()).chain(positional(year)).map(|year| format!("{year}年"));
        return Some(Item::of_numbers(end, VariantKind::Date, texts));
    };
    end += length;
    match with_unit(&chars[end..], 31, &['日', '号']) {
        Some((day, length)) => Some(of_day(end + length, year, month, day)),
        None => Some(of_month(end, year, month)),
    }
}

/// 2023-03-05, 2023/3/5, 2023.3.5; 2023-03, 2023/03.
fn read_separated(chars: &[char]) -> Option<Item> {
    let (year, mut end) = year(chars)?;
    let separator = *chars.get(end)?;
    if !chars[0].is_ascii_digit() || !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let part = |at: usize, most: u64| -> Option<(u64, usize)> {
        let rest = &chars[at..];
        let (_, number) = rest.split_first().filter(|(c, number)| **c == separator && !number.is_empty())?;
        let (value, length) = small_number(number, most).filter(|_| number[0].is_ascii_digit())?;
        let goes_on = number.get(length).is_some_and(char::is_ascii_alphabetic);
        (!goes_on).then_some((value, length + 1))
    };
    let (month, length) = part(end, 12)?;
    end += length;
    let day = if end < chars.len() { part(end, 31) } else { None };
    let (item_end, item) = match day {
        Some((day, length)) => (end + length, of_day(end + length, year, month, day)),
        // 2023.3 is as likely a number, 2023-3 a code.
        None if separator == '.' || length != 3 => return None,
        None => (end, of_month(end, year, month)),
    };
    let goes_on = chars.get(item_end).is_some_and(|&c| matches!(c, '-' | '/' | '.' | '号'));
    (!goes_on).then_some(item)
}

/// 20230305.
fn read_compact(chars: &[char]) -> Option<Item> {
    let length = chars.iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    let digits: String = chars.get(..8).filter(|_| length == 8)?.iter().collect();
    let number: u64 = digits.parse().ok()?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let is_date = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| of_day(8, year, month, day))
}

/// 3月5日, 3月.
fn read_month(chars: &[char]) -> Option<Item> {
    let (month, mut end) = with_unit(chars, 12, &['月'])?;
    let Some((day, length)) = with_unit(&chars[end..], 31, &['日', '号']) else {
        let texts = [format!("{month}月"), format!("{}月", han(month)), format!("{month:02}月")];
        return Some(Item::of_numbers(end, VariantKind::Date, texts));
    };
    end += length;
    let mut texts =
        vec![format!("{month}月{day}日"), format!("{}月{}日", han(month), han(day)), format!("{month:02}月{day:02}日")];
    push_new(&mut texts, [format!("{month}月{day:02}日"), format!("{month:02}月{day}日"), format!("{month}月{day}号")]);
    Some(Item::of_numbers(end, VariantKind::Date, texts))
}

fn push_new<const N: usize>(texts: &mut Vec<String>, more: [String; N]) {
    for text in more {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
}

fn of_month(chars: usize, year: u64, month: u64) -> Item {
    let mut texts = vec![format!("{year}年{month}月"), format!("{year}年{month:02}月")];
    texts.extend(positional(year).into_iter().map(|year| format!("{year}年{}月", han(month))));
    let mut item = Item::of_numbers(chars, VariantKind::Date, texts);
    add_codes(&mut item, [format!("{year}-{month:02}"), format!("{year}/{month:02}")]);
    item
}

fn of_day(chars: usize, year: u64, month: u64, day: u64) -> Item {
    let mut texts = vec![format!("{year}年{month}月{day}日")];
    texts.extend(positional(year).into_iter().map(|year| format!("{year}年{}月{}日", han(month), han(day))));
    push_new(
        &mut texts,
        [
            format!("{year}年{month:02}月{day:02}日"),
            format!("{year}年{month}月{day:02}日"),
            format!("{year}年{month:02}月{day}日"),
            format!("{year}年{month}月{day}号"),
        ],
    );
    let mut item = Item::of_numbers(chars, VariantKind::Date, texts);
    for separator in ['-', '.', '/'] {
        add_codes(
            &mut item,
            [
                format!("{year}{separator}{month:02}{separator}{day:02}"),
                format!("{year}{separator}{month}{separator}{day}"),
                format!("{year}{separator}{month}{separator}{day:02}"),
                format!("{year}{separator}{month:02}{separator}{day}"),
            ],
        );
    }
    add_codes(&mut item, [format!("{year}{month:02}{day:02}")]);
    item
}

fn add_codes<const N: usize>(item: &mut Item, texts: [String; N]) {
    for text in texts {
        if item.spellings.iter().all(|known| known.text != text) {
            item.spellings.push(Spelling { text, boundary: Boundary::of_code() });
        }
    }
}
