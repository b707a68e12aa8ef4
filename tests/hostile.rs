//! Documents, names and queries made to do harm.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gongwen::{ErrorKind, Index, Mode, Query, SearchOptions, UpdateOptions};

use crate::hostile_queries;
use crate::util::{Bench, corpus, is_long};

/// What a terminal would obey or an eye be misled by.
const HOSTILE: &str =
    "\u{1b}[31m红\u{1b}]52;c;aGk=\u{7}\u{202e}倒\u{200b}\u{8}\u{8}\u{9b}2J\u{feff}\u{2066}\u{e0041}\u{ad}\r\u{85}";

fn is_harmless(text: &str) -> bool {
    let is_bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c as u32, 0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
                | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe007f)
    };
    !text.contains(is_bad)
}

#[test]
fn hostile_text_is_shown_harmlessly_everywhere() {
    let bench = Bench::new();
    let name = format!("{}.txt", HOSTILE.replace('/', ""));
    // Among so much else that it is no binary file.
    let rest = "第三条 供水单位应当保证水质。\n".repeat(500);
    let text = format!("关于{HOSTILE}管理的办法\n第一条 氢能{HOSTILE}管理。\n第二条 {HOSTILE}储能。\n{rest}");
    bench.write(&name, text);
    bench.write("换\n行.txt", "第一条 氢能。\n");
    bench.write("换\n行2.txt", [0, 1, 2, 3, 0xff, 0, 0x80]);
    let html =
        format!("<html><head><title>{HOSTILE}氢能</title></head><body><p>{HOSTILE}氢能</p><p>{rest}</p></body></html>");
    bench.write("a.html", html);
    bench.run(&["index", "docs"]).code(2);
    let commands: &[&[&str]] = &[
        &["search", "氢能"],
        &["search", "氢能", "--color", "never", "-n", "0"],
        &["search", "氢能", "-l"],
        &["search", "氢能", "--flat", "-C", "20"],
        &["search", HOSTILE],
        &["show", &name],
        &["show", "换\n行.txt"],
        &["show", &name, "第九条"],
        &["show", HOSTILE],
        &["inspect", &format!("docs/{name}")],
        &["inspect", "docs/a.html"],
        &["inspect", HOSTILE],
        &["status", "--failures"],
        &["update"],
        &["verify"],
        &["index", HOSTILE],
        &["remove", HOSTILE],
        &["search", "氢能", "--in", HOSTILE],
        &["search", "氢能", "--index", HOSTILE],
    ];
    for command in commands {
        let run = bench.run(command);
        assert!(is_harmless(&run.stdout()), "{command:?}: {:?}", run.stdout());
        assert!(is_harmless(&run.stderr()), "{command:?}: {:?}", run.stderr());
        assert!(!run.stderr().contains("internal error"), "{command:?}: {}", run.stderr());
    }
    // A line a hit, whatever the names.
    let lines = bench.run(&["search", "氢能", "-n", "0"]).code(0).stdout();
    assert_eq!(lines.lines().count(), bench.run(&["search", "氢能", "-n", "0", "--jsonl"]).code(0).rows().len());
    // JSON escapes what it must, and gives the characters as they are.
    assert!(lines.contains("\\u{1b}"), "the name is shown: {lines}");
    for command in [&["search", "氢能", "--json"][..], &["show", &name, "--json"], &["status", "--json"]] {
        let json = bench.run(command).code(0);
        assert!(json.json().is_object() && !json.stdout().contains('\u{1b}'), "{command:?}");
    }
}

