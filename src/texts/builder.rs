//! Sections → a file in memory.
//!
//! ```text
//! sections                       each: its length, seven bits a byte, then the section
//! places                         where every 8th begins, u64 each
//! number of sections             u64
//! "gwtexts" + version            8 bytes
//! ```
//!
//! Numbers are little-endian.

use std::io::Write;

use crate::document::Section;

use super::push_number;
use super::section::{self, Headings};

/// What a file ends with.
pub(super) const MAGIC: &[u8; 8] = b"gwtexts\x02";
/// Sections from one place to the next.
pub(super) const STRIDE: u64 = 8;
/// Bytes of a page in memory, about.
const PAGE: usize = 1 << 20;
/// Bytes behind the places.
pub(super) const FOOTER: usize = 16;

/// Collects the sections of a segment in the order of its records.
#[derive(Default)]
pub(crate) struct Builder {
    pages: Pages,
    table: Table,
    headings: Headings,
    /// Of a document whose first section comes next.
    title: Option<String>,
    section: Vec<u8>,
    scratch: Vec<u8>,
}

impl Builder {
    /// Begins a document: the next section is its first.
    pub(crate) fn begin_document(&mut self, title: &str) {
        self.headings.clear();
        self.title = Some(title.to_owned());
    }

    /// Adds the next section.
    pub(crate) fn add(&mut self, section: &Section) {
        let start = self.pages.len() as u64;
        self.section.clear();
        let title = self.title.take();
        section::encode(section, title.as_deref(), &mut self.headings, start, &mut self.scratch, &mut self.section);
        self.table.add(start);
        push_number(self.pages.next(), self.section.len() as u64);
        self.headings.settle(self.pages.len() as u64);
        self.pages.next().extend_from_slice(&self.section);
    }

    /// Bytes held in memory, about.
    pub(crate) fn memory(&self) -> usize {
        self.pages.len()
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub(crate) fn finish(self, out: &mut dyn Write) -> std::io::Result<()> {
        self.pages.write(out)?;
        out.write_all(&self.table.finish())
    }
}

/// Bytes in the order they came. One piece of memory would be moved as it grows, and
/// leave room behind that nothing else fits in.
#[derive(Default)]
struct Pages {
    full: Vec<Vec<u8>>,
    full_bytes: usize,
    page: Vec<u8>,
}

impl Pages {
    /// Bytes so far.
    fn len(&self) -> usize {
        self.full_bytes + self.page.len()
    }

    /// Where what comes next is written.
    fn next(&mut self) -> &mut Vec<u8> {
        if self.page.len() >= PAGE {
            self.full_bytes += self.page.len();
            self.full.push(std::mem::take(&mut self.page));
        }
        if self.page.capacity() == 0 {
            self.page.reserve_exact(PAGE + PAGE / 8);
        }
        &mut self.page
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        self.full.iter().chain([&self.page]).try_for_each(|page| out.write_all(page))
    }
}

/// Where the sections stand.
#[derive(Default)]
pub(super) struct Table {
    places: Vec<u8>,
    count: u64,
}

impl Table {
    /// The next section begins at `start`.
    pub(super) fn add(&mut self, start: u64) {
        if self.count.is_multiple_of(STRIDE) {
            self.places.extend_from_slice(&start.to_le_bytes());
        }
        self.count += 1;
    }

    /// The end of the file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.places.extend_from_slice(&self.count.to_le_bytes());
        self.places.extend_from_slice(MAGIC);
        self.places
    }
}
