//! Articles that a page printed in one paragraph (`第一条 …。 第二条 …。`): the places
//! where the paragraph is cut. Only an unbroken count opens an article here, so a
//! reference (`依照第九条`) cuts nothing.

use memchr::memmem;

use super::numbering::{self, Kind};
use super::text::first_chars;

/// The paragraph as articles and chapters of their own; one piece where it is whole.
pub(super) fn split(text: &str) -> Vec<&str> {
    const SHORTEST_BYTES: usize = 60;
    let bytes = text.as_bytes();
    let has_more = || memmem::find(bytes, " 第".as_bytes()).or_else(|| memmem::find(bytes, "\u{3000}第".as_bytes()));
    if text.len() < SHORTEST_BYTES || !text.starts_with('第') || has_more().is_none() {
        return vec![text];
    }
    let Some(first) = numbering::read(text).or_else(|| numbering::read(first_words(text))) else { return vec![text] };
    let mut article = (first.kind == Kind::Article).then_some(first.number);
    if article.is_none() && !first.kind.is_division() {
        return vec![text];
    }
    let mut cuts = vec![0];
    let mut pending = None;
    for at in memmem::find_iter(text.as_bytes(), "第") {
        if at == 0 || !ends_something(&text[..at], pending.is_some() || first.kind.is_division() && cuts.len() == 1) {
            continue;
        }
        let Some(label) = numbering::read(first_words(&text[at..])).filter(|label| label.is_apart) else { continue };
        match label.kind {
            Kind::Article if article.is_none_or(|last| label.number == last + 1) => {
                article = Some(label.number);
                cuts.extend(pending.take());
                cuts.push(at);
            }
            // A chapter counts when its next article follows.
            kind if kind.is_division() => pending = Some(at),
            _ => {}
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    cuts.iter().zip(ends).map(|(from, to)| text[*from..to].trim()).filter(|piece| !piece.is_empty()).collect()
}

/// A label and a name that may follow it.
fn first_words(text: &str) -> &str {
    let start = first_chars(text, 40);
    match start.char_indices().filter(|(_, c)| c.is_whitespace()).nth(1) {
        Some((end, _)) => &start[..end],
        None => start,
    }
}

/// A sentence ends before the label, or (behind the name of a chapter) white space does.
fn ends_something(before: &str, is_behind_chapter: bool) -> bool {
    let bare = before.trim_end();
    let has_space = bare.len() < before.len();
    has_space && (is_behind_chapter || bare.ends_with(['。', '；', '”', '：']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unbroken_count_is_cut() {
        let long = "空域管理应当维护国家安全，兼顾民用航空的需要和公众利益";
        let text = format!("第十一条 {long}。 第十二条 {long}，依照 第九条 的规定。 第十三条 甲。 第二十条 乙。");
        let pieces = split(&text);
        assert_eq!(pieces.len(), 3, "{pieces:?}");
        assert!(pieces[1].starts_with("第十二条") && pieces[1].ends_with("规定。"));
        assert_eq!(pieces[2], "第十三条 甲。 第二十条 乙。");

        let text = format!("第一条 {long}。 第二章 空域 第二条 {long}。");
        assert_eq!(split(&text)[1..], ["第二章 空域", &format!("第二条 {long}。")]);
        let text = format!("第一条 {long}，第二条规定的除外。第三款所称单位按第二条 办理。");
        assert_eq!(split(&text), [text.as_str()]);
    }
}
