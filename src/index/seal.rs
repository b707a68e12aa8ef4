//! Sums of the files of an index, and the seal that lists them: one line behind the JSON of
//! `meta.json` and `.managed.json`.
//!
//! ```text
//! #gongwen-seal <xxh3 of all before it and of the list> <list of files as JSON>
//! ```

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::directory::{AntiCallToken, FileHandle, TerminatingWrite, WritePtr};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const SEAL_MARK: &[u8] = b"\n#gongwen-seal ";

/// Files up to this length are hashed whole when they are opened, larger ones at
/// their edges: 64 KB take 6 µs, and a search has no more than some 0.1 ms for all.
pub(crate) const SMALL_BYTES: usize = 64 << 10;
/// Where tantivy keeps what says where the rest is, and how much: a changed length
/// there may ask for more memory than there is.
pub(crate) const HEAD_BYTES: usize = 4 << 10;
pub(crate) const TAIL_BYTES: usize = 16 << 10;

/// Length and hash of a file, footer and all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub bytes: u64,
    /// xxh3, 64 bits.
    pub hash: u64,
    /// The same of its first [`HEAD_BYTES`] and last [`TAIL_BYTES`], of a file that
    /// is not hashed whole when it is opened. Early versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edges: Option<u64>,
}

impl Sum {
    /// Whether two files have the same content.
    pub(crate) fn is_same(&self, other: &Sum) -> bool {
        (self.bytes, self.hash) == (other.bytes, other.hash)
    }

    /// Compares what is cheap to compare of a file that is being opened: its length, and
    /// its content up to so many bytes, else its edges.
    pub(crate) fn agrees(&self, file: &dyn FileHandle, small_bytes: usize) -> io::Result<bool> {
        let length = file.len();
        if length as u64 != self.bytes {
            return Ok(false);
        }
        Ok(match self.edges {
            _ if length <= small_bytes => xxh3_64(&file.read_bytes(0..length)?) == self.hash,
            Some(edges) => {
                let (head, tail) = (file.read_bytes(0..HEAD_BYTES)?, file.read_bytes(length - TAIL_BYTES..length)?);
                edges_hash(&head, &tail) == edges
            }
            None => true,
        })
    }
}

/// Sums by file name.
pub(crate) type Sums = BTreeMap<String, Sum>;

/// Content with its seal.
pub(crate) fn seal(content: &[u8], sums: &Sums) -> io::Result<Vec<u8>> {
    let list = serde_json::to_vec(sums)?;
    let content = content.trim_ascii_end();
    let mut sealed = Vec::with_capacity(content.len() + list.len() + 64);
    sealed.extend_from_slice(content);
    sealed.extend_from_slice(SEAL_MARK);
    write!(sealed, "{:016x} ", seal_hash(content, &list))?;
    sealed.extend_from_slice(&list);
    sealed.push(b'\n');
    Ok(sealed)
}

fn seal_hash(content: &[u8], list: &[u8]) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(content);
    hasher.update(list);
    hasher.digest()
}

/// Content without its seal, and what the seal lists; no list when there is no seal.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when content or seal were changed.
pub(crate) fn unseal(data: &[u8]) -> io::Result<(&[u8], Option<Sums>)> {
    let Some(at) = memchr::memmem::rfind(data, SEAL_MARK) else { return Ok((data, None)) };
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the content does not agree with its checksum");
    let (content, line) = (&data[..at], &data[at + SEAL_MARK.len()..]);
    let line = line.strip_suffix(b"\n").ok_or_else(damaged)?;
    let (hash, list) = line.split_at_checked(17).ok_or_else(damaged)?;
    if hash != format!("{:016x} ", seal_hash(content, list)).as_bytes() {
        return Err(damaged());
    }
    let sums = serde_json::from_slice(list).map_err(|_| damaged())?;
    Ok((content, Some(sums)))
}

fn edges_hash(head: &[u8], tail: &[u8]) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(head);
    hasher.update(tail);
    hasher.digest()
}

/// Sum of a whole file, without that of its edges.
pub(crate) fn sum(file: &Path) -> io::Result<Sum> {
    let mut file = std::fs::File::open(file)?;
    let mut buffer = vec![0; 256 * 1024];
    let (mut bytes, mut hasher) = (0, Xxh3::new());
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Sum { bytes, hash: hasher.digest(), edges: None }),
            read => {
                hasher.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// A file being written, summed as it goes.
pub(crate) struct Summed<F> {
    inner: WritePtr,
    hasher: Xxh3,
    bytes: u64,
    /// The first [`HEAD_BYTES`].
    head: Vec<u8>,
    /// The last [`TAIL_BYTES`], and some before them.
    tail: Vec<u8>,
    /// Is given the sum of the whole.
    keep: Option<F>,
}

impl<F: FnOnce(Sum)> Summed<F> {
    pub(crate) fn new(inner: WritePtr, keep: F) -> Self {
        Summed { inner, hasher: Xxh3::new(), bytes: 0, head: Vec::new(), tail: Vec::new(), keep: Some(keep) }
    }
}

impl<F: FnOnce(Sum)> Write for Summed<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let bytes = &bytes[..written];
        self.hasher.update(bytes);
        self.bytes += written as u64;
        let missing = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&bytes[..written.min(missing)]);
        self.tail.extend_from_slice(&bytes[written.saturating_sub(TAIL_BYTES)..]);
        if self.tail.len() > 4 * TAIL_BYTES {
            self.tail.drain(..self.tail.len() - TAIL_BYTES);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<F: FnOnce(Sum)> TerminatingWrite for Summed<F> {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token)?;
        let tail = &self.tail[self.tail.len().saturating_sub(TAIL_BYTES)..];
        let edges = (self.bytes > SMALL_BYTES as u64).then(|| edges_hash(&self.head, tail));
        let sum = Sum { bytes: self.bytes, hash: self.hasher.digest(), edges };
        if let Some(keep) = self.keep.take() {
            keep(sum);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_covers_every_byte() {
        let sums = Sums::from([("a.idx".to_owned(), Sum { bytes: 7, hash: 9, edges: None })]);
        let sealed = seal(b"{\"x\":1}\n", &sums).expect("seal");
        let (content, list) = unseal(&sealed).expect("whole");
        assert_eq!(content, b"{\"x\":1}");
        assert!(list.is_some_and(|list| list.len() == 1 && list["a.idx"].is_same(&sums["a.idx"])));
        for at in 0..sealed.len() {
            for flip in [1, 0x20, 0x80] {
                let mut damaged = sealed.clone();
                damaged[at] ^= flip;
                // Without a mark the whole is taken for content, and is no JSON.
                let is_found = match unseal(&damaged) {
                    Err(_) => true,
                    Ok((content, None)) => serde_json::from_slice::<serde_json::Value>(content).is_err(),
                    Ok(_) => false,
                };
                assert!(is_found, "byte {at} flipped by {flip:#x}");
            }
            let cut = unseal(&sealed[..at]);
            assert!(!matches!(cut, Ok((_, Some(_)))), "cut at {at}");
        }
    }
}
