//! Citations and versions, for a reader and as JSON.

use std::io::{self, Write};

use gongwen::catalog::{CatalogDocument, Cited, Citing, Force, Regulation};
use gongwen::document::{Citation, Date, DocumentNumber};
use serde::Serialize;
use serde_json::json;

use super::paths::Paths;
use crate::sanitize;

/// A document in one line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    file: String,
    title: &'a str,
    number: Option<&'a DocumentNumber>,
    date: Option<Date>,
}

fn row<'a>(document: &'a CatalogDocument, paths: &Paths) -> Row<'a> {
    Row {
        file: paths.of(&document.key, document.path.as_deref()),
        title: &document.title,
        number: document.metadata.number.as_ref(),
        date: document.version_date(),
    }
}

/// What a document cites: first what the index has, then what it has not.
pub fn cites(document: &CatalogDocument, cited: &[Cited<'_>], paths: &Paths, out: &mut impl Write) -> io::Result<()> {
    heading(document, out)?;
    let mut is_missing = false;
    for cited in cited {
        if cited.document.is_none() && !is_missing {
            is_missing = true;
            writeln!(out, "不在索引中：")?;
        }
        let number = cited.number.map(|number| format!("（{number}）")).unwrap_or_default();
        let title = if cited.title.is_empty() { String::new() } else { format!("《{}》", cited.title) };
        let name = if title.is_empty() { number.trim_matches(['（', '）']).to_owned() } else { title + &number };
        writeln!(out, "  {}{}", sanitize::text(&name), places(&cited.places))?;
        if let Some(document) = cited.document {
            writeln!(out, "    → {}", sanitize::text(&paths.of(&document.key, document.path.as_deref())))?;
        }
    }
    Ok(())
}

/// As [`cites`].
pub fn cites_json(
    document: &CatalogDocument,
    cited: &[Cited<'_>],
    paths: &Paths,
    out: &mut impl Write,
) -> io::Result<()> {
    let list: Vec<_> = cited
        .iter()
        .map(|cited| {
            json!({
                "title": cited.title,
                "number": cited.number,
                "document": cited.document.map(|document| row(document, paths)),
                "places": cited.places,
            })
        })
        .collect();
    serde_json::to_writer(&mut *out, &json!({ "document": row(document, paths), "cites": list }))?;
    writeln!(out)
}

/// Who cites a document.
pub fn cited_by(
    document: &CatalogDocument,
    citing: &[Citing<'_>],
    paths: &Paths,
    out: &mut impl Write,
) -> io::Result<()> {
    heading(document, out)?;
    for citing in citing {
        writeln!(out, "  {}{}", sanitize::text(&citing.document.title), places(&citing.places))?;
        let path = paths.of(&citing.document.key, citing.document.path.as_deref());
        write!(out, "    {}", sanitize::text(&path))?;
        if citing.cited.key != document.key {
            let date = citing.cited.version_date().map(|date| date.to_string()).unwrap_or_default();
            write!(out, "（引用 {date} 版本）")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// As [`cited_by`].
pub fn cited_by_json(
    document: &CatalogDocument,
    citing: &[Citing<'_>],
    paths: &Paths,
    out: &mut impl Write,
) -> io::Result<()> {
    let list: Vec<_> = citing
        .iter()
        .map(|citing| {
            json!({
                "document": row(citing.document, paths),
                "cited": row(citing.cited, paths),
                "places": citing.places,
            })
        })
        .collect();
    serde_json::to_writer(&mut *out, &json!({ "document": row(document, paths), "cited_by": list }))?;
    writeln!(out)
}

fn heading(document: &CatalogDocument, out: &mut impl Write) -> io::Result<()> {
    let number = document.metadata.number.as_ref().map(|number| format!(" · {number}")).unwrap_or_default();
    let date = document.version_date().map(|date| format!(" · {date}")).unwrap_or_default();
    writeln!(out, "{}{number}{date}", sanitize::text(&document.title))
}

/// ` 依据 第五条、第六条 ×3`: what the citations do, the articles they name, how many they are.
fn places(places: &[&Citation]) -> String {
    let mut relations: Vec<&str> = Vec::new();
    let mut articles: Vec<&str> = Vec::new();
    for citation in places {
        let relation = citation.relation.name();
        if citation.relation != gongwen::document::Relation::Mentions && !relations.contains(&relation) {
            relations.push(relation);
        }
        if let Some(article) = citation.article.as_deref().filter(|article| !articles.contains(article)) {
            articles.push(article);
        }
    }
    let mut text = String::new();
    for part in [relations.join("、"), articles.join("；")] {
        if !part.is_empty() {
            text.push_str("  ");
            text.push_str(&sanitize::text(&part));
        }
    }
    if places.len() > 1 {
        text.push_str(&format!("  ×{}", places.len()));
    }
    text
}

/// The versions of each regulation, newest first, with their force.
pub fn versions<'a>(
    regulations: &[Regulation<'a>],
    force: impl Fn(&str) -> Option<Force<'a>>,
    paths: &Paths,
    out: &mut impl Write,
) -> io::Result<()> {
    for regulation in regulations {
        writeln!(out, "{}（{} 个版本）", sanitize::text(&regulation.name), regulation.versions.len())?;
        for document in &regulation.versions {
            let date = document.version_date().map_or("----------".to_owned(), |date| date.to_string());
            let path = paths.of(&document.key, document.path.as_deref());
            let force = force(&document.key);
            let validity = force.as_ref().map_or("", |force| force.validity.name());
            writeln!(out, "  {date}  {validity}  {}  {}", sanitize::text(&document.title), sanitize::text(&path))?;
            if let Some(force) = force.filter(|force| force.inferred && force.by.is_some()) {
                let by = force.by.map_or("", |by| by.title.as_str());
                writeln!(out, "      据《{}》：{}", sanitize::text(by), sanitize::text(&force.evidence))?;
            }
        }
    }
    Ok(())
}

/// As [`versions`].
pub fn versions_json<'a>(
    regulations: &[Regulation<'a>],
    force: impl Fn(&str) -> Option<Force<'a>>,
    paths: &Paths,
    out: &mut impl Write,
) -> io::Result<()> {
    let list: Vec<_> = regulations
        .iter()
        .map(|regulation| {
            let versions: Vec<_> = regulation
                .versions
                .iter()
                .map(|document| {
                    let force = force(&document.key).map(|force| force_json(&force, paths));
                    json!({ "document": row(document, paths), "status": document.metadata.status, "force": force })
                })
                .collect();
            json!({ "name": regulation.name, "versions": versions })
        })
        .collect();
    serde_json::to_writer(&mut *out, &list)?;
    writeln!(out)
}

/// What another document of the index does to one.
pub fn force(force: &Force<'_>, out: &mut impl Write) -> io::Result<()> {
    let by = force.by.map_or("", |by| by.title.as_str());
    let (by, evidence) = (sanitize::text(by), sanitize::text(&force.evidence));
    writeln!(out, "{}（推断，据《{by}》：{evidence}）", force.validity.name())
}

/// Whether a document is in force, and why.
pub fn force_json(force: &Force<'_>, paths: &Paths) -> serde_json::Value {
    json!({
        "validity": force.validity,
        "inferred": force.inferred,
        "evidence": force.evidence,
        "source": force.origin,
        "confidence": (f64::from(force.confidence) * 100.0).round() / 100.0,
        "by": force.by.map(|by| row(by, paths)),
    })
}
