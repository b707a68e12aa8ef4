//! One number: its value, read from digits or Chinese numerals, and the ways to
//! write it.

use crate::analysis::numeral::{self, Two};

/// Longest run of digits that is an amount and no code.
const MAX_DIGITS: usize = 14;

/// A number: `mantissa` ÷ 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub mantissa: u64,
    pub scale: u32,
    pub is_ascii: bool,
}

impl Amount {
    pub fn whole(self) -> Option<u64> {
        (self.scale == 0).then_some(self.mantissa)
    }

    pub fn times(self, factor: u64) -> Option<Self> {
        let mut mantissa = u128::from(self.mantissa) * u128::from(factor);
        let mut scale = self.scale;
        while scale > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            scale -= 1;
        }
        let mantissa = u64::try_from(mantissa).ok().filter(|&mantissa| mantissa < 10_000_000_000_000_000)?;
        Some(Amount { mantissa, scale, ..self })
    }
}

pub(super) fn is_numeral(c: char) -> bool {
    numeral::is_numeral(c)
}

/// ASCII digits, plain or grouped by three, and a decimal fraction.
pub(super) fn ascii_number(chars: &[char]) -> Option<(Amount, usize)> {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 || end > MAX_DIGITS || chars.get(end).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let mut text: String = chars[..end].iter().collect();
    if end <= 3 {
        while matches!(chars.get(end), Some(',' | ' ')) && end + 1 < chars.len() && digits(end + 1) == 3 && end < 20 {
            if chars.get(end + 4).is_some_and(char::is_ascii_alphabetic) {
                break;
            }
            text.extend(&chars[end + 1..end + 4]);
            end += 4;
        }
    }
    let mut scale = 0;
    if chars.get(end) == Some(&'.') && end + 1 < chars.len() && (1..=6).contains(&digits(end + 1)) {
        scale = digits(end + 1);
        text.extend(&chars[end + 1..end + 1 + scale]);
        end += 1 + scale;
    }
    // 007 and 010-8888 are no amounts, 1.2.3 and 3/5 neither.
    let leads_with_zero = chars[0] == '0' && end > 1 && chars[1] != '.';
    let goes_on = chars.get(end).is_some_and(|c| {
        c.is_ascii_alphabetic()
            || matches!(c, '-' | '/' | '.' | ':' | ',') && chars.get(end + 1).is_some_and(char::is_ascii_alphanumeric)
    });
    if leads_with_zero || goes_on || text.len() > 16 {
        return None;
    }
    let mut amount = Amount { mantissa: text.parse().ok()?, scale: 0, is_ascii: true };
    amount.scale = scale as u32;
    Some((amount.times(1)?, end))
}

/// A Chinese numeral, 点 and decimals included.
pub(super) fn chinese_number(chars: &[char]) -> Option<(Amount, usize)> {
    let end = chars.iter().take_while(|&&c| is_numeral(c)).count();
    let text: String = chars[..end].iter().collect();
    let has_decimals =
        chars.get(end) == Some(&'点') && chars.get(end + 1).is_some_and(|&c| numeral::digit(c).is_some());
    let value = numeral::parse_cardinal(&text)
        .or_else(|| numeral::parse_positional(&text).filter(|_| end >= 4 || text.contains(['〇', '零'])))?;
    let amount = Amount { mantissa: value, scale: 0, is_ascii: false };
    if !has_decimals {
        return amount.times(1).map(|amount| (amount, end));
    }
    let decimals: Vec<u8> = chars[end + 1..].iter().map_while(|&c| numeral::digit(c)).take(6).collect();
    let scale = decimals.len();
    let mantissa = decimals.iter().try_fold(value, |value, &digit| value.checked_mul(10)?.checked_add(digit.into()))?;
    let mut total = Amount { mantissa, scale: scale as u32, ..amount }.times(1)?;
    let mut end = end + 1 + scale;
    // 一点五亿: what stands behind the decimals multiplies.
    let unit = chars[end..].iter().take_while(|&&c| numeral::large_unit(c).is_some()).count();
    for &c in &chars[end..end + unit] {
        total = total.times(numeral::large_unit(c)?)?;
    }
    end += unit;
    if chars.get(end).is_some_and(|&c| is_numeral(c)) {
        return None;
    }
    Some((total, end))
}

