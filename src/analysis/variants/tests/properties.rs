//! Numbers and dates in any spelling.

use proptest::prelude::*;

use super::*;

/// A number in one of the spellings documents use, its value, and whether 元
/// stands behind it.
fn spelled(value: u64, how: u8) -> Option<String> {
    use crate::analysis::numeral::{Two, to_chinese};
    let text = match how % 6 {
        0 => value.to_string(),
        1 => to_chinese(value, Two::Er)?,
        2 => to_chinese(value, Two::LiangFirst)?,
        3 => {
            let digits = value.to_string();
            let groups: Vec<&str> =
                digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
            groups.join(",")
        }
        4 if value >= 10_000 && value.is_multiple_of(10_000) => format!("{}万", value / 10_000),
        5 if value >= 100_000_000 && value.is_multiple_of(100_000_000) => format!("{}亿", value / 100_000_000),
        _ => return None,
    };
    Some(format!("{text}元"))
}

fn value() -> impl Strategy<Value = u64> {
    (1_u64..10_000, 0_u32..6).prop_map(|(head, zeros)| head * 10_u64.pow(zeros))
}

proptest! {
    #[test]
    fn a_number_in_any_spelling_finds_all_others(value in value(), from in 0_u8..6, to in 0_u8..6) {
        if let (Some(query), Some(text)) = (spelled(value, from), spelled(value, to)) {
            prop_assert!(finds(&query, &format!("罚款{text}以下")), "{} {}", query, text);
        }
    }

    #[test]
    fn a_number_is_not_found_in_one_that_ends_with_it(a in value(), head in 1_u64..100, from in 0_u8..6, to in 0_u8..6) {
        let b = head * 10_u64.pow(a.ilog10() + 1) + a;
        if let (Some(query), Some(text)) = (spelled(a, from), spelled(b, to)) {
            // A literal end of the text is found as grep finds it: 五百元 in 一千五百元.
            let is_literal = fold(&text).ends_with(&*fold(&query));
            if !is_literal {
                prop_assert!(!finds(&query, &format!("罚款{text}以下")), "{} {}", query, text);
            }
        }
    }

    #[test]
    fn a_number_is_not_found_in_one_that_begins_with_it(a in value(), tail in 1_u64..10_000, from in 0_u8..3, to in 0_u8..3) {
        let b = a * 10_000 + tail;
        let bare = |text: String| text.trim_end_matches('元').to_owned();
        if let (Some(query), Some(text)) = (spelled(a, from).map(bare), spelled(b, to).map(bare)) {
            let is_literal = fold(&text).contains(&*fold(&query));
            if !is_literal {
                prop_assert!(!finds(&query, &format!("罚款{text}元以下")), "{} {}", query, text);
            }
        }
    }

    #[test]
    fn a_date_in_any_form_finds_all_others(year in 1949_u16..2030, month in 1_u8..13, day in 1_u8..29, from in 0_usize..7, to in 0_usize..7) {
        let han = |value: u8| crate::analysis::numeral::to_chinese(value.into(), crate::analysis::numeral::Two::Er).unwrap_or_default();
        let forms = [
            format!("{year}年{month}月{day}日"),
            format!("{year}年{month:02}月{day:02}日"),
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}.{month}.{day}"),
            format!("{year}/{month}/{day:02}"),
            format!("{}年{}月{}日", crate::analysis::numeral::to_positional(&year.to_string(), '〇').unwrap_or_default(), han(month), han(day)),
            format!("{}年{}月{}日", crate::analysis::numeral::to_positional(&year.to_string(), '零').unwrap_or_default(), han(month), han(day)),
        ];
        prop_assert!(finds(&forms[from], &format!("于{}发布", forms[to])), "{} {}", forms[from], forms[to]);
    }

    #[test]
    fn no_variant_contains_its_keyword_and_nothing_panics(keyword in "[0-9一二三四五六七八九十百千万亿零〇两点第条年月日号元%/.,\\-—至（）〔〕《》“”令公告发改委国家分之个 a-c省市县、]{1,16}|\\PC{0,24}") {
        let own = CharText::new(&keyword);
        let found = variants(&keyword, &Synonyms::bundled());
        prop_assert!(found.len() <= MAX_VARIANTS);
        for variant in found {
            prop_assert!(!CharText::new(&variant.text).contains(&own) || own.len() == 0, "{} {}", keyword, variant.text);
            let text = format!("一,{}.3", variant.text);
            for end in 0..=text.len() {
                variant.fits(&text, end.saturating_sub(variant.text.len()), end);
            }
        }
    }
}
