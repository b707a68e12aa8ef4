//! What a line's own beginning says of its place in an outline: `一、`, `（三）`,
//! `2.`, `第十二条之一`, `附件1`.
//!
//! Reading is local: whether a label really opens a section (and is no reference,
//! no quotation, no item of a list) is for [`super::outline`] to decide.

use crate::document::numeral::{self, arabic_number, han_number};

use super::text::{is_han, is_longer};

/// The kinds of labels, in the order in which they usually nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// 附件1, 附录, 附表: opens a document of its own.
    Attachment,
    /// 第一编, 第一篇, 第一部分.
    Part,
    /// 第一分编.
    SubPart,
    /// 第一章; also 序言, 总则, 附则 without a number.
    Chapter,
    /// 第一节.
    Division,
    /// 第一条, 第一条之二.
    Article,
    /// 一、
    Han,
    /// （一）
    HanParen,
    /// 1.
    Arabic,
    /// （1）, 1）
    ArabicParen,
    /// ①
    Circled,
    /// 1.1, 1.1.1: as many numbers as `depth`; a single one only where it heads
    /// such numbers (1 总则, 1.1 编制目的).
    Decimal { depth: u8 },
}

impl Kind {
    /// Whether it belongs to the fixed ladder of regulations above the article.
    pub(super) fn is_division(self) -> bool {
        matches!(self, Kind::Part | Kind::SubPart | Kind::Chapter | Kind::Division)
    }
}

/// A label at the start of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub kind: Kind,
    /// Its number; the last one of a decimal label; 0 where there is none.
    pub number: u32,
    /// 之一 … of an article; 0 without.
    pub branch: u32,
    /// Bytes of the label, white space and punctuation behind it included.
    pub end: usize,
    /// Bytes of the label itself.
    pub bare_end: usize,
    /// White space, a bracket or the end of the line sets an article's label apart
    /// from what follows.
    pub is_apart: bool,
    /// For a decimal label, the numbers before the last, folded into one.
    pub prefix: u64,
}

/// No outline counts further than this; larger numbers are years or amounts.
const MAX_NUMBER: u32 = 199;

/// Reads the label at the start of a trimmed line.
pub(super) fn read(line: &str) -> Option<Label> {
    match line.chars().next()? {
        '第' | '笫' => read_ordinal(line),
        '（' | '(' => read_bracketed(line),
        '附' => read_attachment(line),
        c @ ('①'..='⑳' | '㉑'..='㉟' | '⑴'..='⒇' | '⒈'..='⒛' | '㈠'..='㈩' | '❶'..='❿') => {
            read_enclosed(line, c)
        }
        c if numeral::is_arabic(c) => read_arabic(line),
        c if numeral::is_han_numeral(c) => read_han(line),
        _ => None,
    }
}

/// The label as a reader writes it: no white space, brackets full-width.
pub(super) fn normalize(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            '笫' => '第',
            '．' => '.',
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            c => c,
        })
        .collect()
}

fn label(kind: Kind, number: u32, line: &str, bare_end: usize) -> Option<Label> {
    let rest = line[bare_end..].trim_start();
    let end = line.len() - rest.len();
    Some(Label { kind, number, branch: 0, end, bare_end, is_apart: end > bare_end || rest.is_empty(), prefix: 0 })
}

fn skip_spaces(line: &str, at: usize) -> usize {
    at + (line[at..].len() - line[at..].trim_start().len())
}

/// 第…编 分编 篇 部分 章 节 条(之…).
fn read_ordinal(line: &str) -> Option<Label> {
    let start = skip_spaces(line, line.chars().next()?.len_utf8());
    let (number, bytes) = numeral_with_spaces(&line[start..])?;
    let at = skip_spaces(line, start + bytes);
    const UNITS: [(&str, Kind); 11] = [
        ("条", Kind::Article),
        ("條", Kind::Article),
        ("節", Kind::Division),
        ("分編", Kind::SubPart),
        ("編", Kind::Part),
        ("章", Kind::Chapter),
        ("节", Kind::Division),
        ("分编", Kind::SubPart),
        ("编", Kind::Part),
        ("篇", Kind::Part),
        ("部分", Kind::Part),
    ];
    let (unit, kind) = UNITS.iter().find(|(unit, _)| line[at..].starts_with(unit))?;
    let after_unit = at + unit.len();
    if *kind == Kind::Article {
        return read_article(line, number, after_unit);
    }
    let found = label(*kind, number, line, after_unit)?;
    let rest = line[found.end..].trim_start_matches(['：', ':', '、']);
    (number <= MAX_NUMBER && is_division_heading(rest, found.is_apart)).then_some(found)
}

