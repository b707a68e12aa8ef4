//! Labelled values: which field a label names (发文机关, 公布日期, ContentSource, …),
//! in the hints of a format and in lines of text.

use crate::document::{Origin, numeral};
use crate::extract::{HintField, Hints};

use super::text::is_longer;

/// A field of the metadata that labels can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Title,
    Agency,
    Source,
    Number,
    IndexNumber,
    Topic,
    Kind,
    Level,
    Status,
    Recipients,
    Secrecy,
    Urgency,
    Written,
    Printed,
    Published,
    Effective,
    Expires,
    Validity,
}

/// Labels and their fields; of several labels of one field the earlier is the better.
const LABELS: [(&str, Field); 96] = [
    ("标题", Field::Title),
    ("文件标题", Field::Title),
    ("公文标题", Field::Title),
    ("ArticleTitle", Field::Title),
    ("文件名称", Field::Title),
    ("公文名称", Field::Title),
    ("信息名称", Field::Title),
    ("名称", Field::Title),
    ("法规标题", Field::Title),
    ("法规名称", Field::Title),
    ("title", Field::Title),
    ("发文机关", Field::Agency),
    ("发文机构", Field::Agency),
    ("发文单位", Field::Agency),
    ("制定机关", Field::Agency),
    ("公布机关", Field::Agency),
    ("颁布机关", Field::Agency),
    ("发布机关", Field::Agency),
    ("发布机构", Field::Agency),
    ("发布单位", Field::Agency),
    ("发布部门", Field::Agency),
    ("制发机关", Field::Agency),
    ("印发机关", Field::Agency),
    ("公开机构", Field::Agency),
    ("发文部门", Field::Agency),
    ("责任部门", Field::Agency),
    ("agency", Field::Agency),
    ("来源", Field::Source),
    ("信息来源", Field::Source),
    ("文章来源", Field::Source),
    ("稿件来源", Field::Source),
    ("ContentSource", Field::Source),
    ("source", Field::Source),
    ("发文字号", Field::Number),
    ("发文文号", Field::Number),
    ("文件编号", Field::Number),
    ("公文文号", Field::Number),
    ("文件文号", Field::Number),
    ("文号", Field::Number),
    ("文件字号", Field::Number),
    ("number", Field::Number),
    ("索引号", Field::IndexNumber),
    ("信息索引号", Field::IndexNumber),
    ("公开目录索引号", Field::IndexNumber),
    ("index_number", Field::IndexNumber),
    ("主题分类", Field::Topic),
    ("主题类别", Field::Topic),
    ("信息分类", Field::Topic),
    ("所属主题", Field::Topic),
    ("信息类别", Field::Topic),
    ("分类", Field::Topic),
    ("topic", Field::Topic),
    ("文种", Field::Kind),
    ("公文种类", Field::Kind),
    ("体裁", Field::Kind),
    ("体裁分类", Field::Kind),
    ("kind", Field::Kind),
    ("效力层级", Field::Level),
    ("效力级别", Field::Level),
    ("法律效力位阶", Field::Level),
    ("level", Field::Level),
    ("status", Field::Status),
    ("主送机关", Field::Recipients),
    ("主送", Field::Recipients),
    ("密级", Field::Secrecy),
    ("紧急程度", Field::Urgency),
    ("缓急", Field::Urgency),
    ("成文日期", Field::Written),
    ("成文时间", Field::Written),
    ("生成日期", Field::Written),
    ("制发日期", Field::Written),
    ("发文日期", Field::Written),
    ("签发日期", Field::Written),
    ("written", Field::Written),
    ("印发日期", Field::Printed),
    ("印发时间", Field::Printed),
    ("printed", Field::Printed),
    ("发布日期", Field::Published),
    ("公布日期", Field::Published),
    ("发布时间", Field::Published),
    ("公开日期", Field::Published),
    ("颁布日期", Field::Published),
    ("PubDate", Field::Published),
    ("published", Field::Published),
    ("日期", Field::Published),
    ("时间", Field::Published),
    ("施行日期", Field::Effective),
    ("实施日期", Field::Effective),
    ("生效日期", Field::Effective),
    ("effective", Field::Effective),
    ("失效日期", Field::Expires),
    ("废止日期", Field::Expires),
    ("有效期至", Field::Expires),
    ("expires", Field::Expires),
    ("有效性", Field::Validity),
    ("时效性", Field::Validity),
];

const MORE_LABELS: [(&str, Field); 5] = [
    ("效力状态", Field::Validity),
    ("文件状态", Field::Validity),
    ("效力", Field::Validity),
    ("时效", Field::Validity),
    ("validity", Field::Validity),
];

fn labels() -> impl Iterator<Item = &'static (&'static str, Field)> {
    LABELS.iter().chain(MORE_LABELS.iter())
}

/// The field that `label` names (white space and colon ignored) and how well: 0 is
/// the best name for it.
pub(super) fn field_of(label: &str) -> Option<(Field, usize)> {
    if label.len() > 60 {
        return None;
    }
    let label: String =
        label.chars().filter(|c| !c.is_whitespace() && !matches!(c, '：' | ':' | '[' | ']' | '【' | '】')).collect();
    labels().position(|(name, _)| name.eq_ignore_ascii_case(&label)).and_then(|at| Some((labels().nth(at)?.1, at)))
}

