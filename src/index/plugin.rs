//! [`crate::postings`] as a part of tantivy's segments: one file more in each,
//! written, merged and deleted with the rest.

use std::any::Any;
use std::io::Write as _;
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
use crate::postings::{self, Builder, Postings, Source};

use super::records::Record;
use super::schema::{self, Fields};

/// What the file's name ends with.
pub(crate) const EXTENSION: &str = "gongwen";

/// Writes the postings of segments.
pub(crate) struct PostingsPlugin {
    segmenter: Segmenter,
    fields: Fields,
}

impl PostingsPlugin {
    pub(crate) fn shared(segmenter: Segmenter) -> Arc<dyn SegmentPlugin> {
        Arc::new(PostingsPlugin { segmenter, fields: schema::schema().1 })
    }
}

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.to_owned())
}

/// The postings of a segment.
pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Postings> {
    let file = segment.open_read(component())?;
    Postings::open(file.read_bytes()?).map_err(damaged)
}

/// What is read of a file is not what was written.
pub(crate) fn damaged(_: postings::Damaged) -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(
        "the postings of a segment cannot be read".to_owned(),
    ))
}

fn write(segment: &Segment, parts: Vec<Vec<u8>>) -> tantivy::Result<()> {
    let mut file = segment.clone().open_write(component())?;
    // Each goes when it is written.
    for part in parts {
        file.write_all(&part)?;
    }
    file.terminate()?;
    Ok(())
}

impl SegmentPlugin for PostingsPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(PostingsWriter { builder: Builder::new(self.segmenter.clone()), fields: self.fields }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        // Without a sort order there is no other; `postings::merge` relies on it.
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        let opened = context.readers.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
        let alive: Vec<_> =
            context.readers.iter().map(|reader| move |record: u32| !reader.is_deleted(record)).collect();
        let sources: Vec<Source<'_>> =
            opened.iter().zip(&alive).map(|(postings, is_alive)| Source { postings, is_alive }).collect();
        write(context.target_segment, postings::merge(&sources).map_err(damaged)?)
    }
}

struct PostingsWriter {
    builder: Builder,
    fields: Fields,
}

impl PluginWriter for PostingsWriter {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let record = document.as_any().downcast_ref::<Record>().ok_or_else(|| {
            TantivyError::InvalidArgument("expected a record of this crate, got another document".to_owned())
        })?;
        record.add_to(&mut self.builder, &self.fields);
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("the records of a segment cannot be reordered".to_owned()));
        }
        write(segment, self.builder.finish())
    }

    fn mem_usage(&self) -> usize {
        self.builder.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
