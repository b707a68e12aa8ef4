//! Numbers: amounts (500万元), percentages, fractions, ordinals (第577条) and
//! ranges of them.

use crate::analysis::numeral::{self, Two};

use super::amount::{
    Amount, amount, ascii_number, chinese_number, chinese_spellings, decimal, formal, grouped, is_numeral, spellings,
};
use super::boundary::{Boundary, Right};
use super::{Item, Reading, Spelling, VariantKind};

/// What stands behind a number that counts something. Without one of them (or
/// 第 before it) a Chinese numeral inside a text may be part of a word: 统一, 四川.
const UNITS: &[&str] = &[
    "元",
    "角",
    "万元",
    "亿元",
    "美元",
    "欧元",
    "港元",
    "人",
    "名",
    "位",
    "个",
    "户",
    "家",
    "件",
    "份",
    "项",
    "条",
    "款",
    "章",
    "节",
    "目",
    "编",
    "篇",
    "页",
    "年",
    "世纪",
    "年代",
    "月",
    "日",
    "天",
    "周",
    "号",
    "小时",
    "分钟",
    "秒",
    "时",
    "工作日",
    "倍",
    "次",
    "届",
    "期",
    "批",
    "级",
    "类",
    "种",
    "岁",
    "季度",
    "台",
    "辆",
    "座",
    "栋",
    "套",
    "层",
    "间",
    "所",
    "处",
    "亩",
    "公顷",
    "平方",
    "立方",
    "公里",
    "千米",
    "米",
    "厘米",
    "毫米",
    "吨",
    "公斤",
    "千克",
    "克",
    "千瓦",
    "兆瓦",
    "万千瓦",
    "度",
    "摄氏度",
    "升",
    "股",
    "票",
    "字",
    "册",
    "本",
    "场",
    "起",
    "宗",
    "例",
    "门",
    "支",
    "艘",
    "架",
    "头",
    "只",
    "株",
    "棵",
    "张",
    "枚",
    "点",
    "成",
    "学时",
    "课时",
    "学年",
    "代",
    "大",
    "线",
    "等",
    "折",
    "环",
    "区",
    "省",
    "市",
    "县",
];

pub(super) fn read(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    read_ordinal(before, chars)
        .or_else(|| read_range(chars))
        .or_else(|| read_percentage(chars))
        .or_else(|| read_fraction(chars))
        .or_else(|| read_amount(reading, at))
}

/// 第577条: the number behind 第.
fn read_ordinal(before: Option<char>, chars: &[char]) -> Option<Item> {
    if chars.first() != Some(&'第') {
        return None;
    }
    let number = &chars[1..];
    let (amount, length) =
        if number.first().is_some_and(|&c| is_numeral(c)) { chinese_number(number)? } else { ascii_number(number)? };
    let value = amount.whole()?;
    let mut texts = vec![format!("第{}", numeral::to_chinese(value, Two::Er)?), format!("第{value}")];
    if value >= 1000 {
        texts.push(format!("第{}", grouped(value, ',')));
    }
    // 民法典第577条 is 《民法典》第577条.
    if before.is_some_and(|c| matches!(c, '法' | '典' | '例')) {
        let marked: Vec<String> = texts[..2].iter().map(|text| format!("》{text}")).collect();
        texts.extend(marked);
    }
    Some(Item::of_numbers(1 + length, VariantKind::Ordinal, texts))
}

/// 30%, 百分之三十, 千分之五, 5‰.
fn read_percentage(chars: &[char]) -> Option<Item> {
    let (amount, length, per) = match chars {
        ['百' | '千', '分', '之', rest @ ..] => {
            let per = chars[0];
            let (amount, length) = match rest {
                ['百', ..] if !rest.get(1).is_some_and(|&c| is_numeral(c)) => {
                    (Amount { mantissa: 100, scale: 0, is_ascii: false }, 1)
                }
                _ => amount(rest)?,
            };
            (amount, 3 + length, per)
        }
        _ => {
            let (amount, length) = ascii_number(chars)?;
            match chars.get(length)? {
                '%' => (amount, length + 1, '百'),
                '‰' => (amount, length + 1, '千'),
                _ => return None,
            }
        }
    };
    let sign = if per == '百' { '%' } else { '‰' };
    let mut texts = vec![format!("{}{sign}", decimal(amount))];
    for chinese in chinese_spellings(amount) {
        texts.push(format!("{per}分之{chinese}"));
    }
    if amount.mantissa == 100 && amount.scale == 0 {
        texts.push(format!("{per}分之百"));
    }
    texts.push(format!("{per}分之{}", decimal(amount)));
    Some(Item::of_numbers(length, VariantKind::Percentage, texts))
}

/// 三分之二, 3分之2, 2/3.
fn read_fraction(chars: &[char]) -> Option<Item> {
    let (first, length) =
        if chars.first().is_some_and(|&c| is_numeral(c)) { chinese_number(chars)? } else { fraction_digits(chars)? };
    let (is_slash, skipped) = match chars[length..] {
        ['/', ..] => (true, 1),
        ['分', '之', ..] => (false, 2),
        _ => return None,
    };
    let rest = &chars[length + skipped..];
    let (second, rest_length) = if rest.first().is_some_and(|&c| is_numeral(c)) && !is_slash {
        chinese_number(rest)?
    } else {
        fraction_digits(rest)?
    };
    let end = length + skipped + rest_length;
    let goes_on = chars.get(end).is_some_and(|&c| matches!(c, '/' | '.') || c.is_ascii_alphanumeric());
    let (first, second) = (first.whole()?, second.whole()?);
    let (part, whole) = if is_slash { (first, second) } else { (second, first) };
    if goes_on || !(2..=10_000).contains(&whole) || !(1..=10_000).contains(&part) {
        return None;
    }
    let chinese = format!("{}分之{}", numeral::to_chinese(whole, Two::Er)?, numeral::to_chinese(part, Two::Er)?);
    let mut item = Item::of_numbers(end, VariantKind::Fraction, [chinese, format!("{whole}分之{part}")]);
    item.spellings.push(Spelling { text: format!("{part}/{whole}"), boundary: Boundary::of_code() });
    Some(item)
}

