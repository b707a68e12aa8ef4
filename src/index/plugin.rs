//! [`crate::postings`], [`crate::texts`] and [`crate::heads`] as parts of tantivy's
//! segments: three files more in each, written, merged and deleted with the rest.

use std::any::Any;
use std::io::{self, Write};
use std::sync::Arc;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileSlice, TerminatingWrite as _};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::schema::Schema;
use tantivy::schema::document::ErasedDocument;
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, SegmentReader, TantivyError,
};

use crate::analysis::Segmenter;
use crate::heads::{self, Heads};
use crate::postings::{self, Postings};
use crate::texts::{self, Texts};
use crate::workers::segment_threads;

use super::records::Record;

/// What the names of the files end with.
const POSTINGS: &str = "gongwen";
const TEXTS: &str = "texts";
const HEADS: &str = "heads";

/// Records that are merged by several threads; fewer are done before those have begun.
const SHARED_FROM: u32 = if cfg!(test) { 8 } else { 20_000 };

/// Writes the postings, texts and heads of segments.
pub(crate) struct Plugin {
    segmenter: Segmenter,
}

impl Plugin {
    pub(crate) fn shared(segmenter: Segmenter) -> Arc<dyn SegmentPlugin> {
        Arc::new(Plugin { segmenter })
    }
}

fn component(extension: &str) -> SegmentComponent {
    SegmentComponent::Custom(extension.to_owned())
}

/// The files of a segment that hold what is searched and shown.
pub(crate) struct Opened {
    pub postings: Postings,
    pub texts: Texts,
    pub heads: Heads,
}

/// Opens those files.
pub(crate) fn open(segment: &Segment) -> tantivy::Result<Opened> {
    open_files(|part| segment.open_read(part), segment.meta().max_doc())
}

fn open_files(
    open: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
    records: u32,
) -> tantivy::Result<Opened> {
    let read = |extension: &str| tantivy::Result::Ok(open(component(extension))?.read_bytes()?);
    let opened = Opened {
        postings: Postings::open(read(POSTINGS)?).map_err(damaged)?,
        texts: Texts::open(read(TEXTS)?).map_err(damaged_texts)?,
        heads: Heads::open(read(HEADS)?).map_err(damaged_heads)?,
    };
    if opened.postings.records() != records {
        return Err(damaged(postings::Damaged));
    }
    if opened.texts.records() != records {
        return Err(damaged_texts(texts::Damaged));
    }
    Ok(opened)
}

/// The texts and heads of a segment, whatever its other files are like.
pub(crate) fn open_stored(segment: &Segment) -> tantivy::Result<(Texts, Heads)> {
    let texts = Texts::open(segment.open_read(component(TEXTS))?.read_bytes()?).map_err(damaged_texts)?;
    let heads = Heads::open(segment.open_read(component(HEADS))?.read_bytes()?).map_err(damaged_heads)?;
    Ok((texts, heads))
}

/// What is read of a file is not what was written.
pub(crate) fn damaged(_: postings::Damaged) -> TantivyError {
    corruption("the postings of a segment cannot be read")
}

/// As [`damaged`], of the texts.
pub(crate) fn damaged_texts(_: texts::Damaged) -> TantivyError {
    corruption("the texts of a segment cannot be read")
}

/// As [`damaged`], of what documents are beside their sections.
pub(crate) fn damaged_heads(_: heads::Damaged) -> TantivyError {
    corruption("the documents of a segment cannot be read")
}

/// A file of the index is not what was written.
pub(crate) fn corruption(what: &str) -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(what.to_owned()))
}

/// Writes a file of a segment.
fn write(
    segment: &Segment,
    extension: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> tantivy::Result<()> {
    let mut file = segment.clone().open_write(component(extension))?;
    fill(&mut file).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => corruption(&error.to_string()),
        _ => error.into(),
    })?;
    file.terminate()?;
    Ok(())
}

impl SegmentPlugin for Plugin {
    fn extensions(&self) -> &[&str] {
        &[POSTINGS, TEXTS, HEADS]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        let postings = postings::Builder::new(self.segmenter.clone());
        Ok(Box::new(Writer { postings, texts: texts::Builder::default(), heads: heads::Builder::default() }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        // Without a sort order there is no other; all merges rely on it.
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        let open = |reader: &SegmentReader| open_files(|part| reader.open_read(part), reader.max_doc());
        let opened = context.readers.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
        let alive: Vec<_> =
            context.readers.iter().map(|reader| move |record: u32| !reader.is_deleted(record)).collect();
        let merge_stored = || -> tantivy::Result<()> {
            let sources: Vec<_> = opened
                .iter()
                .zip(&alive)
                .map(|(opened, is_alive)| texts::Source { texts: &opened.texts, is_alive })
                .collect();
            write(context.target_segment, TEXTS, |file| texts::merge(&sources, file))?;
            let sources: Vec<_> = opened
                .iter()
                .zip(&alive)
                .map(|(opened, is_alive)| heads::Source {
                    heads: &opened.heads,
                    records: opened.postings.records(),
                    is_alive,
                })
                .collect();
            write(context.target_segment, HEADS, |file| heads::merge(&sources, file))
        };
        let merge_postings = |threads| {
            let sources: Vec<_> = opened
                .iter()
                .zip(&alive)
                .map(|(opened, is_alive)| postings::Source { postings: &opened.postings, is_alive })
                .collect();
            write(context.target_segment, POSTINGS, |file| postings::merge(&sources, threads, file))
        };
        let records: u32 = opened.iter().map(|opened| opened.postings.records()).sum();
        if records < SHARED_FROM {
            merge_stored()?;
            return merge_postings(1);
        }
        std::thread::scope(|scope| {
            // Where the system gives no thread it is done here.
            let Ok(stored) = std::thread::Builder::new().spawn_scoped(scope, merge_stored) else {
                return merge_stored().and_then(|()| merge_postings(1));
            };
            let postings = merge_postings(segment_threads());
            stored.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(postings)
        })
    }
}

struct Writer {
    postings: postings::Builder,
    texts: texts::Builder,
    heads: heads::Builder,
}

impl PluginWriter for Writer {
    fn add_document(&mut self, record_id: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let record = document.as_any().downcast_ref::<Record>().ok_or_else(|| {
            TantivyError::InvalidArgument("expected a record of this crate, got another document".to_owned())
        })?;
        record.add_to_postings(&mut self.postings);
        record.add_to_texts(&mut self.texts);
        record.add_to_heads(record_id, &mut self.heads);
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        let Writer { postings, texts, heads } = *self;
        write(segment, TEXTS, |file| texts.finish(file))?;
        write(segment, HEADS, |file| heads.finish(file))?;
        write(segment, POSTINGS, |file| postings.finish(file))
    }

    fn mem_usage(&self) -> usize {
        self.postings.memory() + self.texts.memory() + self.heads.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
