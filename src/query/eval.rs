//! What a query means, by brute force over documents in memory.
//!
//! This is the definition that the engine is tested against, not a way to
//! search: every keyword is compared at every place of every text.

use crate::document::{Document, Section};

use super::ast::{Keyword, KeywordStyle, Node};
use super::fields::{Article, Field, FieldFilter, FieldValue};
use super::filter::{DocumentView, Filter, SectionView};

/// A literal phrase that stands for a keyword beside the keyword itself.
pub struct Spelling {
    /// The phrase.
    pub text: String,
    /// Whether an occurrence at the bytes `start..end` of a text counts.
    pub fits: Fits,
}

/// Whether an occurrence at the bytes `start..end` of a text counts.
pub type Fits = Box<dyn Fn(&str, usize, usize) -> bool>;

/// How texts are compared.
pub struct Evaluator<'a> {
    /// One character for one character.
    pub fold: &'a dyn Fn(char) -> char,
    /// The variants of a plain keyword.
    pub spellings: &'a dyn Fn(&Keyword) -> Vec<Spelling>,
}

/// What is found: a section, by ordinal. The front section (ordinal 0) is the
/// document's own hit: its title counts as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Place of the document.
    pub document: usize,
    /// Place of the section in the document.
    pub section: usize,
}

impl Evaluator<'_> {
    /// Every exact hit, in order.
    ///
    /// A section is a hit when the tree holds for it and a keyword that is not
    /// excluded occurs in its own text. Without such keywords it is one when a
    /// condition looks at sections, and else only the front section is. With
    /// [`Filter::title_only`], nothing counts but titles.
    pub fn hits(&self, root: &Node, filter: &Filter, documents: &[Document]) -> Vec<Found> {
        let root = &filter.and(root.clone());
        let mut hits = Vec::new();
        for (number, document) in documents.iter().enumerate() {
            for (ordinal, section) in document.sections.iter().enumerate() {
                if filter.title_only && ordinal > 0 {
                    continue;
                }
                let place = Place { evaluator: self, document, section, title_only: filter.title_only };
                if place.holds(root) && place.is_asked_for(root) {
                    hits.push(Found { document: number, section: ordinal });
                }
            }
        }
        hits
    }

    /// Every occurrence of a keyword or one of its variants in a text, as ranges
    /// of characters counted from the text's beginning: white space not counted, a
    /// run of letters or digits and a paragraph break as one each.
    fn occurrences(&self, keyword: &Keyword, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        self.find(&keyword.text, keyword.style, text, |_, _, _| true, &mut found);
        if keyword.style == KeywordStyle::Plain {
            for spelling in (self.spellings)(keyword) {
                self.find(&spelling.text, KeywordStyle::Phrase, text, &spelling.fits, &mut found);
            }
        }
        found
    }

    fn find(
        &self,
        needle: &str,
        style: KeywordStyle,
        text: &str,
        fits: impl Fn(&str, usize, usize) -> bool,
        found: &mut Vec<(usize, usize)>,
    ) {
        let fold = |c: char| if style == KeywordStyle::Raw { c } else { (self.fold)(c) };
        let needle = self.letters(needle, &fold);
        if needle.is_empty() {
            return;
        }
        let mut counted = 0;
        for paragraph in text.split('\n') {
            let letters = self.letters(paragraph, &fold);
            for start in 0..letters.len() {
                let end = start + needle.len();
                let Some(window) = letters.get(start..end) else { break };
                let is_equal = window.iter().zip(&needle).all(|(letter, wanted)| letter.c == wanted.c);
                // Inside, runs must break at the same places; outside, not at all.
                let same_runs =
                    window[1..].iter().zip(&needle[1..]).all(|(letter, wanted)| letter.glued == wanted.glued);
                let goes_on = letters.get(end).is_some_and(|next| next.glued);
                let ends_well = style == KeywordStyle::Prefix || !goes_on;
                if !is_equal || !same_runs || letters[start].glued || !ends_well {
                    continue;
                }
                if fits(paragraph, letters[start].at, letters[end - 1].end) {
                    // A run of letters or digits counts as one character.
                    let count = |letters: &[Letter]| letters.iter().filter(|letter| !letter.glued).count();
                    let first = counted + count(&letters[..start]);
                    found.push((first, first + count(&letters[start..end])));
                }
            }
            // So does a paragraph break.
            counted += letters.iter().filter(|letter| !letter.glued).count() + 1;
        }
    }

    fn letters(&self, text: &str, fold: &dyn Fn(char) -> char) -> Vec<Letter> {
        let mut letters: Vec<Letter> = Vec::new();
        let mut before_is_run = false;
        for (at, c) in text.char_indices() {
            let is_run = (self.fold)(c).is_ascii_alphanumeric();
            if !c.is_whitespace() {
                letters.push(Letter { c: fold(c), at, end: at + c.len_utf8(), glued: is_run && before_is_run });
            }
            before_is_run = is_run;
        }
        letters
    }
}

