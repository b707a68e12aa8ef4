//! Metadata against what is known of a page: `PAGE.json` beside `PAGE.html` holds
//! its seven fields. Each page is read twice: as it is, and as bare text with its
//! header table cut off.

use std::collections::BTreeMap;
use std::path::Path;

use gongwen::document::{Date, Document, DocumentNumber};
use gongwen::extract::{self, Extracted, ParagraphKind};
use gongwen::structure;
use serde_json::Value;

const FIELDS: [&str; 7] = ["title", "agency", "number", "index_number", "topic", "written", "published"];

/// Whether a file holds the fields of the page beside it.
pub fn is_truth(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && path.with_extension("html").exists()
}

/// How often each field was right, of how many, and what was wrong.
#[derive(Default)]
pub struct Truth {
    right: BTreeMap<(&'static str, &'static str), (usize, usize)>,
    wrong: Vec<String>,
}

impl Truth {
    /// Compares a page with the JSON file beside it, if there is one.
    pub fn add(&mut self, path: &Path, extracted: &Extracted) {
        let Ok(bytes) = std::fs::read(path.with_extension("json")) else { return };
        let Ok(expected) = serde_json::from_slice::<Value>(&bytes) else { return };
        self.compare("page", path, &structure::parse(extracted, path), &expected);
        if let Ok(bare) = extract::extract_text(&bare_text(extracted)) {
            self.compare("bare", path, &structure::parse(&bare, Path::new("page.txt")), &expected);
        }
    }

    fn compare(&mut self, reading: &'static str, path: &Path, document: &Document, expected: &Value) {
        for field in FIELDS {
            // Without its header table a page says these nowhere.
            if reading == "bare" && matches!(field, "index_number" | "topic" | "published") {
                continue;
            }
            let Some(expected) = expected[field].as_str().filter(|value| !value.is_empty()) else { continue };
            let found = value(document, field);
            let (right, all) = self.right.entry((reading, field)).or_default();
            *all += 1;
            if normalized(field, &found) == normalized(field, expected) {
                *right += 1;
            } else {
                self.wrong.push(format!("{reading} {} {field}: {found:?}, expected {expected:?}", path.display()));
            }
        }
    }

    pub fn print(&self) {
        if self.right.is_empty() {
            return;
        }
        println!("fields against the .json beside a page (right of all)");
        for ((reading, field), (right, all)) in &self.right {
            println!("  {reading}  {field:<14}{right:>4} of {all}");
        }
        for wrong in &self.wrong {
            println!("  {wrong}");
        }
    }
}

fn value(document: &Document, field: &str) -> String {
    let metadata = &document.metadata;
    let value = match field {
        "title" => Some(document.title.clone()),
        "agency" => metadata.agency.clone(),
        "number" => metadata.number.as_ref().map(ToString::to_string),
        "index_number" => metadata.index_number.clone(),
        "topic" => metadata.topic.clone(),
        "written" => metadata.written.map(|date| date.to_string()),
        _ => metadata.published.map(|date| date.to_string()),
    };
    value.unwrap_or_default()
}

/// One form of dates, numbers, white space and list separators.
fn normalized(field: &str, value: &str) -> String {
    match field {
        "written" | "published" => Date::parse(value).map_or(value.to_owned(), |date| date.to_string()),
        "number" => DocumentNumber::parse(value).map_or(value.to_owned(), |number| number.canonical),
        "agency" => value.split([' ', '、', '\u{3000}']).collect(),
        _ => value.chars().filter(|c| !c.is_whitespace()).collect(),
    }
}

/// The text of a page without its header table.
fn bare_text(extracted: &Extracted) -> String {
    let is_header = |text: &str| {
        ["索引号", "主题分类", "发文机关", "成文日期", "发文字号", "发布日期", "标题"].iter().any(|label| {
            let compact: String = text.chars().filter(|c| !c.is_whitespace()).take(8).collect();
            compact.starts_with(label)
        })
    };
    let lines: Vec<&str> = extracted
        .paragraphs
        .iter()
        .filter(|paragraph| !(paragraph.kind == ParagraphKind::TableRow && is_header(&paragraph.text)))
        .map(|paragraph| paragraph.text.as_str())
        .collect();
    lines.join("\n")
}
