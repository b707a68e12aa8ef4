//! Whole runs of `gongwen index`, a new process and a new index each, beside something to
//! compare them with in the same rounds, so that a drifting machine drifts for both.
//!
//! ```text
//! cargo run --release --example index_runs -- FOLDER [ROUNDS]
//! cargo run --release --example index_runs -- --rate SMALL LARGE [ROUNDS]
//! ```
//!
//! The first compares with the naive loader (`target/release/examples/naive_loader`) on the
//! same files and threads: wall time of either, and their ratio. The second says how the
//! rate, bytes a second, of a LARGE folder is to that of a SMALL one, which is indexed three
//! times before and three times after it. Both name the most memory that a run had of its
//! own and with mapped files (Linux). `GONGWEN` and `NAIVE` name other programs.

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[path = "../benches/median.rs"]
mod median;

use median::median;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (folders, rest) = match args.first().map(String::as_str) {
        Some("--rate") => (args.get(1..3), args.get(3)),
        _ => (args.get(0..1), args.get(1)),
    };
    let rounds = rest.map_or(Ok(5), |rounds| rounds.parse());
    let (Some(folders), Ok(rounds)) = (folders, rounds.map(|rounds: usize| rounds.max(1))) else {
        eprintln!("expected FOLDER [ROUNDS], or --rate SMALL LARGE [ROUNDS], got {args:?}");
        return ExitCode::from(2);
    };
    let outcome = match folders {
        [small, large] => rate(Path::new(small), Path::new(large), rounds),
        _ => against_naive(Path::new(&folders[0]), rounds),
    };
    if let Err(error) = outcome {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn against_naive(folder: &Path, rounds: usize) -> Result<()> {
    let naive = std::env::var("NAIVE").unwrap_or_else(|_| "target/release/examples/naive_loader".to_owned());
    let theirs = |index: &Path| run(Command::new(&naive).arg(folder).arg(index));
    // Whatever is read is in memory then.
    with_index(theirs)?;
    ours(folder)?;
    let (mut own, mut other, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut memory = Memory::default();
    for round in 0..rounds {
        // Neither is always the first of its pair.
        let (a, b) = if round % 2 == 0 {
            let a = ours(folder)?;
            (a, with_index(theirs)?)
        } else {
            let b = with_index(theirs)?;
            (ours(folder)?, b)
        };
        println!("{:.2} s against {:.2} s, {:.2}", a.seconds, b.seconds, a.seconds / b.seconds);
        own.push(a.seconds);
        other.push(b.seconds);
        ratios.push(a.seconds / b.seconds);
        memory = memory.most(a.memory);
    }
    let (own, other) = (median(&mut own), median(&mut other));
    println!("median {own:.2} s against {other:.2} s, ratio {:.2}; {memory}", median(&mut ratios));
    Ok(())
}

fn rate(small: &Path, large: &Path, rounds: usize) -> Result<()> {
    let (small_bytes, large_bytes) = (bytes(small)? as f64, bytes(large)? as f64);
    if small_bytes == 0.0 || large_bytes == 0.0 {
        return Err("expected two folders with files".into());
    }
    ours(small)?;
    let mut ratios = Vec::new();
    let mut memory = Memory::default();
    for _ in 0..rounds {
        let three = || (0..3).map(|_| Ok(ours(small)?.seconds)).collect::<Result<Vec<f64>>>();
        let mut smalls = three()?;
        let of_large = ours(large)?;
        smalls.extend(three()?);
        let (small_rate, large_rate) = (small_bytes / median(&mut smalls), large_bytes / of_large.seconds);
        println!("{:.1} MB/s of {:.1} MB/s, {:.2}", large_rate / 1e6, small_rate / 1e6, large_rate / small_rate);
        ratios.push(large_rate / small_rate);
        memory = memory.most(of_large.memory);
    }
    println!("median ratio {:.2}; {memory}", median(&mut ratios));
    Ok(())
}

fn ours(folder: &Path) -> Result<Run> {
    let gongwen = std::env::var("GONGWEN").unwrap_or_else(|_| "target/release/gongwen".to_owned());
    with_index(|index| run(Command::new(&gongwen).arg("index").arg(folder).arg("--index").arg(index)))
}

/// Names an index that is not there yet, and takes it away after the run.
fn with_index(run: impl Fn(&Path) -> Result<Run>) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    run(&folder.path().join("index"))
}

struct Run {
    seconds: f64,
    memory: Memory,
}

/// The most that a run had, in bytes; 0 where the system does not say.
#[derive(Clone, Copy, Default)]
struct Memory {
    own: u64,
    with_files: u64,
}

impl Memory {
    /// Of a process that runs.
    fn of(process: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) << 10
        };
        Memory { own: of("RssAnon"), with_files: of("VmHWM") }
    }

    fn most(self, other: Self) -> Self {
        Memory { own: self.own.max(other.own), with_files: self.with_files.max(other.with_files) }
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at most {} MB of its own, {} MB with mapped files", self.own >> 20, self.with_files >> 20)
    }
}

fn run(command: &mut Command) -> Result<Run> {
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let (process, has_ended) = (child.id(), AtomicBool::new(false));
    let (status, seconds, memory) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut memory = Memory::default();
            while !has_ended.load(Ordering::Relaxed) {
                memory = memory.most(Memory::of(process));
                std::thread::sleep(Duration::from_millis(20));
            }
            memory
        });
        let status = child.wait();
        let seconds = started.elapsed().as_secs_f64();
        has_ended.store(true, Ordering::Relaxed);
        (status, seconds, watch.join().unwrap_or_default())
    });
    let status = status?;
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(Run { seconds, memory })
}

/// Of all files below a folder.
fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { bytes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}
