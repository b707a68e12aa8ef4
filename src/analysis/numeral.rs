//! Chinese numerals ⇄ numbers: 五百七十七 = 577, 二〇二二 = 2022.
//!
//! Only whole, well-formed numerals are read: what could mean two things
//! (一百五, 三四十) is `None`. Finding numerals inside a text, and which
//! spellings stand for the same thing, is `super::variants`' work.

/// The value of a digit character, 0–9: everyday (一, 两), zero in its three
/// forms (〇 ○ 零) and the forms used on cheques (壹).
pub fn digit(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '○' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' | '兩' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// 十, 百 or 千 as a number.
fn small_unit(c: char) -> Option<u64> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

/// 万 or 亿 as a number.
pub fn large_unit(c: char) -> Option<u64> {
    match c {
        '万' | '萬' => Some(10_000),
        '亿' | '億' => Some(100_000_000),
        _ => None,
    }
}

/// Whether the character can be part of a Chinese numeral.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || small_unit(c).is_some() || large_unit(c).is_some()
}

/// Reads a whole number in ASCII digits or in Chinese, cardinal (五百七十七) or
/// digit by digit (二〇二二).
pub fn parse(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    parse_cardinal(text).or_else(|| parse_positional(text))
}

/// Reads a number written digit by digit: 二〇二二 is 2022. Two digits at least.
pub fn parse_positional(text: &str) -> Option<u64> {
    let mut value: u64 = 0;
    let mut count = 0;
    for c in text.chars() {
        if matches!(c, '两' | '兩') {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit(c)?))?;
        count += 1;
    }
    (count >= 2).then_some(value)
}

/// Reads a cardinal: 十五, 一百零五, 两千, 三万五千, 二百五十万, 三万亿, also 零.
///
/// `None` for whatever is not well formed, and for what is only spoken (一百五).
pub fn parse_cardinal(text: &str) -> Option<u64> {
    if matches!(text, "零" | "〇" | "○") {
        return Some(0);
    }
    let chars: Vec<char> = text.chars().collect();
    // The longest numeral below 10^16 has some 25 characters.
    if chars.is_empty() || chars.len() > 40 {
        return None;
    }
    let yi = chars.iter().rposition(|&c| matches!(c, '亿' | '億'));
    let Some(at) = yi else { return parse_below_yi(&chars, true) };
    let high = parse_below_yi(&chars[..at], true).filter(|&high| high > 0)?;
    let rest = &chars[at + 1..];
    let low = if rest.is_empty() { 0 } else { parse_below_yi(rest, false)? };
    high.checked_mul(100_000_000)?.checked_add(low)
}

/// A numeral below 10^8. `leads`: nothing stands before it.
fn parse_below_yi(chars: &[char], leads: bool) -> Option<u64> {
    let wan = chars.iter().rposition(|&c| matches!(c, '万' | '萬'));
    let Some(at) = wan else { return parse_below_wan(chars, leads) };
    let high = parse_below_wan(&chars[..at], leads)?;
    let rest = &chars[at + 1..];
    let low = if rest.is_empty() { 0 } else { parse_below_wan(rest, false)? };
    (high > 0).then(|| high * 10_000 + low)
}

