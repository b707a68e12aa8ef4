//! Styles, lists and notes, as the table stream keeps them.

use std::ops::Range;

use super::properties::ParagraphProperties;
use crate::extract::counting::Counting;
use crate::extract::lists::{Base, LEVELS, Level, List, Lists};
use crate::extract::ole::{u16_at, u32_at};

/// How long a chain of base styles is followed.
const MAX_CHAIN: usize = 32;

#[derive(Clone, Default)]
struct Style {
    base: Option<u16>,
    own: ParagraphProperties,
}

/// The styles of a document, by number.
pub(super) struct Styles(Vec<Style>);

impl Styles {
    pub(super) fn read(sheet: &[u8]) -> Styles {
        read_styles(sheet).unwrap_or(Styles(Vec::new()))
    }

    /// What the style and its bases say.
    pub(super) fn effective(&self, number: u16) -> ParagraphProperties {
        let mut found = ParagraphProperties::default();
        let mut next = Some(number);
        for _ in 0..MAX_CHAIN {
            let Some(style) = next.and_then(|number| self.0.get(usize::from(number))) else { break };
            found.list = found.list.or(style.own.list);
            found.level = found.level.or(style.own.level);
            found.outline = found.outline.or(style.own.outline);
            next = style.base;
        }
        found
    }
}

fn read_styles(sheet: &[u8]) -> Option<Styles> {
    const NO_STYLE: u16 = 0x0FFF;
    let header = usize::from(u16_at(sheet, 0)?);
    let count = usize::from(u16_at(sheet, 2)?);
    let fixed = usize::from(u16_at(sheet, 4)?);
    let mut at = 2 + header;
    let mut styles = Vec::with_capacity(count.min(4_096));
    for _ in 0..count {
        let Some(length) = u16_at(sheet, at).map(usize::from) else { break };
        let entry = sheet.get(at + 2..at + 2 + length).unwrap_or_default();
        styles.push(read_style(entry, fixed, NO_STYLE).unwrap_or_default());
        at += 2 + length;
    }
    Some(Styles(styles))
}

fn read_style(entry: &[u8], fixed: usize, no_style: u16) -> Option<Style> {
    let identity = u16_at(entry, 0)? & 0x0FFF;
    let second = u16_at(entry, 2)?;
    let base = Some(second >> 4).filter(|base| *base != no_style);
    let mut style = Style { base, own: ParagraphProperties::default() };
    // Only paragraph styles.
    if second & 0xF != 1 {
        return Some(style);
    }
    if (1..=9).contains(&identity) {
        style.own.outline = Some(identity as u8 - 1);
    }
    let name = usize::from(u16_at(entry, fixed)?);
    let mut at = fixed + 2 + 2 * name + 2;
    at += at % 2;
    if let Some(length) = u16_at(entry, at).map(usize::from)
        && let Some(changes) = entry.get(at + 4..(at + 2 + length).min(entry.len()))
    {
        style.own.apply(changes);
    }
    Some(style)
}

/// Where notes are referred to and where in the text they stand, by the tables of
/// references and of texts; `base` is where the notes' text begins.
pub(super) fn notes(references: &[u8], texts: &[u8], base: usize) -> Vec<(usize, Range<usize>)> {
    let count = references.len().saturating_sub(4) / 6;
    let place = |table: &[u8], index: usize| u32_at(table, 4 * index).map(|place| place as usize);
    let note = |index: usize| {
        let (from, to) = (place(texts, index)?, place(texts, index + 1)?);
        Some((place(references, index)?, base.checked_add(from)?..base.checked_add(to)?))
    };
    (0..count).map_while(note).collect()
}

/// The lists: `table` begins with them and goes on with their levels, `overrides`
/// are the lists that paragraphs name.
pub(super) fn lists(table: &[u8], overrides: &[u8]) -> Lists {
    let mut lists = Lists::default();
    read_bases(table, &mut lists);
    read_lists(overrides, &mut lists);
    lists
}

fn read_bases(table: &[u8], lists: &mut Lists) -> Option<()> {
    const ENTRY: usize = 28;
    let count = usize::from(u16_at(table, 0)?);
    let mut at = 2 + ENTRY * count;
    for index in 0..count {
        let entry = table.get(2 + ENTRY * index..2 + ENTRY * (index + 1))?;
        let id = u32_at(entry, 0)?;
        let is_simple = entry[26] & 1 != 0;
        let mut base = Base { levels: vec![Level::default(); LEVELS], ..Base::default() };
        for level in 0..if is_simple { 1 } else { LEVELS } {
            let Some((read, length)) = read_level(table.get(at..)?) else {
                lists.bases.insert(id.to_string(), base);
                return None;
            };
            base.levels[level] = read;
            at += length;
        }
        lists.bases.insert(id.to_string(), base);
    }
    Some(())
}

/// A level and its length in bytes.
fn read_level(bytes: &[u8]) -> Option<(Level, usize)> {
    let start = u32_at(bytes, 0)?;
    let counting = Counting::of_nfc(u32::from(*bytes.get(4)?));
    let flags = *bytes.get(5)?;
    let follow = *bytes.get(15)?;
    let (characters, paragraph) = (usize::from(*bytes.get(24)?), usize::from(*bytes.get(25)?));
    let restart = *bytes.get(26)?;
    let at = 28 + characters + paragraph;
    let length = usize::from(u16_at(bytes, at)?);
    let mut pattern = String::new();
    let units = (0..length).map_while(|index| u16_at(bytes, at + 2 + 2 * index));
    for c in char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')) {
        match c {
            // The number of a level.
            '\0'..='\u{8}' => pattern.push_str(&format!("%{}", c as u32 + 1)),
            c => pattern.push(c),
        }
    }
    let level = Level {
        start,
        counting,
        pattern,
        is_tight: follow == 2,
        is_legal: flags & 0x04 != 0,
        restart: (flags & 0x08 != 0).then_some(usize::from(restart)),
        style: None,
    };
    Some((level, at + 2 + 2 * length))
}

fn read_lists(table: &[u8], lists: &mut Lists) -> Option<()> {
    const ENTRY: usize = 16;
    let count = (u32_at(table, 0)? as usize).min(table.len() / ENTRY);
    let mut at = 4 + ENTRY * count;
    let mut has_data = true;
    for index in 0..count {
        let entry = table.get(4 + ENTRY * index..4 + ENTRY * (index + 1))?;
        let mut list = List { base: u32_at(entry, 0)?.to_string(), ..List::default() };
        let changes = usize::from(entry[12]);
        // The changed levels stand behind all lists; if they are cut, the list holds.
        if has_data {
            has_data = read_changes(table, &mut at, changes, &mut list).is_some();
        }
        lists.lists.insert((index + 1).to_string(), list);
    }
    Some(())
}

fn read_changes(table: &[u8], at: &mut usize, count: usize, list: &mut List) -> Option<()> {
    *at += 4;
    for _ in 0..count {
        let start = u32_at(table, *at)?;
        let flags = u32_at(table, *at + 4)?;
        *at += 8;
        let level = (flags & 0xF) as usize;
        if flags & 0x20 != 0 {
            let (read, length) = read_level(table.get(*at..)?)?;
            *at += length;
            list.levels.insert(level, read);
        } else if flags & 0x10 != 0 {
            list.starts.insert(level, start);
        }
    }
    Some(())
}
