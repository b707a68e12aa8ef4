//! Files of records: .json, .jsonl and .csv, one document a record where the
//! records are documents.
//!
//! A record is a document if it has a text, by the caller's names of the fields or
//! by the usual ones. A .csv without one is a table and one document; so is a JSON
//! value that is no list of records.

use std::collections::HashSet;

use serde_json::Value;

use super::{Extracted, Format, HintField, Hints, MAX_NESTING, ParagraphKind, Paragraphs, limits, read};
use crate::document::Origin;
use crate::{Error, ErrorKind, Result};

/// The largest JSON value that is read as a whole, in bytes; lines of JSON are not
/// bound by it.
const MAX_VALUE_BYTES: usize = 96 << 20;

/// Fields that usually hold a record's title, text and name, best first.
const TITLES: &[&str] = &["title", "标题", "题名", "文件标题", "文件名称", "名称", "name", "subject"];
const TEXTS: &[&str] = &["text", "content", "body", "正文", "内容", "全文", "文本", "html", "article"];
const IDS: &[&str] = &["id", "编号", "索引号", "url", "link", "path", "文号"];

/// Which field of a record is what; empty names stand for the usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) title: Option<String>,
    pub(super) text: Option<String>,
    pub(super) id: Option<String>,
    /// Other fields: the name in the record and the label it stands for.
    pub(super) labels: Vec<(String, String)>,
}

/// A record as a document, with the name it goes by.
pub(super) type Each<'e> = dyn FnMut(String, u64, Result<Extracted>) -> Result<()> + 'e;

/// How a text is made of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Json,
    JsonLines,
    Csv,
}

/// Whether a text is made of records. A suffix alone does not make it so.
pub(super) fn shape(text: &str, suffix: &str) -> Option<Shape> {
    let start = text.trim_start_matches('\u{FEFF}').trim_start();
    let is_object =
        |line: &str| line.trim_end().ends_with('}') && serde_json::from_str::<Value>(line).is_ok_and(|v| v.is_object());
    match suffix {
        "csv" | "tsv" => return Some(Shape::Csv),
        "jsonl" | "ndjson" if start.starts_with('{') => return Some(Shape::JsonLines),
        _ => {}
    }
    if start.starts_with('{') && start.lines().take(2).filter(|line| is_object(line)).count() == 2 {
        return Some(Shape::JsonLines);
    }
    let is_named = matches!(suffix, "json" | "geojson" | "jsonl" | "ndjson");
    let may_be = start.starts_with('{') || start.starts_with("[{") || (start.starts_with('[') && is_named);
    let is_valid = || start.len() <= MAX_VALUE_BYTES && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok();
    (may_be && (is_named || is_valid())).then_some(Shape::Json)
}

/// Reads records; `whole` is given what is one document.
pub(super) fn read(text: &str, shape: Shape, mapping: &Mapping, each: &mut Each<'_>) -> Result<Option<Extracted>> {
    let text = text.trim_start_matches('\u{FEFF}');
    match shape {
        Shape::Json => json(text, mapping, each),
        Shape::JsonLines => json_lines(text, mapping, each).map(|()| None),
        Shape::Csv => csv(text, mapping, each),
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Malformed, format!("the JSON is malformed: {error}"))
}

fn json(text: &str, mapping: &Mapping, each: &mut Each<'_>) -> Result<Option<Extracted>> {
    if text.len() > MAX_VALUE_BYTES {
        let message = format!("the JSON value has {} MB, the limit is {} MB", text.len() >> 20, MAX_VALUE_BYTES >> 20);
        return Err(Error::new(ErrorKind::LimitExceeded, message).with_remedy("write one record a line (.jsonl)"));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    // `{"data": [records]}`, too.
    let list = match &value {
        Value::Array(list) => Some(list),
        Value::Object(fields) => {
            let lists: Vec<_> =
                fields.values().filter_map(Value::as_array).filter(|list| is_records(list, mapping)).collect();
            (lists.len() == 1).then(|| lists[0])
        }
        _ => None,
    };
    if let Some(list) = list.filter(|list| is_records(list, mapping)) {
        let mut names = Names::default();
        for (index, record) in list.iter().enumerate() {
            record_of(record, index + 1, mapping, &mut names, each)?;
        }
        return Ok(None);
    }
    document(&value, mapping).map(Some)
}

fn is_records(list: &[Value], mapping: &Mapping) -> bool {
    !list.is_empty() && list.iter().take(50).all(|record| record.is_object() && text_field(record, mapping).is_some())
}

fn json_lines(text: &str, mapping: &Mapping, each: &mut Each<'_>) -> Result<()> {
    let mut names = Names::default();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        limits::renew();
        let number = index + 1;
        match serde_json::from_str::<Value>(line) {
            Ok(record) => record_of(&record, number, mapping, &mut names, each)?,
            Err(error) => each(format!("line {number}"), line.len() as u64, Err(malformed(&error)))?,
        }
    }
    Ok(())
}

