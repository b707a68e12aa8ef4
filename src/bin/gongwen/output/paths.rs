//! How a document's path is shown: as the user named its folder.

use std::path::{Path, PathBuf};

use gongwen::DocumentInfo;

/// A folder and what it is shown as.
pub struct Paths {
    absolute: Option<PathBuf>,
    shown: PathBuf,
}

impl Paths {
    /// Below `folder`, as it was typed.
    pub fn of_folder(folder: &Path) -> Self {
        Paths { absolute: folder.canonicalize().ok(), shown: folder.to_owned() }
    }

    /// Below the working folder, relative to it.
    pub fn of_cwd() -> Self {
        let cwd = std::env::current_dir().ok();
        Paths { absolute: cwd.and_then(|cwd| cwd.canonicalize().ok()), shown: PathBuf::new() }
    }

    /// The path of a document, or its key if it has no file.
    pub fn shown(&self, document: &DocumentInfo) -> String {
        self.of(&document.key, document.path.as_deref())
    }

    /// A path, or `key` where there is no file.
    pub fn of(&self, key: &str, path: Option<&Path>) -> String {
        let Some(path) = path else { return key.to_owned() };
        let below = self.absolute.as_deref().and_then(|absolute| path.strip_prefix(absolute).ok());
        match below {
            // The folder named is the file itself.
            Some(below) if below.as_os_str().is_empty() => self.shown.display().to_string(),
            Some(below) => self.shown.join(below).display().to_string(),
            None => path.display().to_string(),
        }
    }
}
