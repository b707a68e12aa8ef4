//! Which files an index consists of, and whether each is as it was written.
//!
//! Reads `meta.json` itself: a damaged index is what tantivy would not open.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{Error, ErrorKind, Result};

use super::super::directory::{MANAGED_FILE, META_FILE, is_bookkeeping};
use super::super::seal::{Sums, sum, unseal};
use super::{Problem, Verification};

/// The parts of a segment, one file each; `del` only when something was deleted.
const PARTS: [&str; 9] = ["fast", "fieldnorm", "gongwen", "heads", "idx", "pos", "store", "term", "texts"];

/// The commit as `meta.json` tells it.
pub(crate) struct Layout {
    folder: PathBuf,
    segments: Vec<SegmentEntry>,
    /// What each file should be; `None` when the index was written without seals.
    sums: Option<Sums>,
    /// [`State`](super::super::state::State) as JSON.
    pub payload: Option<String>,
    /// Whether `meta.json` could be read at all.
    pub is_readable: bool,
    problem: Option<Problem>,
}

/// A segment and which of its files are damaged.
pub(crate) struct SegmentFiles {
    /// As it stands in file names.
    pub id: String,
    damaged: Vec<String>,
}

impl SegmentFiles {
    pub(crate) fn is_sound(&self) -> bool {
        self.damaged.is_empty()
    }

    /// Whether its documents can be read, and which of them were deleted.
    pub(crate) fn has_sound_documents(&self) -> bool {
        let needed = [".heads", ".texts", ".del"];
        !self.damaged.iter().any(|file| needed.iter().any(|end| file.ends_with(end)))
    }
}

#[derive(Deserialize)]
struct Meta {
    segments: Vec<SegmentEntry>,
    payload: Option<String>,
}

#[derive(Deserialize)]
struct SegmentEntry {
    segment_id: String,
    deletes: Option<Deletes>,
}

#[derive(Deserialize)]
struct Deletes {
    opstamp: u64,
}

impl SegmentEntry {
    fn id(&self) -> String {
        self.segment_id.replace('-', "")
    }

    fn files(&self) -> Vec<String> {
        let id = self.id();
        let deletes = self.deletes.as_ref().map(|deletes| format!("{id}.{}.del", deletes.opstamp));
        PARTS.iter().map(|part| format!("{id}.{part}")).chain(deletes).collect()
    }
}

impl Layout {
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::NotAnIndex`].
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        super::super::refuse_file(folder)?;
        let mut layout = Layout {
            folder: folder.to_owned(),
            segments: Vec::new(),
            sums: None,
            payload: None,
            is_readable: false,
            problem: None,
        };
        let data = match std::fs::read(folder.join(META_FILE)) {
            Ok(data) => data,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                if !folder.exists() {
                    return Err(Error::new(ErrorKind::NotFound, "there is no index here").with_path(folder));
                }
                if !looks_like_an_index(folder) {
                    return Err(Error::new(ErrorKind::NotAnIndex, "this folder is no gongwen index")
                        .with_path(folder)
                        .with_remedy("name the index folder with --index"));
                }
                layout.problem = Some(Problem::of_file(META_FILE, "it is missing"));
                return Ok(layout);
            }
            Err(cause) => return Err(Error::io("cannot read meta.json", cause).with_path(folder)),
        };
        let damaged = Some(Problem::of_file(META_FILE, "it is damaged: its content is not what was written"));
        let Ok((content, sums)) = unseal(&data) else {
            layout.problem = damaged;
            return Ok(layout);
        };
        let Ok(meta) = serde_json::from_slice::<Meta>(content) else {
            layout.problem = damaged;
            return Ok(layout);
        };
        if sums.is_none() {
            let message = "it has no checksums: it was cut off, or written by an early version of gongwen";
            layout.problem = Some(Problem::of_file(META_FILE, message));
        }
        layout.segments = meta.segments;
        layout.sums = sums;
        layout.payload = meta.payload;
        layout.is_readable = true;
        Ok(layout)
    }

    /// Whether `meta.json` is as it was written.
    pub(crate) fn is_sound(&self) -> bool {
        self.problem.is_none()
    }

    /// Compares every file of the commit with its sum.
    pub(crate) fn check(&self, verification: &mut Verification) -> Result<Vec<SegmentFiles>> {
        verification.problems.extend(self.problem.clone());
        verification.files += 1;
        self.check_managed(verification)?;
        let mut segments = Vec::with_capacity(self.segments.len());
        for entry in &self.segments {
            let mut damaged = Vec::new();
            for name in entry.files() {
                if let Some(message) = self.damage(&name, verification) {
                    verification.problems.push(Problem::of_file(&name, message));
                    damaged.push(name);
                }
            }
            segments.push(SegmentFiles { id: entry.id(), damaged });
        }
        if self.is_sound() {
            verification.leftovers = self.leftovers()?;
        }
        Ok(segments)
    }

    fn check_managed(&self, verification: &mut Verification) -> Result<()> {
        let message = match std::fs::read(self.folder.join(MANAGED_FILE)) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => "it is missing",
            Err(cause) => return Err(Error::io("cannot read .managed.json", cause).with_path(&self.folder)),
            Ok(data) => {
                verification.files += 1;
                match unseal(&data) {
                    Ok((_, Some(_))) => return Ok(()),
                    // An early version's index has no seals anywhere.
                    Ok((_, None)) if self.sums.is_none() => return Ok(()),
                    _ => "it is damaged: its content is not what was written",
                }
            }
        };
        verification.problems.push(Problem::of_file(MANAGED_FILE, message));
        Ok(())
    }

    fn damage(&self, name: &str, verification: &mut Verification) -> Option<String> {
        let found = match sum(&self.folder.join(name)) {
            Ok(sum) => sum,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Some("it is missing".to_owned()),
            Err(cause) => return Some(format!("it cannot be read: {cause}")),
        };
        verification.files += 1;
        verification.bytes += found.bytes;
        let expected = match &self.sums {
            None => return None,
            Some(sums) => sums.get(name)?,
        };
        if found.bytes != expected.bytes {
            return Some(format!("it has {} bytes, expected {}", found.bytes, expected.bytes));
        }
        (!found.is_same(expected)).then(|| "it is damaged: its content is not what was written".to_owned())
    }

    fn leftovers(&self) -> Result<u64> {
        let failed = |e| Error::io("cannot list the index folder", e).with_path(&self.folder);
        let known: Vec<String> = self.segments.iter().flat_map(SegmentEntry::files).collect();
        let mut leftovers = 0;
        for entry in self.folder.read_dir().map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            let is_known = name == META_FILE || name == MANAGED_FILE || is_bookkeeping(&name) || known.contains(&name);
            leftovers += u64::from(!is_known);
        }
        Ok(leftovers)
    }
}

/// The files of the commit; `None` when `meta.json` is not sound.
pub(crate) fn living_files(folder: &Path) -> Option<HashSet<String>> {
    let layout = Layout::read(folder).ok().filter(Layout::is_sound)?;
    Some(layout.segments.iter().flat_map(SegmentEntry::files).collect())
}

/// The first file of the index in a folder that is not what was written.
pub(crate) fn first_damage(folder: &Path) -> Option<Problem> {
    let mut verification = Verification::default();
    Layout::read(folder).ok()?.check(&mut verification).ok()?;
    verification.problems.into_iter().next()
}

/// Whether a folder without `meta.json` was an index once.
pub(crate) fn looks_like_an_index(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name == MANAGED_FILE || name.ends_with(".store")
    })
}
