//! A section ↔ bytes.
//!
//! ```text
//! 2 × ordinal + 1 with a title   a number, seven bits a byte
//! title                          of a document's first section: length, the codes
//! level, line                    numbers
//! headings on the way            their number, then each: 2 × length, the codes; or, for one that stands
//!                                in an earlier section, 2 × bytes back from this section's length + 1
//! label, heading                 each: 2 × length, the codes; or, for a passage of the text,
//!                                2 × its bytes + 1 and the bytes before it
//! items                          their number, then each: length and codes of its label, level, and
//!                                characters of the text from the item before
//! text                           the codes, to the end
//! ```
//!
//! A way back never leaves the document, and documents are copied whole.

use crate::analysis::ids::TokenIds;
use crate::document::{Item, Section};

use super::codes::{self, Encoder};
use super::{Damaged, Result, push_number, take, take_length, take_number};

/// The headings over the last section of a document, and where each is written out.
#[derive(Default)]
pub(super) struct Headings {
    list: Vec<(String, u64)>,
    /// How many of them stand in earlier sections. The places of the others are
    /// counted from the last section's beginning.
    settled: usize,
}

impl Headings {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.settled = 0;
    }

    /// The last section's bytes begin at `start`.
    pub(super) fn settle(&mut self, start: u64) {
        self.list[self.settled..].iter_mut().for_each(|(_, at)| *at += start);
        self.settled = self.list.len();
    }
}

/// Appends a section whose length will stand at `start`, with the document's title
/// if it is the first.
pub(super) fn encode(
    section: &Section,
    title: Option<&str>,
    headings: &mut Headings,
    start: u64,
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) {
    let begin = out.len();
    push_number(out, u64::from(section.ordinal) << 1 | u64::from(title.is_some()));
    if let Some(title) = title {
        scratch.clear();
        Encoder::get().encode(title, scratch);
        push_number(out, scratch.len() as u64);
        out.extend_from_slice(scratch);
    }
    out.push(section.level);
    push_number(out, section.line.into());
    push_number(out, section.path.len() as u64);
    for (depth, heading) in section.path.iter().enumerate() {
        match headings.list.get(depth) {
            Some((same, at)) if same == heading => push_number(out, (start - at) << 1 | 1),
            _ => {
                headings.list.truncate(depth);
                headings.settled = headings.settled.min(depth);
                headings.list.push((heading.clone(), (out.len() - begin) as u64));
                push_codes(heading, scratch, out);
            }
        }
    }
    headings.list.truncate(section.path.len());
    headings.settled = headings.settled.min(section.path.len());
    let mut before = 0;
    for part in [&section.label, &section.heading] {
        // They stand at the section's beginning, the heading behind the label and a blank.
        let rest = &section.text[before..];
        let blank = rest.len() - rest.trim_start().len();
        match rest[blank..].starts_with(part.as_str()).then_some(before + blank).filter(|_| !part.is_empty()) {
            Some(at) => {
                before = at + part.len();
                push_number(out, (part.len() as u64) << 1 | 1);
                push_number(out, at as u64);
            }
            None => push_codes(part, scratch, out),
        }
    }
    push_number(out, section.items.len() as u64);
    let mut before = 0;
    for item in &section.items {
        scratch.clear();
        Encoder::get().encode(&item.label, scratch);
        push_number(out, scratch.len() as u64);
        out.extend_from_slice(scratch);
        out.push(item.level);
        push_number(out, item.start.wrapping_sub(before).into());
        before = item.start;
    }
    Encoder::get().encode(&section.text, out);
}

/// Twice their length, then the codes.
fn push_codes(text: &str, scratch: &mut Vec<u8>, out: &mut Vec<u8>) {
    scratch.clear();
    Encoder::get().encode(text, scratch);
    push_number(out, (scratch.len() as u64) << 1);
    out.extend_from_slice(scratch);
}

/// A text of its own, or a passage of the section's.
enum Part<'a> {
    Codes(&'a [u8]),
    Passage { at: usize, length: usize },
}

impl<'a> Part<'a> {
    fn take(bytes: &mut &'a [u8]) -> Result<Self> {
        let number = take_length(bytes)?;
        Ok(if number & 1 == 0 {
            Part::Codes(take(bytes, number >> 1)?)
        } else {
            Part::Passage { at: take_length(bytes)?, length: number >> 1 }
        })
    }

