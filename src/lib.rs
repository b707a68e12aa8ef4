pub mod analysis;
pub mod document;
mod error;
mod index;
pub mod extract;
pub mod structure;

pub use error::{Error, ErrorKind, Result};
pub use index::{Event, Failure, Index, Report, Status, UpdateOptions, Writer};
