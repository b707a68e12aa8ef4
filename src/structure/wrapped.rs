//! Paragraphs that a program broke into lines, whole again: which line goes on in
//! the next. Three things show it: the width at which a whole document was broken,
//! a paragraph whose lines are equally wide, and a break inside a word.
//!
//! The word list is `analysis`' (text → tokens knows nothing of documents, so the
//! way of the data stays one way); nothing is cut into words here.

use std::borrow::Cow;

use crate::analysis::{Dictionary, fold};
use crate::document::{DocumentNumber, Genre};

use super::fields::is_labelled_line;
use super::front::is_recipient_line;
use super::lines::Line;
use super::numbering;
use super::text::{chars_up_to, date_line, first_chars, is_agency_line, is_closed, is_han, is_longer};

/// Narrowest line of a wrapped paragraph, in columns: two characters fewer are a
/// heading or an item of a list as often.
const NARROWEST_PARAGRAPH: usize = 20;
/// Widest line that a program breaks, in columns.
const WIDEST: usize = 140;
/// Wrapped lines differ by what may not begin or end a line: two characters.
const RAGGED: usize = 4;

/// What is no wider is the end of a sentence, not one.
const SHORTEST_SENTENCE: usize = 6;

/// Joins lines that a PDF, a mail program or a web page broke.
pub(super) fn join(lines: &mut Vec<Line>) {
    let width = wrap_width(lines);
    let gaps = lines.iter().filter(|line| line.has_gap).count();
    let marks_paragraphs = gaps * 4 > lines.len();
    let is_continued = continued(lines);
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    // Columns of the physical line that ends the last joined one.
    let mut last_columns = 0;
    for (line, is_continued) in lines.drain(..).zip(is_continued) {
        let columns = if width.is_some() { columns(&line.text) } else { 0 };
        if let Some(before) = joined.last_mut()
            && before.is_text()
            && line.is_text()
        {
            let is_full = width.is_some_and(|width| last_columns + RAGGED >= width);
            let goes_on = is_continued
                || (is_full && !is_closed(&before.text) && !starts_anew(&line.text))
                || is_broken_inside(&before.text, &line.text)
                || (marks_paragraphs
                    && !line.has_gap
                    && is_open_prose(&before.text)
                    && !starts_anew(&line.text)
                    && !are_labels(&before.text, &line.text));
            if goes_on {
                append(&mut before.text, &line.text);
                last_columns = columns;
                continue;
            }
        }
        last_columns = columns;
        joined.push(line);
    }
    *lines = joined;
}

/// For each line whether it goes on with the one before it, as far as the two and
/// their neighbours show: they stand in a wrapped paragraph, or the break is inside
/// a word.
fn continued(lines: &[Line]) -> Vec<bool> {
    let mut is_continued = vec![false; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        if !lines[start].is_text() || is_closed(&lines[start].text) {
            start += 1;
            continue;
        }
        // The open lines from `start` on, and the one behind them that may close them.
        let mut end = start + 1;
        while end < lines.len() && may_follow(&lines[end - 1], &lines[end]) {
            if breaks_word(lines, end) {
                is_continued[end] = true;
            }
            end += 1;
            if is_closed(&lines[end - 1].text) {
                let first = paragraph_start(&lines[start..end]);
                is_continued[start + first + 1..end].fill(true);
                break;
            }
        }
        start = end;
    }
    is_continued
}

/// Whether the line can be the rest of the one before it.
fn may_follow(before: &Line, line: &Line) -> bool {
    const MARKS: [char; 15] = ['●', '•', '·', '▪', '■', '◆', '★', '☆', '◎', '○', '▲', '√', '-', '*', '—'];
    line.is_text()
        && !line.has_gap
        && !line.text.starts_with(MARKS)
        && !starts_anew(&line.text)
        && !is_labelled_line(&line.text)
        && !is_recipient_line(&line.text)
        && !are_labels(&before.text, &line.text)
}

/// Whether both lines begin like `联系人：…`: few characters and a colon. The rest of
/// a line may look so as well (知如下：…), so one alone says nothing.
fn are_labels(before: &str, after: &str) -> bool {
    [before, after].iter().all(|text| {
        let end = first_chars(text, 8).find(['：', ':']);
        end.is_some_and(|end| text[..end].chars().all(is_han))
    })
}

