//! The body of a document as its reader sees it: paragraphs with their automatic
//! numbers, tables row by row, text boxes and footnotes after the paragraph they
//! hang on; nothing that is deleted or hidden.

use std::collections::HashMap;
use std::path::Path;

use super::Relation;
use super::styles::{Styles, outline_level, switch};
use crate::Result;
use crate::extract::blocks::{self, Block, Cell};
use crate::extract::lists::Lists;
use crate::extract::package::Package;
use crate::extract::xml::{Id, Xml};
use crate::extract::{self, Extracted, Hints};

/// Notes by their id.
pub(super) type Notes = HashMap<String, Vec<String>>;

/// Documents inside the document (`w:altChunk`), by relation id.
pub(super) type Chunks = HashMap<String, Extracted>;

/// Reads the documents that the body embeds; one that cannot be read is an error,
/// since it usually is the whole text.
pub(super) fn chunks(
    document: &Xml<'_>,
    relations: &HashMap<String, Relation>,
    package: &mut Package<'_>,
) -> Result<Chunks> {
    let mut chunks = Chunks::new();
    for chunk in document.descendants(document.root(), "altChunk") {
        let Some(id) = document.attribute(chunk, "id") else { continue };
        let Some(relation) = relations.get(id.as_ref()) else { continue };
        if chunks.contains_key(id.as_ref()) {
            continue;
        }
        if let Some(bytes) = package.part(&relation.target)? {
            let extracted = extract::nested(&bytes, Path::new(&relation.target))?;
            chunks.insert(id.into_owned(), extracted);
        }
    }
    Ok(chunks)
}

/// The texts of footnotes.xml or endnotes.xml.
pub(super) fn notes(xml: &Xml<'_>, styles: &Styles) -> Notes {
    let mut notes = Notes::new();
    for name in ["footnote", "endnote"] {
        for note in xml.descendants(xml.root(), name) {
            // Separators have a type.
            let is_separator = xml.attribute(note, "type").is_some_and(|kind| kind != "normal");
            let Some(id) = xml.attribute(note, "id").filter(|_| !is_separator) else { continue };
            let mut texts = Vec::new();
            for paragraph in xml.descendants(note, "p") {
                let mut inline = Inline::default();
                inline.collect(xml, styles, paragraph);
                texts.push(inline.text);
            }
            notes.insert(id.into_owned(), texts);
        }
    }
    notes
}

/// Reads the whole document.
pub(super) fn read(
    xml: &Xml<'_>,
    styles: Styles,
    lists: Lists,
    notes: HashMap<&'static str, Notes>,
    chunks: Chunks,
) -> Result<Extracted> {
    let mut body = Body { xml, styles, lists, notes, chunks, hints: Hints::default(), carried: String::new() };
    let mut out = Vec::new();
    let root = xml.find(xml.root(), "body").unwrap_or(xml.root());
    body.blocks(root, &mut out)?;
    if !body.carried.is_empty() {
        out.push(Block::text(std::mem::take(&mut body.carried)));
    }
    let paragraphs = blocks::write(&out)?;
    Ok(Extracted { paragraphs, hints: body.hints, ..Extracted::default() })
}

struct Body<'x, 's> {
    xml: &'x Xml<'s>,
    styles: Styles,
    lists: Lists,
    notes: HashMap<&'static str, Notes>,
    chunks: Chunks,
    hints: Hints,
    /// The text of a paragraph whose end is deleted: it goes on in the next one.
    carried: String,
}

impl Body<'_, '_> {
    fn blocks(&mut self, parent: Id, out: &mut Vec<Block>) -> Result<()> {
        let xml = self.xml;
        for child in xml.children(parent) {
            match xml.name(child) {
                "p" => self.paragraph(child, out)?,
                "tbl" => self.table(child, out)?,
                "sdt" | "sdtContent" | "ins" | "moveTo" | "smartTag" | "customXml" | "sect" | "sub-section" => {
                    self.blocks(child, out)?;
                }
                "AlternateContent" => {
                    if let Some(chosen) = chosen(xml, child) {
                        self.blocks(chosen, out)?;
                    }
                }
                "altChunk" => self.chunk(child, out),
                _ => {}
            }
            blocks::check_count(out)?;
        }
        Ok(())
    }

