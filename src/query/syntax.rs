//! Text → tree. Reads what unmistakably is syntax and takes the rest as text.
//!
//! One pass over the characters for each of two steps: items (operands and
//! operators, a group being one operand), then the tree. Which brackets belong
//! together is settled before, so that time is linear in the query's length.

mod joined;

use std::error::Error as StdError;
use std::fmt;

use crate::{Error, ErrorKind, Result};

use super::ast::{Keyword, KeywordStyle, Near, Node, Span};
use super::fields::{self, Field, FieldFilter, FieldValue, half_width_char};
use super::{MAX_DEPTH, MAX_NEAR_CHARS, MAX_TERMS, NEAR_TERMS, PREFIX_TERMS};

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

/// Whether a plain word would be read as syntax if it stood between others.
pub(super) fn reads_as_syntax(word: &str) -> bool {
    let field_without_value = word.ends_with([':', '：']) && field_at(word).is_some();
    field_without_value || matches!(operator(word), Operator::Word(_) | Operator::BadNear)
}

/// White space, and the characters without width that come along with pasted text.
fn is_white_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜')
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－')
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_closing(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

fn is_straight_quote(c: char) -> bool {
    matches!(c, '"' | '＂')
}

fn is_curly_quote(c: char) -> bool {
    matches!(c, '“' | '”')
}

fn is_quote(c: char) -> bool {
    is_straight_quote(c) || is_curly_quote(c)
}

/// The first character and the place behind it.
fn first_char(source: &str, at: usize) -> Option<(char, usize)> {
    source[at..].chars().next().map(|c| (c, at + c.len_utf8()))
}

/// Where the phrase that opens at `open` closes: the next quote of the same
/// kind, `None` when there is none. A backslash keeps a straight quote from closing.
fn closing_quote(source: &str, open: usize) -> Option<usize> {
    let (quote, start) = first_char(source, open).filter(|&(c, _)| is_quote(c))?;
    let is_straight = is_straight_quote(quote);
    let mut is_escaped = false;
    for (at, c) in source[start..].char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if is_straight && c == '\\' {
            let next = first_char(source, start + at + 1);
            is_escaped = next.is_some_and(|(next, _)| next == '\\' || is_straight_quote(next));
        } else if is_straight && is_straight_quote(c) || !is_straight && is_curly_quote(c) {
            return Some(start + at);
        }
    }
    None
}

/// Text between quotes without the backslashes.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let escapes = c == '\\' && next.is_some_and(|next| next == '\\' || is_straight_quote(next));
        plain.push(if escapes { chars.next().unwrap_or(c) } else { c });
    }
    plain
}

/// Which brackets belong together, and where characters stand that make a group
/// more than one word.
#[derive(Default)]
struct Groups {
    /// Opening and closing bracket, by the opening one.
    pairs: Vec<(usize, usize)>,
    /// White space, bars and quotes, ascending.
    separators: Vec<usize>,
    /// Bars and `OR`, ascending.
    alternatives: Vec<usize>,
}

impl Groups {
    fn find(source: &str) -> Self {
        let mut groups = Groups::default();
        let mut open = Vec::new();
        let mut before = ' ';
        let mut phrase_end = 0;
        for (at, c) in source.char_indices() {
            let starts_word = is_white_space(before) || is_opening(before) || is_bar(before) || is_minus(before);
            if is_white_space(c) || is_bar(c) || is_quote(c) {
                groups.separators.push(at);
            }
            if at < phrase_end {
                before = c;
                continue;
            }
            let is_or = c == 'O' && is_white_space(before) && source[at..].starts_with("OR ");
            if is_or || is_bar(c) {
                groups.alternatives.push(at);
            }
            if is_quote(c) && (starts_word || is_colon(before)) {
                phrase_end = closing_quote(source, at).filter(|&close| ends_phrase(source, close)).unwrap_or(0);
            } else if is_opening(c) {
                open.push(at);
            } else if is_closing(c) {
                groups.pairs.extend(open.pop().map(|open| (open, at)));
            }
            before = c;
        }
        groups.pairs.sort_unstable();
        groups
    }

    fn closing(&self, open: usize) -> Option<usize> {
        let found = self.pairs.binary_search_by_key(&open, |&(open, _)| open).ok()?;
        Some(self.pairs[found].1)
    }

    fn has_separator(&self, start: usize, end: usize) -> bool {
        is_any_within(&self.separators, start, end)
    }

