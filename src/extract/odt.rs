//! OpenDocument texts and presentations (.odt, .odp): content.xml of the package.
//!
//! Read over `zip` and quick-xml. List numbers are made here, as the list styles
//! say; tracked deletions stand in a place of their own and are left out.

use std::collections::HashMap;

use super::blocks::{self, Block, Cell};
use super::counting::Counting;
use super::package::Package;
use super::xml::{self, Id, Xml};
use super::{Extracted, Format, HintField, Hints};
use crate::Result;

/// Lists have ten levels.
const LEVELS: usize = 10;

/// Reads a text.
pub(super) fn read_odt(bytes: &[u8]) -> Result<Extracted> {
    read(bytes, Format::Odt)
}

/// Reads a presentation: a slide is a section.
pub(super) fn read_odp(bytes: &[u8]) -> Result<Extracted> {
    read(bytes, Format::Odp)
}

fn read(bytes: &[u8], format: Format) -> Result<Extracted> {
    let mut package = Package::open(bytes)?;
    if let Some(manifest) = package.part("META-INF/manifest.xml")?
        && memchr::memmem::find(&manifest, b"encryption-data").is_some()
    {
        return Err(super::package::encrypted());
    }
    let mut lists = HashMap::new();
    let mut headings = HashMap::new();
    if let Some(bytes) = package.part("styles.xml")?
        && let Ok(source) = xml::decode(&bytes)
        && let Ok(tree) = Xml::parse(&source)
    {
        read_lists(&tree, &mut lists);
        read_styles(&tree, &mut headings);
    }
    let content = package.required("content.xml")?;
    let source = xml::decode(&content)?;
    let tree = Xml::parse(&source)?;
    read_lists(&tree, &mut lists);
    read_styles(&tree, &mut headings);
    let body = tree.find(tree.root(), "body").unwrap_or(tree.root());
    let mut reader = Reader { xml: &tree, lists, styles: headings, counters: HashMap::new(), open: Vec::new() };
    let mut out = Vec::new();
    reader.blocks(body, &mut out)?;
    if format == Format::Odp {
        blocks::name_presentation(&mut out);
    }
    let hints = super::docx::with_part(&mut package, "meta.xml", meta)?.unwrap_or_default();
    let mut extracted = Extracted { format, paragraphs: blocks::write(&out)?, hints, ..Extracted::default() };
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

fn meta(xml: &Xml<'_>) -> Hints {
    let value = |name: &str| {
        let text = super::paragraphs::clean(&xml.text_of(xml.find(xml.root(), name)?));
        (!text.is_empty()).then_some(text)
    };
    let labels = [("initial-creator", "作者"), ("creation-date", "创建日期"), ("date", "修改日期")];
    let fields = labels.iter().filter_map(|(name, label)| Some(HintField::property(label, value(name)?))).collect();
    Hints { title: value("title"), fields, info_end_line: None }
}

/// How a level of a list is numbered.
#[derive(Clone, Default)]
struct Level {
    counting: Counting,
    prefix: String,
    suffix: String,
    /// How many levels the number shows.
    shown: usize,
    start: u32,
    /// A blank or a tab stands between number and text.
    is_spaced: bool,
}

type ListStyle = Vec<Option<Level>>;

fn read_lists(xml: &Xml<'_>, lists: &mut HashMap<String, ListStyle>) {
    for name in ["list-style", "outline-style"] {
        for style in xml.descendants(xml.root(), name) {
            let mut levels: ListStyle = vec![None; LEVELS];
            for child in xml.children(style) {
                let number = xml.attribute(child, "level").and_then(|level| level.parse::<usize>().ok());
                let Some(at) = number.and_then(|number| number.checked_sub(1)).filter(|at| *at < LEVELS) else {
                    continue;
                };
                let value = |name: &str| xml.attribute(child, name).map(|value| value.into_owned()).unwrap_or_default();
                if matches!(xml.name(child), "list-level-style-number" | "outline-level-style") {
                    levels[at] = Some(Level {
                        counting: Counting::of_odf(&value("num-format")),
                        prefix: value("num-prefix"),
                        suffix: value("num-suffix"),
                        shown: value("display-levels").parse().unwrap_or(1),
                        start: value("start-value").parse().unwrap_or(1),
                        is_spaced: xml
                            .find(child, "list-level-label-alignment")
                            .and_then(|alignment| xml.attribute(alignment, "label-followed-by"))
                            .is_some_and(|follows| follows != "nothing"),
                    });
                }
            }
            let id = xml.attribute(style, "name").map(|name| name.into_owned());
            lists.insert(id.unwrap_or_else(|| name.to_owned()), levels);
        }
    }
}

/// A paragraph style, as far as it matters.
#[derive(Clone, Default)]
struct Style {
    parent: Option<String>,
    list: Option<String>,
    is_hidden: bool,
}

fn read_styles(xml: &Xml<'_>, styles: &mut HashMap<String, Style>) {
    for style in xml.descendants(xml.root(), "style") {
        let Some(name) = xml.attribute(style, "name") else { continue };
        let value =
            |name: &str| xml.attribute(style, name).map(|value| value.into_owned()).filter(|value| !value.is_empty());
        let text = xml.child(style, "text-properties");
        let is_hidden = text.and_then(|text| xml.attribute(text, "display")).is_some_and(|display| display == "none");
        let read = Style { parent: value("parent-style-name"), list: value("list-style-name"), is_hidden };
        styles.insert(name.into_owned(), read);
    }
}

/// A list being read.
struct Open {
    style: Option<String>,
    numbers: [u32; LEVELS],
}

struct Reader<'x, 's> {
    xml: &'x Xml<'s>,
    lists: HashMap<String, ListStyle>,
    styles: HashMap<String, Style>,
    /// Where each list style stands, for lists that go on.
    counters: HashMap<String, [u32; LEVELS]>,
    open: Vec<Open>,
}

impl Reader<'_, '_> {
    fn blocks(&mut self, parent: Id, out: &mut Vec<Block>) -> Result<()> {
        let xml = self.xml;
        for child in xml.children(parent) {
            match xml.name(child) {
                "p" => self.paragraph(child, None, String::new(), out)?,
                "h" => {
                    let level = xml.attribute(child, "outline-level").and_then(|level| level.parse().ok());
                    let number = self.outline_number(child, level.unwrap_or(1));
                    self.paragraph(child, Some(level.unwrap_or(1)), number, out)?;
                }
                "list" => self.list(child, out)?,
                "table" => self.table(child, out)?,
                "tracked-changes" | "forms" | "sequence-decls" | "variable-decls" | "notes" | "settings" => {}
                "page" => {
                    let from = out.len();
                    self.blocks(child, out)?;
                    name_slide(&mut out[from..]);
                    out.push(Block::text(""));
                }
                "frame" => self.frame(child, out)?,
                "" => {}
                _ => self.blocks(child, out)?,
            }
            blocks::check_count(out)?;
        }
        Ok(())
    }

    /// A frame on a slide: its title is a heading.
    fn frame(&mut self, frame: Id, out: &mut Vec<Block>) -> Result<()> {
        let xml = self.xml;
        let is_title = xml.attribute(frame, "class").is_some_and(|class| class == "title");
        let from = out.len();
        self.blocks(frame, out)?;
        if is_title && let Some(Block::Text { heading, .. }) = out.get_mut(from) {
            *heading = Some(2);
        }
        Ok(())
    }

    fn paragraph(&mut self, element: Id, heading: Option<u8>, number: String, out: &mut Vec<Block>) -> Result<()> {
        let mut inline = Inline::default();
        self.inline(element, &mut inline);
        let text = if inline.text.trim().is_empty() { inline.text } else { number + &inline.text };
        out.push(Block::Text { text, heading });
        for note in inline.notes {
            self.blocks(note, out)?;
        }
        for frame in inline.frames {
            self.blocks(frame, out)?;
        }
        Ok(())
    }

    fn is_hidden(&self, element: Id) -> bool {
        let name = self.xml.attribute(element, "style-name");
        name.is_some_and(|name| self.styles.get(name.as_ref()).is_some_and(|style| style.is_hidden))
    }

    fn inline(&self, parent: Id, inline: &mut Inline) {
        let xml = self.xml;
        for child in xml.children(parent) {
            if let Some(text) = xml.text_node(child) {
                // Blanks and line breaks of the source are one blank.
                inline.text.push_str(&text.replace(['\n', '\r', '\t'], " "));
                continue;
            }
            match xml.name(child) {
                "s" => {
                    let count = xml.attribute(child, "c").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1);
                    inline.text.extend(std::iter::repeat_n(' ', count.min(1_000)));
                }
                "tab" => inline.text.push('\t'),
                "line-break" => inline.text.push('\n'),
                "note" => inline.notes.extend(xml.child(child, "note-body")),
                "frame" | "custom-shape" | "text-box" => inline.frames.push(child),
                "ruby" => {
                    if let Some(base) = xml.child(child, "ruby-base") {
                        self.inline(base, inline);
                    }
                }
                "annotation" | "tracked-changes" | "hidden-text" => {}
                _ if self.is_hidden(child) => {}
                _ => self.inline(child, inline),
            }
        }
    }

    fn list(&mut self, list: Id, out: &mut Vec<Block>) -> Result<()> {
        let xml = self.xml;
        let depth = self.open.len();
        let own = xml.attribute(list, "style-name").map(|name| name.into_owned());
        let style = own.or_else(|| self.open.last().and_then(|open| open.style.clone()));
        let goes_on = xml.attribute(list, "continue-numbering").is_some_and(|value| value == "true")
            || xml.attribute(list, "continue-list").is_some();
        let numbers = match (self.open.last(), &style) {
            (Some(open), _) => open.numbers,
            (None, Some(style)) if goes_on => self.counters.get(style).copied().unwrap_or_default(),
            _ => [0; LEVELS],
        };
        let level = depth.min(LEVELS - 1);
        let mut open = Open { style, numbers };
        if !goes_on || depth > 0 {
            open.numbers[level] = 0;
        }
        self.open.push(open);
        for item in xml.children(list) {
            let is_item = xml.name(item) == "list-item";
            if !is_item && xml.name(item) != "list-header" {
                continue;
            }
            let start = xml.attribute(item, "start-value").and_then(|value| value.parse::<u32>().ok());
            self.item(item, is_item, level, start, out)?;
        }
        if let Some(open) = self.open.pop()
            && let Some(style) = open.style
        {
            self.counters.insert(style, open.numbers);
        }
        Ok(())
    }

    fn item(
        &mut self,
        item: Id,
        is_numbered: bool,
        level: usize,
        start: Option<u32>,
        out: &mut Vec<Block>,
    ) -> Result<()> {
        let xml = self.xml;
        let mut number = None;
        for child in xml.children(item) {
            match xml.name(child) {
                name @ ("p" | "h") => {
                    let first = number.is_none() && is_numbered;
                    let label = if first { self.number(child, level, start) } else { String::new() };
                    number = Some(());
                    let heading = (name == "h").then(|| {
                        xml.attribute(child, "outline-level").and_then(|level| level.parse().ok()).unwrap_or(1)
                    });
                    self.paragraph(child, heading, label, out)?;
                }
                "list" => self.list(child, out)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Counts an item and writes its number.
    fn number(&mut self, paragraph: Id, level: usize, start: Option<u32>) -> String {
        // The list's own style, else the one its paragraphs' style names.
        let of_paragraph = || {
            let mut name = self.xml.attribute(paragraph, "style-name").map(|name| name.into_owned())?;
            for _ in 0..16 {
                let style = self.styles.get(&name)?;
                if let Some(list) = &style.list {
                    return Some(list.clone());
                }
                name = style.parent.clone()?;
            }
            None
        };
        let own = self.open.last().and_then(|open| open.style.clone());
        let Some(levels) = own.or_else(of_paragraph).and_then(|style| self.lists.get(&style)) else {
            return String::new();
        };
        let levels = levels.clone();
        let Some(open) = self.open.last_mut() else { return String::new() };
        count(&mut open.numbers, &levels, level, start)
    }

    fn outline_number(&mut self, heading: Id, level: u8) -> String {
        let xml = self.xml;
        let Some(levels) = self.lists.get("outline-style").or_else(|| self.lists.get("Outline")).cloned() else {
            return String::new();
        };
        if xml.attribute(heading, "is-list-header").is_some_and(|value| value == "true") {
            return String::new();
        }
        let numbers = self.counters.entry("outline-style".to_owned()).or_default();
        count(numbers, &levels, usize::from(level).saturating_sub(1).min(LEVELS - 1), None)
    }

    fn table(&mut self, table: Id, out: &mut Vec<Block>) -> Result<()> {
        let mut rows = Vec::new();
        self.rows(table, &mut rows)?;
        blocks::push_table(out, rows);
        Ok(())
    }

    fn rows(&mut self, parent: Id, rows: &mut Vec<Vec<Cell>>) -> Result<()> {
        let xml = self.xml;
        for child in xml.children(parent) {
            match xml.name(child) {
                "table-row" => {
                    let mut row = Vec::new();
                    for cell in xml.children_named(child, "table-cell") {
                        let mut blocks = Vec::new();
                        let lists = std::mem::take(&mut self.open);
                        self.blocks(cell, &mut blocks)?;
                        self.open = lists;
                        row.push(blocks);
                    }
                    rows.push(row);
                }
                "table-rows" | "table-header-rows" | "table-row-group" => self.rows(child, rows)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Makes the first text of a slide its heading, if none is marked as such.
fn name_slide(blocks: &mut [Block]) {
    let has_heading = blocks.iter().any(|block| matches!(block, Block::Text { heading: Some(_), .. }));
    let first = blocks.iter_mut().find_map(|block| match block {
        Block::Text { text, heading } if !text.trim().is_empty() => Some((text, heading)),
        _ => None,
    });
    if let Some((_, heading)) = first.filter(|(text, _)| !has_heading && blocks::is_slide_title(text)) {
        *heading = Some(2);
    }
}

/// Steps the number of `level` and writes it.
fn count(numbers: &mut [u32; LEVELS], levels: &ListStyle, level: usize, start: Option<u32>) -> String {
    let Some(own) = levels.get(level).and_then(Option::as_ref) else {
        numbers[level] = numbers[level].saturating_add(1);
        return String::new();
    };
    numbers[level] = match (start, numbers[level]) {
        (Some(start), _) => start,
        (None, 0) => own.start,
        (None, before) => before.saturating_add(1),
    };
    numbers[level + 1..].fill(0);
    if own.counting == Counting::Nothing {
        return own.prefix.clone() + &own.suffix;
    }
    let first = (level + 1).saturating_sub(own.shown.max(1));
    let shown: Vec<String> =
        (first..=level).map(|at| levels[at].as_ref().unwrap_or(own).counting.write(numbers[at].max(1))).collect();
    let space = if own.is_spaced { " " } else { "" };
    format!("{}{}{}{space}", own.prefix, shown.join("."), own.suffix)
}

#[derive(Default)]
struct Inline {
    text: String,
    notes: Vec<Id>,
    frames: Vec<Id>,
}
