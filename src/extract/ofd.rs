//! OFD (GB/T 33190): OFD.xml → documents → pages, their templates and contents.
//!
//! No library reads it (`ofd-rs` only writes), so it is `zip` and quick-xml. A text
//! code is a run of characters at a place, with steps between them; they are put
//! in reading order by `layout`, as a PDF's. Namespaces, absolute and relative
//! paths, and missing parts are taken as they come; signatures and seals are parts
//! of their own and never looked at, watermarks are annotations and left out.

mod page;

use std::collections::HashMap;

use super::layout;
use super::package::{Package, resolve};
use super::plausible::garbled_share;
use super::xml::{self, Id, Xml};
use super::{Extracted, Format, HintField, Hints, limits};
use crate::document::Origin;
use crate::{Error, ErrorKind, Result};

/// The most pages that are read.
const MAX_PAGES: usize = 50_000;

/// A text with more of it garbled is noise.
const MAX_GARBLED: f32 = 0.3;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut package = Package::open(bytes)?;
    // GM/T 0099: an encrypted package names its cipher texts in an entry file.
    if package.has("Encryptions.xml") || package.has("Entries.xml") && !package.has("OFD.xml") {
        return Err(super::package::encrypted());
    }
    let source = package.required("OFD.xml")?;
    let source = xml::decode(&source)?;
    let main = Xml::parse(&source)?;
    let mut hints = Hints::default();
    let mut sheets = Vec::new();
    let mut pictured = 0;
    for body in main.descendants(main.root(), "DocBody") {
        if let Some(info) = main.child(body, "DocInfo") {
            read_info(&main, info, &mut hints);
        }
        let Some(root) = main.child(body, "DocRoot") else { continue };
        let path = resolve("OFD.xml", main.text_of(root).trim());
        document(&mut package, &path, &mut sheets, &mut pictured, &mut hints)?;
    }
    if sheets.is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "the OFD is damaged: no pages can be found in it"));
    }
    let count = sheets.len();
    let has_text =
        sheets.iter().flat_map(|page: &layout::Page| &page.glyphs).any(|glyph| !glyph.text.trim().is_empty());
    if !has_text {
        let what = if pictured > 0 { "scanned" } else { "drawn, not written" };
        let plural = if count == 1 { "" } else { "s" };
        return Err(Error::new(ErrorKind::Scanned, format!("no text: {what}, {count} page{plural}"))
            .with_remedy("name a program for character recognition (--ocr), or get the file as text"));
    }
    let share = garbled_share(sheets.iter().flat_map(|page| &page.glyphs).map(|glyph| &glyph.text));
    if share > MAX_GARBLED {
        return Err(Error::new(ErrorKind::Garbled, "garbled text: its fonts do not say which characters they show")
            .with_remedy("name a program for character recognition (--ocr), or get the file in another format"));
    }
    let paragraphs = layout::paragraphs(sheets)?;
    let mut extracted = Extracted { format: Format::Ofd, paragraphs, hints, ..Extracted::default() };
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

fn read_info(xml: &Xml<'_>, info: Id, hints: &mut Hints) {
    for child in xml.children(info) {
        let value = super::paragraphs::clean(&xml.text_of(child));
        let label = match xml.name(child) {
            "Title" => {
                hints.title = hints.title.take().or((!value.is_empty()).then_some(value));
                continue;
            }
            "Author" => "作者",
            "CreationDate" => "创建日期",
            "ModDate" => "修改日期",
            "Subject" => "属性主题",
            "Abstract" => "属性摘要",
            "Keywords" => "关键词",
            "CustomDatas" => {
                custom(xml, child, hints);
                continue;
            }
            _ => continue,
        };
        if !value.is_empty() {
            hints.fields.push(HintField::property(label, value));
        }
    }
}

/// Values under names of their own (`<CustomData Name="发文字号">`).
fn custom(xml: &Xml<'_>, parent: Id, hints: &mut Hints) {
    for data in xml.descendants(parent, "CustomData") {
        let value = super::paragraphs::clean(&xml.text_of(data));
        let Some(name) = xml.attribute(data, "Name") else { continue };
        push_field(hints, &name, value);
    }
}

fn push_field(hints: &mut Hints, label: &str, value: String) {
    let label: String = super::paragraphs::clean(label).chars().filter(|c| !c.is_whitespace()).collect();
    let label = label.trim_end_matches([':', '：']).to_owned();
    if !label.is_empty() && !value.is_empty() && hints.fields.len() < 1_000 {
        hints.fields.push(HintField { label, value, origin: Origin::Properties });
    }
}

/// The XML of a part; `None` when it is missing or no XML.
fn part<T>(package: &mut Package<'_>, path: &str, read: impl FnOnce(&Xml<'_>) -> Result<T>) -> Result<Option<T>> {
    let Some(bytes) = package.part(path)? else { return Ok(None) };
    let Ok(source) = xml::decode(&bytes) else { return Ok(None) };
    match Xml::parse(&source) {
        Ok(tree) => read(&tree).map(Some),
        Err(error) if error.kind() == ErrorKind::LimitExceeded => Err(error),
        Err(_) => Ok(None),
    }
}

