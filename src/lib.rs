//! Full-text search of Chinese government documents: notices, plans, reports,
//! regulations, laws.
//!
//! A document is split into its own sections (一、 / （一） / 第三章 / 第十二条),
//! and a query is answered with the sections that match, highlighted, each with
//! its place in the document. What a literal search would find is always found,
//! whatever the words were cut into.
//!
//! ```
//! use gongwen::{Index, Query, SearchOptions};
//!
//! let index = Index::in_ram()?; // or Index::open_or_create("folder")?
//! let mut writer = index.writer()?;
//! writer.put_text("供水办法", "某市供水管理办法\n第一条 为了加强供水管理，制定本办法。\n第二条 用水单位应当节约用水。")?;
//! writer.commit()?;
//!
//! let results = index.searcher()?.search(&Query::parse("节约用水")?, &SearchOptions::new())?;
//! let hit = &results.hits[0];
//! assert_eq!(hit.document.title, "某市供水管理办法");
//! assert_eq!(hit.section.label, "第二条");
//! assert_eq!(hit.fragments[0].highlights, [(10, 14)]);
//! # Ok::<(), gongwen::Error>(())
//! ```
//!
//! # Words
//!
//! | word | meaning here |
//! |---|---|
//! | document | one file, or one value handed to [`Writer::put`] |
//! | section | a numbered part of a document with its own text: the unit that is found |
//! | outline | the tree of a document's sections; a section's *path* is its ancestors' headings |
//! | metadata | 标题 发文机关 发文字号 索引号 主题分类 文种, dates, 有效性 |
//! | tier | how a section satisfies a query: [`Tier`] |
//! | fragment | a passage of a section with what was found marked |
//! | catalog | the documents of an index beside each other: citations, versions, force |
//! | root | a folder or file that the index watches over |
//! | variant | another spelling of a keyword that counts as it: 2000元, 两千元 |
//! | catalog | which documents cite, repeal and replace one another: [`Catalog`] |
//!
//! # The way of the data
//!
//! Indexing: folders → [`extract`] (paragraphs) → [`structure`] (outline and
//! metadata) → [`Index`]. Searching: text → [`query`] → [`Searcher`] →
//! [`Results`]. The library never prints and never exits; long work reports
//! through [`Event`]s, and errors are values of one type, [`Error`].
//!
//! # Features
//!
//! `cli` (the program) and `formats` (readers that need a library: `office`, `pdf`,
//! `ofd`, `archive`, `mail`, `html`) are on by default; without them plain text,
//! Markdown, RTF, JSON and CSV are read.

#![forbid(unsafe_code)]

pub mod analysis;
pub mod catalog;
pub mod document;
mod error;
pub mod extract;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod heads;
mod index;
mod numbers;
mod postings;
pub mod query;
mod search;
mod snippet;
pub mod structure;
mod texts;
mod workers;

pub use analysis::{Dictionary, Synonyms};
pub use catalog::Catalog;
pub use document::Document;
pub use error::{Error, ErrorKind, Result};
pub use index::{
    Event, Failure, Index, Optimized, PartSize, Problem, RebuildOptions, Rebuilt, Report, Status, UpdateOptions,
    Verification, VerifyOptions, Writer,
};
pub use query::Query;
pub use search::{
    Advice, AdvisedKeyword, Completion, Counts, DocumentInfo, Explanation, Facet, FacetCount, FacetField, Group, Hit,
    KeywordExplanation, KeywordVerdict, MatchedVariant, Mode, RelaxedQuery, Results, ScoreParts, SearchOptions,
    Searcher, SectionInfo, Sort, Tier, VariantExplanation, WhyNot,
};
pub use snippet::{Fragment, SnippetOptions};

/// The README's example is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
