//! Where the program lies in memory: at a fixed address, with glibc on Linux.
//!
//! A program that may lie anywhere has its 40,000 pointers set each time it starts, in
//! 170 pages that must be copied for it: an eighth of a search in a small index.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    // A static program is linked as rustc asks: its two options of this kind exclude each other.
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