    /// How much of the section's text it needs, in bytes.
    fn end(&self) -> usize {
        match *self {
            Part::Codes(_) => 0,
            Part::Passage { at, length } => at.saturating_add(length),
        }
    }

    fn text(&self, of: &str) -> Result<String> {
        match *self {
            Part::Codes(bytes) => decode(bytes),
            Part::Passage { at, length } => {
                let end = at.checked_add(length).ok_or(Damaged)?;
                of.get(at..end).map(str::to_owned).ok_or(Damaged)
            }
        }
    }
}

fn decode(bytes: &[u8]) -> Result<String> {
    let mut text = String::new();
    codes::decode(bytes, usize::MAX, &mut text)?;
    Ok(text)
}

/// The bytes of a section, from what stands first to the text.
struct Open<'a> {
    all: &'a [u8],
    start: usize,
    ordinal: u32,
    title: Option<&'a [u8]>,
    /// Behind the title.
    rest: &'a [u8],
}

fn small(bytes: &mut &[u8]) -> Result<u32> {
    u32::try_from(take_number(bytes)?).map_err(|_| Damaged)
}

impl<'a> Open<'a> {
    /// The section whose length stands at `start` of `all`.
    fn new(all: &'a [u8], start: usize) -> Result<Self> {
        let mut bytes = all.get(start..).ok_or(Damaged)?;
        let length = take_length(&mut bytes)?;
        let mut rest = take(&mut bytes, length)?;
        let number = take_number(&mut rest)?;
        let title = match number & 1 {
            0 => None,
            _ => {
                let length = take_length(&mut rest)?;
                Some(take(&mut rest, length)?)
            }
        };
        let ordinal = u32::try_from(number >> 1).map_err(|_| Damaged)?;
        Ok(Open { all, start, ordinal, title, rest })
    }

    /// Level, line, and the headings on the way.
    fn place(&mut self) -> Result<(u8, u32, Vec<String>)> {
        let level = take(&mut self.rest, 1)?[0];
        let line = small(&mut self.rest)?;
        Ok((level, line, path(&mut self.rest, self.all, self.start)?))
    }
}

/// The title that stands with the section at `start` of `all`.
pub(super) fn title(all: &[u8], start: usize) -> Result<String> {
    Open::new(all, start)?.title.map_or(Ok(String::new()), decode)
}

/// The headings on the way to the section at `start` of `all`.
pub(super) fn path_to(all: &[u8], start: usize) -> Result<Vec<String>> {
    Ok(Open::new(all, start)?.place()?.2)
}

fn path(bytes: &mut &[u8], all: &[u8], start: usize) -> Result<Vec<String>> {
    let mut path = Vec::new();
    for_each_heading(bytes, all, start, |codes| decode(codes).map(|heading| path.push(heading)))?;
    Ok(path)
}

/// Hands the codes of each heading on the way to `sink`.
fn for_each_heading(
    bytes: &mut &[u8],
    all: &[u8],
    start: usize,
    mut sink: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    for _ in 0..take_length(bytes)? {
        let number = take_length(bytes)?;
        let codes = if number & 1 == 0 {
            take(bytes, number >> 1)?
        } else {
            let at = start.checked_sub(number >> 1).ok_or(Damaged)?;
            let mut there = all.get(at..).ok_or(Damaged)?;
            let number = take_length(&mut there)?;
            if number & 1 == 1 {
                return Err(Damaged);
            }
            take(&mut there, number >> 1)?
        };
        sink(codes)?;
    }
    Ok(())
}

/// A section as ranking sees it: the tokens of its text, not the text. Kept from one to
/// the next of files that stay open, so that nothing is allocated for each.
pub(crate) struct Glance {
    ids: TokenIds,
    label: String,
    headings: Vec<String>,
    /// Where the headings' codes lie in memory, and their lengths: neighbours often stand
    /// under the same.
    places: Vec<(usize, usize)>,
    has_other_headings: bool,
    /// The beginning of the text, where the label is a passage of it.
    front: String,
}

/// In the place of headings that nobody has seen: others lie elsewhere.
const NOWHERE: (usize, usize) = (0, 0);

impl Glance {
    pub(crate) fn new() -> Self {
        let (label, headings, front) = Default::default();
        Glance { ids: TokenIds::new(), label, headings, places: vec![NOWHERE], has_other_headings: true, front }
    }

