//! `verify` finds every damage and names the file; `rebuild` mends it; nothing that
//! reads a damaged index panics or answers from half of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongwen::{ErrorKind, Index, Mode, Query, RebuildOptions, SearchOptions, UpdateOptions, VerifyOptions};

use crate::probe::{End, Outcomes, probe};
use crate::util::{Bench, Random, contents, is_long};

/// An index of two segments, one of them with deleted records.
fn damaged_bench() -> Bench {
    let bench = Bench::new();
    for n in 0..6 {
        bench.write(&format!("{n}.txt"), format!("第{n}号办法\n第一条 为了管理氢能{n}。\n第二条 加氢站备案。\n"));
    }
    bench.write("empty.txt", "");
    let index = Index::open_or_create(bench.index()).expect("create");
    index.add_roots(&[bench.docs()], &UpdateOptions::new().threads(1)).expect("index");
    bench.write("1.txt", "第1号办法\n第一条 改为储能。\n");
    index.update(&UpdateOptions::new().threads(1)).expect("update");
    bench
}

/// The files that hold something, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path());
    let with_name = entries.map(|path| (path.file_name().expect("name").to_string_lossy().into_owned(), path));
    with_name
        .filter(|(name, _)| !name.ends_with(".lock"))
        .map(|(name, path)| (name, std::fs::read(path).expect("read")))
        .collect()
}

/// Ways to damage a file: what it is afterwards, `None` for deleted.
fn damages(bytes: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let flip = |at: usize, by: u8| {
        let mut changed = bytes.to_vec();
        changed[at] ^= by;
        (format!("byte {at} of {} flipped by {by:#x}", bytes.len()), Some(changed))
    };
    let cut = |length: usize| (format!("cut from {} to {length} bytes", bytes.len()), Some(bytes[..length].to_vec()));
    let last = bytes.len() - 1;
    let mut damages = vec![("deleted".to_owned(), None), cut(last), cut(bytes.len() / 2), cut(0)];
    let step = if is_long() { (bytes.len() / 400).max(1) } else { (bytes.len() / 6).max(1) };
    damages.extend((0..bytes.len()).step_by(step).chain([last]).map(|at| flip(at, 1)));
    damages.extend([flip(0, 0x80), flip(last, 0x20), flip(bytes.len() / 2, 0xff)]);
    let longer = [bytes, b"\0".as_slice()].concat();
    damages.push(("made a byte longer".to_owned(), Some(longer)));
    damages
}

#[test]
fn every_damaged_file_is_found_and_named() {
    let bench = damaged_bench();
    let sound = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert!(sound.is_clean(), "{:?}", sound.problems);
    assert_eq!((sound.documents, sound.leftovers), (7, 0));
    // Five of three sections (the title is the front's), one of two; all compared.
    assert_eq!((sound.sections, sound.compared), (17, 17));
    let files = files(&bench.index());
    assert!(files.keys().any(|name| name.ends_with(".del")), "{:?}", files.keys());
    let query = Query::parse("氢能").expect("query");
    let search = || -> gongwen::Result<u64> {
        let searcher = Index::open(bench.index())?.searcher()?;
        let results = searcher.search(&query, &SearchOptions::new().mode(Mode::Exact).limit(None))?;
        Ok(results.counts.exact)
    };
    let expected = search().expect("search");
    assert_eq!(expected, 5);

    let End::Done(sound) = probe(&bench.index()) else { panic!("the sound index") };
    assert_eq!(probe(&bench.index()), End::Done(sound.clone()), "the same each time");
    assert!(sound.len() >= 12 && sound.values().all(|outcome| outcome.starts_with("answer")), "{sound:?}");

    let (mut count, mut tally) = (0, Tally::default());
    for (name, bytes) in &files {
        for (what, damaged) in damages(bytes) {
            let path = bench.index().join(name);
            match &damaged {
                Some(damaged) => std::fs::write(&path, damaged).expect("write"),
                None => std::fs::remove_file(&path).expect("remove"),
            }
            let found = Index::verify(bench.index(), &VerifyOptions::new());
            let is_named = found
                .as_ref()
                .is_ok_and(|found| found.problems.iter().any(|problem| problem.file.as_deref() == Some(name.as_str())));
            assert!(is_named, "{name} {what}: {found:?}");
            // Whole files that are missing or cut are an error to a search, never a
            // smaller answer.
            let is_cut = damaged.as_ref().is_none_or(|damaged| damaged.len() < bytes.len());
            if is_cut && let Ok(found) = search() {
                assert_eq!(found, expected, "{name} {what}");
            }
            if is_long() || count % 8 == 0 {
                tally.add(&format!("{name} {what}"), probe(&bench.index()), &sound);
            }
            std::fs::write(&path, bytes).expect("restore");
            count += 1;
        }
    }
    let restored = Index::verify(bench.index(), &VerifyOptions::new()).expect("verify");
    assert!(restored.is_clean(), "{:?}", restored.problems);
    eprintln!("{count} damages to {} files found; {tally:?}", files.len());
    // Small files are looked at whole when they are opened.
    assert_eq!((tally.panics, tally.vague, tally.killed, tally.hung, tally.other_answers), (0, 0, 0, 0, 0));
}

