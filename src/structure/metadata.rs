//! Title block, header table, signature and text → [`Metadata`], each value with
//! its evidence. The places are asked from the most to the least trusted; the
//! first answer stands.

use std::path::Path;

use crate::document::{Date, DocumentNumber, Evidence, Genre, Level, Metadata, Origin, Validity};
use crate::extract::{Hints, ParagraphKind};

use super::fields::{self, Field};
use super::front::{self, Front};
use super::lines::Line;
use super::parts::Part;
use super::status::{is_status, trailing_brackets};
use super::text::{squeeze, title_key};
use super::{agency, effect, history, level, signature};

/// The fields in the order in which their evidence is listed.
const ORDER: [&str; 19] = [
    "title",
    "agency",
    "source",
    "number",
    "index_number",
    "topic",
    "kind",
    "level",
    "status",
    "recipients",
    "secrecy",
    "urgency",
    "written",
    "printed",
    "published",
    "amended",
    "effective",
    "expires",
    "validity",
];

/// Values with their evidence; the first one found for a field stays.
#[derive(Default)]
pub(super) struct Found {
    pub metadata: Metadata,
}

impl Found {
    fn note(&mut self, field: &str, original: &str, origin: Origin, confidence: f32) {
        const MAX_ORIGINAL_CHARS: usize = 300;
        let original = super::text::first_chars(original.trim(), MAX_ORIGINAL_CHARS).to_owned();
        self.metadata.evidence.push(Evidence {
            field: field.to_owned(),
            original,
            origin,
            confidence,
            inferred: false,
        });
    }

    fn note_inferred(&mut self, field: &str, original: &str, origin: Origin, confidence: f32) {
        self.note(field, original, origin, confidence);
        if let Some(last) = self.metadata.evidence.last_mut() {
            last.inferred = true;
        }
    }

    /// Sets a labelled value, unless the field has one or the value makes no sense.
    fn labelled(&mut self, field: Field, value: &str, origin: Origin) {
        let original = value;
        let value = squeeze(value);
        let value = value.as_ref();
        if value.is_empty() || value.chars().count() > 300 || matches!(value, "无" | "-" | "—" | "--" | "/" | "null")
        {
            return;
        }
        let confidence = fields::trust(origin);
        let metadata = &mut self.metadata;
        let name = match field {
            Field::Title => return,
            Field::Agency => set(&mut metadata.agency, Some(agency::join(original)), "agency"),
            Field::Source => set(&mut metadata.source, Some(value.to_owned()), "source"),
            Field::Number => set(&mut metadata.number, number_of(value), "number"),
            Field::IndexNumber => set(&mut metadata.index_number, Some(value.to_owned()), "index_number"),
            Field::Topic => set(&mut metadata.topic, Some(value.to_owned()), "topic"),
            Field::Kind => set(&mut metadata.kind, Genre::from_name(value), "kind"),
            Field::Level => set(&mut metadata.level, Level::from_name(value), "level"),
            Field::Status => set(&mut metadata.status, Some(value.to_owned()), "status"),
            Field::Recipients => {
                set(&mut metadata.recipients, Some(value.trim_end_matches('：').to_owned()), "recipients")
            }
            Field::Secrecy => set(&mut metadata.secrecy, fields::secrecy_of(value).map(str::to_owned), "secrecy"),
            Field::Urgency => set(&mut metadata.urgency, fields::urgency_of(value).map(str::to_owned), "urgency"),
            Field::Written => set(&mut metadata.written, date_of(value), "written"),
            Field::Printed => set(&mut metadata.printed, date_of(value), "printed"),
            Field::Published => set(&mut metadata.published, date_of(value), "published"),
            Field::Effective => set(&mut metadata.effective, date_of(value), "effective"),
            Field::Expires => set(&mut metadata.expires, date_of(value), "expires"),
            Field::Validity => {
                set(&mut metadata.validity, Validity::parse(value).or_else(|| Validity::from_name(value)), "validity")
            }
        };
        if let Some(name) = name {
            self.note(name, original, origin, confidence);
        }
    }
}

