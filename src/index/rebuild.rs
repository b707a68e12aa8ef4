//! A new index in the place of a damaged one: from the texts it stores where those
//! are whole, from the folders it watches over otherwise.
//!
//! The new index is made beside the old one and changes places with it when it is
//! complete and verified; only then is the old one deleted. Killed in between, both
//! are there, and the next rebuild goes on from what it finds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tantivy::directory::{Directory as _, INDEX_WRITER_LOCK};
use tantivy::fastfield::AliveBitSet;
use tantivy::indexer::UserOperation;

use crate::analysis::{Dictionary, Segmenter};
use crate::heads::Heads;
use crate::texts::Texts;
use crate::{Error, ErrorKind, Result};

use super::budget::MIN_MEMORY_BYTES;
use super::directory::SealedDirectory;
use super::pipeline;
use super::records::{self, Record};
use super::snapshot::alive;
use super::state::State;
use super::verify::records::{Placed, origin, read_document, starts};
use super::verify::{Layout, Problem, SegmentFiles, Verification, VerifyOptions, tantivy_segment};
use super::{Index, Report, UpdateOptions, plugin, tantivy_error};

/// How an index is rebuilt.
#[derive(Clone, Default)]
pub struct RebuildOptions {
    dictionary: Dictionary,
    roots: Vec<PathBuf>,
    update: UpdateOptions,
}

impl RebuildOptions {
    /// With the roots the index knows.
    pub fn new() -> Self {
        RebuildOptions::default()
    }

    /// The user's own words of the new index.
    #[must_use]
    pub fn dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionary = dictionary;
        self
    }

    /// Folders and files to read, for an index so damaged that it no longer knows
    /// its roots.
    #[must_use]
    pub fn roots<P: AsRef<Path>>(mut self, roots: &[P]) -> Self {
        self.roots = roots.iter().map(|root| root.as_ref().to_owned()).collect();
        self
    }

    /// How files are read, where they have to be.
    #[must_use]
    pub fn update(mut self, options: UpdateOptions) -> Self {
        self.update = options;
        self
    }
}

/// What a rebuild did.
#[derive(Debug, Default, Serialize)]
pub struct Rebuilt {
    /// Documents taken over from the old index.
    pub kept: u64,
    /// What was read from the roots again; `None` when the old index had it all.
    pub read: Option<Report>,
    /// Parts of the old index whose documents could not be taken over. Those that
    /// came from files have been read again; those that a program had put there by
    /// value are lost.
    pub unreadable: u64,
    /// What was wrong with the old index.
    pub problems: Vec<Problem>,
}

impl Index {
    /// Makes the index in this folder anew.
    ///
    /// # Errors
    /// As [`Index::verify`], but an index of another version is rebuilt from its
    /// roots; [`ErrorKind::Locked`]; [`ErrorKind::Corrupt`] when the index no longer
    /// knows its roots and none were given. The old index is left as it was then.
    pub fn rebuild(path: impl AsRef<Path>, options: &RebuildOptions) -> Result<Rebuilt> {
        let path = path.as_ref();
        let (fresh, old) = (sibling(path, "new")?, sibling(path, "old")?);
        if !path.exists() && old.exists() {
            // Killed between the two renames of an earlier rebuild.
            rename(&old, path)?;
        }
        let layout = Layout::read(path)?;
        let directory = SealedDirectory::open(path)?;
        let lock = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|e| tantivy_error(e.into(), Some(path)))?;
        let mut verification = Verification::default();
        let segments = layout.check(&mut verification)?;
        let mut rebuilt = Rebuilt::default();
        let source = source(path, &layout, options, &mut verification)?;
        let roots = roots(path, &layout, options)?;

        remove(&fresh)?;
        let made = make(&fresh, source.as_ref(), &segments, &roots, options, &mut rebuilt);
        if let Err(error) = made {
            remove(&fresh)?;
            return Err(error);
        }
        rebuilt.problems = verification.problems;
        remove(&old)?;
        rename(path, &old)?;
        if let Err(error) = rename(&fresh, path) {
            rename(&old, path)?;
            return Err(error);
        }
        drop(lock);
        remove(&old)?;
        Ok(rebuilt)
    }
}

/// The old index, if anything of it can be taken over.
fn source(
    path: &Path,
    layout: &Layout,
    options: &RebuildOptions,
    verification: &mut Verification,
) -> Result<Option<Index>> {
    // Words cut with another dictionary do not matter: only texts are read.
    let stamped = State::parse(layout.payload.as_deref()).ok();
    if stamped.is_none_or(|state| state.schema != super::schema::SCHEMA_VERSION) {
        return Ok(None);
    }
    let directory = SealedDirectory::open(path)?.lenient();
    match tantivy::Index::open(directory) {
        Ok(tantivy) => {
            Ok(Some(Index::assemble(tantivy, Some(path.to_owned()), Segmenter::new(options.dictionary.clone()))))
        }
        Err(error) => {
            let message = tantivy_error(error, None).message().to_owned();
            verification.problems.push(Problem { file: None, document: None, message });
            Ok(None)
        }
    }
}

/// The roots of the new index, as absolute paths.
fn roots(path: &Path, layout: &Layout, options: &RebuildOptions) -> Result<Vec<String>> {
    let mut roots = match State::parse(layout.payload.as_deref()) {
        Ok(state) => state.roots,
        Err(error) if layout.is_readable => return Err(error.with_path(path)),
        Err(_) if options.roots.is_empty() => {
            let message = "the index is too damaged to say which folders it was made from";
            return Err(Error::new(ErrorKind::Corrupt, message)
                .with_path(path)
                .with_remedy("name them: `gongwen rebuild DIR…`"));
        }
        Err(_) => Vec::new(),
    };
    for root in &options.roots {
        let root = super::crawl::absolute_root(root)?;
        roots.extend(root.to_str().map(str::to_owned));
    }
    roots.sort_unstable();
    roots.dedup();
    Ok(roots)
}