/// How much a place is trusted.
pub(super) fn trust(origin: Origin) -> f32 {
    match origin {
        Origin::HeaderTable => 1.0,
        Origin::FrontMatter => 0.95,
        Origin::FirstLines => 0.9,
        Origin::Signature => 0.85,
        Origin::Text => 0.7,
        Origin::Properties => 0.6,
        Origin::FileName => 0.5,
        _ => 0.5,
    }
}

/// The best of the hints for a field: by place, then by name.
pub(super) fn best(hints: &Hints, wanted: Field) -> Option<&HintField> {
    let mut best: Option<(&HintField, (f32, usize))> = None;
    for hint in &hints.fields {
        let Some((field, rank)) = field_of(&hint.label) else { continue };
        if field != wanted || hint.value.trim().is_empty() {
            continue;
        }
        let better = best.as_ref().is_none_or(|(_, (trusted, name))| {
            trust(hint.origin) > *trusted || (trust(hint.origin) == *trusted && rank < *name)
        });
        if better {
            best = Some((hint, (trust(hint.origin), rank)));
        }
    }
    best.map(|(hint, _)| hint)
}

/// The labelled values in a line of text: `来源:… 日期:… 【字体：`, or the cells
/// `索引号：` TAB value. Values end where the next label begins.
pub(super) fn labelled_values(line: &str) -> Vec<(Field, &str)> {
    let mut found = Vec::new();
    if is_longer(line, 600) {
        return found;
    }
    let mut open: Option<(Field, usize)> = None;
    for (at, label_start, after) in labels_in(line) {
        if let Some((field, from)) = open.take() {
            found.push((field, trim_value(&line[from..label_start])));
        }
        open = at.map(|field| (field, after));
    }
    if let Some((field, from)) = open {
        found.push((field, trim_value(&line[from..])));
    }
    found.retain(|(_, value)| !value.is_empty());
    found
}

/// Whether the line begins with a label that names a field.
pub(super) fn is_labelled_line(line: &str) -> bool {
    !is_longer(line, 300) && labels_in(line).next().is_some_and(|(field, start, _)| field.is_some() && start == 0)
}

/// The labels of a line with the bytes where they begin and where their values
/// do. An unknown label (浏览次数：) ends the value before it.
fn labels_in(line: &str) -> impl Iterator<Item = (Option<Field>, usize, usize)> + '_ {
    let mut cell_start = 0;
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < line.len() {
            let rest = &line[from..];
            let at = from + rest.find(['：', ':', '\t', '【', '〖'])?;
            let c = line[at..].chars().next()?;
            from = at + c.len_utf8();
            if matches!(c, '【' | '〖') {
                let opens_line = line[cell_start..at].trim().is_empty();
                cell_start = from;
                if !opens_line {
                    return Some((None, at, from));
                }
                continue;
            }
            // A clock's colon stands between digits.
            if line[..at].ends_with(numeral::is_arabic) && line[from..].starts_with(numeral::is_arabic) {
                continue;
            }
            let label_start = label_start(&line[cell_start..at]) + cell_start;
            let label = &line[label_start..at];
            let Some((field, _)) = field_of(label) else {
                if c == '\t' {
                    cell_start = from;
                } else if !is_longer(label, 8) && label_start > 0 {
                    cell_start = from;
                    return Some((None, label_start, from));
                }
                continue;
            };
            cell_start = from;
            return Some((Some(field), label_start, from));
        }
        None
    })
}

/// Where in `text` the label begins that ends it: a name may be spread out
/// (标　　题), so single characters with spaces between belong together.
fn label_start(text: &str) -> usize {
    let trimmed = text.trim_end();
    if let Some((_, _)) = field_of(trimmed) {
        return trimmed.len() - trimmed.trim_start().len();
    }
    let mut start = trimmed.len();
    let mut words = 0;
    for word in trimmed.rsplit([' ', '\u{3000}', '\u{a0}', '\t']) {
        let word_start = word.as_ptr() as usize - trimmed.as_ptr() as usize;
        if !word.is_empty() {
            words += 1;
            if words > 1
                && (word.chars().count() > 1 || trimmed[start..].chars().count() > 8)
                && field_of(&trimmed[start..]).is_some()
            {
                break;
            }
            start = word_start;
            if field_of(&trimmed[start..]).is_some() && word.chars().count() > 1 {
                break;
            }
            if words == 6 {
                break;
            }
        }
    }
    if field_of(&trimmed[start..]).is_some() {
        start
    } else {
        trimmed
            .rfind([' ', '\u{3000}', '\u{a0}'])
            .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8))
    }
}

/// `某卫发〔2024〕9号　　签发人：李某` without the one who signs.
pub(super) fn without_signer(text: &str) -> &str {
    text.split_once("签发人").map_or(text, |(before, _)| before.trim_end())
}

fn trim_value(value: &str) -> &str {
    value.trim().trim_end_matches(['【', '〖', '[', '|', '/']).trim()
}

/// 秘密, 机密, 绝密, with ★ and a term behind it.
pub(super) fn secrecy_of(compact: &str) -> Option<&'static str> {
    let level = ["绝密", "机密", "秘密"].into_iter().find(|level| compact.starts_with(level))?;
    let rest = &compact[level.len()..];
    let is_mark = rest.is_empty() || rest.starts_with(['★', '☆', '*']) || urgency_of(rest).is_some();
    is_mark.then_some(level)
}

/// 特急, 加急, 平急, 特提, 急件, alone or behind a secrecy mark.
pub(super) fn urgency_of(compact: &str) -> Option<&'static str> {
    ["特急", "加急", "平急", "特提", "急件", "紧急"].into_iter().find(|urgency| compact == *urgency)
}
