//! 发文字号: the number under which a body issued a document.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::numeral;

/// Longest prefix of a number, in characters: the code of a body, or the names
/// of the bodies that issue an order together.
const MAX_PREFIX_CHARS: usize = 60;

/// A document number: `国发〔2019〕5号` is prefix `国发`, year 2019, serial 5.
///
/// Serialized as its canonical form. Forms without a year in brackets
/// (`中华人民共和国国务院令第517号`, `2022年第4号`, `法释〔2020〕17号`) keep their wording.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentNumber {
    /// The body's code: `国发`, `深龙华发改`, `中华人民共和国国务院令`.
    pub prefix: String,
    /// The year, where the number has one.
    pub year: Option<u16>,
    /// The serial number, as digits.
    pub serial: Option<u32>,
    /// Canonical form, brackets as 〔〕: `国发〔2019〕5号`.
    pub canonical: String,
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(DocumentNumber::parse(&text).unwrap_or(DocumentNumber {
            prefix: String::new(),
            year: None,
            serial: None,
            canonical: text,
        }))
    }
}

impl DocumentNumber {
    /// Reads a string that is a document number and nothing else, in any bracket
    /// form. `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 4 * MAX_PREFIX_CHARS {
            return None;
        }
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
        if let Some(number) = parse_bracketed(&text).or_else(|| parse_serial(&text)) {
            return Some(number);
        }
        let inner = text.strip_prefix(['（', '(', '【'])?.strip_suffix(['）', ')', '】'])?;
        parse_bracketed(inner).or_else(|| parse_serial(inner))
    }

    /// The first document number in running text, with the bytes where it begins
    /// and ends: a number with a year in brackets, or an order or announcement
    /// (`国务院令第517号`). Words that lead to it (根据国发〔2019〕5号) are left out.
    pub fn find(text: &str) -> Option<(Range<usize>, Self)> {
        for (hao, _) in text.match_indices('号') {
            let end = hao + '号'.len_utf8();
            let Some(start) = number_start(&text[..hao]) else { continue };
            if let Some(number) = Self::parse(&text[start..end]) {
                return Some((start..end, number));
            }
        }
        None
    }
}

/// Digits in one form, and 號 as 号.
fn plain(c: char) -> char {
    match c {
        '號' => '号',
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        _ => c,
    }
}

fn is_open(c: char) -> bool {
    matches!(c, '〔' | '[' | '［' | '【' | '（' | '(' | '〈' | '﹝')
}

fn is_close(c: char) -> bool {
    matches!(c, '〕' | ']' | '］' | '】' | '）' | ')' | '〉' | '﹞')
}

/// `国发〔2019〕5号`, all white space gone.
fn parse_bracketed(text: &str) -> Option<DocumentNumber> {
    let body = text.strip_suffix('号')?;
    let close = body.char_indices().rev().find(|&(_, c)| is_close(c))?;
    let open = body[..close.0].char_indices().rev().find(|&(_, c)| is_open(c))?;
    let prefix = &body[..open.0];
    let year = &body[open.0 + open.1.len_utf8()..close.0];
    let year = year.strip_suffix('年').unwrap_or(year);
    let serial = &body[close.0 + close.1.len_utf8()..];
    let serial = serial.strip_prefix('第').unwrap_or(serial);

    let (year, year_bytes) = numeral::number(year).filter(|(_, bytes)| *bytes == year.len())?;
    let year = u16::try_from(year).ok().filter(|year| (1900..=2999).contains(year))?;
    let (serial, serial_bytes) = numeral::number(serial).filter(|(_, bytes)| *bytes == serial.len())?;
    let is_code = !prefix.is_empty()
        && prefix.chars().count() <= MAX_PREFIX_CHARS
        && prefix.chars().all(|c| c.is_alphanumeric() || matches!(c, '（' | '）' | '(' | ')' | '、' | '·' | '-'));
    (is_code && year_bytes > 0 && serial_bytes > 0).then(|| DocumentNumber {
        prefix: prefix.to_owned(),
        year: Some(year),
        serial: Some(serial),
        canonical: format!("{prefix}〔{year}〕{serial}号"),
    })
}

/// `国务院令第517号`, `公告2022年第4号`, `2022年第4号`, `海关总署第9号令`.
fn parse_serial(text: &str) -> Option<DocumentNumber> {
    let (body, order) = match text.strip_suffix('号') {
        Some(body) => (body, ""),
        None => (text.strip_suffix("号令")?, "令"),
    };
    let (before, serial) = body.rsplit_once('第')?;
    let (serial, serial_bytes) = numeral::number(serial).filter(|(_, bytes)| *bytes == serial.len())?;
    let (prefix, year) = split_year(before);
    if prefix.chars().count() > MAX_PREFIX_CHARS || serial_bytes == 0 {
        return None;
    }
    let is_body = |c: char| c.is_alphanumeric() || matches!(c, '、' | '（' | '）' | '(' | ')' | '·');
    let is_named = ["令", "公告", "通告"].iter().any(|kind| prefix.ends_with(kind)) || !order.is_empty();
    if !prefix.chars().all(is_body) || !(is_named || (prefix.is_empty() && year.is_some())) {
        return None;
    }
    if !order.is_empty() && prefix.is_empty() {
        return None;
    }
    Some(DocumentNumber { prefix: format!("{prefix}{order}"), year, serial: Some(serial), canonical: text.to_owned() })
}

