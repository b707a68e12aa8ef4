//! Kill -9 at random moments: the index always is some commit, whole.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use gongwen::{Index, UpdateOptions, VerifyOptions};

use crate::util::{Bench, Random, contents, is_long};

const FILES: usize = 40;

fn text(file: usize, version: usize) -> String {
    let mut text = format!("第{file}号供水管理办法\n");
    for article in 1..=30 {
        text.push_str(&format!("第{article}条 第{version}版：供水单位应当保证水质，定期检修管网{file}。\n"));
    }
    text
}

/// Changes, adds and removes some files.
fn change(bench: &Bench, random: &mut Random, version: usize) {
    for _ in 0..12 {
        let file = random.below(FILES);
        bench.write(&format!("{file}.txt"), text(file, version));
    }
    let _ = std::fs::remove_file(bench.docs().join(format!("{}.txt", random.below(FILES))));
}

/// What an undisturbed run makes of the folder as it is.
fn undisturbed(bench: &Bench) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = Index::create(folder.path()).expect("create");
    let report = index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("index");
    let found = contents(folder.path(), &bench.docs());
    let files = std::fs::read_dir(bench.docs()).expect("folder").count();
    assert_eq!(found.len(), files, "an undisturbed run lost a document: {report:?}");
    found
}

/// What differs between two indexes.
#[track_caller]
fn assert_same(found: &BTreeMap<String, String>, expected: &BTreeMap<String, String>, when: &str) {
    let differing: Vec<_> =
        found.keys().chain(expected.keys()).filter(|name| found.get(*name) != expected.get(*name)).collect();
    assert!(differing.is_empty(), "{when}: {differing:?} differ ({} found, {} expected)", found.len(), expected.len());
}

/// Runs the program and kills it after a while; whether it was still running.
fn run_and_kill(bench: &Bench, args: &[&str], after: Duration) -> bool {
    let mut child = bench.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    std::thread::sleep(after);
    child.kill().expect("kill");
    child.wait().expect("wait").code().is_none()
}

#[test]
fn after_every_kill_the_index_is_some_commit() {
    let wanted = if is_long() { 120 } else { 12 };
    let bench = Bench::new();
    let mut random = Random(20_261_124);
    (0..FILES).for_each(|file| drop(bench.write(&format!("{file}.txt"), text(file, 0))));
    bench.run(&["index", "docs"]).code(0);
    let mut committed = undisturbed(&bench);
    assert_eq!(contents(&bench.index(), &bench.docs()), committed);
    change(&bench, &mut random, 1);
    let started = Instant::now();
    bench.run(&["update"]).code(0);
    // How long a run takes, corrected as it goes: half of the kills should fall about
    // the commit and what comes behind it.
    let mut whole_run = started.elapsed();
    committed = undisturbed(&bench);

    let (mut kills, mut rounds, mut kept_old) = (0, 0, 0);
    while kills < wanted {
        rounds += 1;
        assert!(rounds < wanted * 5 + 20, "only {kills} of {rounds} runs were killed in time");
        change(&bench, &mut random, rounds + 1);
        let next = undisturbed(&bench);
        let share = if rounds % 2 == 0 { random.below(1_000) } else { 850 + random.below(200) };
        let after = whole_run.mul_f64(share as f64 / 1_000.0);
        let was_killed = run_and_kill(&bench, &["update"], after);
        kills += usize::from(was_killed);
        let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
        assert!(verification.is_clean(), "killed after {after:?}: {:?}", verification.problems);
        let found = contents(&bench.index(), &bench.docs());
        assert!(found == committed || found == next, "killed after {after:?}: neither the old nor the new commit");
        assert!(was_killed || found == next, "a run that ended has committed");
        assert_eq!(verification.documents as usize, found.len(), "a document is doubled, or half there");
        kept_old += usize::from(found == committed);
        if rounds % 2 == 1 {
            whole_run = whole_run.mul_f64(if found == next { 0.93 } else { 1.08 });
        }
        committed = found;
        if rounds % 4 == 0 {
            bench.run(&["update"]).code(0);
            committed = next;
            assert_same(&contents(&bench.index(), &bench.docs()), &committed, "after an undisturbed update");
        }
    }
    change(&bench, &mut random, 0);
    bench.run(&["update"]).code(0);
    assert_same(&contents(&bench.index(), &bench.docs()), &undisturbed(&bench), "at the end");
    let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert_eq!((verification.problems.len(), verification.leftovers), (0, 0));
    eprintln!("{kills} kills survived in {rounds} updates, {kept_old} times with the old commit");
}

#[test]
fn a_killed_creation_can_be_begun_again() {
    let wanted = if is_long() { 60 } else { 6 };
    let bench = Bench::new();
    let mut random = Random(7);
    (0..10).for_each(|file| drop(bench.write(&format!("{file}.txt"), text(file, 0))));
    let started = Instant::now();
    bench.run(&["index", "docs"]).code(0);
    let whole_run = started.elapsed();
    let next = undisturbed(&bench);
    let (mut kills, mut rounds) = (0, 0);
    while kills < wanted {
        rounds += 1;
        assert!(rounds < wanted * 5 + 20, "only {kills} of {rounds} runs were killed in time");
        std::fs::remove_dir_all(bench.index()).expect("remove");
        let after = whole_run.mul_f64(random.below(1_050) as f64 / 1_000.0);
        kills += usize::from(run_and_kill(&bench, &["index", "docs"], after));
        if bench.index().join("meta.json").exists() {
            let verification = Index::verify(bench.index(), &VerifyOptions::new()).expect("verify");
            assert!(verification.is_clean(), "killed after {after:?}: {:?}", verification.problems);
            let found = contents(&bench.index(), &bench.docs());
            assert!(found.is_empty() || found == next, "killed after {after:?}");
        }
        // Whatever is left, the next run makes of it what it should be.
        bench.run(&["index", "docs"]).code(0);
        assert_same(&contents(&bench.index(), &bench.docs()), &next, "after a killed creation");
    }
    eprintln!("{kills} kills of creating runs survived in {rounds}");
}

#[test]
fn what_a_killed_creation_leaves_is_no_obstacle() {
    let bench = Bench::new();
    bench.write("a.txt", "第一条 氢能。\n");
    std::fs::create_dir(bench.index()).expect("create");
    std::fs::write(bench.index().join(".managed.json"), "[\"meta.json\"]").expect("write");
    std::fs::write(bench.index().join(".tantivy-writer.lock"), "").expect("write");
    std::fs::write(bench.index().join(".tmpAb3xYz"), "half").expect("write");
    bench.run(&["index", "docs"]).code(0);
    bench.run(&["search", "氢能"]).code(0);
    assert!(!bench.index().join(".tmpAb3xYz").exists());
}

/// A killed writer left the file of a commit's deletions; the next one, whose commit
/// had the same number, failed on it for ever.
#[test]
fn what_a_killed_commit_leaves_is_no_obstacle() {
    let bench = Bench::new();
    bench.write("1.txt", text(1, 0));
    bench.write("2.txt", text(2, 0));
    bench.run(&["index", "docs"]).code(0);
    let name = |ending: &str| {
        let entries = std::fs::read_dir(bench.index()).expect("folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(|name| name.ends_with(ending))
    };
    let id = name(".store").expect("a segment").replace(".store", "");
    for stamp in 0..500 {
        std::fs::write(bench.index().join(format!("{id}.{stamp}.del")), "half").expect("write");
    }
    bench.write("1.txt", text(1, 1));
    bench.run(&["update"]).code(0);
    let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert_eq!((verification.problems.len(), verification.leftovers, verification.documents), (0, 0, 2));
}
