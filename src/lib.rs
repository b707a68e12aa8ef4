pub mod analysis;
pub mod document;
mod error;
pub mod extract;
pub mod query;
pub mod structure;

pub use error::{Error, ErrorKind, Result};
