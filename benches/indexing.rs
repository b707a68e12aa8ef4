//! How fast is indexing, whole and by stage, beside the naive loader: tantivy and
//! tantivy-jieba, one document a file, stored text, the same threads, reading
//! included for both.
//!
//! ```text
//! cargo bench --bench indexing
//! GONGWEN_BENCH_CORPUS=/folder cargo bench --bench indexing
//! ```

/// As in the program; both loaders have it.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod common;
mod naive;

use std::path::{Path, PathBuf};

use criterion::{BatchSize, Criterion, Throughput};
use gongwen::analysis::{self, Segmenter};
use gongwen::{Dictionary, Index, UpdateOptions, extract, structure};

use naive::naive;

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8)
}

fn ours(folder: &Path, target: &Path) -> u64 {
    let index = Index::create(target).expect("an empty folder");
    index.add_roots(&[folder], &UpdateOptions::new().threads(threads())).expect("indexing works").sections
}

fn benches(criterion: &mut Criterion) {
    let folder = common::folder();
    let files = common::files(&folder);
    let contents: Vec<(PathBuf, Vec<u8>)> =
        files.iter().map(|file| (file.clone(), std::fs::read(file).expect("a readable file"))).collect();
    let bytes: usize = contents.iter().map(|(_, bytes)| bytes.len()).sum();
    // Both load jieba's dictionary once a process; let neither pay for it here.
    let warm = tempfile::tempdir().expect("a temporary folder");
    naive(&files[..1.min(files.len())], &warm.path().join("naive"), threads());

    let mut group = criterion.benchmark_group("indexing");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    let folder_for = || tempfile::tempdir().expect("a temporary folder");
    group.bench_function("whole", |bench| {
        bench.iter_batched(folder_for, |dir| (ours(&folder, &dir.path().join("i")), dir), BatchSize::PerIteration);
    });
    group.bench_function("naive loader", |bench| {
        bench.iter_batched(
            folder_for,
            |dir| (naive(&files, &dir.path().join("i"), threads()), dir),
            BatchSize::PerIteration,
        );
    });
    let extracted: Vec<_> =
        contents.iter().filter_map(|(path, bytes)| Some((path, extract::extract(bytes, path).ok()?))).collect();
    group.bench_function("extract", |bench| {
        bench.iter(|| contents.iter().filter(|(path, bytes)| extract::extract(bytes, path).is_ok()).count());
    });
    group.bench_function("structure", |bench| {
        bench.iter(|| extracted.iter().map(|(path, text)| structure::parse(text, path).sections.len()).sum::<usize>());
    });
    let texts: Vec<String> = extracted
        .iter()
        .flat_map(|(path, text)| structure::parse(text, path).sections.into_iter().map(|section| section.text))
        .collect();
    let segmenter = Segmenter::new(Dictionary::new());
    group.bench_function("words", |bench| {
        bench.iter(|| texts.iter().map(|text| analysis::words(&segmenter, text).len()).sum::<usize>());
    });
    group.bench_function("chars", |bench| {
        bench.iter(|| texts.iter().map(|text| analysis::characters(text).len()).sum::<usize>());
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    benches(&mut criterion);
    criterion.final_summary();
}
