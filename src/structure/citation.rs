//! What a document cites: 《title》, the number and the articles behind it, and
//! bare document numbers. Whether the document cited is in the index is
//! [`crate::Catalog`]'s business.

use std::collections::HashMap;

use memchr::memmem;

use crate::document::title::title_key;
use crate::document::{Citation, DocumentNumber, Relation, Section, numeral};

use super::numbering;
use super::parts::split_nested;
use super::text::{boundary_from, first_chars, is_longer, sentence_around, squeeze};

/// A document has no more citations than this; an index of titles has more.
const MAX_CITATIONS: usize = 5_000;
/// Titles are no longer than this.
const MAX_TITLE_CHARS: usize = 150;
/// A sentence kept as evidence is cut to this.
const MAX_SENTENCE_CHARS: usize = 200;

/// The citations of a document in reading order. `title` and `number` are its own.
pub(super) fn find(sections: &[Section], title: &str, number: Option<&DocumentNumber>) -> Vec<Citation> {
    let own = title_key(title);
    let document_ends = ending(title);
    let mut reader = Reader { found: Vec::new(), short_forms: HashMap::new() };
    for section in sections {
        if reader.found.len() >= MAX_CITATIONS {
            break;
        }
        let ends_listed = ending(&section.heading)
            || section.path.iter().any(|heading| ending(heading))
            || (document_ends && !section.heading.contains("修改"));
        reader.section(section, ends_listed);
    }
    let mut found = reader.found;
    for citation in &mut found {
        // 《意见》 for what was said to be called so from here on.
        if let Some((full, number)) = reader.short_forms.get(&citation.title) {
            citation.title.clone_from(full);
            citation.number = citation.number.take().or_else(|| number.clone());
        }
        if citation.ordinal == 0 && title.contains("修改") && is_named_in(title, &citation.title) {
            citation.relation = Relation::Amends;
        }
    }
    found.retain(|citation| {
        // 国务院令第588号 in the history under the title is a number of the document's own.
        if citation.title.is_empty() && citation.ordinal == 0 {
            return citation.number.as_ref().is_some_and(|cited| cited.year.is_some() && Some(cited) != number);
        }
        let is_own_number = citation.title.is_empty() && citation.number.as_ref() == number;
        !is_own_number && (citation.title.is_empty() || title_key(&citation.title) != own)
    });
    found
}

/// Whether what is listed under this heading loses its force.
fn ending(heading: &str) -> bool {
    (heading.contains("废止") || heading.contains("失效")) && !heading.contains("修改") && !heading.contains("修正")
}

fn is_named_in(title: &str, name: &str) -> bool {
    title.contains('《') && title_key(title).contains(&title_key(name))
}

struct Reader {
    found: Vec<Citation>,
    /// Short form → full title and number.
    short_forms: HashMap<String, (String, Option<DocumentNumber>)>,
}

impl Reader {
    fn section(&mut self, section: &Section, ends_listed: bool) {
        let text = section.text.as_str();
        // Characters are counted as far as they are needed, once.
        let (mut counted, mut chars) = (0, 0);
        let mut position = |at: usize| {
            if at > counted {
                chars += text[counted..at].chars().count() as u32;
                counted = at;
            }
            chars
        };
        let mut from = 0;
        for at in marks(text) {
            if at < from || self.found.len() >= MAX_CITATIONS {
                continue;
            }
            let rest = &text[at..];
            let citation = match rest.strip_prefix('《') {
                Some(after) => self.titled(text, at, after),
                None => numbered(text, from, at),
            };
            let Some((start, end, mut citation)) = citation else { continue };
            from = end;
            let is_listed = ends_listed && is_list_entry(text, start);
            let relation = relation(text, start, end);
            citation.relation = if is_listed && relation != Relation::BasedOn { Relation::Repeals } else { relation };
            if matches!(citation.relation, Relation::Repeals | Relation::Amends) {
                let (from, to) = sentence_around(text, start, end);
                citation.sentence = Some(first_chars(text[from..to].trim(), MAX_SENTENCE_CHARS).to_owned());
            }
            citation.ordinal = section.ordinal;
            citation.start = position(start);
            self.found.push(citation);
        }
    }