/// Where the wrapped paragraph begins that the last of these lines closes; the last
/// line itself when nothing shows that there is one.
fn paragraph_start(lines: &[Line]) -> usize {
    let last = lines.len() - 1;
    let closing = columns(&lines[last].text);
    let (mut narrowest, mut widest) = (usize::MAX, 0);
    let mut first = last;
    while first > 0 {
        let text = &lines[first - 1].text;
        let columns = columns(text);
        let (least, most) = (narrowest.min(columns), widest.max(columns));
        if most > WIDEST || least < NARROWEST_PARAGRAPH || most - least > RAGGED || stands_alone(text) {
            break;
        }
        (narrowest, widest) = (least, most);
        first -= 1;
    }
    let full = &lines[first..last];
    let has_clauses = full.iter().any(|line| line.text.contains(CLAUSE_ENDS));
    let is_wrapped = closing <= widest + 2 && has_clauses && !is_parallel(&lines[first..]);
    let is_shown = match full {
        [] => false,
        // A heading may stand above a short sentence, but few are that long, and few
        // sentences as short as the rest of one (况。); a label (科教处：) is none.
        [only] => {
            let is_sentence = !lines[last].text.ends_with(['：', ':']) || lines[last].text.contains(CLAUSE_ENDS);
            let is_rest = closing <= SHORTEST_SENTENCE || widest >= 2 * NARROWEST_PARAGRAPH;
            numbering::read(&only.text).is_none() && is_rest && is_sentence
        }
        // So may one above clauses that stand a line each.
        [head, rest @ ..] => {
            numbering::read(&head.text).is_none() || rest.iter().any(|line| line.text.ends_with(is_han))
        }
    };
    if is_wrapped && is_shown { first } else { last }
}

/// What ends a clause and so stands inside running text.
const CLAUSE_ENDS: [char; 3] = ['，', '。', '；'];

/// A line that is something of its own, though nothing closes it.
fn stands_alone(text: &str) -> bool {
    let is_title = || Genre::of_title(text).is_some_and(|genre| text.ends_with(genre.name()));
    date_line(text).is_some() || is_agency_line(text) || is_labelled_line(text) || is_title()
}

/// Entries of one form (张三，男，1970年生) have their commas in the same places.
fn is_parallel(lines: &[Line]) -> bool {
    let place = |line: &Line| line.text.chars().position(|c| CLAUSE_ENDS.contains(&c));
    let first = place(&lines[0]);
    lines.len() > 2 && first.is_some() && lines.iter().all(|line| place(line) == first)
}

/// Whether a word goes over the end of the line before `at`.
fn breaks_word(lines: &[Line], at: usize) -> bool {
    let (before, after) = (lines[at - 1].text.as_ref(), lines[at].text.as_ref());
    if !before.ends_with(is_han) || !after.starts_with(is_han) || stands_alone(before) {
        return false;
    }
    let has_clauses = |text: &str| text.contains(CLAUSE_ENDS);
    let is_numbered = numbering::read(before).is_some();
    match broken_word(before, after) {
        Some(Broken::Certainly) => !is_word_list(lines, at),
        // 经济 / 发展平稳: two words that often stand together may be a heading and its text.
        Some(Broken::Perhaps) => {
            !is_numbered && (has_clauses(before) || columns(before) >= NARROWEST_PARAGRAPH) && !is_word_list(lines, at)
        }
        Some(Broken::InTwo) => !is_numbered && chars_up_to(before, 4) == 4 && has_clauses(after),
        None => false,
    }
}

/// How a word stands across a break.
#[derive(Debug, PartialEq)]
enum Broken {
    /// A word of three characters or more, and no commoner words end and begin there.
    Certainly,
    /// Such a word, between two that are commoner than it is (对象 / 国家).
    Perhaps,
    /// A word of two characters, and no longer word ends or begins at the break.
    InTwo,
}

