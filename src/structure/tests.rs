//! Snippets with the outline or the field that a reader sees in them, right and
//! wrong side of each rule. All expectations are written by hand.

mod citations;
mod fields;
mod hostile;
mod outlines;
mod wrapped;

use std::path::Path;

use crate::Document;
use crate::document::Date;
use crate::extract;

/// The document of a plain text, read on 2024-06-01.
fn read(text: &str) -> Document {
    read_as(text, "page.txt")
}

fn read_as(text: &str, name: &str) -> Document {
    let extracted = extract::extract(text.as_bytes(), Path::new(name)).unwrap();
    super::parse_on(&extracted, Path::new(name), Date::new(2024, 6, 1).unwrap())
}

/// `1 一、总体要求`: level, label and heading of every section but the front.
fn outline(document: &Document) -> Vec<String> {
    let named = document.sections.iter().filter(|section| section.level > 0);
    named.map(|section| format!("{} {}", section.level, section.full_heading())).collect()
}

/// Compares the outlines of many snippets and names all that differ.
fn check_outlines(cases: &[(&str, &str, &[&str])]) {
    let mut wrong = String::new();
    for (rule, text, expected) in cases {
        let found = outline(&read(text));
        if found != *expected {
            wrong.push_str(&format!("{rule}\n  expected {expected:?}\n  got      {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