/// Fills an empty field; the field's name when it did.
fn set<T>(slot: &mut Option<T>, value: Option<T>, name: &'static str) -> Option<&'static str> {
    if slot.is_some() || value.is_none() {
        return None;
    }
    *slot = value;
    Some(name)
}

fn date_of(value: &str) -> Option<Date> {
    Date::parse(value).or_else(|| Date::find_all(value).next().map(|(_, date)| date))
}

fn number_of(value: &str) -> Option<DocumentNumber> {
    DocumentNumber::parse(value).or_else(|| DocumentNumber::find(value).map(|(_, number)| number))
}

/// Reads the metadata of a document. `today` decides what is in force.
pub(super) fn read(
    lines: &[Line],
    front: &Front,
    parts: &[Part],
    hints: &Hints,
    name: &Path,
    today: Option<Date>,
) -> Metadata {
    let mut found = Found::default();
    if let Some(origin) = front.origin {
        found.note("title", &front.original, origin, front.confidence);
    }
    from_hints(&mut found, hints);
    from_top(&mut found, lines, front);
    from_title(&mut found, front, name);
    let letter_end = parts.iter().find(|part| part.is_opening).map_or(lines.len(), |part| part.lines.start);
    from_signature(&mut found, lines, front, letter_end);
    from_history(&mut found, lines, front);
    from_file_name(&mut found, name);
    from_text(&mut found, lines, letter_end);
    complete(&mut found, front, today);
    let mut metadata = found.metadata;
    metadata.evidence.sort_by_key(|evidence| ORDER.iter().position(|field| *field == evidence.field));
    metadata
}

fn from_hints(found: &mut Found, hints: &Hints) {
    // Best place and best label first.
    let mut known: Vec<(Field, usize, &crate::extract::HintField)> = hints
        .fields
        .iter()
        .filter_map(|hint| fields::field_of(&hint.label).map(|(field, rank)| (field, rank, hint)))
        .collect();
    known.sort_by(|left, right| {
        fields::trust(right.2.origin).total_cmp(&fields::trust(left.2.origin)).then(left.1.cmp(&right.1))
    });
    for (field, _, hint) in known {
        found.labelled(field, &hint.value, hint.origin);
    }
}

/// How many lines at the top may hold labelled values and marks.
const TOP_LINES: usize = 30;

fn from_top(found: &mut Found, lines: &[Line], front: &Front) {
    let end = lines.len().min(front.end.max(front.title_lines.end + 3)).min(front.title_lines.end + TOP_LINES);
    for (at, line) in lines[..end].iter().enumerate() {
        if front.title_lines.contains(&at) && !front::is_serial_line(&line.text) {
            continue;
        }
        let text = line.text.as_ref();
        for (field, value) in fields::labelled_values(text) {
            let origin = if line.kind == ParagraphKind::TableRow { Origin::HeaderTable } else { Origin::FirstLines };
            found.labelled(field, value, origin);
        }
        // 2022年第4号 is a number by itself, but under 国家税务总局公告 it is a part of one.
        if front::is_serial_line(text) {
            serial_number(found, &front.title, text);
        }
        if let Some(number) = DocumentNumber::parse(fields::without_signer(text))
            && set(&mut found.metadata.number, Some(number), "number").is_some()
        {
            found.note("number", text, Origin::FirstLines, 0.9);
        }
        mark(found, text);
        speech(found, text);
        let is_recipients =
            at >= front.title_lines.end && front::is_recipient_line(text) && !fields::is_labelled_line(text);
        if is_recipients && !text.starts_with("各位") && !text.starts_with("同志们") {
            let names = squeeze(text.trim_end_matches(['：', ':'])).into_owned();
            if set(&mut found.metadata.recipients, Some(names), "recipients").is_some() {
                found.note("recipients", text, Origin::FirstLines, 0.85);
            }
        }
    }
}

/// `第92号` under 青屿市人民政府令.
fn serial_number(found: &mut Found, title: &str, line: &str) {
    let serial: String = line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '（' | '）' | '(' | ')')).collect();
    let masthead = match title.split_once(&*serial) {
        Some((masthead, _)) => masthead,
        None => title,
    };
    let is_order = masthead.ends_with("纪要")
        || masthead.ends_with('令')
        || masthead.ends_with("公告")
        || masthead.ends_with("通告");
    // 财政部 税务总局公告2023年第44号 under a title needs no masthead.
    let is_whole = DocumentNumber::parse(&serial).is_some_and(|number| !number.prefix.is_empty());
    let number = if is_order && !is_whole {
        DocumentNumber::parse(&format!("{masthead}{serial}"))
    } else {
        DocumentNumber::parse(&serial)
    };
    if set(&mut found.metadata.number, number, "number").is_some() {
        found.note("number", line, Origin::FirstLines, 0.9);
    }
}

