//! Old Office files (OLE2 compound files): which format it is, and what the
//! document properties say.
//!
//! `cfb` (MIT, well kept) reads the container.

use std::io::{Cursor, Read};

use super::codepage::{decode_page, utf16};
use super::{Extracted, HintField, Hints, limits};
use crate::{Error, ErrorKind, Result};

/// The largest stream that is read, in bytes.
const MAX_STREAM_BYTES: u64 = super::MAX_BYTES as u64;

/// An open compound file.
pub(super) struct Compound<'a>(cfb::CompoundFile<Cursor<&'a [u8]>>);

impl<'a> Compound<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Compound<'a>> {
        cfb::CompoundFile::open(Cursor::new(bytes)).map(Compound).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the file is damaged: {error}"))
                .with_remedy("get the file again, or repair it with the program that made it")
        })
    }

    fn has(&self, name: &str) -> bool {
        self.0.is_stream(name)
    }

    /// The bytes of a stream; `None` when there is no such stream.
    pub(super) fn stream(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        if !self.0.is_stream(name) {
            return Ok(None);
        }
        let damaged = |error: std::io::Error| {
            Error::new(ErrorKind::Malformed, format!("the file is damaged: its part {name} cannot be read ({error})"))
        };
        let stream = self.0.open_stream(name).map_err(damaged)?;
        let mut bytes = Vec::new();
        stream.take(MAX_STREAM_BYTES).read_to_end(&mut bytes).map_err(damaged)?;
        limits::check()?;
        Ok(Some(bytes))
    }
}

/// Reads a compound file, whatever its name.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") || file.has("EncryptionInfo") {
        return Err(super::package::encrypted());
    }
    let mut extracted = if file.has("WordDocument") {
        super::doc::read(&mut file)?
    } else if file.has("Workbook") || file.has("Book") {
        super::sheet::read_xls(bytes)?
    } else if file.has("PowerPoint Document") {
        super::ppt::read(&mut file)?
    } else {
        return Err(unknown(&file));
    };
    let own = hints(&mut file)?;
    extracted.hints.title = extracted.hints.title.take().or(own.title);
    extracted.hints.fields.extend(own.fields);
    super::confirm_title(&mut extracted);
    Ok(extracted)
}

fn unknown(file: &Compound<'_>) -> Error {
    let name = if file.has("__properties_version1.0") {
        "an Outlook message (.msg)"
    } else if file.has("FileHeader") {
        "a Hangul document (.hwp)"
    } else if file.has("VisioDocument") {
        "a Visio drawing"
    } else if file.has("MatOST") || file.has("CONTENTS") {
        "a Microsoft Works document"
    } else {
        "an unknown file of the OLE2 family"
    };
    let remedy = "save it as .docx, .pdf or text with the program that made it";
    Error::new(ErrorKind::UnsupportedFormat, format!("{name} cannot be read by this build")).with_remedy(remedy)
}

/// A little-endian number at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// A little-endian number at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// Title, author and dates of the property set.
fn hints(file: &mut Compound<'_>) -> Result<Hints> {
    let Some(bytes) = file.stream("\u{5}SummaryInformation")? else { return Ok(Hints::default()) };
    Ok(properties(&bytes).unwrap_or_default())
}

fn properties(bytes: &[u8]) -> Option<Hints> {
    const TITLE: u32 = 2;
    const AUTHOR: u32 = 4;
    const CODE_PAGE: u32 = 1;
    let start = u32_at(bytes, 44)? as usize;
    let set = bytes.get(start..)?;
    let count = u32_at(set, 4)?.min(200) as usize;
    let entries: Vec<(u32, usize)> =
        (0..count).filter_map(|n| Some((u32_at(set, 8 + 8 * n)?, u32_at(set, 12 + 8 * n)? as usize))).collect();
    let place = |id: u32| entries.iter().find(|(known, _)| *known == id).map(|(_, at)| *at);
    let code_page = place(CODE_PAGE).and_then(|at| u16_at(set, at + 4)).unwrap_or(936);
    let text = |id: u32| -> Option<String> {
        let at = place(id)?;
        let length = u32_at(set, at + 4)?.min(4_096) as usize;
        let decoded = match u16_at(set, at)? {
            0x1E => decode_page(set.get(at + 8..at + 8 + length)?, code_page),
            0x1F => utf16(set.get(at + 8..at + 8 + length * 2)?),
            _ => return None,
        };
        let text = super::paragraphs::clean(decoded.trim_end_matches('\0'));
        (!text.is_empty()).then_some(text)
    };
    let fields = text(AUTHOR).map(|author| HintField::property("作者", author)).into_iter().collect();
    Some(Hints { title: text(TITLE), fields, info_end_line: None })
}