/// What is not looked at when an index is opened: the middle of large files. A changed
/// byte there may change an answer, but ends in no panic.
#[test]
fn a_changed_byte_in_a_large_file_is_an_error_at_worst() {
    let bench = Bench::new();
    for n in 0..60 {
        let article =
            |at: u64| format!("第{at}条 氢能{n}加氢站应当备案{}，管理{}。\n", at * 7919 % 1_009, at * n % 613);
        bench.write(&format!("{n}.txt"), format!("第{n}号办法\n{}", (1..60).map(article).collect::<String>()));
    }
    let index = Index::open_or_create(bench.index()).expect("create");
    index.add_roots(&[bench.docs()], &UpdateOptions::new().threads(1)).expect("index");
    drop(index);
    let End::Done(sound) = probe(&bench.index()) else { panic!("the sound index") };
    let (mut tally, mut random) = (Tally::default(), Random(20_261_125));
    let large: Vec<_> = files(&bench.index()).into_iter().filter(|(_, bytes)| bytes.len() > 64 << 10).collect();
    assert!(large.len() >= 2, "files that are not looked at whole");
    for (name, bytes) in &large {
        for _ in 0..if is_long() { 250 } else { 5 } {
            let at = (4 << 10) + random.below(bytes.len() - (20 << 10));
            let mut changed = bytes.clone();
            changed[at] ^= 1 << random.below(8);
            std::fs::write(bench.index().join(name), &changed).expect("write");
            tally.add(&format!("{name} byte {at} of {}", bytes.len()), probe(&bench.index()), &sound);
        }
        std::fs::write(bench.index().join(name), bytes).expect("restore");
    }
    let names: Vec<&str> = large.iter().filter_map(|(name, _)| name.split('.').nth(1)).collect();
    eprintln!("{} large files ({names:?}): {tally:?}", large.len());
    assert_eq!((tally.panics, tally.vague), (0, 0));
}

/// What is stored of documents has sums of its own, which reading looks at.
#[test]
fn a_changed_byte_of_stored_documents_is_an_error() {
    let bench = Bench::new();
    let mut random = Random(20_261_128);
    let mut titles = Vec::new();
    for n in 0..2_000 {
        // Titles that do not pack: they stand in the file as they are.
        let title: String = (0..20).filter_map(|_| char::from_u32(0x4e00 + random.below(0x5000) as u32)).collect();
        bench.write(&format!("{n}.txt"), format!("关于{title}氢能的通知\n\n第一条 氢能。\n"));
        titles.push(title);
    }
    let index = Index::open_or_create(bench.index()).expect("create");
    index.add_roots(&[bench.docs()], &UpdateOptions::new().threads(1)).expect("index");
    drop(index);
    let heads: Vec<_> = files(&bench.index())
        .into_iter()
        .filter(|(name, bytes)| name.ends_with(".heads") && bytes.len() > 128 << 10)
        .collect();
    assert!(!heads.is_empty(), "a file that is larger than what is looked at whole");
    let query = Query::parse("氢能").expect("query");
    let search = || Index::open(bench.index())?.searcher()?.search(&query, &SearchOptions::new().limit(None));
    assert!(search().is_ok());
    for (name, bytes) in &heads {
        for title in [&titles[0], &titles[700], &titles[1_500]] {
            let at = memchr::memmem::find(bytes, title.as_bytes()).expect("a title") + 4;
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(bench.index().join(name), &changed).expect("write");
            assert!(search().is_err(), "{name} byte {at} of {}", bytes.len());
        }
        std::fs::write(bench.index().join(name), bytes).expect("restore");
    }
    assert!(search().is_ok());
}

