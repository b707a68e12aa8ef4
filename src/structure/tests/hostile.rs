//! Mangled and hostile texts: no panic, bounds kept, no text lost.

use std::path::Path;

use proptest::prelude::*;

use crate::document::Date;
use crate::extract;

/// Pieces that the rules look for, put together at random.
const PIECES: &[&str] = &[
    "一、",
    "二、",
    "（一）",
    "(二)",
    "1.",
    "1.1 ",
    "1.1.1",
    "（1）",
    "①",
    "第一条 ",
    "第二条",
    "第一条之一",
    "第一章 ",
    "第三节",
    "第一编",
    "附件",
    "附件1",
    "附：",
    "目录",
    "总则",
    "附则",
    "序言",
    "关于印发",
    "《",
    "》",
    "〈",
    "〉",
    "“",
    "”",
    "：“",
    "的通知",
    "办法",
    "国发〔2019〕5号",
    "国发[2019",
    "〕",
    "令第5号",
    "第92号",
    "2022年5月6日",
    "二〇二二年",
    "2022.3.5",
    "1.5亿元",
    "某市人民政府",
    "各区人民政府：",
    "自公布之日起施行",
    "有效期五年",
    "同时废止",
    "以下简称",
    "（",
    "）",
    "(",
    ")",
    "。",
    "；",
    "，",
    "、",
    "\n",
    "\n\n",
    "　",
    " ",
    "\t",
    "— 5 —",
    "第3页",
    "来源：",
    "日期：",
    "索引号：",
    "【",
    "】",
    "机密★",
    "特急",
    "文件已失效",
    "甲",
    "的",
    "之",
    "条",
    "项",
    "999999999999",
    "九九九九九九九九九九",
    "千万万",
    "a",
    "B1",
    "é",
    "𠀀",
    "\u{200b}",
    "\r",
    "#",
    "## ",
    "|",
    "---",
    "<!-- INFO END -->",
    "<p>",
    "</table>",
    "&nbsp;",
    "\u{fffd}",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..120).prop_map(|pieces| pieces.concat())
}

fn check(text: &str, name: &str) {
    let Ok(extracted) = extract::extract(text.as_bytes(), Path::new(name)) else { return };
    let today = Date::new(2024, 6, 1).unwrap();
    let document = crate::structure::parse_on(&extracted, Path::new(name), today);
    for (at, section) in document.sections.iter().enumerate() {
        assert_eq!(section.ordinal as usize, at);
        assert!(section.level <= 11 && section.path.len() <= 11);
        let chars = section.text.chars().count() as u32;
        assert!(section.items.iter().all(|item| item.start <= chars), "{text:?}");
    }
    for citation in &document.citations {
        let section = &document.sections[citation.ordinal as usize];
        assert!(citation.start < section.text.chars().count() as u32, "{text:?}");
    }
    let json = serde_json::to_string(&document).unwrap();
    let back: crate::Document = serde_json::from_str(&json).unwrap();
    assert_eq!(back.sections, document.sections);
    assert_eq!(back.citations, document.citations);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_in_any_order(text in text()) {
        check(&text, "a.txt");
        check(&text, "通知（2020-01-02）.md");
        check(&format!("<html><body>{text}</body></html>"), "a.html");
    }

    #[test]
    fn any_text(text in ".{0,300}") {
        check(&text, "a.txt");
    }
}

#[test]
fn long_runs_of_one_thing() {
    for piece in [
        "《",
        "》",
        "（",
        "“",
        "第",
        "一",
        "1.",
        "第一条",
        "号",
        "〔2019〕5号",
        "：“",
        "附件",
        "、",
        "自",
        "有效期",
        "日起施行",
    ] {
        let start = std::time::Instant::now();
        check(&piece.repeat(20_000), "a.txt");
        check(&format!("{piece}\n").repeat(2_000), "a.txt");
        let seconds = start.elapsed().as_secs_f64();
        // Some 0.1 s unoptimised; what is quadratic takes minutes.
        assert!(seconds < 20.0, "{piece}: {seconds:.1} s");
    }
}