/// `——2023年1月10日在某市第八届人民代表大会第三次会议上`, `某市人民政府市长 王某`: when a report
/// was given, and for whom.
fn speech(found: &mut Found, text: &str) {
    if text.len() > 300 {
        return;
    }
    let inner =
        text.trim_matches(|c| matches!(c, '—' | '－' | '-' | '（' | '）' | '(' | ')') || char::is_whitespace(c));
    if let Some((date, end)) = Date::read(inner).filter(|(date, _)| date.day().is_some())
        && inner[end..].trim_start().starts_with('在')
        && inner.ends_with('上')
        && set(&mut found.metadata.written, Some(date), "written").is_some()
    {
        found.note("written", text, Origin::FirstLines, 0.75);
    }
    let office = ["市长", "省长", "区长", "县长", "州长", "总理", "主席", "主任", "局长", "院长", "检察长"];
    let Some((first, _)) = text.split_once([' ', '\u{3000}']) else { return };
    let body = office.iter().find_map(|office| first.strip_suffix(office)).map(|body| body.trim_end_matches('代'));
    if let Some(body) = body.filter(|body| super::text::is_agency_line(body))
        && set(&mut found.metadata.agency, Some(agency::join(body)), "agency").is_some()
    {
        found.note("agency", text, Origin::FirstLines, 0.7);
    }
}

