//! What hits are ordered by beside their scores: date, level and validity of their
//! documents.

use tantivy::SegmentReader;

use crate::document::{Level, Validity};

use super::options::Sort;

/// The columns that order hits.
pub(crate) struct Keys {
    dates: tantivy::columnar::Column<u64>,
    levels: Option<(tantivy::columnar::StrColumn, Vec<u64>)>,
    validities: Option<(tantivy::columnar::StrColumn, Vec<bool>)>,
}

impl Keys {
    pub(super) fn new(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let values = |column: &tantivy::columnar::StrColumn| -> tantivy::Result<Vec<String>> {
            let text = |ord| {
                let mut text = String::new();
                column.ord_to_str(ord, &mut text)?;
                Ok(text)
            };
            (0..column.num_terms() as u64).map(text).collect()
        };
        let rank = |name: &String| Level::ALL.iter().position(|level| level.name() == name).unwrap_or(99) as u64;
        let levels = match fast.str("level")? {
            Some(column) => Some((values(&column)?.iter().map(rank).collect(), column)),
            None => None,
        };
        let is_out = |name: &String| {
            Validity::from_name(name).is_some_and(|validity| {
                matches!(validity, Validity::Expired | Validity::Repealed | Validity::Superseded)
            })
        };
        let validities = match fast.str("validity")? {
            Some(column) => Some((values(&column)?.iter().map(is_out).collect(), column)),
            None => None,
        };
        Ok(Keys {
            dates: fast.u64("date")?,
            levels: levels.map(|(ranks, column)| (column, ranks)),
            validities: validities.map(|(out, column)| (column, out)),
        })
    }

    pub(super) fn date(&self, document: u32) -> u64 {
        self.dates.first(document).unwrap_or(0)
    }

    pub(super) fn is_out_of_force(&self, document: u32) -> bool {
        let Some((column, out)) = &self.validities else { return false };
        column.term_ords(document).next().is_some_and(|ord| out[ord as usize])
    }

    /// 1 for a law, less for what stands below one, 0 when it is not known.
    pub(super) fn authority(&self, document: u32) -> f32 {
        let Some((column, ranks)) = &self.levels else { return 0.0 };
        let rank = column.term_ords(document).next().map(|ord| ranks[ord as usize] as usize);
        match rank.and_then(|rank| Level::ALL.get(rank)) {
            Some(Level::Constitution | Level::Law) => 1.0,
            Some(Level::NormativeDocument) | None => 0.0,
            // Regulations, interpretations and rules: below a law, and among
            // themselves ordered by what they say.
            Some(_) => 0.4,
        }
    }

    /// What a caller's order looks at, lowest first; unknown values last.
    pub(super) fn key(&self, document: u32, sort: Sort) -> u64 {
        match sort {
            Sort::Relevance => 0,
            Sort::Oldest => self.dates.first(document).unwrap_or(u64::MAX),
            Sort::Newest => u64::MAX - self.date(document),
            Sort::Level => {
                let rank = self
                    .levels
                    .as_ref()
                    .and_then(|(column, ranks)| column.term_ords(document).next().map(|ord| ranks[ord as usize]));
                rank.unwrap_or(u64::MAX)
            }
        }
    }
}