/// A tree with all that a folder can hold beside documents.
#[cfg(target_os = "linux")]
#[test]
fn links_pipes_devices_and_odd_names() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let bench = Bench::new();
    let docs = bench.docs();
    bench.write("good.txt", "第一条 氢能。\n");
    let outside = bench.dir.path().join("outside.txt");
    std::fs::write(&outside, "第一条 氢能在外。\n").expect("write");
    symlink(&outside, docs.join("link.txt")).expect("link");
    symlink(bench.dir.path(), docs.join("up")).expect("link");
    symlink("loop", docs.join("loop")).expect("link");
    symlink("/dev/zero", docs.join("zero.txt")).expect("link");
    let made = Command::new("mkfifo").arg(docs.join("pipe.txt")).status().expect("mkfifo");
    assert!(made.success());
    // Permitted to root only.
    let _ = Command::new("mknod").arg(docs.join("device.txt")).args(["c", "1", "5"]).output();
    let odd = docs.join(std::ffi::OsStr::from_bytes(b"\xff\xfe%ff.txt"));
    std::fs::write(&odd, "第一条 氢能怪名。\n").expect("write");
    let odder = docs.join(std::ffi::OsStr::from_bytes(b"\xff%ff.txt"));
    std::fs::write(&odder, "第一条 氢能怪名。\n").expect("write");
    let mut deep = docs.clone();
    (0..70).for_each(|_| deep.push("深"));
    std::fs::create_dir_all(&deep).expect("create");
    std::fs::write(deep.join("a.txt"), "第一条 氢能太深。\n").expect("write");

    let started = Instant::now();
    let report = bench.run(&["index", "docs", "--json"]).json();
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!(report["added"], 3, "{report}");
    let count = |query: &str| bench.run(&["search", query, "-c", "--mode", "exact"]).stdout().trim().to_owned();
    assert_eq!((count("氢能"), count("氢能在外"), count("氢能怪名")), ("3".into(), "0".into(), "2".into()));
    // They are known again, and gone when they are gone.
    let again = bench.run(&["update", "--json"]).json();
    assert_eq!((again["unchanged"].as_u64(), again["added"].as_u64()), (Some(3), Some(0)), "{again}");
    std::fs::remove_file(&odd).expect("remove");
    std::fs::remove_file(&odder).expect("remove");
    assert_eq!(bench.run(&["update", "--json"]).json()["removed"], 2);
    // Named themselves, they are refused or have nothing, at once.
    for (path, code) in [("docs/pipe.txt", 2), ("/dev/zero", 2), ("docs", 2)] {
        bench.run(&["inspect", path]).code(code).stderr_has("no regular file");
    }
    bench.run(&["index", "/dev/zero"]).code(2).stderr_has("no file or folder of documents");
}

/// Indexes one file and answers from it within a time.
fn is_bounded(name: &str, content: &[u8], query: &str, limit: Duration) {
    let bench = Bench::new();
    bench.write(name, content);
    bench.write("good.txt", "第一条 储能。\n");
    let started = Instant::now();
    let run = bench.run(&["index", "docs"]);
    let elapsed = started.elapsed();
    assert!(elapsed < limit, "{name}: {elapsed:?}");
    assert!(!run.stderr().contains("internal error"), "{name}: {}", run.stderr());
    // Indexed if sensible, reported if not; the rest in any case.
    let is_indexed = bench.run(&["search", query, "--mode", "exact", "-c"]).stdout().trim() != "0";
    let is_reported = run.stderr().contains(name);
    assert!(is_indexed != is_reported, "{name}: indexed {is_indexed}, reported {is_reported}: {}", run.stderr());
    bench.run(&["search", "储能", "--mode", "exact"]).code(0);
    eprintln!("{name}: {:.1} MB, {elapsed:.1?}, indexed {is_indexed}", content.len() as f64 / 1e6);
}

