//! Incremental updates.

use gongwen::{Index, Query, SearchOptions, UpdateOptions};

use crate::util::Bench;

#[test]
fn only_what_changed_is_read_again() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    bench.write("b.txt", "第一条 储能。\n");
    let index = Index::open_or_create(bench.index()).expect("create");
    let options = UpdateOptions::new();
    let first = index.add_roots(&[bench.docs()], &options).expect("index");
    assert_eq!((first.added, first.files), (2, 2));

    let second = index.add_roots(&[bench.docs()], &options).expect("index");
    assert_eq!((second.unchanged, second.bytes_read), (2, 0));

    bench.write("a.txt", "第一条 氢能产业。\n");
    let third = index.update(&options).expect("update");
    assert_eq!((third.changed, third.unchanged, third.added), (1, 1, 0));
    assert_eq!(found(&index, "氢能产业"), 1);

    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    let touched = std::fs::File::options().append(true).open(bench.docs().join("b.txt")).expect("open");
    touched.set_modified(later).expect("touch");
    let after_touch = index.update(&options).expect("update");
    assert_eq!((after_touch.changed, after_touch.touched, after_touch.unchanged), (1, 1, 1));
    let again = index.update(&options).expect("update");
    assert_eq!((again.changed, again.unchanged, again.bytes_read), (0, 2, 0), "the new time is remembered");

    std::fs::remove_file(bench.docs().join("b.txt")).expect("remove");
    let fourth = index.update(&options).expect("update");
    assert_eq!((fourth.removed, fourth.unchanged), (1, 1));
    assert_eq!(found(&index, "储能"), 0);
    assert_eq!(index.status().expect("status").documents, 1);
}

#[test]
fn a_memory_budget_of_any_size_is_one() {
    for bytes in [0, usize::MAX / 4, usize::MAX] {
        let bench = Bench::new();
        bench.write("a.txt", "第一条 氢能。\n");
        let index = Index::open_or_create(bench.index()).expect("create");
        let report = index.add_roots(&[bench.docs()], &UpdateOptions::new().memory_bytes(bytes));
        assert_eq!(report.expect("indexed").added, 1, "{bytes} bytes");
    }
}

#[test]
fn a_missing_root_does_not_delete_its_documents() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    let index = Index::open_or_create(bench.index()).expect("create");
    index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("index");
    std::fs::rename(bench.docs(), bench.dir.path().join("moved")).expect("rename");
    let report = index.update(&UpdateOptions::new()).expect("update");
    assert_eq!((report.removed, report.failures.len()), (0, 1));
    assert_eq!(found(&index, "氢能"), 1);
}

fn found(index: &Index, query: &str) -> u64 {
    let query = Query::parse(query).expect("query");
    index.searcher().expect("searcher").count(&query, &SearchOptions::new()).expect("count").exact
}
