//! The selected part of a page → paragraphs: blocks and line breaks end a
//! paragraph, tables go row by row, ordered lists keep their numbers.

use super::content::Selection;
use super::dom::{Dom, NodeId, Step};
use super::{fields, furniture, is_block};
use crate::Result;
use crate::extract::{ParagraphKind, Paragraphs};

/// A cell with at least this many paragraphs and characters is a column of the
/// page's layout, not a cell of data.
const LAYOUT_PARAGRAPHS: usize = 5;
const LAYOUT_CHARS: usize = 300;

/// Writes the text of `selection` to `paragraphs`.
pub(super) fn render(dom: &Dom, selection: &Selection, paragraphs: &mut Paragraphs) -> Result<()> {
    let mut renderer = Renderer {
        dom,
        selection,
        paragraphs,
        buffer: Buffer::default(),
        line: 0,
        lists: Vec::new(),
        heading: None,
        pre: 0,
    };
    renderer.run(selection.container)?;
    renderer.flush()
}

/// The text of the paragraph being collected.
#[derive(Default)]
struct Buffer {
    text: String,
    /// Where open inline elements began, to set labels apart from values.
    marks: Vec<usize>,
    /// A label was set apart: the paragraph is a row.
    is_row: bool,
}

struct Renderer<'a> {
    dom: &'a Dom,
    selection: &'a Selection,
    paragraphs: &'a mut Paragraphs,
    buffer: Buffer,
    /// The last line given; a page's lines are its paragraphs.
    line: u32,
    /// Open lists: the number of the next item, `None` for bullets.
    lists: Vec<Option<u32>>,
    heading: Option<u8>,
    /// Depth of elements that keep line breaks.
    pre: usize,
}

