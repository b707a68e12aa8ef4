//! Where the program lies in memory: at a fixed address, with glibc on Linux.
//!
//! A program that may lie anywhere has its 40,000 pointers set each time it starts, in
//! 170 pages that must be copied for it: an eighth of a search in a small index. With
//! `GONGWEN_PIE=1` it is placed at random all the same (see `SECURITY.md`).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GONGWEN_PIE");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    // A static program is linked as rustc asks: its two options of this kind exclude each other.
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    let is_anywhere = std::env::var_os("GONGWEN_PIE").is_some_and(|value| value == "1");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static && !is_anywhere {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
