//! A page's content stream → glyphs at places.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Number, Object, Stream};
use hayro_syntax::page::{Page as Source, Resources};

use super::font::{Font, Fonts};
use crate::extract::layout::{Glyph, Page};
use crate::extract::limits;
use crate::{Error, ErrorKind, Result};

/// How deep forms may stand in forms.
const MAX_DEPTH: usize = 12;

/// The most glyphs of a page.
const MAX_GLYPHS: usize = 400_000;

/// The most states that are saved at once.
const MAX_STATES: usize = 512;

/// What a page shows.
#[derive(Default)]
pub(super) struct Found {
    pub(super) page: Page,
    /// Glyphs marked as artifacts of paging: headers, page numbers, watermarks.
    pub(super) artifacts: Vec<Glyph>,
    /// The share of the page that its largest picture covers, 0–1.
    pub(super) picture_share: f32,
}

/// An affine map: x' = a·x + c·y + e, y' = b·x + d·y + f.
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `inner`, then `outer`.
fn concat(inner: Matrix, outer: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = inner;
    let [oa, ob, oc, od, oe, of] = outer;
    [a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, e * oa + f * oc + oe, e * ob + f * od + of]
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_spacing: f64,
    word_spacing: f64,
    scaling: f64,
    leading: f64,
    rise: f64,
}

/// A bracket of marked content.
#[derive(Default)]
struct Mark {
    is_artifact: bool,
    /// What the bracket stands for; given out with its first glyph.
    actual: Option<Option<String>>,
}

struct Interpreter<'f, 'a> {
    fonts: &'f mut Fonts<'a>,
    found: Found,
    /// Glyphs turned by 90°, 180° and 270°.
    turned: [Vec<Glyph>; 3],
    marks: Vec<Mark>,
    steps: usize,
}

/// Reads a page.
pub(super) fn read<'a>(page: &'a Source<'a>, fonts: &mut Fonts<'a>) -> Result<Found> {
    let (width, height) = page.render_dimensions();
    let mut interpreter = Interpreter {
        fonts,
        found: Found { page: Page { width, height, glyphs: Vec::new() }, ..Found::default() },
        turned: Default::default(),
        marks: Vec::new(),
        steps: 0,
    };
    let ctm = page.initial_transform(true).as_coeffs();
    interpreter.run(page.typed_operations(), page.resources(), ctm, 0)?;
    Ok(interpreter.finish())
}

