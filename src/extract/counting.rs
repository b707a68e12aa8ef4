//! Numbers as lists write them: 一、 十二 壹 甲 ① Ⅳ, shared by Word, RTF and ODT.

/// A way to write the number of a list item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Counting {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// 01, 02, 03.
    DecimalZero,
    /// １, ２, ３.
    FullWidth,
    /// Ⅰ as I, II, III.
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    /// 一, 十一, 一百二十三.
    Chinese,
    /// 一, 一〇, 一二三: digit by digit.
    ChineseDigits,
    /// 壹, 拾贰.
    ChineseLegal,
    /// 甲, 乙, 丙.
    Stems,
    /// 子, 丑, 寅.
    Branches,
    /// ①, ②.
    Circled,
    /// ⑴, ⑵.
    Parenthesized,
    /// ⒈, ⒉.
    FullStop,
    /// 1st, 2nd.
    Ordinal,
    /// A picture or a dot: no number.
    Bullet,
    /// Nothing.
    Nothing,
}

impl Counting {
    /// The number format of OOXML (`w:numFmt`).
    pub(super) fn of_ooxml(name: &str) -> Counting {
        match name {
            "decimalZero" => Counting::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Counting::FullWidth,
            "upperRoman" => Counting::UpperRoman,
            "lowerRoman" => Counting::LowerRoman,
            "upperLetter" => Counting::UpperLetter,
            "lowerLetter" => Counting::LowerLetter,
            "chineseCounting"
            | "chineseCountingThousand"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "japaneseCounting"
            | "koreanCounting" => Counting::Chinese,
            "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" | "koreanDigital" => {
                Counting::ChineseDigits
            }
            "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => Counting::ChineseLegal,
            "ideographTraditional" => Counting::Stems,
            "ideographZodiac" | "ideographZodiacTraditional" => Counting::Branches,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Counting::Circled,
            "decimalEnclosedParen" => Counting::Parenthesized,
            "decimalEnclosedFullstop" => Counting::FullStop,
            "ordinal" => Counting::Ordinal,
            "bullet" => Counting::Bullet,
            "none" => Counting::Nothing,
            _ => Counting::Decimal,
        }
    }

    /// The number format of binary Word and RTF (`nfc`, MSONFC).
    pub(super) fn of_nfc(code: u32) -> Counting {
        match code {
            1 => Counting::UpperRoman,
            2 => Counting::LowerRoman,
            3 => Counting::UpperLetter,
            4 => Counting::LowerLetter,
            5 => Counting::Ordinal,
            11 | 33 | 35 | 37 | 39 | 41 => Counting::Chinese,
            16 | 34 | 38 => Counting::ChineseLegal,
            10 | 17 | 36 | 40 | 43 => Counting::ChineseDigits,
            14 | 19 => Counting::FullWidth,
            18 | 28 | 29 => Counting::Circled,
            22 => Counting::DecimalZero,
            23 => Counting::Bullet,
            26 => Counting::FullStop,
            27 => Counting::Parenthesized,
            30 => Counting::Stems,
            31 | 32 => Counting::Branches,
            255 => Counting::Nothing,
            _ => Counting::Decimal,
        }
    }

    /// The number format of ODF (`style:num-format`): the first of the series.
    pub(super) fn of_odf(format: &str) -> Counting {
        let first = format.split([',', ' ']).next().unwrap_or_default();
        match first {
            "" => Counting::Nothing,
            "I" => Counting::UpperRoman,
            "i" => Counting::LowerRoman,
            "A" => Counting::UpperLetter,
            "a" => Counting::LowerLetter,
            "一" => Counting::Chinese,
            "壹" | "壱" => Counting::ChineseLegal,
            "甲" => Counting::Stems,
            "子" => Counting::Branches,
            "①" => Counting::Circled,
            "１" => Counting::FullWidth,
            "01" => Counting::DecimalZero,
            _ => Counting::Decimal,
        }
    }

    /// `number` written so; empty for bullets.
    pub(super) fn write(self, number: u32) -> String {
        match self {
            Counting::Decimal => number.to_string(),
            Counting::DecimalZero => format!("{number:02}"),
            Counting::FullWidth => digits(number, &['０', '１', '２', '３', '４', '５', '６', '７', '８', '９']),
            Counting::UpperRoman => roman(number),
            Counting::LowerRoman => roman(number).to_lowercase(),
            Counting::UpperLetter => letter(number, b'A'),
            Counting::LowerLetter => letter(number, b'a'),
            Counting::Chinese => chinese(number, &PLAIN),
            Counting::ChineseDigits => digits(number, &['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']),
            Counting::ChineseLegal => chinese(number, &LEGAL),
            Counting::Stems => series(number, "甲乙丙丁戊己庚辛壬癸"),
            Counting::Branches => series(number, "子丑寅卯辰巳午未申酉戌亥"),
            Counting::Circled => match number {
                1..=20 => enclosed('①', number),
                21..=35 => enclosed('㉑', number - 20),
                36..=50 => enclosed('㊱', number - 35),
                _ => number.to_string(),
            },
            Counting::Parenthesized if (1..=20).contains(&number) => enclosed('⑴', number),
            Counting::Parenthesized => format!("({number})"),
            Counting::FullStop if (1..=20).contains(&number) => enclosed('⒈', number),
            Counting::FullStop => format!("{number}."),
            Counting::Ordinal => format!("{number}{}", ordinal_end(number)),
            Counting::Bullet | Counting::Nothing => String::new(),
        }
    }
}

