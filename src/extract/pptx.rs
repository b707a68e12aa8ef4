//! Presentations (.pptx): a slide is a section, its title the heading.

use super::blocks::{self, Block, Cell};
use super::docx::{core_hints, main_part, relations};
use super::package::{Package, resolve};
use super::xml::{self, Id, Xml};
use super::{Extracted, Format, limits};
use crate::Result;

/// Reads a presentation.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?.unwrap_or_else(|| "ppt/presentation.xml".to_owned());
    let slides = slides(&mut package, &main)?;
    let mut out = Vec::new();
    for path in slides {
        limits::check()?;
        let Some(bytes) = package.part(&path)? else { continue };
        let Ok(source) = xml::decode(&bytes) else { continue };
        let Ok(tree) = Xml::parse(&source) else { continue };
        slide(&tree, &mut out)?;
    }
    blocks::name_presentation(&mut out);
    let hints = core_hints(&mut package)?;
    let mut extracted =
        Extracted { format: Format::Pptx, paragraphs: blocks::write(&out)?, hints, ..Extracted::default() };
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

/// The paths of the slides in their order; hidden slides too, since they are text.
fn slides(package: &mut Package<'_>, main: &str) -> Result<Vec<String>> {
    let relations = relations(package, main)?;
    if let Some(bytes) = package.part(main)?
        && let Ok(source) = xml::decode(&bytes)
        && let Ok(tree) = Xml::parse(&source)
    {
        // `id` and `r:id` have the same name without prefix; the latter is a relation.
        let listed = tree.descendants(tree.root(), "sldId").filter_map(|slide| {
            let relation = tree.attribute_where(slide, "id", |id| relations.contains_key(id))?;
            Some(relations.get(relation.as_ref())?.target.clone())
        });
        let listed: Vec<String> = listed.collect();
        if !listed.is_empty() {
            return Ok(listed);
        }
    }
    let number = |path: &str| path.trim_end_matches(".xml").trim_start_matches(|c: char| !c.is_ascii_digit()).parse();
    let mut found: Vec<(u32, String)> = package
        .paths()
        .iter()
        .filter(|path| path.starts_with("ppt/slides/slide") && path.ends_with(".xml"))
        .map(|path| (number(path).unwrap_or(u32::MAX), resolve("", path)))
        .collect();
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

fn slide(xml: &Xml<'_>, out: &mut Vec<Block>) -> Result<()> {
    let Some(tree) = xml.find(xml.root(), "spTree") else { return Ok(()) };
    let mut shapes = Vec::new();
    collect(xml, tree, 0, &mut shapes);
    let is_filled = |shape: &&Id| !xml.text_of(**shape).trim().is_empty();
    let first = shapes.iter().find(is_filled).copied();
    let is_first = |shape: &Id| {
        Some(*shape) == first
            && xml.name(*shape) == "sp"
            && blocks::is_slide_title(paragraphs(xml, *shape).join("\n").trim())
    };
    let title = shapes.iter().position(|shape| is_title(xml, *shape)).or_else(|| shapes.iter().position(is_first));
    if let Some(at) = title {
        let title = shapes.remove(at);
        let text = paragraphs(xml, title).join(" ");
        out.push(Block::Text { text, heading: Some(2) });
    }
    for shape in shapes {
        match xml.name(shape) {
            "tbl" => table(xml, shape, out),
            _ => out.extend(paragraphs(xml, shape).into_iter().map(Block::text)),
        }
        blocks::check_count(out)?;
    }
    out.push(Block::text(""));
    Ok(())
}

/// Shapes with text and tables, in drawing order, groups opened.
fn collect(xml: &Xml<'_>, parent: Id, depth: usize, shapes: &mut Vec<Id>) {
    if depth > 64 {
        return;
    }
    for child in xml.children(parent) {
        match xml.name(child) {
            "sp" if !is_furniture(xml, child) => shapes.push(child),
            "tbl" => shapes.push(child),
            "grpSp" | "graphicFrame" | "graphic" | "graphicData" => collect(xml, child, depth + 1, shapes),
            // Of a diagram the drawn texts stand in a part of their own.
            "AlternateContent" => {
                if let Some(choice) = xml.child(child, "Choice").or(xml.child(child, "Fallback")) {
                    collect(xml, choice, depth + 1, shapes);
                }
            }
            _ => {}
        }
    }
}

fn placeholder(xml: &Xml<'_>, shape: Id) -> Option<String> {
    let kind = xml.attribute(xml.find(xml.child(shape, "nvSpPr")?, "ph")?, "type");
    kind.map(|kind| kind.into_owned())
}

fn is_title(xml: &Xml<'_>, shape: Id) -> bool {
    matches!(placeholder(xml, shape).as_deref(), Some("title" | "ctrTitle"))
}

/// Number, date and footer of a slide.
fn is_furniture(xml: &Xml<'_>, shape: Id) -> bool {
    matches!(placeholder(xml, shape).as_deref(), Some("sldNum" | "dt" | "ftr" | "hdr"))
}

/// The paragraphs of a text body.
fn paragraphs(xml: &Xml<'_>, shape: Id) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in xml.descendants(shape, "p") {
        let mut text = String::new();
        for child in xml.children(paragraph) {
            match xml.name(child) {
                "r" | "fld" => {
                    if let Some(run) = xml.child(child, "t") {
                        text.push_str(&xml.text_of(run));
                    }
                }
                "br" => text.push('\n'),
                "m" | "oMathPara" | "oMath" => {
                    for run in xml.descendants(child, "t") {
                        text.push_str(&xml.text_of(run));
                    }
                }
                _ => {}
            }
        }
        found.push(text);
    }
    found
}

fn table(xml: &Xml<'_>, table: Id, out: &mut Vec<Block>) {
    let rows = xml.children_named(table, "tr").map(|row| {
        let cells = xml
            .children_named(row, "tc")
            .map(|cell| -> Cell { paragraphs(xml, cell).into_iter().map(Block::text).collect() });
        cells.collect()
    });
    blocks::push_table(out, rows.collect());
}
