//! The library without files.

use gongwen::{Index, Mode, Query, SearchOptions, Tier};

fn search(index: &Index, query: &str, options: SearchOptions) -> Vec<(String, Tier)> {
    let results = index.searcher().expect("searcher").search(&Query::parse(query).expect("query"), &options);
    results.expect("search").hits.iter().map(|hit| (hit.document.key.clone(), hit.tier)).collect()
}

fn index(texts: &[(&str, &str)]) -> Index {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("writer");
    for (key, text) in texts {
        writer.put_text(key, text).expect("put");
    }
    writer.commit().expect("commit");
    index
}

#[test]
fn values_are_added_replaced_and_deleted() {
    let index = index(&[("a", "第一条 氢能产业。"), ("b", "第一条 储能产业。")]);
    assert_eq!(search(&index, "产业", SearchOptions::new()).len(), 2);
    let mut writer = index.writer().expect("writer");
    writer.put_text("a", "第一条 风能。").expect("put");
    writer.delete("b");
    assert_eq!(search(&index, "产业", SearchOptions::new()).len(), 2, "nothing shows before the commit");
    writer.commit().expect("commit");
    assert!(search(&index, "产业", SearchOptions::new().mode(Mode::Exact)).is_empty());
    assert_eq!(search(&index, "风能", SearchOptions::new()), [("a".to_owned(), Tier::Exact)]);
}

#[test]
fn what_is_replaced_or_deleted_is_not_counted() {
    // One stays in the segment of the others, which is not dropped with them.
    let index = index(&[("a", "第一条 氢能。"), ("b", "第一条 储能。"), ("c", "第一条 风能。")]);
    let mut writer = index.writer().expect("writer");
    writer.put_text("a", "第一条 水能。").expect("put");
    writer.delete("b");
    writer.commit().expect("commit");
    assert_eq!(index.status().expect("status").documents, 2);
    let catalog = index.catalog().expect("catalog");
    let mut keys: Vec<&str> = catalog.documents().iter().map(|document| document.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["a", "c"]);
}

#[test]
fn keys_of_any_length_are_kept_or_refused() {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("writer");
    let longest = "k".repeat(32 * 1024);
    for _ in 0..2 {
        writer.put_text(&longest, "第一条 供水。").expect("put");
        writer.commit().expect("commit");
    }
    // Replaced, not doubled.
    assert_eq!(search(&index, "供水", SearchOptions::new()).len(), 1);
    let error = writer.put_text(&"k".repeat(100_000), "第一条 供水。").expect_err("too long");
    assert_eq!(error.kind(), gongwen::ErrorKind::InvalidArgument);
}

#[test]
fn tiers_come_in_their_order() {
    let index = index(&[
        ("literal", "第一条 建立应急救援队伍的规定。"),
        ("words", "第一条 救援队伍实行应急值班。"),
        ("document", "第一条 关于应急的规定。\n第二条 关于救援的规定。"),
        ("relaxed", "第一条 关于应急的要求。"),
    ]);
    let all = search(&index, "应急 救援", SearchOptions::new());
    let tier_of = |key: &str| all.iter().filter(|(k, _)| k == key).map(|&(_, tier)| tier).collect::<Vec<_>>();
    assert_eq!(tier_of("literal"), [Tier::Exact]);
    assert_eq!(tier_of("words"), [Tier::Exact]);
    assert_eq!(tier_of("document"), [Tier::Document, Tier::Document]);
    assert_eq!(tier_of("relaxed"), [Tier::Relaxed]);
    let one = search(&index, "应急救援", SearchOptions::new());
    assert_eq!(one[0], ("literal".to_owned(), Tier::Exact));
    assert_eq!(one[1], ("words".to_owned(), Tier::Words));
    assert!(all.windows(2).all(|pair| pair[0].1 <= pair[1].1));
}

#[test]
fn the_document_tier_shows_the_best_section_of_each_keyword() {
    let index =
        index(&[("a", "第一条 关于应急的规定。\n第二条 应急物资的储备。\n第三条 储备的规定和救援。\n第四条 其他。")]);
    let query = Query::parse("应急 储备 救援").expect("query");
    let results = index.searcher().expect("searcher").search(&query, &SearchOptions::new()).expect("search");
    let mut found: Vec<_> =
        results.hits.iter().filter(|hit| hit.tier == Tier::Document).map(|hit| hit.section.label.as_str()).collect();
    found.sort_unstable();
    // 应急 stands in the first, too, but the second has 储备 beside it.
    assert_eq!(found, ["第三条", "第二条"]);
}

#[test]
fn pages_fit_together() {
    let texts: Vec<(String, String)> =
        (0..30).map(|n| (format!("k{n}"), format!("第一条 产业发展{}。", "，产业".repeat(n % 7)))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(k, t)| (k.as_str(), t.as_str())).collect();
    let index = index(&texts);
    let all = search(&index, "产业", SearchOptions::new().limit(None));
    assert_eq!(all.len(), 30);
    let paged: Vec<_> =
        (0..6).flat_map(|page| search(&index, "产业", SearchOptions::new().limit(5).offset(page * 5))).collect();
    assert_eq!(paged, all);
}

#[test]
fn exclusion_and_alternatives() {
    let index = index(&[("a", "第一条 招商局负责。"), ("b", "第一条 招商公司负责。"), ("c", "第一条 公司。")]);
    let keys = |query| {
        search(&index, query, SearchOptions::new().mode(Mode::Exact)).into_iter().map(|(k, _)| k).collect::<Vec<_>>()
    };
    assert_eq!(keys("招商 -公司"), ["a"]);
    assert_eq!(keys("招商局 OR 招商公司").len(), 2);
    assert_eq!(keys("\"公司。\""), ["c"]);
}
