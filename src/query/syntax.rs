//! Text → tree. Reads what unmistakably is syntax and takes the rest as text.
//!
//! One pass over the characters for each of two steps: items (operands and
//! operators, a group being one operand), then the tree. Which brackets belong
//! together is settled before, so that time is linear in the query's length.

mod groups;
mod joined;
mod marks;
mod tree;

use std::error::Error as StdError;
use std::fmt;

use crate::{Error, ErrorKind, Result};

use super::ast::{Keyword, KeywordStyle, Node, Span};
use super::fields::{self, Field, FieldFilter, FieldValue, half_width_char};
use super::{MAX_DEPTH, MAX_NEAR_CHARS, MAX_TERMS, NEAR_TERMS, PREFIX_TERMS};

use groups::Groups;
use marks::*;
use tree::Tree;

/// Syntax that cannot be read: the cause of an [`ErrorKind::Query`] error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    span: Span,
    message: String,
}

impl SyntaxError {
    /// Where it stands in the query.
    pub fn span(&self) -> Span {
        self.span
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for SyntaxError {}

/// Reads a query; `None` when it has no operand.
pub(super) fn parse(source: &str) -> Result<Option<Node>> {
    let mut parser = Parser { source, groups: Groups::find(source), terms: 0 };
    parser.group(0, source.len(), 0)
}

/// Reads a query as words and nothing else; `None` when it has none.
pub(super) fn parse_words(source: &str) -> Result<Option<Node>> {
    let mut parser = Parser { source, groups: Groups::default(), terms: 0 };
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = parser.skip_white_space(at, source.len()) {
        at = source[start..].find(is_white_space).map_or(source.len(), |length| start + length);
        if source[start..at].contains(char::is_alphanumeric) {
            words.push(parser.keyword(Span::new(start, at), source[start..at].to_owned(), KeywordStyle::Plain)?);
        }
    }
    Ok(Node::all(words))
}

/// What stands in a row: operands, and operators between them.
enum Item {
    Operand(Node),
    Not(Span),
    /// `OR`, `AND`, `NEAR/10`, `|`.
    Binary(Binary, Span),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Binary {
    And,
    Or,
    Near(u32),
}

enum Operator {
    Word(WordOperator),
    BadNear,
    None,
}

enum WordOperator {
    Not,
    Binary(Binary),
}

/// What operator a word is.
fn operator(word: &str) -> Operator {
    const LONGEST_BYTES: usize = "ＮＥＡＲ／０００００００".len();
    if word.len() > LONGEST_BYTES {
        return Operator::None;
    }
    let word = fields::half_width(word);
    match word.as_str() {
        "OR" => return Operator::Word(WordOperator::Binary(Binary::Or)),
        "AND" => return Operator::Word(WordOperator::Binary(Binary::And)),
        "NOT" => return Operator::Word(WordOperator::Not),
        _ => {}
    }
    let Some(distance) = word.strip_prefix("NEAR/") else { return Operator::None };
    match distance.parse::<u32>() {
        Ok(distance @ 1..=MAX_NEAR_CHARS) => Operator::Word(WordOperator::Binary(Binary::Near(distance))),
        _ => Operator::BadNear,
    }
}

/// The field whose name and colon stand at the head of `text`, and the bytes
/// they take. Before a comparison a date's colon may be missing (`日期>=2021`).
fn field_at(text: &str) -> Option<(Field, usize)> {
    let mut end = Field::longest_name_bytes();
    while end < text.len() && !text.is_char_boundary(end) {
        end += 1;
    }
    let mut colon = text.char_indices().take_while(|&(at, _)| at <= end);
    let (at, c) = colon.find(|&(_, c)| is_colon(c) || matches!(half_width_char(c), '>' | '<' | '≥' | '≤'))?;
    let field = Field::from_name(&text[..at])?;
    if is_colon(c) {
        return Some((field, at + c.len_utf8()));
    }
    matches!(field, Field::Date | Field::Written | Field::Published | Field::Effective).then_some((field, at))
}

/// Names before a colon that say how the text behind it is to be found.
const RAW: &str = "raw";
const WORD: &str = "word";

/// Where the value begins of `raw:…` or `word:…` at `start`, if that stands there.
fn named_at(name: &str, source: &str, start: usize, end: usize) -> Option<usize> {
    let found = source[start..end].get(..name.len()).filter(|found| found.eq_ignore_ascii_case(name))?;
    let (_, value) = first_char(source, start + found.len()).filter(|&(c, _)| is_colon(c))?;
    (value < end).then_some(value)
}

/// What stands before the `*` of a prefix: it ends in a Latin letter or a digit.
fn prefix_stem(word: &str) -> Option<&str> {
    let stem = word.strip_suffix(['*', '＊'])?;
    stem.chars().next_back().is_some_and(|c| half_width_char(c).is_ascii_alphanumeric()).then_some(stem)
}

struct Parser<'a> {
    source: &'a str,
    groups: Groups,
    terms: usize,
}

impl Parser<'_> {
    /// Reads `start..end`, the whole query or the inside of parentheses.
    fn group(&mut self, start: usize, end: usize, depth: usize) -> Result<Option<Node>> {
        if depth > MAX_DEPTH {
            let message = format!("parentheses nest more than {MAX_DEPTH} deep");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let items = self.items(start, end, depth)?;
        let items = self.settle_operators(items)?;
        Tree { source: self.source, items: items.into_iter().peekable() }.conjunction()
    }

    fn items(&mut self, start: usize, end: usize, depth: usize) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut at = start;
        while let Some(start) = self.skip_white_space(at, end) {
            let Some((c, behind)) = first_char(self.source, start) else { break };
            if is_bar(c) {
                items.push(Item::Binary(Binary::Or, Span::new(start, behind)));
                at = behind;
                continue;
            }
            if is_minus(c) && self.starts_operand(behind, end) {
                let (node, next) = self.operand(behind, end, depth)?;
                items.extend(node.map(|node| Item::Operand(negate(node))));
                at = next;
                continue;
            }
            let word_end = self.word_end(start, end);
            let word = Span::new(start, word_end);
            match operator(word.of(self.source)) {
                Operator::Word(WordOperator::Not) => items.push(Item::Not(word)),
                Operator::Word(WordOperator::Binary(binary)) => {
                    self.count_terms(if matches!(binary, Binary::Near(_)) { NEAR_TERMS } else { 0 })?;
                    items.push(Item::Binary(binary, word));
                }
                Operator::BadNear => {
                    let expected = format!("NEAR/ and a number from 1 to {MAX_NEAR_CHARS}");
                    return Err(syntax_error(self.source, word, &expected));
                }
                Operator::None => {
                    let (node, next) = self.operand(start, end, depth)?;
                    items.extend(node.map(Item::Operand));
                    at = next;
                    continue;
                }
            }
            at = word_end;
        }
        Ok(items)
    }

    /// Whether an exclusion can begin at `at`, right behind its minus.
    fn starts_operand(&self, at: usize, end: usize) -> bool {
        let inside = &self.source[at..end];
        inside.chars().next().is_some_and(|c| !is_white_space(c) && !is_minus(c) && !is_bar(c))
    }

    fn skip_white_space(&self, at: usize, end: usize) -> Option<usize> {
        self.source[at..end].find(|c| !is_white_space(c)).map(|length| at + length)
    }

    fn word_end(&self, start: usize, end: usize) -> usize {
        let ends_word = |&(at, c): &(usize, char)| {
            is_white_space(c) || is_bar(c) || at > 0 && is_opening(c) && self.parentheses_split(start + at, end)
        };
        self.source[start..end].char_indices().find(ends_word).map_or(end, |(length, _)| start + length)
    }

    fn parentheses_split(&self, open: usize, end: usize) -> bool {
        self.groups.splits_word(open, end) && self.parentheses(open, end).is_some()
    }

    /// Reads a group, a phrase, a field or a word, and says where it ends. `None`
    /// when there is nothing to search for in it.
    fn operand(&mut self, start: usize, end: usize, depth: usize) -> Result<(Option<Node>, usize)> {
        if let Some((open, close)) = self.parentheses(start, end) {
            let behind = first_char(self.source, close).map_or(end, |(_, behind)| behind);
            return Ok((self.group(open, close, depth + 1)?, behind));
        }
        if let Some((text, behind)) = self.phrase(start, end) {
            return Ok((self.phrase_keyword(Span::new(start, behind), text, KeywordStyle::Phrase)?, behind));
        }
        if let Some(value_start) = named_at(RAW, self.source, start, end) {
            if let Some((text, behind)) = self.phrase(value_start, end) {
                return Ok((self.phrase_keyword(Span::new(start, behind), text, KeywordStyle::Raw)?, behind));
            }
            let behind = self.word_end(value_start, end);
            let text = self.source[value_start..behind].to_owned();
            if text.contains(char::is_alphanumeric) {
                return Ok((Some(self.keyword(Span::new(start, behind), text, KeywordStyle::Raw)?), behind));
            }
        }
        if let Some(value_start) = named_at(WORD, self.source, start, end)
            && let Some((text, behind)) = self.phrase(value_start, end)
        {
            return Ok((self.quoted_word(Span::new(start, behind), text)?, behind));
        }
        if let Some((field, behind)) = self.field(start, end)? {
            return Ok((Some(field), behind));
        }
        self.word(start, end)
    }

    /// The inside of parentheses that open at `start`. Brackets with text right
    /// behind them, or around a single word, are text.
    fn parentheses(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let (_, open) = first_char(self.source, start).filter(|&(c, _)| is_opening(c))?;
        let close = self.groups.closing(start).filter(|&close| close < end)?;
        let (_, behind) = first_char(self.source, close)?;
        let is_apart = self.source[behind..end].chars().next().is_none_or(|c| is_white_space(c) || is_bar(c));
        let holds_field = || field_at(&self.source[open..close]).is_some_and(|(_, length)| open + length < close);
        (is_apart && (self.groups.has_separator(open, close) || holds_field())).then_some((open, close))
    }

    /// The text of a phrase whose quote opens at `start`, and the place behind it.
    fn phrase(&self, start: usize, end: usize) -> Option<(String, usize)> {
        let (quote, open) = first_char(self.source, start)?;
        let close = closing_quote(self.source, start).filter(|&close| close < end)?;
        let (_, behind) = first_char(self.source, close)?;
        let is_apart = self.source[behind..end].chars().next().is_none_or(|c| is_white_space(c) || is_bar(c));
        let text = &self.source[open..close];
        let text = || if is_straight_quote(quote) { unescape(text) } else { text.to_owned() };
        is_apart.then(|| (text(), behind))
    }

    fn field(&mut self, start: usize, end: usize) -> Result<Option<(Node, usize)>> {
        let Some((field, name_length)) = field_at(&self.source[start..end]) else { return Ok(None) };
        let Some(value_start) = self.skip_white_space(start + name_length, end) else { return Ok(None) };
        let (text, value_end) = match self.phrase(value_start, end) {
            Some(phrase) => phrase,
            None => {
                let value_end = self.word_end(value_start, end);
                (self.source[value_start..value_end].to_owned(), value_end)
            }
        };
        let is_apart = value_start > start + name_length;
        let begins_otherwise = |c: char| is_minus(c) || is_opening(c) || is_bar(c);
        let is_syntax = !matches!(operator(&text), Operator::None) || text.starts_with(begins_otherwise);
        if !text.contains(char::is_alphanumeric) || is_apart && is_syntax {
            return Ok(None);
        }
        let value: FieldValue = fields::parse_value(field, &text)
            .map_err(|expected| syntax_error(self.source, Span::new(value_start, value_end), &expected))?;
        self.count_terms(1)?;
        let span = Span::new(start, value_end);
        Ok(Some((Node::Field(FieldFilter { field, value, span }), value_end)))
    }

    fn word(&mut self, start: usize, end: usize) -> Result<(Option<Node>, usize)> {
        let mut word_end = self.word_end(start, end);
        let word = &self.source[start..word_end];
        if !word.contains(char::is_alphanumeric) {
            return Ok((None, word_end));
        }
        if let Some(stem) = prefix_stem(word) {
            let keyword = self.keyword(Span::new(start, word_end), stem.to_owned(), KeywordStyle::Prefix)?;
            return Ok((Some(keyword), word_end));
        }
        if let Some(number_end) = self.number_in_two_words(start, word_end, end) {
            word_end = number_end;
        }
        let text = self.source[start..word_end].to_owned();
        Ok((Some(self.keyword(Span::new(start, word_end), text, KeywordStyle::Plain)?), word_end))
    }

    /// The inside of `word:"…"`: what it would be as a word, if nothing in it were
    /// syntax.
    fn quoted_word(&mut self, span: Span, text: String) -> Result<Option<Node>> {
        match prefix_stem(&text) {
            Some(stem) => self.keyword(span, stem.to_owned(), KeywordStyle::Prefix).map(Some),
            None => self.phrase_keyword(span, text, KeywordStyle::Plain),
        }
    }

    fn phrase_keyword(&mut self, span: Span, text: String, style: KeywordStyle) -> Result<Option<Node>> {
        if text.chars().all(is_white_space) {
            return Ok(None);
        }
        self.keyword(span, text, style).map(Some)
    }

    fn keyword(&mut self, span: Span, text: String, style: KeywordStyle) -> Result<Node> {
        self.count_terms(if style == KeywordStyle::Prefix { PREFIX_TERMS } else { 1 })?;
        Ok(Node::Keyword(Keyword { text, span, style }))
    }

    fn count_terms(&mut self, count: usize) -> Result<()> {
        self.terms += count;
        if self.terms > MAX_TERMS {
            let message = format!("the query has more than {MAX_TERMS} keywords and conditions");
            let remedy = format!("ask for less; a prefix counts for {PREFIX_TERMS}, a NEAR for {NEAR_TERMS}");
            return Err(Error::new(ErrorKind::LimitExceeded, message).with_remedy(remedy));
        }
        Ok(())
    }

    /// Makes text of operators that have nothing to work on. Of several in a row
    /// the first one counts.
    fn settle_operators(&mut self, items: Vec<Item>) -> Result<Vec<Item>> {
        let mut settled: Vec<Item> = Vec::with_capacity(items.len());
        let mut items = items.into_iter().peekable();
        while let Some(item) = items.next() {
            match item {
                Item::Operand(_) => settled.push(item),
                Item::Not(_) if matches!(items.peek(), Some(Item::Operand(node)) if !matches!(node, Node::Not(_))) => {
                    settled.push(item);
                }
                Item::Not(span) => settled.push(self.operator_as_text(span)?),
                Item::Binary(_, first_span) => {
                    let mut spans = vec![first_span];
                    while let Some(Item::Binary(_, span)) = items.next_if(|next| matches!(next, Item::Binary(..))) {
                        spans.push(span);
                    }
                    if !settled.is_empty() && items.peek().is_some() {
                        settled.push(item);
                        continue;
                    }
                    for span in spans {
                        if !span.of(self.source).starts_with(is_bar) {
                            settled.push(self.operator_as_text(span)?);
                        }
                    }
                }
            }
        }
        Ok(settled)
    }

    fn operator_as_text(&mut self, span: Span) -> Result<Item> {
        let text = span.of(self.source).to_owned();
        self.keyword(span, text, KeywordStyle::Plain).map(Item::Operand)
    }
}

fn negate(node: Node) -> Node {
    match node {
        Node::Not(inner) => *inner,
        other => Node::Not(Box::new(other)),
    }
}

fn syntax_error(source: &str, span: Span, expected: &str) -> Error {
    let character = source[..span.start].chars().count() + 1;
    let found: String = span.of(source).chars().take(20).collect();
    let message = format!("the query cannot be read at character {character}: expected {expected}, found `{found}`");
    let cause = SyntaxError { span, message: format!("expected {expected}") };
    Error::new(ErrorKind::Query, message)
        .with_source(cause)
        .with_remedy("to search for it as text, put it between quotation marks")
}
