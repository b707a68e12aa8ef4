//! What a government document is: its title, metadata and sections, as plain
//! data.
//!
//! This module knows no files, no formats and no index, and imports nothing of
//! the crate. [`crate::structure`] makes a [`Document`]; `index` stores it.

mod date;
mod genre;
mod metadata;
mod number;
pub(crate) mod numeral;
mod section;
pub(crate) mod title;
mod validity;

pub use date::Date;
pub use genre::{Genre, Level};
pub use metadata::{Evidence, Metadata, Origin};
pub use number::DocumentNumber;
pub(crate) use section::join_heading;
pub use section::{Citation, Item, Relation, Section};
pub use validity::Validity;

use serde::{Deserialize, Serialize};

/// One document: what a file, an archive member or a value handed to the
/// library says, cut into its own sections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The full title on one line, status suffix included:
    /// `鹭汀区政府投资项目管理实施细则（试行）`. Empty when there is none.
    pub title: String,
    /// What the document says of itself.
    pub metadata: Metadata,
    /// The sections in reading order. `sections[0]` is always the *front*
    /// (level 0): title lines, header table and whatever stands before the first
    /// heading; it may be empty. Every line of the extracted text that is no
    /// table of contents, page number or footer is in exactly one section.
    pub sections: Vec<Section>,
    /// What the document cites, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}
