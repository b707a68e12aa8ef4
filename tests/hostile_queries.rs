//! Queries made to take long, for the test and for `examples/hostile_queries.rs`.

use gongwen::query::{MAX_DEPTH, MAX_QUERY_BYTES, MAX_TERMS, NEAR_TERMS};

/// Characters of the commonest, over and over.
fn singles(count: usize, separator: &str) -> String {
    let common: Vec<char> =
        "的一是在有人这中大国上个以管理和条第应当规定部门政府工作单位安全机关市县级办法本依法".chars().collect();
    (0..count).map(|n| common[n % common.len()].to_string()).collect::<Vec<_>>().join(separator)
}

/// As many different ones of something as a query may have.
fn different(each: impl Fn(usize) -> String, separator: &str) -> String {
    let mut all = String::new();
    for next in (0..MAX_TERMS).map(each) {
        if all.len() + separator.len() + next.len() > MAX_QUERY_BYTES {
            break;
        }
        all.extend([if all.is_empty() { "" } else { separator }, &next]);
    }
    all
}

/// Different characters, common and rare.
fn character(n: usize) -> char {
    char::from_u32(0x4e00 + (n * 37 % 0x5000) as u32).unwrap_or('一')
}

/// A syllable as pinyin has it.
fn syllable(n: usize) -> String {
    let (initials, finals) =
        (["zh", "sh", "g", "l", "d", "j", "x", "b", "m", "f"], ["i", "an", "ong", "u", "ang", "en"]);
    format!("{}{}", initials[n % initials.len()], finals[n / initials.len() % finals.len()])
}

/// As often as a query is long.
fn fill(text: &str) -> String {
    text.repeat(MAX_QUERY_BYTES / text.len())
}

/// What is beyond the limits.
pub fn refused() -> Vec<(&'static str, String)> {
    vec![
        ("1 MB", "氢能".repeat(180_000)),
        ("1 MB of quotes", "\"".repeat(1_000_000)),
        ("a million brackets", "(".repeat(1_000_000)),
        ("10,000 terms", (0..10_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join(" ")),
        ("10,000 alternatives", (0..10_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join("|")),
        ("2,000 short terms", "的 ".repeat(2_000)),
        ("too many prefixes", "1* ".repeat(17)),
        ("too many NEARs", singles(40, " NEAR/10000 ")),
        ("500 nested groups", format!("{}a b{}", "(a ".repeat(500), ")".repeat(500))),
    ]
}

/// What is within them.
pub fn answered() -> Vec<(&'static str, String)> {
    let prefixes: Vec<String> = "0123456789abcdefghijklmnopqrstuvwxyz".chars().map(|c| format!("{c}*")).collect();
    vec![
        ("the longest text", singles(MAX_QUERY_BYTES / 3, "")),
        ("the longest phrase", format!("\"{}\"", singles(MAX_QUERY_BYTES / 3 - 1, ""))),
        ("the same character", "的".repeat(MAX_QUERY_BYTES / 3)),
        ("the most terms", singles(MAX_TERMS, " ")),
        (
            "the most phrases",
            (0..MAX_TERMS).map(|n| format!("\"{}\"", singles(2 + n % 5, ""))).collect::<Vec<_>>().join(" OR "),
        ),
        ("the most alternatives", singles(MAX_TERMS, " OR ")),
        ("the most exclusions", format!("的 -{}", singles(MAX_TERMS - 1, " -"))),
        ("the deepest groups", format!("{}a b{}", "(a ".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1))),
        ("the deepest exclusions", format!("的 {}a b{}", "-(a ".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1))),
        ("brackets around nothing", "()".repeat(MAX_QUERY_BYTES / 2 - 8) + "氢能"),
        ("brackets without partners", "（".repeat(MAX_QUERY_BYTES / 3 - 2) + "氢能"),
        ("quotes without partners", "“".repeat(MAX_QUERY_BYTES / 3 - 2) + "氢能"),
        ("quotes in pairs", fill("\"的\"a")),
        ("minuses", "-".repeat(MAX_QUERY_BYTES - 6) + "氢能"),
        ("stars", "*".repeat(MAX_QUERY_BYTES)),
        ("stars and a word", "* ".repeat(2_000) + "氢能"),
        ("colons", fill("标题:")),
        ("prefixes of digits", prefixes[..10].join(" OR ")),
        ("prefixes of letters", prefixes[10..26].join(" OR ")),
        ("prefixes that must all be", prefixes[..16].join(" ")),
        ("prefixes excluded", format!("的 -{}", prefixes[..15].join(" -"))),
        ("chains of NEAR", singles(MAX_TERMS / (1 + NEAR_TERMS), " NEAR/10000 ")),
        ("NEAR of alternatives", {
            let side = singles((MAX_TERMS - NEAR_TERMS) / 2, " OR ");
            format!("({side}) NEAR/10000 ({side})")
        }),
        ("a NEAR of the commonest", "的 NEAR/10000 的".to_owned()),
        ("fields", "标题:的 ".repeat(250)),
        ("paths", "路径:的 ".repeat(250)),
        ("numbers of documents", "文号:国 ".repeat(250)),
        ("articles", "条:1 OR ".repeat(250) + "条:2"),
        ("numbers", "99999999999999999999 ".repeat(200)),
        ("one long number", "9".repeat(MAX_QUERY_BYTES)),
        ("one long Chinese number", "九".repeat(MAX_QUERY_BYTES / 3)),
        ("sums of money", "2000.5万元 ".repeat(200)),
        ("dates and their spellings", "2023年3月5日至2024年3月5日 ".repeat(120)),
        ("dates", "日期:2021..2022 ".repeat(200) + "氢能"),
        ("names and their aliases", "发改委 ".repeat(200)),
        ("names joined", fill("发改委财政部")),
        ("one long word", "a".repeat(MAX_QUERY_BYTES)),
        ("pinyin", fill("shi")),
        ("pinyin of many words", "shi ".repeat(250)),
        ("words that are not there", "氢氦锂铍 ".repeat(200)),
        ("different characters", different(|n| character(n).to_string(), " ")),
        ("different characters of which any", different(|n| character(n).to_string(), " OR ")),
        ("different words", different(|n| format!("{}{}", character(n), character(n + 1)), " ")),
        ("different dates", different(|n| format!("{}年{}月{}日", 2000 + n % 25, 1 + n % 12, 1 + n % 28), " OR ")),
        ("different numbers", different(|n| format!("{}万元", 100 + n * 7), " OR ")),
        ("different pinyin", different(|n| syllable(n) + &syllable(n / 3), " ")),
        ("different prefixes of numbers", (20..36).map(|n| format!("{n}*")).collect::<Vec<_>>().join(" OR ")),
        ("escapes", format!("\"{}\"", "\\\"".repeat(MAX_QUERY_BYTES / 2 - 1))),
        ("combining marks", format!("氢{}", "\u{301}".repeat(MAX_QUERY_BYTES / 2 - 2))),
        ("hostile characters", "\u{202e}\u{1b}氢能".repeat(100)),
        ("rare characters", fill("𠮷")),
    ]
}
