//! Indexes a folder as a plain tantivy + tantivy-jieba loader would, as a program of its
//! own, to be timed beside `gongwen index`:
//!
//! ```text
//! cargo run --release --example naive_loader -- FOLDER INDEX [THREADS]
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

#[path = "../benches/naive.rs"]
mod naive;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, index, rest @ ..] = args.as_slice() else { return Err("expected FOLDER INDEX [THREADS]".into()) };
    let threads = match rest.first() {
        Some(threads) => threads.parse()?,
        None => std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8),
    };
    let mut files = Vec::new();
    collect(Path::new(folder), &mut files)?;
    files.sort();
    println!("{} files", naive::naive(&files, Path::new(index), threads));
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
