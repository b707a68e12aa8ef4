//! The glyphs of a page → its lines, column by column.

use super::{Glyph, Page};
use crate::Result;
use crate::extract::limits;

/// A line of text within its column.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::extract) struct Line {
    pub(super) text: String,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    /// The column it stands in, counted over the page.
    pub(super) block: usize,
    pub(super) block_left: f32,
    pub(super) block_right: f32,
    /// Its parts stand far from each other: a row of a table.
    pub(super) is_row: bool,
}

/// A run of glyphs without a wide gap.
#[derive(Clone, Debug)]
struct Segment {
    text: String,
    left: f32,
    right: f32,
}

/// A line across the page, before columns are known.
#[derive(Clone, Debug)]
struct Row {
    segments: Vec<Segment>,
    y: f32,
    size: f32,
}

impl Row {
    fn left(&self) -> f32 {
        self.segments.first().map_or(0.0, |segment| segment.left)
    }

    fn right(&self) -> f32 {
        self.segments.iter().map(|segment| segment.right).fold(f32::MIN, f32::max)
    }
}

/// The lines of a page in reading order.
pub(super) fn lines(page: Page) -> Result<Vec<Line>> {
    let rows = rows(page.glyphs)?;
    let mut blocks = Vec::new();
    split(rows, 0, &mut blocks);
    let mut lines = Vec::new();
    for (block, rows) in blocks.into_iter().enumerate() {
        lines.extend(rows.into_iter().map(|row| line_of(row, block)));
    }
    Ok(lines)
}

/// Tells every line how wide its column is.
pub(super) fn measure_blocks(lines: &mut [Line]) {
    for block in lines.chunk_by_mut(|a, b| a.block == b.block) {
        let left = block.iter().map(|line| line.left).fold(f32::MAX, f32::min);
        let right = block.iter().map(|line| line.right).fold(f32::MIN, f32::max);
        for line in block {
            (line.block_left, line.block_right) = (left, right);
        }
    }
}

fn line_of(row: Row, block: usize) -> Line {
    let mut text = String::new();
    for (at, segment) in row.segments.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&segment.text);
    }
    Line {
        left: row.left(),
        right: row.right(),
        y: row.y,
        size: row.size,
        block,
        block_left: 0.0,
        block_right: 0.0,
        is_row: row.segments.len() > 2
            || row.segments.windows(2).any(|pair| pair[1].left - pair[0].right > 3.0 * row.size),
        text,
    }
}

/// Groups glyphs by baseline. What is smaller and a little higher or lower (notes'
/// marks) belongs to the line beside it.
fn rows(mut glyphs: Vec<Glyph>) -> Result<Vec<Row>> {
    glyphs.retain(|glyph| glyph.x.is_finite() && glyph.y.is_finite() && glyph.width.is_finite() && glyph.size > 0.0);
    // A shadow or a poor man's bold prints the same glyph twice.
    let mut order: Vec<usize> = (0..glyphs.len()).collect();
    order.sort_by(|a, b| glyphs[*a].y.total_cmp(&glyphs[*b].y).then(a.cmp(b)));
    let mut groups: Vec<(f32, f32, Vec<usize>)> = Vec::new();
    for (count, index) in order.into_iter().enumerate() {
        if count & 0xFFF == 0 {
            limits::check()?;
        }
        let glyph = &glyphs[index];
        // Only the last few groups can be near.
        let near = groups.iter_mut().rev().take(4).find(|(y, size, _)| {
            let distance = (glyph.y - *y).abs();
            distance <= 0.35 * size.min(glyph.size).max(0.3 * size.max(glyph.size))
        });
        match near {
            Some((y, size, members)) => {
                if glyph.size > *size * 1.2 {
                    (*y, *size) = (glyph.y, glyph.size);
                }
                members.push(index);
            }
            None => groups.push((glyph.y, glyph.size, vec![index])),
        }
    }
    let mut rows: Vec<Row> =
        groups.into_iter().filter_map(|(y, size, members)| row_of(&glyphs, y, size, members)).collect();
    rows.sort_by(|a, b| a.y.total_cmp(&b.y));
    Ok(rows)
}