fn fraction_digits(chars: &[char]) -> Option<(Amount, usize)> {
    let end = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    if !(1..=5).contains(&end) || chars[0] == '0' || chars.get(end).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let mantissa = chars[..end].iter().collect::<String>().parse().ok()?;
    Some((Amount { mantissa, scale: 0, is_ascii: true }, end))
}

/// 3至5年, 3-5个工作日, 三年至五年, 10%-20%.
fn read_range(chars: &[char]) -> Option<Item> {
    let (low, low_length) = range_number(chars)?;
    let (between, separator) = separator_at(&chars[low_length..])?;
    let (high, high_length) = range_number(&chars[low_length + separator..])?;
    let end = low_length + separator + high_length;
    let rest = &chars[end..];
    let unit = between.or_else(|| unit_at(rest))?;
    let repeats = rest.starts_with(&unit.chars().collect::<Vec<_>>()[..]);
    if high <= low || !repeats || rest.first().is_some_and(|&c| is_numeral(c)) {
        return None;
    }
    let (a, b) = (low.to_string(), high.to_string());
    let (han_a, han_b) = (numeral::to_chinese(low, Two::Er)?, numeral::to_chinese(high, Two::Er)?);
    let mut texts = Vec::new();
    for between in ["至", "-", "—", "到", "~", "–"] {
        texts.push(format!("{a}{between}{b}"));
        texts.push(format!("{a}{unit}{between}{b}"));
        if matches!(between, "至" | "到") && unit != "%" {
            texts.push(format!("{han_a}{between}{han_b}"));
            texts.push(format!("{han_a}{unit}{between}{han_b}"));
        }
    }
    if unit == "%" {
        texts.extend(["至", "到"].map(|between| format!("百分之{han_a}{between}百分之{han_b}")));
        let mut item = Item::of_numbers(end + 1, VariantKind::Range, texts);
        let with_sign = |text: &str| !text.contains('分');
        item.spellings.iter_mut().filter(|spelling| with_sign(&spelling.text)).for_each(|spelling| {
            spelling.text.push('%');
            spelling.boundary.right = Right::Free;
        });
        return Some(item);
    }
    Some(Item::of_numbers(end, VariantKind::Range, texts))
}

fn range_number(chars: &[char]) -> Option<(u64, usize)> {
    if chars.first().is_some_and(|&c| is_numeral(c)) {
        let (amount, length) = chinese_number(chars)?;
        return Some((amount.whole()?, length));
    }
    let end = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    if !(1..=8).contains(&end) || chars[0] == '0' || chars.get(end).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    Some((chars[..end].iter().collect::<String>().parse().ok()?, end))
}

/// What joins two numbers, with the unit before it if one is repeated (三年至五年).
fn separator_at(chars: &[char]) -> Option<(Option<&'static str>, usize)> {
    let unit = unit_at(chars).filter(|unit| *unit != "点");
    let skipped = unit.map_or(0, |unit| unit.chars().count());
    match chars[skipped..] {
        ['—', '—', ..] => Some((unit, skipped + 2)),
        ['至' | '到' | '-' | '—' | '–' | '~', ..] => Some((unit, skipped + 1)),
        _ => None,
    }
}

/// The longest unit at the head of `chars`.
fn unit_at(chars: &[char]) -> Option<&'static str> {
    if let Some('%') = chars.first() {
        return Some("%");
    }
    let fits = |unit: &&&str| unit.chars().eq(chars.iter().copied().take(unit.chars().count()));
    UNITS.iter().filter(fits).max_by_key(|unit| unit.len()).copied()
}

fn read_amount(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    if before.is_some_and(|c| matches!(c, '-' | '.' | '/' | ':') || c.is_ascii_alphabetic()) {
        return None;
    }
    let (amount, length) = amount(chars)?;
    let unit = unit_at(&chars[length..]);
    let is_all = at == 0 && length == chars.len();
    let written = &chars[..length];
    // 2.0 is a version or a score rather than 2; 2.0万元 is 2万元.
    if written.contains(&'.')
        && amount.whole().is_some()
        && !written.iter().any(|&c| is_numeral(c))
        && unit != Some("元")
    {
        return None;
    }
    // 十 alone stands in half of all sections, mostly inside another number.
    if is_all && amount.whole().is_some_and(|value| value <= 10) {
        return None;
    }
    if !amount.is_ascii {
        // One or two characters alone are more often part of a word.
        let is_number = unit.is_some() || is_all && length >= 2 || length >= 4;
        if !is_number {
            return None;
        }
    }
    let counts = unit.is_some_and(|unit| !matches!(unit, "月" | "日" | "号" | "条" | "款" | "项" | "章"));
    let mut texts = spellings(amount, counts);
    if chars.get(length) == Some(&'元') {
        texts.extend(amount.whole().and_then(formal));
    }
    if is_all && let Some(year @ 1900..=2099) = amount.whole() {
        let year = year.to_string();
        texts.splice(0..0, ['〇', '零'].into_iter().filter_map(|zero| numeral::to_positional(&year, zero)));
        texts.push(year);
    }
    Some(Item::of_numbers(length, VariantKind::Number, texts))
}
