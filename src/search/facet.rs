//! Counts of documents by the values of a field.
//!
//! Counted are the documents with a hit of the first two tiers (of the first in
//! [`super::Mode::Exact`], of any in [`super::Mode::Any`]): those of the lower
//! tiers answer another question than was asked, so they must not swell counts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::heads::{Column, Damaged, Number};
use crate::index::plugin;

use super::bits::Bits;
use super::segment::SegmentView;

/// A field whose values can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FacetField {
    /// 发文机关, else 来源; of several bodies each counts.
    Agency,
    /// 文种.
    Kind,
    /// The year of the document's date.
    Year,
    /// 有效性.
    Validity,
    /// 效力层级.
    Level,
    /// 主题分类.
    Topic,
}

impl FacetField {
    /// Every field, in the order they are listed.
    pub const ALL: [FacetField; 6] = [
        FacetField::Agency,
        FacetField::Kind,
        FacetField::Year,
        FacetField::Validity,
        FacetField::Level,
        FacetField::Topic,
    ];

    /// Its name in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            FacetField::Agency => "agency",
            FacetField::Kind => "kind",
            FacetField::Year => "year",
            FacetField::Validity => "validity",
            FacetField::Level => "level",
            FacetField::Topic => "topic",
        }
    }

    /// The field of that name, English or Chinese.
    pub fn from_name(name: &str) -> Option<Self> {
        let chinese = match name {
            "机关" | "发文机关" => FacetField::Agency,
            "文种" => FacetField::Kind,
            "年" | "年份" | "年度" => FacetField::Year,
            "效力" | "有效性" | "valid" => FacetField::Validity,
            "层级" => FacetField::Level,
            "主题" => FacetField::Topic,
            _ => return FacetField::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name)),
        };
        Some(chinese)
    }
}

/// How many documents have which value of a field.
#[derive(Clone, Debug, Serialize)]
pub struct Facet {
    /// The field's name: [`FacetField::name`].
    pub field: &'static str,
    /// Values with the number of documents, most frequent first, then by value.
    pub values: Vec<FacetCount>,
    /// Documents of which the value is not known.
    pub missing: u64,
}

/// A value and how many documents have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// Number of documents.
    pub documents: u64,
}

/// Counts one field over `documents`, a set of document records a segment.
pub(super) fn count(field: FacetField, views: &[SegmentView<'_>], documents: &[Bits]) -> tantivy::Result<Facet> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut missing = 0;
    for (view, documents) in views.iter().zip(documents) {
        let found = match column(field) {
            None => by_year(view, documents, &mut counts),
            Some(column) => by_text(column, view, documents, &mut counts),
        };
        missing += found.map_err(plugin::damaged_heads)?;
    }
    let mut values: Vec<FacetCount> =
        counts.into_iter().map(|(value, documents)| FacetCount { value, documents }).collect();
    values.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.value.cmp(&b.value)));
    Ok(Facet { field: field.name(), values, missing })
}

/// Where the values of a field stand; `None` for years, which are told from dates.
fn column(field: FacetField) -> Option<Column> {
    match field {
        FacetField::Agency => Some(Column::Agency),
        FacetField::Kind => Some(Column::Kind),
        FacetField::Year => None,
        FacetField::Validity => Some(Column::Validity),
        FacetField::Level => Some(Column::Level),
        FacetField::Topic => Some(Column::Topic),
    }
}

/// Counts, and says how many documents have no date.
fn by_year(view: &SegmentView<'_>, documents: &Bits, counts: &mut BTreeMap<String, u64>) -> Result<u64, Damaged> {
    let mut years: BTreeMap<u32, u64> = BTreeMap::new();
    let mut missing = 0;
    for document in documents.iter() {
        match view.heads().number(Number::Date, view.place_of(document))? {
            Some(date) => *years.entry(date / 10_000).or_default() += 1,
            None => missing += 1,
        }
    }
    for (year, count) in years {
        *counts.entry(year.to_string()).or_default() += count;
    }
    Ok(missing)
}

/// Counts, and says how many documents have no value.
fn by_text(
    column: Column,
    view: &SegmentView<'_>,
    documents: &Bits,
    counts: &mut BTreeMap<String, u64>,
) -> Result<u64, Damaged> {
    let values = view.heads().values(column);
    let mut by_value = vec![0_u64; values.len()];
    let mut missing = 0;
    for document in documents.iter() {
        match view.heads().value(column, view.place_of(document))? {
            Some(value) => *by_value.get_mut(value).ok_or(Damaged)? += 1,
            None => missing += 1,
        }
    }
    for (at, &count) in by_value.iter().enumerate().filter(|(_, count)| **count > 0) {
        let value = values.get(at)?;
        // Several bodies that issued one document together stand in one value.
        if column == Column::Agency {
            value.split('、').for_each(|body| *counts.entry(body.to_owned()).or_default() += count);
        } else {
            *counts.entry(value.to_owned()).or_default() += count;
        }
    }
    Ok(missing)
}
