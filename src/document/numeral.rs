//! Numbers as documents write them (十二, 二〇二三, １２), read from the front of
//! a string. Only what labels, dates and document numbers need: no fractions, no
//! 亿.

/// The value of one decimal digit: ASCII, full-width or Chinese.
pub(crate) fn digit(c: char) -> Option<u32> {
    let value = match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '零' | '〇' | '○' | 'Ｏ' | '◯' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    };
    Some(value)
}

/// Whether it is an ASCII or full-width digit.
pub(crate) fn is_arabic(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The value of a unit: 十 百 千 万.
fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        '万' => Some(10_000),
        _ => None,
    }
}

/// Whether a Chinese number can hold it.
pub(crate) fn is_han_numeral(c: char) -> bool {
    !is_arabic(c) && (digit(c).is_some() || unit(c).is_some())
}

/// Reads ASCII or full-width digits at the start of `text`: the value and the
/// bytes read. At most nine digits.
pub(crate) fn arabic_number(text: &str) -> Option<(u32, usize)> {
    let mut value = 0u32;
    let mut end = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if !is_arabic(c) {
            break;
        }
        if count == 9 {
            return None;
        }
        value = value * 10 + digit(c)?;
        end = at + c.len_utf8();
    }
    (end > 0).then_some((value, end))
}

/// Reads a Chinese number at the start of `text`, with units (一百二十三) or digit
/// by digit (二〇二三): the value and the bytes read.
pub(crate) fn han_number(text: &str) -> Option<(u32, usize)> {
    // `done` holds what stands before 万, `total` the rest, `last` the open digit.
    let (mut done, mut total, mut last) = (0u32, 0u32, None::<u32>);
    let mut has_unit = false;
    let mut end = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if is_arabic(c) || count == 12 {
            break;
        }
        if let Some(digit) = digit(c) {
            // 二〇二三: digits stand side by side. 一百零三: the zero only holds a place.
            last = match last {
                Some(before) if !has_unit => Some(before.checked_mul(10)?.checked_add(digit)?),
                _ => Some(digit),
            };
        } else if let Some(unit) = unit(c) {
            has_unit = true;
            if unit == 10_000 {
                done = (total + last.unwrap_or(0)).checked_mul(unit)?;
                total = 0;
            } else {
                total = total.checked_add(last.unwrap_or(1).checked_mul(unit)?)?;
            }
            last = None;
        } else {
            break;
        }
        end = at + c.len_utf8();
    }
    let value = done.checked_add(total)?.checked_add(last.unwrap_or(0))?;
    (end > 0).then_some((value, end))
}

/// Reads a number of either kind.
pub(crate) fn number(text: &str) -> Option<(u32, usize)> {
    arabic_number(text).or_else(|| han_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_start() {
        let cases: &[(&str, Option<(u32, usize)>)] = &[
            ("一", Some((1, 3))),
            ("十", Some((10, 3))),
            ("十二条", Some((12, 6))),
            ("二十", Some((20, 6))),
            ("一百零三条", Some((103, 12))),
            ("一百一十", Some((110, 12))),
            ("一千二百六十条", Some((1260, 18))),
            ("二〇二三年", Some((2023, 12))),
            ("二○一九", Some((2019, 12))),
            ("１２.", Some((12, 6))),
            ("345", Some((345, 3))),
            ("两", Some((2, 3))),
            ("条", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), *expected, "{text}");
        }
    }

    #[test]
    fn hostile_numbers_are_bounded() {
        assert_eq!(number(&"9".repeat(50)), None);
        assert!(han_number(&"九".repeat(50)).is_none_or(|(_, bytes)| bytes <= 36));
        assert!(han_number(&"万".repeat(50)).is_none_or(|(_, bytes)| bytes <= 36));
        assert!(han_number(&"九千".repeat(50)).is_none_or(|(_, bytes)| bytes <= 36));
    }
}
