//! `optimize`: one segment afterwards, nothing else changed.

use gongwen::{ErrorKind, Index, Mode, Query, SearchOptions, UpdateOptions, VerifyOptions};

use crate::util::{Bench, contents};

/// An index of several segments with deleted records in some.
fn bench_of_many_segments() -> Bench {
    let bench = Bench::new();
    let index = Index::open_or_create(bench.index()).expect("create");
    for n in 0..5 {
        bench.write(&format!("{n}.txt"), format!("第{n}号办法\n第一条 为了管理氢能{n}。\n第二条 加氢站备案。\n"));
        if n >= 2 {
            index.add_roots(&[bench.docs()], &UpdateOptions::new().threads(1)).expect("index");
        }
    }
    bench.write("1.txt", "第1号办法\n第一条 改为储能。\n");
    std::fs::remove_file(bench.docs().join("2.txt")).expect("remove");
    index.update(&UpdateOptions::new().threads(1)).expect("update");
    bench
}

fn found(index: &Index, query: &str) -> Vec<(String, String)> {
    let options = SearchOptions::new().mode(Mode::Exact).limit(100);
    let query = Query::parse(query).expect("a valid query");
    let hits = index.searcher().expect("a searcher").search(&query, &options).expect("an answer").hits;
    let mut found: Vec<_> = hits.into_iter().map(|hit| (hit.document.key.clone(), hit.section.label)).collect();
    found.sort();
    found
}

#[test]
fn one_segment_holds_what_many_held() {
    let bench = bench_of_many_segments();
    let before = contents(&bench.index(), &bench.docs());
    let index = Index::open(bench.index()).expect("open");
    let roots = index.roots().expect("roots");
    let hits = found(&index, "加氢站");
    assert_eq!((before.len(), hits.len()), (4, 3), "{hits:?}");
    assert!(index.status().expect("status").segments > 1);

    let optimized = index.optimize().expect("optimize");
    assert!(optimized.segments_before > 1 && optimized.dropped_records > 0, "{optimized:?}");
    assert_eq!(optimized.segments, 1);
    assert!(optimized.bytes < optimized.bytes_before, "{optimized:?}");
    let status = index.status().expect("status");
    assert_eq!((status.segments, status.index_bytes, status.documents), (1, optimized.bytes, 4));
    assert_eq!(contents(&bench.index(), &bench.docs()), before);
    assert_eq!(found(&index, "加氢站"), hits);
    assert_eq!(index.roots().expect("roots"), roots);
    let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert!(verification.is_clean(), "{:?}", verification.problems);
    assert_eq!(verification.leftovers, 0, "no file of a merged segment stays");

    // There is nothing left to do, and updates go on as before.
    let again = index.optimize().expect("optimize");
    assert_eq!((again.segments_before, again.segments, again.dropped_records), (1, 1, 0));
    std::fs::remove_file(bench.docs().join("0.txt")).expect("remove");
    bench.write("7.txt", "第7号办法\n第一条 加氢站。\n");
    let report = index.update(&UpdateOptions::new()).expect("update");
    assert_eq!((report.added, report.removed, report.unchanged), (1, 1, 3));
    assert_eq!(found(&index, "加氢站").len(), 3);
}

#[test]
fn the_program_says_what_it_did() {
    let bench = bench_of_many_segments();
    let done = bench.run(&["optimize", "--json"]).code(0).json();
    assert_eq!(done["segments"], 1);
    assert!(done["segments_before"].as_u64() > Some(1), "{done}");
    let run = bench.run(&["optimize"]).code(0);
    assert!(run.stdout().starts_with("1 segments → 1, "), "{}", run.stdout());
    bench.run(&["search", "加氢站"]).code(0);
}

#[test]
fn an_index_that_is_written_is_not_optimized() {
    let bench = bench_of_many_segments();
    let index = Index::open(bench.index()).expect("open");
    let writer = index.writer().expect("a writer");
    assert_eq!(index.optimize().expect_err("locked").kind(), ErrorKind::Locked);
    drop(writer);
    bench.run(&["optimize", "--index", "missing"]).code(2).stderr_has("no index here");

    let empty = Index::in_ram().expect("in memory").optimize().expect("nothing to do");
    assert_eq!((empty.segments_before, empty.segments), (0, 0));
}