    /// `at` is where 《 stands, `after` what follows it: the bytes from 《 to behind
    /// number and articles, and the citation.
    fn titled(&mut self, text: &str, at: usize, after: &str) -> Option<(usize, usize, Citation)> {
        let (title, _) = split_nested(after)?;
        let title_end = at + '《'.len_utf8() + title.len() + '》'.len_utf8();
        let title = squeeze(title).into_owned();
        if title.is_empty() || is_longer(&title, MAX_TITLE_CHARS) {
            return None;
        }
        let mut end = title_end;
        let mut number = None;
        // （国发〔2019〕5号，以下简称《意见》）（试行）
        for _ in 0..2 {
            let Some((inner, width)) = bracket(&text[end..]) else { break };
            number = number.or_else(|| {
                let first = inner.split(['，', '；', '、']).next().unwrap_or(inner);
                DocumentNumber::parse(first).or_else(|| DocumentNumber::find(inner).map(|(_, number)| number))
            });
            if let Some(short) = short_form(inner) {
                self.short_forms.entry(short).or_insert_with(|| (title.clone(), number.clone()));
            }
            end += width;
        }
        let article = articles(&text[end..]);
        end += article.map_or(0, |(_, bytes)| bytes);
        let article = article.map(|(from, bytes)| text[end - bytes + from..end].to_owned());
        Some((at, end, citation(title, number, article)))
    }
}

/// A document number whose 号 stands at `at`, nothing before `from` belonging to it.
fn numbered(text: &str, from: usize, at: usize) -> Option<(usize, usize, Citation)> {
    const BEFORE: usize = 240;
    let end = at + '号'.len_utf8();
    let mut start = from.max(at.saturating_sub(BEFORE));
    while !text.is_char_boundary(start) {
        start += 1;
    }
    // The last clause: a number does not run over punctuation, except in 公告〔2022〕4号、5号.
    let start = text[start..at].rfind(['\n', '，', '。', '；', '：', '《', '》', '\t']).map_or(start, |back| {
        let back = start + back;
        back + text[back..].chars().next().map_or(1, char::len_utf8)
    });
    let (range, number) = DocumentNumber::find(&text[start..end])?;
    // A place or a meeting has a number without a year; only orders do among documents.
    let is_document = number.year.is_some() || number.prefix.ends_with('令');
    (start + range.end == end && is_document && !number.prefix.is_empty())
        .then(|| (start + range.start, end, citation(String::new(), Some(number), None)))
}

fn citation(title: String, number: Option<DocumentNumber>, article: Option<String>) -> Citation {
    Citation { title, number, article, relation: Relation::Mentions, sentence: None, ordinal: 0, start: 0 }
}

/// Bytes where 《 or 号 stand, ascending.
fn marks(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut marks: Vec<usize> = memmem::find_iter(bytes, "《").chain(memmem::find_iter(bytes, "号")).collect();
    marks.sort_unstable();
    marks
}

/// The bracket at the start of `text`: what is inside, and its bytes.
fn bracket(text: &str) -> Option<(&str, usize)> {
    const MAX_CHARS: usize = 120;
    let open = text.chars().next().filter(|c| matches!(c, '（' | '(' | '〔' | '['))?;
    let mut depth = 0;
    for (at, c) in text.char_indices().take(MAX_CHARS) {
        match c {
            '（' | '(' | '〔' | '[' => depth += 1,
            '）' | ')' | '〕' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[open.len_utf8()..at], at + c.len_utf8()));
                }
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// 以下简称《意见》, 以下简称“意见”: the name from here on.
fn short_form(inner: &str) -> Option<String> {
    let (_, name) = inner.split_once("简称")?;
    let name = name.trim_start_matches(['为', '：', ':', ' ']);
    let name = name.trim_start_matches(['《', '“', '"']);
    let end = name.find(['》', '”', '"', '，', '、']).unwrap_or(name.len());
    let name = squeeze(&name[..end]).into_owned();
    (!name.is_empty() && !is_longer(&name, 30)).then_some(name)
}

/// Articles at the start of `text` (第三条第二款第（一）项、第五条, a 的 before them aside):
/// where they begin and end, in bytes.
fn articles(text: &str) -> Option<(usize, usize)> {
    const MOST: usize = 8;
    let from = if text.starts_with("的第") || text.starts_with("中第") { '的'.len_utf8() } else { 0 };
    let mut end = article(&text[from..], true)? + from;
    for _ in 0..MOST {
        let joint =
            ["、", "和", "及", "至", "或者", "或", "，"].into_iter().find(|joint| text[end..].starts_with(joint));
        let Some(next) = joint.and_then(|joint| Some(end + joint.len() + article(&text[end + joint.len()..], false)?))
        else {
            break;
        };
        end = next;
    }
    Some((from, end))
}

