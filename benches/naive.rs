//! What one writes with tantivy and tantivy-jieba in an afternoon: whole files, one
//! field of words. The measure of our indexing.

use std::path::{Path, PathBuf};

/// Indexes the files as they are; returns how many.
pub fn naive(files: &[PathBuf], target: &Path, threads: usize) -> u64 {
    use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer("jieba").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = schema.add_text_field("text", (TextOptions::default() | STORED).set_indexing_options(indexing));
    std::fs::create_dir_all(target).expect("a temporary folder");
    let index = tantivy::Index::create_in_dir(target, schema.build()).expect("an empty folder");
    index.tokenizers().register("jieba", tantivy_jieba::JiebaTokenizer::new());
    let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(threads, 256 << 20).expect("a writer");
    for file in files {
        let bytes = std::fs::read(file).expect("a readable file");
        writer.add_document(tantivy::doc!(text => String::from_utf8_lossy(&bytes).into_owned())).expect("add");
    }
    writer.commit().expect("commit");
    writer.wait_merging_threads().expect("merge");
    files.len() as u64
}