/// A number with what multiplies it: 500万, 1亿5000万.
pub(super) fn amount(chars: &[char]) -> Option<(Amount, usize)> {
    if chars.first().is_some_and(|&c| is_numeral(c)) {
        return chinese_number(chars);
    }
    let (mut amount, mut end) = ascii_number(chars)?;
    let mut factor: u64 = 1;
    while let Some(unit) = chars.get(end).and_then(|&c| multiplier(c)) {
        factor = factor.checked_mul(unit)?;
        end += 1;
    }
    if factor == 1 {
        return Some((amount, end));
    }
    amount = amount.times(factor)?;
    if chars.get(end).is_some_and(char::is_ascii_digit) {
        let (rest, length) = self::amount(&chars[end..])?;
        let (high, low) = (amount.whole()?, rest.whole()?);
        return (low < factor).then_some((Amount { mantissa: high.checked_add(low)?, ..amount }, end + length));
    }
    // 5百五 and the like.
    if chars.get(end).is_some_and(|&c| is_numeral(c)) { None } else { Some((amount, end)) }
}

fn multiplier(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        c => numeral::large_unit(c),
    }
}

/// A number's spellings. `counts`: a measure follows, before which 2 is 两.
pub(super) fn spellings(amount: Amount, counts: bool) -> Vec<String> {
    let mut texts = Vec::new();
    let mut add = |text: String| {
        if !texts.contains(&text) {
            texts.push(text);
        }
    };
    add(decimal(amount));
    let Some(value) = amount.whole() else {
        chinese_spellings(amount).into_iter().for_each(&mut add);
        return texts;
    };
    chinese_spellings(amount).into_iter().for_each(&mut add);
    if value == 2 && counts {
        add("两".to_owned());
    }
    if value >= 1000 {
        add(grouped(value, ','));
        add(grouped(value, ' '));
    }
    // 500万; 1.5万 and 0.5亿 with at most two decimals.
    for (unit, name, least) in [(10_000, '万', 10_000), (100_000_000, '亿', 10_000_000)] {
        if value < least || !value.is_multiple_of(unit / 100) {
            continue;
        }
        let count = Amount { mantissa: value / (unit / 100), scale: 2, ..amount }.times(1);
        let Some(count) = count else { continue };
        add(format!("{}{name}", decimal(count)));
        if let Some(whole) = count.whole().filter(|&whole| whole >= 1000) {
            add(format!("{}{name}", grouped(whole, ',')));
            add(format!("{}{name}", grouped(whole, ' ')));
        }
        if count.scale > 0 {
            for chinese in chinese_spellings(count) {
                add(format!("{chinese}{name}"));
            }
        }
    }
    for (unit, name) in [(1000, "千"), (1_000_000, "百万"), (10_000_000, "千万")] {
        if value.is_multiple_of(unit) && (1..10).contains(&(value / unit)) {
            add(format!("{}{name}", value / unit));
        }
    }
    texts
}

/// The Chinese spellings of a number: 两千二百, 二千二百; 三十点五.
pub(super) fn chinese_spellings(amount: Amount) -> Vec<String> {
    let power = 10_u64.pow(amount.scale.min(9));
    let mut texts: Vec<String> = Vec::new();
    for two in [Two::LiangFirst, Two::Er, Two::Liang] {
        let Some(mut text) = numeral::to_chinese(amount.mantissa / power, two) else { continue };
        if amount.scale > 0 {
            let digits = format!("{:0width$}", amount.mantissa % power, width = amount.scale as usize);
            let Some(decimals) = numeral::to_positional(&digits, '零') else { continue };
            text.push('点');
            text.push_str(&decimals);
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// A whole number as cheques have it: 贰仟.
pub(super) fn formal(value: u64) -> Option<String> {
    const FORMAL: &[(char, char)] = &[
        ('一', '壹'),
        ('二', '贰'),
        ('三', '叁'),
        ('四', '肆'),
        ('五', '伍'),
        ('六', '陆'),
        ('七', '柒'),
        ('八', '捌'),
        ('九', '玖'),
        ('十', '拾'),
        ('百', '佰'),
        ('千', '仟'),
    ];
    let text = numeral::to_chinese(value, Two::Er)?;
    let text = if text.starts_with('十') { format!("一{text}") } else { text };
    let formal = |c| FORMAL.iter().find(|(plain, _)| *plain == c).map_or(c, |(_, formal)| *formal);
    Some(text.chars().map(formal).collect())
}

/// A number in digits.
pub(super) fn decimal(amount: Amount) -> String {
    let power = 10_u64.pow(amount.scale.min(9));
    let whole = amount.mantissa / power;
    if amount.scale == 0 {
        return whole.to_string();
    }
    format!("{whole}.{:0width$}", amount.mantissa % power, width = amount.scale as usize)
}

/// Digits in groups of three.
pub(super) fn grouped(value: u64, separator: char) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(c);
    }
    text
}