/// Names of records: their own, made unique.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn unique(&mut self, own: Option<String>, number: usize) -> String {
        let name = own.map_or_else(|| number.to_string(), |own| own.chars().take(200).collect());
        let name = if self.0.contains(&name) { format!("{name} #{number}") } else { name };
        self.0.insert(name.clone());
        name
    }
}

fn record_of(record: &Value, number: usize, mapping: &Mapping, names: &mut Names, each: &mut Each<'_>) -> Result<()> {
    let own = named(record, mapping.id.as_deref(), IDS).and_then(|name| scalar(&record[name]));
    let result = document(record, mapping);
    let size = result.as_ref().map_or(0, |read| read.paragraphs.iter().map(|p| p.text.len() as u64).sum());
    each(names.unique(own, number), size, result)
}

fn named<'v>(record: &'v Value, wanted: Option<&str>, usual: &[&str]) -> Option<&'v str> {
    let fields = record.as_object()?;
    let find = |name: &str| fields.keys().find(|key| key.trim().eq_ignore_ascii_case(name)).map(String::as_str);
    match wanted {
        Some(name) => find(name),
        None => usual.iter().find_map(|name| find(name).filter(|key| is_filled(&record[*key]))),
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

fn text_field<'v>(record: &'v Value, mapping: &Mapping) -> Option<&'v str> {
    named(record, mapping.text.as_deref(), TEXTS)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(super::paragraphs::clean(text)).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A record with a text, or any value as text.
fn document(record: &Value, mapping: &Mapping) -> Result<Extracted> {
    let Some(text) = text_field(record, mapping) else { return plain(record) };
    let source = joined(&record[text]);
    let mut extracted = read::text_of_record(&source)?;
    let title = named(record, mapping.title.as_deref(), TITLES);
    let mut fields = Vec::new();
    for (name, value) in record.as_object().into_iter().flatten() {
        let Some(value) = scalar(value).filter(|_| name != text) else { continue };
        let mapped = mapping.labels.iter().find(|(field, _)| field == name).map(|(_, label)| label.as_str());
        let label = if Some(name.as_str()) == title { "标题" } else { mapped.unwrap_or(name) };
        let label: String = super::paragraphs::clean(label).chars().filter(|c| !c.is_whitespace()).collect();
        if !label.is_empty() {
            fields.push(HintField { label, value, origin: Origin::FrontMatter });
        }
    }
    fields.append(&mut extracted.hints.fields);
    extracted.hints.fields = fields;
    extracted.format = Format::Json;
    Ok(extracted)
}

/// A text, or a list of its paragraphs.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(joined).collect::<Vec<_>>().join("\n"),
        other => scalar(other).unwrap_or_default(),
    }
}

/// Any value: each text in it a line, with the name it goes by.
fn plain(value: &Value) -> Result<Extracted> {
    let mut paragraphs = Paragraphs::new();
    let mut line = 0;
    write(value, "", 0, &mut line, &mut paragraphs)?;
    Ok(Extracted { format: Format::Json, paragraphs: paragraphs.into_vec(), ..Extracted::default() })
}

fn write(value: &Value, name: &str, depth: usize, line: &mut u32, out: &mut Paragraphs) -> Result<()> {
    if depth > MAX_NESTING {
        return Err(Error::new(ErrorKind::LimitExceeded, format!("values are nested deeper than {MAX_NESTING}")));
    }
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| write(value, name, depth + 1, line, out)),
        Value::Array(list) => list.iter().try_for_each(|value| write(value, name, depth + 1, line, out)),
        other => {
            let text = joined(other);
            let prefix = if name.is_empty() { String::new() } else { format!("{name} ") };
            for part in format!("{prefix}{text}").lines().filter(|_| !text.trim().is_empty()) {
                *line = line.saturating_add(1);
                out.push(part, *line, ParagraphKind::Text)?;
            }
            Ok(())
        }
    }
}

fn csv(text: &str, mapping: &Mapping, each: &mut Each<'_>) -> Result<Option<Extracted>> {
    let delimiter = delimiter(text);
    let mut rows = Rows { rest: text, delimiter, line: 1 };
    let Some((_, header)) = rows.next() else {
        return Err(Error::new(ErrorKind::Empty, "the table is empty"));
    };
    let empty: serde_json::Map<String, Value> =
        header.iter().map(|name| (name.trim().to_owned(), Value::String("-".to_owned()))).collect();
    let sample = Value::Object(empty);
    let has_title = named(&sample, mapping.title.as_deref(), TITLES).is_some();
    if text_field(&sample, mapping).is_some() && has_title {
        let mut names = Names::default();
        for (line, row) in rows {
            limits::renew();
            let pairs = header.iter().zip(row).map(|(name, cell)| (name.trim().to_owned(), Value::String(cell)));
            let record = Value::Object(pairs.collect());
            record_of(&record, line as usize, mapping, &mut names, &mut |name, size, result| {
                each(name, size, result.map(|read| Extracted { format: Format::Csv, ..read }))
            })?;
        }
        return Ok(None);
    }
    let mut paragraphs = Paragraphs::new();
    paragraphs.push_row(header.iter().map(String::as_str), 1)?;
    for (line, row) in rows {
        let cells = super::rows::labelled(&header, &row);
        paragraphs.push_row(cells.iter().map(String::as_str), line)?;
    }
    let hints = Hints::default();
    Ok(Some(Extracted { format: Format::Csv, encoding: None, paragraphs: paragraphs.into_vec(), hints }))
}

