//! XML without a reader of its own: feeds and data. Texts of elements are lines;
//! markup that an element holds as text (the posts of a feed) is read as a page.

use super::xml::{Id, Xml};
use super::{Extracted, Format, Hints, ParagraphKind, Paragraphs};
use crate::Result;

/// Reads any XML.
pub(super) fn read(text: &str) -> Result<Extracted> {
    let xml = Xml::parse(text)?;
    let mut paragraphs = Paragraphs::new();
    let mut line = 0;
    write(&xml, xml.root(), &mut line, &mut paragraphs, 0)?;
    let title = xml.find(xml.root(), "title").map(|title| super::paragraphs::clean(&xml.text_of(title)));
    let hints = Hints { title: title.filter(|title| !title.is_empty()), ..Hints::default() };
    Ok(Extracted { format: Format::Xml, encoding: None, paragraphs: paragraphs.into_vec(), hints })
}

fn write(xml: &Xml<'_>, parent: Id, line: &mut u32, out: &mut Paragraphs, depth: usize) -> Result<()> {
    for child in xml.children(parent) {
        let Some(text) = xml.text_node(child) else {
            // Deeper than this is no document; the parser has its own limit.
            if depth < 512 {
                write(xml, child, line, out, depth + 1)?;
            }
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        if has_markup(text) {
            let page = super::html::read(text)?;
            for paragraph in &page.paragraphs {
                *line = line.saturating_add(1);
                out.push_read(paragraph, *line)?;
            }
            continue;
        }
        for part in text.lines() {
            *line = line.saturating_add(1);
            out.push(part, *line, ParagraphKind::Text)?;
        }
    }
    Ok(())
}

fn has_markup(text: &str) -> bool {
    ["<p", "<br", "<div", "<a ", "<img", "<span", "</"].iter().any(|tag| text.contains(tag))
}
