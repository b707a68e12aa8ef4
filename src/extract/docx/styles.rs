//! Paragraph styles: which are headings, which carry a list.

use std::collections::HashMap;

use crate::extract::xml::{Id, Xml};

/// How long a chain of base styles is followed.
const MAX_CHAIN: usize = 32;

/// What a style says of its paragraphs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Style {
    pub(super) name: String,
    base: Option<String>,
    outline: Option<u8>,
    pub(super) list: Option<String>,
    pub(super) level: Option<usize>,
    hidden: Option<bool>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default: Option<String>,
}

impl Styles {
    pub(super) fn read(xml: &Xml<'_>) -> Styles {
        let mut styles = Styles::default();
        for style in xml.descendants(xml.root(), "style") {
            let Some(id) = xml.attribute(style, "styleId") else { continue };
            let paragraph = xml.child(style, "pPr");
            let list = paragraph.and_then(|properties| xml.child(properties, "numPr"));
            let read = Style {
                name: xml.child_value(style, "name", "val").unwrap_or_default().to_lowercase(),
                base: xml.child_value(style, "basedOn", "val").map(|base| base.into_owned()),
                outline: paragraph.and_then(|properties| outline_level(xml, properties)),
                list: list.and_then(|list| xml.child_value(list, "numId", "val")).map(|list| list.into_owned()),
                level: list.and_then(|list| xml.child_value(list, "ilvl", "val")?.parse().ok()),
                hidden: xml.child(style, "rPr").and_then(|run| switch(xml, run, "vanish")),
            };
            let is_default = xml.attribute(style, "default").is_some_and(|value| is_on(&value));
            if is_default && xml.attribute(style, "type").as_deref() == Some("paragraph") {
                styles.default = Some(id.clone().into_owned());
            }
            styles.by_id.insert(id.into_owned(), read);
        }
        styles
    }

    /// The style and its bases, nearest first; `None` asks for the default style.
    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let mut next = id.filter(|id| self.by_id.contains_key(*id)).or(self.default.as_deref());
        let mut steps = 0;
        std::iter::from_fn(move || {
            steps += 1;
            let style = self.by_id.get(next?).filter(|_| steps <= MAX_CHAIN)?;
            next = style.base.as_deref();
            Some(style)
        })
    }

    /// The level (1–9) of a heading style.
    pub(super) fn heading(&self, id: Option<&str>) -> Option<u8> {
        for style in self.chain(id) {
            if let Some(level) = style.outline {
                return (level < 9).then_some(level + 1);
            }
            if style.name == "title" {
                return Some(1);
            }
            if let Some(level) = style.name.strip_prefix("heading ").and_then(|level| level.trim().parse().ok()) {
                return Some(level);
            }
        }
        None
    }

    /// The list that the style puts its paragraphs in: its id and the level, if the
    /// style names one.
    pub(super) fn list(&self, id: Option<&str>) -> Option<(String, Option<usize>)> {
        let level = self.chain(id).find_map(|style| style.level);
        let list = self.chain(id).find_map(|style| style.list.clone())?;
        Some((list, level))
    }

    /// The style's id and those of its bases, for the lists' levels that name styles.
    pub(super) fn is_hidden(&self, id: Option<&str>) -> bool {
        id.is_some() && self.chain(id).find_map(|style| style.hidden).unwrap_or(false)
    }
}

/// `w:outlineLvl` of paragraph properties, 0–9.
pub(super) fn outline_level(xml: &Xml<'_>, properties: Id) -> Option<u8> {
    xml.child_value(properties, "outlineLvl", "val")?.parse().ok()
}

/// A switch such as `<w:vanish/>`: absent, on or off.
pub(super) fn switch(xml: &Xml<'_>, properties: Id, name: &str) -> Option<bool> {
    let element = xml.child(properties, name)?;
    Some(xml.attribute(element, "val").is_none_or(|value| is_on(&value)))
}

fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}