/// Digits and the units ten, hundred, thousand, ten thousand.
struct Signs {
    digits: [char; 10],
    units: [char; 4],
}

const PLAIN: Signs = Signs {
    digits: ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    units: ['十', '百', '千', '万'],
};
const LEGAL: Signs = Signs {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    units: ['拾', '佰', '仟', '万'],
};

/// 12 → 十二, 110 → 一百一十, 105 → 一百零五.
fn chinese(number: u32, signs: &Signs) -> String {
    if number == 0 {
        return signs.digits[0].to_string();
    }
    if number >= 10_000 {
        let head = chinese(number / 10_000, signs);
        let rest = number % 10_000;
        let zero = if rest > 0 && rest < 1_000 { "零" } else { "" };
        let tail = if rest == 0 { String::new() } else { chinese(rest, signs) };
        return format!("{head}{}{zero}{tail}", signs.units[3]);
    }
    let mut text = String::new();
    let mut has_gap = false;
    for (power, unit) in [(1_000, Some(2)), (100, Some(1)), (10, Some(0)), (1, None)] {
        let digit = number / power % 10;
        if digit == 0 {
            has_gap = !text.is_empty();
            continue;
        }
        if has_gap {
            text.push('零');
            has_gap = false;
        }
        // 十二, but 一百一十二.
        let is_bare_ten = power == 10 && digit == 1 && text.is_empty();
        if !is_bare_ten {
            text.push(signs.digits[digit as usize]);
        }
        if let Some(unit) = unit {
            text.push(signs.units[unit]);
        }
    }
    text
}

fn digits(number: u32, signs: &[char; 10]) -> String {
    number.to_string().bytes().map(|digit| signs[usize::from(digit - b'0')]).collect()
}

fn series(number: u32, signs: &str) -> String {
    let length = signs.chars().count() as u32;
    match number.checked_sub(1) {
        Some(index) => signs.chars().nth((index % length) as usize).map(String::from).unwrap_or_default(),
        None => "0".to_owned(),
    }
}

fn enclosed(first: char, number: u32) -> String {
    char::from_u32(first as u32 + number - 1).map(String::from).unwrap_or_default()
}

/// 1 → A, 27 → AA, 28 → BB, as Word counts.
fn letter(number: u32, first: u8) -> String {
    let Some(index) = number.checked_sub(1) else { return "0".to_owned() };
    let c = char::from(first + (index % 26) as u8);
    String::from(c).repeat((index / 26 + 1).min(20) as usize)
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 4_999 {
        return number.to_string();
    }
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}

fn ordinal_end(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_lists_write_them() {
        let cases = [
            (Counting::Chinese, 1, "一"),
            (Counting::Chinese, 10, "十"),
            (Counting::Chinese, 12, "十二"),
            (Counting::Chinese, 20, "二十"),
            (Counting::Chinese, 105, "一百零五"),
            (Counting::Chinese, 110, "一百一十"),
            (Counting::Chinese, 1_260, "一千二百六十"),
            (Counting::Chinese, 20_015, "二万零十五"),
            (Counting::ChineseDigits, 10, "一〇"),
            (Counting::ChineseLegal, 23, "贰拾叁"),
            (Counting::Stems, 11, "甲"),
            (Counting::Circled, 21, "㉑"),
            (Counting::Parenthesized, 3, "⑶"),
            (Counting::UpperRoman, 49, "XLIX"),
            (Counting::LowerLetter, 28, "bb"),
            (Counting::FullWidth, 12, "１２"),
            (Counting::DecimalZero, 7, "07"),
        ];
        for (counting, number, text) in cases {
            assert_eq!(counting.write(number), text, "{counting:?} {number}");
        }
    }

    #[test]
    fn any_number_is_written() {
        for code in 0..70 {
            for number in [0, 1, 9, 10, 99, 100, 1_000, 9_999, 10_000, u32::MAX] {
                let _ = Counting::of_nfc(code).write(number);
            }
        }
    }
}
