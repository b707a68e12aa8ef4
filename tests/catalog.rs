//! Citations, versions and comparison from outside, over the corpus and small folders.

use crate::util::{Bench, corpus};

const OLD: &str = "某市供水条例\n（2010年3月1日某市人民代表大会常务委员会通过）\n第一条 市水务局主管供水。\n第二条 本条例自2010年5月1日起施行。\n";
const NEW: &str = "某市供水条例\n（2010年3月1日某市人民代表大会常务委员会通过 2020年3月1日修订）\n第一条 为了加强供水管理，制定本条例。\n第二条 市水务局主管供水。\n第三条 本条例自2020年5月1日起施行。\n";
const NOTICE: &str = "某市水务局关于节水的通知\n某水〔2022〕5号\n各区水务局：\n根据《某市供水条例》第二条和《某省节水办法》，通知如下。\n某市水务局\n2022年6月1日\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("old.txt", OLD);
    bench.write("new.txt", NEW);
    bench.write("notice.txt", NOTICE);
    bench.run(&["index", "docs"]).code(0);
    bench
}

#[test]
fn who_cites_whom() {
    let bench = bench();
    let cites = bench.run(&["cites", "某水[2022]5号", "--json"]).code(0).json();
    assert_eq!(cites["document"]["file"], "docs/notice.txt");
    assert_eq!(cites["cites"][0]["document"]["file"], "docs/new.txt");
    assert_eq!(cites["cites"][0]["places"][0]["article"], "第二条");
    assert_eq!(cites["cites"][0]["places"][0]["relation"], "依据");
    assert_eq!(cites["cites"][1]["title"], "某省节水办法");
    assert_eq!(cites["cites"][1]["document"], serde_json::Value::Null);
    let text = bench.run(&["cites", "notice.txt"]).code(0).stdout();
    assert!(
        text.contains("  《某市供水条例》  依据  第二条\n    → docs/new.txt\n不在索引中：\n  《某省节水办法》"),
        "{text}"
    );
    let citing = bench.run(&["cited-by", "docs/new.txt", "--json"]).code(0).json();
    assert_eq!(citing["cited_by"][0]["document"]["file"], "docs/notice.txt");
    bench.run(&["cited-by", "old.txt"]).code(1);
    bench.run(&["cites", "没有的文件"]).code(2).stderr_has("the index has no such document");
}

#[test]
fn versions_and_their_force() {
    let bench = bench();
    let versions = bench.run(&["versions", "供水条例", "--json"]).code(0).json();
    let list = versions[0]["versions"].as_array().expect("versions");
    let files: Vec<&str> = list.iter().map(|version| version["document"]["file"].as_str().expect("file")).collect();
    assert_eq!(files, ["docs/new.txt", "docs/old.txt"]);
    assert_eq!(list[0]["force"]["validity"], "现行有效");
    assert_eq!(list[1]["force"]["validity"], "已被修改");
    assert_eq!(list[1]["force"]["inferred"], true);
    assert_eq!(list[1]["force"]["by"]["file"], "docs/new.txt");
    bench.run(&["versions", "刑法"]).code(1);
    assert!(bench.run(&["show", "old.txt"]).code(0).stdout().starts_with("已被修改（推断，据《某市供水条例》"));
}

#[test]
fn differences_of_files_and_of_the_index() {
    let bench = bench();
    let diff = bench.run(&["diff", "docs/old.txt", "docs/new.txt", "--json"]).code(0).json();
    let kinds: Vec<&str> = diff["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| change["kind"].as_str().expect("kind"))
        .collect();
    assert_eq!(kinds, ["added", "renumbered", "changed"]);
    let text = bench.run(&["diff", "old.txt", "new.txt"]).code(0).stdout();
    assert!(text.contains("= 第一条 → 第二条"), "{text}");
    assert!(text.contains("[-2010-]{+2020+}年5月1日"), "{text}");
    bench.run(&["diff", "old.txt", "docs/old.txt"]).code(1);
    bench.run(&["diff", "old.txt", "nowhere.txt"]).code(2).stderr_has("nowhere.txt");
}

#[test]
fn the_corpus_knows_its_versions() {
    let bench = Bench::new();
    let folder = corpus();
    bench.run(&["index", folder.to_str().expect("UTF-8")]).code(0);
    let versions = bench.run(&["versions", "青屿市氢能产业发展促进条例", "--json"]).code(0).json();
    assert_eq!(versions[0]["versions"][0]["document"]["date"], "2024-08-29");
    assert_eq!(versions[0]["versions"][1]["document"]["date"], "2021-10-28");
    let cites = bench.run(&["cites", "苇政〔2023〕37号", "--json"]).code(0).json();
    let repealed = |cited: &&serde_json::Value| cited["places"][0]["relation"] == "废止";
    assert_eq!(cites["cites"].as_array().expect("cites").iter().filter(repealed).count(), 20);
}
