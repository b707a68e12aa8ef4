//! The program, from the outside.

use crate::util::{Bench, corpus};

#[test]
fn the_corpus_is_searched_by_folder() {
    let bench = Bench::new();
    let corpus = corpus();
    let folder = corpus.to_str().expect("UTF-8");
    let run = bench.run(&["search", "氢能", "产业园", "--in", folder, "--jsonl", "-n", "0", "--mode", "exact"]).code(0);
    let rows = run.rows();
    assert!(rows.len() > 5);
    for row in &rows {
        assert_eq!(row["tier"], "exact");
        let fragments = row["fragments"].as_array().expect("fragments");
        for fragment in fragments {
            let chars: Vec<char> = fragment["text"].as_str().expect("text").chars().collect();
            for range in fragment["highlights"].as_array().expect("highlights") {
                let (from, to) = (range[0].as_u64().expect("start"), range[1].as_u64().expect("end"));
                let marked: String = chars[from as usize..to as usize].iter().collect();
                assert!(["氢能", "产业园", "氢能产业园"].contains(&marked.as_str()), "{marked}");
            }
        }
    }
    // The second run reads nothing again and answers the same.
    let again = bench.run(&["search", "氢能", "产业园", "--in", folder, "--jsonl", "-n", "0", "--mode", "exact"]);
    assert_eq!(run.stdout(), again.stdout());
}

#[test]
fn pipes_get_one_line_a_section() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 为了规范氢能管理，制定本办法。\n第二条 加氢站应当备案。\n");
    bench.run(&["index", "docs"]).code(0);
    let run = bench.run(&["search", "加氢站"]).code(0);
    assert_eq!(run.stdout(), "docs/a.txt:2: 第二条: 第二条 加氢站应当备案。\n");
}

#[test]
fn exit_codes_say_what_happened() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    bench.run(&["search", "氢能"]).code(0);
    bench.run(&["search", "不存在的词语", "--mode", "exact"]).code(1);
    bench.run(&["search", "。，"]).code(2).stderr_has("nothing to search");
    bench.run(&["index", "nowhere"]).code(2).stderr_has("nowhere: no such file or folder");
}

#[test]
fn bad_files_are_reported_and_the_rest_is_indexed() {
    let bench = Bench::new();
    bench.write("good.txt", "一、氢能发展\n推进加氢站建设。\n");
    bench.write("empty.txt", "");
    bench.write("binary.txt", [0x7f, b'E', b'L', b'F', 0, 1, 2, 3, 0, 0, 0xff, 0xfe, 0x80, 0x81, 0, 0]);
    let run = bench.run(&["index", "docs"]).code(2).stderr_has("empty.txt").stderr_has("binary.txt");
    assert!(run.stdout().contains("2 not searchable"), "{}", run.stdout());
    bench.run(&["search", "加氢站", "-l"]).code(0);
    let status = bench.run(&["status", "--json"]).code(0).json();
    assert_eq!(status["documents"], 1);
    assert_eq!(status["failures"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_no_index_is_refused_and_left_alone() {
    let bench = Bench::new();
    let file = bench.write("a.txt", "第一条 氢能。\n");
    let docs = bench.docs();
    let docs = docs.to_str().expect("UTF-8");
    bench.run(&["search", "氢能", "--index", docs]).code(2).stderr_has("no gongwen index");
    bench.run(&["index", "docs", "--index", docs]).code(2);
    bench.run(&["--index", file.to_str().expect("UTF-8"), "search", "氢能"]).code(2).stderr_has("this is a file");
    bench.run(&["search", "氢能", "--index", "missing"]).code(2).stderr_has("no index here");
    assert_eq!(std::fs::read_dir(bench.docs()).expect("folder").count(), 1);
}

#[test]
fn a_second_writer_is_told_of_the_lock() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    bench.write("b.txt", "第一条 储能。\n");
    let index = gongwen::Index::open(bench.index()).expect("open");
    let writer = index.writer().expect("first writer");
    bench
        .run(&["update"])
        .code(2)
        .stderr_has("another process is writing")
        .stderr_has(".tantivy-writer.lock")
        .stderr_has(&format!("process {} ", std::process::id()));
    drop(writer);
    bench.run(&["update"]).code(0);
}

#[test]
fn show_and_inspect_give_sections() {
    let bench = Bench::new();
    let path = bench.write(
        "办法.txt",
        "某市供水管理办法\n第一章　总则\n第一条　为了加强管理，制定本办法。\n第二条　本办法适用于本市。\n",
    );
    let inspected = bench.run(&["inspect", path.to_str().expect("UTF-8"), "--json"]).code(0).json();
    assert_eq!(inspected["title"], "某市供水管理办法");
    let labels: Vec<_> =
        inspected["sections"].as_array().expect("sections").iter().map(|s| s["label"].as_str()).collect();
    assert_eq!(labels, [Some(""), Some("第一章"), Some("第一条"), Some("第二条")]);
    bench.run(&["index", "docs"]).code(0);
    let shown = bench.run(&["show", "办法.txt", "第二条"]).code(0);
    assert_eq!(shown.stdout(), "第一章 总则\n第二条　本办法适用于本市。\n");
    bench.run(&["show", "办法.txt", "第九条"]).code(1);
    bench.run(&["show", "无此文.txt"]).code(2).stderr_has("no such document");
}

#[test]
fn removed_folders_are_gone() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    bench.run(&["remove", "docs"]).code(0);
    bench.run(&["search", "氢能"]).code(1);
    bench.run(&["remove", "docs"]).code(2);
}

#[test]
fn a_version_is_dated_by_its_amendment_and_stands_before_the_older_one() {
    let bench = Bench::new();
    let corpus = corpus();
    let folder = corpus.to_str().expect("UTF-8");
    let rows = bench.run(&["search", "氢能 产业园", "--in", folder, "--jsonl"]).code(0).rows();
    let files: Vec<&str> = rows.iter().filter_map(|row| row["file"].as_str()).collect();
    let place = |name: &str| files.iter().position(|file| file.contains(name)).unwrap_or(usize::MAX);
    assert!(place("条例(2024修订)") < place("条例(2021)"), "{files:?}");
    let run = bench.run(&["search", "氢能", "--in", folder, "--from", "2024", "--kind", "条例", "-l"]).code(0);
    assert!(run.stdout().contains("条例(2024修订)") && !run.stdout().contains("条例(2021)"), "{}", run.stdout());
}
