//! A file → its sections.

use tantivy::directory::OwnedBytes;

use crate::document::Section;

use super::builder::{FOOTER, MAGIC, STRIDE};
use super::section::Glance;
use super::{Damaged, Result, section, take_length};

/// The sections of a segment.
pub(crate) struct Texts {
    bytes: OwnedBytes,
    /// Bytes of the sections.
    end: usize,
    records: u32,
}

impl Texts {
    /// Opens a file; reads its end alone.
    ///
    /// # Errors
    /// When the end is not what was written.
    pub(crate) fn open(bytes: OwnedBytes) -> Result<Self> {
        let footer = bytes.len().checked_sub(FOOTER).ok_or(Damaged)?;
        let (count, magic) = bytes[footer..].split_at(8);
        if magic != MAGIC {
            return Err(Damaged);
        }
        let count = u64::from_le_bytes(count.try_into().map_err(|_| Damaged)?);
        let records = u32::try_from(count).map_err(|_| Damaged)?;
        let places = count.div_ceil(STRIDE) * 8;
        let end = (footer as u64).checked_sub(places).ok_or(Damaged)?;
        Ok(Texts { end: usize::try_from(end).map_err(|_| Damaged)?, bytes, records })
    }

    /// Size of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Number of sections.
    pub(crate) fn records(&self) -> u32 {
        self.records
    }

    /// Reads a section.
    ///
    /// # Errors
    /// When there is none, or its bytes are damaged.
    pub(crate) fn section(&self, record: u32) -> Result<Section> {
        section::read(self.sections(), self.start(record)?)
    }

    /// Looks at a section as ranking does, without its text.
    ///
    /// # Errors
    /// As [`Texts::section`].
    pub(crate) fn glance(&self, record: u32, into: &mut Glance) -> Result<()> {
        section::glance(self.sections(), self.start(record)?, into)
    }

    /// Reads the title of the document that begins with a section; empty when none does.
    ///
    /// # Errors
    /// As [`Texts::section`].
    pub(crate) fn title(&self, record: u32) -> Result<String> {
        section::title(self.sections(), self.start(record)?)
    }

    /// Reads a section without its text and items.
    ///
    /// # Errors
    /// As [`Texts::section`].
    pub(crate) fn head(&self, record: u32) -> Result<Section> {
        section::read_head(self.sections(), self.start(record)?)
    }

    /// Reads the headings on the way to a section.
    ///
    /// # Errors
    /// As [`Texts::section`].
    pub(crate) fn path(&self, record: u32) -> Result<Vec<String>> {
        section::path_to(self.sections(), self.start(record)?)
    }

    /// The bytes of all sections.
    pub(super) fn sections(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    /// Where a section begins; for the number of sections, where the last one ends.
    pub(super) fn start(&self, record: u32) -> Result<usize> {
        if record >= self.records {
            return if record == self.records { Ok(self.end) } else { Err(Damaged) };
        }
        let stride = STRIDE as u32;
        let place = self.end + 8 * (record / stride) as usize;
        let bytes = self.bytes.get(place..place + 8).and_then(|bytes| bytes.try_into().ok()).ok_or(Damaged)?;
        let mut at = usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| Damaged)?;
        for _ in 0..record % stride {
            at = self.next(at)?;
        }
        Ok(at)
    }

    /// Where the section behind the one at `at` begins.
    pub(super) fn next(&self, at: usize) -> Result<usize> {
        let all = self.sections();
        let mut bytes = all.get(at..).ok_or(Damaged)?;
        let length = take_length(&mut bytes)?;
        (all.len() - bytes.len()).checked_add(length).filter(|&next| next <= all.len()).ok_or(Damaged)
    }
}
