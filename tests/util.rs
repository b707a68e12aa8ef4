//! Temporary folders and runs of the program in a clean environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A folder of its own for a test, with an index folder and a home beside it.
pub struct Bench {
    pub dir: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("docs")).expect("create");
        Bench { dir }
    }

    pub fn docs(&self) -> PathBuf {
        self.dir.path().join("docs")
    }

    pub fn index(&self) -> PathBuf {
        self.dir.path().join("index")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.docs().join(name);
        std::fs::write(&path, content).expect("write");
        path
    }

    /// Runs the program; the environment has nothing but this folder as home.
    pub fn run(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_gongwen"))
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("GONGWEN_INDEX", self.index())
            .output()
            .expect("the program starts");
        Run { output, what: format!("gongwen {}", args.join(" ")) }
    }
}

pub struct Run {
    output: Output,
    what: String,
}

impl Run {
    pub fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).expect("UTF-8 output")
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        let got = self.output.status.code();
        assert_eq!(got, Some(expected), "{}\n--- stdout\n{}\n--- stderr\n{}", self.what, self.stdout(), self.stderr());
        self
    }

    #[track_caller]
    pub fn stderr_has(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "{}: expected `{text}` in\n{}", self.what, self.stderr());
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|e| panic!("{}: {e}\n{}", self.what, self.stdout()))
    }

    pub fn rows(&self) -> Vec<serde_json::Value> {
        self.stdout().lines().map(|line| serde_json::from_str(line).expect("a JSON row")).collect()
    }
}
