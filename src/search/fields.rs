//! Conditions on fields, as sets of records.
//!
//! Metadata stands in columns of the documents; a condition on it is decided once a
//! document and widened to its records.

use crate::analysis::chars;
use crate::analysis::chars::CharText;
use crate::document::DocumentNumber;
use crate::heads::{Column, Number};
use crate::index::plugin;
use crate::postings::Place;
use crate::query::{Article, DateRange, Field, FieldFilter, FieldValue, NumberPattern};

use super::bits::Bits;
use super::plan::{Plan, PlanNode};
use super::segment::SegmentView;

/// The sets of every field condition of a plan.
pub(crate) struct FieldSets {
    sets: Vec<(FieldFilter, Bits)>,
    bound: u32,
}

impl FieldSets {
    pub(crate) fn new(plan: &Plan, view: &SegmentView<'_>) -> tantivy::Result<Self> {
        let mut sets = FieldSets { sets: Vec::new(), bound: view.max_doc() };
        let mut filters = Vec::new();
        collect(&plan.root, &mut filters);
        // Headings are read once for all conditions on them.
        let (of_paths, others): (Vec<&FieldFilter>, Vec<&FieldFilter>) =
            filters.into_iter().partition(|filter| filter.field == Field::Path);
        let texts: Vec<&[String]> = of_paths.iter().filter_map(|filter| path_texts(filter)).collect();
        sets.sets.extend(of_paths.into_iter().cloned().zip(paths(&texts, view)?));
        for filter in others {
            sets.sets.push((filter.clone(), evaluate(filter, view)?));
        }
        Ok(sets)
    }

    /// The records that meet a condition of the plan.
    pub(crate) fn get(&self, filter: &FieldFilter) -> Bits {
        let known = self.sets.iter().find(|(other, _)| is_same(other, filter));
        known.map_or_else(|| Bits::empty(self.bound), |(_, bits)| bits.clone())
    }
}

/// The conditions of a plan, each once.
fn collect<'p>(node: &'p PlanNode, into: &mut Vec<&'p FieldFilter>) {
    match node {
        PlanNode::And(children) | PlanNode::Or(children) => children.iter().for_each(|child| collect(child, into)),
        PlanNode::Not(child) => collect(child, into),
        PlanNode::Field(filter) if !into.iter().any(|other| is_same(other, filter)) => into.push(filter),
        PlanNode::Leaf(_) | PlanNode::Near { .. } | PlanNode::Field(_) => {}
    }
}

/// Wherever they stand in the query.
fn is_same(a: &FieldFilter, b: &FieldFilter) -> bool {
    a.field == b.field && a.value == b.value
}

fn path_texts(filter: &FieldFilter) -> Option<&[String]> {
    match &filter.value {
        FieldValue::Text(texts) if filter.field == Field::Path => Some(texts),
        _ => None,
    }
}

pub(super) fn evaluate(filter: &FieldFilter, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    match (&filter.value, filter.field) {
        (FieldValue::Text(text), Field::Title) => title(text, view),
        (FieldValue::Text(text), Field::Path) => {
            Ok(paths(&[text], view)?.pop().unwrap_or_else(|| Bits::empty(view.max_doc())))
        }
        (FieldValue::Text(text), Field::Agency) => by_text(view, Column::Agency, contains(text)),
        (FieldValue::Text(text), _) => by_text(view, Column::Topic, contains(text)),
        (FieldValue::Numbers(patterns), _) => by_text(view, Column::Number, number(patterns)),
        (FieldValue::Kinds(kinds), _) => {
            by_text(view, Column::Kind, |name| kinds.iter().any(|kind| kind.name() == name))
        }
        (FieldValue::Levels(levels), _) => {
            by_text(view, Column::Level, |name| levels.iter().any(|level| level.name() == name))
        }
        (FieldValue::Validities(all), _) => {
            by_text(view, Column::Validity, |name| all.iter().any(|validity| validity.name() == name))
        }
        (FieldValue::Dates(range), field) => dates(view, field, *range),
        (FieldValue::Article(wanted), _) => article(view, wanted),
    }
}

