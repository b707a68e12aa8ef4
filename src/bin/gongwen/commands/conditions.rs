//! The options that every command with a query shares → library values.

use gongwen::document::{Genre, Level, Validity};
use gongwen::query::{DateRange, Filter, validity_from_name};
use gongwen::{FacetField, Mode, Sort};

use crate::args::{Conditions, Mode as ModeArg, SortBy};

pub fn mode(mode: ModeArg) -> Mode {
    match mode {
        ModeArg::Exact => Mode::Exact,
        ModeArg::Smart => Mode::Smart,
        ModeArg::Any => Mode::Any,
    }
}

pub fn sort(sort: SortBy) -> Sort {
    match sort {
        SortBy::Relevance => Sort::Relevance,
        SortBy::Date => Sort::Oldest,
        SortBy::DateNewest => Sort::Newest,
        SortBy::Level => Sort::Level,
    }
}

/// The conditions as a filter. The error names the option, what was expected and
/// what was typed.
pub fn filter(conditions: &Conditions) -> Result<Filter, String> {
    let mut filter = Filter::new().title_only(conditions.title_only);
    for agency in &conditions.agency {
        filter = filter.agency(agency);
    }
    for topic in &conditions.topic {
        filter = filter.topic(topic);
    }
    for path in &conditions.path {
        filter = filter.path(path);
    }
    for name in &conditions.kind {
        let names = || Genre::ALL.iter().map(|kind| kind.name());
        filter = filter.kind(Genre::from_name(name).ok_or_else(|| unknown("--kind", name, names()))?);
    }
    for name in &conditions.level {
        let names = || Level::ALL.iter().map(|level| level.name());
        filter = filter.level(Level::from_name(name).ok_or_else(|| unknown("--level", name, names()))?);
    }
    for name in &conditions.valid {
        let names = || Validity::ALL.iter().map(|validity| validity.name());
        filter = filter.valid(validity_from_name(name).ok_or_else(|| unknown("--valid", name, names()))?);
    }
    let date = |option: &str, text: &str| {
        DateRange::parse(text)
            .ok_or_else(|| format!("{option}: expected a date such as 2021, 2021-03 or 2021-03-05, got `{text}`"))
    };
    if let Some(from) = &conditions.from {
        filter.from = Some(date("--from", from)?.from);
    }
    if let Some(to) = &conditions.to {
        filter.to = Some(date("--to", to)?.to);
    }
    Ok(filter)
}

/// The fields to count.
pub fn facets(names: &[String]) -> Result<Vec<FacetField>, String> {
    let known = || FacetField::ALL.iter().map(|field| field.name());
    names
        .iter()
        .map(|name| FacetField::from_name(name.trim()).ok_or_else(|| unknown("--facets", name, known())))
        .collect()
}

fn unknown<'a>(option: &str, got: &str, known: impl Iterator<Item = &'a str>) -> String {
    format!("{option}: expected one of {}, got `{got}`", known.collect::<Vec<_>>().join(" "))
}
