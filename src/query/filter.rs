//! Conditions that a program sets beside the query, and what it means for a
//! document or section to meet a condition.
//!
//! This is the meaning by definition: plain comparisons on one document at a
//! time. The index answers the same conditions with its fields; tests compare.

use crate::analysis::chars::CharText;
use crate::document::{Date, DocumentNumber, Genre, Level, Metadata, Validity};

use super::ast::{Node, Span};
use super::fields::{Article, DateRange, Field, FieldFilter, FieldValue};
use super::number::NumberPattern;

/// Conditions on documents and sections. All of them must be met; where one
/// takes several values, any of these will do.
///
/// ```
/// use gongwen::document::Genre;
/// use gongwen::query::{DateRange, Filter};
///
/// let filter = Filter::new().kind(Genre::Notice).dates(DateRange::parse("2021..2022-06").unwrap());
/// assert_eq!((filter.from, filter.to), (Some(20210000), Some(20220631)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Texts of which the title must contain one.
    pub titles: Vec<String>,
    /// Texts of which the issuing body's name must contain one.
    pub agencies: Vec<String>,
    /// Document numbers.
    pub numbers: Vec<NumberPattern>,
    /// Kinds of document.
    pub kinds: Vec<Genre>,
    /// Levels of authority.
    pub levels: Vec<Level>,
    /// Whether in force.
    pub valid: Vec<Validity>,
    /// Texts of which the topic must contain one.
    pub topics: Vec<String>,
    /// Texts of which a heading on the way to the section must contain one.
    pub paths: Vec<String>,
    /// The first day of the document's date ([`main_date`]), as in [`DateRange`].
    pub from: Option<u32>,
    /// The last day, included.
    pub to: Option<u32>,
    /// Whether keywords count only in titles.
    pub title_only: bool,
}

impl Filter {
    /// No condition.
    pub fn new() -> Self {
        Filter::default()
    }

    /// Adds a text to find in the title.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.titles.push(text.into());
        self
    }

    /// Adds a text to find in the issuing body's name.
    #[must_use]
    pub fn agency(mut self, text: impl Into<String>) -> Self {
        self.agencies.push(text.into());
        self
    }

    /// Adds a document number or its beginning.
    #[must_use]
    pub fn number(mut self, number: NumberPattern) -> Self {
        self.numbers.push(number);
        self
    }

    /// Adds a kind.
    #[must_use]
    pub fn kind(mut self, kind: Genre) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Adds a level of authority.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.levels.push(level);
        self
    }

    /// Adds a validity.
    #[must_use]
    pub fn valid(mut self, validity: Validity) -> Self {
        self.valid.push(validity);
        self
    }

    /// Adds a text to find in the topic.
    #[must_use]
    pub fn topic(mut self, text: impl Into<String>) -> Self {
        self.topics.push(text.into());
        self
    }

    /// Adds a text to find in a heading on the way to the section.
    #[must_use]
    pub fn path(mut self, text: impl Into<String>) -> Self {
        self.paths.push(text.into());
        self
    }

    /// Sets the range of the document's date.
    #[must_use]
    pub fn dates(mut self, range: DateRange) -> Self {
        self.from = (range.from > 0).then_some(range.from);
        self.to = (range.to < DateRange::OPEN_END).then_some(range.to);
        self
    }

    /// Sets whether keywords count only in titles.
    #[must_use]
    pub fn title_only(mut self, title_only: bool) -> Self {
        self.title_only = title_only;
        self
    }

    /// Whether there is no condition on fields.
    pub fn is_empty(&self) -> bool {
        self.conditions().is_empty()
    }

    /// The conditions as they would stand in a query, where all must be met.
    pub fn conditions(&self) -> Vec<FieldFilter> {
        let mut conditions = Vec::new();
        let mut add = |field, value| conditions.push(FieldFilter { field, value, span: Span::default() });
        let texts = [
            (Field::Title, &self.titles),
            (Field::Agency, &self.agencies),
            (Field::Topic, &self.topics),
            (Field::Path, &self.paths),
        ];
        for (field, values) in texts {
            if !values.is_empty() {
                add(field, FieldValue::Text(values.clone()));
            }
        }
        if !self.numbers.is_empty() {
            add(Field::Number, FieldValue::Numbers(self.numbers.clone()));
        }
        if !self.kinds.is_empty() {
            add(Field::Kind, FieldValue::Kinds(self.kinds.clone()));
        }
        if !self.levels.is_empty() {
            add(Field::Level, FieldValue::Levels(self.levels.clone()));
        }
        if !self.valid.is_empty() {
            add(Field::Validity, FieldValue::Validities(self.valid.clone()));
        }
        if self.from.is_some() || self.to.is_some() {
            let range = DateRange { from: self.from.unwrap_or(0), to: self.to.unwrap_or(DateRange::OPEN_END) };
            add(Field::Date, FieldValue::Dates(range));
        }
        conditions
    }

    /// `root` with the conditions beside it.
    pub fn and(&self, root: Node) -> Node {
        let mut all = vec![root];
        all.extend(self.conditions().into_iter().map(Node::Field));
        Node::all(all).unwrap_or(Node::And(Vec::new()))
    }

    /// Whether a document (`section` is `None`) or a section of it meets every
    /// condition.
    pub fn matches(&self, document: &DocumentView<'_>, section: Option<&SectionView<'_>>) -> bool {
        self.conditions().iter().all(|condition| condition.matches(document, section))
    }

    /// With every text passed through `fold`, as the texts of a
    /// [`DocumentView`] must be before they are compared.
    #[must_use]
    pub fn folded(mut self, fold: impl Fn(&str) -> String) -> Self {
        for texts in [&mut self.titles, &mut self.agencies, &mut self.topics, &mut self.paths] {
            texts.iter_mut().for_each(|text| *text = fold(text));
        }
        self
    }
}

