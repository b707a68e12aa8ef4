//! Cold one-shot searches beside ripgrep: a new process each, output into a pipe that is
//! read to its end, the two in turn, so that a drifting machine drifts for both.
//!
//! ```text
//! cargo run --release --example cold_search -- INDEX FOLDER [PAIRS] [--originals]
//! ```
//!
//! FOLDER is what INDEX was made from. For each query: median wall times of PAIRS (11)
//! pairs, and the median of their ratios; then the median, best and worst ratio of all.
//! `GONGWEN` names the program (`target/release/gongwen`), `RG` another `rg`. Copies of both
//! run: a file lies in the system's cache in pages as large as it was written or read in,
//! which is worth a seventh of such a time, and linkers and installers do not write alike.
//! With `--originals` both run where they are.

use std::error::Error;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

#[path = "../benches/median.rs"]
mod median;

use median::median;

const QUERIES: [&str; 25] = [
    "护士执业",
    "发展",
    "发展改革",
    "国务院",
    "安全生产监督管理",
    "人民政府应当",
    "税",
    "人大常委会",
    "用人单位",
    "固定资产投资",
    "行政处罚",
    "数据安全",
    "营业执照",
    "劳动合同",
    "罚款",
    "处五万元以上",
    "县级以上",
    "水",
    "未成年人",
    "知识产权",
    "土地承包经营权",
    "不可抗力",
    "建设工程",
    "应当自收到之日起",
    "中华人民共和国",
];

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let count = args.len();
    args.retain(|arg| arg != "--originals");
    let are_copied = args.len() == count;
    let [index, folder, rest @ ..] = args.as_slice() else {
        eprintln!("expected INDEX and FOLDER");
        return ExitCode::from(2);
    };
    let pairs = rest.first().map_or(Ok(11), |pairs| pairs.parse());
    let Ok(pairs) = pairs.map(|pairs: usize| pairs.max(1)) else {
        eprintln!("expected a number of pairs, got {:?}", rest[0]);
        return ExitCode::from(2);
    };
    match run(Path::new(index), Path::new(folder), pairs, are_copied) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(index: &Path, folder: &Path, pairs: usize, are_copied: bool) -> Result<(), Box<dyn Error>> {
    let program = |variable, usual: &str| std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let folder_of_copies = tempfile::tempdir()?;
    let copy = |name: &str, program: String| match are_copied {
        true => copy(&program, folder_of_copies.path().join(name)),
        false => Ok(PathBuf::from(program)),
    };
    let gongwen = copy("gongwen", program("GONGWEN", "target/release/gongwen"))?;
    let rg = copy("rg", program("RG", "rg"))?;
    println!("query\tgongwen ms\trg ms\tratio");
    let mut all = Vec::with_capacity(QUERIES.len());
    for query in QUERIES {
        let ours = || elapsed(Command::new(&gongwen).args(["search", query, "--index"]).arg(index));
        let theirs = || elapsed(Command::new(&rg).args(["-cF", query]).arg(folder));
        // Whatever is read is in memory then.
        ours()?;
        theirs()?;
        let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for pair in 0..pairs {
            // Neither is always the first of its pair.
            let first = if pair % 2 == 0 { ours()? } else { theirs()? };
            let second = if pair % 2 == 0 { theirs()? } else { ours()? };
            let (own, other) = if pair % 2 == 0 { (first, second) } else { (second, first) };
            a.push(own);
            b.push(other);
            ratios.push(own / other);
        }
        let ratio = median(&mut ratios);
        println!("{query}\t{:.1}\t{:.1}\t{ratio:.2}", 1e3 * median(&mut a), 1e3 * median(&mut b));
        all.push(ratio);
    }
    let median = median(&mut all);
    println!("median {median:.2}, best {:.2}, worst {:.2}", all[0], all[all.len() - 1]);
    Ok(())
}

/// Writes a program, a path or a name on the `PATH`, at once to `copy`.
fn copy(program: &str, copy: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    let named = || std::env::split_paths(&std::env::var_os("PATH")?).map(|at| at.join(program)).find(|at| at.is_file());
    let is_path = Path::new(program).components().count() > 1;
    let original = if is_path { Some(PathBuf::from(program)) } else { named() };
    let original = original.ok_or_else(|| format!("expected a program, there is no {program} on the PATH"))?;
    let bytes = std::fs::read(&original).map_err(|error| format!("{}: {error}", original.display()))?;
    std::fs::write(&copy, bytes)?;
    std::fs::set_permissions(&copy, original.metadata()?.permissions())?;
    Ok(copy)
}

/// Seconds that a command takes.
fn elapsed(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut output = Vec::new();
    child.stdout.take().ok_or("no pipe")?.read_to_end(&mut output)?;
    let status = child.wait()?;
    let seconds = started.elapsed().as_secs_f64();
    // Nothing found (1) is no failure.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(seconds)
}