impl Renderer<'_> {
    fn run(&mut self, container: NodeId) -> Result<()> {
        let mut next = Some(Step::Enter(container));
        while let Some(step) = next {
            next = match step {
                Step::Enter(node) if self.skips(node)? => self.leave_to(node, container),
                Step::Enter(node) => {
                    self.enter(node)?;
                    match self.dom.first_child(node) {
                        Some(child) => Some(Step::Enter(child)),
                        None => Some(Step::Leave(node)),
                    }
                }
                Step::Leave(node) => {
                    self.leave(node)?;
                    self.leave_to(node, container)
                }
            };
        }
        Ok(())
    }

    fn leave_to(&self, node: NodeId, container: NodeId) -> Option<Step> {
        if node == container { None } else { self.dom.after(node) }
    }

    /// Whether the node is done without entering it: dropped, or a row of data.
    fn skips(&mut self, node: NodeId) -> Result<bool> {
        if self.selection.is_dropped(node) {
            return Ok(true);
        }
        if self.dom.name(node) != "tr" {
            return Ok(false);
        }
        let Some(cells) = self.data_row(node) else { return Ok(false) };
        self.flush()?;
        self.line += 1;
        self.paragraphs.push_row(cells.iter().map(String::as_str), self.line)?;
        Ok(true)
    }

    fn enter(&mut self, node: NodeId) -> Result<()> {
        if let Some(text) = self.dom.text(node) {
            return self.text(text);
        }
        let name = self.dom.name(node);
        // `<dt>label</dt><dd>value</dd>` is one row.
        let continues_row = name == "dd" && self.buffer.is_row;
        if is_block(name) && !continues_row {
            self.flush()?;
        }
        match name {
            "br" => return self.flush(),
            "ol" => self.lists.push(Some(self.first_number(node))),
            "ul" | "menu" | "dir" => self.lists.push(None),
            "li" => self.number_item(node),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = Some(name.as_bytes()[1] - b'0'),
            "td" | "th" if !self.buffer.text.is_empty() => self.buffer.text.push(' '),
            _ => {}
        }
        if self.keeps_breaks(node) {
            self.pre += 1;
        }
        if !is_block(name) {
            self.buffer.marks.push(self.buffer.text.len());
        }
        Ok(())
    }

    fn leave(&mut self, node: NodeId) -> Result<()> {
        if self.dom.element(node).is_none() {
            return Ok(());
        }
        let name = self.dom.name(node);
        if name == "br" {
            return Ok(());
        }
        if self.keeps_breaks(node) {
            self.pre = self.pre.saturating_sub(1);
        }
        if !is_block(name) {
            self.leave_inline();
            return Ok(());
        }
        if name == "dt" && self.is_label_from(0) {
            self.set_apart();
            return Ok(());
        }
        self.flush()?;
        match name {
            "ol" | "ul" | "menu" | "dir" => drop(self.lists.pop()),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = None,
            _ => {}
        }
        Ok(())
    }

    /// An inline element that is a label by itself stands apart from what follows,
    /// as the page's style shows it.
    fn leave_inline(&mut self) {
        let Some(mark) = self.buffer.marks.pop() else { return };
        if mark > self.buffer.text.len() || !self.is_label_from(mark) {
            return;
        }
        if self.buffer.text[..mark].trim().is_empty() {
            let is_closed = self.buffer.text.trim_end().ends_with(['：', ':']);
            if !is_closed {
                self.set_apart();
            }
        } else if !self.buffer.is_row {
            self.buffer.text.insert(mark, ' ');
        }
    }

    fn is_label_from(&self, mark: usize) -> bool {
        fields::catalogue_label(&self.buffer.text[mark..]).is_some()
    }

    fn set_apart(&mut self) {
        if !self.buffer.is_row {
            self.buffer.text.push('\t');
            self.buffer.is_row = true;
        }
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if self.pre == 0 {
            self.buffer.text.push_str(text);
            return Ok(());
        }
        let mut lines = text.split('\n');
        self.buffer.text.push_str(lines.next().unwrap_or(""));
        for line in lines {
            self.flush()?;
            self.buffer.text.push_str(line);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let text = std::mem::take(&mut self.buffer.text);
        let is_row = std::mem::take(&mut self.buffer.is_row);
        for mark in &mut self.buffer.marks {
            *mark = 0;
        }
        let text = without_source_breaks(&text);
        if text.trim().is_empty() || furniture::is_text(&text) {
            return Ok(());
        }
        self.line += 1;
        if is_row && let Some((label, value)) = text.split_once('\t') {
            // The colon stood behind the element: it is a line, not two cells.
            if value.trim_start().starts_with(['：', ':']) {
                return self.paragraphs.push(&format!("{label}{value}"), self.line, ParagraphKind::Text);
            }
            return self.paragraphs.push_row([label, value], self.line);
        }
        let kind = self.heading.map_or(ParagraphKind::Text, ParagraphKind::Heading);
        self.paragraphs.push(&text, self.line, kind)
    }

    fn keeps_breaks(&self, node: NodeId) -> bool {
        let Some(element) = self.dom.element(node) else { return false };
        matches!(element.name(), "pre" | "listing" | "xmp" | "plaintext")
            || element.attribute("style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                style.contains("white-space:pre") && !style.contains("white-space:pre-line-")
            })
    }

    fn first_number(&self, list: NodeId) -> u32 {
        let start = self.dom.element(list).and_then(|element| element.attribute("start"));
        start.and_then(|start| start.trim().parse().ok()).unwrap_or(1)
    }

    /// A browser shows the numbers of an ordered list; the source has none.
    fn number_item(&mut self, item: NodeId) {
        let parent_is_ordered = self.dom.parent(item).is_some_and(|parent| self.dom.name(parent) == "ol");
        let Some(Some(number)) = self.lists.last_mut().filter(|_| parent_is_ordered) else { return };
        let current = *number;
        *number = number.saturating_add(1);
        let mut texts = self.dom.descendants(item).filter_map(|node| self.dom.text(node));
        let Some(text) = texts.find(|text| !text.trim().is_empty()) else { return };
        // Written numbers and labelled values show that the style has none.
        let text = text.trim_start();
        let has_own = text.starts_with(|c: char| c.is_numeric() || "（(第一二三四五六七八九十①●·".contains(c));
        let is_label = text.split(['：', ':']).next().is_some_and(|label| fields::catalogue_label(label).is_some());
        if !has_own && !is_label {
            self.buffer.text.push_str(&format!("{current}. "));
        }
    }

    /// The cells of a row of data; `None` if the row only places things.
    fn data_row(&self, row: NodeId) -> Option<Vec<String>> {
        let mut cells = Vec::new();
        let mut longest = (0, 0);
        for child in self.dom.children(row) {
            if !matches!(self.dom.name(child), "td" | "th") || self.selection.is_dropped(child) {
                continue;
            }
            let cell = self.cell(child)?;
            longest = longest.max((cell.paragraphs, cell.text.len() / 3));
            cells.push(cell.text);
        }
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let is_layout = longest.0 >= LAYOUT_PARAGRAPHS && longest.1 >= LAYOUT_CHARS;
        let is_lone = filled <= 1 && (longest.0 > 1 || !self.has_columns(row));
        (filled > 0 && !is_layout && !is_lone).then_some(cells)
    }

    /// Whether another row of the table has several cells.
    fn has_columns(&self, row: NodeId) -> bool {
        let Some(section) = self.dom.parent(row) else { return false };
        let mut rows = self.dom.children(section).filter(|node| self.dom.name(*node) == "tr").take(50);
        rows.any(|row| self.dom.children(row).filter(|node| matches!(self.dom.name(*node), "td" | "th")).count() > 1)
    }

    /// The text of a cell on one line; `None` if it holds a table.
    fn cell(&self, cell: NodeId) -> Option<Cell> {
        let mut found = Cell { text: String::new(), paragraphs: 0 };
        let mut current = String::new();
        let mut next = self.dom.first_child(cell).map(Step::Enter);
        while let Some(step) = next {
            let (Step::Enter(node) | Step::Leave(node)) = step;
            if node == cell {
                break;
            }
            let name = self.dom.name(node);
            if name == "table" {
                return None;
            }
            if is_block(name) || name == "br" {
                found.end_paragraph(&mut current);
            }
            let entered = matches!(step, Step::Enter(_)) && !self.selection.is_dropped(node);
            if entered && let Some(text) = self.dom.text(node) {
                current.push_str(text);
            }
            next = match self.dom.first_child(node).filter(|_| entered) {
                Some(child) => Some(Step::Enter(child)),
                None if entered => Some(Step::Leave(node)),
                None => self.dom.after(node),
            };
        }
        found.end_paragraph(&mut current);
        Some(found)
    }
}