/// A number, Chinese with single spaces inside (第 十 二 条) or Arabic.
fn numeral_with_spaces(text: &str) -> Option<(u32, usize)> {
    if let Some((number, bytes)) = numeral::number(text)
        && !text[bytes..].starts_with([' ', '\u{3000}'])
    {
        return Some((number, bytes));
    }
    let end = text.char_indices().find(|(_, c)| {
        !(numeral::digit(*c).is_some() || numeral::is_han_numeral(*c) || matches!(c, ' ' | '\u{3000}'))
    })?;
    if end.0 > 60 {
        return None;
    }
    let compact: String = text[..end.0].chars().filter(|c| !c.is_whitespace()).collect();
    let (number, bytes) = numeral::number(&compact)?;
    (bytes == compact.len()).then_some((number, end.0))
}

/// What follows 章, 节 or 编 in a heading: a short name without a full stop, and no
/// word that makes the label a reference (第三章规定的).
fn is_division_heading(rest: &str, is_apart: bool) -> bool {
    if is_longer(rest, 60) || rest.ends_with(['。', '；', '，', '”']) || rest.contains('。') {
        return false;
    }
    is_apart || !continues_reference(rest)
}

/// Words that show that the label before them is spoken of, not opened.
pub(super) fn continues_reference(rest: &str) -> bool {
    const WORDS: [&str; 40] = [
        "规定", "所", "的", "、", "和", "至", "第", "及", "或", "与", "中", "修改", "改为", "之", "款", "项", "以",
        "，", "。", "；", "”", "》", "）", "）", "均", "自", "已", "删", "增加", "作为", "明确", "关于", "对", "由",
        "到", "—", "-", "~", "内", "“",
    ];
    WORDS.iter().any(|word| rest.starts_with(word))
}

fn read_article(line: &str, number: u32, after_unit: usize) -> Option<Label> {
    let mut bare_end = after_unit;
    let mut branch = 0;
    let at = skip_spaces(line, after_unit);
    if let Some(after) = line[at..].strip_prefix('之')
        && let Some((value, bytes)) = han_number(after)
    {
        branch = value;
        bare_end = at + '之'.len_utf8() + bytes;
    }
    let mut found = label(Kind::Article, number, line, bare_end)?;
    found.branch = branch;
    let rest = &line[found.end..];
    found.is_apart = found.is_apart || rest.starts_with(['【', '（', '(', '［', '[']);
    if let Some(text) = rest.strip_prefix(['：', ':']) {
        found.end = line.len() - text.trim_start().len();
        found.is_apart = true;
    }
    if !found.is_apart && continues_reference(rest) {
        return None;
    }
    // 第五条 第二款: a reference in spite of the space.
    let is_reference = rest.starts_with('第') && rest.chars().take(6).any(|c| matches!(c, '款' | '项' | '条'));
    (!is_reference && number <= 9999).then_some(found)
}

/// （一） and （1）.
fn read_bracketed(line: &str) -> Option<Label> {
    let open = line.chars().next()?.len_utf8();
    let start = skip_spaces(line, open);
    let (number, bytes, kind) = match han_number(&line[start..]) {
        Some((number, bytes)) => (number, bytes, Kind::HanParen),
        None => arabic_number(&line[start..]).map(|(number, bytes)| (number, bytes, Kind::ArabicParen))?,
    };
    let at = skip_spaces(line, start + bytes);
    let close = line[at..].chars().next().filter(|c| matches!(c, '）' | ')'))?;
    let bare_end = at + close.len_utf8();
    let rest = &line[bare_end..];
    let is_reference =
        ["项", "目", "款", "、（", "至（", "和（", "或者（", "、(", "至("].iter().any(|word| rest.starts_with(word));
    if number > MAX_NUMBER || number == 0 || is_reference {
        return None;
    }
    let mut found = label(kind, number, line, bare_end)?;
    // （一）、…
    if let Some(rest) = line[found.end..].strip_prefix(['、', '．', '.']) {
        found.end = line.len() - rest.trim_start().len();
    }
    Some(found)
}

/// ① ⑴ ⒈ ㈠ ❶: one character.
fn read_enclosed(line: &str, c: char) -> Option<Label> {
    let (kind, first) = match c {
        '①'..='⑳' => (Kind::Circled, '①'),
        '❶'..='❿' => (Kind::Circled, '❶'),
        '⑴'..='⒇' => (Kind::ArabicParen, '⑴'),
        '⒈'..='⒛' => (Kind::Arabic, '⒈'),
        '㈠'..='㈩' => (Kind::HanParen, '㈠'),
        _ => return label(Kind::Circled, c as u32 - '㉑' as u32 + 21, line, c.len_utf8()),
    };
    label(kind, c as u32 - first as u32 + 1, line, c.len_utf8())
}

/// 1. 1、 1） and 1.1.1.
fn read_arabic(line: &str) -> Option<Label> {
    let (number, bytes) = arabic_number(line)?;
    if number > MAX_NUMBER {
        return None;
    }
    let separator = line[bytes..].chars().next()?;
    let after = bytes + separator.len_utf8();
    let rest = &line[after..];
    match separator {
        c if c.is_whitespace() && number > 0 => read_single(line, number, bytes),
        '.' | '．' if rest.starts_with(numeral::is_arabic) => read_decimal(line),
        '.' | '．' | '、' if number > 0 && !rest.trim_start().is_empty() => {
            let is_list = separator == '、' && rest.starts_with(numeral::is_arabic);
            if is_list { None } else { label(Kind::Arabic, number, line, after) }
        }
        '）' | ')' if number > 0 && !rest.trim_start().is_empty() => label(Kind::ArabicParen, number, line, after),
        _ => None,
    }
}

