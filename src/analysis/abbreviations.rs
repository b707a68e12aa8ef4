//! Short names that a document defines for itself: 中国特色社会主义先行示范区（以下简称
//! “示范区”）. They hold in that document only, so they are read from its text.

use super::fold::{Folder, is_ignored};

/// What leads to a short name, behind an opening bracket.
const LEADS: &[&str] = &["以下简称", "以下统称", "以下合称", "以下称", "下称", "简称", "下同,简称"];
/// What is an opening bracket when folded.
const OPENING: &[char] = &['(', '（', '〔', '［', '【', '['];

/// The last character of every lead, as it is written.
const LAST_OF_LEADS: [&str; 2] = ["称", "稱"];

/// Characters of the longest lead.
const MAX_LEAD_CHARS: usize = 5;
/// Longest short name, in characters.
const MAX_SHORT_CHARS: usize = 20;
/// Most short names taken from one text.
const MAX_FOUND: usize = 8;

/// The short names that `text` defines for something whose name ends in
/// `keyword`: for 先行示范区 in 建设先行示范区（以下简称“示范区”） it is 示范区. Names
/// that hold the keyword, which finds them anyway, are left out.
pub(crate) fn short_names(text: &str, keyword: &str) -> Vec<String> {
    let folder = Folder::new();
    let folded = |c: char| Some(folder.fold_char(c)).filter(|&c| !is_ignored(c));
    let keyword: String = keyword.chars().filter_map(folded).filter(|&c| !matches!(c, '《' | '》' | '"')).collect();
    let mut found = Vec::new();
    if keyword.is_empty() {
        return found;
    }
    let mut inside = String::new();
    // Few brackets define a name: the rest of the text need not be folded.
    for (open, bracket) in brackets_before_leads(text) {
        let behind = text[open + bracket.len_utf8()..].chars().filter_map(folded);
        inside.clear();
        inside.extend(behind.clone().take(MAX_LEAD_CHARS));
        if after_lead(&inside).is_none() {
            continue;
        }
        let before = text[..open].chars().rev().filter_map(folded).skip_while(|c| matches!(c, '》' | '"'));
        if !before.take(keyword.chars().count()).eq(keyword.chars().rev()) {
            continue;
        }
        inside.clear();
        inside.extend(behind.take_while(|c| !matches!(c, ')' | '。')));
        let Some(inside) = after_lead(&inside) else { continue };
        for short in names(inside) {
            if !short.contains(&keyword) && !found.contains(&short) && found.len() < MAX_FOUND {
                found.push(short);
            }
        }
    }
    found
}

/// The brackets that a lead may stand behind, ascending. Each lead holds a 称, which is
/// looked for by its bytes, so that the text need not be read.
fn brackets_before_leads(text: &str) -> Vec<(usize, char)> {
    let places = LAST_OF_LEADS.iter().flat_map(|last| memchr::memmem::find_iter(text.as_bytes(), last));
    let bracket = |at: usize| {
        let before = text[..at].char_indices().rev().filter(|&(_, c)| !is_ignored(c));
        before.take(MAX_LEAD_CHARS).find(|(_, c)| OPENING.contains(c))
    };
    let mut brackets: Vec<(usize, char)> = places.filter_map(bracket).collect();
    brackets.sort_unstable();
    brackets.dedup();
    brackets
}

/// What stands behind 以下简称 at the head of a bracket.
fn after_lead(inside: &str) -> Option<&str> {
    let lead = LEADS.iter().find(|lead| inside.starts_with(**lead))?;
    Some(inside[lead.len()..].trim_start_matches([':', '为']))
}

/// The names in the rest of a bracket: “甲”或者“乙”, or one without marks.
fn names(inside: &str) -> Vec<String> {
    let is_name = |name: &&str| {
        let length = name.chars().count();
        (2..=MAX_SHORT_CHARS).contains(&length) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '·'))
    };
    let marked: Vec<&str> = match inside.split_once('"') {
        Some((_, rest)) => rest.split('"').step_by(2).collect(),
        None => vec![inside.trim_matches(['《', '》'])],
    };
    marked.into_iter().map(|name| name.trim_matches(['《', '》'])).filter(is_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lead_ends_alike_and_is_no_longer_than_said() {
        let folder = Folder::new();
        assert!(LAST_OF_LEADS.iter().flat_map(|last| last.chars()).all(|c| folder.fold_char(c) == '称'));
        assert!(LEADS.iter().all(|lead| lead.ends_with('称') && lead.chars().count() <= MAX_LEAD_CHARS));
        let traditional = include_str!("data/traditional.txt").lines().filter(|line| line.ends_with('称')).count();
        assert_eq!(traditional, LAST_OF_LEADS.len() - 1, "no other character is folded to it");
    }

    #[test]
    fn short_names_of_a_keyword() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("建设先行示范区（以下简称“示范区”）。\n示范区实行联席会议制度", "先行示范区", &["示范区"]),
            ("建设先行示范区(以下简称示范区)。", "先行示范区", &["示范区"]),
            ("《政府投资项目管理办法》（以下简称《办法》）", "政府投资项目管理办法", &["办法"]),
            ("市发展和改革委员会（下称“市发改委”）", "发展和改革委员会", &["市发改委"]),
            ("食品生产经营者（以下统称“企业”或者“经营者”）", "食品生产经营者", &["企业", "经营者"]),
            ("建設先行示範區（以下簡稱「示範區」）", "先行示范区", &["示范区"]),
            ("先 行 示范区 （以下简称：“示范区”）", "先行示范区", &["示范区"]),
            ("新区管理委员会（以下简称管委会）", "先行示范区", &[]),
            ("先行示范区（见附件）。其他（以下简称“其”）", "先行示范区", &[]),
            ("先行示范区（以下简称“示范区", "先行示范区", &["示范区"]),
            ("示范区（以下简称“先行示范区”）", "示范区", &[]),
            ("先行示范区（下称“甲区”，简称“乙区”）", "先行示范区", &["甲区", "乙区"]),
            ("（先行示范区【 以下 简 称：“示范区”】）", "先行示范区", &["示范区"]),
            ("（以下简称“示范区”）", "", &[]),
            ("", "示范区", &[]),
        ];
        for (text, keyword, expected) in cases {
            assert_eq!(short_names(text, keyword), *expected, "{text}");
        }
    }
}
