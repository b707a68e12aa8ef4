//! Word documents (.docx, .docm, .dotx): Office Open XML.
//!
//! Read by our own code over `zip` and quick-xml. `office_oxide` (MIT/Apache-2.0)
//! was tried first: it gives the text, but no automatic numbers, and a law whose
//! 第一条 is made by numbering.xml would lose its articles. Here are the parts of
//! the package, their styles (`styles`) and lists (`lists`; how they count is shared
//! with .doc); what a reader sees of the body is in `body`.

mod body;
mod lists;
mod styles;

use std::collections::HashMap;

use super::package::{Package, resolve};
use super::xml::{self, Xml};
use super::{Extracted, Format, HintField, Hints};
use crate::Result;

/// Reads a document.
///
/// # Errors
/// `Malformed` when the package or its main part is damaged, `LimitExceeded`.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?.unwrap_or_else(|| "word/document.xml".to_owned());
    let source = package.required(&main)?;
    let source = xml::decode(&source)?;
    let document = Xml::parse(&source)?;
    let relations = relations(&mut package, &main)?;
    let styles_part = part_of(&relations, "styles").unwrap_or_else(|| resolve(&main, "styles.xml"));
    let styles = with_part(&mut package, &styles_part, styles::Styles::read)?.unwrap_or_default();
    let lists_part = part_of(&relations, "numbering").unwrap_or_else(|| resolve(&main, "numbering.xml"));
    let lists = with_part(&mut package, &lists_part, lists::read)?.unwrap_or_default();
    let mut notes = HashMap::new();
    for (kind, file) in [("footnotes", "footnotes.xml"), ("endnotes", "endnotes.xml")] {
        let part = part_of(&relations, kind).unwrap_or_else(|| resolve(&main, file));
        if let Some(found) = with_part(&mut package, &part, |xml| body::notes(xml, &styles))? {
            notes.insert(kind, found);
        }
    }
    let chunks = body::chunks(&document, &relations, &mut package)?;
    let mut extracted = body::read(&document, styles, lists, notes, chunks)?;
    extracted.format = Format::Docx;
    extracted.hints = merge(core_hints(&mut package)?, extracted.hints);
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

/// Reads a document that is one XML file: Word 2003's, or a package written flat.
pub(super) fn read_xml(text: &str) -> Result<Extracted> {
    let document = Xml::parse(text)?;
    let styles = styles::Styles::read(&document);
    let lists = lists::read(&document);
    let mut extracted = body::read(&document, styles, lists, HashMap::new(), HashMap::new())?;
    extracted.format = Format::Docx;
    Ok(extracted)
}

fn merge(mut own: Hints, embedded: Hints) -> Hints {
    own.title = own.title.or(embedded.title);
    own.fields.extend(embedded.fields);
    own
}

/// A relation: its type's last word and its target's path in the package.
pub(super) struct Relation {
    pub(super) kind: String,
    pub(super) target: String,
}

/// The relations of a part by id; empty when it has none.
pub(super) fn relations(package: &mut Package<'_>, part: &str) -> Result<HashMap<String, Relation>> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let Some(bytes) = package.part(&path)? else { return Ok(HashMap::new()) };
    let Ok(source) = xml::decode(&bytes) else { return Ok(HashMap::new()) };
    let Ok(tree) = Xml::parse(&source) else { return Ok(HashMap::new()) };
    let mut relations = HashMap::new();
    for relation in tree.descendants(tree.root(), "Relationship") {
        let value = |name: &str| tree.attribute(relation, name).map(|value| value.into_owned());
        if tree.attribute(relation, "TargetMode").as_deref() == Some("External") {
            continue;
        }
        if let (Some(id), Some(kind), Some(target)) = (value("Id"), value("Type"), value("Target")) {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.insert(id, Relation { kind, target: resolve(part, &target) });
        }
    }
    Ok(relations)
}

fn part_of(relations: &HashMap<String, Relation>, kind: &str) -> Option<String> {
    relations.values().find(|relation| relation.kind == kind).map(|relation| relation.target.clone())
}

/// The main part, by the relations of the package.
pub(super) fn main_part(package: &mut Package<'_>) -> Result<Option<String>> {
    let relations = relations(package, "")?;
    Ok(part_of(&relations, "officeDocument").filter(|part| package.has(part)))
}

/// What `read` makes of an XML part; `None` when the part is missing or no XML: a
/// document is readable without its styles.
pub(super) fn with_part<T>(
    package: &mut Package<'_>,
    part: &str,
    read: impl FnOnce(&Xml<'_>) -> T,
) -> Result<Option<T>> {
    let Some(bytes) = package.part(part)? else { return Ok(None) };
    let Ok(source) = xml::decode(&bytes) else { return Ok(None) };
    Ok(Xml::parse(&source).ok().map(|tree| read(&tree)))
}

/// Title, author and dates of docProps/core.xml.
pub(super) fn core_hints(package: &mut Package<'_>) -> Result<Hints> {
    let hints = with_part(package, "docProps/core.xml", |xml| {
        let value = |name: &str| {
            let text = super::paragraphs::clean(&xml.text_of(xml.find(xml.root(), name)?));
            (!text.is_empty()).then_some(text)
        };
        let labels = [("creator", "作者"), ("created", "创建日期"), ("modified", "修改日期"), ("subject", "属性主题")];
        let fields = labels.iter().filter_map(|(name, label)| Some(HintField::property(label, value(name)?))).collect();
        Hints { title: value("title"), fields, info_end_line: None }
    })?;
    Ok(hints.unwrap_or_default())
}
