//! Archives made to do harm: names that lead out of them, and bombs, in every kind
//! of archive; marked documents in archives.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::util::{Bench, Run};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated).large_file(false);
    for (name, content) in members {
        zip.start_file(*name, deflated).expect("a name");
        zip.write_all(content).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        // The crate itself refuses names that lead out.
        header.as_gnu_mut().expect("gnu").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, *content).expect("in memory");
    }
    tar.into_inner().expect("in memory")
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    gz.write_all(content).expect("in memory");
    gz.finish().expect("in memory")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(name)).expect("a fixture")
}

fn count(bench: &Bench, query: &str) -> String {
    bench.run(&["search", query, "-c", "--mode", "exact"]).stdout().trim().to_owned()
}

/// Everything in a folder, the index left out.
fn tree(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() && !path.ends_with("index") {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    found
}

#[test]
fn names_that_lead_out_of_an_archive_are_only_names() {
    let members: &[(&str, &[u8])] = &[
        ("../../escape.txt", "第一条 氢能出逃甲。\n".as_bytes()),
        ("/tmp/gongwen-escape.txt", "第一条 氢能出逃乙。\n".as_bytes()),
        ("..\\..\\escape.txt", "第一条 氢能出逃丙。\n".as_bytes()),
        ("C:\\escape.txt", "第一条 氢能出逃丁。\n".as_bytes()),
        ("a/../../outside.txt", "第一条 氢能出逃戊。\n".as_bytes()),
        ("\u{1b}]52;c;aGk=\u{7}\n.txt", "第一条 氢能出逃己。\n".as_bytes()),
    ];
    let archives = [
        ("a.zip", zip(members), members.len()),
        ("a.tar", tar(members), members.len()),
        ("a.tar.gz", gzip(&tar(members)), members.len()),
        ("a.7z", fixture("outside.7z"), 2),
    ];
    for (name, bytes, documents) in archives {
        let bench = Bench::new();
        bench.write(name, &bytes);
        // Where the names lead, there is something else.
        std::fs::write(bench.dir.path().join("outside.txt"), "第一条 氢能在外。\n").expect("write");
        std::fs::write(bench.dir.path().join("escape.txt"), "第一条 氢能在外。\n").expect("write");
        let before = tree(bench.dir.path());
        bench.run(&["index", "docs"]).code(0);
        let found = |query: &str| count(&bench, query).parse::<usize>().expect("a number");
        assert_eq!((found("氢能出逃"), found("氢能在外")), (documents, 0), "{name}");
        let rows = bench.run(&["search", "氢能出逃", "--jsonl", "-n", "0"]).code(0).rows();
        assert_eq!(rows.len(), documents, "{name}");
        for row in &rows {
            let path = row["file"].as_str().expect("a file").to_owned();
            assert!(path.contains(&format!("{name}!/")), "{path}");
            let shown = bench.run(&["show", &path]).code(0);
            assert!(shown.stdout().contains("氢能出逃") && !shown.stdout().contains('\u{1b}'), "{}", shown.stdout());
        }
        // Nothing was unpacked, and the names' other ends do not come in with updates.
        let again = bench.run(&["update", "--json"]).code(0).json();
        assert_eq!((again["added"].as_u64(), again["removed"].as_u64()), (Some(0), Some(0)), "{name}: {again}");
        bench.run(&["rebuild"]).code(0);
        assert_eq!((found("氢能出逃"), found("氢能在外")), (documents, 0), "{name}, rebuilt");
        let after: BTreeSet<PathBuf> = tree(bench.dir.path());
        assert_eq!(after.difference(&before).filter(|path| !path.ends_with("index")).count(), 0, "{name}: {after:?}");
        assert!(!Path::new("/tmp/gongwen-escape.txt").exists(), "{name}");
    }
}

#[test]
fn two_members_of_one_name_are_two_documents() {
    let bench = Bench::new();
    bench.write("a.tar", tar(&[("a.txt", "第一条 氢能。\n".as_bytes()), ("a.txt", "第一条 储能。\n".as_bytes())]));
    let mail = "From: a@b.cn\r\nTo: c@d.cn\r\nSubject: =?utf-8?B?6YCa55+l?=\r\nMIME-Version: 1.0\r\n\
                Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n\
                --x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n第一条 风能。\r\n\
                --x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n第一条 光能。\r\n--x--\r\n";
    bench.write("b.eml", mail);
    bench.run(&["index", "docs"]).code(0);
    for word in ["氢能", "储能", "风能", "光能"] {
        assert_eq!(count(&bench, word), "1", "{word}");
    }
    let again = bench.run(&["update", "--json"]).code(0).json();
    assert_eq!((again["unchanged"].as_u64(), again["added"].as_u64()), (Some(2), Some(0)), "{again}");
}

/// Indexes the folder in less memory than the bombs have bytes.
fn index_in_bounds(bench: &Bench) -> (Run, Duration) {
    let started = Instant::now();
    let script = format!("ulimit -v 1500000; exec '{}' index docs --threads 1", env!("CARGO_BIN_EXE_gongwen"));
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(bench.dir.path())
        .env_clear()
        .env("HOME", bench.dir.path())
        .env("GONGWEN_INDEX", bench.index())
        // The allocator asks for addresses ahead, a gigabyte of them, which the limit
        // counts; here 64 MB.
        .env("MIMALLOC_ARENA_RESERVE", "65536")
        .output()
        .expect("sh");
    (Run::of(output, &script), started.elapsed())
}

/// A ZIP file whose directory names its one member `times` times.
fn overlapping(content: &[u8], times: u16) -> Vec<u8> {
    let one = zip(&[("0000.txt", content)]);
    let end = one.len() - 22;
    let start = u32::from_le_bytes(one[end + 16..end + 20].try_into().expect("four bytes")) as usize;
    let entry = &one[start..end];
    let name = entry.windows(8).position(|window| window == b"0000.txt").expect("the name");
    let mut bytes = one[..start].to_vec();
    for n in 0..times {
        let mut entry = entry.to_vec();
        entry[name..name + 4].copy_from_slice(format!("{n:04}").as_bytes());
        bytes.extend(entry);
    }
    let mut tail = one[end..].to_vec();
    let length = (bytes.len() - start) as u32;
    tail[8..10].copy_from_slice(&times.to_le_bytes());
    tail[10..12].copy_from_slice(&times.to_le_bytes());
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    bytes.extend(tail);
    bytes
}

#[test]
fn a_bomb_ends_early_in_every_kind_of_archive() {
    let zeros = vec![0; 100_000_000];
    let text = "氢能\n".repeat(14_000_000).into_bytes();
    let third = "氢能\n".repeat(5_000_000).into_bytes();
    let packed = gzip(&zeros);
    let nested = (0..3).fold(zip(&[("a.txt", &text)]), |inner, _| zip(&[("a.zip", &inner), ("b.zip", &inner)]));
    let bombs: Vec<(&str, Vec<u8>)> = vec![
        ("一员.zip", zip(&[("a.txt", &text)])),
        ("多员.zip", zip(&[("a.txt", &third), ("b.txt", &third), ("c.txt", &third)])),
        ("层层.zip", nested),
        ("重叠.zip", overlapping(&zeros[..1_000_000], 1_000)),
        ("文档.docx", zip(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", &text)])),
        ("单.gz", gzip(&text)),
        ("层层.gz", gzip(&gzip(&packed))),
        ("包.tar.gz", gzip(&tar(&[("a.txt", &text)]))),
        ("七.7z", fixture("bomb.7z")),
    ];
    for (name, bytes) in &bombs {
        assert!(bytes.len() < 600_000, "{name} has {} bytes", bytes.len());
        let bench = Bench::new();
        bench.write(name, bytes);
        bench.write("good.txt", "第一条 储能。\n");
        let (run, elapsed) = index_in_bounds(&bench);
        let run = run.code(2).stderr_has(name);
        assert!(!run.stderr().contains("internal error"), "{name}: {}", run.stderr());
        assert!(elapsed < Duration::from_secs(60), "{name}: {elapsed:?}");
        assert_eq!(count(&bench, "储能"), "1", "{name}");
        let status = bench.run(&["status", "--json"]).json();
        let kinds: Vec<_> =
            status["failures"].as_array().expect("failures").iter().map(|f| f["kind"].clone()).collect();
        assert!(kinds.iter().any(|kind| kind == "limit_exceeded"), "{name}: {status}");
        eprintln!("{name}: {} KB, {elapsed:.1?}", bytes.len() / 1_000);
    }
}

#[test]
fn an_archive_of_too_many_members_is_refused() {
    let bench = Bench::new();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    (0..200_001).for_each(|n| zip.start_file(n.to_string(), stored).expect("a name"));
    bench.write("a.zip", zip.finish().expect("in memory").into_inner());
    bench.write("good.txt", "第一条 储能。\n");
    let (run, elapsed) = index_in_bounds(&bench);
    run.code(2).stderr_has("a.zip").stderr_has("200001 entries");
    assert!(elapsed < Duration::from_secs(120), "{elapsed:?}");
    assert_eq!(count(&bench, "储能"), "1");
}

#[test]
fn marked_members_are_left_out_on_request() {
    let open = "关于供水的通知\n第一条 氢能供水。\n".as_bytes();
    let secret =
        |mark: &str| format!("{mark}\n某市人民政府办公室文件\n关于供水的通知\n第一条 氢能机要。\n").into_bytes();
    let (a, b, c) = (secret("秘密★1年"), secret("机密★10年"), secret("绝密"));
    let members: &[(&str, &[u8])] = &[("公开.txt", open), ("甲.txt", &a), ("乙/乙.txt", &b), ("丙.txt", &c)];
    for (name, bytes) in [
        ("a.zip", zip(members)),
        ("a.tar", tar(members)),
        ("a.tar.gz", gzip(&tar(members))),
        ("b.zip", zip(&[("内.zip", &zip(members))])),
    ] {
        let bench = Bench::new();
        bench.write(name, &bytes);
        bench.run(&["index", "docs"]).code(0).stderr_has("warning").stderr_has("and 2 more");
        assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("4".into(), "3".into()), "{name}");
        bench.run(&["update", "--skip-classified"]).code(0);
        assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("1".into(), "0".into()), "{name}");
        bench.run(&["update", "--index-classified"]).code(0);
        assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("4".into(), "3".into()), "{name}, let in");
        // From the beginning, and remembered.
        let bench = Bench::new();
        bench.write(name, &bytes);
        bench.run(&["index", "docs", "--skip-classified"]).code(0);
        assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("1".into(), "0".into()), "{name}");
        bench.run(&["rebuild"]).code(0);
        bench.run(&["update"]).code(0);
        assert_eq!((count(&bench, "氢能"), count(&bench, "机要")), ("1".into(), "0".into()), "{name}");
    }
}