fn row_of(glyphs: &[Glyph], y: f32, size: f32, mut members: Vec<usize>) -> Option<Row> {
    members.sort_by(|a, b| glyphs[*a].x.total_cmp(&glyphs[*b].x).then(a.cmp(b)));
    let mut segments: Vec<Segment> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for index in members {
        let glyph = &glyphs[index];
        if let Some(last) = last
            && last.text == glyph.text
            && (last.x - glyph.x).abs() < 0.2 * size
            && (last.y - glyph.y).abs() < 0.2 * size
        {
            continue;
        }
        let is_blank = glyph.text.chars().all(char::is_whitespace);
        let em = glyph.size.max(size * 0.5);
        match segments.last_mut() {
            Some(segment) if glyph.x - segment.right <= 1.6 * em => {
                let gap = glyph.x - segment.right;
                let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let between_words = is_latin(segment.text.chars().next_back()) && is_latin(glyph.text.chars().next());
                if (gap > 0.2 * em && between_words) || gap > 0.9 * em {
                    segment.text.push(' ');
                }
                segment.text.push_str(&glyph.text);
                if !is_blank {
                    segment.right = segment.right.max(glyph.x + glyph.width);
                }
            }
            _ if is_blank => continue,
            _ => segments.push(Segment { text: glyph.text.clone(), left: glyph.x, right: glyph.x + glyph.width }),
        }
        last = Some(glyph);
    }
    segments.retain(|segment| !segment.text.trim().is_empty());
    (!segments.is_empty()).then_some(Row { segments, y, size })
}

/// Splits rows into columns of running text, top to bottom and left to right. A
/// table's columns are not such: their cells do not fill them.
fn split(rows: Vec<Row>, depth: usize, blocks: &mut Vec<Vec<Row>>) {
    const MIN_ROWS: usize = 6;
    let found = if depth < 4 && rows.len() >= MIN_ROWS { gutter(&rows) } else { None };
    let Some((x, from, to)) = found else {
        if !rows.is_empty() {
            blocks.push(rows);
        }
        return;
    };
    let mut above = rows;
    let mut inside = above.split_off(from);
    let below = inside.split_off(to - from);
    split(above, depth + 1, blocks);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in inside {
        let (on_left, on_right): (Vec<Segment>, Vec<Segment>) =
            row.segments.into_iter().partition(|segment| (segment.left + segment.right) / 2.0 < x);
        for (segments, side) in [(on_left, &mut left), (on_right, &mut right)] {
            if !segments.is_empty() {
                side.push(Row { segments, y: row.y, size: row.size });
            }
        }
    }
    split(left, depth + 1, blocks);
    split(right, depth + 1, blocks);
    split(below, depth + 1, blocks);
}

/// A vertical gutter with text on both sides: its place, and from which row to
/// which it reaches.
fn gutter(rows: &[Row]) -> Option<(f32, usize, usize)> {
    const MIN_ROWS: usize = 6;
    let mut candidates: Vec<f32> =
        rows.iter().flat_map(|row| row.segments.windows(2).map(|pair| (pair[0].right + pair[1].left) / 2.0)).collect();
    candidates.sort_by(f32::total_cmp);
    candidates.dedup_by(|a, b| (*a - *b).abs() < 2.0);
    // Many different gaps are a table or a drawing.
    if candidates.len() > 60 {
        let step = candidates.len() / 60 + 1;
        candidates = candidates.into_iter().step_by(step).collect();
    }
    let crosses = |row: &Row, x: f32| row.segments.iter().any(|segment| segment.left < x && segment.right > x);
    let mut best: Option<(usize, f32, usize, usize)> = None;
    for x in candidates {
        let mut from = 0;
        while from < rows.len() {
            if crosses(&rows[from], x) {
                from += 1;
                continue;
            }
            let to = (from..rows.len()).find(|at| crosses(&rows[*at], x)).unwrap_or(rows.len());
            let length = to - from;
            let is_best = best.is_none_or(|(most, ..)| length > most);
            if length >= MIN_ROWS && is_best && is_prose(&rows[from..to], x) {
                best = Some((length, x, from, to));
            }
            from = to;
        }
    }
    best.map(|(_, x, from, to)| (x, from, to))
}

/// Whether both sides of `x` are filled with running text.
fn is_prose(rows: &[Row], x: f32) -> bool {
    let side = |is_left: bool| {
        let parts: Vec<(&Segment, f32)> = rows
            .iter()
            .flat_map(|row| row.segments.iter().map(move |segment| (segment, row.size)))
            .filter(|(segment, _)| ((segment.left + segment.right) / 2.0 < x) == is_left)
            .collect();
        let left = parts.iter().map(|(part, _)| part.left).fold(f32::MAX, f32::min);
        let right = parts.iter().map(|(part, _)| part.right).fold(f32::MIN, f32::max);
        let width = (right - left).max(1.0);
        let full = parts.iter().filter(|(part, _)| (part.right - part.left) >= 0.75 * width).count();
        let size = parts.iter().map(|(_, size)| *size).fold(0.0, f32::max);
        parts.len() >= 5 && width >= 9.0 * size && full * 10 >= parts.len() * 5
    };
    side(true) && side(false)
}
