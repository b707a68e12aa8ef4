//! Ctrl-C and SIGTERM while indexing.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gongwen::{Index, VerifyOptions};

use crate::util::{Bench, Run};

const FILES: usize = 1_500;

/// A folder that takes a while.
fn big_bench() -> Bench {
    let bench = Bench::new();
    let mut text = String::new();
    for article in 1..=40 {
        text.push_str(&format!("第{article}条 供水单位应当保证水质，定期检修管网，并向社会公布检测结果。\n"));
    }
    for n in 0..FILES {
        bench.write(&format!("{n}.txt"), format!("第{n}号供水办法\n{text}"));
    }
    bench
}

fn start(bench: &Bench, args: &[&str]) -> Child {
    bench.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().expect("sh");
    assert!(sent.success(), "kill -{name}");
}

/// Waits until the index holds files of a segment, so that work is under way.
fn wait_for_work(bench: &Bench, child: &mut Child) {
    let begun = Instant::now();
    let is_at_work = || {
        let entries = std::fs::read_dir(bench.index()).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).any(|name| name.ends_with(".store"))
    };
    while !is_at_work() {
        assert!(child.try_wait().expect("wait").is_none(), "ended before it could be interrupted");
        assert!(begun.elapsed() < Duration::from_secs(60), "never began");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn an_interrupt_keeps_what_is_whole_and_says_so() {
    for name in ["INT", "TERM"] {
        let bench = big_bench();
        let mut child = start(&bench, &["index", "docs"]);
        wait_for_work(&bench, &mut child);
        std::thread::sleep(Duration::from_millis(60));
        signal(&child, name);
        let run = Run::of(child.wait_with_output().expect("output"), name).code(2);
        assert!(run.stderr().contains("stopping"), "{}", run.stderr());
        let verification = Index::verify(bench.index(), &VerifyOptions::new()).expect("verify");
        assert!(verification.is_clean(), "{:?}", verification.problems);
        assert!(verification.documents < FILES as u64, "the whole was indexed in spite of {name}");
        let said = format!("interrupted: {} of {FILES} files are in the index", verification.documents);
        assert!(run.stdout().contains(&said), "expected `{said}` in {}", run.stdout());
        if name == "TERM" {
            let rest = bench.run(&["update", "--json"]).code(0).json();
            assert_eq!(rest["added"].as_u64(), Some(FILES as u64 - verification.documents));
            assert_eq!(Index::open(bench.index()).expect("open").status().expect("status").documents, FILES as u64);
        }
    }
}

#[test]
fn a_second_interrupt_ends_at_once() {
    let bench = big_bench();
    let mut child = start(&bench, &["index", "docs"]);
    wait_for_work(&bench, &mut child);
    signal(&child, "INT");
    signal(&child, "INT");
    let second = Instant::now();
    // Signals of one kind that arrive together are one; a third makes sure.
    std::thread::sleep(Duration::from_millis(30));
    let _ = Command::new("sh").args(["-c", &format!("kill -INT {} 2>/dev/null", child.id())]).status();
    let output = child.wait_with_output().expect("output");
    assert!(second.elapsed() < Duration::from_millis(1_500), "{:?}", second.elapsed());
    assert!(matches!(output.status.code(), Some(2 | 130)), "{:?}", output.status);
    let verification = Index::verify(bench.index(), &VerifyOptions::new()).expect("verify");
    assert!(verification.is_clean(), "{:?}", verification.problems);
}
