pub mod analysis;
pub mod document;
mod error;
pub mod extract;
mod index;
pub mod query;
mod search;
mod snippet;
pub mod structure;

pub use analysis::{Dictionary, Synonyms};
pub use document::Document;
pub use error::{Error, ErrorKind, Result};
pub use index::{Event, Failure, Index, Report, Status, UpdateOptions, Writer};
pub use query::Query;
pub use search::{
    Counts, DocumentInfo, Group, Hit, Mode, Results, ScoreParts, SearchOptions, Searcher, SectionInfo, Tier,
};
pub use snippet::{Fragment, SnippetOptions};
