//! The lists of numbering.xml.

use super::styles::switch;
use crate::extract::counting::Counting;
use crate::extract::lists::{Base, LEVELS, Level, List, Lists};
use crate::extract::xml::{Id, Xml};

/// Reads the part.
pub(super) fn read(xml: &Xml<'_>) -> Lists {
    let mut lists = Lists::default();
    for element in xml.descendants(xml.root(), "abstractNum") {
        let Some(id) = xml.attribute(element, "abstractNumId") else { continue };
        let mut base = Base {
            style_link: xml.child_value(element, "styleLink", "val").map(|name| name.into_owned()),
            num_style_link: xml.child_value(element, "numStyleLink", "val").map(|name| name.into_owned()),
            levels: vec![Level::default(); LEVELS],
        };
        for level in xml.children_named(element, "lvl") {
            if let Some(slot) = index(xml, level).and_then(|at| base.levels.get_mut(at)) {
                *slot = read_level(xml, level);
            }
        }
        lists.bases.insert(id.into_owned(), base);
    }
    for element in xml.descendants(xml.root(), "num") {
        let Some(id) = xml.attribute(element, "numId") else { continue };
        let Some(base) = xml.child_value(element, "abstractNumId", "val") else { continue };
        let mut list = List { base: base.into_owned(), ..List::default() };
        for changed in xml.children_named(element, "lvlOverride") {
            let Some(at) = index(xml, changed) else { continue };
            if let Some(level) = xml.child(changed, "lvl") {
                list.levels.insert(at, read_level(xml, level));
            }
            if let Some(start) = xml.child_value(changed, "startOverride", "val").and_then(|v| v.parse().ok()) {
                list.starts.insert(at, start);
            }
        }
        lists.lists.insert(id.into_owned(), list);
    }
    lists
}

fn index(xml: &Xml<'_>, element: Id) -> Option<usize> {
    xml.attribute(element, "ilvl")?.parse().ok().filter(|at| *at < LEVELS)
}

fn read_level(xml: &Xml<'_>, element: Id) -> Level {
    let number = |name: &str| xml.child_value(element, name, "val").and_then(|value| value.parse().ok());
    // A newer format may stand in an AlternateContent, with a plain one beside it.
    let format = xml.find(element, "numFmt").and_then(|format| xml.attribute(format, "val"));
    let suffix = xml.child_value(element, "suff", "val");
    Level {
        start: number("start").unwrap_or(0),
        counting: format.map_or(Counting::Decimal, |name| Counting::of_ooxml(&name)),
        pattern: xml.child_value(element, "lvlText", "val").unwrap_or_default().into_owned(),
        is_tight: suffix.as_deref() == Some("nothing"),
        is_legal: switch(xml, element, "isLgl").unwrap_or(false),
        restart: number("lvlRestart").map(|after| after as usize),
        style: xml.child_value(element, "pStyle", "val").map(|style| style.into_owned()),
    }
}
