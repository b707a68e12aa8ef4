//! A full disk and a folder that cannot be written, on a file system of our own.

use std::path::{Path, PathBuf};
use std::process::Command;

use gongwen::{Index, VerifyOptions};

use crate::util::Bench;

/// A small tmpfs, unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    /// `None` where mounting is not permitted; `src/index/faults.rs` injects the same
    /// errors without it.
    fn new(at: &Path, bytes: u64) -> Option<Mount> {
        std::fs::create_dir_all(at).expect("create");
        let is_mounted = mount(&["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"], at);
        if !is_mounted {
            eprintln!("skipped: mounting is not permitted here");
        }
        is_mounted.then(|| Mount(at.to_owned()))
    }

    fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0), "remount {options}");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    Command::new("mount").args(args).arg(at).output().is_ok_and(|output| output.status.success())
}

fn text(n: usize) -> String {
    // Characters that do not compress well, so that the index grows.
    let mut state = n as u32 * 7 + 1;
    let mut text = format!("第{n}号办法\n");
    for article in 1..=60 {
        text.push_str(&format!("第{article}条 供水"));
        for _ in 0..60 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.extend(char::from_u32(0x4e00 + (state >> 12) % 20_000));
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_full_disk_leaves_the_old_state() {
    let bench = Bench::new();
    let Some(disk) = Mount::new(&bench.index(), 900_000) else { return };
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    (0..60).for_each(|n| drop(bench.write(&format!("{n}.txt"), text(n))));
    for _ in 0..3 {
        let run = bench.run(&["update"]).code(2).stderr_has("no room is left").stderr_has("make room");
        assert_eq!(run.stdout(), "", "nothing was done");
        let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
        assert!(verification.is_clean(), "{:?}", verification.problems);
        assert_eq!(verification.documents, 1);
        bench.run(&["search", "氢能"]).code(0);
        bench.run(&["search", "供水", "--mode", "exact"]).code(1);
    }
    disk.remount("size=50000000");
    bench.run(&["update"]).code(0);
    let verification = Index::verify(bench.index(), &VerifyOptions::new().full(true)).expect("verify");
    assert!(verification.is_clean(), "{:?}", verification.problems);
    assert_eq!((verification.documents, verification.leftovers), (61, 0));
}

#[test]
fn a_disk_too_small_for_a_new_index_says_so() {
    let bench = Bench::new();
    let Some(disk) = Mount::new(&bench.index(), 4_096) else { return };
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(2).stderr_has("no room is left");
    disk.remount("size=50000000");
    bench.run(&["index", "docs"]).code(0);
    bench.run(&["search", "氢能"]).code(0);
}

#[test]
fn a_read_only_index_is_searched_but_not_written() {
    let bench = Bench::new();
    let Some(disk) = Mount::new(&bench.index(), 50_000_000) else { return };
    bench.write("a.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    // As a copy on a read-only medium: not even the locks' files are there.
    for lock in [".tantivy-meta.lock", ".tantivy-writer.lock"] {
        let _ = std::fs::remove_file(bench.index().join(lock));
    }
    disk.remount("ro");
    bench.run(&["search", "氢能"]).code(0);
    bench.run(&["status"]).code(0);
    bench.run(&["show", "a.txt"]).code(0);
    bench.run(&["verify"]).code(0);
    // Nothing to write: nothing fails.
    bench.run(&["update"]).code(0);
    bench.write("b.txt", "第一条 储能。\n");
    bench.run(&["update"]).code(2).stderr_has("cannot be written").stderr_has("searching works");
    bench.run(&["remove", "docs"]).code(2).stderr_has("cannot be written");
    bench.run(&["rebuild"]).code(2).stderr_has("cannot be written");
    disk.remount("rw");
    bench.run(&["update"]).code(0);
    bench.run(&["search", "储能"]).code(0);
}