/// What a document says of itself, as conditions look at it. Texts are folded;
/// dates are `yyyymmdd`.
#[derive(Clone, Copy, Debug, Default)]
pub struct DocumentView<'a> {
    /// The title.
    pub title: &'a str,
    /// 发文机关; empty when unknown.
    pub agency: &'a str,
    /// 主题分类; empty when unknown.
    pub topic: &'a str,
    /// 发文字号.
    pub number: Option<&'a DocumentNumber>,
    /// 文种.
    pub kind: Option<Genre>,
    /// 效力层级.
    pub level: Option<Level>,
    /// 有效性.
    pub validity: Option<Validity>,
    /// The document's date: [`main_date`].
    pub date: Option<u32>,
    /// 成文日期.
    pub written: Option<u32>,
    /// 发布日期.
    pub published: Option<u32>,
    /// 施行日期.
    pub effective: Option<u32>,
}

impl<'a> DocumentView<'a> {
    /// The view of a document whose texts need no folding.
    pub fn new(title: &'a str, metadata: &'a Metadata) -> Self {
        let number = |date: Option<Date>| date.map(Date::as_number);
        DocumentView {
            title,
            agency: metadata.agency.as_deref().unwrap_or_default(),
            topic: metadata.topic.as_deref().unwrap_or_default(),
            number: metadata.number.as_ref(),
            kind: metadata.kind,
            level: metadata.level,
            validity: metadata.validity,
            date: number(main_date(metadata)),
            written: number(metadata.written),
            published: number(metadata.published),
            effective: number(metadata.effective),
        }
    }
}

/// A section, as conditions look at it. Texts are folded.
#[derive(Clone, Copy, Debug, Default)]
pub struct SectionView<'a> {
    /// The ancestors' headings, outermost first.
    pub path: &'a [String],
    /// The section's own label and heading.
    pub heading: &'a str,
    /// The article that it is, or is part of.
    pub article: Option<Article>,
}

/// The date that `日期:` and date ranges look at: [`Metadata::main_date`].
pub fn main_date(metadata: &Metadata) -> Option<Date> {
    metadata.main_date()
}

impl FieldFilter {
    /// Whether a document (`section` is `None`) or a section of it meets the
    /// condition. A value that is not known meets none.
    pub fn matches(&self, document: &DocumentView<'_>, section: Option<&SectionView<'_>>) -> bool {
        match &self.value {
            FieldValue::Text(wanted) => {
                // As keywords are found: white space aside, Latin runs whole.
                let wanted: Vec<CharText> = wanted.iter().map(|text| CharText::phrase(text)).collect();
                let holds = |text: &str| {
                    let text = CharText::new(text);
                    wanted.iter().any(|wanted| text.contains(wanted))
                };
                match self.field {
                    Field::Title => holds(document.title),
                    Field::Agency => holds(document.agency),
                    Field::Topic => holds(document.topic),
                    Field::Path => section.is_some_and(|section| {
                        section.path.iter().any(|heading| holds(heading)) || holds(section.heading)
                    }),
                    _ => false,
                }
            }
            FieldValue::Numbers(patterns) => {
                document.number.is_some_and(|number| patterns.iter().any(|pattern| pattern.matches(number)))
            }
            FieldValue::Kinds(kinds) => document.kind.is_some_and(|kind| kinds.contains(&kind)),
            FieldValue::Levels(levels) => document.level.is_some_and(|level| levels.contains(&level)),
            FieldValue::Validities(all) => document.validity.is_some_and(|validity| all.contains(&validity)),
            FieldValue::Dates(range) => {
                let date = match self.field {
                    Field::Written => document.written,
                    Field::Published => document.published,
                    Field::Effective => document.effective,
                    _ => document.date,
                };
                date.is_some_and(|date| range.contains(date))
            }
            FieldValue::Article(article) => section.is_some_and(|section| section.article == Some(*article)),
        }
    }
}