/// `公告2022年` → `公告`, 2022.
fn split_year(text: &str) -> (&str, Option<u16>) {
    let Some(body) = text.strip_suffix('年') else { return (text, None) };
    let start = body.char_indices().rev().take_while(|(_, c)| numeral::digit(*c).is_some()).last();
    let Some((start, _)) = start else { return (text, None) };
    let year = numeral::number(&body[start..]).and_then(|(year, _)| u16::try_from(year).ok());
    match year.filter(|year| (1900..=2999).contains(year)) {
        Some(year) => (&body[..start], Some(year)),
        None => (text, None),
    }
}

/// Where the number begins that ends at the end of `text` (before 号).
fn number_start(text: &str) -> Option<usize> {
    let mut back = text.char_indices().rev().peekable();
    let mut skip = |accept: &dyn Fn(char) -> bool, limit: usize| -> Option<usize> {
        let mut first = None;
        for _ in 0..limit {
            let Some(&(at, c)) = back.peek() else { break };
            if !accept(c) {
                break;
            }
            first = Some(at);
            back.next();
        }
        first
    };
    skip(&|c| c == ' ', 4);
    skip(&|c| numeral::digit(c).is_some() || numeral::is_han_numeral(c), 9)?;
    skip(&|c| c == ' ', 4);
    let has_di = skip(&|c| c == '第', 1).is_some();
    skip(&|c| c == ' ', 4);
    let has_close = skip(&is_close, 1).is_some();
    if has_close {
        skip(&|c| numeral::digit(c).is_some() || c == '年' || c == ' ', 8)?;
        skip(&is_open, 1)?;
        skip(&|c| c == ' ', 4);
    } else if has_di {
        // The year of 公告2022年第4号.
        if skip(&|c| c == '年', 1).is_some() {
            skip(&|c| numeral::digit(c).is_some(), 4)?;
        }
    } else {
        return None;
    }
    // A joint order names its bodies with 、 between them.
    let is_name = |c: char| c.is_alphabetic() || (has_di && !has_close && c == '、');
    let start = skip(&is_name, MAX_PREFIX_CHARS)?;
    Some(start + leading_words(&text[start..]))
}

/// Bytes of the words that lead to a number without belonging to it.
fn leading_words(text: &str) -> usize {
    const ANYWHERE: [&str; 9] = ["根据", "按照", "依据", "依照", "参照", "执行", "转发", "印发", "以及"];
    const AT_START: [&str; 7] = ["见", "经", "以", "和", "与", "及", "由"];
    let end = ANYWHERE.iter().filter_map(|word| text.rfind(word).map(|at| at + word.len())).max().unwrap_or(0);
    let end = end + AT_START.iter().find(|word| text[end..].starts_with(**word)).map_or(0, |word| word.len());
    if text[end..].starts_with(char::is_alphabetic) { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(String, Option<u16>, Option<u32>, String)> {
        DocumentNumber::parse(text).map(|number| (number.prefix, number.year, number.serial, number.canonical))
    }

    #[test]
    fn every_bracket_form_is_one_number() {
        for text in [
            "国发〔2019〕5号",
            "国发[2019]5号",
            "国发［2019］5号",
            "国发（2019）5号",
            "国发(2019)5号",
            "国发【2019】5号",
            "国发﹝2019﹞5号",
            "国发〔2019〕 5 号",
            "国发〔２０１９〕５号",
            "国发〔2019〕5號",
            "国发〔2019〕第5号",
            "（国发〔2019〕5号）",
        ] {
            let expected = ("国发".to_owned(), Some(2019), Some(5), "国发〔2019〕5号".to_owned());
            assert_eq!(parts(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn orders_and_announcements_keep_their_wording() {
        let cases = [
            ("中华人民共和国国务院令第517号", "中华人民共和国国务院令", None, 517),
            ("中华人民共和国国务院令 第517号", "中华人民共和国国务院令", None, 517),
            ("青屿市人民政府令第92号", "青屿市人民政府令", None, 92),
            ("中华人民共和国主席令第二十三号", "中华人民共和国主席令", None, 23),
            ("2022年第4号", "", Some(2022), 4),
            ("国家税务总局公告2022年第4号", "国家税务总局公告", Some(2022), 4),
            ("海关总署第9号令", "海关总署令", None, 9),
        ];
        for (text, prefix, year, serial) in cases {
            let canonical: String = text.chars().filter(|c| *c != ' ').collect();
            assert_eq!(parts(text), Some((prefix.to_owned(), year, Some(serial), canonical)), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            "号",
            "〔2019〕5号",
            "第92号",
            "国发〔19〕5号",
            "国发〔2019〕号",
            "国发2019年5月",
            "（2018年）",
            "人民路第5号",
            "在国发〔2019〕5号，的号",
        ] {
            assert_eq!(DocumentNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_in_running_text() {
        let cases = [
            ("根据《意见》（国发〔2019〕5号）要求", Some("国发〔2019〕5号")),
            ("根据国发〔2019〕5号精神", Some("国发〔2019〕5号")),
            ("2008年1月31日 中华人民共和国国务院令第517号公布", Some("中华人民共和国国务院令第517号")),
            ("长安街5号院", None),
            ("第5号", None),
        ];
        for (text, expected) in cases {
            let found = DocumentNumber::find(text);
            assert_eq!(found.as_ref().map(|(_, number)| number.canonical.as_str()), expected, "{text}");
            if let Some((range, number)) = found {
                assert_eq!(&text[range], number.canonical, "{text}");
            }
        }
    }
}