/// The separator that the first lines have most of.
fn delimiter(text: &str) -> char {
    let head: Vec<&str> = text.lines().take(10).collect();
    let count = |c: char| head.iter().map(|line| line.matches(c).count()).sum::<usize>();
    [',', '\t', ';', '|', '，'].into_iter().max_by_key(|c| (count(*c), *c == ',')).unwrap_or(',')
}

/// The rows of a table with the lines where they begin; quoted cells may hold
/// separators and line breaks.
struct Rows<'t> {
    rest: &'t str,
    delimiter: char,
    line: u32,
}

impl Iterator for Rows<'_> {
    type Item = (u32, Vec<String>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let start = self.line;
        let mut row = Vec::new();
        let mut cell = String::new();
        let mut is_quoted = false;
        let mut chars = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            self.line += u32::from(c == '\n');
            match c {
                '"' if is_quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' if is_quoted || cell.trim().is_empty() => is_quoted = !is_quoted,
                '\n' if !is_quoted => {
                    end = at + 1;
                    break;
                }
                c if c == self.delimiter && !is_quoted => row.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        row.push(cell.trim_end_matches('\r').to_owned());
        self.rest = &self.rest[end..];
        Some((start, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str, suffix: &str, mapping: &Mapping) -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        let shape = shape(text, suffix).unwrap();
        let whole = read(text, shape, mapping, &mut |name, _, result| {
            let read = result.unwrap();
            let title = read.hints.fields.iter().find(|field| field.label == "标题").map(|field| field.value.clone());
            let text: Vec<&str> = read.paragraphs.iter().map(|p| p.text.as_str()).collect();
            found.push((name, title.unwrap_or_default(), text.join("|")));
            Ok(())
        });
        if let Some(whole) = whole.unwrap() {
            let text: Vec<&str> = whole.paragraphs.iter().map(|p| p.text.as_str()).collect();
            found.push(("whole".to_owned(), String::new(), text.join("|")));
        }
        found
    }

    fn row(name: &str, title: &str, text: &str) -> (String, String, String) {
        (name.to_owned(), title.to_owned(), text.to_owned())
    }

    #[test]
    fn every_record_is_a_document() {
        let lines = "{\"id\": 7, \"标题\": \"通知\", \"正文\": \"一、总则\\n为了。\"}\n\n{\"标题\": \"函\", \"正文\": \"<p>甲</p><p>乙</p>\"}\n";
        let mapping = Mapping::default();
        let wanted = [row("7", "通知", "一、总则|为了。"), row("3", "函", "甲|乙")];
        #[cfg(feature = "html")]
        assert_eq!(documents(lines, "jsonl", &mapping), wanted);
        let list = "{\"total\": 2, \"data\": [{\"title\": \"通知\", \"content\": [\"甲\", \"乙\"]}]}";
        assert_eq!(documents(list, "json", &mapping), [row("1", "通知", "甲|乙")]);
        let _ = wanted;
    }

    #[test]
    fn fields_can_be_named() {
        let mapping = Mapping { title: Some("wjm".to_owned()), text: Some("nr".to_owned()), ..Mapping::default() };
        assert_eq!(documents("[{\"wjm\": \"通知\", \"nr\": \"甲\"}]", "json", &mapping), [row("1", "通知", "甲")]);
    }

    #[test]
    fn tables_are_records_only_with_a_text() {
        let table = "标题,正文\r\n通知,\"甲，\"\"乙\"\"\n丙\"\r\n";
        assert_eq!(documents(table, "csv", &Mapping::default()), [row("2", "通知", "甲，\"乙\"|丙")]);
        let table = "项目;金额\n氢能;500\n";
        assert_eq!(documents(table, "csv", &Mapping::default()), [row("whole", "", "项目\t金额|项目 氢能\t金额 500")]);
    }

    #[test]
    fn other_values_are_text() {
        assert_eq!(
            documents("{\"a\": {\"b\": \"甲\"}, \"c\": [1, 2]}", "json", &Mapping::default()),
            [row("whole", "", "b 甲|c 1|c 2")]
        );
        assert_eq!(shape("{通知} 正文", "txt"), None);
        assert_eq!(shape("[通知] 正文", "txt"), None);
    }
}
