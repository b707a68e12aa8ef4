//! 试行, 修订, 征求意见稿: how far a text has come, from the brackets behind its title.

/// The contents of the brackets at the end of a title, last first.
pub(super) fn trailing_brackets(title: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut stem = title.trim_end();
    while found.len() < 4
        && let Some(inner) = stem.strip_suffix(['）', ')', '】'])
        && let Some(open) = inner.rfind(['（', '(', '【'])
    {
        let width = inner[open..].chars().next().map_or(1, char::len_utf8);
        found.push(&inner[open + width..]);
        stem = inner[..open].trim_end();
    }
    found
}

/// 试行, 2020年修订, 征求意见稿: how far a text has come.
pub(super) fn is_status(bracket: &str) -> bool {
    let word = bracket.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == '年' || c.is_whitespace());
    matches!(
        word,
        "试行"
            | "暂行"
            | "修订"
            | "修正"
            | "修改"
            | "修订版"
            | "修正版"
            | "征求意见稿"
            | "公开征求意见稿"
            | "草案"
            | "草案征求意见稿"
            | "送审稿"
            | "讨论稿"
            | "修订稿"
            | "修正稿"
            | "修订草案"
            | "修正草案"
            | "修订征求意见稿"
            | "试行稿"
            | "代拟稿"
            | "报批稿"
            | "试点"
            | "草稿"
            | "审议稿"
            | "二次审议稿"
            | "修订草案征求意见稿"
            | "本"
            | "年本"
            | "版"
            | "年版"
    ) && (word != "本" && word != "版" || word.len() < bracket.len())
}
