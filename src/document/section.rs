//! A numbered part of a document: the unit that is indexed and returned.

use serde::{Deserialize, Serialize};

use super::DocumentNumber;
use super::genre::named_enum;

/// A part of a document with its own text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Place in reading order, from 0 (the front).
    pub ordinal: u32,
    /// Depth in the outline: 0 for the front, 1 for a top section, and so on.
    pub level: u8,
    /// The number as a reader writes it, brackets full-width: `一、` `（三）` `1.`
    /// `第十二条` `第十八条之一` `附件1`. Empty when there is none.
    pub label: String,
    /// The heading without its label, without closing punctuation: `总则`. Empty
    /// for an article, whose text follows its label at once.
    pub heading: String,
    /// The ancestors' `label` + `heading`, outermost first, this section not
    /// included: `["第二章 执业注册"]`, `["一、2021年工作总结"]`. After a label
    /// that ends in a character (第二章, 附件1) stands one space.
    pub path: Vec<String>,
    /// First line in the extracted text, from 1.
    pub line: u32,
    /// The text, verbatim, from label and heading to the next section;
    /// paragraphs are separated by `\n`.
    pub text: String,
    /// Numbered items inside the text that are no sections of their own
    /// （项 and 目 of an article）, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

impl Section {
    /// The label and heading as one string: `（三）坚持以…`, `第二章 执业注册`.
    pub fn full_heading(&self) -> String {
        join_heading(&self.label, &self.heading)
    }
}

/// `label` + `heading`, with a space where the label does not end in punctuation.
pub(crate) fn join_heading(label: &str, heading: &str) -> String {
    // ① counts as a number and needs no space behind it.
    let is_letter = |c: char| {
        c.is_alphanumeric() && !matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{32bf}')
    };
    let needs_space = !label.is_empty() && !heading.is_empty() && label.chars().next_back().is_some_and(is_letter);
    if needs_space { format!("{label} {heading}") } else { format!("{label}{heading}") }
}

/// A numbered item inside a section's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The number, brackets full-width: `（二）`, `1.`.
    pub label: String,
    /// 1 for 项, 2 for 目 within the item before it.
    pub level: u8,
    /// Where it begins in the section's text, in characters.
    pub start: u32,
}

named_enum! {
    /// What a citation does to the document cited.
    Relation {
        /// Names it.
        Mentions = "引用",
        /// Rests on it: 根据《…》.
        BasedOn = "依据",
        /// Issues or passes it on: 印发《…》.
        Issues = "印发",
        /// Changes its text.
        Amends = "修改",
        /// Ends its force.
        Repeals = "废止",
    }
}

/// A reference to another document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// The title between 《 and 》 on one line, nested 〈〉 kept; the full one where
    /// the document declares a short form of it. Empty for a bare document number.
    pub title: String,
    /// The document number behind it, if one stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<DocumentNumber>,
    /// The articles cited, as written: `第二十三条第二款`, `第五条、第六条`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What the citation does.
    pub relation: Relation,
    /// For 修改 and 废止, the sentence that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// Ordinal of the section that cites.
    pub ordinal: u32,
    /// Where 《 (or the number) stands in that section's text, in characters.
    pub start: u32,
}