/// What Document.xml names.
struct Root {
    area: [f32; 4],
    /// Paths of pages with their ids.
    pages: Vec<String>,
    templates: HashMap<String, String>,
    attachments: Option<String>,
    tags: Option<String>,
    /// Files with resources: fonts, pictures, and drawings used again.
    resources: Vec<String>,
}

fn document(
    package: &mut Package<'_>,
    path: &str,
    sheets: &mut Vec<layout::Page>,
    pictured: &mut usize,
    hints: &mut Hints,
) -> Result<()> {
    let root = part(package, path, |xml| Ok(read_root(xml, path)))?
        .ok_or_else(|| Error::new(ErrorKind::Malformed, format!("the file is damaged: its part {path} is missing")))?;
    if sheets.len() + root.pages.len() > MAX_PAGES {
        return Err(Error::new(ErrorKind::LimitExceeded, format!("the OFD has more than {MAX_PAGES} pages")));
    }
    let mut composites = HashMap::new();
    for resource in &root.resources {
        part(package, resource, |xml| {
            page::composites(xml, &mut composites);
            Ok(())
        })?;
    }
    let mut templates: HashMap<String, Vec<layout::Glyph>> = HashMap::new();
    for path in &root.pages {
        limits::check()?;
        let Some(mut found) = part(package, path, |xml| page::read(xml, root.area, &composites))? else {
            sheets.push(layout::Page { width: root.area[2], height: root.area[3], glyphs: Vec::new() });
            continue;
        };
        for id in &found.templates {
            if !templates.contains_key(id) {
                let template = match root.templates.get(id) {
                    Some(path) => part(package, path, |xml| page::read(xml, root.area, &composites))?,
                    None => None,
                };
                templates.insert(id.clone(), template.map(|found| found.page.glyphs).unwrap_or_default());
            }
            found.page.glyphs.extend(templates[id].iter().cloned());
        }
        *pictured += usize::from(found.has_picture);
        sheets.push(found.page);
    }
    if let Some(path) = &root.attachments {
        part(package, path, |xml| {
            for attachment in xml.descendants(xml.root(), "Attachment") {
                if let Some(name) = xml.attribute(attachment, "Name") {
                    push_field(hints, "附件", super::paragraphs::clean(&name));
                }
            }
            Ok(())
        })?;
    }
    if let Some(path) = &root.tags {
        custom_tags(package, path, hints)?;
    }
    Ok(())
}

/// Custom tags name parts of the text (`<ofd:发文字号>`); their names are listed.
fn custom_tags(package: &mut Package<'_>, path: &str, hints: &mut Hints) -> Result<()> {
    let files = part(package, path, |xml| {
        let files = xml.descendants(xml.root(), "FileLoc").map(|file| resolve(path, xml.text_of(file).trim()));
        Ok(files.collect::<Vec<_>>())
    })?;
    for file in files.unwrap_or_default() {
        part(package, &file, |xml| {
            let mut names = Vec::new();
            collect_tags(xml, xml.root(), 0, &mut names);
            if !names.is_empty() {
                push_field(hints, "自定义标引", names.join("、"));
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn collect_tags(xml: &Xml<'_>, parent: Id, depth: usize, names: &mut Vec<String>) {
    for child in xml.children(parent) {
        let name = xml.name(child);
        if xml.child(child, "ObjectRef").is_some() && names.len() < 200 && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        if depth < 20 && !name.is_empty() {
            collect_tags(xml, child, depth + 1, names);
        }
    }
}

fn read_root(xml: &Xml<'_>, path: &str) -> Root {
    let common = xml.find(xml.root(), "CommonData").unwrap_or(xml.root());
    let area = xml.child(common, "PageArea").and_then(|area| page::area(xml, area));
    let located = |element: Id| xml.attribute(element, "BaseLoc").map(|base| resolve(path, base.trim()));
    let pages = xml.find(xml.root(), "Pages");
    let text_path = |name: &str| {
        let text = xml.text_of(xml.find(xml.root(), name)?);
        (!text.trim().is_empty()).then(|| resolve(path, text.trim()))
    };
    let resources = ["PublicRes", "DocumentRes"]
        .iter()
        .flat_map(|name| xml.children_named(common, name))
        .map(|element| resolve(path, xml.text_of(element).trim()));
    Root {
        area: area.unwrap_or([0.0, 0.0, 210.0, 297.0]),
        pages: pages.map(|pages| xml.children_named(pages, "Page").filter_map(located).collect()).unwrap_or_default(),
        templates: xml
            .children_named(common, "TemplatePage")
            .filter_map(|template| Some((xml.attribute(template, "ID")?.into_owned(), located(template)?)))
            .collect(),
        attachments: text_path("Attachments"),
        tags: text_path("CustomTags"),
        resources: resources.collect(),
    }
}
