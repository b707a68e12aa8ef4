//! Properties of paragraphs and characters: pages of runs, each run with changes to
//! its style ("sprms").

use crate::extract::ole::{u16_at, u32_at};

/// A page of runs has this many bytes.
const PAGE: usize = 512;

/// What a paragraph says of itself, beside its style.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ParagraphProperties {
    pub(super) style: u16,
    /// The list, by its number from 1; 0 for none.
    pub(super) list: Option<u16>,
    pub(super) level: Option<u8>,
    pub(super) outline: Option<u8>,
    pub(super) in_table: bool,
    pub(super) row_end: bool,
    /// How many tables it stands in.
    pub(super) depth: u32,
}

impl ParagraphProperties {
    pub(super) fn apply(&mut self, changes: &[u8]) {
        sprms(changes, |code, operand| {
            let byte = operand.first().copied().unwrap_or(0);
            match code {
                0x260A => self.level = Some(byte),
                0x460B => self.list = u16_at(operand, 0),
                0x2640 => self.outline = Some(byte),
                0x2416 => self.in_table = byte != 0,
                0x2417 => self.row_end = byte != 0,
                0x6649 => self.depth = u32_at(operand, 0).unwrap_or(0),
                0x4600 => self.style = u16_at(operand, 0).unwrap_or(self.style),
                _ => {}
            }
        });
    }
}

/// Calls `each` with the code and the operand of every change.
pub(super) fn sprms(mut rest: &[u8], mut each: impl FnMut(u16, &[u8])) {
    while let Some(code) = u16_at(rest, 0) {
        rest = &rest[2..];
        let (skip, length) = match code >> 13 {
            0 | 1 => (0, 1),
            2 | 4 | 5 => (0, 2),
            3 => (0, 4),
            7 => (0, 3),
            // A table's definition has a length of two bytes.
            _ if code == 0xD608 => (2, usize::from(u16_at(rest, 0).unwrap_or(1)).saturating_sub(1)),
            _ => (1, usize::from(rest.first().copied().unwrap_or(0))),
        };
        let Some(operand) = rest.get(skip..skip + length) else { return };
        each(code, operand);
        rest = &rest[skip + length..];
    }
}

/// A run: from which to which place of the file.
struct Run<T> {
    from: usize,
    to: usize,
    value: T,
}

fn find<T>(runs: &[Run<T>], place: usize) -> Option<&T> {
    let index = runs.partition_point(|run| run.from <= place);
    let run = index.checked_sub(1).and_then(|index| runs.get(index))?;
    (place < run.to).then_some(&run.value)
}

/// The pages that a table of pages (`PlcBte…`) names.
fn pages<'a>(main: &'a [u8], table: &[u8]) -> Vec<&'a [u8]> {
    let count = table.len().saturating_sub(4) / 8;
    let number = |index: usize| u32_at(table, 4 * (count + 1) + 4 * index);
    let pages = (0..count).filter_map(|index| {
        let at = (number(index)? as usize).checked_mul(PAGE)?;
        main.get(at..at.checked_add(PAGE)?)
    });
    pages.collect()
}

/// The properties of all paragraphs.
pub(super) struct Paragraphs(Vec<Run<ParagraphProperties>>);

impl Paragraphs {
    pub(super) fn read(main: &[u8], table: &[u8]) -> Paragraphs {
        let mut runs = Vec::new();
        for page in pages(main, table) {
            let count = usize::from(page[PAGE - 1]);
            for index in 0..count {
                let bounds = u32_at(page, 4 * index).zip(u32_at(page, 4 * index + 4));
                let Some((from, to)) = bounds else { break };
                let mut value = ParagraphProperties::default();
                let offset = page.get(4 * (count + 1) + 13 * index).map_or(0, |offset| usize::from(*offset) * 2);
                if offset > 0
                    && let Some(changes) = changes(page, offset)
                {
                    value.style = u16_at(changes, 0).unwrap_or(0);
                    value.apply(changes.get(2..).unwrap_or_default());
                }
                runs.push(Run { from: from as usize, to: to as usize, value });
            }
        }
        runs.sort_by_key(|run| run.from);
        Paragraphs(runs)
    }

    /// The properties of the paragraph whose mark lies at `place`.
    pub(super) fn at(&self, place: usize) -> ParagraphProperties {
        find(&self.0, place).copied().unwrap_or_default()
    }
}

/// A paragraph's changes: a length in words, in one of two forms.
fn changes(page: &[u8], at: usize) -> Option<&[u8]> {
    match *page.get(at)? {
        0 => {
            let length = usize::from(*page.get(at + 1)?) * 2;
            page.get(at + 2..(at + 2 + length).min(PAGE))
        }
        words => page.get(at + 1..(at + usize::from(words) * 2).min(PAGE)),
    }
}

/// Which characters are deleted by tracked changes or hidden.
pub(super) struct Characters(Vec<Run<bool>>);

impl Characters {
    pub(super) fn read(main: &[u8], table: &[u8]) -> Characters {
        let mut runs = Vec::new();
        for page in pages(main, table) {
            let count = usize::from(page[PAGE - 1]);
            for index in 0..count {
                let bounds = u32_at(page, 4 * index).zip(u32_at(page, 4 * index + 4));
                let Some((from, to)) = bounds else { break };
                let offset = page.get(4 * (count + 1) + index).map_or(0, |offset| usize::from(*offset) * 2);
                let mut is_hidden = false;
                if offset > 0
                    && let Some(length) = page.get(offset)
                    && let Some(changes) = page.get(offset + 1..(offset + 1 + usize::from(*length)).min(PAGE))
                {
                    sprms(changes, |code, operand| {
                        if matches!(code, 0x0800 | 0x083C) {
                            is_hidden = operand.first() == Some(&1) || is_hidden && operand.first() != Some(&0);
                        }
                    });
                }
                if is_hidden {
                    runs.push(Run { from: from as usize, to: to as usize, value: true });
                }
            }
        }
        runs.sort_by_key(|run| run.from);
        Characters(runs)
    }

    pub(super) fn is_hidden(&self, place: usize) -> bool {
        find(&self.0, place).is_some()
    }
}
