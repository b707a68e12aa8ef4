//! The stored sections of one segment: what is shown, and looked at again to rank.
//!
//! A search reads some two hundred sections from all over a segment, a line or a
//! paragraph each. A store of compressed blocks unpacks a hundred neighbours for
//! each of them. Here every section is coded by itself, its text as one or two bytes
//! a word: tagged codes for words (de Moura, Navarro, Ziviani and Baeza-Yates, 2000,
//! “Fast and flexible word searching on compressed text”), from a list that comes
//! with the program, so that a section is the same bytes in every segment and a
//! merge copies them.
//!
//! | module | |
//! |---|---|
//! | `codes` | text ↔ bytes |
//! | `section` | a section ↔ bytes |
//! | `builder` | the sections of a segment → a file |
//! | `reader` | a file → its sections, one by one |
//! | `merge` | files → a file |
//!
//! Bytes in, bytes out: files, segments and tantivy are `index/plugin.rs`'s business.

mod builder;
mod codes;
mod merge;
mod reader;
mod section;
#[cfg(test)]
mod tests;

pub(crate) use builder::Builder;
pub(crate) use merge::{Source, merge};
pub(crate) use reader::Texts;
pub(crate) use section::Glance;

use crate::numbers::{self, push as push_number};

/// What is read is no section: the file is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

type Result<T> = std::result::Result<T, Damaged>;

fn take_number(bytes: &mut &[u8]) -> Result<u64> {
    numbers::take(bytes).ok_or(Damaged)
}

/// Takes a number that counts bytes or characters.
fn take_length(bytes: &mut &[u8]) -> Result<usize> {
    usize::try_from(take_number(bytes)?).map_err(|_| Damaged)
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(Damaged)?;
    *bytes = rest;
    Ok(taken)
}