struct Cell {
    text: String,
    paragraphs: usize,
}

impl Cell {
    fn end_paragraph(&mut self, current: &mut String) {
        let text = without_source_breaks(current);
        let text = text.trim();
        if !text.is_empty() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(text);
            self.paragraphs += 1;
        }
        current.clear();
    }
}

/// Line breaks of the source are blanks, and none between two wide characters
/// (CSS Text 3, segment break transformation).
fn without_source_breaks(text: &str) -> String {
    if !text.contains(['\n', '\r']) {
        return text.to_owned();
    }
    let is_source_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['\n', '\r']) {
        let before = rest[..start].trim_end_matches(is_source_blank);
        let after = rest[start..].trim_start_matches(is_source_blank);
        out.push_str(before);
        let joins = out.chars().next_back().is_some_and(is_wide) && after.chars().next().is_some_and(is_wide);
        if !joins {
            // A tab that set a label apart stays one.
            out.push(
                if rest[before.len()..rest.len() - after.len()].contains('\t') && out.matches('\t').count() == 0 {
                    '\t'
                } else {
                    ' '
                },
            );
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '“' | '”' | '‘' | '’' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_of_the_source_vanish_between_wide_characters() {
        assert_eq!(without_source_breaks("规范\n   管理，\r\n根据 \n GDP\n增长"), "规范管理，根据 GDP 增长");
    }
}
