//! Documents → tantivy, and what is in the index.
//!
//! [`Index`] opens, creates and updates; [`Writer`] takes documents by value.
//! Searching is `search`'s business: this module hands it the tantivy index and
//! the way to read records, and knows nothing of queries.

mod budget;
mod crawl;
pub(crate) mod directory;
mod failure;
#[cfg(test)]
mod faults;
mod file;
mod guarded;
mod optimize;
mod packed;
mod pipeline;
pub(crate) mod plugin;
mod rebuild;
pub(crate) mod records;
mod report;
pub(crate) mod schema;
mod seal;
mod snapshot;
mod state;
mod status;
mod verify;
mod writer;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::{Directory as _, INDEX_WRITER_LOCK};
use tantivy::indexer::UserOperation;

use crate::analysis::{Dictionary, Segmenter};
use crate::{Error, ErrorKind, Result};

pub(crate) use crawl::key_path;
pub(crate) use failure::tantivy_error;
use guarded::guarded;
pub use optimize::Optimized;
pub use pipeline::UpdateOptions;
pub use rebuild::{RebuildOptions, Rebuilt};
pub use report::{Event, Failure, Report};
pub(crate) use snapshot::OpenSegment;
pub(crate) use status::manifest;
pub use status::{PartSize, Status};
pub use verify::{Problem, Verification, VerifyOptions};
pub use writer::Writer;

use directory::{META_FILE, SealedDirectory};
use schema::Fields;
use state::State;

/// A full-text index of documents, in a folder or in memory.
///
/// Cheap to clone; clones share the open index.
#[derive(Clone)]
pub struct Index {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub tantivy: tantivy::Index,
    pub fields: Fields,
    pub segmenter: Segmenter,
    /// The folder, unless the index is in memory.
    pub path: Option<PathBuf>,
}

