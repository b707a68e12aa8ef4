//! Whether a document is in force, when the other documents are asked too.

use crate::document::title::{issued_titles, regulation_key};
use crate::document::{Citation, Date, Genre, Origin, Relation, Validity};

use super::{Catalog, CatalogDocument};

/// Whether a document is in force, and why.
#[derive(Clone, Debug)]
pub struct Force<'a> {
    /// The answer.
    pub validity: Validity,
    /// Whether it is concluded and not stated.
    pub inferred: bool,
    /// The words it rests on.
    pub evidence: String,
    /// Where these stand.
    pub origin: Origin,
    /// From 0 to 1.
    pub confidence: f32,
    /// The document that says so, if it is another one.
    pub by: Option<&'a CatalogDocument>,
}

impl Catalog {
    /// Whether the document of this key is in force on the day `today`. What the
    /// document states of itself stands; else what a later document of the catalog
    /// does to it; else what follows from its own dates.
    pub fn force(&self, key: &str, today: Option<Date>) -> Option<Force<'_>> {
        let at = self.position(key)?;
        let own = self.stated(at);
        if let Some(force) = own.as_ref().filter(|force| !force.inferred && !force.validity.is_in_force()) {
            return Some(force.clone());
        }
        self.repealed(at, today).or_else(|| self.superseded(at, today)).or_else(|| self.amended(at, today)).or(own)
    }

    fn stated(&self, at: usize) -> Option<Force<'_>> {
        let metadata = &self.documents[at].metadata;
        let validity = metadata.validity?;
        let source = metadata.source_of("validity");
        Some(Force {
            validity,
            inferred: source.is_some_and(|source| source.inferred),
            evidence: source.map(|source| source.original.clone()).unwrap_or_default(),
            origin: source.map_or(Origin::Text, |source| source.origin),
            confidence: source.map_or(0.5, |source| source.confidence),
            by: None,
        })
    }

    /// A later document that ends its force: `《甲办法》同时废止`.
    fn repealed(&self, at: usize, today: Option<Date>) -> Option<Force<'_>> {
        let day = self.documents[at].version_date();
        for (document, citation) in self.acts_on(at) {
            let is_later = document.version_date() >= day;
            if citation.relation == Relation::Repeals && is_later && self.applies(document, today) {
                // Only an article or annex of it: the rest stays in force.
                let validity = if citation.article.is_some() { Validity::Superseded } else { Validity::Repealed };
                return Some(Force {
                    validity,
                    inferred: true,
                    evidence: citation.sentence.clone().unwrap_or_default(),
                    origin: Origin::Index,
                    confidence: 0.85,
                    by: Some(document),
                });
            }
        }
        None
    }

    /// A newer version of the same regulation.
    fn superseded(&self, at: usize, today: Option<Date>) -> Option<Force<'_>> {
        let document = &self.documents[at];
        if !is_regulation(document) {
            return None;
        }
        let day = document.version_date()?;
        let list = self.by_regulation.get(&regulation_key(&document.title))?;
        let is_newer = |other: &&usize| {
            self.documents[**other].version_date().is_some_and(|date| date > day)
                && self.are_one_regulation(&[at, **other])
                && self.applies(&self.documents[**other], today)
        };
        let newer = list.iter().filter(is_newer).max_by_key(|other| self.documents[**other].version_date())?;
        let newer = &self.documents[*newer];
        let stated = newer.metadata.source_of("amended").filter(|source| source.origin != Origin::FileName);
        let evidence = stated.map(|source| source.original.clone()).unwrap_or_else(|| {
            let date = newer.version_date().map(|date| date.to_string()).unwrap_or_default();
            format!("{} {date}", newer.title)
        });
        Some(Force {
            validity: Validity::Superseded,
            inferred: true,
            evidence,
            origin: Origin::Index,
            confidence: 0.75,
            by: Some(newer),
        })
    }

    /// A later decision that changes its text. A month of grace: the amended text is
    /// often dated a few days before or after the decision.
    fn amended(&self, at: usize, today: Option<Date>) -> Option<Force<'_>> {
        let grace = self.documents[at].version_date()?.plus_months(1)?;
        for (document, citation) in self.acts_on(at) {
            let is_decision = matches!(document.metadata.kind, Some(Genre::Decision | Genre::Amendment));
            let is_later = document.version_date().is_some_and(|date| date > grace);
            if citation.relation == Relation::Amends && is_decision && is_later && self.applies(document, today) {
                return Some(Force {
                    validity: Validity::Superseded,
                    inferred: true,
                    evidence: citation.sentence.clone().unwrap_or_default(),
                    origin: Origin::Index,
                    confidence: 0.7,
                    by: Some(document),
                });
            }
        }
        None
    }

    /// What other documents do to this one.
    fn acts_on(&self, at: usize) -> impl Iterator<Item = (&CatalogDocument, &Citation)> {
        let acts = self.acts_on.get(&at).map(Vec::as_slice).unwrap_or_default();
        acts.iter().map(|(from, citation)| (&self.documents[*from], &self.documents[*from].citations[*citation]))
    }

    /// A draft changes nothing, and neither does what is not yet in force.
    fn applies(&self, document: &CatalogDocument, today: Option<Date>) -> bool {
        let begins_later = match (document.metadata.effective, today) {
            (Some(effective), Some(today)) => effective > today,
            _ => false,
        };
        !document.is_draft() && !begins_later
    }
}

/// Whether a newer text of the same name takes its place. A report or a notice of
/// the year before stays what it is.
fn is_regulation(document: &CatalogDocument) -> bool {
    use Genre::*;
    let is_ruling = |title: &str| {
        Genre::of_title(title).is_some_and(|genre| {
            matches!(
                genre,
                Constitution
                    | Law
                    | Regulation
                    | Provisions
                    | Measures
                    | DetailedRules
                    | Rules
                    | Procedures
                    | Norms
                    | Standard
                    | Charter
                    | Interpretation
                    | ContingencyPlan
                    | Catalogue
            )
        })
    };
    is_ruling(&document.title) || issued_titles(&document.title).into_iter().any(is_ruling)
}
