//! Text → tokens, and which spellings stand for one another. Knows nothing of
//! the index or of files.

pub mod numeral;