impl Index {
    /// Creates an index in a folder that is missing or empty.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the folder holds something already,
    /// [`ErrorKind::Io`] when it cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Index> {
        Index::create_with(path, Dictionary::new())
    }

    /// As [`Index::create`], with words of the user's own.
    ///
    /// # Errors
    /// As [`Index::create`].
    pub fn create_with(path: impl AsRef<Path>, dictionary: Dictionary) -> Result<Index> {
        let path = path.as_ref();
        refuse_file(path)?;
        let occupied = || {
            Error::new(ErrorKind::InvalidArgument, "this folder is not empty, expected a new or empty one")
                .with_path(path)
                .with_remedy("name another folder for the index")
        };
        if !is_vacant(path) {
            return Err(occupied());
        }
        directory::create_private_dir(path)?;
        let directory = SealedDirectory::open(path)?;
        // Two that create at once must not write over each other.
        let _lock = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|e| tantivy_error(e.into(), Some(path)))?;
        if !is_vacant(path) {
            return Err(occupied());
        }
        Index::create_in(directory, Some(path.to_owned()), dictionary)
    }

    /// Opens an index.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::NotAnIndex`], [`ErrorKind::IncompatibleIndex`],
    /// [`ErrorKind::Corrupt`].
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        Index::open_with(path, Dictionary::new())
    }

    /// As [`Index::open`], with the user's own words the index was made with.
    ///
    /// # Errors
    /// As [`Index::open`], and [`ErrorKind::IncompatibleIndex`] when the index was
    /// made with other words.
    pub fn open_with(path: impl AsRef<Path>, dictionary: Dictionary) -> Result<Index> {
        let path = path.as_ref();
        refuse_file(path)?;
        if !path.exists() {
            return Err(Error::new(ErrorKind::NotFound, "there is no index here")
                .with_path(path)
                .with_remedy("make one with `gongwen index DIR`, or search a folder at once with `--in DIR`"));
        }
        if !path.join(META_FILE).exists() && !is_vacant(path) && verify::looks_like_an_index(path) {
            return Err(Error::new(ErrorKind::Corrupt, "the index is damaged: meta.json is missing")
                .with_path(path)
                .with_remedy("`gongwen rebuild DIR` makes the index of that folder anew"));
        }
        if !path.join(META_FILE).exists() {
            return Err(Error::new(ErrorKind::NotAnIndex, "this folder is no gongwen index (it has no meta.json)")
                .with_path(path)
                .with_remedy("name the index folder with --index"));
        }
        let directory = SealedDirectory::open(path)?;
        guarded(Some(path), || {
            let tantivy = tantivy::Index::open(directory).map_err(|e| tantivy_error(e, Some(path)))?;
            Index::opened(tantivy, Some(path.to_owned()), dictionary)
        })
    }

    /// Opens the index in this folder, or creates it where there is none.
    ///
    /// # Errors
    /// As [`Index::open`] and [`Index::create`].
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<Index> {
        Index::open_or_create_with(path, Dictionary::new())
    }

    /// As [`Index::open_or_create`], with words of the user's own.
    ///
    /// # Errors
    /// As [`Index::open_with`] and [`Index::create_with`].
    pub fn open_or_create_with(path: impl AsRef<Path>, dictionary: Dictionary) -> Result<Index> {
        let path = path.as_ref();
        refuse_file(path)?;
        let try_it = || match is_vacant(path) {
            true => Index::create_with(path, dictionary.clone()),
            false => Index::open_with(path, dictionary.clone()),
        };
        for _ in 0..CREATION_TRIES {
            match try_it() {
                Err(error) if may_be_in_creation(path, error.kind()) => std::thread::sleep(CREATION_WAIT),
                done => return done,
            }
        }
        try_it()
    }

    /// Creates an index in memory.
    ///
    /// # Errors
    /// None in practice; memory may run out.
    pub fn in_ram() -> Result<Index> {
        Index::in_ram_with(Dictionary::new())
    }

    /// As [`Index::in_ram`], with words of the user's own.
    ///
    /// # Errors
    /// As [`Index::in_ram`].
    pub fn in_ram_with(dictionary: Dictionary) -> Result<Index> {
        Index::create_in(SealedDirectory::in_ram(), None, dictionary)
    }

    fn create_in(directory: SealedDirectory, path: Option<PathBuf>, dictionary: Dictionary) -> Result<Index> {
        let (schema, _) = schema::schema();
        // The index is stamped with its versions from its first byte.
        directory.set_first_payload(State::new(dictionary.fingerprint()).to_json());
        let segmenter = Segmenter::new(dictionary);
        let tantivy = tantivy::Index::builder()
            .schema(schema)
            .register_plugin(plugin::Plugin::shared(segmenter.clone()))
            // There is none: the folder is vacant.
            .open_or_create(directory)
            .map_err(|e| tantivy_error(e, path.as_deref()))?;
        Ok(Index::assemble(tantivy, path, segmenter))
    }

    fn opened(tantivy: tantivy::Index, path: Option<PathBuf>, dictionary: Dictionary) -> Result<Index> {
        let segmenter = Segmenter::new(dictionary);
        let mut tantivy = tantivy;
        tantivy.register_plugin(plugin::Plugin::shared(segmenter.clone()));
        let index = Index::assemble(tantivy, path, segmenter);
        let state = index.state()?;
        state.check(index.inner.segmenter.dictionary().fingerprint()).map_err(|e| match &index.inner.path {
            Some(path) => e.with_path(path),
            None => e,
        })?;
        if index.inner.tantivy.schema() != schema::schema().0 {
            let error = Error::new(ErrorKind::Corrupt, "the index has fields other than its version says")
                .with_remedy("`gongwen rebuild` makes the index anew");
            return Err(index.at_path(error));
        }
        Ok(index)
    }

    fn assemble(tantivy: tantivy::Index, path: Option<PathBuf>, segmenter: Segmenter) -> Index {
        let (_, fields) = schema::schema();
        Index { inner: Arc::new(Inner { tantivy, fields, segmenter, path }) }
    }

    /// The index's folder; `None` for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.inner.path.as_deref()
    }

    /// The folders and files the index watches over, as absolute paths.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn roots(&self) -> Result<Vec<PathBuf>> {
        self.guarded(|| Ok(self.state()?.roots.into_iter().map(PathBuf::from).collect()))
    }

    /// Takes documents by value.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] while another writer is at work.
    pub fn writer(&self) -> Result<Writer> {
        self.guarded(|| Writer::new(self.clone()))
    }

    /// Adds roots and brings the whole index up to date, in one commit.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for a root that is not there (nothing is changed
    /// then), [`ErrorKind::Locked`], and I/O errors of the index itself. Files
    /// that cannot be read are no error: they are in the report.
    pub fn add_roots<P: AsRef<Path>>(&self, roots: &[P], options: &UpdateOptions) -> Result<Report> {
        let roots = roots.iter().map(|root| crawl::absolute_root(root.as_ref())).collect::<Result<Vec<_>>>()?;
        self.guarded(|| pipeline::update(self, &roots, options))
    }

    /// Brings the index up to date with its roots, in one commit.
    ///
    /// # Errors
    /// As [`Index::add_roots`].
    pub fn update(&self, options: &UpdateOptions) -> Result<Report> {
        self.guarded(|| pipeline::update(self, &[], options))
    }

    /// Takes a root, or a folder or file below one, out of the index. Returns how
    /// many documents were removed. A removed folder below a root comes back
    /// with the next update, unless it is gone.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the index has nothing there.
    pub fn remove_root(&self, root: impl AsRef<Path>) -> Result<u64> {
        self.guarded(|| pipeline::remove_root(self, root.as_ref()))
    }

    /// What is in the index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn status(&self) -> Result<Status> {
        self.guarded(|| status::status(self))
    }

    pub(crate) fn state(&self) -> Result<State> {
        let metas = self.inner.tantivy.load_metas().map_err(|e| self.error(e))?;
        State::parse(metas.payload.as_deref()).map_err(|e| self.at_path(e))
    }

    pub(crate) fn error(&self, error: tantivy::TantivyError) -> Error {
        tantivy_error(error, self.path())
    }

    pub(crate) fn at_path(&self, error: Error) -> Error {
        match self.path() {
            Some(path) => error.with_path(path),
            None => error,
        }
    }

    /// A tantivy writer; holds the index's lock.
    pub(crate) fn tantivy_writer(
        &self,
        threads: usize,
        memory_bytes: usize,
    ) -> Result<tantivy::IndexWriter<records::Record>> {
        let writer = self.inner.tantivy.writer_with_num_threads(threads, memory_bytes).map_err(|e| self.error(e))?;
        // A writer numbers its first operation as the last commit is numbered, and a
        // merge that begins before the next commit takes a deletion of that number
        // for applied: the document would stay. No operations at all use it up.
        writer.run(std::iter::empty::<UserOperation<records::Record>>()).map_err(|e| self.error(e))?;
        Ok(writer)
    }

    /// Ends a writer whose work is committed: waits for merges, and deletes the files
    /// that no commit needs any more. What is committed stays, whatever fails here;
    /// what is left over goes with the next update.
    pub(crate) fn close(&self, writer: tantivy::IndexWriter<records::Record>) {
        let _ = writer.wait_merging_threads();
        // tantivy deletes the files of merged segments behind the merge's end, and a
        // process that exits by then leaves them.
        let mut tantivy = self.inner.tantivy.clone();
        let Ok(_lock) = tantivy.directory().acquire_lock(&INDEX_WRITER_LOCK) else { return };
        let Some(living) = self.path().and_then(verify::living_files) else { return };
        let mut living: HashSet<PathBuf> = living.into_iter().map(PathBuf::from).collect();
        living.insert(PathBuf::from(META_FILE));
        let _ = tantivy.directory_mut().garbage_collect(|| living);
    }

    pub(crate) fn commit(&self, writer: &mut tantivy::IndexWriter<records::Record>, state: &State) -> Result<()> {
        let mut prepared = writer.prepare_commit().map_err(|e| self.error(e))?;
        prepared.set_payload(&state.to_json());
        prepared.commit().map_err(|e| self.error(e))?;
        Ok(())
    }
}

