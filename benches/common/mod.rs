//! What the benches share: a corpus, and the naive loader to compare with.

use std::path::{Path, PathBuf};

/// Bytes the generated corpus has at least.
const GENERATED_BYTES: usize = 20 << 20;

/// The folder to work on: `GONGWEN_BENCH_CORPUS`, else one generated from
/// `corpus/` with a fixed seed, kept in the target folder.
pub fn folder() -> PathBuf {
    match std::env::var_os("GONGWEN_BENCH_CORPUS") {
        Some(folder) => folder.into(),
        None => generate(),
    }
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Texts made of the corpus's own clauses in new order: real words, real lengths,
/// the outline kept. The same bytes on every machine.
fn generate() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-corpus-1");
    if folder.join("complete").exists() {
        return folder;
    }
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let mut documents: Vec<Vec<String>> = Vec::new();
    let mut clauses: Vec<String> = Vec::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")) {
        let bytes = std::fs::read(&path).expect("the bundled corpus is readable");
        let extracted = gongwen::extract::extract(&bytes, &path).expect("the bundled corpus is readable");
        let lines: Vec<String> = extracted.paragraphs.iter().map(|p| p.text.replace('\t', " ")).collect();
        clauses.extend(lines.iter().flat_map(|line| line.split_inclusive(['，', '；', '。'])).map(str::to_owned));
        documents.push(lines);
    }
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |bound: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % bound
    };
    let mut written = 0;
    let mut number = 0;
    while written < GENERATED_BYTES {
        let mut text = String::new();
        for line in &documents[next(documents.len())] {
            // The first clause keeps the outline; every other one is drawn.
            for (at, clause) in line.split_inclusive(['，', '；', '。']).enumerate() {
                text.push_str(if at == 0 || next(3) == 0 { clause } else { &clauses[next(clauses.len())] });
            }
            text.push('\n');
        }
        written += text.len();
        std::fs::write(folder.join(format!("{number:05}.txt")), text).expect("the target folder can be written");
        number += 1;
    }
    std::fs::write(folder.join("complete"), "").expect("the target folder can be written");
    folder
}