/// `1 总则`: a number, white space and a short name. Most such lines are rows of a
/// table; the outline takes only those that head 1.1, 1.2.
fn read_single(line: &str, number: u32, bytes: usize) -> Option<Label> {
    let rest = line[bytes..].trim();
    let is_name = rest.starts_with(is_han)
        && !is_longer(rest, 24)
        && !rest.contains(['。', '，', '；', '：', '\t', ' ', '\u{3000}']);
    let is_amount = rest.starts_with(['年', '月', '日', '个', '项', '元', '万', '亿', '人', '家', '件', '号']);
    if !is_name || is_amount || number > 60 {
        return None;
    }
    label(Kind::Decimal { depth: 1 }, number, line, bytes)
}

/// 5.1.1: two to five numbers, then white space or a Chinese word that is no unit.
fn read_decimal(line: &str) -> Option<Label> {
    let mut at = 0;
    let mut prefix = 0u64;
    let mut number = 0;
    let mut depth = 0u8;
    loop {
        let (value, bytes) = arabic_number(&line[at..])?;
        if value > MAX_NUMBER || depth == 5 {
            return None;
        }
        if depth > 0 {
            prefix = prefix * 1000 + u64::from(number) + 1;
        }
        number = value;
        depth += 1;
        at += bytes;
        let Some(after) = line[at..].strip_prefix(['.', '．']) else { break };
        if !after.starts_with(numeral::is_arabic) {
            break;
        }
        at = line.len() - after.len();
    }
    let rest = &line[at..];
    let first = rest.chars().next()?;
    let is_amount = "%％‰亿万千百元个倍米吨年月日时度℃平公里:：-—~～/、，。）)".contains(first);
    if depth < 2 || is_amount || !(first.is_whitespace() || is_han(first)) {
        return None;
    }
    let mut found = label(Kind::Decimal { depth }, number, line, at)?;
    found.prefix = prefix;
    Some(found)
}

/// 一、 一． and 一 with a space behind it.
fn read_han(line: &str) -> Option<Label> {
    let (number, bytes) = han_number(line)?;
    if number > MAX_NUMBER || number == 0 {
        return None;
    }
    let at = skip_spaces(line, bytes);
    let separator = line[at..].chars().next()?;
    if !matches!(separator, '、' | '.' | '．' | '﹑') {
        return None;
    }
    let after = at + separator.len_utf8();
    (!enumerates(&line[after..])).then(|| label(Kind::Han, number, line, after))?
}

/// 二级医院 after 一、: the numbers are part of a phrase.
fn enumerates(rest: &str) -> bool {
    let Some((_, bytes)) = han_number(rest) else { return false };
    rest[bytes..]
        .starts_with(['、', '级', '类', '审', '期', '批', '档', '线', '等', '产', '季', '号', '月', '年', '者'])
}

/// 附件, 附件1, 附件一：…, 附录, 附表; not 附件三所列…, 附则, 附加.
fn read_attachment(line: &str) -> Option<Label> {
    let word = ["附件", "附录", "附表"].iter().find(|word| line.starts_with(**word))?;
    let mut bare_end = word.len();
    let at = skip_spaces(line, bare_end);
    let mut number = 0;
    if let Some((value, bytes)) = numeral::number(&line[at..]) {
        number = value;
        bare_end = at + bytes;
        // 附件1-2
        if let Some(after) = line[bare_end..].strip_prefix(['-', '－', '—'])
            && let Some((_, bytes)) = numeral::number(after)
        {
            bare_end = line.len() - after.len() + bytes;
        }
    } else if let Some(c) = line[at..].chars().next().filter(char::is_ascii_uppercase) {
        number = c as u32 - 'A' as u32 + 1;
        bare_end = at + 1;
    }
    if number > MAX_NUMBER {
        return None;
    }
    let mut found = label(Kind::Attachment, number, line, bare_end)?;
    let rest = &line[found.end..];
    if let Some(text) = rest.strip_prefix(['：', ':', '.', '．', '、']) {
        found.end = line.len() - text.trim_start().len();
        return Some(found);
    }
    (found.is_apart || rest.starts_with(['《', '（', '('])).then_some(found)
}

/// 序言, 总则, 附则 and the like, standing alone without a number.
pub(super) fn is_unnumbered_heading(line: &str) -> bool {
    if line.len() > 30 {
        return false;
    }
    let name: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(
        name.as_str(),
        "序言"
            | "前言"
            | "引言"
            | "序"
            | "总则"
            | "分则"
            | "附则"
            | "结语"
            | "结束语"
            | "导言"
            | "绪论"
            | "总纲"
            | "后记"
            | "名词解释"
    )
}