    fn chunk(&mut self, element: Id, out: &mut Vec<Block>) {
        let Some(id) = self.xml.attribute(element, "id") else { return };
        let Some(chunk) = self.chunks.remove(id.as_ref()) else { return };
        out.push(Block::Read(chunk.paragraphs));
        self.hints.fields.extend(chunk.hints.fields);
        self.hints.title = self.hints.title.take().or(chunk.hints.title);
    }

    fn paragraph(&mut self, element: Id, out: &mut Vec<Block>) -> Result<()> {
        let xml = self.xml;
        let properties = xml.child(element, "pPr");
        let style = properties.and_then(|properties| xml.child_value(properties, "pStyle", "val"));
        let mut inline = Inline::default();
        if !self.styles.is_hidden(style.as_deref()) {
            inline.collect(xml, &self.styles, element);
        }
        let mark = properties.and_then(|properties| xml.child(properties, "rPr"));
        let ends_deleted = mark.is_some_and(|mark| xml.child(mark, "del").or(xml.child(mark, "moveFrom")).is_some());
        if ends_deleted {
            self.carried.push_str(&inline.text);
        } else {
            let number = self.number(properties, style.as_deref(), &inline.text).unwrap_or_default();
            let text = format!("{}{number}{}", std::mem::take(&mut self.carried), inline.text);
            let own = properties.and_then(|properties| outline_level(xml, properties));
            let heading = match own {
                Some(level) => (level < 9).then_some(level + 1),
                None => self.styles.heading(style.as_deref()),
            };
            let is_number_alone = inline.text.trim().is_empty();
            out.push(Block::Text { text: if is_number_alone { inline.text } else { text }, heading });
        }
        for (kind, id) in &inline.notes {
            let found = self.notes.get_mut(kind).and_then(|notes| notes.remove(id));
            out.extend(found.unwrap_or_default().into_iter().map(Block::text));
        }
        for text_box in inline.boxes {
            self.blocks(text_box, out)?;
        }
        Ok(())
    }

