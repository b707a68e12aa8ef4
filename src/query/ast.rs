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

    /// The same tree, standing nowhere: two that mean the same are equal then.
    pub(super) fn without_places(&self) -> Node {
        let of = |nodes: &[Node]| nodes.iter().map(Node::without_places).collect();
        let span = Span::default();
        match self {
            Node::Keyword(keyword) => Node::Keyword(Keyword { span, ..keyword.clone() }),
            Node::Field(field) => Node::Field(FieldFilter { span, ..field.clone() }),
            Node::And(children) => Node::And(of(children)),
            Node::Or(children) => Node::Or(of(children)),
            Node::Not(child) => Node::Not(Box::new(child.without_places())),
            Node::Near(near) => Node::Near(Near {
                left: Box::new(near.left.without_places()),
                right: Box::new(near.right.without_places()),
                distance_chars: near.distance_chars,
                span,
            }),
        }
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
/// words in parentheses. Read again it is the same tree, if it is not too long or too
/// deep for a query: where bare words would be read otherwise, they stand as
/// `word:"…"`.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = Written { node: self, is_quoted: false }.to_string();
        let read = super::syntax::parse(&bare).ok().flatten();
        if read.is_some_and(|read| read.without_places() == self.without_places()) {
            return f.write_str(&bare);
        }
        Written { node: self, is_quoted: true }.fmt(f)
    }
}

/// A tree as text.
#[derive(Clone, Copy)]
struct Written<'a> {
    node: &'a Node,
    /// Whether plain keywords stand in quotation marks.
    is_quoted: bool,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node {
            Node::Keyword(keyword) => self.fmt_keyword(keyword, f),
            Node::Field(field) => field.fmt(f),
            Node::And(children) => self.fmt_joined(f, children, " "),
            Node::Or(children) => self.fmt_joined(f, children, " OR "),
            Node::Not(child) => {
                f.write_str("-")?;
                self.fmt_operand(child, f)
            }
            Node::Near(Near { left, right, distance_chars, .. }) => {
                self.fmt_operand(left, f)?;
                write!(f, " NEAR/{distance_chars} ")?;
                self.fmt_operand(right, f)
            }
        }
    }
}

impl Written<'_> {
    fn fmt_joined(&self, f: &mut fmt::Formatter<'_>, children: &[Node], separator: &str) -> fmt::Result {
        for (at, child) in children.iter().enumerate() {
            if at > 0 {
                f.write_str(separator)?;
            }
            match child {
                // NEAR binds tighter than OR and needs no parentheses.
                Node::Near(_) => write!(f, "{}", Written { node: child, ..*self })?,
                child => self.fmt_operand(child, f)?,
            }
        }
        Ok(())
    }

    /// A node with parentheses where it is more than one leaf.
    fn fmt_operand(&self, node: &Node, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = Written { node, ..*self };
        match node {
            Node::And(_) | Node::Or(_) | Node::Near(_) => write!(f, "({inner})"),
            Node::Not(_) | Node::Keyword(_) | Node::Field(_) => write!(f, "{inner}"),
        }
    }

    fn fmt_keyword(&self, keyword: &Keyword, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Escaped(&keyword.text);
        match keyword.style {
            KeywordStyle::Plain if self.is_quoted => write!(f, "word:\"{text}\""),
            KeywordStyle::Plain => f.write_str(&keyword.text),
            KeywordStyle::Phrase => write!(f, "\"{text}\""),
            KeywordStyle::Raw => write!(f, "raw:\"{text}\""),
            KeywordStyle::Prefix if self.is_quoted => write!(f, "word:\"{text}*\""),
            KeywordStyle::Prefix => write!(f, "{}*", keyword.text),
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
