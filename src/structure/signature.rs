//! The lines of body and date that close a letter, and the 印发 line under it.

use std::ops::Range;

use crate::document::Date;

use super::agency;
use super::lines::Line;
use super::parts::date_behind_agency;
use super::text::{date_line, is_agency_line, is_longer};

/// A signature.
#[derive(Debug, PartialEq)]
pub(super) struct Signature {
    pub agency: Option<String>,
    pub date: Date,
    pub original: String,
    pub confidence: f32,
    /// `青屿市人民政府办公室　2021年5月18日印发`.
    pub printed: Option<(Date, String)>,
}

/// The signature in these lines: the first date under the name of a body, else a
/// date alone near the end.
pub(super) fn find(lines: &[Line], range: Range<usize>) -> Option<Signature> {
    const MAX_BODIES: usize = 8;
    const END_LINES: usize = 15;
    let printed = lines[range.clone()].iter().rev().take(END_LINES).find_map(|line| printed(&line.text));
    for at in range.clone() {
        let text = lines[at].text.as_ref();
        if let Some(date) = date_line(text) {
            let names: Vec<&str> = lines[range.start..at]
                .iter()
                .rev()
                .take(MAX_BODIES)
                .map(|line| line.text.as_ref())
                .take_while(|text| is_agency_line(text))
                .collect();
            if names.is_empty() {
                continue;
            }
            let names: Vec<String> = names.iter().rev().map(|name| agency::join(name)).collect();
            return Some(Signature {
                agency: Some(names.join("、")),
                date,
                original: text.to_owned(),
                confidence: 0.9,
                printed,
            });
        }
        if let Some((name, behind)) = date_behind_agency(text)
            && let Some(date) = Date::parse(behind)
        {
            return Some(Signature {
                agency: Some(agency::join(name)),
                date,
                original: text.to_owned(),
                confidence: 0.85,
                printed,
            });
        }
    }
    let at_end = range.end.saturating_sub(END_LINES).max(range.start)..range.end;
    let date = |line: &Line| -> Option<(Date, String)> {
        let date = date_line(&line.text).filter(|date| date.month().is_some())?;
        Some((date, line.text.clone().into_owned()))
    };
    // A speech or a report has its date under the title.
    let at_top = range.start..range.end.min(range.start + 5);
    let (date, original) = lines[at_end].iter().rev().find_map(date).or_else(|| lines[at_top].iter().find_map(date))?;
    Some(Signature { agency: None, date, original, confidence: 0.6, printed })
}

/// The date in a line that ends in 印发.
fn printed(text: &str) -> Option<(Date, String)> {
    let text = text.trim();
    let body = text.strip_suffix("印发").filter(|_| !is_longer(text, 80))?;
    let (range, date) = Date::find_all(body).last()?;
    (range.end == body.trim_end().len()).then(|| (date, text.to_owned()))
}
