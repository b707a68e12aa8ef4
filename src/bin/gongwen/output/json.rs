//! JSON for programs. The wire types stand here, apart from the library's own.

use std::io::{self, Write};

use gongwen::document::Metadata;
use gongwen::{Counts, Fragment, Hit, Query, Results, SectionInfo};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
}

#[derive(Serialize)]
struct Object<'a> {
    query: &'a str,
    counts: Counts,
    seconds: f64,
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

fn row<'a>(hit: &'a Hit, paths: &Paths) -> Row<'a> {
    Row {
        file: paths.shown(&hit.document),
        title: &hit.document.title,
        place: hit.section.full_path().join(super::PATH_SEPARATOR),
        section: &hit.section,
        tier: hit.tier.name(),
        score: hit.score,
        fragments: &hit.fragments,
        metadata: None,
    }
}

/// One object a line.
pub fn lines(results: &Results, paths: &Paths, out: &mut impl Write) -> io::Result<()> {
    for hit in &results.hits {
        let row = Row { metadata: Some(&hit.document.metadata), ..row(hit, paths) };
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One object: documents with their sections, or with `flat` the sections.
pub fn object(query: &Query, results: &Results, paths: &Paths, flat: bool, out: &mut impl Write) -> io::Result<()> {
    let groups = results.groups();
    let documents = groups.iter().map(|group| Document {
        file: paths.shown(&group.document),
        title: &group.document.title,
        metadata: &group.document.metadata,
        matches: group.hits.first().map_or(0, |hit| hit.siblings),
        sections: group.hits.iter().map(|hit| row(hit, paths)).collect(),
    });
    let object = Object {
        query: query.source(),
        counts: results.counts,
        seconds: results.seconds,
        hits: flat.then(|| results.hits.iter().map(|hit| row(hit, paths)).collect()),
        documents: (!flat).then(|| documents.collect()),
    };
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}
