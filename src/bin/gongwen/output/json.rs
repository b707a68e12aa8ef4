//! JSON for programs. The wire types stand here, apart from the library's own.

use std::io::{self, Write};

use gongwen::document::Metadata;
use gongwen::{Advice, Counts, Explanation, Facet, Fragment, Hit, MatchedVariant, Query, Results, SectionInfo};
use serde::Serialize;

use super::paths::Paths;

#[derive(Serialize)]
struct Row<'a> {
    file: String,
    title: &'a str,
    section: &'a SectionInfo,
    /// The whole way to the section as one string.
    place: String,
    tier: &'static str,
    score: f32,
    fragments: &'a [Fragment],
    /// Other spellings by which it matches.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    variants: &'a [MatchedVariant],
    /// The query names this very article or document.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    named: bool,
    /// Sections further down that say nearly the same.
    duplicates: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Parts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
}

/// What a score is made of.
#[derive(Serialize)]
struct Parts {
    words: f32,
    bigrams: f32,
    trigrams: f32,
    unigrams: f32,
    literal: f32,
    nearness: f32,
    place: f32,
    path: f32,
    article: f32,
    authority: f32,
    length: f32,
    out_of_force: f32,
}

/// What stands beside the hits.
#[derive(Default)]
pub struct Extra<'a> {
    /// How the query was understood, and each hit's score.
    pub explanation: Option<&'a Explanation>,
    /// What to try instead, when nothing satisfies the query.
    pub advice: Option<&'a Advice>,
}

#[derive(Serialize)]
struct Object<'a> {
    query: &'a str,
    counts: Counts,
    seconds: f64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    facets: &'a [Facet],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a Explanation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a Advice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<Vec<Row<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<Document<'a>>>,
}

#[derive(Serialize)]
struct Document<'a> {
    file: String,
    title: &'a str,
    metadata: &'a Metadata,
    matches: u64,
    sections: Vec<Row<'a>>,
}

fn row<'a>(hit: &'a Hit, paths: &Paths, explain: bool) -> Row<'a> {
    let parts = &hit.score_parts;
    Row {
        file: paths.shown(&hit.document),
        title: &hit.document.title,
        place: hit.section.full_path().join(super::PATH_SEPARATOR),
        section: &hit.section,
        tier: hit.tier.name(),
        score: hit.score,
        fragments: &hit.fragments,
        variants: &hit.variants,
        named: hit.is_named,
        duplicates: hit.duplicates,
        parts: explain.then_some(Parts {
            words: parts.words,
            bigrams: parts.bigrams,
            trigrams: parts.trigrams,
            unigrams: parts.unigrams,
            literal: parts.literal,
            nearness: parts.nearness,
            place: parts.place,
            path: parts.path,
            article: parts.article,
            authority: parts.authority,
            length: parts.length,
            out_of_force: parts.out_of_force,
        }),
        metadata: None,
    }
}

/// One object a line.
pub fn lines(results: &Results, paths: &Paths, explain: bool, out: &mut impl Write) -> io::Result<()> {
    for hit in &results.hits {
        let row = Row { metadata: Some(&hit.document.metadata), ..row(hit, paths, explain) };
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One object: documents with their sections, or with `flat` the sections.
pub fn object(
    query: &Query,
    results: &Results,
    paths: &Paths,
    flat: bool,
    extra: &Extra<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let explain = extra.explanation.is_some();
    let groups = results.groups();
    let documents = groups.iter().map(|group| Document {
        file: paths.shown(&group.document),
        title: &group.document.title,
        metadata: &group.document.metadata,
        matches: group.hits.first().map_or(0, |hit| hit.siblings),
        sections: group.hits.iter().map(|hit| row(hit, paths, explain)).collect(),
    });
    let object = Object {
        query: query.source(),
        counts: results.counts,
        seconds: results.seconds,
        facets: &results.facets,
        explanation: extra.explanation,
        advice: extra.advice,
        hits: flat.then(|| results.hits.iter().map(|hit| row(hit, paths, explain)).collect()),
        documents: (!flat).then(|| documents.collect()),
    };
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}
