//! How fast is indexing, whole and by stage, beside the naive loader: tantivy and
//! tantivy-jieba, one document a file, stored text, the same threads, reading
//! included for both.
//!
//! ```text
//! cargo bench --bench indexing
//! GONGWEN_BENCH_CORPUS=/folder cargo bench --bench indexing
//! ```

mod common;

use std::path::{Path, PathBuf};

use criterion::{BatchSize, Criterion, Throughput};
use gongwen::analysis::{self, Segmenter};
use gongwen::{Dictionary, Index, UpdateOptions, extract, structure};

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8)
}

fn ours(folder: &Path, target: &Path) -> u64 {
    let index = Index::create(target).expect("an empty folder");
    index.add_roots(&[folder], &UpdateOptions::new().threads(threads())).expect("indexing works").sections
}

fn naive(files: &[PathBuf], target: &Path) -> u64 {
    use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer("jieba").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = schema.add_text_field("text", (TextOptions::default() | STORED).set_indexing_options(indexing));
    std::fs::create_dir_all(target).expect("a temporary folder");
    let index = tantivy::Index::create_in_dir(target, schema.build()).expect("an empty folder");
    index.tokenizers().register("jieba", tantivy_jieba::JiebaTokenizer::new());
    let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(threads(), 256 << 20).expect("a writer");
    for file in files {
        let bytes = std::fs::read(file).expect("a readable file");
        writer.add_document(tantivy::doc!(text => String::from_utf8_lossy(&bytes).into_owned())).expect("add");
    }
    writer.commit().expect("commit");
    writer.wait_merging_threads().expect("merge");
    files.len() as u64
}

fn benches(criterion: &mut Criterion) {
    let folder = common::folder();
    let files = common::files(&folder);
    let contents: Vec<(PathBuf, Vec<u8>)> =
        files.iter().map(|file| (file.clone(), std::fs::read(file).expect("a readable file"))).collect();
    let bytes: usize = contents.iter().map(|(_, bytes)| bytes.len()).sum();
    // Both load jieba's dictionary once a process; let neither pay for it here.
    let warm = tempfile::tempdir().expect("a temporary folder");
    naive(&files[..1.min(files.len())], &warm.path().join("naive"));

    let mut group = criterion.benchmark_group("indexing");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    let folder_for = || tempfile::tempdir().expect("a temporary folder");
    group.bench_function("whole", |bench| {
        bench.iter_batched(folder_for, |dir| (ours(&folder, &dir.path().join("i")), dir), BatchSize::PerIteration);
    });
    group.bench_function("naive loader", |bench| {
        bench.iter_batched(folder_for, |dir| (naive(&files, &dir.path().join("i")), dir), BatchSize::PerIteration);
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