fn contains(texts: &[String]) -> impl Fn(&str) -> bool {
    let wanted: Vec<CharText> = texts.iter().map(|text| CharText::phrase(text)).collect();
    move |value| {
        let value = CharText::new(value);
        wanted.iter().any(|wanted| value.contains(wanted))
    }
}

fn number(patterns: &[NumberPattern]) -> impl Fn(&str) -> bool + '_ {
    |canonical| {
        let number = DocumentNumber::parse(canonical);
        number.is_some_and(|number| patterns.iter().any(|pattern| pattern.matches(&number)))
    }
}

/// The context of a document record is its title alone.
fn title(texts: &[String], view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    let mut matching = Bits::empty(view.max_doc());
    for text in texts {
        view.phrase(Place::Context, &chars::terms(text), &mut matching)?;
    }
    Ok(view.whole_documents(&matching))
}

/// Headings on the way to the section, its own included, for each of several
/// conditions. The index narrows down where to look; the stored headings decide.
fn paths(conditions: &[&[String]], view: &SegmentView<'_>) -> tantivy::Result<Vec<Bits>> {
    let mut any = Bits::empty(view.max_doc());
    let mut candidates = Vec::with_capacity(conditions.len());
    for texts in conditions {
        let mut having = Bits::empty(view.max_doc());
        for text in *texts {
            let terms = chars::terms(text);
            view.phrase(Place::Context, &terms, &mut having)?;
            view.phrase(Place::Text, &terms, &mut having)?;
        }
        any.or(&having);
        candidates.push(having);
    }
    let wanted: Vec<Vec<CharText>> =
        conditions.iter().map(|texts| texts.iter().map(|text| CharText::phrase(text)).collect()).collect();
    let mut matching = vec![Bits::empty(view.max_doc()); conditions.len()];
    for record in any.iter() {
        let section = view.head(record)?;
        let own = section.full_heading();
        let headings: Vec<CharText> = section.path.iter().chain([&own]).map(|heading| CharText::new(heading)).collect();
        for ((candidates, wanted), matching) in candidates.iter().zip(&wanted).zip(&mut matching) {
            let is_there = |wanted: &CharText| headings.iter().any(|heading| heading.contains(wanted));
            if candidates.contains(record) && wanted.iter().any(is_there) {
                matching.insert(record);
            }
        }
    }
    Ok(matching)
}

/// Documents whose column holds a value that `accepts`; each value is tried once.
fn by_text(view: &SegmentView<'_>, column: Column, accepts: impl Fn(&str) -> bool) -> tantivy::Result<Bits> {
    let heads = view.heads();
    let accepted = heads.values(column).map(accepts).map_err(plugin::damaged_heads)?;
    let mut matching = Bits::empty(view.max_doc());
    for (at, &document) in view.documents().iter().enumerate() {
        let value = heads.value(column, at).map_err(plugin::damaged_heads)?;
        if value.is_some_and(|value| accepted.get(value) == Some(&true)) {
            matching.insert(document);
        }
    }
    Ok(view.whole_documents(&matching))
}

fn dates(view: &SegmentView<'_>, field: Field, range: DateRange) -> tantivy::Result<Bits> {
    let column = match field {
        Field::Written => Number::Written,
        Field::Published => Number::Published,
        Field::Effective => Number::Effective,
        _ => Number::Date,
    };
    let mut matching = Bits::empty(view.max_doc());
    for (at, &document) in view.documents().iter().enumerate() {
        let date = view.heads().number(column, at).map_err(plugin::damaged_heads)?;
        if date.is_some_and(|date| range.contains(date)) {
            matching.insert(document);
        }
    }
    Ok(view.whole_documents(&matching))
}

fn article(view: &SegmentView<'_>, article: &Article) -> tantivy::Result<Bits> {
    let branch = article.branch.map_or(String::new(), |branch| format!("之{branch}"));
    let digits = format!("第{}条{branch}", article.number);
    let mut matching = Bits::empty(view.max_doc());
    for label in [article.to_string(), digits] {
        view.label(&label, &mut matching)?;
    }
    Ok(matching)
}
