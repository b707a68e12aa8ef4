//! What was asked: the query language as data.
//!
//! [`Query::parse`] reads what a person typed into a tree of keywords, operators
//! and field conditions; [`Filter`] holds the conditions that a program sets
//! beside it. Nothing here knows the index: how a tree is answered is `search`'s
//! work.
//!
//! # The language
//!
//! | typed | means |
//! |---|---|
//! | `氢能 产业园` | both |
//! | `"行政的要求"` `“…”` | exactly this after folding, no variants |
//! | `raw:"ＡＢＣ"` | exactly these characters, nothing folded |
//! | `word:"(甲"` | a word with its variants, of which nothing is syntax |
//! | `-词` `NOT 词` | not this |
//! | `预案 OR 演练`, `预案\|演练` | one of the two; binds tighter than the space |
//! | `(…)` `（…）` | grouping |
//! | `安全 NEAR/10 罚款` | at most ten characters apart; binds tighter than OR |
//! | `200*` | Latin letters or digits that begin so |
//! | `标题:数据` `title:数据` | a condition on a [`Field`] |
//!
//! Operators, quotes, brackets and colons may be full-width. Whatever cannot be
//! syntax is text: quotes and brackets without a partner or in the middle of a
//! word (国发〔2019〕5号, 办法（试行）, （2022）15号), brackets around a single word,
//! an operator without operands, an unknown name before a colon, a query that
//! only excludes. Words of punctuation alone are left out.
//!
//! An error is left for what is unmistakably syntax and cannot be read, such as
//! `日期:abc` or `NEAR/x`, for a query with nothing to search for, and for the
//! limits below.

mod ast;
#[doc(hidden)]
pub mod eval;
mod fields;
mod filter;
mod number;
mod reference;
mod syntax;

#[cfg(test)]
mod tests;

pub use ast::{Keyword, KeywordStyle, Near, Node, Span};
pub use fields::{Article, DateRange, Field, FieldFilter, FieldValue, validity_from_name};
pub use filter::{DocumentView, Filter, SectionView, main_date};
pub use number::NumberPattern;
pub use reference::Goto;
pub use syntax::SyntaxError;

use std::fmt;

use crate::{Error, ErrorKind, Result};

/// The longest query, in bytes of UTF-8: 2,700 Chinese characters. The time of an
/// answer grows with it.
pub const MAX_QUERY_BYTES: usize = 8 * 1024;
/// The most keywords and field conditions in one query. A prefix, which stands for
/// all that begin so, counts for [`PREFIX_TERMS`], a NEAR for [`NEAR_TERMS`] more.
pub const MAX_TERMS: usize = 256;
/// What a prefix counts for.
pub const PREFIX_TERMS: usize = 16;
/// What a NEAR counts for beside its keywords.
pub const NEAR_TERMS: usize = 32;
/// How deep parentheses may nest.
pub const MAX_DEPTH: usize = 50;
/// The largest distance that NEAR takes, in characters.
pub const MAX_NEAR_CHARS: u32 = 10_000;

/// A query as it was read.
///
/// ```
/// use gongwen::query::{Node, Query};
///
/// let query = Query::parse("应急 （预案 ｜ 演练） NOT 公司")?;
/// assert_eq!(query.to_string(), "应急 (预案 OR 演练) -公司");
/// assert!(matches!(query.root(), Node::And(all) if all.len() == 3));
/// # Ok::<(), gongwen::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    source: String,
    root: Node,
    /// Read as words only, because it would else exclude and ask for nothing.
    is_words_only: bool,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] when there is nothing to search for, or when syntax
    /// cannot be read; the error's source is then a [`SyntaxError`], which knows
    /// the place. [`ErrorKind::LimitExceeded`] above [`MAX_QUERY_BYTES`],
    /// [`MAX_TERMS`] or [`MAX_DEPTH`].
    pub fn parse(source: &str) -> Result<Self> {
        if source.len() > MAX_QUERY_BYTES {
            let message = format!("the query has {} bytes, at most {MAX_QUERY_BYTES} are read", source.len());
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        if let Some(root) = syntax::parse(source)?.filter(Node::is_positive) {
            return Ok(Query { source: source.to_owned(), root, is_words_only: false });
        }
        // An exclusion from nothing is no exclusion.
        let root = syntax::parse_words(source)?.ok_or_else(nothing_to_search)?;
        Ok(Query { source: source.to_owned(), root, is_words_only: true })
    }

    /// The query for exactly this text after folding, whatever characters it has.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] for white space only, [`ErrorKind::LimitExceeded`]
    /// above [`MAX_QUERY_BYTES`].
    pub fn literal(text: &str) -> Result<Self> {
        if text.len() > MAX_QUERY_BYTES {
            let message = format!("the text has {} bytes, at most {MAX_QUERY_BYTES} can be searched for", text.len());
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        if text.trim().is_empty() {
            return Err(nothing_to_search());
        }
        let span = Span::new(0, text.len());
        let keyword = Keyword { text: text.to_owned(), span, style: KeywordStyle::Phrase };
        Ok(Query { source: text.to_owned(), root: Node::Keyword(keyword), is_words_only: false })
    }

    /// The same query with another tree.
    pub(crate) fn with_root(&self, root: Node) -> Query {
        Query { source: self.source.clone(), root, is_words_only: self.is_words_only }
    }

    /// Whether both ask for the same, wherever its parts stand.
    pub(crate) fn is_same(&self, other: &Query) -> bool {
        self.root.without_places() == other.root.without_places()
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The keywords that a hit should hold, in reading order, without those that
    /// are excluded.
    pub fn keywords(&self) -> Vec<&Keyword> {
        self.root.keywords()
    }

    /// The article or document that the query names, when it is nothing but a
    /// reference: `民法典第五百七十七条`, `国发〔2019〕5号`.
    pub fn goto(&self) -> Option<Goto> {
        reference::parse(&self.source)
    }
}

fn nothing_to_search() -> Error {
    Error::new(ErrorKind::Query, "the query has nothing to search for: expected a word or a number, found none")
        .with_remedy("to search for punctuation itself, put it between quotation marks")
}

/// Writes the query as it was understood; reading that gives the same tree, if it is
/// within the limits of a query.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_words_only {
            let words: Vec<&str> = self.root.keywords().into_iter().map(|keyword| keyword.text.as_str()).collect();
            let bare = words.join(" ");
            if Query::parse(&bare).is_ok_and(|read| read.is_same(self)) {
                return f.write_str(&bare);
            }
        }
        self.root.fmt(f)
    }
}
