//! Which document of the catalog a citation names.

use crate::document::title::{regulation_key, title_key};
use crate::document::{Citation, DocumentNumber, Genre, Relation};

use super::{Catalog, CatalogDocument};

/// The title from 关于 on: what is left when the issuing body is not named.
pub(super) fn subject(title: &str) -> Option<String> {
    let at = title.find("关于")?;
    let subject = title_key(crate::document::title::without_status(&title[at..]));
    (subject.chars().count() >= 6).then_some(subject)
}

/// A name that says no more than what kind of document it is: 《意见》, 《实施细则》.
pub(super) fn is_bare_kind(title: &str) -> bool {
    let name = title.trim_start_matches(['本', '该']).trim_start_matches("实施").trim_start_matches("若干");
    name.is_empty() || Genre::from_name(name).is_some()
}

impl Catalog {
    /// The document that a citation in document `from` names. Of several versions,
    /// the one in force when the citing document was written.
    pub(super) fn resolve(&self, citation: &Citation, from: usize) -> Option<usize> {
        let title = citation.title.as_str();
        if let Some(number) = &citation.number
            && let Some(list) = self.by_number.get(&number.canonical)
        {
            let is_it = |at: &&usize| **at != from && (title.is_empty() || self.may_be_called(**at, title));
            let named: Vec<usize> = list.iter().filter(is_it).copied().collect();
            if let Some(at) = self.of_its_time(&named, from) {
                return Some(at);
            }
        }
        if title.is_empty() || is_bare_kind(title) {
            return None;
        }
        let maps = [
            (&self.by_title, Some(title_key(title))),
            (&self.by_regulation, Some(regulation_key(title))),
            (&self.by_subject, subject(title)),
        ];
        for (map, key) in maps {
            let Some(list) = key.and_then(|key| map.get(&key)) else { continue };
            let fits = |at: &&usize| {
                **at != from
                    && self.may_be(**at, from, citation)
                    && agrees(citation.number.as_ref(), self.documents[**at].metadata.number.as_ref())
                    && self.is_of_body(**at, title)
            };
            let named: Vec<usize> = list.iter().filter(fits).copied().collect();
            if self.are_one_regulation(&named)
                && let Some(at) = self.of_its_time(&named, from)
            {
                return Some(at);
            }
        }
        None
    }

    /// Whether the document's title (or that of what it issues) can be meant by `title`.
    fn may_be_called(&self, at: usize, title: &str) -> bool {
        let own = title_key(&self.documents[at].title);
        let wanted = regulation_key(title);
        own.contains(&wanted) || regulation_key(&own) == wanted || is_bare_kind(title) || wanted.contains(&own)
    }

    /// Whether time and status allow it: a document cites older versions of itself
    /// only, repeals nothing that is younger, and （试行） in the title cited stands in
    /// the document's too.
    fn may_be(&self, at: usize, from: usize, citation: &Citation) -> bool {
        let (document, citing) = (&self.documents[at], &self.documents[from]);
        let is_older = document.version_date() < citing.version_date();
        let is_own_name = regulation_key(&document.title) == regulation_key(&citing.title);
        let ends_it = citation.relation == Relation::Repeals;
        let has_status = |word: &&&str| citation.title.contains(**word);
        let same_status = ["试行", "暂行", "征求意见稿", "草案"].iter().filter(has_status).all(|word| {
            document.title.contains(word)
                || document.metadata.status.as_deref().is_some_and(|status| status.contains(word))
        });
        same_status && (!is_own_name || is_older) && (!ends_it || is_older)
    }

    /// Where the title cited names a body before 关于, the document must be of it.
    fn is_of_body(&self, at: usize, title: &str) -> bool {
        let Some((body, _)) = title.split_once("关于").filter(|(body, _)| !body.is_empty()) else { return true };
        let document = &self.documents[at];
        let agency = document.metadata.agency.as_deref().unwrap_or("");
        let body = title_key(body);
        document.title.contains("关于") && title_key(&document.title).contains(&body)
            || agency.is_empty()
            || body.split('、').any(|body| agency.contains(body) || body.contains(agency))
    }

    /// Whether they are versions of one and the same text: not the notices of two
    /// bodies that happen to share a name.
    pub(super) fn are_one_regulation(&self, list: &[usize]) -> bool {
        let mut names = list.iter().map(|at| regulation_key(&self.documents[*at].title));
        let Some(first) = names.next() else { return false };
        let is_same_name = names.all(|name| name == first);
        let agency = |at: &usize| self.documents[*at].metadata.agency.as_deref();
        let mut agencies = list.iter().filter_map(agency);
        let is_same_body = agencies.next().is_none_or(|first| agencies.all(|other| other == first));
        // Names that begin with their place or with 关于 are their own; 政府工作报告 is not.
        list.len() == 1 || is_same_name && (is_same_body || names_a_place(&first))
    }

    /// The newest that is not younger than document `from`; failing that the oldest.
    fn of_its_time(&self, list: &[usize], from: usize) -> Option<usize> {
        let date = |at: usize| self.documents[at].version_date();
        let day = date(from);
        let not_younger = list.iter().copied().filter(|at| date(*at) <= day || day.is_none());
        let is_better = |at: &usize| (date(*at), std::cmp::Reverse(*at));
        not_younger.max_by_key(is_better).or_else(|| list.iter().copied().min_by_key(|at| (date(*at), *at)))
    }
}

/// Two numbers that are both known and differ name two documents. An order's
/// number does not count: it changes with each amendment.
fn agrees(cited: Option<&DocumentNumber>, own: Option<&DocumentNumber>) -> bool {
    let (Some(cited), Some(own)) = (cited, own) else { return true };
    cited.canonical == own.canonical || cited.year.is_none() || own.year.is_none()
}

/// Names of laws and of local regulations are nobody else's.
fn names_a_place(name: &str) -> bool {
    let head: String = name.chars().take(8).collect();
    name.ends_with('法') || ["省", "市", "县", "区", "自治州", "中国"].iter().any(|place| head.contains(place))
}

impl CatalogDocument {
    /// Whether it is a draft, which is no version of what it wants to become.
    pub(super) fn is_draft(&self) -> bool {
        self.metadata.status.as_deref().is_some_and(|status| status.contains('稿') || status.contains("草案"))
    }
}
