//! The tree of a query: plain data, each leaf with its place in the source.
//!
//! How text becomes a tree is `syntax`' work, what a tree means on a text
//! `eval`'s.

use std::fmt;

use super::fields::FieldFilter;

/// A place in the query's source: bytes `start..end`, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
}

impl Span {
    /// The place `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The part of `source` it covers.
    ///
    /// # Panics
    /// When the span is of another source.
    pub fn of(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}

/// A node of the query tree.
///
/// `And` and `Or` have two children at least, none of their own kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A keyword to be found.
    Keyword(Keyword),
    /// All of them.
    And(Vec<Node>),
    /// At least one of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Two keywords near one another in one section, in either order.
    Near(Near),
    /// A condition on a field.
    Field(FieldFilter),
}

/// Two operands of `A NEAR/10 B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// A [`Node::Keyword`], or a [`Node::Or`] of keywords.
    pub left: Box<Node>,
    /// As `left`.
    pub right: Box<Node>,
    /// How many characters, white space not counted and a paragraph break counted
    /// as one, may stand between an occurrence of the one and an occurrence of the
    /// other. A run of Latin letters or digits counts as one.
    pub distance_chars: u32,
    /// Where the operator stands.
    pub span: Span,
}

/// A piece of text to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// The text to look for, as typed: not folded, without quotes and `*`.
    pub text: String,
    /// Where it stands, quotes and `*` included.
    pub span: Span,
    /// How it is to be found.
    pub style: KeywordStyle,
}

/// How a keyword is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeywordStyle {
    /// Literally after folding, or as one of its variants.
    Plain,
    /// `"…"`: literally after folding, no variants.
    Phrase,
    /// `raw:"…"`: literally, character by character, nothing folded.
    Raw,
    /// `200*`: like a phrase, but the Latin letters or digits at its end may go
    /// on.
    Prefix,
}

impl Node {
    /// Calls `visit` for every keyword in reading order; `true` says that it
    /// stands under a [`Node::Not`].
    pub fn for_each_keyword<'a>(&'a self, visit: &mut dyn FnMut(&'a Keyword, bool)) {
        self.walk(false, &mut |node, is_negated| {
            if let Node::Keyword(keyword) = node {
                visit(keyword, is_negated);
            }
        });
    }

    /// The keywords that a hit should hold, in reading order.
    pub fn keywords(&self) -> Vec<&Keyword> {
        let mut keywords = Vec::new();
        self.for_each_keyword(&mut |keyword, is_negated| {
            if !is_negated {
                keywords.push(keyword);
            }
        });
        keywords
    }

    /// Whether anything is asked for, and not only excluded.
    pub fn is_positive(&self) -> bool {
        let mut found = false;
        self.walk(false, &mut |node, is_negated| {
            found |= !is_negated && matches!(node, Node::Keyword(_) | Node::Field(_));
        });
        found
    }

    fn walk<'a>(&'a self, is_negated: bool, visit: &mut dyn FnMut(&'a Node, bool)) {
        visit(self, is_negated);
        match self {
            Node::Keyword(_) | Node::Field(_) => {}
            Node::And(children) | Node::Or(children) => children.iter().for_each(|child| child.walk(is_negated, visit)),
            Node::Not(child) => child.walk(!is_negated, visit),
            Node::Near(near) => {
                near.left.walk(is_negated, visit);
                near.right.walk(is_negated, visit);
            }
        }
    }

    /// All of `nodes`: flattened; a single one stays itself, none is `None`.
    pub(crate) fn all(nodes: Vec<Node>) -> Option<Node> {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::And(children) => flat.extend(children),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Node::And(flat)) } else { flat.pop() }
    }

    /// Any of `nodes`, as [`Node::all`].
    pub(crate) fn any(nodes: Vec<Node>) -> Option<Node> {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Or(children) => flat.extend(children),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Node::Or(flat)) } else { flat.pop() }
    }
}

/// Writes the tree in the query language, alternatives and exclusions of several
/// words in parentheses.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Keyword(keyword) => keyword.fmt(f),
            Node::Field(field) => field.fmt(f),
            Node::And(children) => fmt_joined(f, children, " "),
            Node::Or(children) => fmt_joined(f, children, " OR "),
            Node::Not(child) => write!(f, "-{}", Operand(child)),
            Node::Near(Near { left, right, distance_chars, .. }) => {
                write!(f, "{} NEAR/{distance_chars} {}", Operand(left), Operand(right))
            }
        }
    }
}

fn fmt_joined(f: &mut fmt::Formatter<'_>, children: &[Node], separator: &str) -> fmt::Result {
    for (at, child) in children.iter().enumerate() {
        if at > 0 {
            f.write_str(separator)?;
        }
        // NEAR binds tighter than OR and needs no parentheses.
        match child {
            Node::Near(_) => write!(f, "{child}")?,
            child => write!(f, "{}", Operand(child))?,
        }
    }
    Ok(())
}

/// A node with parentheses where it is more than one leaf.
struct Operand<'a>(&'a Node);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Node::And(_) | Node::Or(_) | Node::Near(_) => write!(f, "({})", self.0),
            Node::Not(_) | Node::Keyword(_) | Node::Field(_) => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            // Words that would be syntax again stay text in parentheses of their own.
            KeywordStyle::Plain if super::syntax::reads_as_syntax(&self.text) => write!(f, "({} )", self.text),
            KeywordStyle::Plain => f.write_str(&self.text),
            KeywordStyle::Phrase => write!(f, "\"{}\"", Escaped(&self.text)),
            KeywordStyle::Raw => write!(f, "raw:\"{}\"", Escaped(&self.text)),
            KeywordStyle::Prefix => write!(f, "{}*", self.text),
        }
    }
}

/// Text between quotation marks.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if matches!(c, '"' | '＂' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}