/// The longest word across the break between two texts.
fn broken_word(before: &str, after: &str) -> Option<Broken> {
    const LONGEST: usize = 8;
    let tail: Vec<char> = before.chars().rev().take_while(|c| is_han(*c)).take(LONGEST - 1).collect();
    let window: String =
        tail.iter().rev().copied().chain(after.chars().take_while(|c| is_han(*c)).take(LONGEST - 1)).collect();
    let window = fold(&window);
    let ends: Vec<usize> = window.char_indices().map(|(at, _)| at).chain([window.len()]).collect();
    let (chars, edge) = (ends.len() - 1, tail.len());
    let dictionary = Dictionary::new();
    let frequency = |from: usize, to: usize| dictionary.frequency(&window[ends[from]..ends[to]]);
    // Words that end and begin at the break, at least as frequent as one across it.
    let ends_word = |least: u64| {
        (edge.saturating_sub(4)..edge - 1).any(|from| frequency(from, edge).is_some_and(|part| part >= least))
    };
    let begins_word =
        |least: u64| (edge + 2..=chars.min(edge + 4)).any(|to| frequency(edge, to).is_some_and(|part| part >= least));
    for length in (3..=LONGEST.min(chars)).rev() {
        for from in (edge + 1).saturating_sub(length)..edge.min(chars + 1 - length) {
            if let Some(whole) = frequency(from, from + length) {
                let is_pair = ends_word(whole) && begins_word(whole);
                return Some(if is_pair { Broken::Perhaps } else { Broken::Certainly });
            }
        }
    }
    let is_in_two = chars > edge && frequency(edge - 1, edge + 1).is_some() && !ends_word(0) && !begins_word(0);
    is_in_two.then_some(Broken::InTwo)
}

/// Whether both lines belong to three or more that are a word each: a list.
fn is_word_list(lines: &[Line], at: usize) -> bool {
    let dictionary = Dictionary::new();
    let is_item = |line: &&Line| {
        let text = line.text.as_ref();
        !is_longer(text, 12) && (dictionary.frequency(&fold(text)).is_some() || is_agency_line(text))
    };
    let above = lines[..at].iter().rev().take(3).take_while(is_item).count();
    let below = lines[at..].iter().take(3).take_while(is_item).count();
    above > 0 && below > 0 && above + below >= 3
}

/// Width in columns (a Chinese character fills two) at which the document's lines
/// were broken; `None` when they were not.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    const NARROWEST: usize = 40;
    let mut counts = [0usize; WIDEST + 4];
    let mut total = 0;
    let mut open = 0;
    let mut long = 0;
    for line in lines.iter().filter(|line| line.is_text()) {
        // Most documents leave here at their first real paragraph.
        if line.text.len() > 3 * WIDEST {
            return None;
        }
        let columns = columns(&line.text);
        if columns > WIDEST {
            return None;
        }
        counts[columns] += 1;
        total += 1;
        if columns >= NARROWEST {
            long += 1;
            open += usize::from(!is_closed(&line.text));
        }
    }
    let width = (NARROWEST..=WIDEST).max_by_key(|width| counts[width - 3..=*width].iter().sum::<usize>())?;
    let full: usize = counts[width - 3..=width].iter().sum();
    let beyond: usize = counts[width + 1..].iter().sum();
    // A plan has many headings between its paragraphs: of its long lines most are full.
    let is_common = full * 4 >= total || (full >= 6 && full * 3 >= long * 2);
    (total >= 6 && open >= 3 && full >= 3 && is_common && beyond * 20 <= total).then_some(width)
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A line that begins something of its own.
fn starts_anew(text: &str) -> bool {
    numbering::read(text).is_some()
        || numbering::is_unnumbered_heading(text)
        || date_line(text).is_some()
        || DocumentNumber::parse(text).is_some()
        || is_agency_line(text)
}

/// The break stands before punctuation that begins no line, or after a bracket
/// that ends none.
fn is_broken_inside(before: &str, after: &str) -> bool {
    before.ends_with(['《', '〈', '（', '“', '‘', '〔'])
        || (before.ends_with(['，', '、']) && is_longer(before, 8) && !starts_anew(after))
        || after.starts_with(['，', '。', '、', '；', '：', '》', '〉', '）', '”', '？', '！'])
}

/// Running text that no punctuation closes.
fn is_open_prose(text: &str) -> bool {
    let tail_start = text.len().saturating_sub(400);
    let tail_start = (tail_start..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let tail = &text[tail_start..];
    !is_closed(text)
        && is_longer(text, 20)
        && tail.contains(['，', '。', '、'])
        && numbering::read(first_chars(text, 16)).is_none()
}

fn append(before: &mut Cow<str>, after: &str) {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let needs_space = before.chars().next_back().is_some_and(is_word) && after.chars().next().is_some_and(is_word);
    let text = before.to_mut();
    if needs_space {
        text.push(' ');
    }
    text.push_str(after);
}