/// What became of the ways into damaged indexes.
#[derive(Debug, Default)]
struct Tally {
    probed: u32,
    /// Indexes on which every way answered as on the sound one.
    unharmed: u32,
    /// Indexes with an error in some way, and all other answers right.
    refused: u32,
    /// Indexes with another answer than that of the sound one. Text may be changed
    /// where only a checksum sees it.
    other_answers: u32,
    panics: u32,
    /// With an error that does not say what to do.
    vague: u32,
    /// Ended by a signal: more memory asked for than there is.
    killed: u32,
    hung: u32,
}

impl Tally {
    fn add(&mut self, what: &str, end: End, sound: &Outcomes) {
        self.probed += 1;
        let outcomes = match end {
            End::Done(outcomes) => outcomes,
            End::Killed(outcomes) => {
                self.killed += 1;
                eprintln!("{what}: killed after {} ways", outcomes.len());
                return;
            }
            End::Hung => {
                self.hung += 1;
                eprintln!("{what}: hung");
                return;
            }
        };
        let differs =
            |(way, outcome): (&String, &String)| outcome.starts_with("answer") && sound.get(way) != Some(outcome);
        if outcomes.values().any(|outcome| outcome == "panic") {
            eprintln!("{what}: panic");
            self.panics += 1;
        } else if let Some(vague) = outcomes.values().find(|outcome| outcome.starts_with("vague")) {
            eprintln!("{what}: {vague}");
            self.vague += 1;
        } else if outcomes.iter().any(differs) {
            self.other_answers += 1;
        } else if outcomes.values().any(|outcome| outcome.starts_with("error")) {
            self.refused += 1;
        } else {
            self.unharmed += 1;
        }
    }
}

#[test]
fn rebuild_needs_no_sources_where_the_store_is_whole() {
    let bench = damaged_bench();
    let before = contents(&bench.index(), &bench.docs());
    std::fs::rename(bench.docs(), bench.dir.path().join("gone")).expect("rename");
    for (name, bytes) in files(&bench.index()) {
        if [".idx", ".pos", ".term", ".fast", ".fieldnorm"].iter().any(|part| name.ends_with(part)) {
            std::fs::write(bench.index().join(&name), &bytes[..bytes.len() / 2]).expect("write");
        }
    }
    std::fs::write(bench.index().join(".managed.json"), "damaged").expect("write");
    bench.run(&["search", "氢能"]).code(2).stderr_has("gongwen rebuild");
    let verified = bench.run(&["verify", "--json"]).code(2).json();
    assert!(verified["problems"].as_array().is_some_and(|problems| problems.len() > 5), "{verified}");

    let rebuilt = bench.run(&["rebuild", "--json"]).code(0).json();
    assert_eq!((rebuilt["kept"].as_u64(), rebuilt["unreadable"].as_u64()), (Some(7), Some(0)), "{rebuilt}");
    assert!(rebuilt["read"].is_null());
    assert_eq!(contents(&bench.index(), &bench.docs()), before);
    bench.run(&["verify", "--full"]).code(0);
    bench.run(&["search", "加氢站", "--mode", "exact"]).code(0);
    // Nothing is left beside the index, and it still knows its roots.
    assert_eq!(siblings(&bench), ["gone", "index"]);
    let roots = Index::open(bench.index()).expect("open").roots().expect("roots");
    assert_eq!(roots, [bench.dir.path().canonicalize().expect("path").join("docs")]);
}