#[test]
fn hostile_documents_take_bounded_time() {
    // The dev profile is some ten times slower than a release.
    let scale = if is_long() { 25 } else { 1 };
    let limit = Duration::from_secs(if is_long() { 600 } else { 60 });
    let repeat = |text: &str, times: usize| text.repeat(times).into_bytes();
    is_bounded("一行.txt", &repeat("氢能产业", 8_000_000 * scale / 12 / 4), "氢能产业", limit);
    let run = [b"\xe6\xb0\xa2\xe8\x83\xbd ".to_vec(), vec![b'a'; 300_000 * scale]].concat();
    is_bounded("一词.txt", &run, "氢能", limit);
    let empty = [repeat("\n", 400_000 * scale), "氢能".as_bytes().to_vec()].concat();
    is_bounded("空行.txt", &empty, "氢能", limit);
    is_bounded("空白.txt", &[repeat(" \u{3000}\t", 100_000 * scale), "氢能".into()].concat(), "氢能", limit);
    let nested = format!("{}氢能{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    is_bounded("深.html", nested.as_bytes(), "氢能", limit);
    let tables = format!("{}氢能", "<table><tr><td>".repeat(20_000));
    is_bounded("表.html", tables.as_bytes(), "氢能", limit);
    is_bounded("引.md", &[repeat("> ", 20_000), "氢能".into()].concat(), "氢能", limit);
    is_bounded("列.md", &[repeat("- ", 20_000), "氢能".into()].concat(), "氢能", limit);
    is_bounded("括.md", &[repeat("[![", 20_000), "氢能".into(), repeat("](", 20_000)].concat(), "氢能", limit);
    is_bounded("星.md", &[repeat("*_`", 20_000), "氢能".into()].concat(), "氢能", limit);
    is_bounded("条.txt", &repeat("第一条 氢能\n", 20_000 * scale), "氢能", limit);
    is_bounded("层.txt", &repeat("一、氢能\n（一）储能\n1.风能\n（1）光能\n", 5_000), "氢能", limit);
    is_bounded("目录.txt", &repeat("第一章 氢能………………1\n", 20_000), "氢能", limit);
    let entities =
        "<!DOCTYPE a [<!ENTITY b \"氢氢氢\"><!ENTITY c \"&b;&b;&b;&b;\">]><html><body><p>氢能&c;&c;</p></body></html>";
    is_bounded("实体.html", entities.as_bytes(), "氢能", limit);
    is_bounded("实体.xml", entities.as_bytes(), "氢能", limit);
    let attribute = format!("<p title='{}'>氢能</p>", "x".repeat(3_000_000));
    is_bounded("属性.html", attribute.as_bytes(), "氢能", limit);
    is_bounded("角标.html", format!("<p>氢能{}", "&#x1F600;<".repeat(100_000)).as_bytes(), "氢能", limit);
}

#[test]
fn hostile_queries_are_bounded() {
    let index = Index::in_ram().expect("in memory");
    index.add_roots(&[corpus()], &UpdateOptions::new()).expect("index");
    let searcher = index.searcher().expect("searcher");
    // A hundred milliseconds in a release; our own code is some twenty times slower
    // in the dev profile.
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 10_000 } else { 100 });
    let mut slow = Vec::new();
    for (what, query) in &hostile_queries::refused() {
        let started = Instant::now();
        let error = Query::parse(query).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{what}: {error}");
        assert!(error.to_string().len() < 300, "{what}: an error as long as the query");
        if started.elapsed() > limit {
            slow.push((*what, started.elapsed()));
        }
    }
    for (what, query) in &hostile_queries::answered() {
        for mode in [Mode::Smart, Mode::Exact, Mode::Any] {
            let started = Instant::now();
            // It may also have nothing to search for.
            let parsed = match Query::parse(query) {
                Ok(parsed) => parsed,
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Query | ErrorKind::LimitExceeded), "{what}: {error}");
                    continue;
                }
            };
            let results = searcher.search(&parsed, &SearchOptions::new().mode(mode)).expect(what);
            if results.hits.is_empty() {
                searcher.advise(&parsed, &SearchOptions::new().mode(mode)).expect(what);
            }
            if started.elapsed() > limit {
                slow.push((*what, started.elapsed()));
            }
        }
    }
    assert!(slow.is_empty(), "more than {limit:?}: {slow:?}");
}

/// Where a test's folder is, for the modes of its files.
#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().expect("metadata").permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn the_index_is_its_owners_alone() {
    for umask in ["000", "022", "077"] {
        let bench = Bench::new();
        bench.write("a.txt", "第一条 氢能。\n");
        let program = env!("CARGO_BIN_EXE_gongwen");
        let script = format!("umask {umask}; '{program}' index docs && '{program}' search 氢能 --in docs");
        let run = Command::new("sh")
            .args(["-c", &script])
            .current_dir(bench.dir.path())
            .env_clear()
            .env("HOME", bench.dir.path())
            .env("GONGWEN_INDEX", bench.index())
            .output()
            .expect("sh");
        assert!(run.status.success(), "{run:?}");
        let cache = bench.dir.path().join(".cache/gongwen");
        let caches = std::fs::read_dir(&cache).expect("cache").map(|entry| entry.expect("entry").path());
        for folder in caches.chain([bench.index()]) {
            assert_eq!(mode(&folder), 0o700 & !u32::from_str_radix(umask, 8).expect("octal"), "{umask}");
            for entry in std::fs::read_dir(&folder).expect("folder") {
                let path = entry.expect("entry").path();
                assert_eq!(mode(&path) & !0o600, 0, "umask {umask}: {} has {:o}", path.display(), mode(&path));
            }
        }
    }
    // A folder that others may enter holds files that they cannot read.
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    std::fs::create_dir(bench.index()).expect("create");
    bench.run(&["index", "docs"]).code(0);
    for entry in std::fs::read_dir(bench.index()).expect("folder") {
        assert_eq!(mode(&entry.expect("entry").path()) & 0o077, 0);
    }
}
