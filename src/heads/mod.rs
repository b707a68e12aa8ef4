//! What a segment keeps of its documents beside their sections: what each is, what
//! `update` compares with its file, and the columns that filter, order and count.
//!
//! tantivy stores such things in blocks of compressed records and in columns over all
//! records. A search reads ten documents and one number of two hundred; it opened six
//! files of a segment for that. Here is one file, read in place, with a row a document.
//!
//! | module | |
//! |---|---|
//! | `format` | what a file is, and how it is written |
//! | `builder` | the documents of a segment → a file |
//! | `reader` | a file → what is asked of a document |
//! | `merge` | files → a file |
//!
//! Bytes in, bytes out: what the texts and numbers mean is `index/records.rs`'s
//! business, and files and segments are `index/plugin.rs`'s.

mod builder;
mod format;
mod merge;
mod reader;
#[cfg(test)]
mod tests;

pub(crate) use builder::Builder;
pub(crate) use merge::{Source, merge};
pub(crate) use reader::Heads;

/// What is read is not what was written: the file is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

pub(crate) type Result<T> = std::result::Result<T, Damaged>;

/// What is kept of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its document record.
    pub record: u32,
    pub manifest: Manifest,
    /// What it is called in the index.
    pub key: String,
    /// What is shown of it, and what is not: in a form that the caller knows.
    pub shown: Vec<u8>,
    pub hidden: Vec<u8>,
    /// Its values, by [`Column`]; at most one in each.
    pub values: [Option<String>; Column::COUNT],
    /// Its numbers, by [`Number`]; 0 for one that is not known.
    pub numbers: [u32; Number::COUNT],
}

/// What the index knows of the source of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    /// Of its content.
    pub hash: u64,
    /// One of the constants in `index/records.rs`.
    pub status: u64,
}

/// A column of texts: what many documents have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Agency,
    Kind,
    Level,
    Topic,
    Validity,
    Number,
}

impl Column {
    pub(crate) const COUNT: usize = 6;
}

/// A column of numbers: dates as 20240131.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// The date that a document is known by.
    Date,
    Written,
    Published,
    Effective,
}

impl Number {
    pub(crate) const COUNT: usize = 4;
}

/// Blocks of a file, in their order; see `format.rs`.
mod block {
    use super::{Column, Number};

    pub(super) const RECORDS: usize = 0;
    pub(super) const MANIFEST: usize = 1;
    pub(super) const NUMBERS: usize = 2;
    /// Two each: ends, then bytes.
    pub(super) const KEYS: usize = NUMBERS + Number::COUNT;
    pub(super) const SHOWN: usize = KEYS + 2;
    pub(super) const HIDDEN: usize = SHOWN + 2;
    /// Three each: what each document has, then ends and bytes of the values.
    pub(super) const COLUMNS: usize = HIDDEN + 2;
    pub(super) const COUNT: usize = COLUMNS + 3 * Column::COUNT;
}