#[test]
fn rebuild_reads_the_roots_where_documents_are_damaged() {
    let bench = damaged_bench();
    let before = contents(&bench.index(), &bench.docs());
    let heads: Vec<PathBuf> =
        files(&bench.index()).keys().filter(|name| name.ends_with(".heads")).map(|n| bench.index().join(n)).collect();
    assert_eq!(heads.len(), 2);
    std::fs::write(&heads[0], "damaged").expect("write");
    let rebuilt = Index::rebuild(bench.index(), &RebuildOptions::new()).expect("rebuild");
    assert_eq!(rebuilt.unreadable, 1);
    assert!(rebuilt.kept > 0 && rebuilt.read.is_some_and(|read| read.added + read.failures.len() as u64 > 0));
    assert_eq!(contents(&bench.index(), &bench.docs()), before);

    // Nor can they be read when they are gone; the old index stays then.
    let store = files(&bench.index()).into_iter().find(|(name, _)| name.ends_with(".heads")).expect("a file");
    std::fs::write(bench.index().join(&store.0), "damaged").expect("write");
    std::fs::rename(bench.docs(), bench.dir.path().join("away")).expect("rename");
    let error = Index::rebuild(bench.index(), &RebuildOptions::new()).expect_err("no roots");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    std::fs::rename(bench.dir.path().join("away"), bench.docs()).expect("rename");
    std::fs::write(bench.index().join(&store.0), &store.1).expect("restore");
    assert_eq!(contents(&bench.index(), &bench.docs()), before);

    // Without meta.json nothing is known; the roots have to be named.
    std::fs::write(bench.index().join("meta.json"), "{").expect("write");
    let error = Index::rebuild(bench.index(), &RebuildOptions::new()).expect_err("no roots");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.remedy().is_some_and(|remedy| remedy.contains("gongwen rebuild DIR")), "{error:?}");
    assert_eq!(siblings(&bench), ["docs", "index"]);
    let rebuilt = Index::rebuild(bench.index(), &RebuildOptions::new().roots(&[bench.docs()])).expect("rebuild");
    assert_eq!((rebuilt.kept, rebuilt.read.map(|read| read.added)), (0, Some(6)));
    assert_eq!(contents(&bench.index(), &bench.docs()), before);
}

#[test]
fn a_rebuild_that_fails_or_is_killed_loses_nothing() {
    let bench = damaged_bench();
    let before = contents(&bench.index(), &bench.docs());
    // A writer is at work.
    let index = Index::open(bench.index()).expect("open");
    let writer = index.writer().expect("writer");
    let error = Index::rebuild(bench.index(), &RebuildOptions::new()).expect_err("locked");
    assert_eq!(error.kind(), ErrorKind::Locked);
    drop(writer);
    // Killed while making the new one; killed between the two renames.
    let hidden = |what: &str| bench.dir.path().join(format!(".index.gongwen-{what}"));
    std::fs::create_dir(hidden("new")).expect("create");
    std::fs::write(hidden("new").join("half"), "x").expect("write");
    std::fs::rename(bench.index(), hidden("old")).expect("rename");
    Index::rebuild(bench.index(), &RebuildOptions::new()).expect("rebuild");
    assert_eq!(contents(&bench.index(), &bench.docs()), before);
    assert_eq!(siblings(&bench), ["docs", "index"]);
}

#[test]
fn what_is_no_index_is_not_verified_or_rebuilt() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    let docs = bench.docs();
    let docs = docs.to_str().expect("UTF-8");
    for command in ["verify", "rebuild"] {
        bench.run(&[command, "--index", docs]).code(2).stderr_has("no gongwen index");
        bench.run(&[command, "--index", "missing"]).code(2).stderr_has("no index here");
    }
    assert_eq!(siblings(&bench), ["docs"]);
}

fn siblings(bench: &Bench) -> Vec<String> {
    let entries = std::fs::read_dir(bench.dir.path()).expect("folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