/// Fills a new index and verifies it.
fn make(
    fresh: &Path,
    source: Option<&Index>,
    segments: &[SegmentFiles],
    roots: &[String],
    options: &RebuildOptions,
    rebuilt: &mut Rebuilt,
) -> Result<()> {
    let index = Index::create_with(fresh, options.dictionary.clone())?;
    let mut writer = index.tantivy_writer(1, 8 * MIN_MEMORY_BYTES)?;
    for segment in segments {
        let copied = match source.filter(|_| segment.has_sound_documents()) {
            Some(source) => copy_segment(source, segment, &index, &writer, &mut rebuilt.kept)?,
            None => false,
        };
        rebuilt.unreadable += u64::from(!copied);
    }
    let mut state = index.state()?;
    state.roots = roots.to_vec();
    state.skip_classified = source.and_then(|source| source.state().ok()).is_some_and(|old| old.skip_classified);
    index.commit(&mut writer, &state)?;
    let _ = writer.wait_merging_threads();
    // Without a source it is not known what is missing.
    if rebuilt.unreadable > 0 || source.is_none() {
        // A disk that is not mounted must not look like documents that are gone.
        if let Some(root) = roots.iter().find(|root| std::fs::metadata(root).is_err()) {
            let message =
                "this root is needed to rebuild the index, but cannot be read; the old index is left as it was";
            return Err(Error::new(ErrorKind::NotFound, message)
                .with_path(root)
                .with_remedy("bring it back, or take it out with `gongwen remove`"));
        }
        rebuilt.read = Some(pipeline::update(&index, &[], &options.update)?);
    }
    drop(index);
    let verification = Index::verify(fresh, &VerifyOptions::new().dictionary(options.dictionary.clone()))?;
    match verification.problems.first() {
        None => Ok(()),
        Some(problem) => {
            let message = format!("the new index is not sound ({}), the old one is left in place", problem.message);
            Err(Error::new(ErrorKind::Io, message).with_path(fresh).with_remedy("check the disk"))
        }
    }
}

/// Copies the living documents of a segment, from its store alone where its other
/// parts are damaged. Returns whether all could be read; an error is one of writing.
fn copy_segment(
    source: &Index,
    files: &SegmentFiles,
    index: &Index,
    writer: &tantivy::IndexWriter<Record>,
    kept: &mut u64,
) -> Result<bool> {
    // What a damaged part makes of its reader stays with it.
    let guarded = |read: &mut dyn FnMut() -> Result<()>| {
        catch_unwind(AssertUnwindSafe(read)).is_ok_and(|read: Result<()>| read.is_ok())
    };
    let mut opened = None;
    let is_open = guarded(&mut || {
        opened = Some(Stored::open(source, files)?);
        Ok(())
    });
    let Some(stored) = opened.filter(|_| is_open) else { return Ok(false) };
    let mut is_whole = true;
    let ends = stored.starts.iter().copied().skip(1).chain([stored.max_doc]);
    for (document, (start, end)) in stored.starts.iter().copied().zip(ends).enumerate() {
        if stored.alive.as_ref().is_some_and(|alive| alive.is_deleted(start)) {
            continue;
        }
        let mut made = Vec::new();
        let is_read = guarded(&mut || {
            let placed = Placed { document, records: start..end };
            let (head, document) = read_document(&stored.heads, &stored.texts, &placed)?;
            let origin = origin(&stored.heads, placed.document, &head.key);
            let fields = &index.inner.fields;
            made = match &head.failure {
                Some(failure) => vec![records::stored_failure_record(fields, &origin, failure.clone())?],
                None => records::records(fields, &origin, &head, document, None)?,
            };
            Ok(())
        });
        is_whole &= is_read;
        if is_read {
            writer.run(made.into_iter().map(UserOperation::Add)).map_err(|e| index.error(e))?;
            *kept += 1;
        }
    }
    Ok(is_whole)
}

/// A segment as far as its documents go.
struct Stored {
    heads: Heads,
    texts: Texts,
    alive: Option<AliveBitSet>,
    /// The records that begin a document.
    starts: Vec<u32>,
    max_doc: u32,
}

impl Stored {
    fn open(source: &Index, files: &SegmentFiles) -> Result<Self> {
        let segment = tantivy_segment(source, files)?;
        let (texts, heads) = plugin::open_stored(&segment).map_err(|e| source.error(e))?;
        let alive = alive(&segment).map_err(|e| source.error(e))?;
        let starts = starts(&heads).map_err(|e| source.error(e))?;
        Ok(Stored { heads, texts, alive, starts, max_doc: segment.meta().max_doc() })
    }
}

/// `index` → `.index.gongwen-new`, in the same folder, so that renaming is enough.
fn sibling(path: &Path, what: &str) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|e| Error::io("cannot tell this folder's place", e))?;
    let absolute = absolute.canonicalize().unwrap_or(absolute);
    let Some((parent, name)) = absolute.parent().zip(absolute.file_name()) else {
        let message = "cannot rebuild an index that has no folder around it";
        return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
    };
    Ok(parent.join(format!(".{}.gongwen-{what}", name.to_string_lossy())))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|e| {
        let what = format!("cannot rename {} to {}; both are complete", from.display(), to.display());
        Error::io(what, e).with_path(from).with_remedy("rename them by hand")
    })
}

/// Removes a folder of our own naming, if it is there.
fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("cannot remove this folder", cause).with_path(path))
        }
        _ => Ok(()),
    }
}