/// Bytes of 第N条(之M)(第N款)(第（N）项)(第N目) at the start; a later member of a list
/// may begin with 款 or 项.
fn article(text: &str, needs_article: bool) -> Option<usize> {
    let mut at = 0;
    let mut read = 0;
    while let Some(rest) = text[at..].strip_prefix('第') {
        let rest = rest.trim_start_matches(['（', '(']);
        let Some((_, bytes)) = numeral::number(rest) else { break };
        let rest = rest[bytes..].trim_start_matches(['）', ')']);
        let unit = ["条", "款", "项", "目", "编", "章", "节"].into_iter().find(|unit| rest.starts_with(unit));
        let Some(unit) = unit else { break };
        if read == 0 && needs_article && !matches!(unit, "条" | "编" | "章" | "节") {
            return None;
        }
        let mut rest = &rest[unit.len()..];
        if unit == "条"
            && let Some(branch) = rest.strip_prefix('之')
            && let Some((_, bytes)) = numeral::han_number(branch)
        {
            rest = &branch[bytes..];
        }
        at = text.len() - rest.len();
        read += 1;
    }
    (read > 0).then_some(at)
}

/// Nothing but a label, a row's number or white space before an entry of a list.
fn is_list_entry(text: &str, start: usize) -> bool {
    const REACH_BYTES: usize = 240;
    let low = boundary_from(text, start.saturating_sub(REACH_BYTES));
    let Some(line) = text[low..start].rfind('\n').map(|at| low + at + 1).or((low == 0).then_some(0)) else {
        return false;
    };
    let before = text[line..start].trim();
    before.is_empty()
        || before.chars().all(|c| numeral::is_arabic(c) || matches!(c, '\t' | '.' | '、' | ' '))
        || numbering::read(&format!("{before}一")).is_some_and(|label| label.end >= before.len())
        || before.contains('\t')
}

/// What the sentence says of the document cited.
fn relation(text: &str, start: usize, end: usize) -> Relation {
    const LOOK_CHARS: usize = 200;
    let (from, to) = sentence_around(text, start, end);
    let before = last_chars(&text[from..start], LOOK_CHARS);
    let after = first_chars(&text[end..to], LOOK_CHARS);
    let before = without_titles(before);
    let after = without_titles(after);
    let after = after.trim_start_matches(['、', '和', '及', '与', '，', '等', '的', ' ']);
    if before.ends_with("现将") || ends_in(&before, &["印发", "转发", "批转", "发布", "公布", "颁布", "制定了", "现将"])
    {
        return Relation::Issues;
    }
    let is_conditional = before.contains("不得") || before.contains("尚未") || after.contains("不得");
    let ends_now = ["同时废止", "予以废止", "即行废止", "自行废止", "相应废止", "停止执行", "同时失效", "即行失效"]
        .iter()
        .any(|word| after.contains(word))
        || ["废止", "失效"].iter().any(|word| after.starts_with(word));
    let is_declared = ends_in(&before, &["废止", "决定废止", "宣布", "废止下列文件", "停止执行"])
        && (!before.ends_with("宣布") || after.contains("失效") || after.contains("废止"));
    if !is_conditional && (ends_now || is_declared) {
        return Relation::Repeals;
    }
    let changes = ["作如下修改", "作出如下修改", "做如下修改", "修改为", "作以下修改", "予以修改", "作出修改"]
        .iter()
        .any(|word| after.contains(word))
        || ends_in(&before, &["修改", "关于修改", "修订", "修正"]);
    if changes && !is_conditional {
        return Relation::Amends;
    }
    if ends_in(&before, &["根据", "依据", "按照", "依照", "遵照", "贯彻落实", "贯彻", "落实"]) {
        return Relation::BasedOn;
    }
    Relation::Mentions
}

/// Whether `before` ends in one of these words, other titles of the same list aside.
fn ends_in(before: &str, words: &[&str]) -> bool {
    let before = before.trim_end_matches(['、', '和', '及', '与', '，', ' ', '了', '：']);
    words.iter().any(|word| before.ends_with(word))
}

/// The text with 《…》 and brackets taken out.
fn without_titles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '《' | '（' | '(' | '〔' => depth += 1,
            '》' | '）' | ')' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The last `limit` characters.
fn last_chars(text: &str, limit: usize) -> &str {
    text.char_indices().rev().nth(limit).map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}
