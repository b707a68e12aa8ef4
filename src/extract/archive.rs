//! Archives: .zip, .7z, .tar, .gz; every member is a document of its own.
//!
//! `zip`, `sevenz-rust2` (Apache-2.0), `tar` and `flate2` (MIT/Apache-2.0) are kept
//! well and written in Rust but for nothing. What they unpack is charged to the
//! file's budget while it is unpacked, so a bomb ends early.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::package::{MAX_ENTRIES, damaged, encrypted, read_limited};
use super::{encoding, limits};
use crate::{Error, ErrorKind, Result};

/// Calls `each` with the path and the bytes of every member, or why it has none.
pub(super) type Each<'e> = dyn FnMut(String, Result<Vec<u8>>) -> Result<()> + 'e;

/// Unpacks a ZIP archive. Names that are not marked as UTF-8 are GBK or Big5, as
/// Windows in China writes them.
pub(super) fn zip(bytes: &[u8], each: &mut Each<'_>) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    check_count(archive.len())?;
    let mut raw_names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        raw_names.push(entry.name_raw().to_vec());
    }
    let names = Names::of(&raw_names);
    for (index, raw) in raw_names.iter().enumerate() {
        let name = names.decode(raw);
        if !is_wanted(&name) {
            continue;
        }
        limits::renew();
        let (is_dir, is_encrypted) = match archive.by_index_raw(index) {
            Ok(entry) => (entry.is_dir(), entry.encrypted()),
            Err(_) => (false, false),
        };
        if is_dir {
            continue;
        }
        let result = match is_encrypted {
            true => Err(encrypted()),
            false => archive.by_index(index).map_err(damaged).and_then(|entry| read_limited(entry, &name)),
        };
        hand_over(name, result, each)?;
    }
    Ok(())
}

/// Unpacks a 7z archive.
pub(super) fn seven_zip(bytes: &[u8], each: &mut Each<'_>) -> Result<()> {
    let broken = |error: sevenz_rust2::Error| match error {
        sevenz_rust2::Error::PasswordRequired | sevenz_rust2::Error::MaybeBadPassword(_) => encrypted(),
        other => {
            let text = other.to_string();
            if text.contains("AES") || text.contains("assword") {
                return encrypted();
            }
            Error::new(ErrorKind::Malformed, format!("the 7z archive cannot be unpacked: {text}"))
                .with_remedy("unpack it and index the unpacked files")
        }
    };
    let mut reader =
        sevenz_rust2::ArchiveReader::new(Cursor::new(bytes), sevenz_rust2::Password::empty()).map_err(broken)?;
    check_count(reader.archive().files.len())?;
    let mut outcome = Ok(());
    let done = reader.for_each_entries(|entry, source| {
        let name = entry.name().replace('\\', "/");
        if entry.is_directory() || !is_wanted(&name) {
            // A solid block must be read on to reach the next member.
            let skipped = std::io::copy(source, &mut std::io::sink());
            outcome = skipped.map_err(|_| limits::bomb()).and_then(limits::expand);
            return Ok(outcome.is_ok());
        }
        limits::renew();
        let result = read_limited(source, &name);
        outcome = hand_over(name, result, each);
        Ok(outcome.is_ok())
    });
    outcome?;
    done.map_err(broken)
}

/// Unpacks a tar archive.
pub(super) fn tar(source: impl Read, each: &mut Each<'_>) -> Result<()> {
    let broken =
        |error: std::io::Error| Error::new(ErrorKind::Malformed, format!("the tar archive is damaged: {error}"));
    let mut archive = ::tar::Archive::new(source);
    let entries = archive.entries().map_err(broken)?;
    for (count, entry) in entries.enumerate() {
        check_count(count)?;
        let entry = entry.map_err(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let raw = entry.path_bytes().into_owned();
        let name = Names::of(std::slice::from_ref(&raw)).decode(&raw);
        if !is_wanted(&name) {
            continue;
        }
        limits::renew();
        let result = read_limited(entry, &name);
        hand_over(name, result, each)?;
    }
    Ok(())
}

/// What a .gz file holds.
pub(super) enum Unzipped {
    Tar(Vec<u8>),
    File(Vec<u8>),
}

/// Unpacks a .gz file.
pub(super) fn gzip(bytes: &[u8]) -> Result<Unzipped> {
    let mut reader = flate2::read::MultiGzDecoder::new(bytes);
    let bytes = read_limited(&mut reader, "the content")?;
    let is_tar = bytes.get(257..262) == Some(b"ustar");
    Ok(if is_tar { Unzipped::Tar(bytes) } else { Unzipped::File(bytes) })
}

/// A bomb ends the archive; any other failure is its member's.
fn hand_over(name: String, result: Result<Vec<u8>>, each: &mut Each<'_>) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::LimitExceeded => Err(error),
        result => each(name, result),
    }
}

fn check_count(count: usize) -> Result<()> {
    if count <= MAX_ENTRIES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::LimitExceeded, format!("the archive has more than {MAX_ENTRIES} members"))
        .with_remedy("unpack it and index the unpacked files"))
}

/// Folders and hidden files are left out, as in folders.
fn is_wanted(name: &str) -> bool {
    !name.ends_with('/')
        && name.split('/').all(|part| !part.starts_with('.') || part == "." || part == "..")
        && !name.starts_with("__MACOSX/")
}

/// The encoding of an archive's names, told from all of them.
struct Names(&'static encoding_rs::Encoding);

impl Names {
    fn of(names: &[Vec<u8>]) -> Names {
        if names.iter().all(|name| std::str::from_utf8(name).is_ok()) {
            return Names(encoding_rs::UTF_8);
        }
        let all: Vec<u8> = names
            .iter()
            .filter(|name| std::str::from_utf8(name).is_err())
            .flat_map(|name| name.iter().copied().chain([b'\n']))
            .take(64 << 10)
            .collect();
        let found = encoding::decode(&all)
            .ok()
            .and_then(|decoded| encoding_rs::Encoding::for_label(decoded.encoding.as_bytes()));
        Names(found.filter(|found| *found == encoding_rs::BIG5).unwrap_or(encoding_rs::GB18030))
    }

    fn decode(&self, raw: &[u8]) -> String {
        // Names marked as UTF-8 may stand beside others.
        let name = match std::str::from_utf8(raw) {
            Ok(name) => name.to_owned(),
            Err(_) => self.0.decode_without_bom_handling(raw).0.into_owned(),
        };
        let name = name.replace('\\', "/");
        name.trim_start_matches("./").chars().filter(|c| !c.is_control()).collect()
    }
}
