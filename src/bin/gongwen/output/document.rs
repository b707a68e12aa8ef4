//! A document or section for a reader: metadata, outline, text.

use std::io::{self, Write};

use gongwen::Document;
use gongwen::document::Section;

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
