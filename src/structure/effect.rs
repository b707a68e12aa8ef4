//! From when and until when a document applies: 自…起施行, 有效期…年.

use memchr::memmem;

use crate::document::{Date, Metadata, Validity, numeral};

use super::lines::Line;
use super::text::{first_chars, is_longer, sentence_around};

/// What the text says of its own force.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// Date, sentence, confidence.
    pub effective: Option<(Date, String, f32)>,
    pub expires: Option<(Date, String)>,
}

/// No more mentions than this are looked at in one line.
const MAX_MENTIONS: usize = 100;

/// Looks for the sentences on the document's own force. `issued` is the day of
/// publication (or, failing that, of writing), for 自公布之日起施行; `effective` is
/// what is known already.
pub(super) fn find(lines: &[Line], issued: Option<Date>, effective: Option<Date>) -> Effect {
    let from = memmem::Finder::new("日起");
    let term = memmem::Finder::new("有效期");
    let until = memmem::Finder::new("行至");
    let mut effect = Effect::default();
    // The last sentence counts: the first may speak of another document.
    for line in lines.iter().rev() {
        let text = line.text.as_bytes();
        if effect.effective.is_none() {
            effect.effective =
                from.find_iter(text).take(MAX_MENTIONS).find_map(|at| effective_at(&line.text, at, issued));
        }
        if effect.expires.is_none() && term.find(text).is_some() {
            let start = effective.or(effect.effective.as_ref().map(|(date, ..)| *date)).or(issued);
            effect.expires = term.find_iter(text).take(MAX_MENTIONS).find_map(|at| expires_at(&line.text, at, start));
        }
        if effect.expires.is_none() {
            effect.expires = until.find_iter(text).take(MAX_MENTIONS).find_map(|at| until_at(&line.text, at));
        }
        if effect.effective.is_some() && effect.expires.is_some() {
            break;
        }
    }
    // The term may stand in a line behind the one that names the day.
    effect
}

/// The sentence around byte `at` and where it begins.
fn sentence(text: &str, at: usize) -> (usize, &str) {
    let (start, end) = sentence_around(text, at, at);
    let stop = text[end..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    (start, &text[start..end + stop])
}

/// Whether a sentence speaks of the document that it stands in.
fn is_about_itself(sentence: &str, before: &str) -> bool {
    const SELVES: [&str; 24] = [
        "本法",
        "本条例",
        "本规定",
        "本办法",
        "本细则",
        "本实施细则",
        "本规则",
        "本决定",
        "本通知",
        "本意见",
        "本解释",
        "本方案",
        "本章程",
        "本规程",
        "本令",
        "本公告",
        "本通告",
        "本规范",
        "本标准",
        "本措施",
        "本批复",
        "本实施办法",
        "本修正案",
        "本预案",
    ];
    SELVES.iter().any(|own| before.contains(own))
        || ["现予公布", "现予发布", "现予印发", "予以公布", "现公布"].iter().any(|word| before.contains(word))
        || sentence.trim_start().starts_with('自') && !before.contains('《')
        || before.trim().is_empty()
        || {
            // 第四十条 自2020年…起施行
            let label = super::numbering::read(sentence.trim_start()).map_or(0, |label| label.end);
            label > 0 && sentence.trim_start()[label..].starts_with('自')
        }
}

/// `at` is where 日起 stands.
fn effective_at(text: &str, at: usize, issued: Option<Date>) -> Option<(Date, String, f32)> {
    let behind = text[at + "日起".len()..].trim_start_matches(['，', ' ', '正', '式', '开', '始']);
    if !["施行", "实施", "执行", "生效", "试行"].iter().any(|word| behind.starts_with(word)) {
        return None;
    }
    let (start, sentence) = sentence(text, at);
    let before = &text[start..at];
    let from = before.rfind('自').or_else(|| before.rfind('从')).or_else(|| before.rfind('于'))?;
    if !is_about_itself(sentence, &before[..from]) || is_longer(sentence, 400) {
        return None;
    }
    let day = &text[start + from..at + '日'.len_utf8()];
    if let Some((_, date)) = Date::find_all(day).next() {
        return Some((date, sentence.trim().to_owned(), 0.9));
    }
    let is_relative = ["公布之", "发布之", "印发之", "颁布之", "发文之", "下发之", "签发之", "通过之"]
        .iter()
        .any(|word| day.contains(word));
    let date = issued.filter(|_| is_relative)?;
    Some((date, sentence.trim().to_owned(), 0.7))
}

/// `at` is where 有效期 stands.
fn expires_at(text: &str, at: usize, start: Option<Date>) -> Option<(Date, String)> {
    let (from, sentence) = sentence(text, at);
    let before = &text[from..at];
    let is_own = is_about_itself(sentence, before)
        || before.contains("起施行")
        || before.contains("起实施")
        || before.contains("起执行");
    if !is_own || is_longer(sentence, 400) {
        return None;
    }
    let behind = text[at + "有效期".len()..].trim_start_matches(['限', '为', '：', ':', ' ', '是']);
    let until = behind.strip_prefix('至').or_else(|| behind.strip_prefix('到'));
    if let Some((date, _)) = until.and_then(|until| Date::read(until.trim_start())) {
        return Some((date, sentence.trim().to_owned()));
    }
    // 有效期自2020年1月1日起至2024年12月31日
    let clause = first_chars(behind, 60);
    let clause = &clause[..clause.find(['。', '；']).unwrap_or(clause.len())];
    if behind.starts_with('自')
        && let Some((_, date)) = clause.find(['至', '到']).and_then(|until| Date::find_all(&clause[until..]).next())
    {
        return Some((date, sentence.trim().to_owned()));
    }
    let (count, bytes) = numeral::number(behind)?;
    let count = u16::try_from(count).ok().filter(|count| *count <= 100)?;
    let unit = behind[bytes..].trim_start_matches(['个', ' ']);
    let end = if unit.starts_with('年') {
        start?.plus_years(count)
    } else if unit.starts_with('月') {
        start?.plus_months(count)
    } else {
        None
    };
    Some((end?.previous_day()?, sentence.trim().to_owned()))
}

/// 本公告执行至2027年12月31日: `at` is where 行至 stands.
fn until_at(text: &str, at: usize) -> Option<(Date, String)> {
    let is_force = text[..at].ends_with(['执', '施']);
    let (date, _) = Date::read(text[at + "行至".len()..].trim_start()).filter(|_| is_force)?;
    let (from, sentence) = sentence(text, at);
    let is_own = is_about_itself(sentence, &text[from..at]) && !text[from..at].contains('《');
    (is_own && date.day().is_some() && !is_longer(sentence, 400)).then(|| (date, sentence.trim().to_owned()))
}

/// What follows for `today` from the dates of a document, and the field it
/// follows from. `None` when nothing does.
pub(super) fn validity_on(metadata: &Metadata, today: Date) -> Option<(Validity, &'static str)> {
    if metadata.expires.is_some_and(|expires| expires < today) {
        return Some((Validity::Expired, "expires"));
    }
    match metadata.effective {
        Some(effective) if effective > today => Some((Validity::NotYet, "effective")),
        Some(_) => Some((Validity::InForce, "effective")),
        None if metadata.expires.is_some() => Some((Validity::InForce, "expires")),
        None => None,
    }
}
