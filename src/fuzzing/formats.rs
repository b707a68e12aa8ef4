//! What must hold for any bytes that claim to be a container: packages, old Office
//! files, PDF, mail, archives, records.
//!
//! A panic in a dependency is caught by `read` and costs the file; one in this crate
//! is a finding, and so is a reader that hangs or takes memory without bound.

use std::path::Path;
use std::time::Duration;

use super::check_extracted;
use super::guard::guarded;
use crate::extract::{ReadOptions, documents};

/// Longer inputs say nothing that shorter ones do not.
const MAX_BYTES: usize = 256 * 1024;

/// Every reader asks for its time; the fuzzer's own limit is longer.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Before the path of each part in the input of [`package`].
#[cfg(feature = "archive")]
const PART_MARK: &[u8] = b"#part ";

/// Whatever the bytes of a file of this name are: its documents are clean text, or
/// there is an error.
pub fn container(data: &[u8], name: &str) {
    let options = ReadOptions::new().time_limit(TIME_LIMIT);
    guarded(|| {
        let _ = documents(&data[..data.len().min(MAX_BYTES)], Path::new(name), &options, &mut |part| {
            assert!(part.member.as_deref() != Some(""), "a member without a name");
            if let Ok(extracted) = part.result {
                check_extracted(&extracted, Path::new(name));
            }
            Ok(())
        });
    });
}

/// A package (.docx, .xlsx, .odt, .ofd) or an archive of the parts in `data`, each
/// behind a line `#part <path>`: inside of a deflated file no fuzzer finds its way.
/// Without such a line the data are the file.
#[cfg(feature = "archive")]
pub fn package(data: &[u8]) {
    if !data.starts_with(PART_MARK) {
        return container(data, "a.zip");
    }
    container(&packed(data), "a.zip");
}

/// A ZIP file whose parts are stored.
#[cfg(feature = "archive")]
pub(super) fn packed(data: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut rest = data;
    while let Some(part) = rest.strip_prefix(PART_MARK) {
        let end = memchr::memmem::find(part, b"\n#part ").map_or(part.len(), |at| at + 1);
        let (part, next) = part.split_at(end);
        let name_end = memchr::memchr(b'\n', part).unwrap_or(part.len());
        let name = String::from_utf8_lossy(&part[..name_end]);
        // A name may stand there twice, and that is refused.
        if zip.start_file(name, stored).is_ok() {
            zip.write_all(part.get(name_end + 1..).unwrap_or_default()).expect("in memory");
        }
        rest = next;
    }
    zip.finish().expect("in memory").into_inner()
}

/// Records: the first byte chooses the suffix.
pub fn records(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    container(rest, ["a.json", "a.jsonl", "a.csv"][usize::from(*first) % 3]);
}
