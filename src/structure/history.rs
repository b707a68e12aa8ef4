//! The history under a law's title: when it was passed, published, amended and
//! came into force.

use crate::document::{Date, DocumentNumber};

use super::agency;
use super::front::{EVENTS, Front, is_history};
use super::lines::Line;
use super::numbering;

/// What the history says.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The lines as written.
    pub lines: Vec<String>,
    /// Field, date and the words they come from.
    pub dates: Vec<(&'static str, Date, String)>,
    pub number: Option<(DocumentNumber, String)>,
    pub agency: Option<(String, String)>,
}

const MAX_LINES: usize = 60;

/// Reads the history lines that stand under the title.
pub(super) fn read(lines: &[Line], front: &Front) -> History {
    let mut history = History::default();
    let from = front.title_lines.end;
    for line in lines.iter().skip(from).take(MAX_LINES) {
        let text = line.text.as_ref();
        if !is_history(text) {
            let is_text = numbering::read(text).is_some() || text.ends_with('。');
            // A wrapped title inside a line of history may stand between two of them.
            if is_text || history.lines.is_empty() && line.text.len() > 300 {
                break;
            }
            continue;
        }
        read_events(&mut history, text);
        history.lines.push(text.to_owned());
    }
    history
}

fn read_events(history: &mut History, text: &str) {
    let dates: Vec<(std::ops::Range<usize>, Date)> = Date::find_all(text).take(100).collect();
    for (index, (range, date)) in dates.iter().enumerate() {
        let end = dates.get(index + 1).map_or(text.len(), |(next, _)| next.start);
        let event = &text[range.end..end];
        if !EVENTS.iter().any(|word| event.contains(word)) {
            continue;
        }
        let original = text[range.start..end]
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '，' | '）' | ')' | '（' | '('));
        let is_amendment =
            ["修订", "修正", "修改", "《"].iter().any(|word| event.contains(word)) && !history.dates.is_empty();
        let mut add = |field: &'static str| {
            let known = history.dates.iter_mut().find(|(known, ..)| *known == field);
            match known {
                // It may be amended again and come into force anew; the rest happens once.
                Some(known) if matches!(field, "effective" | "amended") && known.1 <= *date => {
                    *known = (field, *date, original.to_owned())
                }
                Some(_) => {}
                None => history.dates.push((field, *date, original.to_owned())),
            }
        };
        if is_amendment {
            add("amended");
        }
        if !is_amendment && (event.contains("通过") || event.contains("批准")) {
            add("written");
        }
        if !is_amendment && ["公布", "发布", "颁布"].iter().any(|word| event.contains(word)) {
            add("published");
        }
        if ["施行", "实施", "生效", "执行"].iter().any(|word| event.contains(word)) {
            add("effective");
        }
        if history.number.is_none()
            && !is_amendment
            && let Some((_, number)) = DocumentNumber::find(event)
        {
            history.number = Some((number, original.to_owned()));
        }
        if history.agency.is_none() {
            history.agency = agency::of_event(event).map(|name| (name, original.to_owned()));
        }
    }
}
