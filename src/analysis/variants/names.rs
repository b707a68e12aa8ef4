//! Names: aliases of bodies and terms, laws with and without the State's name,
//! titles and terms in marks, rows of single characters (省市县).

use crate::analysis::Synonyms;
use crate::analysis::numeral::is_numeral;
use crate::analysis::synonyms::{Known, Name};

use super::boundary::{self, Boundary, Left, Right};
use super::{Item, Reading, Spelling, VariantKind};

const STATE: &str = "中华人民共和国";

/// What titles of laws end in.
const LAW_ENDS: &str = "法典例";

/// Longest title in 《》, in characters.
const MAX_TITLE_CHARS: usize = 60;

/// Characters that stand for things of one kind and are listed in a row.
const ROWS: &[&str] = &[
    "省市区县州盟旗镇乡村街",
    "人财物事权责利产供销地钱技才",
    "水电气热路网暖",
    "科教文卫体旅",
    "农林牧渔工商建交",
    "老弱病残孕妇幼",
    "衣食住行游购娱吃",
    "德智体美劳",
    "党政军民学",
    "大中小微",
    "东南西北中",
    "上中下",
    "老中青少",
    "产学研用",
    "公检法司安",
    "工青妇团",
    "水土气声渣",
    "山水林田湖草沙",
    "省部厅司局处",
];

pub(super) fn read(reading: &Reading, at: usize, synonyms: &Synonyms) -> Option<Item> {
    read_alias(reading, at, synonyms).or_else(|| read_marks(reading, at)).or_else(|| read_law(reading, at))
}

fn read_alias(reading: &Reading, at: usize, synonyms: &Synonyms) -> Option<Item> {
    let chars = &reading.chars[at..];
    let before = at.checked_sub(1).map(|at| reading.chars[at]);
    let known = synonyms.at(chars);
    let is_meant = |known: &&Known<'_>| {
        let (last, next) = (chars[known.chars - 1], chars.get(known.chars));
        let is_other_word = next.is_some_and(|&next| boundary::makes_another_word(last, next));
        let is_late =
            known.chars == 2 && before.is_some_and(|before| boundary::is_another_word_before(chars[0], before));
        let is_local = known.name.needs_no_place && before.is_some_and(boundary::ends_place);
        // 十四五 in 二十四五, 5G in 15G.
        let is_part = before.is_some_and(|c| is_numeral(c) && is_numeral(chars[0]))
            || last.is_ascii_alphanumeric() && next.is_some_and(char::is_ascii_alphanumeric);
        !is_other_word && !is_late && !is_local && !is_part
    };
    let length = known.iter().find(is_meant)?.chars;
    let mut spellings: Vec<Spelling> = Vec::new();
    for known in known.iter().filter(|known| known.chars == length).filter(is_meant) {
        for other in known.group.iter().filter(|other| !other.only_typed && *other != known.name) {
            let boundary = boundary_of(other);
            match spellings.iter_mut().find(|spelling| spelling.text == other.text) {
                // Of two groups, the one that asks for less counts.
                Some(known) if boundary.left == Left::Free => known.boundary = boundary,
                Some(_) => {}
                None => spellings.push(Spelling { text: other.text.clone(), boundary }),
            }
        }
    }
    Some(Item { chars: length, kind: VariantKind::Alias, spellings })
}

fn boundary_of(name: &Name) -> Boundary {
    let (first, last) = (name.text.chars().next(), name.text.chars().next_back());
    let is_short_law = last == Some('法') && name.text.chars().count() <= 5;
    let left = match first {
        _ if name.needs_no_place => Left::NoPlace,
        Some(c) if is_numeral(c) => Left::Numeral,
        _ if is_short_law => Left::Law,
        Some(c) if name.text.chars().count() == 2 && boundary::may_begin_late(c) => Left::Name,
        _ => Left::Free,
    };
    let right = if last.is_some_and(boundary::may_be_another_word) { Right::Name } else { Right::Free };
    Boundary { left, right }
}

/// A title, not as a name from the list: 法 must end it.
fn boundary_of_title(title: &str) -> Boundary {
    boundary_of(&Name { text: title.to_owned(), needs_no_place: false, only_typed: false })
}

/// 《数据安全法》 and “十四五”规划 without their marks.
fn read_marks(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let (&open, inside) = chars.split_first()?;
    let close = match open {
        '《' => '》',
        '"' => '"',
        _ => return None,
    };
    let length = inside.iter().take(MAX_TITLE_CHARS).position(|&c| c == close).filter(|&length| length >= 2)?;
    let inside: String = inside[..length].iter().collect();
    let mut titles = vec![inside.clone()];
    titles.extend(without_state(&inside).map(str::to_owned));
    let spelling = |title: String| Spelling { boundary: boundary_of_title(&title), text: title };
    Some(Item { chars: length + 2, kind: VariantKind::Marks, spellings: titles.into_iter().map(spelling).collect() })
}

/// 中华人民共和国劳动合同法 is 劳动合同法.
fn without_state(title: &str) -> Option<&str> {
    let rest = title.strip_prefix(STATE)?;
    let is_law = rest.chars().next_back().is_some_and(|c| LAW_ENDS.contains(c));
    (is_law && rest.chars().count() >= 2).then_some(rest)
}

/// As `without_state`, for a law that stands in a longer keyword or is it.
fn read_law(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let state = STATE.chars().count();
    if !STATE.chars().eq(chars.iter().copied().take(state)) {
        return None;
    }
    let end = chars.iter().position(|&c| matches!(c, '第' | '》' | '(' | ' ')).unwrap_or(chars.len());
    let title: String = chars[..end].iter().collect();
    let short = without_state(&title)?;
    let spellings = vec![Spelling { boundary: boundary_of_title(short), text: short.to_owned() }];
    Some(Item { chars: end, kind: VariantKind::Alias, spellings })
}

/// 省市县 and 省、市、县.
pub(super) fn read_enumeration(reading: &Reading, at: usize) -> Option<Item> {
    let chars = &reading.chars[at..];
    let row = ROWS.iter().find(|row| row.contains(chars[0]))?;
    let is_inside = at > 0 && (row.contains(reading.chars[at - 1]) || reading.chars[at - 1] == '、');
    let joined = chars.iter().take_while(|&&c| row.contains(c)).count();
    let mut parted = 1;
    while chars.get(parted) == Some(&'、') && chars.get(parted + 1).is_some_and(|&c| row.contains(c)) {
        parted += 2;
    }
    let (length, is_parted) = if joined > 1 { (joined, false) } else { (parted, true) };
    let members: Vec<char> = chars[..length].iter().copied().filter(|&c| c != '、').collect();
    let is_all = at == 0 && length == chars.len();
    let least = if is_all { 2 } else { 3 };
    let goes_on = chars.get(length) == Some(&'、');
    if is_inside || goes_on || !(least..=8).contains(&members.len()) {
        return None;
    }
    let separator = if is_parted { "" } else { "、" };
    let members: Vec<String> = members.into_iter().map(String::from).collect();
    let spelling = Spelling { text: members.join(separator), boundary: Boundary::default() };
    Some(Item { chars: length, kind: VariantKind::Enumeration, spellings: vec![spelling] })
}
