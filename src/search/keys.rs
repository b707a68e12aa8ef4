//! What hits are ordered by beside their scores: date, level and validity of their
//! documents.

use crate::document::{Level, Validity};
use crate::heads::{Column, Heads, Number, Result};

use super::options::Sort;

/// What the values of a segment's columns mean for the order.
pub(crate) struct Ranks {
    /// Of each level, its place among [`Level::ALL`]; [`UNKNOWN`].
    levels: Vec<u8>,
    /// Of each validity, whether it is that of a document out of force.
    outs: Vec<bool>,
}

const UNKNOWN: u8 = u8::MAX;

impl Ranks {
    pub(super) fn new(heads: &Heads) -> Result<Self> {
        let rank = |name: &str| Level::ALL.iter().position(|level| level.name() == name).map_or(UNKNOWN, |at| at as u8);
        let is_out = |name: &str| {
            Validity::from_name(name).is_some_and(|validity| {
                matches!(validity, Validity::Expired | Validity::Repealed | Validity::Superseded)
            })
        };
        let outs = heads.values(Column::Validity).map(is_out)?;
        Ok(Ranks { levels: heads.values(Column::Level).map(rank)?, outs })
    }
}

/// What orders the hits of each document of a segment, by the document's place. That each
/// document has its rows is checked when the file is opened, so none fails to be read.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub(super) heads: &'a Heads,
    pub(super) ranks: &'a Ranks,
}

impl Keys<'_> {
    /// The document's date as a number; 0 when it is not known.
    pub(super) fn date(self, document: usize) -> u64 {
        self.heads.number(Number::Date, document).ok().flatten().unwrap_or_default().into()
    }

    pub(super) fn is_out_of_force(self, document: usize) -> bool {
        let value = self.heads.value(Column::Validity, document).ok().flatten();
        value.is_some_and(|value| self.ranks.outs.get(value) == Some(&true))
    }

    fn level(self, document: usize) -> u8 {
        let value = self.heads.value(Column::Level, document).ok().flatten();
        value.and_then(|value| self.ranks.levels.get(value).copied()).unwrap_or(UNKNOWN)
    }

    /// 1 for a law, less for what stands below one, 0 when it is not known.
    pub(super) fn authority(self, document: usize) -> f32 {
        match Level::ALL.get(usize::from(self.level(document))) {
            Some(Level::Constitution | Level::Law) => 1.0,
            Some(Level::NormativeDocument) | None => 0.0,
            // Regulations, interpretations and rules: below a law, and among
            // themselves ordered by what they say.
            Some(_) => 0.4,
        }
    }

    /// What a caller's order looks at, lowest first; unknown values last.
    pub(super) fn key(self, document: usize, sort: Sort) -> u64 {
        match sort {
            Sort::Relevance => 0,
            Sort::Oldest => Some(self.date(document)).filter(|&date| date > 0).unwrap_or(u64::MAX),
            Sort::Newest => u64::MAX - self.date(document),
            Sort::Level => Some(self.level(document)).filter(|&level| level != UNKNOWN).map_or(u64::MAX, u64::from),
        }
    }
}