/// A numeral below 10^4. One that does not lead may begin with a zero, and is
/// no bare digit without it: 一万零五, not 一万五.
fn parse_below_wan(chars: &[char], leads: bool) -> Option<u64> {
    let mut value = 0;
    let mut unit_before = if leads { 10_000 } else { 100_000 };
    let mut rest = chars;
    let mut after_zero = false;
    if !leads && rest.first().is_some_and(|&c| digit(c) == Some(0)) {
        after_zero = true;
        rest = &rest[1..];
    }
    if rest.is_empty() {
        return None;
    }
    while let Some((&first, tail)) = rest.split_first() {
        let ten_alone = matches!(first, '十' | '拾');
        let (count, unit, tail) = if ten_alone && unit_before > 10 {
            (1, 10, tail)
        } else {
            let count = u64::from(digit(first).filter(|&count| count > 0)?);
            match tail.split_first() {
                Some((&unit, tail)) if small_unit(unit).is_some() => (count, small_unit(unit)?, tail),
                _ => (count, 1, tail),
            }
        };
        let skipped_places = unit * 10 != unit_before;
        let leading = value == 0 && leads;
        // A single digit is units only next to 十 or behind a zero.
        if unit >= unit_before || (unit == 1 && skipped_places && !leading && !after_zero) {
            return None;
        }
        value += count * unit;
        unit_before = unit;
        after_zero = false;
        rest = tail;
        if let Some((&zero, tail)) = rest.split_first()
            && digit(zero) == Some(0)
        {
            after_zero = true;
            rest = tail;
            if rest.is_empty() || unit <= 10 {
                return None;
            }
        }
    }
    Some(value)
}

/// How the digit 2 is written before 百, 千, 万 and 亿.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Two {
    /// 二千二百: as in laws.
    Er,
    /// 两千二百: 两 at the head only.
    LiangFirst,
    /// 两千两百: 两 wherever it is usual.
    Liang,
}

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The cardinal of a number below 10^16, the zero inside as 零: 一百零五, 十五.
/// `None` above that.
pub fn to_chinese(value: u64, two: Two) -> Option<String> {
    if value >= 10_000_000_000_000_000 {
        return None;
    }
    if value == 0 {
        return Some("零".to_owned());
    }
    let mut text = String::new();
    push_groups(&mut text, value, two);
    // 一十五 is written 十五 at the head of a number.
    if let Some(rest) = text.strip_prefix("一十") {
        text = format!("十{rest}");
    }
    Some(text)
}

fn push_groups(text: &mut String, value: u64, two: Two) {
    for (unit, name) in [(100_000_000, '亿'), (10_000, '万')] {
        if value < unit {
            continue;
        }
        push_groups(text, value / unit, two);
        let last_is_bare_two = text.ends_with('二') && value / unit % 10 == 2;
        if last_is_bare_two && text.chars().count() == 1 && two != Two::Er {
            text.pop();
            text.push('两');
        }
        text.push(name);
        let rest = value % unit;
        if rest == 0 {
            return;
        }
        if rest < unit / 10 {
            text.push('零');
        }
        return push_groups(text, rest, two);
    }
    push_small(text, value, two);
}

/// `value` below 10^4, behind whatever `text` holds already.
fn push_small(text: &mut String, value: u64, two: Two) {
    let mut zero_due = false;
    let mut wrote = false;
    for (unit, name) in [(1000, Some('千')), (100, Some('百')), (10, Some('十')), (1, None)] {
        let count = value / unit % 10;
        if count == 0 {
            zero_due = wrote;
            continue;
        }
        if zero_due {
            text.push('零');
            zero_due = false;
        }
        let liang_is_usual = unit >= 100;
        let liang = match two {
            Two::Er => false,
            Two::LiangFirst => liang_is_usual && text.is_empty(),
            Two::Liang => liang_is_usual,
        };
        text.push(if count == 2 && liang { '两' } else { DIGITS[count as usize] });
        text.extend(name);
        wrote = true;
    }
}