fn refuse_file(path: &Path) -> Result<()> {
    if path.is_file() {
        return Err(Error::new(ErrorKind::NotAnIndex, "this is a file, expected an index folder")
            .with_path(path)
            .with_remedy("name a folder with --index"));
    }
    Ok(())
}

/// How often, and how long each time, to wait for another process's creation.
const CREATION_TRIES: u32 = 50;
const CREATION_WAIT: std::time::Duration = std::time::Duration::from_millis(20);

/// Whether an index can be created here: there is nothing, or no more than a
/// creation that was killed leaves.
fn is_vacant(path: &Path) -> bool {
    let Ok(entries) = path.read_dir() else { return !path.exists() };
    entries.flatten().all(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name == directory::MANAGED_FILE || directory::is_bookkeeping(name))
    })
}

/// Whether this error may be that somebody else is creating the index, or just has:
/// what was a folder of nothing is one of half an index, and then an index.
fn may_be_in_creation(path: &Path, error: ErrorKind) -> bool {
    match error {
        ErrorKind::Locked => true,
        // A folder that is none of ours has no such lock.
        ErrorKind::InvalidArgument | ErrorKind::NotAnIndex => path.join(&INDEX_WRITER_LOCK.filepath).exists(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by killing updates: a file that was gone stayed in the index, because
    /// its deletion, the first operation of its writer, had the number of the last
    /// commit.
    #[test]
    fn no_operation_has_the_number_of_the_last_commit() {
        let index = Index::in_ram().expect("in memory");
        for _ in 0..3 {
            let mut writer = index.tantivy_writer(1, budget::MIN_MEMORY_BYTES).expect("a writer");
            let last = index.inner.tantivy.load_metas().expect("a commit").opstamp;
            let first = writer.delete_term(tantivy::Term::from_field_text(index.inner.fields.key, "f:gone"));
            assert!(first > last, "{first} after commit {last}");
            let state = index.state().expect("a state");
            index.commit(&mut writer, &state).expect("commit");
        }
    }
}