    /// The ids of the text's tokens, as [`crate::analysis::chars::CharText::ids`].
    pub(crate) fn ids(&self) -> &[u32] {
        self.ids.ids()
    }

    /// Those of them that are [letters](crate::analysis::chars::is_letter).
    pub(crate) fn letters(&self) -> &[u32] {
        self.ids.letters()
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The headings on the way to it.
    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Whether they may be others than those of the section looked at before, if one was.
    pub(crate) fn has_other_headings(&self) -> bool {
        self.has_other_headings
    }
}

/// Looks at the section whose length stands at `start` of `all`.
pub(super) fn glance(all: &[u8], start: usize, into: &mut Glance) -> Result<()> {
    let outcome = look(all, start, into);
    if outcome.is_err() {
        // Whoever asked has not seen them.
        into.places = vec![NOWHERE];
    }
    outcome
}

fn look(all: &[u8], start: usize, into: &mut Glance) -> Result<()> {
    let bytes = &mut Open::new(all, start)?.rest;
    take(bytes, 1)?;
    small(bytes)?;
    look_at_headings(bytes, all, start, into)?;
    let label = Part::take(bytes)?;
    Part::take(bytes)?;
    for _ in 0..take_length(bytes)? {
        let length = take_length(bytes)?;
        take(bytes, length)?;
        take(bytes, 1)?;
        small(bytes)?;
    }
    into.label.clear();
    match label {
        Part::Codes(codes) => codes::decode(codes, usize::MAX, &mut into.label)?,
        Part::Passage { at, length } => {
            let end = at.checked_add(length).ok_or(Damaged)?;
            into.front.clear();
            codes::decode(bytes, end, &mut into.front)?;
            into.label.push_str(into.front.get(at..end).ok_or(Damaged)?);
        }
    }
    into.ids.clear();
    codes::decode_ids(bytes, &mut into.ids)?;
    into.ids.finish();
    Ok(())
}

/// Reads the headings on the way unless they lie where those of the last section do.
fn look_at_headings(bytes: &mut &[u8], all: &[u8], start: usize, into: &mut Glance) -> Result<()> {
    let place = |codes: &[u8]| (codes.as_ptr().addr(), codes.len());
    let mut rest = *bytes;
    let mut count = 0;
    let mut are_same = true;
    for_each_heading(&mut rest, all, start, |codes| {
        are_same &= into.places.get(count) == Some(&place(codes));
        count += 1;
        Ok(())
    })?;
    into.has_other_headings = !are_same || count < into.places.len();
    if into.has_other_headings {
        into.places.clear();
        into.headings.clear();
        for_each_heading(bytes, all, start, |codes| {
            into.headings.push(decode(codes)?);
            into.places.push(place(codes));
            Ok(())
        })?;
    }
    *bytes = rest;
    Ok(())
}

/// Reads the section whose length stands at `start` of `all`.
pub(super) fn read(all: &[u8], start: usize) -> Result<Section> {
    read_until(all, start, |_, _| usize::MAX)
}

/// The same without its items and text.
pub(super) fn read_head(all: &[u8], start: usize) -> Result<Section> {
    let section = read_until(all, start, |label, heading| label.end().max(heading.end()))?;
    Ok(Section { items: Vec::new(), text: String::new(), ..section })
}

/// Reads a section, of its text at least so many bytes as `wanted` says.
fn read_until(all: &[u8], start: usize, wanted: impl Fn(&Part<'_>, &Part<'_>) -> usize) -> Result<Section> {
    let mut open = Open::new(all, start)?;
    let (level, line, path) = open.place()?;
    let Open { ordinal, rest: mut bytes, .. } = open;
    let bytes = &mut bytes;
    let (label, heading) = (Part::take(bytes)?, Part::take(bytes)?);
    let mut items = Vec::new();
    let mut before = 0_u32;
    for _ in 0..take_length(bytes)? {
        let length = take_length(bytes)?;
        let label = decode(take(bytes, length)?)?;
        let level = take(bytes, 1)?[0];
        before = before.wrapping_add(small(bytes)?);
        items.push(Item { label, level, start: before });
    }
    let mut text = String::new();
    codes::decode(bytes, wanted(&label, &heading), &mut text)?;
    let (label, heading) = (label.text(&text)?, heading.text(&text)?);
    Ok(Section { ordinal, level, label, heading, path, line, text, items })
}
