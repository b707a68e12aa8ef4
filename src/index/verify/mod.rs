//! Is the index whole? Every file against the sums sealed into `meta.json`, every
//! record against its document, stored text cut into tokens again and compared
//! with the postings.
//!
//! Looks only; `rebuild.rs` mends. Reads damaged indexes too, so nothing here
//! trusts what it reads: a part that is damaged is named and left out of the rest.

mod files;
mod postings;
pub(super) mod records;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use tantivy::{Segment, SegmentReader};

use crate::analysis::Dictionary;
use crate::{Error, ErrorKind, Result};

use super::directory::SealedDirectory;
use super::state::State;
use super::{Index, plugin, tantivy_error};

pub(super) use files::{Layout, SegmentFiles, first_damage, living_files, looks_like_an_index};

/// How an index is verified.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    full: bool,
    dictionary: Dictionary,
}

impl VerifyOptions {
    /// All files and records; the postings of a sample of the documents.
    pub fn new() -> Self {
        VerifyOptions::default()
    }

    /// Compares the postings of every document.
    #[must_use]
    pub fn full(mut self, full: bool) -> Self {
        self.full = full;
        self
    }

    /// The user's own words the index was made with.
    #[must_use]
    pub fn dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionary = dictionary;
        self
    }
}

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct Verification {
    /// Files whose checksum was compared.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents, those that could not be read included.
    pub documents: u64,
    /// Sections.
    pub sections: u64,
    /// Sections whose text was cut into tokens again and compared with the index.
    pub compared: u64,
    /// Files that belong to no commit, left by writers that were killed; the next
    /// commit deletes them.
    pub leftovers: u64,
    /// What is wrong; empty for a sound index.
    pub problems: Vec<Problem>,
    /// Wall time in seconds.
    pub seconds: f64,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One thing that is wrong with an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file of the index, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The document, by key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

impl Problem {
    fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem { file: Some(file.into()), document: None, message: message.into() }
    }

    fn of_document(document: impl Into<String>, message: impl Into<String>) -> Self {
        Problem { file: None, document: Some(document.into()), message: message.into() }
    }
}

/// More than this many problems of documents are not listed one by one.
const MAX_PROBLEMS: usize = 1_000;

/// How often to begin again when a writer changes the index meanwhile.
const TRIES: u32 = 4;

impl Index {
    /// Checks the index in a folder, damaged ones too. Reads only; searching and
    /// writing may go on.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::NotAnIndex`] and
    /// [`ErrorKind::IncompatibleIndex`]; damage is no error but in the answer.
    pub fn verify(path: impl AsRef<Path>, options: &VerifyOptions) -> Result<Verification> {
        let (path, started) = (path.as_ref(), Instant::now());
        let mut tries = 1;
        loop {
            let before = std::fs::read(path.join(super::META_FILE)).ok();
            let mut verification = verify(path, options)?;
            let is_settled = std::fs::read(path.join(super::META_FILE)).ok() == before;
            if verification.is_clean() || is_settled || tries == TRIES {
                verification.seconds = started.elapsed().as_secs_f64();
                return Ok(verification);
            }
            tries += 1;
        }
    }
}

fn verify(path: &Path, options: &VerifyOptions) -> Result<Verification> {
    let mut verification = Verification::default();
    let layout = Layout::read(path)?;
    let segments = layout.check(&mut verification)?;
    let Some(index) = open(path, &layout, &options.dictionary, &mut verification)? else { return Ok(verification) };
    let mut documents = records::Documents::default();
    let sound: Vec<&SegmentFiles> = segments.iter().filter(|segment| segment.is_sound()).collect();
    for segment in &sound {
        // What has the right checksums was written so; still, nothing that is read
        // here may end the process.
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let segment = tantivy_segment(&index, segment)?;
            let reader = SegmentReader::open(&segment).map_err(|e| index.error(e))?;
            let opened = plugin::open(&segment).map_err(|e| index.error(e))?;
            let checked = documents.check(&index, &reader, &opened, &mut verification)?;
            let chosen = if options.full { checked } else { sample(checked, sound.len()) };
            verification.compared += postings::compare(&index, &reader, &opened, &chosen, &mut verification.problems)?;
            Ok::<(), Error>(())
        }));
        let error = match checked {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "reading it failed".to_owned(),
        };
        verification.problems.push(Problem::of_file(&segment.id, format!("this part cannot be read: {error}")));
    }
    verification.documents = documents.len();
    verification.problems.truncate(MAX_PROBLEMS);
    Ok(verification)
}

/// The index, if its state can be read.
pub(super) fn open(
    path: &Path,
    layout: &Layout,
    dictionary: &Dictionary,
    verification: &mut Verification,
) -> Result<Option<Index>> {
    if !layout.is_readable {
        return Ok(None);
    }
    let state = State::parse(layout.payload.as_deref()).map_err(|e| e.with_path(path))?;
    state.check(dictionary.fingerprint()).map_err(|e| e.with_path(path))?;
    let directory = SealedDirectory::open(path)?.lenient();
    let opened = tantivy::Index::open(directory).map_err(|e| tantivy_error(e, Some(path)));
    let index = opened.and_then(|tantivy| Index::opened(tantivy, Some(path.to_owned()), dictionary.clone()));
    match index {
        Ok(index) => Ok(Some(index)),
        Err(error) if error.kind() == ErrorKind::IncompatibleIndex => Err(error),
        Err(error) => {
            verification.problems.push(Problem::of_file(super::META_FILE, error.message().to_owned()));
            Ok(None)
        }
    }
}

/// One segment of the commit, whatever the state of the others.
pub(super) fn tantivy_segment(index: &Index, segment: &SegmentFiles) -> Result<Segment> {
    let metas = index.inner.tantivy.searchable_segment_metas().map_err(|e| index.error(e))?;
    let meta = metas.into_iter().find(|meta| meta.id().uuid_string() == segment.id);
    let meta = meta.ok_or_else(|| Error::new(ErrorKind::Corrupt, "the commit no longer names this segment"))?;
    Ok(index.inner.tantivy.segment(meta))
}

/// Documents that are compared when not all are, in the whole index.
const SAMPLE_DOCUMENTS: usize = 64;
/// Their records at most, in each segment.
const SAMPLE_RECORDS: u32 = 1_000;

/// Some of the documents, evenly over the segment.
fn sample(documents: Vec<records::Placed>, segments: usize) -> Vec<records::Placed> {
    let wanted = SAMPLE_DOCUMENTS.div_ceil(segments.max(1));
    let step = documents.len().div_ceil(wanted).max(1);
    let mut left = SAMPLE_RECORDS;
    let mut take = |placed: &records::Placed| {
        let length = placed.records.len() as u32;
        let fits = length <= left;
        left -= if fits { length } else { 0 };
        fits
    };
    documents.into_iter().step_by(step).filter(|placed| take(placed)).collect()
}
