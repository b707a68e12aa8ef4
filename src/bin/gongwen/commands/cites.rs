//! `gongwen cites` and `gongwen cited-by`.

use std::io::Write as _;

use gongwen::Catalog;
use gongwen::catalog::CatalogDocument;

use super::Outcome;
use crate::args::{CitedBy, Cites, Global};
use crate::exit_code::Exit;
use crate::output::catalog;
use crate::output::paths::Paths;

pub fn cites(global: &Global, args: &Cites) -> Outcome {
    let all = super::open(global)?.catalog()?;
    let document = one(&all, &args.document)?;
    let cited = all.cites(&document.key);
    let mut out = std::io::stdout().lock();
    if args.json {
        catalog::cites_json(document, &cited, &Paths::of_cwd(), &mut out)?;
    } else {
        catalog::cites(document, &cited, &Paths::of_cwd(), &mut out)?;
    }
    out.flush()?;
    Ok(if cited.is_empty() { Exit::Nothing } else { Exit::Found })
}

pub fn cited_by(global: &Global, args: &CitedBy) -> Outcome {
    let all = super::open(global)?.catalog()?;
    let document = one(&all, &args.document)?;
    // A name means the regulation: its older versions are cited too.
    let is_name = std::fs::metadata(&args.document).is_err() && !document.key.ends_with(&args.document);
    let versions = if is_name { all.find(&args.document) } else { vec![document] };
    let citing: Vec<_> = versions.iter().flat_map(|version| all.cited_by(&version.key)).collect();
    let mut out = std::io::stdout().lock();
    if args.json {
        catalog::cited_by_json(document, &citing, &Paths::of_cwd(), &mut out)?;
    } else {
        catalog::cited_by(document, &citing, &Paths::of_cwd(), &mut out)?;
    }
    out.flush()?;
    Ok(if citing.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// The document meant: of versions that share a title the newest; of documents
/// whose paths end alike none.
pub fn one<'a>(all: &'a Catalog, name: &str) -> Result<&'a CatalogDocument, Box<dyn std::error::Error>> {
    let absolute = std::fs::canonicalize(name).ok();
    let by_path = absolute.as_ref().and_then(|path| path.to_str()).map(|path| all.find(path)).unwrap_or_default();
    let found = if by_path.is_empty() { all.find(name) } else { by_path };
    let ends_so = found.iter().filter(|document| document.key.ends_with(name)).count();
    if ends_so > 1 {
        let names: Vec<&str> = found.iter().map(|document| document.key.as_str()).collect();
        return Err(format!("{name}: several documents end so, name one:\n  {}", names.join("\n  ")).into());
    }
    let missing = || format!("{name}: the index has no such document; name a file, a document number or a whole title");
    found.first().copied().ok_or_else(|| missing().into())
}
