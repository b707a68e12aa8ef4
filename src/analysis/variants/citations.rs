//! Document numbers: 国发〔2019〕5号 in every form, 2022年第4号公告, 国务院令第517号.
//!
//! The body's code before a number stays as typed; only the number is rewritten.

use crate::analysis::numeral::{self, Two};

use super::{Item, Reading, VariantKind, dates};

/// Last characters of the codes before a year without brackets: 国办发2024 1.
const CODE_ENDS: &str = "发函办字规文电释审复综通知呈政府委党财税法人建";

/// What an order or announcement is called.
const KINDS: &[&str] = &["公告", "通告", "令"];

pub(super) fn read(reading: &Reading, at: usize) -> Option<Item> {
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    let chars = &reading.chars[at..];
    read_announcement(chars).or_else(|| read_bracketed(chars)).or_else(|| read_bare(before, chars))
}

/// A serial number: digits or a Chinese number.
fn serial(chars: &[char]) -> Option<(u64, usize)> {
    let is_ascii = chars.first()?.is_ascii_digit();
    let is_part = |c: &&char| if is_ascii { c.is_ascii_digit() } else { numeral::is_numeral(**c) };
    let length = chars.iter().take_while(is_part).count();
    if length == 0 || length > 8 || chars.get(length).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let text: String = chars[..length].iter().collect();
    numeral::parse(&text).filter(|&value| (1..1_000_000).contains(&value)).map(|value| (value, length))
}

/// 〔2019〕5号, brackets folded; the text behind the code.
fn read_bracketed(chars: &[char]) -> Option<Item> {
    let (open, rest) = chars.split_first()?;
    if !matches!(open, '(' | '﹝' | '〈') {
        return None;
    }
    let (year, length) = dates::year(rest)?;
    let mut end = 1 + length;
    end += usize::from(chars.get(end) == Some(&'年'));
    if !matches!(chars.get(end), Some(')' | '﹞' | '〉')) {
        return None;
    }
    end += 1;
    end += usize::from(chars.get(end) == Some(&'第'));
    let (serial, length) = serial(chars.get(end..)?)?;
    end += length;
    end += usize::from(chars.get(end) == Some(&'号'));
    Some(of_number(end, year, serial))
}

/// 2024 1, 2024年1号, 2024-1, 2024 behind a code.
fn read_bare(before: Option<char>, chars: &[char]) -> Option<Item> {
    before.filter(|&c| CODE_ENDS.contains(c))?;
    let (year, mut end) = dates::year(chars).filter(|_| chars[0].is_ascii_digit())?;
    if end == chars.len() {
        return Some(Item::of_numbers(
            end,
            VariantKind::DocumentNumber,
            [format!("〔{year}〕"), format!("﹝{year}﹞")],
        ));
    }
    // 发2024年 is a year as well: a serial number must follow.
    let joins = chars[end..].iter().take_while(|&&c| matches!(c, ' ' | '-' | '年' | '第')).count();
    if joins == 0 || joins > 2 {
        return None;
    }
    end += joins;
    let (serial, length) = serial(chars.get(end..)?)?;
    end += length;
    let has_hao = chars.get(end) == Some(&'号');
    if !has_hao && end < chars.len() {
        return None;
    }
    Some(of_number(end + usize::from(has_hao), year, serial))
}

fn of_number(chars: usize, year: u64, serial: u64) -> Item {
    let mut texts = vec![
        format!("〔{year}〕{serial}号"),
        format!("﹝{year}﹞{serial}号"),
        format!("〔{year}〕第{serial}号"),
        format!("〈{year}〉{serial}号"),
        format!("〔{year}年〕{serial}号"),
        format!("{year}年{serial}号"),
        format!("{year}年第{serial}号"),
        format!("{year}-{serial}号"),
    ];
    let han_serial = numeral::to_chinese(serial, Two::Er).unwrap_or_default();
    for zero in ['〇', '零'] {
        let Some(year) = numeral::to_positional(&year.to_string(), zero) else { continue };
        texts.push(format!("〔{year}〕{han_serial}号"));
        texts.push(format!("〔{year}〕{serial}号"));
    }
    texts.dedup();
    Item::of_numbers(chars, VariantKind::DocumentNumber, texts)
}

/// The kind at the head of `chars`.
fn kind_at(chars: &[char]) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.chars().eq(chars.iter().copied().take(kind.chars().count()))).copied()
}

/// 2022年第4号公告, 公告2022年第4号, 公告〔2022〕4号, 第517号令, 令第517号.
fn read_announcement(chars: &[char]) -> Option<Item> {
    let before = kind_at(chars);
    let mut end = before.map_or(0, |kind| kind.chars().count());
    let is_bracketed = matches!(chars.get(end), Some('(' | '﹝'));
    end += usize::from(is_bracketed);
    let year = dates::year(chars.get(end..)?);
    if let Some((_, length)) = year {
        end += length;
        end += usize::from(chars.get(end) == Some(&'年'));
        if is_bracketed && !matches!(chars.get(end), Some(')' | '﹞')) {
            return None;
        }
        end += usize::from(is_bracketed);
    } else if is_bracketed {
        return None;
    }
    let has_di = chars.get(end) == Some(&'第');
    end += usize::from(has_di);
    let (serial, length) = serial(chars.get(end..)?)?;
    end += length;
    if chars.get(end) != Some(&'号') {
        return None;
    }
    end += 1;
    let kind = match before {
        Some(kind) => kind,
        None => {
            let kind = kind_at(&chars[end..])?;
            // 5号令 is an order, 5号公告牌 may be anything.
            if !has_di && year.is_none() && kind != "令" {
                return None;
            }
            end += kind.chars().count();
            kind
        }
    };
    let texts = match year {
        Some((year, _)) => of_announcement(kind, year, serial),
        None => of_order(kind, serial),
    };
    Some(Item::of_numbers(end, VariantKind::DocumentNumber, texts))
}

fn of_announcement(kind: &str, year: u64, serial: u64) -> Vec<String> {
    let han_serial = numeral::to_chinese(serial, Two::Er).unwrap_or_default();
    let mut texts = vec![
        format!("{kind}{year}年第{serial}号"),
        format!("{year}年第{serial}号{kind}"),
        format!("{kind}〔{year}〕第{serial}号"),
        format!("{kind}〔{year}〕{serial}号"),
        format!("{kind}{year}年{serial}号"),
        format!("{year}年{serial}号{kind}"),
        format!("{kind}﹝{year}﹞{serial}号"),
        format!("{kind}{year}第{serial}号"),
        format!("{kind}({year}年第{serial}号)"),
    ];
    for zero in ['〇', '零'] {
        let Some(year) = numeral::to_positional(&year.to_string(), zero) else { continue };
        texts.push(format!("{kind}{year}年第{han_serial}号"));
        texts.push(format!("{year}年第{han_serial}号{kind}"));
    }
    texts
}

fn of_order(kind: &str, serial: u64) -> Vec<String> {
    let han_serial = numeral::to_chinese(serial, Two::Er).unwrap_or_default();
    vec![
        format!("{kind}第{serial}号"),
        format!("第{serial}号{kind}"),
        format!("{kind}第{han_serial}号"),
        format!("第{han_serial}号{kind}"),
        format!("{kind}{serial}号"),
        format!("{kind}(第{serial}号)"),
    ]
}
