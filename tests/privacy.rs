//! Documents marked as state secrets.

use gongwen::{Index, UpdateOptions};

use crate::util::Bench;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("a.txt", "某市人民政府办公室文件\n关于供水的通知\n第一条 氢能供水。\n");
    bench.write("b.txt", "机密★10年\n某市人民政府办公室文件\n关于供水的通知\n第一条 氢能机要。\n");
    // The word in the text is no mark.
    bench.write("c.txt", "关于保密的通知\n第一条 氢能：国家秘密的密级分为绝密、机密、秘密三级。\n");
    bench
}

fn count(bench: &Bench, query: &str) -> String {
    bench.run(&["search", query, "-c", "--mode", "exact"]).stdout().trim().to_owned()
}

#[test]
fn marked_documents_are_warned_about_and_left_out_on_request() {
    let bench = bench();
    let run = bench.run(&["index", "docs"]).code(0).stderr_has("warning").stderr_has("b.txt");
    assert!(!run.stderr().contains("c.txt") && !run.stderr().contains("a.txt"), "{}", run.stderr());
    assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("3".into(), "1".into()));
    assert_eq!(bench.run(&["status", "--json"]).json()["classified"], 1);
    // Said once, not at every update.
    assert_eq!(bench.run(&["update"]).code(0).stderr(), "");

    // Those in the index are taken out, and stay out without being asked again.
    bench.run(&["update", "--skip-classified"]).code(0).stderr_has("b.txt").stderr_has("机密");
    assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("2".into(), "0".into()));
    bench.write("d.txt", "绝密\n关于供水的通知\n第一条 氢能机要。\n");
    bench.write("b.txt", "机密★20年\n某市人民政府办公室文件\n关于供水的通知\n第一条 氢能机要。\n");
    bench.run(&["update"]).code(0);
    assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("2".into(), "0".into()));
    // Nothing of the text is anywhere in the index's files.
    let status = bench.run(&["status", "--json"]).json();
    assert_eq!((status["classified"].as_u64(), status["failures"].as_array().map(Vec::len)), (Some(0), Some(2)));
    bench.run(&["rebuild"]).code(0);
    bench.write("e.txt", "秘密★1年\n关于供水的通知\n第一条 氢能机要。\n");
    bench.run(&["update"]).code(0);
    assert_eq!(count(&bench, "机要"), "0");

    bench.run(&["update", "--index-classified"]).code(0).stderr_has("warning");
    assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("5".into(), "3".into()));
    // A file that loses its mark is let in; one that is gone is gone.
    bench.run(&["update", "--skip-classified"]).code(0);
    bench.write("b.txt", "关于供水的通知\n第一条 氢能机要。\n");
    std::fs::remove_file(bench.docs().join("d.txt")).expect("remove");
    bench.run(&["update"]).code(0);
    assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("3".into(), "1".into()));
}

#[test]
fn the_library_says_which() {
    let bench = bench();
    let index = Index::open_or_create(bench.index()).expect("create");
    let report = index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("index");
    let names: Vec<_> = report.classified.iter().filter_map(|path| path.file_name()).collect();
    assert_eq!(names, ["b.txt"]);
    let report = index.update(&UpdateOptions::new().skip_classified(true)).expect("update");
    assert_eq!((report.classified.len(), report.failures.len()), (0, 1));
    assert_eq!(report.failures[0].kind, "classified");
}
