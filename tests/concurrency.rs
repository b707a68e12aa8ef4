//! Many at once: writers, readers, queries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gongwen::{ErrorKind, Index, Mode, Query, SearchOptions, Searcher, UpdateOptions, VerifyOptions};

use crate::util::{Bench, Random, corpus, is_long};

fn count(searcher: &Searcher, query: &str) -> u64 {
    let query = Query::parse(query).expect("query");
    searcher.count(&query, &SearchOptions::new().mode(Mode::Exact)).expect("count").exact
}

/// A thread could take the numbers of its operations before another and queue its
/// deletion after it; tantivy then took the deletion for one of what it replaced and
/// of the replacement too. Some one in thirty small runs lost a document so.
#[test]
fn no_document_is_lost_among_threads() {
    let rounds = if is_long() { 2_000 } else { 200 };
    let bench = Bench::new();
    for n in 0..10 {
        bench.write(&format!("{n}.txt"), format!("第{n}号办法\n第一条 管理。\n第二条 供水{n}。\n"));
    }
    for round in 0..rounds {
        let index = Index::in_ram().expect("in memory");
        // Room for all of them.
        let options = UpdateOptions::new().threads(2 + round % 7).memory_bytes(1 << 30);
        index.add_roots(&[bench.docs()], &options).expect("index");
        let status = index.status().expect("status");
        assert_eq!((status.documents, status.sections), (10, 30), "round {round}");
    }
}

#[test]
fn readers_see_one_commit_each_and_no_error() {
    const DOCUMENTS: u64 = 12;
    let generations = if is_long() { 200 } else { 20 };
    let bench = Bench::new();
    let index = Index::create(bench.index()).expect("create");
    let put = |index: &Index, generation: u64| {
        let mut writer = index.writer().expect("writer");
        for n in 0..DOCUMENTS {
            let text = format!("第{n}号办法\n第一条 第g{generation}g代供水。\n第二条 供水。\n");
            writer.put_text(&format!("k{n}"), &text).expect("put");
        }
        writer.commit().expect("commit");
    };
    put(&index, 0);
    let (is_done, seen) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for reader in 0..4 {
            let (index, is_done, seen) = (&index, &is_done, &seen);
            scope.spawn(move || {
                // Two of them open the folder anew each time, as another process would.
                let own = || if reader < 2 { index.clone() } else { Index::open(bench_path(index)).expect("open") };
                let mut newest = 0;
                while !is_done.load(Ordering::Acquire) {
                    let searcher = own().searcher().expect("a searcher while writing");
                    assert_eq!(count(&searcher, "供水"), 2 * DOCUMENTS);
                    let query = Query::parse("第一条").expect("query");
                    let options = SearchOptions::new().mode(Mode::Exact).limit(None);
                    let hits = searcher.search(&query, &options).expect("search").hits;
                    let texts: Vec<&str> =
                        hits.iter().flat_map(|hit| &hit.fragments).map(|f| f.text.as_str()).collect();
                    let generation =
                        |text: &str| text.split('g').nth(1).and_then(|n| n.parse::<u64>().ok()).expect("generation");
                    let generations: Vec<u64> = texts.iter().map(|text| generation(text)).collect();
                    assert_eq!(generations.len() as u64, DOCUMENTS);
                    assert!(generations.iter().all(|&g| g == generations[0]), "two commits at once: {generations:?}");
                    assert!(generations[0] >= newest, "an older commit than before");
                    newest = generations[0];
                    let status = own().status().expect("a status while writing");
                    assert_eq!(status.documents, DOCUMENTS);
                    seen.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Many small commits make merges.
        (1..=generations).for_each(|generation| put(&index, generation));
        is_done.store(true, Ordering::Release);
    });
    assert!(seen.load(Ordering::Relaxed) > 10);
    let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert!(verification.is_clean(), "{:?}", verification.problems);
}

fn bench_path(index: &Index) -> &std::path::Path {
    index.path().expect("on disk")
}

#[test]
fn an_old_searcher_answers_from_its_commit() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能旧文。\n");
    let index = Index::open_or_create(bench.index()).expect("create");
    index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("index");
    let old = index.searcher().expect("searcher");
    for n in 0..12 {
        // The old segments are merged away and their files deleted.
        bench.write("a.txt", format!("第一条 氢能新文{n}。\n"));
        bench.write(&format!("{n}.txt"), "第一条 储能。\n");
        index.update(&UpdateOptions::new()).expect("update");
    }
    assert_eq!((count(&old, "旧文"), count(&old, "新文11"), count(&old, "储能")), (1, 0, 0));
    let results = old.search(&Query::parse("旧文").expect("query"), &SearchOptions::new()).expect("search");
    assert_eq!(results.hits[0].fragments[0].text, "第一条 氢能旧文。");
    let new = index.searcher().expect("searcher");
    assert_eq!((count(&new, "旧文"), count(&new, "新文11"), count(&new, "储能")), (0, 1, 12));
}

#[test]
fn a_thousand_queries_of_sixteen_threads_get_the_answers_of_one() {
    fn is_shared<T: Send + Sync + Clone>(_: &T) {}
    let index = Index::in_ram().expect("in memory");
    index.add_roots(&[corpus()], &UpdateOptions::new()).expect("index");
    let searcher = index.searcher().expect("searcher");
    is_shared(&searcher);
    is_shared(&index);
    let words = ["氢能", "产业园", "应急", "预案", "罚款", "管理", "条例", "供水", "2022", "负责", "第一条", "安全"];
    let mut random = Random(16);
    let queries: Vec<String> = (0..if is_long() { 1_000 } else { 200 })
        .map(|_| (0..=random.below(2)).map(|_| words[random.below(words.len())]).collect::<Vec<_>>().join(" "))
        .collect();
    let answer = |searcher: &Searcher, query: &str| {
        let results = searcher.search(&Query::parse(query).expect("query"), &SearchOptions::new()).expect("search");
        let hits = results.hits.iter().map(|hit| (hit.document.key.clone(), hit.section.ordinal, hit.tier));
        (results.counts, hits.collect::<Vec<_>>())
    };
    let expected: Arc<Vec<_>> = Arc::new(queries.iter().map(|query| answer(&searcher, query)).collect());
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let (searcher, queries, expected) = (searcher.clone(), &queries, expected.clone());
            scope.spawn(move || {
                for at in (thread..queries.len()).step_by(16) {
                    assert_eq!(answer(&searcher, &queries[at]), expected[at], "{}", queries[at]);
                }
            });
        }
    });
}

#[test]
fn of_two_that_create_at_once_neither_writes_over_the_other() {
    for _ in 0..10 {
        let bench = Bench::new();
        let put = |key: &str| -> gongwen::Result<()> {
            let index = Index::open_or_create(bench.index())?;
            loop {
                match index.writer() {
                    Err(error) if error.kind() == ErrorKind::Locked => std::thread::yield_now(),
                    Err(error) => return Err(error),
                    Ok(mut writer) => {
                        writer.put_text(key, "第一条 供水。")?;
                        return writer.commit();
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let others = ["a", "b", "c"].map(|key| scope.spawn(move || put(key)));
            for other in others {
                other.join().expect("no panic").expect("created or opened");
            }
        });
        let searcher = Index::open(bench.index()).expect("open").searcher().expect("searcher");
        assert_eq!(count(&searcher, "供水"), 3);
    }
}