impl<'a> Interpreter<'_, 'a> {
    /// A page whose text is mostly turned is read turned; other turned text is
    /// left out: it is a stamp or a watermark.
    fn finish(mut self) -> Found {
        let upright = self.found.page.glyphs.len();
        if let Some((quarter, turned)) =
            self.turned.iter_mut().enumerate().max_by_key(|(_, turned)| turned.len()).filter(|(_, t)| t.len() > upright)
        {
            self.found.page.glyphs = std::mem::take(turned);
            if quarter != 1 {
                std::mem::swap(&mut self.found.page.width, &mut self.found.page.height);
            }
        }
        self.found
    }

    fn run(&mut self, mut ops: TypedIter<'_>, resources: &Resources<'a>, ctm: Matrix, depth: usize) -> Result<()> {
        let mut state = State {
            ctm,
            font: None,
            size: 1.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut saved: Vec<State> = Vec::new();
        let (mut text, mut line) = (IDENTITY, IDENTITY);
        let open_marks = self.marks.len();
        while let Some(op) = ops.next() {
            self.steps += 1;
            if self.steps & 0x3FF == 0 {
                limits::check()?;
            }
            let mut next_line = |x: f64, y: f64| {
                line = concat([1.0, 0.0, 0.0, 1.0, x, y], line);
                line
            };
            match op {
                Op::SaveState(_) if saved.len() < MAX_STATES => saved.push(state.clone()),
                Op::RestoreState(_) => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                Op::Transform(m) => {
                    state.ctm = concat([n(m.0), n(m.1), n(m.2), n(m.3), n(m.4), n(m.5)], state.ctm);
                }
                Op::BeginText(_) => (text, line) = (IDENTITY, IDENTITY),
                Op::CharacterSpacing(v) => state.char_spacing = n(v.0),
                Op::WordSpacing(v) => state.word_spacing = n(v.0),
                Op::HorizontalScaling(v) => state.scaling = n(v.0) / 100.0,
                Op::TextLeading(v) => state.leading = n(v.0),
                Op::TextRise(v) => state.rise = n(v.0),
                Op::TextFont(f) => {
                    state.font = self.fonts.get(resources, f.0);
                    state.size = n(f.1);
                }
                Op::NextLine(v) => text = next_line(n(v.0), n(v.1)),
                Op::NextLineAndSetLeading(v) => {
                    state.leading = -n(v.1);
                    text = next_line(n(v.0), n(v.1));
                }
                Op::SetTextMatrix(m) => {
                    line = [n(m.0), n(m.1), n(m.2), n(m.3), n(m.4), n(m.5)];
                    text = line;
                }
                Op::NextLineUsingLeading(_) => text = next_line(0.0, -state.leading),
                Op::ShowText(s) => self.show(&state, &mut text, s.0.as_bytes())?,
                Op::NextLineAndShowText(s) => {
                    text = next_line(0.0, -state.leading);
                    self.show(&state, &mut text, s.0.as_bytes())?;
                }
                Op::ShowTextWithParameters(s) => {
                    (state.word_spacing, state.char_spacing) = (n(s.0), n(s.1));
                    text = next_line(0.0, -state.leading);
                    self.show(&state, &mut text, s.2.as_bytes())?;
                }
                Op::ShowTexts(array) => {
                    for item in array.0.iter::<Object<'_>>() {
                        match item {
                            Object::String(s) => self.show(&state, &mut text, s.as_bytes())?,
                            Object::Number(move_by) => {
                                let by = -n(move_by) / 1_000.0 * state.size;
                                let is_vertical = state.font.as_ref().is_some_and(|font| font.is_vertical());
                                let (x, y) = if is_vertical { (0.0, by) } else { (by * state.scaling, 0.0) };
                                text = concat([1.0, 0.0, 0.0, 1.0, x, y], text);
                            }
                            _ => {}
                        }
                    }
                }
                Op::XObject(x) => {
                    if let Some(object) = resources.get_x_object(x.0) {
                        self.object(&object, resources, state.ctm, depth)?;
                    }
                }
                Op::InlineImage(_) => self.picture(state.ctm),
                Op::BeginMarkedContent(tag) => self.marks.push(mark(tag.0, None)),
                Op::BeginMarkedContentWithProperties(m) => {
                    let dict = match m.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    self.marks.push(mark(m.0, dict.as_ref()));
                }
                Op::EndMarkedContent(_) if self.marks.len() > open_marks => {
                    self.marks.pop();
                }
                _ => {}
            }
        }
        self.marks.truncate(open_marks);
        Ok(())
    }

    fn object(&mut self, object: &Stream<'a>, outer: &Resources<'a>, ctm: Matrix, depth: usize) -> Result<()> {
        let dict = object.dict();
        let kind = dict.get::<hayro_syntax::object::Name<'_>>("Subtype");
        match kind.as_deref() {
            Some(b"Image") => self.picture(ctm),
            Some(b"Form") if depth < MAX_DEPTH => {
                let Ok(data) = object.decoded() else { return Ok(()) };
                limits::expand(data.len() as u64)?;
                let matrix = dict.get::<Array<'_>>("Matrix").and_then(matrix).unwrap_or(IDENTITY);
                let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
                self.run(TypedIter::new(&data), own.as_ref().unwrap_or(outer), concat(matrix, ctm), depth + 1)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A picture fills the unit square.
    fn picture(&mut self, ctm: Matrix) {
        let area = (ctm[0] * ctm[3] - ctm[1] * ctm[2]).abs() as f32;
        let page = (self.found.page.width * self.found.page.height).max(1.0);
        // A scan may lie there in strips, so shares add up.
        self.found.picture_share += (area / page).min(1.0);
    }

    fn show(&mut self, state: &State, text: &mut Matrix, bytes: &[u8]) -> Result<()> {
        let Some(font) = state.font.clone() else { return Ok(()) };
        if self.found.page.glyphs.len() + self.found.artifacts.len() > MAX_GLYPHS {
            let message = format!("a page has more than {MAX_GLYPHS} characters");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        for code in font.codes(bytes) {
            let spacing = state.char_spacing + if code.is_space { state.word_spacing } else { 0.0 };
            let advance = code.advance * state.size + spacing;
            let (dx, dy) = if font.is_vertical() { (0.0, -advance) } else { (advance * state.scaling, 0.0) };
            let place =
                concat([state.size * state.scaling, 0.0, 0.0, state.size, 0.0, state.rise], concat(*text, state.ctm));
            self.glyph(code.text, code.advance, font.is_vertical(), place);
            *text = concat([1.0, 0.0, 0.0, 1.0, dx, dy], *text);
        }
        Ok(())
    }

    fn glyph(&mut self, text: String, advance: f64, is_vertical: bool, place: Matrix) {
        let mut text = text;
        if let Some(actual) = self.marks.iter_mut().rev().find_map(|mark| mark.actual.as_mut()) {
            text = actual.take().unwrap_or_default();
        }
        if text.is_empty() {
            return;
        }
        let [a, b, c, d, x, y] = place;
        let size = (c * c + d * d).sqrt();
        let width = advance * (a * a + b * b).sqrt();
        if !(size.is_finite() && width.is_finite()) || size <= 0.0 {
            return;
        }
        let make = |x: f64, y: f64| Glyph {
            text: text.clone(),
            x: x as f32,
            y: y as f32,
            width: if is_vertical { size as f32 } else { width as f32 },
            size: size as f32,
        };
        // The direction of writing; y grows downwards on the page.
        let (across, along) = (b.abs() <= 0.05 * a.abs(), a.abs() <= 0.05 * b.abs());
        if across && a > 0.0 {
            if self.marks.iter().any(|mark| mark.is_artifact) {
                self.found.artifacts.push(make(x, y));
            } else {
                self.found.page.glyphs.push(make(x, y));
            }
            return;
        }
        let (width, height) = (f64::from(self.found.page.width), f64::from(self.found.page.height));
        if across {
            self.turned[1].push(make(width - x, height - y));
        } else if along && b > 0.0 {
            self.turned[0].push(make(y, width - x));
        } else if along {
            self.turned[2].push(make(height - y, x));
        }
    }
}

fn mark(tag: &[u8], properties: Option<&Dict<'_>>) -> Mark {
    let actual = properties.and_then(|dict| dict.get::<hayro_syntax::object::String<'_>>("ActualText"));
    Mark { is_artifact: tag == b"Artifact", actual: actual.map(|text| Some(super::info_text(text.as_bytes()))) }
}

fn matrix(array: Array<'_>) -> Option<Matrix> {
    let numbers: Vec<f64> = array.iter::<Number>().map(n).collect();
    numbers.try_into().ok()
}

fn n(number: Number) -> f64 {
    number.as_f64()
}
