//! One command a file; this one finds the index and calls it.

mod cites;
mod complete;
mod conditions;
mod diff;
mod index;
mod inspect;
mod optimize;
mod rebuild;
mod remove;
mod search;
mod show;
mod status;
mod verify;
mod versions;
mod why_not;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongwen::extract::ReadOptions;
use gongwen::{Dictionary, DocumentInfo, Index, Searcher, Synonyms};

use crate::args::{Args, Command, Global, Read};
use crate::exit_code::Exit;

/// What a command returns; the error is printed by `main`.
pub type Outcome = Result<Exit, Box<dyn Error>>;

/// Runs the command that was typed.
pub fn run(args: Args) -> Outcome {
    let global = &args.global;
    match &args.command {
        Command::Index(args) => index::index(global, args),
        Command::Update(args) => index::update(global, args),
        Command::Search(args) => search::run(global, args),
        Command::WhyNot(args) => why_not::run(global, args),
        Command::Complete(args) => complete::run(global, args),
        Command::Show(args) => show::run(global, args),
        Command::Inspect(args) => inspect::run(args),
        Command::Cites(args) => cites::cites(global, args),
        Command::CitedBy(args) => cites::cited_by(global, args),
        Command::Versions(args) => versions::run(global, args),
        Command::Diff(args) => diff::run(global, args),
        Command::Status(args) => status::run(global, args),
        Command::Verify(args) => verify::run(global, args),
        Command::Optimize(args) => optimize::run(global, args),
        Command::Rebuild(args) => rebuild::run(global, args),
        Command::Remove(args) => remove::run(global, args),
    }
}

/// The index folder: `--index`, else `$GONGWEN_INDEX`, else the data folder.
fn index_path(global: &Global) -> Result<PathBuf, Box<dyn Error>> {
    if let Some(path) = &global.index {
        return Ok(path.clone());
    }
    if let Some(path) = std::env::var_os("GONGWEN_INDEX").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    Ok(project_dirs()?.data_dir().join("index"))
}

/// Where the index of `search --in` is kept.
fn cache_path(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    // FNV-1a of the absolute path: one cache a folder.
    let bytes = folder.as_os_str().as_encoded_bytes();
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Ok(project_dirs()?.cache_dir().join(format!("in-{hash:016x}")))
}

fn project_dirs() -> Result<directories::ProjectDirs, Box<dyn Error>> {
    directories::ProjectDirs::from("", "", "gongwen")
        .ok_or_else(|| "no home folder is set; name the index with --index".into())
}

/// How files are read: as typed, else as the environment says.
fn read_options(read: &Read) -> Result<ReadOptions, Box<dyn Error>> {
    let mut options = ReadOptions::new().time_limit(std::time::Duration::from_secs(read.time_limit.max(1)));
    for field in &read.fields {
        let (role, name) = field
            .split_once('=')
            .filter(|(role, name)| !role.is_empty() && !name.is_empty())
            .ok_or_else(|| format!("--field {field}: expected ROLE=FIELD, such as title=标题"))?;
        options = options.field(role, name);
    }
    match &read.ocr {
        Some(command) => Ok(options.ocr(command)?),
        None => with_usual_ocr(options),
    }
}

/// With the program for character recognition that `$GONGWEN_OCR` names.
fn with_usual_ocr(options: ReadOptions) -> Result<ReadOptions, Box<dyn Error>> {
    match std::env::var("GONGWEN_OCR") {
        Ok(command) if !command.trim().is_empty() => Ok(options.ocr(&command)?),
        _ => Ok(options),
    }
}

fn dictionary(global: &Global) -> gongwen::Result<Dictionary> {
    match &global.dictionary {
        Some(file) => Dictionary::with_user_file(file),
        None => Ok(Dictionary::new()),
    }
}

/// A searcher that knows the user's aliases.
fn with_aliases(searcher: Searcher, global: &Global) -> gongwen::Result<Searcher> {
    match &global.aliases {
        Some(file) => Ok(searcher.with_synonyms(Synonyms::with_user_file(file)?)),
        None => Ok(searcher),
    }
}

/// The one document that a name stands for: a file, or the end of an indexed
/// file's path.
fn find_document(searcher: &Searcher, name: &str) -> Result<Arc<DocumentInfo>, Box<dyn Error>> {
    let absolute = std::fs::canonicalize(name).ok();
    let mut found = match absolute.as_ref().and_then(|path| path.to_str()) {
        Some(path) => searcher.find_documents(path)?,
        None => Vec::new(),
    };
    if found.is_empty() {
        found = searcher.find_documents(name)?;
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|info| info.key.as_str()).collect();
        return Err(format!("{name}: several documents end so, name one:\n  {}", names.join("\n  ")).into());
    }
    found.pop().ok_or_else(|| format!("{name}: the index has no such document").into())
}

fn open(global: &Global) -> Result<Index, Box<dyn Error>> {
    Ok(Index::open_with(index_path(global)?, dictionary(global)?)?)
}
