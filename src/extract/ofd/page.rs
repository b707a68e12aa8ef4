//! A page's content: text objects → glyphs at places.

use std::collections::HashMap;

use crate::Result;
use crate::extract::layout::{Glyph, Page};
use crate::extract::limits;
use crate::extract::xml::{Id, Xml};

/// How deep blocks and composites may nest.
const MAX_DEPTH: usize = 16;

/// The most glyphs of a page.
const MAX_GLYPHS: usize = 400_000;

/// What a page shows.
pub(super) struct Found {
    pub(super) page: Page,
    /// Ids of the templates it lies on.
    pub(super) templates: Vec<String>,
    pub(super) has_picture: bool,
}

/// Drawings that pages use again, by id: their glyphs in their own space.
pub(super) type Composites = HashMap<String, Vec<Glyph>>;

/// x' = a·x + c·y + e, y' = b·x + d·y + f.
type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn concat(inner: Matrix, outer: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = inner;
    let [oa, ob, oc, od, oe, of] = outer;
    [a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, e * oa + f * oc + oe, e * ob + f * od + of]
}

/// Reads a page or a template.
pub(super) fn read(xml: &Xml<'_>, default_area: [f32; 4], composites: &Composites) -> Result<Found> {
    let own = xml.find(xml.root(), "Area").and_then(|element| area(xml, element));
    let [_, _, width, height] = own.unwrap_or(default_area);
    let mut reader = Reader { xml, composites, glyphs: Vec::new(), has_picture: false };
    if let Some(content) = xml.find(xml.root(), "Content") {
        reader.objects(content, IDENTITY, 0)?;
    }
    let templates = xml
        .descendants(xml.root(), "Template")
        .filter_map(|template| xml.attribute(template, "TemplateID").map(|id| id.into_owned()))
        .collect();
    let page = Page { width, height, glyphs: reader.glyphs };
    Ok(Found { page, templates, has_picture: reader.has_picture })
}

/// Reads the composites of a resource file.
pub(super) fn composites(xml: &Xml<'_>, composites: &mut Composites) {
    for unit in xml.descendants(xml.root(), "CompositeGraphicUnit") {
        let Some(id) = xml.attribute(unit, "ID") else { continue };
        let none = Composites::new();
        let mut reader = Reader { xml, composites: &none, glyphs: Vec::new(), has_picture: false };
        if let Some(content) = xml.child(unit, "Content")
            && reader.objects(content, IDENTITY, 0).is_ok()
        {
            composites.insert(id.into_owned(), reader.glyphs);
        }
    }
}

/// `PhysicalBox` of an area: x, y, width, height in millimetres.
pub(super) fn area(xml: &Xml<'_>, element: Id) -> Option<[f32; 4]> {
    let numbers = numbers(&xml.text_of(xml.child(element, "PhysicalBox")?));
    let area: [f32; 4] = numbers.get(..4)?.try_into().ok()?;
    (area[2] > 0.0 && area[3] > 0.0).then_some(area)
}

/// Numbers separated by blanks or commas.
fn numbers(text: &str) -> Vec<f32> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
    parts.map_while(|part| part.parse().ok()).collect()
}

struct Reader<'x, 's, 'c> {
    xml: &'x Xml<'s>,
    composites: &'c Composites,
    glyphs: Vec<Glyph>,
    has_picture: bool,
}

