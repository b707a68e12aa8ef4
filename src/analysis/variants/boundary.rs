//! What may stand beside an occurrence of a variant.
//!
//! A keyword is found wherever it stands literally. A variant is our own
//! rewriting, so it must not be a part of something else: a longer number (二百 in
//! 一千二百, 500元 in 1,500元), a longer name (交通部 in 交通部门).

use crate::analysis::fold::{Folder, is_ignored};
use crate::analysis::numeral::is_numeral;

/// What must not stand before and behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Boundary {
    pub left: Left,
    pub right: Right,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Left {
    #[default]
    Free,
    /// No digits or numerals that belong to the number.
    Number,
    /// As `Number`, and no code that goes on: 2023-03 in T2023-03, 2/3 in 1-2/3.
    Code,
    /// No numeral: 十四五 in 二十四五.
    Numeral,
    /// No place name: 发改委 in 深圳市发改委.
    NoPlace,
    /// No character that makes another word of the name's first one: 国企 in 中国企业.
    Name,
    /// No longer law's name: 合同法 in 劳动合同法.
    Law,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Right {
    #[default]
    Free,
    /// No digits, numerals or units that belong to the number.
    Number,
    /// As `Number`, and no code that goes on.
    Code,
    /// No character that makes another word of the name's last one: 部 in 部门.
    Name,
}

impl Boundary {
    /// For a text that is a number where it begins or ends so.
    pub(super) fn of_number(text: &str) -> Self {
        let is_number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || is_numeral(c));
        let left = if is_number(text.chars().next()) { Left::Number } else { Left::Free };
        let right = if is_number(text.chars().next_back()) { Right::Number } else { Right::Free };
        Boundary { left, right }
    }

    /// For a date or fraction in digits and marks.
    pub(super) fn of_code() -> Self {
        Boundary { left: Left::Code, right: Right::Code }
    }

    pub(super) fn fits(self, text: &str, start: usize, end: usize) -> bool {
        let (Some(before), Some(inside), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..))
        else {
            return false;
        };
        // A paragraph break ends everything.
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        fits_left(self.left, before, inside) && fits_right(self.right, inside, after)
    }

    /// As [`Boundary::fits`] by the visible characters beside an occurrence alone, folded:
    /// the one before it, its own first and last, and the one behind it; none where the
    /// paragraph begins or ends. `None` when more must be known.
    pub(super) fn fits_between(
        self,
        before: Option<char>,
        (first, last): (char, char),
        after: Option<char>,
    ) -> Option<bool> {
        let fits_left = match (self.left, before) {
            (Left::Free, _) | (_, None) => true,
            (Left::NoPlace, Some(c)) => !ends_place(c),
            (Left::Name, Some(c)) => !is_another_word_before(first, c),
            // White space may stand between, which ends a law's name.
            (Left::Law, Some(c)) if !is_han(c) || BEFORE_LAW.contains(&c) => true,
            (Left::Law | Left::Number | Left::Code | Left::Numeral, Some(_)) => return None,
        };
        let fits_right = match (self.right, after) {
            (Right::Free, _) | (_, None) => true,
            (Right::Name, Some(c)) => !makes_another_word(last, c),
            (Right::Number | Right::Code, Some(_)) => return None,
        };
        Some(fits_left && fits_right)
    }

    /// The characters of which one before an occurrence, or one behind it, keeps it from
    /// counting; `first` and `last` are those of the occurrence. `None` when others may.
    pub(super) fn dangers(self, first: char, last: char) -> Option<(Vec<char>, Vec<char>)> {
        let before = match self.left {
            Left::Free => Vec::new(),
            Left::NoPlace => PLACE_ENDS.to_vec(),
            Left::Name => words_of(OTHER_WORDS_BEFORE, first),
            Left::Law | Left::Number | Left::Code | Left::Numeral => return None,
        };
        let behind = match self.right {
            Right::Free => Vec::new(),
            Right::Name => words_of(OTHER_WORDS, last),
            Right::Number | Right::Code => return None,
        };
        Some((before, behind))
    }
}

fn words_of(words: &[(char, &str)], c: char) -> Vec<char> {
    words.iter().filter(|(of, _)| *of == c).flat_map(|(_, others)| others.chars()).collect()
}

/// The visible characters of a text, folded.
fn visible(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    let folder = Folder::new();
    text.chars().filter(|&c| !is_ignored(c)).map(move |c| folder.fold_char(c))
}

/// The length of the run of digits that the iterator begins with, up to 4, and
/// the character behind it.
fn run_of_digits(chars: impl Iterator<Item = char>) -> (usize, Option<char>) {
    let mut count = 0;
    for c in chars {
        if !c.is_ascii_digit() || count == 4 {
            return (count, Some(c));
        }
        count += 1;
    }
    (count, None)
}

fn fits_left(left: Left, before: &str, inside: &str) -> bool {
    let mut back = visible(before).rev();
    let Some(c) = back.next() else { return true };
    match left {
        Left::Free => true,
        Left::Numeral => !is_numeral(c),
        Left::Number => begins_number(before, inside),
        Left::Code => {
            let goes_on = matches!(c, '-' | '/' | '.' | ':') && back.next().is_some_and(|c| c.is_ascii_alphanumeric());
            !goes_on && begins_number(before, inside)
        }
        Left::NoPlace => !ends_place(c),
        Left::Name => visible(inside).next().is_none_or(|first| !is_another_word_before(first, c)),
        Left::Law => !is_han(c) || BEFORE_LAW.contains(&c) || before.ends_with(is_ignored),
    }
}

