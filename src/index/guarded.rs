//! Reading that a damaged index cannot end the program with.
//!
//! tantivy trusts its files: a changed byte in one may be taken for a length or a
//! place that is not there, and the reading panics. Every public way into an index
//! goes through [`guarded`], which makes an error of that. Only then, when time no
//! longer matters, are all files compared with their sums, so that the error names
//! the damaged one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::{Error, ErrorKind, Result};

use super::Index;
use super::failure::{VERIFY, corrupt};
use super::verify::first_damage;

impl Index {
    /// As [`guarded`], on this index.
    pub(crate) fn guarded<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        guarded(self.path(), read)
    }
}

/// Runs what reads the index in this folder; a panic becomes an error, and an error
/// that damage may be the cause of names the damaged file.
///
/// Nothing that a panic may leave half done is used again: what is read is thrown
/// away, and a lock that tantivy held then fails in here, too.
pub(crate) fn guarded<T>(path: Option<&Path>, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let error = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Error::new(ErrorKind::Corrupt, "reading the index failed").with_remedy(VERIFY).with_source(text.to_owned())
        }
    };
    let Some(path) = path.filter(|_| matches!(error.kind(), ErrorKind::Io | ErrorKind::Corrupt)) else {
        return Err(error);
    };
    let may_be_damage = error.remedy() == Some(VERIFY);
    let error = match Some(path).filter(|_| may_be_damage).and_then(first_damage) {
        Some(problem) => {
            let file = problem.file.unwrap_or_default();
            corrupt(format!("the index is damaged: {file}: {}", problem.message)).with_source(error)
        }
        None => error,
    };
    Err(error.with_path(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_cause() {
        let index = Index::in_ram().expect("in memory");
        let error = index.guarded(|| -> Result<()> { panic!("position {} is not there", 7) }).expect_err("a panic");
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert_eq!(error.message_with_causes(), "reading the index failed: position 7 is not there");

        let folder = tempfile::tempdir().expect("folder");
        let index = Index::create(folder.path().join("index")).expect("create");
        let read = || index.guarded(|| -> Result<()> { panic!("no place") }).expect_err("a panic");
        assert!(read().message() == "reading the index failed" && read().path().is_some(), "{:?}", read());
        std::fs::write(folder.path().join("index/.managed.json"), "[]").expect("write");
        let error = read();
        assert!(error.message().contains(".managed.json: it is damaged"), "{error:?}");
        assert!(error.remedy().is_some_and(|remedy| remedy.contains("gongwen verify")), "{error:?}");
        assert_eq!(error.path(), index.path());
    }
}