/// 机密★1年, 特急, 文件已失效.
fn mark(found: &mut Found, text: &str) {
    if text.len() > 90 {
        return;
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(secrecy) = fields::secrecy_of(&compact)
        && set(&mut found.metadata.secrecy, Some(secrecy.to_owned()), "secrecy").is_some()
    {
        found.note("secrecy", text, Origin::FirstLines, 0.9);
    }
    let urgency = text.split_whitespace().find_map(fields::urgency_of).or_else(|| fields::urgency_of(&compact));
    if set(&mut found.metadata.urgency, urgency.map(str::to_owned), "urgency").is_some() {
        found.note("urgency", text, Origin::FirstLines, 0.9);
    }
    if let Some(validity) = Validity::parse(&compact).filter(|_| compact.chars().count() >= 3)
        && set(&mut found.metadata.validity, Some(validity), "validity").is_some()
    {
        found.note("validity", text, Origin::FirstLines, 0.9);
    }
}

fn from_title(found: &mut Found, front: &Front, name: &Path) {
    let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    let origin = front.origin.unwrap_or(Origin::FirstLines);
    if let Some(genre) = Genre::of_title(&front.title)
        && set(&mut found.metadata.kind, Some(genre), "kind").is_some()
    {
        let is_last_word = front.title.contains(genre.name());
        found.note("kind", &front.title, origin, if is_last_word { front.confidence } else { 0.6 });
    }
    for (text, origin) in [(front.original.as_str(), origin), (stem, Origin::FileName)] {
        for bracket in trailing_brackets(text) {
            if let Some(validity) = Validity::parse(bracket) {
                if set(&mut found.metadata.validity, Some(validity), "validity").is_some() {
                    found.note("validity", bracket, origin, 0.8);
                }
            } else if is_status(bracket)
                && set(&mut found.metadata.status, Some(squeeze(bracket).into_owned()), "status").is_some()
            {
                found.note("status", bracket, origin, 0.9);
            }
        }
    }
}

fn from_signature(found: &mut Found, lines: &[Line], front: &Front, letter_end: usize) {
    let Some(signature) = signature::find(lines, front.title_lines.end..letter_end.max(front.title_lines.end)) else {
        return;
    };
    if let Some(names) = &signature.agency
        && set(&mut found.metadata.agency, Some(names.clone()), "agency").is_some()
    {
        found.note("agency", names, Origin::Signature, signature.confidence);
    }
    if set(&mut found.metadata.written, Some(signature.date), "written").is_some() {
        found.note("written", &signature.original, Origin::Signature, signature.confidence);
    }
    if let Some((date, original)) = signature.printed
        && set(&mut found.metadata.printed, Some(date), "printed").is_some()
    {
        found.note("printed", &original, Origin::Signature, 0.8);
    }
}

fn from_history(found: &mut Found, lines: &[Line], front: &Front) {
    let history = history::read(lines, front);
    for (field, date, original) in &history.dates {
        let metadata = &mut found.metadata;
        let name = match *field {
            "written" => set(&mut metadata.written, Some(*date), "written"),
            "published" => set(&mut metadata.published, Some(*date), "published"),
            "amended" => set(&mut metadata.amended, Some(*date), "amended"),
            _ => set(&mut metadata.effective, Some(*date), "effective"),
        };
        if let Some(name) = name {
            found.note(name, original, Origin::FirstLines, 0.85);
        }
    }
    if let Some((number, original)) = history.number
        && set(&mut found.metadata.number, Some(number), "number").is_some()
    {
        found.note("number", &original, Origin::FirstLines, 0.8);
    }
    if found.metadata.agency.is_none()
        && let Some((name, original)) =
            agency::of_title(&front.title).map(|name| (name, front.title.clone())).or(history.agency)
    {
        found.metadata.agency = Some(name);
        found.note("agency", &original, front.origin.unwrap_or(Origin::FirstLines), 0.75);
    }
    found.metadata.history = history.lines;
}

/// `护士条例(2020-03-27).md`: collections name a version by its day.
fn from_file_name(found: &mut Found, name: &Path) {
    let Some(stem) = name.file_stem().and_then(|stem| stem.to_str()) else { return };
    let Some((date, bracket)) = trailing_brackets(stem)
        .into_iter()
        .find_map(|bracket| Some((Date::parse(bracket).filter(|date| date.day().is_some())?, bracket)))
    else {
        return;
    };
    let metadata = &mut found.metadata;
    if metadata.written == Some(date) {
        return;
    }
    let known = metadata.version_date();
    let field = if metadata.published.is_none() && metadata.amended.is_none() {
        set(&mut metadata.published, Some(date), "published")
    } else if known.is_some_and(|known| known < date) && metadata.amended.is_none() {
        set(&mut metadata.amended, Some(date), "amended")
    } else {
        None
    };
    if let Some(field) = field {
        found.note_inferred(field, bracket, Origin::FileName, 0.5);
    }
}

/// 现在，我代表国务院，向大会报告政府工作: the body that reports. A name without its place
/// (市人民政府) names nobody.
fn represented(found: &mut Found, lines: &[Line]) {
    const TOP_LINES: usize = 15;
    for line in lines.iter().take(TOP_LINES) {
        let Some((_, after)) = line.text.split_once("我代表") else { continue };
        let body = &after[..after.find(['，', ',', '向', '、']).unwrap_or(0)];
        let body = body.strip_prefix("中华人民共和国").filter(|rest| rest.starts_with("国务院")).unwrap_or(body);
        let has_place = !body.starts_with(['市', '区', '县', '省', '州', '镇', '乡', '本', '第', '十', '中']);
        if has_place
            && super::text::is_agency_line(body)
            && set(&mut found.metadata.agency, Some(agency::join(body)), "agency").is_some()
        {
            let sentence = super::text::first_chars(&line.text, 60);
            found.note("agency", sentence, Origin::Text, 0.6);
        }
    }
}

/// `letter_end` is the first line of an inner document: what the decision says of
/// itself goes before what the regulation that it publishes says.
fn from_text(found: &mut Found, lines: &[Line], letter_end: usize) {
    represented(found, lines);
    let known = found.metadata.published.or(found.metadata.written);
    let mut effect = effect::find(&lines[..letter_end], known, found.metadata.effective);
    if letter_end < lines.len() {
        let inner = effect::find(&lines[letter_end..], known, found.metadata.effective);
        effect.expires = effect.expires.or(inner.expires.filter(|_| effect.effective.is_none()));
        effect.effective = effect.effective.or(inner.effective);
    }
    if let Some((date, original, confidence)) = effect.effective
        && set(&mut found.metadata.effective, Some(date), "effective").is_some()
    {
        found.note("effective", &original, Origin::Text, confidence);
    }
    if let Some((date, original)) = effect.expires
        && set(&mut found.metadata.expires, Some(date), "expires").is_some()
    {
        found.note("expires", &original, Origin::Text, 0.7);
    }
}

/// What follows from the values found.
fn complete(found: &mut Found, front: &Front, today: Option<Date>) {
    // A page's 来源 is its issuing body when nothing else names one.
    if found.metadata.agency.is_none()
        && let Some(source) = found.metadata.source.clone().filter(|source| super::text::is_agency_line(source))
    {
        found.note("agency", &source, Origin::FirstLines, 0.6);
        found.metadata.agency = Some(source);
    }
    if let Some(level) = level::of(&front.title, &found.metadata)
        && set(&mut found.metadata.level, Some(level), "level").is_some()
    {
        found.note_inferred("level", &front.title, front.origin.unwrap_or(Origin::FirstLines), 0.6);
    }
    if found.metadata.validity.is_none()
        && let Some(today) = today
        && let Some((validity, field)) = effect::validity_on(&found.metadata, today)
    {
        let original = found.metadata.evidence.iter().find(|evidence| evidence.field == field).cloned();
        let (original, origin) =
            original.map_or((String::new(), Origin::Text), |evidence| (evidence.original, evidence.origin));
        found.metadata.validity = Some(validity);
        found.note_inferred("validity", &original, origin, 0.6);
    }
    // An ASCII bracket becomes one of three bytes.
    debug_assert!(title_key(&front.title).len() <= 3 * front.title.len());
}
