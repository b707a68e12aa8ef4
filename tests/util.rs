//! Temporary folders and runs of the program in a clean environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Whether the long forms of tests were asked for.
pub fn is_long() -> bool {
    std::env::var_os("GONGWEN_LONG_TESTS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// xorshift64*, so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

pub fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The documents `0.txt` to `99.txt` of an index over `docs`, as length and hash of
/// their JSON, by name.
pub fn contents(index: &Path, docs: &Path) -> BTreeMap<String, String> {
    let searcher = gongwen::Index::open(index).expect("open").searcher().expect("searcher");
    let docs = docs.parent().and_then(|dir| dir.canonicalize().ok()).expect("folder").join("docs");
    let mut contents = BTreeMap::new();
    for n in 0..100 {
        let key = docs.join(format!("{n}.txt")).to_str().expect("UTF-8").to_owned();
        if let Some(document) = searcher.document(&key).expect("document") {
            let json = serde_json::to_string(&document).expect("JSON");
            contents.insert(format!("{n}.txt"), format!("{} {:016x}", json.len(), hash(&json)));
        }
    }
    contents
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

    /// The program with its arguments, in a clean environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongwen"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("GONGWEN_INDEX", self.index());
        command
    }

    /// Runs the program; the environment has nothing but this folder as home.
    pub fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().expect("the program starts");
        Run { output, what: format!("gongwen {}", args.join(" ")) }
    }
}

pub struct Run {
    output: Output,
    what: String,
}

impl Run {
    /// A run that was started some other way.
    pub fn of(output: Output, what: &str) -> Self {
        Run { output, what: what.to_owned() }
    }

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
