//! The passages of a section that show why it is a hit.
//!
//! Works on the stored text alone, in characters, with the same definition of an
//! occurrence as the index ([`crate::analysis::chars`]); tantivy's own snippets
//! count bytes and expect ascending offsets, so they are not used.

mod fragments;
mod sentences;

pub use fragments::{Fragment, SnippetOptions};
pub(crate) use fragments::{Mark, fragments};