/// The digits one by one: 2022 is 二〇二二; `zero` is 〇 or 零.
pub fn to_positional(digits: &str, zero: char) -> Option<String> {
    let mut text = String::with_capacity(digits.len() * 3);
    for byte in digits.bytes() {
        let value = byte.checked_sub(b'0').filter(|&value| value <= 9)?;
        text.push(if value == 0 { zero } else { DIGITS[value as usize] });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_well_formed_cardinals() {
        let table = [
            ("零", 0),
            ("五", 5),
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("九十九", 99),
            ("一百零五", 105),
            ("一百〇五", 105),
            ("一百一十", 110),
            ("一百十二", 112),
            ("五百七十七", 577),
            ("一千零五十", 1050),
            ("一千二百六十", 1260),
            ("两千", 2000),
            ("一万", 10_000),
            ("十万", 100_000),
            ("一万零五百", 10_500),
            ("一万五百", 10_500),
            ("三万五千", 35_000),
            ("五百万", 5_000_000),
            ("二百五十万", 2_500_000),
            ("一亿五千万", 150_000_000),
            ("一亿零三百万", 103_000_000),
            ("三万亿", 3_000_000_000_000),
            ("伍佰", 500),
        ];
        for (text, value) in table {
            assert_eq!(parse_cardinal(text), Some(value), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_cardinal_or_means_two_things() {
        for text in [
            "",
            "一百五",
            "一万五",
            "三四十",
            "十四五",
            "十十",
            "万一",
            "千万",
            "百七十",
            "二〇二二",
            "一一",
            "五零",
            "一百零",
            "一千零零五",
            "零五",
            "十百",
            "一百二百",
            "五百千",
            "亿",
            "一千零",
            "一亿万",
        ] {
            assert_eq!(parse_cardinal(text), None, "{text}");
        }
    }

    #[test]
    fn reads_digit_by_digit() {
        assert_eq!(parse_positional("二〇二二"), Some(2022));
        assert_eq!(parse_positional("二○二二"), Some(2022));
        assert_eq!(parse_positional("一九四九"), Some(1949));
        assert_eq!(parse_positional("二"), None);
        assert_eq!(parse_positional("二十"), None);
        assert_eq!(parse("２０"), None);
        assert_eq!(parse("0577"), Some(577));
        assert_eq!(parse("99999999999999999999999999"), None);
    }

    #[test]
    fn writes_cardinals() {
        let table = [
            (0, "零"),
            (5, "五"),
            (10, "十"),
            (15, "十五"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (115, "一百一十五"),
            (577, "五百七十七"),
            (1005, "一千零五"),
            (2000, "二千"),
            (2022, "二千零二十二"),
            (10_500, "一万零五百"),
            (100_000, "十万"),
            (110_010, "十一万零一十"),
            (5_000_000, "五百万"),
            (20_000_000, "二千万"),
            (103_000_000, "一亿零三百万"),
            (100_000_005, "一亿零五"),
            (1_200_000_000_000, "一万二千亿"),
        ];
        for (value, text) in table {
            assert_eq!(to_chinese(value, Two::Er).as_deref(), Some(text), "{value}");
        }
        assert_eq!(to_chinese(10_000_000_000_000_000, Two::Er), None);
        assert_eq!(to_chinese(2200, Two::LiangFirst).as_deref(), Some("两千二百"));
        assert_eq!(to_chinese(2200, Two::Liang).as_deref(), Some("两千两百"));
        assert_eq!(to_chinese(22_000, Two::LiangFirst).as_deref(), Some("两万二千"));
        assert_eq!(to_chinese(22_000, Two::Liang).as_deref(), Some("两万两千"));
        assert_eq!(to_chinese(20, Two::Liang).as_deref(), Some("二十"));
        assert_eq!(to_chinese(120_000, Two::Liang).as_deref(), Some("十二万"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for value in (0..100_000).chain((0..2000).map(|step| step * 7_654_321_013)) {
            for two in [Two::Er, Two::LiangFirst, Two::Liang] {
                let text = to_chinese(value, two).expect("below 10^16");
                assert_eq!(parse_cardinal(&text), Some(value), "{text}");
            }
        }
    }

    #[test]
    fn writes_digit_by_digit() {
        assert_eq!(to_positional("2022", '〇').as_deref(), Some("二〇二二"));
        assert_eq!(to_positional("2022", '零').as_deref(), Some("二零二二"));
        assert_eq!(to_positional("20a", '零'), None);
    }
}
