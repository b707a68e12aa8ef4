//! Labelled values of a page's header: the labels of the information-disclosure
//! catalogue, and the pairs found beside them.

use crate::document::Origin;
use crate::extract::{HintField, Paragraph, ParagraphKind};

/// Labels of catalogue and header tables, without white space and colon.
const LABELS: &[&str] = &[
    "索引号",
    "索取号",
    "信息索引号",
    "信息索引",
    "主题分类",
    "主题",
    "分类",
    "信息分类",
    "体裁分类",
    "组配分类",
    "所属分类",
    "服务对象",
    "主题词",
    "关键词",
    "关键字",
    "发文机关",
    "发文单位",
    "发布机构",
    "发布机关",
    "发布单位",
    "制发机关",
    "制定机关",
    "制作机关",
    "公开机构",
    "公开主体",
    "公开部门",
    "公开责任部门",
    "责任部门",
    "信息提供单位",
    "信息来源",
    "来源",
    "文件来源",
    "标题",
    "名称",
    "信息名称",
    "文件名称",
    "公文名称",
    "发文字号",
    "文号",
    "文件编号",
    "文件号",
    "公文字号",
    "公文种类",
    "文种",
    "体裁",
    "成文日期",
    "成文时间",
    "发文日期",
    "发文时间",
    "生成日期",
    "产生日期",
    "发布日期",
    "发布时间",
    "公布日期",
    "公开日期",
    "公开时间",
    "印发日期",
    "印发时间",
    "施行日期",
    "实施日期",
    "生效日期",
    "生效时间",
    "失效日期",
    "失效时间",
    "废止日期",
    "废止时间",
    "有效性",
    "有效期",
    "时效性",
    "时效",
    "效力状态",
    "效力",
    "是否有效",
    "文件状态",
    "公开方式",
    "公开形式",
    "公开范围",
    "公开属性",
    "公开时限",
    "公开类别",
    "公开程序",
    "内容概述",
    "内容摘要",
    "统一编号",
    "统一登记号",
    "规范性文件编号",
    "规范性文件统一编号",
    "登记号",
    "备案号",
    "密级",
    "作者",
    "签发人",
    "内容分类",
    "信息类别",
    "信息类型",
    "文件类型",
    "文件类别",
];

/// The longest value taken, in characters: a title or a summary.
const MAX_VALUE_CHARS: usize = 500;

/// The label that `text` is: white space inside and a colon at its end go.
pub(super) fn catalogue_label(text: &str) -> Option<String> {
    // The longest label has nine characters, and there may be blanks between them.
    if text.len() > 120 {
        return None;
    }
    let label = bare(text);
    LABELS.contains(&label.as_str()).then_some(label)
}

/// `索 引 号：` → `索引号`; `【来源】` → `来源`.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace());
    let label: String = kept.collect();
    label.trim_matches(['：', ':', '【', '】', '[', ']', '*', '·']).to_owned()
}

/// The labelled values: pairs of cells in rows, or `label：value` in lines of
/// their own, where a run of them has at least two of the catalogue's labels.
pub(super) fn find(paragraphs: &[Paragraph]) -> Vec<HintField> {
    let mut found = Vec::new();
    let mut run: Vec<HintField> = Vec::new();
    for paragraph in paragraphs {
        let pairs = match paragraph.kind {
            ParagraphKind::TableRow => row_pairs(&paragraph.text),
            _ => line_pair(&paragraph.text).into_iter().collect(),
        };
        if pairs.is_empty() && !is_label_alone(&paragraph.text) {
            close(&mut run, &mut found);
            // A header stands at the beginning; a table of documents may follow.
            if found.len() >= 4 {
                break;
            }
        }
        run.extend(pairs);
    }
    close(&mut run, &mut found);
    found
}

fn close(run: &mut Vec<HintField>, found: &mut Vec<HintField>) {
    let known = run.iter().filter(|field| LABELS.contains(&field.label.as_str())).count();
    if known >= 2 {
        found.append(run);
    }
    run.clear();
}

/// A row whose label has no value: it does not end the header.
fn is_label_alone(text: &str) -> bool {
    text.split('\t').all(|cell| catalogue_label(cell).is_some() || cell.ends_with(['：', ':']))
}

fn row_pairs(text: &str) -> Vec<HintField> {
    let mut pairs = Vec::new();
    let mut cells = text.split('\t').peekable();
    while let Some(cell) = cells.next() {
        if let Some(pair) = line_pair(cell) {
            pairs.push(pair);
            continue;
        }
        let Some(label) = cell_label(cell) else { continue };
        let Some(value) = cells.next_if(|next| cell_label(next).is_none() && line_pair(next).is_none()) else {
            continue;
        };
        pairs.extend(field(label, value));
    }
    pairs
}

/// A cell that is a label: one of the catalogue's, or short and closed by a colon.
fn cell_label(cell: &str) -> Option<String> {
    if let Some(label) = catalogue_label(cell) {
        return Some(label);
    }
    let closed = cell.trim_end().ends_with(['：', ':']);
    let label = bare(cell);
    (closed && (2..=12).contains(&label.chars().count())).then_some(label)
}

/// `索引号：000014349/2019-00007`.
fn line_pair(text: &str) -> Option<HintField> {
    let at = text.find(['：', ':'])?;
    let label = catalogue_label(&text[..at])?;
    let value = text[at..].trim_start_matches(['：', ':']);
    field(label, value)
}

fn field(label: String, value: &str) -> Option<HintField> {
    let value = value.trim();
    let is_value = !value.is_empty() && value.chars().count() <= MAX_VALUE_CHARS;
    is_value.then(|| HintField { label, value: value.to_owned(), origin: Origin::HeaderTable })
}
