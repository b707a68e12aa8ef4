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
    let is_wide = page.width > page.height * 1.15;
    let width = page.width;
    let rows = rows(page.glyphs)?;
    let mut blocks = Vec::new();
    match spread(&rows, width).filter(|_| is_wide) {
        Some(x) => {
            let (left, right) = halves(rows, x);
            split(left, 0, &mut blocks);
            split(right, 0, &mut blocks);
        }
        None => split(rows, 0, &mut blocks),
    }
    let mut lines = Vec::new();
    for (block, rows) in blocks.into_iter().enumerate() {
        lines.extend(rows.into_iter().map(|row| line_of(row, block)));
    }
    Ok(lines)
}

/// Tells every line where the margins of its column are: where lines usually begin
/// and end. A table or a picture's caption may stand further out.
pub(super) fn measure_blocks(lines: &mut [Line]) {
    for block in lines.chunk_by_mut(|a, b| a.block == b.block) {
        let mut text: Vec<&Line> = block.iter().filter(|line| !line.is_row).collect();
        if text.len() < 3 {
            text = block.iter().collect();
        }
        let left = usual(text.iter().map(|line| (line.left, line.size)).collect(), false);
        let right = usual(text.iter().map(|line| (-line.right, line.size)).collect(), true);
        for line in block {
            (line.block_left, line.block_right) = (left, -right);
        }
    }
}

/// The outermost place at which several lines begin (or end, if `is_end`): one in
/// twelve, two at the least. Of few lines it is the outermost of all.
fn usual(mut places: Vec<(f32, f32)>, is_end: bool) -> f32 {
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let outermost = places.first().map_or(0.0, |place| place.0);
    if places.len() < 6 {
        return outermost;
    }
    let wanted = (places.len() / 12).max(2);
    // Punctuation at the end of a line may be set narrower than a character.
    let room = if is_end { 1.1 } else { 0.4 };
    let found = places.iter().find(|(place, size)| {
        places.iter().filter(|(other, _)| *other >= *place && *other <= place + room * size).count() >= wanted
    });
    found.map_or(outermost, |place| place.0)
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
    let (left, right) = halves(inside, x);
    split(left, depth + 1, blocks);
    split(right, depth + 1, blocks);
    split(below, depth + 1, blocks);
}

/// Two pages side by side on a wide sheet: where the one ends. Nothing crosses the
/// fold, one of them at least is running text, and their lines do not stand beside
/// each other as those of a table do.
fn spread(rows: &[Row], width: f32) -> Option<f32> {
    let mut edges: Vec<(f32, f32)> =
        rows.iter().flat_map(|row| &row.segments).map(|segment| (segment.left, segment.right)).collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = rows.iter().map(|row| row.size).fold(f32::MAX, f32::min);
    let mut reached = f32::MIN;
    let mut fold = None;
    for (left, right) in edges {
        let middle = (reached + left) / 2.0;
        if left - reached > 2.0 * size && (0.4 * width..0.6 * width).contains(&middle) {
            fold = Some(middle);
        }
        reached = reached.max(right);
    }
    let x = fold?;
    let beside = rows.iter().filter(|row| row.left() < x && row.right() > x).count();
    let on = |is_left: bool| rows.iter().filter(|row| if is_left { row.left() < x } else { row.right() > x }).count();
    let fewer = on(true).min(on(false));
    let has_prose = is_prose_on(rows, x, true) || is_prose_on(rows, x, false);
    let is_apart = beside * 5 <= rows.len() * 2 && has_prose || beside * 7 <= rows.len();
    (fewer >= 3 && is_apart).then_some(x)
}

/// The parts of rows left and right of `x`.
fn halves(rows: Vec<Row>, x: f32) -> (Vec<Row>, Vec<Row>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in rows {
        let (on_left, on_right): (Vec<Segment>, Vec<Segment>) =
            row.segments.into_iter().partition(|segment| (segment.left + segment.right) / 2.0 < x);
        for (segments, side) in [(on_left, &mut left), (on_right, &mut right)] {
            if !segments.is_empty() {
                side.push(Row { segments, y: row.y, size: row.size });
            }
        }
    }
    (left, right)
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
    is_prose_on(rows, x, true) && is_prose_on(rows, x, false)
}

/// Whether a side of `x` is filled with running text.
fn is_prose_on(rows: &[Row], x: f32, is_left: bool) -> bool {
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
}