impl Reader<'_, '_, '_> {
    fn objects(&mut self, parent: Id, outer: Matrix, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Ok(());
        }
        let xml = self.xml;
        for child in xml.children(parent) {
            let is_hidden = xml.attribute(child, "Visible").is_some_and(|value| value == "false" || value == "0");
            if is_hidden || self.glyphs.len() > MAX_GLYPHS {
                continue;
            }
            match xml.name(child) {
                "TextObject" => {
                    limits::check()?;
                    self.text(child, outer);
                }
                "Layer" | "PageBlock" => self.objects(child, outer, depth + 1)?,
                "ImageObject" => self.has_picture = true,
                "CompositeObject" => self.composite(child, outer),
                _ => {}
            }
        }
        Ok(())
    }

    /// The place of an object: its matrix, then its box, then what it stands in.
    fn place(&self, object: Id, outer: Matrix) -> Matrix {
        let xml = self.xml;
        let bounds = xml.attribute(object, "Boundary").map(|value| numbers(&value)).unwrap_or_default();
        let [x, y] = [bounds.first().copied().unwrap_or(0.0), bounds.get(1).copied().unwrap_or(0.0)];
        let own = xml.attribute(object, "CTM").map(|value| numbers(&value)).unwrap_or_default();
        let own: Matrix = own.get(..6).and_then(|own| own.try_into().ok()).unwrap_or(IDENTITY);
        concat(concat(own, [1.0, 0.0, 0.0, 1.0, x, y]), outer)
    }

    fn composite(&mut self, object: Id, outer: Matrix) {
        let Some(id) = self.xml.attribute(object, "ResourceID") else { return };
        let Some(glyphs) = self.composites.get(id.as_ref()) else { return };
        let place = self.place(object, outer);
        let scale = (place[0] * place[3] - place[1] * place[2]).abs().sqrt();
        let moved = glyphs.iter().map(|glyph| Glyph {
            text: glyph.text.clone(),
            x: place[0] * glyph.x + place[2] * glyph.y + place[4],
            y: place[1] * glyph.x + place[3] * glyph.y + place[5],
            width: glyph.width * scale,
            size: glyph.size * scale,
        });
        self.glyphs.extend(moved);
    }

    fn text(&mut self, object: Id, outer: Matrix) {
        let xml = self.xml;
        let place = self.place(object, outer);
        // Upright text only: what is turned is a watermark or a stamp.
        let is_upright = place[1].abs() <= 0.05 * place[0].abs() && place[0] > 0.0;
        let size = xml.attribute(object, "Size").and_then(|size| size.trim().parse().ok()).unwrap_or(4.2_f32);
        let stretch = xml.attribute(object, "HScale").and_then(|scale| scale.trim().parse().ok()).unwrap_or(1.0_f32);
        if !is_upright || !is_seen(xml, object) {
            return;
        }
        // A code may leave out what the one before it said.
        let (mut x, mut y) = (0.0, 0.0);
        for code in xml.children_named(object, "TextCode") {
            let coordinate = |name: &str| xml.attribute(code, name).and_then(|value| value.trim().parse::<f32>().ok());
            x = coordinate("X").unwrap_or(x);
            y = coordinate("Y").unwrap_or(y);
            let steps = |name: &str| xml.attribute(code, name).map(|value| deltas(&value)).unwrap_or_default();
            let (across, down) = (steps("DeltaX"), steps("DeltaY"));
            self.run(&xml.text_of(code), (x, y), (&across, &down), (size, stretch), place);
        }
    }

    fn run(&mut self, text: &str, start: (f32, f32), steps: (&[f32], &[f32]), size: (f32, f32), place: Matrix) {
        let (across, down) = steps;
        let (mut x, mut y) = start;
        let text = text.trim_matches(['\r', '\n', '\t']);
        let chars: Vec<char> = text.chars().collect();
        let scale_x = (place[0] * place[0] + place[1] * place[1]).sqrt();
        let scale_y = (place[2] * place[2] + place[3] * place[3]).sqrt();
        for (index, c) in chars.iter().enumerate() {
            let natural = size.0 * size.1 * if c.is_ascii() { 0.5 } else { 1.0 };
            let step = across.get(index).copied();
            // The step is the character's room, unless it leaps to another place.
            let room = size.0 * size.1 * if c.is_ascii_alphabetic() { 0.95 } else { 1.3 };
            let width = step.filter(|step| *step > 0.0 && *step <= room).unwrap_or(natural);
            if !c.is_control() {
                self.glyphs.push(Glyph {
                    text: c.to_string(),
                    x: place[0] * x + place[2] * y + place[4],
                    y: place[1] * x + place[3] * y + place[5],
                    width: width * scale_x,
                    size: size.0 * scale_y,
                });
            }
            // Without steps the widths of the font hold; with steps down only, not.
            x += step.unwrap_or(if down.is_empty() && across.is_empty() { natural } else { 0.0 });
            y += down.get(index).copied().unwrap_or(0.0);
        }
    }
}

/// Whether the object can be seen: not wholly transparent.
fn is_seen(xml: &Xml<'_>, object: Id) -> bool {
    let alpha = |element: Id| xml.attribute(element, "Alpha").and_then(|alpha| alpha.trim().parse::<u32>().ok());
    let fill = xml.child(object, "FillColor").and_then(alpha);
    let is_filled = xml.attribute(object, "Fill").is_none_or(|fill| fill != "false");
    let is_stroked = xml.attribute(object, "Stroke").is_some_and(|stroke| stroke == "true");
    alpha(object).is_none_or(|alpha| alpha > 0) && (!is_filled || is_stroked || fill.is_none_or(|alpha| alpha > 0))
}

/// `4.2 g 3 4.5`: a `g` repeats: so often the number after it.
fn deltas(text: &str) -> Vec<f32> {
    const MAX_STEPS: usize = 100_000;
    let mut steps = Vec::new();
    let mut parts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
    while let Some(part) = parts.next() {
        if part.eq_ignore_ascii_case("g") {
            let count = parts.next().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
            let step = parts.next().and_then(|step| step.parse::<f32>().ok()).unwrap_or(0.0);
            steps.extend(std::iter::repeat_n(step, count.min(MAX_STEPS - steps.len().min(MAX_STEPS))));
        } else if let Ok(step) = part.parse::<f32>() {
            steps.push(step);
        }
        if steps.len() >= MAX_STEPS {
            break;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_repeat() {
        assert_eq!(deltas("4.2 g 3 5 1"), [4.2, 5.0, 5.0, 5.0, 1.0]);
        assert_eq!(deltas("g 2"), [0.0, 0.0]);
        assert!(deltas("g 999999999999 1").len() <= 100_000);
    }
}
