//! Paragraphs and tables as word processors have them, before they are lines: the
//! same rules for tables, headings and empty paragraphs in .docx, .doc, .rtf, .odt.

use super::paragraphs::clean;
use super::{MAX_PARAGRAPHS, Paragraph, ParagraphKind, Paragraphs, limits};
use crate::{Error, ErrorKind, Result};

/// What is longer is no heading, whatever its style: some writers set whole
/// documents in one.
const MAX_HEADING_CHARS: usize = 100;

/// A cell with so many paragraphs frames a text; it is no cell of data.
const LAYOUT_PARAGRAPHS: usize = 6;

/// A piece of a document's body.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// A paragraph; line breaks in it are line feeds. Empty ones count as lines.
    Text { text: String, heading: Option<u8> },
    /// A row of a table, its cells' texts.
    Row(Vec<String>),
    /// Paragraphs another reader made.
    Read(Vec<Paragraph>),
}

impl Block {
    pub(super) fn text(text: impl Into<String>) -> Block {
        Block::Text { text: text.into(), heading: None }
    }
}

/// A cell: what stands in it.
pub(super) type Cell = Vec<Block>;

/// Adds a table. Cells of data become rows; where a row's only text is a whole
/// text of its own, or the table has a single column, its paragraphs stay paragraphs.
pub(super) fn push_table(out: &mut Vec<Block>, rows: Vec<Vec<Cell>>) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    for row in rows {
        let filled = row.iter().filter(|cell| lines_of(cell) > 0).count();
        if filled == 0 {
            continue;
        }
        let frames = row.iter().any(|cell| lines_of(cell) >= LAYOUT_PARAGRAPHS && filled <= 2);
        if columns == 1 || frames || (filled == 1 && row.iter().any(|cell| lines_of(cell) > 2)) {
            row.into_iter().for_each(|cell| out.extend(cell));
        } else {
            out.push(Block::Row(row.iter().map(|cell| flatten(cell)).collect()));
        }
    }
}

/// A table whose cells and rows end with marks in the text.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
    /// The open cell.
    pub(super) cell: Cell,
}

impl Table {
    pub(super) fn end_cell(&mut self) {
        self.row.push(std::mem::take(&mut self.cell));
    }

    pub(super) fn end_row(&mut self) {
        if !self.cell.is_empty() {
            self.end_cell();
        }
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// Ends the table, if there is one.
    pub(super) fn close(&mut self, out: &mut Vec<Block>) {
        if !self.cell.is_empty() || !self.row.is_empty() {
            self.end_row();
        }
        if !self.rows.is_empty() {
            push_table(out, std::mem::take(&mut self.rows));
        }
    }

    /// Where a note's text goes: into the open cell, or after the paragraph.
    pub(super) fn target<'t>(&'t mut self, out: &'t mut Vec<Block>) -> &'t mut Vec<Block> {
        let is_open = !self.rows.is_empty() || !self.row.is_empty() || !self.cell.is_empty();
        if is_open { &mut self.cell } else { out }
    }
}

fn lines_of(cell: &[Block]) -> usize {
    cell.iter()
        .map(|block| match block {
            Block::Text { text, .. } => text.split('\n').filter(|line| !line.trim().is_empty()).count(),
            Block::Row(cells) => usize::from(cells.iter().any(|cell| !cell.trim().is_empty())),
            Block::Read(paragraphs) => paragraphs.len(),
        })
        .sum()
}

/// A cell's text in one line.
fn flatten(cell: &[Block]) -> String {
    let mut text = String::new();
    let mut push = |part: &str| {
        let part = clean(part);
        if !part.is_empty() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&part);
        }
    };
    for block in cell {
        match block {
            Block::Text { text, .. } => push(text),
            Block::Row(cells) => cells.iter().for_each(|cell| push(cell)),
            Block::Read(paragraphs) => paragraphs.iter().for_each(|paragraph| push(&paragraph.text)),
        }
    }
    text
}