    /// The automatic number of a paragraph. Empty paragraphs count on, too.
    fn number(&mut self, properties: Option<Id>, style: Option<&str>, _text: &str) -> Option<String> {
        let xml = self.xml;
        let own = properties.and_then(|properties| xml.child(properties, "numPr"));
        let value = |name: &str| own.and_then(|own| xml.child_value(own, name, "val"));
        let of_style = self.styles.list(style);
        let list = match value("numId") {
            Some(id) => id.into_owned(),
            None => of_style.as_ref()?.0.clone(),
        };
        if list == "0" {
            return None;
        }
        let level = value("ilvl")
            .and_then(|level| level.parse().ok())
            .or_else(|| self.lists.level_of_style(&list, style?))
            .or_else(|| of_style.as_ref()?.1)
            .unwrap_or(0);
        self.lists.next(&list, level)
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
                "tr" => {
                    let properties = xml.child(child, "trPr");
                    if properties.is_some_and(|properties| xml.child(properties, "del").is_some()) {
                        continue;
                    }
                    let mut row = Vec::new();
                    self.cells(child, &mut row)?;
                    rows.push(row);
                }
                "sdt" | "sdtContent" | "ins" | "customXml" => self.rows(child, rows)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn cells(&mut self, parent: Id, row: &mut Vec<Cell>) -> Result<()> {
        let xml = self.xml;
        for child in xml.children(parent) {
            match xml.name(child) {
                "tc" => {
                    let mut cell = Vec::new();
                    self.blocks(child, &mut cell)?;
                    row.push(cell);
                }
                "sdt" | "sdtContent" | "customXml" => self.cells(child, row)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Of alternatives the first; the fallback if only that has a text box.
fn chosen(xml: &Xml<'_>, element: Id) -> Option<Id> {
    let choice = xml.child(element, "Choice");
    let fallback = xml.child(element, "Fallback");
    let has_text = |id: &Id| xml.find(*id, "t").is_some();
    choice.filter(has_text).or(fallback.filter(has_text)).or(choice).or(fallback)
}

/// The running text of a paragraph.
#[derive(Default)]
struct Inline {
    text: String,
    /// Notes that the text refers to: which part, which id.
    notes: Vec<(&'static str, String)>,
    /// Text boxes anchored here.
    boxes: Vec<Id>,
    /// Open fields; `true` once their result has begun.
    fields: Vec<bool>,
}

impl Inline {
    fn collect(&mut self, xml: &Xml<'_>, styles: &Styles, parent: Id) {
        for child in xml.children(parent) {
            match xml.name(child) {
                "r" => self.run(xml, styles, child),
                "hyperlink" | "ins" | "moveTo" | "smartTag" | "sdt" | "sdtContent" | "fldSimple" | "customXml"
                | "dir" | "bdo" => self.collect(xml, styles, child),
                "oMath" | "oMathPara" => self.math(xml, child),
                "AlternateContent" => {
                    if let Some(chosen) = chosen(xml, child) {
                        self.collect(xml, styles, chosen);
                    }
                }
                _ => {}
            }
        }
    }

    fn math(&mut self, xml: &Xml<'_>, element: Id) {
        for text in xml.descendants(element, "t") {
            self.push(&xml.text_of(text));
        }
    }

    /// Adds text unless it is the instruction of a field.
    fn push(&mut self, text: &str) {
        if self.fields.iter().all(|in_result| *in_result) {
            self.text.push_str(text);
        }
    }

    fn run(&mut self, xml: &Xml<'_>, styles: &Styles, run: Id) {
        if let Some(properties) = xml.child(run, "rPr") {
            let own = switch(xml, properties, "vanish");
            let style = xml.child_value(properties, "rStyle", "val");
            if own.unwrap_or_else(|| styles.is_hidden(style.as_deref())) {
                return;
            }
        }
        self.run_content(xml, styles, run);
    }

    fn run_content(&mut self, xml: &Xml<'_>, styles: &Styles, run: Id) {
        for child in xml.children(run) {
            match xml.name(child) {
                "t" => self.push(&xml.text_of(child)),
                "tab" | "ptab" => self.push("\t"),
                "cr" => self.push("\n"),
                // A page's or column's end is no end of a line by itself.
                "br" if xml.attribute(child, "type").is_none_or(|kind| kind == "textWrapping") => {
                    self.push("\n");
                }
                "noBreakHyphen" => self.push("-"),
                "sym" => self.symbol(xml, child),
                "fldChar" => match xml.attribute(child, "fldCharType").as_deref() {
                    Some("begin") => self.fields.push(false),
                    Some("separate") => {
                        if let Some(last) = self.fields.last_mut() {
                            *last = true;
                        }
                    }
                    Some("end") => {
                        self.fields.pop();
                    }
                    _ => {}
                },
                "footnoteReference" => self.note(xml, child, "footnotes"),
                "endnoteReference" => self.note(xml, child, "endnotes"),
                "ruby" => {
                    if let Some(base) = xml.child(child, "rubyBase") {
                        self.collect(xml, styles, base);
                    }
                }
                "drawing" | "pict" | "object" => self.find_boxes(xml, child),
                "AlternateContent" => {
                    if let Some(chosen) = chosen(xml, child) {
                        self.run_content(xml, styles, chosen);
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, xml: &Xml<'_>, element: Id, kind: &'static str) {
        if let Some(id) = xml.attribute(element, "id") {
            self.notes.push((kind, id.into_owned()));
        }
    }

    /// Text boxes under a drawing, outermost only; their paragraphs find inner ones.
    fn find_boxes(&mut self, xml: &Xml<'_>, parent: Id) {
        for child in xml.children(parent) {
            match xml.name(child) {
                "txbxContent" => self.boxes.push(child),
                "AlternateContent" => {
                    if let Some(chosen) = chosen(xml, child) {
                        self.find_boxes(xml, chosen);
                    }
                }
                // Word art: its text stands in an attribute.
                "textpath" => {
                    if let Some(text) = xml.attribute(child, "string") {
                        self.push(&text);
                    }
                }
                "" => {}
                _ => self.find_boxes(xml, child),
            }
        }
    }

    /// A character of a symbol font: the boxes and ticks of forms.
    fn symbol(&mut self, xml: &Xml<'_>, element: Id) {
        let font = xml.attribute(element, "font").unwrap_or_default().to_lowercase();
        let code = xml.attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok());
        let Some(code) = code else { return };
        let sign = match (font.starts_with("wingdings"), code & 0xFF) {
            (true, 0x52) if font.ends_with('2') => "☑",
            (true, 0xFE) => "☑",
            (true, 0xFD) => "☒",
            (true, 0xA8 | 0x6F | 0xA3) => "□",
            (true, 0xFC) => "√",
            (false, _) if !(0xF000..0xF100).contains(&code) => {
                if let Some(c) = char::from_u32(code) {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
                return;
            }
            _ => return,
        };
        self.push(sign);
    }
}
