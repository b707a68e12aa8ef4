//! Names that a document gives to what it speaks of:
//! 建设先行示范区（以下简称“示范区”）. In that document, 示范区 is an occurrence of
//! 先行示范区.
//!
//! The index marks the sections that hold such a definition, so a keyword costs
//! one intersection, and only definitions of that very keyword are read.

use crate::analysis::fold;
use crate::index::schema::DEFINES;
use crate::query::KeywordStyle;

use super::bits::Bits;
use super::plan::{Leaf, Phrase};
use super::segment::SegmentView;

/// Definitions of one keyword that are followed in one segment.
const MAX_DEFINITIONS: usize = 200;

/// Longest short form, in characters.
const MAX_SHORT_CHARS: usize = 20;

/// What stands between the bracket and the short form.
const INTRODUCTIONS: &[&str] = &["以下简称", "以下统称", "以下合称", "以下称", "下称", "简称", "统称"];

/// What one document calls a keyword.
pub(crate) struct Abbreviation {
    /// The document's record.
    pub document: u32,
    /// The short form, folded.
    pub text: String,
    /// The same as a phrase.
    pub phrase: Phrase,
    /// The sections of the document that hold it.
    pub sections: Bits,
}

/// The abbreviations of a keyword; `text` is where it occurs itself.
pub(super) fn find(leaf: &Leaf, text: &Bits, view: &SegmentView<'_>) -> tantivy::Result<Vec<Abbreviation>> {
    let mut found: Vec<Abbreviation> = Vec::new();
    if leaf.style != KeywordStyle::Plain || leaf.text.chars().nth(2).is_none() {
        return Ok(found);
    }
    let mut defining = Bits::empty(view.max_doc());
    view.term(view.fields().label, DEFINES, &mut defining)?;
    defining.and(text);
    for record in defining.iter().take(MAX_DEFINITIONS) {
        let document = view.document_of(record);
        for short in short_forms(&leaf.text, view.record(record)?.text()) {
            let phrase = Phrase::new(&short);
            if found.iter().any(|known| known.document == document && known.phrase.terms == phrase.terms) {
                continue;
            }
            let mut anywhere = Bits::empty(view.max_doc());
            view.phrase(view.fields().chars, &phrase.terms, &mut anywhere)?;
            let mut sections = Bits::empty(view.max_doc());
            let range = view.records_of(document);
            sections.insert_range(range.start, range.end);
            sections.and(&anywhere);
            found.push(Abbreviation { document, text: short, phrase, sections });
        }
    }
    Ok(found)
}

/// The short forms that `text` gives right behind `keyword`, folded.
fn short_forms(keyword: &str, text: &str) -> Vec<String> {
    let letters = |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
    let (keyword, text) = (letters(keyword), letters(text));
    let mut forms = Vec::new();
    for (at, _) in text.match_indices(&keyword) {
        // A title is named inside its brackets: 《数据安全法》（以下简称…）.
        let behind = text[at + keyword.len()..].trim_start_matches(['》', '"', '\'']);
        let Some(inside) = behind.strip_prefix('(') else { continue };
        let inside = &inside[..inside.find(')').unwrap_or(inside.len())];
        let Some(rest) = INTRODUCTIONS.iter().find_map(|introduction| inside.strip_prefix(introduction)) else {
            continue;
        };
        for form in rest.trim_start_matches(['为', ':', ',']).split(['或', '、', ',']) {
            let form = form.trim_matches(['"', '\'', '《', '》']);
            let length = form.chars().count();
            if (2..=MAX_SHORT_CHARS).contains(&length) && form != keyword && !forms.iter().any(|known| known == form) {
                forms.push(form.to_owned());
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::short_forms;

    #[test]
    fn the_short_form_stands_behind_the_keyword() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("先行示范区", "建设先行示范区（以下简称“示范区”）。", &["示范区"]),
            ("先行示范区", "建设先行示范区 (以下 简称：示范区)", &["示范区"]),
            ("数据安全法", "依照《中华人民共和国数据安全法》（以下简称《数安法》）", &["数安法"]),
            ("求雨岭产业园", "求雨岭产业园（以下简称“园区”或“产业园”）", &["园区", "产业园"]),
            ("示范区", "建设示范区的单位（以下简称“建设单位”）", &[]),
            ("先行示范区", "先行示范区（示范区）", &[]),
            ("管理办法", "《管理办法》（以下简称“管理办法”）", &[]),
        ];
        for (keyword, text, expected) in cases {
            assert_eq!(short_forms(keyword, text), *expected, "{text}");
        }
    }
}