/// What may stand right before a law's name without being a part of it.
const BEFORE_LAW: &[char] = &[
    '照', '据', '反', '按', '依', '用', '合', '行', '由', '在', '对', '以', '和', '与', '及', '的', '是', '国', '施',
    '彻', '去', '年', '有', '前', '至', '因', '入', '或', '守', '习', '传', '实', '订', '改', '布', '到', '于', '为',
    '从', '即', '将', '非', '部', '犯', '触',
];

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// Whether nothing before an occurrence belongs to the number it begins with.
fn begins_number(before: &str, inside: &str) -> bool {
    let mut back = visible(before).rev();
    let Some(c) = back.next() else { return true };
    let (first_digits, _) = run_of_digits(visible(inside));
    let is_ascii = first_digits > 0;
    if is_ascii && matches!(c, '万' | '亿') || !is_ascii && (is_numeral(c) || c.is_ascii_digit()) {
        return false;
    }
    if c == '之' && visible(before).rev().nth(1) == Some('分') {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    match c {
        // 1 500元, 1,500元: only a group of three goes on with a number.
        ',' => first_digits != 3 || !matches!(run_of_digits(back), (1..=3, _)),
        '0'..='9' => first_digits != 3 || run_of_digits(visible(before).rev()).0 > 3,
        '.' | '/' => !back.next().is_some_and(is_digit),
        '点' => !back.next().is_some_and(is_numeral),
        _ => true,
    }
}

/// Whether nothing behind an occurrence belongs to the number it ends with.
fn ends_number(inside: &str, after: &str) -> bool {
    let mut next = visible(after);
    let Some(c) = next.next() else { return true };
    let (last_digits, _) = run_of_digits(visible(inside).rev());
    let is_digit = |c: char| c.is_ascii_digit();
    if is_numeral(c) && (last_digits == 0 || !matches!(c, '一'..='九' | '〇')) {
        // 二百 in 二百五十, 5 in 5万; but 5一 is two words.
        return last_digits > 0 && crate::analysis::numeral::digit(c).is_some();
    }
    match c {
        '%' | '‰' => false,
        '分' => next.next() != Some('之'),
        '点' => !next.next().is_some_and(|c| is_digit(c) || is_numeral(c)),
        '余' | '多' | '几' | '来' => !next.next().is_some_and(|c| matches!(c, '十' | '百' | '千' | '万' | '亿')),
        '.' | '/' => !next.next().is_some_and(is_digit),
        ',' => last_digits == 0 || last_digits > 3 || run_of_digits(next).0 != 3,
        '0'..='9' => last_digits > 3 || run_of_digits(visible(after)).0 != 3,
        _ => true,
    }
}

fn fits_right(right: Right, inside: &str, after: &str) -> bool {
    match right {
        Right::Free => true,
        Right::Number => ends_number(inside, after),
        Right::Code => {
            let mut next = visible(after);
            let goes_on = match next.next() {
                Some('-' | '/' | '.' | ':') => next.next().is_some_and(|c| c.is_ascii_alphabetic()),
                Some('号') => true,
                _ => false,
            };
            !goes_on && ends_number(inside, after)
        }
        Right::Name => {
            let (last, next) = (visible(inside).next_back(), visible(after).next());
            last.zip(next).is_none_or(|(last, next)| !makes_another_word(last, next))
        }
    }
}

/// Whether a place's name ends so: what follows it belongs to the place.
pub(super) fn ends_place(c: char) -> bool {
    PLACE_ENDS.contains(&c)
}

const PLACE_ENDS: &[char] = &['省', '市', '区', '县', '州', '盟', '旗', '镇', '乡'];

/// What makes another word of a name's last character: 交通部 in 交通部门, 公司法
/// in 公司法律文书.
const OTHER_WORDS: &[(char, &str)] = &[
    ('部', "门分队署级位落下件"),
    ('委', "员托派任屈"),
    ('局', "部面限势"),
    ('厅', "级堂"),
    ('法', "律规院庭官人治制学令案定典"),
    ('办', "法理公事学案结"),
    ('会', "员计"),
    ('院', "校士"),
    ('区', "域别分间划"),
    ('检', "测验查疫索修察"),
    ('大', "类项举道名重"),
    ('企', "业图"),
    ('税', "务"),
    ('协', "调作同议商助力定"),
    ('联', "系合想动络盟网通邦名手谊席结接"),
    ('行', "政为动业使程"),
    ('评', "价估论比选"),
];

/// Whether a name that ends in `last` is none when `next` follows.
pub(super) fn makes_another_word(last: char, next: char) -> bool {
    OTHER_WORDS.iter().any(|(end, follow)| *end == last && follow.contains(next))
}

/// Whether anything makes another word of a name that ends so.
pub(super) fn may_be_another_word(last: char) -> bool {
    OTHER_WORDS.iter().any(|(end, _)| *end == last)
}

/// What makes another word of a short name's first character: 国企 in 中国企业,
/// 环评 in 循环评估.
const OTHER_WORDS_BEFORE: &[(char, &str)] = &[
    ('环', "循连花光"),
    ('个', "一两每各这几整该某多"),
    ('科', "学本专"),
    ('央', "中"),
    ('国', "中外全我本各两他别祖回出爱"),
    ('民', "农居人市村公国选渔牧股网移"),
    ('侨', "华"),
    ('文', "公发本来行函正"),
    ('高', "较提很最更"),
    ('稳', "平安"),
    ('编', "主"),
    ('驾', "劳"),
];

/// Whether a name of two characters that begins with `first` is none behind
/// `before`.
pub(super) fn is_another_word_before(first: char, before: char) -> bool {
    OTHER_WORDS_BEFORE.iter().any(|(begin, words)| *begin == first && words.contains(before))
}

/// Whether anything before it makes another word of a name that begins so.
pub(super) fn may_begin_late(first: char) -> bool {
    OTHER_WORDS_BEFORE.iter().any(|(begin, _)| *begin == first)
}
