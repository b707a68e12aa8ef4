//! Numbers: amounts (500万元), percentages, fractions, ordinals (第577条) and
//! ranges of them.

use crate::analysis::numeral::{self, Two};

use super::boundary::{Boundary, Right};
use super::{Item, Reading, Spelling, VariantKind};

/// Longest run of digits that is an amount and no code.
const MAX_DIGITS: usize = 14;

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

/// A number: `mantissa` ÷ 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount {
    mantissa: u64,
    scale: u32,
    is_ascii: bool,
    /// Written with 万 or 亿 behind digits, or in groups of three.
    is_plain: bool,
}

impl Amount {
    fn whole(self) -> Option<u64> {
        (self.scale == 0).then_some(self.mantissa)
    }

    fn times(self, factor: u64) -> Option<Self> {
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

pub(super) fn read(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    read_ordinal(before, chars)
        .or_else(|| read_range(chars))
        .or_else(|| read_percentage(chars))
        .or_else(|| read_fraction(chars))
        .or_else(|| read_amount(reading, at))
}

fn is_numeral(c: char) -> bool {
    numeral::is_numeral(c)
}

/// ASCII digits, plain or grouped by three, and a decimal fraction.
fn ascii_number(chars: &[char]) -> Option<(Amount, usize)> {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 || end > MAX_DIGITS || chars.get(end).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let mut is_plain = true;
    let mut text: String = chars[..end].iter().collect();
    if end <= 3 {
        while matches!(chars.get(end), Some(',' | ' ')) && end + 1 < chars.len() && digits(end + 1) == 3 && end < 20 {
            if chars.get(end + 4).is_some_and(char::is_ascii_alphabetic) {
                break;
            }
            text.extend(&chars[end + 1..end + 4]);
            end += 4;
            is_plain = false;
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
    let mut amount = Amount { mantissa: text.parse().ok()?, scale: 0, is_ascii: true, is_plain };
    amount.scale = scale as u32;
    Some((amount.times(1)?, end))
}

/// A Chinese numeral, 点 and decimals included.
fn chinese_number(chars: &[char]) -> Option<(Amount, usize)> {
    let end = chars.iter().take_while(|&&c| is_numeral(c)).count();
    let text: String = chars[..end].iter().collect();
    let has_decimals =
        chars.get(end) == Some(&'点') && chars.get(end + 1).is_some_and(|&c| numeral::digit(c).is_some());
    let value = numeral::parse_cardinal(&text)
        .or_else(|| numeral::parse_positional(&text).filter(|_| end >= 4 || text.contains(['〇', '零'])))?;
    let amount = Amount { mantissa: value, scale: 0, is_ascii: false, is_plain: true };
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
fn amount(chars: &[char]) -> Option<(Amount, usize)> {
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
    amount.is_plain = false;
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
                    (Amount { mantissa: 100, scale: 0, is_ascii: false, is_plain: true }, 1)
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
    let mut texts = vec![format!("{}{sign}", decimal(amount, '.', None))];
    for chinese in chinese_spellings(amount) {
        texts.push(format!("{per}分之{chinese}"));
    }
    if amount.mantissa == 100 && amount.scale == 0 {
        texts.push(format!("{per}分之百"));
    }
    texts.push(format!("{per}分之{}", decimal(amount, '.', None)));
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
    Some((Amount { mantissa, scale: 0, is_ascii: true, is_plain: true }, end))
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

/// A number's spellings. `counts`: a measure follows, before which 2 is 两.
fn spellings(amount: Amount, counts: bool) -> Vec<String> {
    let mut texts = Vec::new();
    let mut add = |text: String| {
        if !texts.contains(&text) {
            texts.push(text);
        }
    };
    add(decimal(amount, '.', None));
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
        add(format!("{}{name}", decimal(count, '.', None)));
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
fn chinese_spellings(amount: Amount) -> Vec<String> {
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
fn formal(value: u64) -> Option<String> {
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
fn decimal(amount: Amount, point: char, group: Option<char>) -> String {
    let power = 10_u64.pow(amount.scale.min(9));
    let whole = amount.mantissa / power;
    let whole = group.map_or_else(|| whole.to_string(), |group| grouped(whole, group));
    if amount.scale == 0 {
        return whole;
    }
    format!("{whole}{point}{:0width$}", amount.mantissa % power, width = amount.scale as usize)
}

/// Digits in groups of three.
fn grouped(value: u64, separator: char) -> String {
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
