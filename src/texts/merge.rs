//! The sections of several segments → those of one.

use std::io::{Error, ErrorKind, Write};

use super::Texts;
use super::builder::Table;

/// A segment to be merged.
pub(crate) struct Source<'a> {
    pub texts: &'a Texts,
    /// Which of its records stay. A document's go or stay together.
    pub is_alive: &'a (dyn Fn(u32) -> bool + Sync),
}

/// Writes the sections that stay, segment after segment, as they come: nothing but
/// their places is held in memory.
///
/// # Errors
/// Those of `out`; `InvalidData` when a source is damaged.
pub(crate) fn merge(sources: &[Source<'_>], out: &mut dyn Write) -> std::io::Result<()> {
    let damaged = |_| Error::new(ErrorKind::InvalidData, "the texts of a segment cannot be read");
    let mut table = Table::default();
    let mut written = 0;
    for Source { texts, is_alive } in sources {
        let all = texts.sections();
        // The run of sections that stay, not yet copied.
        let mut run = 0..0;
        let mut at = 0;
        for record in 0..texts.records() {
            let next = texts.next(at).map_err(damaged)?;
            if is_alive(record) {
                if run.is_empty() {
                    run.start = at;
                }
                table.add(written + (at - run.start) as u64);
                run.end = next;
            } else {
                out.write_all(&all[run.clone()])?;
                written += run.len() as u64;
                run = 0..0;
            }
            at = next;
        }
        out.write_all(&all[run.clone()])?;
        written += run.len() as u64;
    }
    out.write_all(&table.finish())
}
