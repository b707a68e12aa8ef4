//! Titles as names: when two spellings name the same document, and when two
//! documents are versions of the same regulation.

/// What two spellings of one title have in common: no white space, one form of
/// brackets and quotes, no 书名号 around it.
pub(crate) fn title_key(title: &str) -> String {
    let mut key = String::with_capacity(title.len());
    for c in title.chars() {
        let c = match c {
            c if c.is_whitespace() || is_invisible(c) => continue,
            '《' | '》' | '〈' | '〉' | '“' | '”' | '"' | '‘' | '’' | '\'' | '「' | '」' | '<' | '>' => {
                continue;
            }
            '(' => '（',
            ')' => '）',
            '－' | '–' | '─' | '-' | '―' => '—',
            '·' | '•' | '・' => '·',
            '\u{ff01}'..='\u{ff5e}' if c.is_alphanumeric() => {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase()
            }
            c => c.to_ascii_lowercase(),
        };
        key.push(c);
    }
    key
}

/// Characters without width: zero-width spaces and joiners, byte order mark, soft hyphen.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// The title without the status at its end: `（试行）`, `(2020修正)`, `（征求意见稿）`. A
/// bracket that numbers (`修正案（九）`, `解释（二）`) belongs to the name and stays.
pub(crate) fn without_status(title: &str) -> &str {
    let mut stem = title.trim_end();
    while let Some(inner) = stem.strip_suffix(['）', ')', '】', '〕', ']']) {
        let Some(open) = inner.rfind(['（', '(', '【', '〔', '[']) else { break };
        let width = inner[open..].chars().next().map_or(1, char::len_utf8);
        if open == 0 || !is_status(&inner[open + width..]) {
            break;
        }
        stem = inner[..open].trim_end();
    }
    stem
}

/// 试行, 2020年修订, 征求意见稿, 2024-05-01, 已废止: how far a text has come.
fn is_status(bracket: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '-' | '.' | '/');
    let word = bracket.trim().trim_start_matches(|c: char| is_digit(c) || c.is_whitespace());
    const WORDS: [&str; 15] = [
        "试行",
        "暂行",
        "试点",
        "修订",
        "修正",
        "修改",
        "征求",
        "公开征求",
        "草案",
        "送审",
        "讨论",
        "审议",
        "废止",
        "失效",
        "版",
    ];
    let is_long = bracket.chars().count() > 14;
    let is_date = word.is_empty() && bracket.chars().any(|c| c.is_ascii_digit()) && bracket.len() >= 4;
    let marks =
        word.strip_prefix('第').map_or(word, |rest| rest.trim_start_matches(|c| "一二三四五六七八九十次".contains(c)));
    !is_long
        && (is_date
            || WORDS.iter().any(|start| marks.starts_with(start))
            || word.ends_with(['稿', '版'])
            || (word == "本" && word.len() < bracket.len())
            || word.starts_with('已') && (word.ends_with("废止") || word.ends_with("失效")))
}

/// The name under which the versions of one regulation stand together: the title's
/// key without status and without 中华人民共和国 before it.
pub(crate) fn regulation_key(title: &str) -> String {
    let title = title.trim();
    let title = title.strip_prefix('《').and_then(|inner| inner.strip_suffix('》')).unwrap_or(title);
    let key = title_key(without_status(title));
    match key.strip_prefix("中华人民共和国") {
        Some(rest) if rest.chars().count() >= 2 => rest.to_owned(),
        _ => key,
    }
}

/// The titles of what this title's document issues or passes on: `关于印发《甲办法》的通知`
/// and `关于印发甲办法的通知` issue 甲办法. Empty when it issues nothing.
pub(crate) fn issued_titles(title: &str) -> Vec<&str> {
    const VERBS: [&str; 6] = ["印发", "转发", "批转", "发布", "公布", "颁布"];
    const ENDS: [&str; 6] = ["的通知", "的公告", "的决定", "的函", "的通告", "的命令"];
    const MOST: usize = 20;
    let verb = VERBS.iter().filter_map(|verb| title.split_once(verb)).min_by_key(|(before, _)| before.len());
    let Some((_, object)) = verb else { return Vec::new() };
    let Some(end) = ENDS.iter().filter_map(|end| object.rfind(end)).max() else { return Vec::new() };
    let object = object[..end].trim();
    let mut titles = Vec::new();
    let mut rest = object;
    while let Some((_, after)) = rest.split_once('《')
        && let Some(end) = after.find('》')
        && titles.len() < MOST
    {
        titles.push(&after[..end]);
        rest = &after[end..];
    }
    if titles.is_empty() {
        titles.push(object);
    }
    titles.retain(|title| title.chars().count() >= 4);
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_names() {
        let cases = [
            ("某市政府投资项目管理实施细则（试行）", "某市政府投资项目管理实施细则"),
            ("某市氢能产业发展促进条例(2024修订)", "某市氢能产业发展促进条例"),
            ("产业结构调整指导目录（2019年本）", "产业结构调整指导目录"),
            ("某办法（2021年修订征求意见稿）", "某办法"),
            ("某办法（修订）（征求意见稿）", "某办法"),
            ("某办法(2020-03-27)", "某办法"),
            ("某办法（已废止）", "某办法"),
            ("中华人民共和国刑法修正案（九）", "中华人民共和国刑法修正案（九）"),
            ("河北雄安新区总体规划（2018—2035年）", "河北雄安新区总体规划（2018—2035年）"),
            ("（试行）", "（试行）"),
        ];
        for (title, stem) in cases {
            assert_eq!(without_status(title), stem, "{title}");
        }
        assert_eq!(regulation_key("中华人民共和国公司法（2023修订）"), "公司法");
        assert_eq!(regulation_key("《护士条例（2020修订）》"), "护士条例");
    }

    #[test]
    fn what_a_title_issues() {
        let cases = [
            ("某市人民政府关于印发《某市宅基地审批管理暂行办法》的通知", vec!["某市宅基地审批管理暂行办法"]),
            ("国务院关于印发国家职业教育改革实施方案的通知", vec!["国家职业教育改革实施方案"]),
            ("转发市公安局关于消防安全整治工作意见的通知", vec!["市公安局关于消防安全整治工作意见"]),
            ("关于印发《某市奖励办法》和《某市认定办法》的通知", vec!["某市奖励办法", "某市认定办法"]),
            ("关于做好春节工作的通知", vec![]),
            ("某市养犬管理条例", vec![]),
        ];
        for (title, issued) in cases {
            assert_eq!(issued_titles(title), issued, "{title}");
        }
    }
}
