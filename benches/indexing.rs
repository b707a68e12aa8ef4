//! How fast is indexing, whole and by stage, beside the naive loader: tantivy and
//! tantivy-jieba, one document a file, stored text, the same threads, reading
//! included for both.
//!
//! ```text
//! cargo bench --bench indexing
//! GONGWEN_BENCH_CORPUS=/folder cargo bench --bench indexing
//! ```

mod common;
mod naive;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use criterion::{BatchSize, Criterion, Throughput};
use gongwen::analysis::{self, Segmenter};
use gongwen::{Dictionary, extract, structure};

use naive::naive;

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8)
}

/// The argument by which this program is the naive loader: a folder and a target follow.
const NAIVE: &str = "--naive-loader";

/// Both loaders run as programs, so that each pays for its own start, dictionary and
/// memory, as it would for somebody who indexes a folder.
fn run(program: &str, arguments: &[&OsStr]) {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{program} failed");
}

fn ours(folder: &Path, target: &Path) {
    let threads = threads().to_string();
    let index = ["index", "--threads", &threads, "--index"].map(OsStr::new);
    run(env!("CARGO_BIN_EXE_gongwen"), &[&index[..], &[target.as_os_str(), folder.as_os_str()]].concat());
}

fn theirs(folder: &Path, target: &Path) {
    let itself = std::env::current_exe().expect("a program has a name");
    let itself = itself.to_str().expect("a name in UTF-8");
    run(itself, &[OsStr::new(NAIVE), folder.as_os_str(), target.as_os_str()]);
}

/// The ratio of the two, pair by pair, so that a machine that drifts does so for both.
fn paired(folder: &Path) {
    const PAIRS: usize = 11;
    let time = |load: fn(&Path, &Path)| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let started = Instant::now();
        load(folder, &dir.path().join("i"));
        started.elapsed().as_secs_f64()
    };
    let mut ratios: Vec<f64> = (0..PAIRS).map(|_| time(ours) / time(theirs)).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "whole / naive loader, {PAIRS} pairs: median {:.2} ({:.2} to {:.2})",
        ratios[PAIRS / 2],
        ratios[0],
        ratios[PAIRS - 1]
    );
}

fn benches(criterion: &mut Criterion) {
    let folder = common::folder();
    let files = common::generator::files(&folder);
    let contents: Vec<(PathBuf, Vec<u8>)> =
        files.iter().map(|file| (file.clone(), std::fs::read(file).expect("a readable file"))).collect();
    let bytes: usize = contents.iter().map(|(_, bytes)| bytes.len()).sum();
    paired(&folder);
    let mut group = criterion.benchmark_group("indexing");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    let folder_for = || tempfile::tempdir().expect("a temporary folder");
    group.bench_function("whole", |bench| {
        bench.iter_batched(folder_for, |dir| (ours(&folder, &dir.path().join("i")), dir), BatchSize::PerIteration);
    });
    group.bench_function("naive loader", |bench| {
        bench.iter_batched(folder_for, |dir| (theirs(&folder, &dir.path().join("i")), dir), BatchSize::PerIteration);
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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [NAIVE, folder, target] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        naive(&common::generator::files(Path::new(folder)), Path::new(target), threads());
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    benches(&mut criterion);
    criterion.final_summary();
}
