//! A document or section for a reader: metadata, outline, text.

use std::io::{self, Write};

use gongwen::Document;
use gongwen::document::{Origin, Section};

use crate::sanitize;

/// Metadata and the tree of sections.
pub fn outline(document: &Document, out: &mut impl Write) -> io::Result<()> {
    metadata(document, out)?;
    for section in &document.sections {
        let indent = "  ".repeat(usize::from(section.level));
        let heading = section.full_heading();
        let shown = if heading.is_empty() { "·".to_owned() } else { heading };
        let chars = section.text.chars().count();
        writeln!(out, "{:>6}  {indent}{} ({chars})", section.line, sanitize::text(&shown))?;
    }
    Ok(())
}

/// Where each value was read: field, place, confidence, words.
pub fn sources(document: &Document, out: &mut impl Write) -> io::Result<()> {
    for source in &document.metadata.evidence {
        let label =
            LABELS.iter().find(|(field, _)| *field == source.field).map_or(source.field.as_str(), |(_, label)| label);
        let inferred = if source.inferred { "，推断" } else { "" };
        let place = place(source.origin);
        let words = sanitize::text(&source.original);
        writeln!(out, "{label}：{place} {:.2}{inferred} “{words}”", source.confidence)?;
    }
    writeln!(out)
}

/// The fields of the evidence, as a reader names them.
const LABELS: [(&str, &str); 19] = [
    ("title", "标题"),
    ("agency", "发文机关"),
    ("source", "来源"),
    ("number", "发文字号"),
    ("index_number", "索引号"),
    ("topic", "主题分类"),
    ("kind", "文种"),
    ("level", "效力层级"),
    ("status", "状态"),
    ("recipients", "主送"),
    ("secrecy", "密级"),
    ("urgency", "紧急程度"),
    ("written", "成文日期"),
    ("printed", "印发日期"),
    ("published", "发布日期"),
    ("amended", "修订日期"),
    ("effective", "施行日期"),
    ("expires", "失效日期"),
    ("validity", "有效性"),
];

fn place(origin: Origin) -> &'static str {
    match origin {
        Origin::HeaderTable => "表头",
        Origin::FrontMatter => "文前元数据",
        Origin::FirstLines => "文首",
        Origin::Signature => "落款",
        Origin::Text => "正文",
        Origin::FileName => "文件名",
        Origin::Properties => "文件属性",
        Origin::Index => "索引中其他文件",
        _ => "其他",
    }
}

fn metadata(document: &Document, out: &mut impl Write) -> io::Result<()> {
    let metadata = &document.metadata;
    let text = |value: &Option<String>| value.clone();
    let validity = metadata.validity.map(|validity| {
        let inferred = metadata.source_of("validity").filter(|source| source.inferred);
        match inferred {
            Some(source) => format!("{}（推断，据：{}）", validity.name(), source.original),
            None => validity.name().to_owned(),
        }
    });
    let rows: [(&str, Option<String>); 20] = [
        ("标题", Some(document.title.clone())),
        ("发文机关", text(&metadata.agency)),
        ("来源", text(&metadata.source)),
        ("发文字号", metadata.number.as_ref().map(ToString::to_string)),
        ("索引号", text(&metadata.index_number)),
        ("主题分类", text(&metadata.topic)),
        ("文种", metadata.kind.map(|kind| kind.name().to_owned())),
        ("效力层级", metadata.level.map(|level| level.name().to_owned())),
        ("状态", text(&metadata.status)),
        ("主送", text(&metadata.recipients)),
        ("密级", text(&metadata.secrecy)),
        ("紧急程度", text(&metadata.urgency)),
        ("成文日期", metadata.written.map(|date| date.to_string())),
        ("印发日期", metadata.printed.map(|date| date.to_string())),
        ("发布日期", metadata.published.map(|date| date.to_string())),
        ("修订日期", metadata.amended.map(|date| date.to_string())),
        ("施行日期", metadata.effective.map(|date| date.to_string())),
        ("失效日期", metadata.expires.map(|date| date.to_string())),
        ("有效性", validity),
        ("引用", Some(document.citations.len()).filter(|count| *count > 0).map(|count| format!("{count} 处"))),
    ];
    for (label, value) in rows {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "{label}：{}", sanitize::text(&value))?;
        }
    }
    Ok(())
}

/// The whole text.
pub fn text(document: &Document, out: &mut impl Write) -> io::Result<()> {
    metadata(document, out)?;
    writeln!(out)?;
    for section in &document.sections {
        for line in section.text.lines() {
            writeln!(out, "{}", sanitize::text(line))?;
        }
    }
    Ok(())
}

/// One section with its path.
pub fn section(section: &Section, out: &mut impl Write) -> io::Result<()> {
    if !section.path.is_empty() {
        writeln!(out, "{}", sanitize::text(&section.path.join(super::PATH_SEPARATOR)))?;
    }
    for line in section.text.lines() {
        writeln!(out, "{}", sanitize::text(line))?;
    }
    Ok(())
}