    /// Whether the bracket at `open` begins a group in spite of the text right
    /// before it: it is closed and holds alternatives, as in 应急（预案 OR 演练）.
    fn splits_word(&self, open: usize, end: usize) -> bool {
        self.closing(open).is_some_and(|close| close < end && is_any_within(&self.alternatives, open, close))
    }
}

fn is_any_within(ascending: &[usize], start: usize, end: usize) -> bool {
    let first = ascending.partition_point(|&at| at < start);
    ascending.get(first).is_some_and(|&at| at < end)
}

fn ends_phrase(source: &str, close: usize) -> bool {
    let Some((_, behind)) = first_char(source, close) else { return false };
    first_char(source, behind).is_none_or(|(c, _)| is_white_space(c) || is_bar(c) || is_closing(c))
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
        if let Some((style_start, style)) = self.raw_at(start, end) {
            if let Some((text, behind)) = self.phrase(style_start, end) {
                return Ok((self.phrase_keyword(Span::new(start, behind), text, style)?, behind));
            }
            let behind = self.word_end(style_start, end);
            let text = self.source[style_start..behind].to_owned();
            if text.contains(char::is_alphanumeric) {
                return Ok((Some(self.keyword(Span::new(start, behind), text, style)?), behind));
            }
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

    fn raw_at(&self, start: usize, end: usize) -> Option<(usize, KeywordStyle)> {
        let inside = &self.source[start..end];
        let name = inside.get(..3).filter(|name| name.eq_ignore_ascii_case("raw"))?;
        let (_, value) = first_char(self.source, start + name.len()).filter(|&(c, _)| is_colon(c))?;
        (value < end).then_some((value, KeywordStyle::Raw))
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
        let stem = word.strip_suffix(['*', '＊']).unwrap_or("");
        if stem.chars().next_back().is_some_and(|c| half_width_char(c).is_ascii_alphanumeric()) {
            let keyword = self.keyword(Span::new(start, word_end), stem.to_owned(), KeywordStyle::Prefix)?;
            return Ok((Some(keyword), word_end));
        }
        if let Some(number_end) = self.number_in_two_words(start, word_end, end) {
            word_end = number_end;
        }
        let text = self.source[start..word_end].to_owned();
        Ok((Some(self.keyword(Span::new(start, word_end), text, KeywordStyle::Plain)?), word_end))
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

/// Items → tree; the operators in it all have their operands.
struct Tree<'a> {
    source: &'a str,
    items: std::iter::Peekable<std::vec::IntoIter<Item>>,
}

impl Tree<'_> {
    fn conjunction(mut self) -> Result<Option<Node>> {
        let mut all = Vec::new();
        while self.items.peek().is_some() {
            if self.next_if(Binary::And).is_none() {
                all.extend(self.disjunction()?);
            }
        }
        Ok(Node::all(all))
    }

    fn disjunction(&mut self) -> Result<Option<Node>> {
        let mut any = Vec::new();
        any.extend(self.neighbours()?);
        while self.next_if(Binary::Or).is_some() {
            any.extend(self.neighbours()?);
        }
        Ok(Node::any(any))
    }

    fn neighbours(&mut self) -> Result<Option<Node>> {
        let Some(mut left) = self.operand() else { return Ok(None) };
        let mut pairs = Vec::new();
        while let Some(&Item::Binary(Binary::Near(distance_chars), span)) = self.items.peek() {
            self.items.next();
            let Some(right) = self.operand() else { break };
            if !can_be_near(&left) || !can_be_near(&right) {
                return Err(syntax_error(self.source, span, "a keyword, or keywords joined by OR, on both sides"));
            }
            let near = Near { left: Box::new(left), right: Box::new(right.clone()), distance_chars, span };
            pairs.push(Node::Near(near));
            left = right;
        }
        Ok(if pairs.is_empty() { Some(left) } else { Node::all(pairs) })
    }

    fn operand(&mut self) -> Option<Node> {
        match self.items.next()? {
            Item::Operand(node) => Some(node),
            Item::Not(_) => self.operand().map(negate),
            // Unreachable once operators are settled; nothing is lost by skipping.
            Item::Binary(..) => self.operand(),
        }
    }

    fn next_if(&mut self, wanted: Binary) -> Option<Item> {
        self.items.next_if(|item| matches!(item, Item::Binary(binary, _) if *binary == wanted))
    }
}

fn can_be_near(node: &Node) -> bool {
    match node {
        Node::Keyword(_) => true,
        Node::Or(children) => children.iter().all(|child| matches!(child, Node::Keyword(_))),
        _ => false,
    }
}
