//! Names of issuing bodies: several joined into one value, and the body that a
//! title begins with.

use super::text::{ends_like_agency, is_han, squeeze};

/// `财政部　税务总局` → `财政部、税务总局`; a name spread out (国 务 院) is closed up.
pub(super) fn join(names: &str) -> String {
    let parts: Vec<&str> = names
        .split([' ', '\u{3000}', '\u{a0}', '\t', '、', '，', ',', ';', '；'])
        .filter(|part| !part.is_empty())
        .collect();
    let are_names = parts.iter().all(|part| part.chars().count() >= 2 && ends_like_agency(part));
    if parts.len() > 1 && are_names { parts.join("、") } else { squeeze(names).into_owned() }
}

/// The bodies at the start of a title: before 关于, 印发 …, before 令 or 公告, or before
/// the year of a report.
pub(super) fn of_title(title: &str) -> Option<String> {
    const VERBS: [&str; 7] = ["关于", "印发", "转发", "批转", "发布", "公布", "对"];
    let before_verb = VERBS.iter().filter_map(|verb| title.find(verb)).min().map(|at| &title[..at]);
    let masthead = ["令第", "公告第", "通告第", "公告2", "令"]
        .iter()
        .find_map(|word| title.find(word).filter(|at| title[*at..].len() <= 40))
        .map(|at| &title[..at]);
    let minutes = ["专题会议", "常务会议", "办公会议", "会议纪要"]
        .iter()
        .find_map(|word| title.find(word))
        .map(|at| &title[..at]);
    let before_year = title.find(|c: char| c.is_ascii_digit()).map(|at| &title[..at]);
    let candidates = [before_verb, masthead, minutes, before_year];
    candidates
        .into_iter()
        .flatten()
        .map(|name| name.trim().trim_end_matches("办公厅会议"))
        .find(|name| {
            name.chars().count() >= 2
                && name.chars().count() <= 60
                && ends_like_agency(name)
                && !name.contains(['《', '“'])
        })
        .filter(|name| {
            name.chars().all(|c| is_han(c) || matches!(c, ' ' | '、' | '（' | '）' | '·') || c.is_ascii_alphanumeric())
        })
        .map(join)
}

/// The body that acts in a line of history: `第十一届全国人民代表大会常务委员会第七次会议通过` is
/// 全国人民代表大会常务委员会, `中华人民共和国国务院令第517号公布` is 国务院.
pub(super) fn of_event(event: &str) -> Option<String> {
    let event: String = event.chars().filter(|c| !c.is_whitespace()).collect();
    let courts: Vec<&str> =
        ["最高人民法院", "最高人民检察院"].into_iter().filter(|court| event.contains(court)).collect();
    if !courts.is_empty() {
        return Some(courts.join("、"));
    }
    if let Some(at) = event.find("令第").or_else(|| event.find("公告第")) {
        return name_of(&event[..at]);
    }
    if let Some(at) = event.find("次会议").or_else(|| event.find("次常务会议")) {
        return name_of(&without_sessions(&event[..at]));
    }
    let end = ["公布", "发布", "批准", "颁布", "通过"].iter().filter_map(|word| event.find(word)).min()?;
    name_of(&event[..end])
}

/// Takes out 第十一届 and the 第七 before 次会议.
fn without_sessions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        out.push_str(&rest[..at]);
        let after = &rest[at + '第'.len_utf8()..];
        match crate::document::numeral::number(after) {
            Some((_, bytes)) => rest = after[bytes..].strip_prefix('届').unwrap_or(&after[bytes..]),
            None => {
                out.push('第');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn name_of(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['由', '经', '根', '据']);
    let name = match text.strip_prefix("中华人民共和国") {
        // 中华人民共和国国务院 is known as 国务院; 中华人民共和国主席 stays.
        Some(rest) if rest.starts_with("国务院") && !rest.contains('、') => rest,
        _ => text,
    };
    let is_name = name.chars().count() >= 2
        && name.chars().count() <= 60
        && (ends_like_agency(name) || name.ends_with("主席"))
        && name.chars().all(|c| is_han(c) || matches!(c, '、' | '（' | '）'));
    is_name.then(|| name.to_owned())
}