/// The blocks as paragraphs. Every paragraph is a line, empty ones too, so that
/// gaps show; a broken paragraph is several.
pub(super) fn write(blocks: &[Block]) -> Result<Vec<Paragraph>> {
    let mut paragraphs = Paragraphs::new();
    let mut line: u32 = 0;
    for (count, block) in blocks.iter().enumerate() {
        if count & 0x3FF == 0 {
            limits::check()?;
        }
        match block {
            Block::Text { text, heading } => {
                let parts = text.split(['\n', '\u{B}', '\u{C}', '\r']);
                let is_broken = text.contains(['\n', '\u{B}', '\u{C}', '\r']);
                for part in parts {
                    line = line.saturating_add(1);
                    // A broken heading is a title set by hand: its lines belong together.
                    let kind = match heading {
                        Some(level) if !is_broken && is_heading(part) => ParagraphKind::Heading((*level).clamp(1, 6)),
                        _ => ParagraphKind::Text,
                    };
                    paragraphs.push(part, line, kind)?;
                }
            }
            Block::Row(cells) => {
                line = line.saturating_add(1);
                paragraphs.push_row(cells.iter().map(String::as_str), line)?;
            }
            Block::Read(read) => {
                let base = line;
                for paragraph in read {
                    line = base.saturating_add(paragraph.line);
                    paragraphs.push_read(paragraph, line)?;
                }
            }
        }
    }
    Ok(paragraphs.into_vec())
}

fn is_heading(text: &str) -> bool {
    let text = text.trim();
    text.chars().nth(MAX_HEADING_CHARS).is_none() && !text.ends_with(['。', '；', '，'])
}

/// The first slide names the presentation.
#[cfg(feature = "office")]
pub(super) fn name_presentation(blocks: &mut [Block]) {
    if let Some(Block::Text { heading: heading @ Some(_), .. }) = blocks.first_mut() {
        *heading = Some(1);
    }
}

/// Whether the only text of a slide's first shape is its title, where no
/// placeholder says so.
#[cfg(feature = "office")]
pub(super) fn is_slide_title(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.contains(['\n', '\r']) && text.chars().nth(40).is_none()
}

/// Holds the limit on paragraphs while blocks are collected.
pub(super) fn check_count(blocks: &[Block]) -> Result<()> {
    if blocks.len() > MAX_PARAGRAPHS {
        let message = format!("the document has more than {MAX_PARAGRAPHS} paragraphs");
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    if blocks.len() & 0x3FF == 0 { limits::check() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        text.split('|').map(Block::text).collect()
    }

    fn texts(blocks: &[Block]) -> Vec<String> {
        write(blocks).unwrap().into_iter().map(|paragraph| paragraph.text).collect()
    }

    #[test]
    fn data_cells_are_rows_and_frames_are_text() {
        let mut out = Vec::new();
        push_table(&mut out, vec![vec![cell("项目"), cell("金额|（万元）")], vec![cell(""), cell("")]]);
        push_table(&mut out, vec![vec![cell("甲|乙")]]);
        assert_eq!(texts(&out), ["项目\t金额 （万元）", "甲", "乙"]);
    }

    #[test]
    fn empty_paragraphs_are_counted() {
        let written = write(&[Block::text("甲"), Block::text(" "), Block::text("乙\n丙")]).unwrap();
        assert_eq!(written.iter().map(|p| p.line).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn prose_in_a_heading_style_is_text() {
        let long = Block::Text { text: "一、总则。为了规范。".to_owned(), heading: Some(1) };
        assert_eq!(write(&[long]).unwrap()[0].kind, ParagraphKind::Text);
        let short = Block::Text { text: "一、总则".to_owned(), heading: Some(2) };
        assert_eq!(write(&[short]).unwrap()[0].kind, ParagraphKind::Heading(2));
    }
}
