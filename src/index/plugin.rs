//! [`crate::postings`] and [`crate::texts`] as parts of tantivy's segments: two
//! files more in each, written, merged and deleted with the rest.

use std::any::Any;
use std::io::{self, Write};
use std::sync::Arc;

use tantivy::directory::TerminatingWrite as _;
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::schema::Schema;
use tantivy::schema::document::ErasedDocument;
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, SegmentReader, TantivyError,
};

use crate::analysis::Segmenter;
use crate::postings::{self, Postings};
use crate::texts::{self, Texts};

use super::records::Record;

/// What the names of the files end with.
const POSTINGS: &str = "gongwen";
const TEXTS: &str = "texts";

/// Writes the postings and texts of segments.
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

/// What a searcher reads of a segment beside tantivy's own files.
pub(crate) struct Opened {
    pub postings: Postings,
    pub texts: Texts,
}

/// Opens the files of a segment.
pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Opened> {
    let postings = segment.open_read(component(POSTINGS))?.read_bytes()?;
    let texts = segment.open_read(component(TEXTS))?.read_bytes()?;
    let opened = Opened {
        postings: Postings::open(postings).map_err(damaged)?,
        texts: Texts::open(texts).map_err(damaged_texts)?,
    };
    if opened.postings.records() != segment.max_doc() {
        return Err(damaged(postings::Damaged));
    }
    if opened.texts.records() != segment.max_doc() {
        return Err(damaged_texts(texts::Damaged));
    }
    Ok(opened)
}

/// The texts of a segment, whatever its other files are like.
pub(crate) fn open_texts(segment: &Segment) -> tantivy::Result<Texts> {
    Texts::open(segment.open_read(component(TEXTS))?.read_bytes()?).map_err(damaged_texts)
}

/// What is read of a file is not what was written.
pub(crate) fn damaged(_: postings::Damaged) -> TantivyError {
    corruption("the postings of a segment cannot be read")
}

/// As [`damaged`], of the texts.
pub(crate) fn damaged_texts(_: texts::Damaged) -> TantivyError {
    corruption("the texts of a segment cannot be read")
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
        &[POSTINGS, TEXTS]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        let postings = postings::Builder::new(self.segmenter.clone());
        Ok(Box::new(Writer { postings, texts: texts::Builder::default() }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        // Without a sort order there is no other; both merges rely on it.
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        let opened = context.readers.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
        let alive: Vec<_> =
            context.readers.iter().map(|reader| move |record: u32| !reader.is_deleted(record)).collect();
        let sources: Vec<_> = opened
            .iter()
            .zip(&alive)
            .map(|(opened, is_alive)| texts::Source { texts: &opened.texts, is_alive })
            .collect();
        write(context.target_segment, TEXTS, |file| texts::merge(&sources, file))?;
        let sources: Vec<_> = opened
            .iter()
            .zip(&alive)
            .map(|(opened, is_alive)| postings::Source { postings: &opened.postings, is_alive })
            .collect();
        write(context.target_segment, POSTINGS, |file| postings::merge(&sources, file))
    }
}

struct Writer {
    postings: postings::Builder,
    texts: texts::Builder,
}

impl PluginWriter for Writer {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let record = document.as_any().downcast_ref::<Record>().ok_or_else(|| {
            TantivyError::InvalidArgument("expected a record of this crate, got another document".to_owned())
        })?;
        record.add_to_postings(&mut self.postings);
        record.add_to_texts(&mut self.texts);
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        let Writer { postings, texts } = *self;
        write(segment, TEXTS, |file| texts.finish(file))?;
        write(segment, POSTINGS, |file| postings.finish(file))
    }

    fn mem_usage(&self) -> usize {
        self.postings.memory() + self.texts.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
