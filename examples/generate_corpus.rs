//! A large corpus made from a small one, the same on every machine.
//!
//! ```text
//! cargo run --release --example generate_corpus -- FROM_DIR OUT_DIR MEGABYTES
//! cargo run --release --example generate_corpus -- --count DIR
//! ```
//!
//! FROM_DIR holds the documents whose sections are drawn (`corpus`, or laws); OUT_DIR
//! must be missing or empty. `--count` reads a folder and prints, at each tenth of
//! it, megabytes, sections and distinct words: whether the vocabulary grows as that
//! of a real collection does (as a power of the size, Heaps' law).

#[path = "../benches/generator.rs"]
mod generator;

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;

use gongwen::analysis::{self, Dictionary, Segmenter};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--count", folder] => count(Path::new(folder)),
        [from, to, megabytes] => {
            let to = Path::new(to);
            if to.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
                return Err(format!("{} is not empty", to.display()).into());
            }
            let written = generator::generate(Path::new(from), to, megabytes.parse::<u64>()? * 1_000_000);
            println!("{} files, {:.1} MB", written.files, written.bytes as f64 / 1e6);
            Ok(())
        }
        _ => Err("expected FROM_DIR OUT_DIR MEGABYTES, or --count DIR".into()),
    }
}

fn count(folder: &Path) -> Result<(), Box<dyn Error>> {
    let segmenter = Segmenter::new(Dictionary::new());
    let files = generator::files(folder);
    let mut sizes = Vec::with_capacity(files.len());
    let mut distinct: HashSet<String> = HashSet::new();
    let (mut bytes, mut sections, mut words) = (0, 0, 0);
    println!("files\tMB\tsections\twords\tdistinct words");
    for (at, path) in files.iter().enumerate() {
        let content = std::fs::read(path)?;
        sizes.push(content.len());
        bytes += content.len();
        let document = gongwen::structure::parse(&gongwen::extract::extract(&content, path)?, path);
        sections += document.sections.len();
        for section in &document.sections {
            let found = analysis::words(&segmenter, &section.text);
            words += found.len();
            distinct.extend(found.into_iter().map(|token| token.text));
        }
        if (at + 1) % files.len().div_ceil(10) == 0 || at + 1 == files.len() {
            println!("{}\t{:.1}\t{sections}\t{words}\t{}", at + 1, bytes as f64 / 1e6, distinct.len());
        }
    }
    sizes.sort_unstable();
    if let Some(median) = sizes.get(sizes.len() / 2) {
        println!("median file {median} bytes, largest {} bytes", sizes[sizes.len() - 1]);
    }
    Ok(())
}
