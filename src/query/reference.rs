//! Queries that are nothing but a reference to an article or a document.
//!
//! Which title or number in the index is meant is for `search` to find out.

use super::fields::{Article, half_width};
use super::number::NumberPattern;

/// What a query refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goto {
    /// An article of the document whose title holds all these words:
    /// `民法典 577条`, `《劳动合同法》第三十八条第二款`.
    Article {
        /// The words of the title, without 《》.
        title: Vec<String>,
        /// The article.
        article: Article,
    },
    /// The document with that number: `国发〔2019〕5号`.
    Number(NumberPattern),
}

/// References are short: longer queries are not looked at.
const MAX_REFERENCE_BYTES: usize = 300;

pub(super) fn parse(source: &str) -> Option<Goto> {
    let source = source.trim();
    if source.len() > MAX_REFERENCE_BYTES {
        return None;
    }
    let text = half_width(source);
    article(&text).or_else(|| NumberPattern::parse_whole(&text).map(Goto::Number))
}

/// Title words, then 第…条, with or without 第, 之…, 第…款 and 第…项.
fn article(text: &str) -> Option<Goto> {
    let is_apart = |c: char| c.is_whitespace() || matches!(c, '《' | '》' | '"' | '“' | '”');
    let text = strip_clause(text.trim_end_matches(is_apart));
    let head_end = text.rfind('条')?;
    let before = &text[..head_end];
    let number_start = before
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_ascii_digit() || crate::analysis::numeral::is_numeral(c) || c == ' ')
        .last()
        .map(|(at, _)| at)?;
    let tail: String = text[number_start..].chars().filter(|c| !c.is_whitespace()).collect();
    let article = Article::parse(&tail)?;
    let title = before[..number_start].trim_end().trim_end_matches('第').trim_end_matches("的");
    let title: Vec<String> = title.split(is_apart).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let names_something = title.iter().any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    let is_plain = title.iter().all(|word| !word.starts_with('-') && !word.contains(['|', ':']));
    (names_something && is_plain).then_some(Goto::Article { title, article })
}

/// Without 第…款, 第…项 and 第…目 at the end.
fn strip_clause(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_suffix(['款', '项', '目']) {
        let digits = rest.trim_end_matches(|c: char| {
            c.is_ascii_digit() || crate::analysis::numeral::is_numeral(c) || matches!(c, '(' | ')')
        });
        let Some(rest) = digits.strip_suffix('第') else { break };
        text = rest.trim_end();
    }
    text
}