struct Letter {
    c: char,
    /// Its bytes.
    at: usize,
    end: usize,
    /// It continues a run of ASCII letters and digits.
    glued: bool,
}

/// What a tree is held against: a section in its document.
struct Place<'a> {
    evaluator: &'a Evaluator<'a>,
    document: &'a Document,
    section: &'a Section,
    title_only: bool,
}

impl Place<'_> {
    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Keyword(keyword) => self.occurs_in_own(keyword) || self.occurs_in_context(keyword),
            Node::And(children) => children.iter().all(|child| self.holds(child)),
            Node::Or(children) => children.iter().any(|child| self.holds(child)),
            Node::Not(child) => !self.holds(child),
            Node::Near(near) => {
                let distance_chars = near.distance_chars as usize;
                let is_near = |a: (usize, usize), b: (usize, usize)| a.1 <= b.0 && b.0 - a.1 <= distance_chars;
                self.own_texts().any(|text| {
                    let (left, right) = (self.occurrences(&near.left, text), self.occurrences(&near.right, text));
                    left.iter().any(|&a| right.iter().any(|&b| is_near(a, b) || is_near(b, a)))
                })
            }
            Node::Field(field) => self.meets(field),
        }
    }

    fn own_texts(&self) -> impl Iterator<Item = &str> {
        let title = (self.section.ordinal == 0).then_some(self.document.title.as_str());
        title.into_iter().chain((!self.title_only).then_some(self.section.text.as_str()))
    }

    fn occurrences(&self, operand: &Node, text: &str) -> Vec<(usize, usize)> {
        operand.keywords().iter().flat_map(|keyword| self.evaluator.occurrences(keyword, text)).collect()
    }

    fn occurs_in_own(&self, keyword: &Keyword) -> bool {
        self.own_texts().any(|text| !self.evaluator.occurrences(keyword, text).is_empty())
    }

    fn occurs_in_context(&self, keyword: &Keyword) -> bool {
        let mut context = std::iter::once(&self.document.title).chain(&self.section.path);
        context.any(|text| !self.evaluator.occurrences(keyword, text).is_empty())
    }

    fn is_asked_for(&self, root: &Node) -> bool {
        let keywords = root.keywords();
        if keywords.is_empty() {
            return asks_for_sections(root) || self.section.ordinal == 0;
        }
        keywords.into_iter().any(|keyword| self.occurs_in_own(keyword))
    }

    fn meets(&self, condition: &FieldFilter) -> bool {
        let fold = |text: &str| -> String { text.chars().map(self.evaluator.fold).collect() };
        let mut condition = condition.clone();
        if let FieldValue::Text(texts) = &mut condition.value {
            texts.iter_mut().for_each(|text| *text = fold(text));
        }
        let (title, mut metadata) = (fold(&self.document.title), self.document.metadata.clone());
        metadata.agency = metadata.agency.as_deref().map(fold);
        metadata.topic = metadata.topic.as_deref().map(fold);
        let document = DocumentView::new(&title, &metadata);
        let section = self.section;
        let path: Vec<String> = section.path.iter().map(|heading| fold(heading)).collect();
        let heading = fold(&section.full_heading());
        let article = Article::parse(&section.label);
        condition.matches(&document, Some(&SectionView { path: &path, heading: &heading, article }))
    }
}

fn asks_for_sections(node: &Node) -> bool {
    match node {
        Node::Field(field) => matches!(field.field, Field::Path | Field::Article),
        Node::And(children) | Node::Or(children) => children.iter().any(asks_for_sections),
        Node::Keyword(_) | Node::Not(_) | Node::Near(_) => false,
    }
}
