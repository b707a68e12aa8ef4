//! What the benches share: a corpus to work on.

#[path = "../generator.rs"]
pub mod generator;

use std::path::{Path, PathBuf};

/// Bytes the generated corpus has at least.
const GENERATED_BYTES: u64 = 20 << 20;

/// The folder to work on: `GONGWEN_BENCH_CORPUS`, else one generated from
/// `corpus/` with a fixed seed, kept in the target folder.
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("GONGWEN_BENCH_CORPUS") {
        return folder.into();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-corpus-2");
    let documents = folder.join("documents");
    if !folder.join("complete").exists() {
        // What an interrupted run has left is written over with the same.
        generator::generate(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &documents, GENERATED_BYTES);
        std::fs::write(folder.join("complete"), "").expect("the target folder can be written");
    }
    documents
}
