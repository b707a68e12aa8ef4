//! A ZIP file as a package of named parts (OOXML, ODF, OFD).
//!
//! `zip` (MIT, well kept) reads the directory and inflates, with its zlib-rs
//! backend; encryption and other methods are left out, since packages use
//! neither. Sizes in the directory are not believed: what is inflated is counted.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits;
use crate::{Error, ErrorKind, Result};

/// The largest part that is read, in bytes: a text of ten million characters
/// with all its markup.
const MAX_PART_BYTES: u64 = 96 << 20;

/// The most entries of a package or archive.
pub(super) const MAX_ENTRIES: usize = 200_000;

/// An open package.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Entries by their path in lower case, without leading slash.
    names: HashMap<String, usize>,
}

impl<'a> Package<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// `Malformed` when there is none, `LimitExceeded` when it has too many entries.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() > MAX_ENTRIES {
            let message = format!("the archive has {} entries, the limit is {MAX_ENTRIES}", zip.len());
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let mut names = HashMap::with_capacity(zip.len());
        for index in 0..zip.len() {
            if let Some(Ok(name)) = zip.name_for_index(index) {
                names.entry(normal(&name)).or_insert(index);
            }
        }
        Ok(Package { zip, names })
    }

    /// Whether the package has this part.
    pub(super) fn has(&self, path: &str) -> bool {
        self.names.contains_key(&normal(path))
    }

    /// The paths of all parts, in lower case, sorted.
    pub(super) fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.names.keys().map(String::as_str).collect();
        paths.sort_unstable();
        paths
    }

    /// The bytes of a part; `None` when there is no such part.
    pub(super) fn part(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(&index) = self.names.get(&normal(path)) else { return Ok(None) };
        let entry = self.zip.by_index(index).map_err(damaged)?;
        read_limited(entry, path).map(Some)
    }

    /// A part that must be there.
    pub(super) fn required(&mut self, path: &str) -> Result<Vec<u8>> {
        self.part(path)?
            .ok_or_else(|| Error::new(ErrorKind::Malformed, format!("the file is damaged: its part {path} is missing")))
    }
}

/// Reads to the end, within the budget of the file.
pub(super) fn read_limited(reader: impl Read, what: &str) -> Result<Vec<u8>> {
    let limit = MAX_PART_BYTES.min(limits::room());
    let mut bytes = Vec::new();
    let mut reader = reader.take(limit + 1);
    let mut chunk = vec![0; 64 << 10];
    loop {
        let count = match reader.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let message = format!("the file is damaged: {what} cannot be unpacked ({error})");
                return Err(Error::new(ErrorKind::Malformed, message));
            }
        };
        limits::expand(count as u64)?;
        bytes.extend_from_slice(&chunk[..count]);
        if bytes.len() as u64 > limit {
            return Err(limits::bomb());
        }
    }
}

/// A ZIP error in our terms.
pub(super) fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(what) if what.to_ascii_lowercase().contains("password") => encrypted(),
        ZipError::InvalidPassword => encrypted(),
        other => Error::new(ErrorKind::Malformed, format!("the file is damaged: {other}"))
            .with_remedy("get the file again, or repair it with the program that made it"),
    }
}

/// The error of a file that needs a password.
pub(super) fn encrypted() -> Error {
    Error::new(ErrorKind::Encrypted, "the file is encrypted").with_remedy("save a copy without password")
}

fn normal(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches("./").trim_start_matches('/').to_lowercase()
}

/// `target` as seen from the folder of `base`; absolute ones begin with `/`.
pub(super) fn resolve(base: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_as_paths() {
        assert_eq!(resolve("Doc_0/Document.xml", "Pages/Page_0/Content.xml"), "Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(resolve("Doc_0/Document.xml", "/Doc_0/Res.xml"), "Doc_0/Res.xml");
        assert_eq!(resolve("ppt/slides/slide1.xml", "../media/a.png"), "ppt/media/a.png");
        assert_eq!(resolve("OFD.xml", ".\\Doc_0\\Document.xml"), "Doc_0/Document.xml");
    }
}
