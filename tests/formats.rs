//! Every format: the same notice in all of them, the traps of each, damaged files.
//! The fixtures and how they were made: `tests/formats/README.md`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongwen::ErrorKind;
use gongwen::extract::{self, Extracted, Part, ReadOptions};
use gongwen::{Index, Query, SearchOptions, UpdateOptions, structure};

use crate::util::Bench;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).expect("a fixture")
}

fn parts(bytes: Vec<u8>, name: &str) -> Result<Vec<Part>, gongwen::Error> {
    let mut parts = Vec::new();
    extract::documents_guarded(&Arc::new(bytes), Path::new(name), &ReadOptions::new(), &mut |part| {
        parts.push(part);
        Ok(())
    })?;
    Ok(parts)
}

fn read(name: &str) -> Extracted {
    extract::extract(&bytes(name), Path::new(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn lines(extracted: &Extracted) -> Vec<&str> {
    extracted.paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn one_notice_reads_the_same_in_every_format() {
    let expected = std::fs::read_to_string(fixture("notice.expected.txt")).expect("a fixture");
    let plain = extract::extract_text(&expected).expect("text");
    let wanted = structure::parse(&plain, Path::new("a"));
    assert_eq!(wanted.sections.len(), 6, "五 numbered sections and what stands before them");
    for (suffix, format) in [
        ("docx", "docx"),
        ("doc", "doc"),
        ("wps", "doc"),
        ("odt", "odt"),
        ("rtf", "rtf"),
        ("pdf", "pdf"),
        ("html", "html"),
    ] {
        let extracted = read(&format!("notice.{suffix}"));
        assert_eq!(extracted.format.name(), format);
        assert_eq!(bare(&lines(&extracted).concat()), bare(&expected), "{suffix}");
        let got = structure::parse(&extracted, Path::new("a"));
        assert_eq!(got.title, wanted.title, "{suffix}");
        assert_eq!(got.metadata.number, wanted.metadata.number, "{suffix}");
        assert_eq!(got.metadata.effective, wanted.metadata.effective, "{suffix}");
        let outline = |document: &gongwen::Document| {
            document.sections.iter().map(|section| (section.label.clone(), bare(&section.text))).collect::<Vec<_>>()
        };
        assert_eq!(outline(&got), outline(&wanted), "{suffix}");
    }
}

#[test]
fn word_numbers_are_in_the_text() {
    let articles = [
        "青屿市供水管理试行办法",
        "第一章 总则",
        "第一条 为了加强供水管理，制定本办法。",
        "第二条 本办法适用于供水单位。",
        "供水单位包括自建设施供水的单位。",
        "第二章 供水与用水",
        "第三条 用水单位应当履行下列义务：",
        "（一）安装计量器具；",
        "（二）按时缴纳水费。",
        "第四条 禁止下列行为：",
        "（一）擅自接管；",
        // What was deleted is gone, hidden text too; a field shows its result.
        "供水价格实行政府定价。",
        "见附件一。",
        "用水类别\t每立方米价格",
        "居民生活\t2.85元",
        "一、指标说明",
        "1.1 漏损率",
        "二、工作要求",
        "一、重新开始",
    ];
    assert_eq!(lines(&read("numbered.docx")), articles);
    // LibreOffice knows no numbering that goes on across chapters, nor legal numbers.
    let converted: Vec<String> = articles
        .iter()
        .map(|line| line.replace("第三条", "第一条").replace("第四条", "第二条").replace("1.1", "一.1"))
        .collect();
    for name in ["numbered.doc", "numbered.odt", "numbered.rtf"] {
        let got: Vec<String> = lines(&read(name)).iter().map(|line| bare(line)).collect();
        let wanted: Vec<String> = converted.iter().map(|line| bare(line)).collect();
        assert_eq!(got, wanted, "{name}");
    }
}

#[test]
fn text_boxes_and_embedded_pages_are_text() {
    assert_eq!(lines(&read("box.docx")), ["青屿市水务局文件", "青水〔2024〕3号", "关于供水的通知"]);
    let page = ["青屿市节约用水条例", "第一条　为了节约用水，制定本条例。"];
    assert_eq!(lines(&read("chunk.docx")), page);
    let archive = read("page.mht");
    assert_eq!((archive.format.name(), lines(&archive)), ("mht", page.to_vec()));
}

#[test]
fn properties_are_no_title_unless_the_text_has_it() {
    let extracted = read("box.docx");
    assert_eq!(extracted.hints.title, None);
    assert!(extracted.hints.fields.iter().any(|field| field.value == "模板标题"));
    assert_eq!(read("rules.ofd").hints.title.as_deref(), Some("青屿市取水许可办法"));
}

#[test]
fn pdf_columns_wrapped_lines_and_page_furniture() {
    let wanted = [
        "青屿市节约用水办法",
        "第一条　为了加强节约用水管理，提高用水效率，根据有关法律法规，结合本市实际情况，制定本办法。",
        "第二条　本市行政区域内的用水单位和个人，应当遵守本办法的各项规定和要求。",
        "第三条　市水务部门负责本市节约用水的监督管理，并会同有关部门编制节约用水规划，报市人民政府批准实施。",
        "第四条　用水单位应当建立用水台账，定期开展水平衡测试，不得弄虚作假和瞒报。",
        "第五条　违反本办法规定的，由市水务部门责令限期改正；逾期不改正的，处二千元以上二万元以下罚款。",
        "第六条　本办法自公布之日起施行。",
        "附件：节水指标",
    ];
    assert_eq!(lines(&read("columns.pdf")), wanted);
    // Encrypted, but anybody may open it.
    assert_eq!(lines(&read("opened.pdf")), wanted);
    assert_eq!(lines(&read("utf16.pdf")), ["青屿市节约用水办法"]);
}

#[test]
fn ofd_is_read_in_reading_order() {
    let wanted = [
        "青屿市取水许可办法",
        "第一条　为了规范取水许可管理，保障水资源合理利用，制定本办法。",
        "第二条　本办法自2024年5月1日起施行。",
        "第三条　违反本办法的，责令改正。",
    ];
    for name in ["rules.ofd", "plain.ofd"] {
        let extracted = read(name);
        assert_eq!(lines(&extracted), wanted, "{name}");
        let value = |label: &str| {
            extracted.hints.fields.iter().find(|field| field.label == label).map(|field| field.value.as_str())
        };
        assert_eq!(value("发文字号"), Some("青政发〔2024〕12号"), "{name}");
        assert_eq!(value("附件"), Some("取水申请表"), "{name}");
        assert_eq!(value("创建日期"), Some("2024-04-02"), "{name}");
    }
}

#[test]
fn sheets_are_rows_under_their_names() {
    for name in ["prices.xlsx", "prices.xls", "prices.ods"] {
        assert_eq!(
            lines(&read(name)),
            [
                "水价",
                "青屿市供水价格表",
                "用水类别\t单价\t施行日期",
                "用水类别 居民生活\t单价 2.85\t施行日期 2024-05-01",
                "用水类别 工商业\t单价 4.1\t施行日期 2024-05-01",
                "用水类别 特种行业\t单价 16\t施行日期 2024-05-01",
            ],
            "{name}"
        );
    }
    // A page called .xls, its sheet's name in a comment.
    let page = read("page.xls");
    assert_eq!((page.format.name(), lines(&page)), ("html", vec!["岗位表", "县\t岗位", "苇岸县\t初中物理"]));
    assert_eq!(
        lines(&read("table.csv")),
        ["用水类别\t单价", "用水类别 居民生活\t单价 2.85", "用水类别 工商业\t单价 4.1"]
    );
}

#[test]
fn slides_are_sections() {
    for name in ["talk.pptx", "talk.odp", "talk.ppt.gz"] {
        let extracted = read(name);
        assert_eq!(
            lines(&extracted),
            ["节水工作情况", "全年节水五百万立方米", "漏损率下降", "下一步打算", "推进管网改造"],
            "{name}"
        );
        let document = structure::parse(&extracted, Path::new("a"));
        let headings: Vec<&str> = document.sections.iter().map(|section| section.heading.as_str()).collect();
        assert!(headings.contains(&"下一步打算"), "{name}: {headings:?}");
    }
}

#[test]
fn members_of_archives_mails_and_records_are_documents() {
    let found = |name: &str| -> Vec<(Option<String>, String)> {
        let parts = parts(bytes(name), name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = |part: &Part| match &part.result {
            Ok(extracted) => extracted.paragraphs[0].text.clone(),
            Err(error) => format!("{:?}", error.kind()),
        };
        parts.iter().map(|part| (part.member.clone(), text(part))).collect()
    };
    let row = |member: &str, text: &str| (Some(member.to_owned()), text.to_owned());
    assert_eq!(
        found("members.zip"),
        [
            row("公文/通知.txt", "第一条 压缩包里的通知。"),
            row("文件.docx", "青屿市水务局文件"),
            row("inner.zip!/里.txt", "第三条 内层压缩包里的文件。"),
        ]
    );
    for name in ["members.7z", "members.tar.gz"] {
        let mut members = found(name);
        members.sort();
        assert_eq!(members, [row("公文/通知.txt", "第一条 压缩包里的通知。"), row("说明.md", "说明")], "{name}");
    }
    assert_eq!(
        found("letter.eml"),
        [(None, "关于报送节水数据的函".to_owned()), row("附件 数据.txt", "第一条 全年节水五百万立方米。"),]
    );
    assert_eq!(found("records.jsonl"), [row("a1", "一、总体要求"), row("a2", "请支持供水工作。")]);
    assert_eq!(found("records.csv"), [row("2", "一、总体要求"), row("4", "请支持供水工作。")]);
    assert_eq!(found("locked.zip"), [row("公文/通知.txt", "Encrypted")]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let kind = |name: &str| {
        let error = match parts(bytes(name), name) {
            Ok(parts) => parts.into_iter().find_map(|part| part.result.err()),
            Err(error) => Some(error),
        };
        let error = error.unwrap_or_else(|| panic!("{name} was read"));
        assert!(error.remedy().is_some(), "{name}: what is to be done?");
        (error.kind(), error.message().to_owned())
    };
    assert_eq!(kind("scanned.pdf"), (ErrorKind::Scanned, "no text: scanned, 2 pages".to_owned()));
    assert_eq!(kind("garbled.pdf").0, ErrorKind::Garbled);
    for name in ["locked.pdf", "locked.7z", "locked.zip", "locked.ofd"] {
        assert_eq!(kind(name).0, ErrorKind::Encrypted, "{name}");
    }
    let (unknown, message) = kind("founder.ceb");
    assert_eq!(unknown, ErrorKind::UnsupportedFormat);
    assert!(message.contains("Founder CEB"), "{message}");
    let started = Instant::now();
    assert_eq!(kind("bomb.zip").0, ErrorKind::LimitExceeded);
    assert!(started.elapsed() < Duration::from_secs(5), "a bomb ends early");
}

/// xorshift64*, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }
}

/// A file cut short, with flipped bytes, or with a stretch of it gone.
fn damaged(mut bytes: Vec<u8>, how: usize, random: &mut Random) -> Vec<u8> {
    match how % 4 {
        0 => bytes.truncate(1 + random.below(bytes.len())),
        1 => {
            for _ in 0..1 + random.below(20) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
        2 => {
            let from = random.below(bytes.len());
            let to = (from + 1 + random.below(2_000)).min(bytes.len());
            bytes.drain(from..to);
        }
        _ => {
            let from = random.below(bytes.len());
            let to = (from + 1 + random.below(600)).min(bytes.len());
            bytes[from..to].fill(0);
        }
    }
    bytes
}

#[test]
fn three_hundred_damaged_files_are_read_or_reported() {
    let mut names: Vec<String> = std::fs::read_dir(fixture(""))
        .expect("fixtures")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".py") && !name.ends_with(".md") && name != "bomb.zip")
        .collect();
    names.sort();
    let mut random = Random(20_241_101);
    for round in 0..300 {
        let name = &names[round % names.len()];
        let bytes = damaged(bytes(name), round / names.len() + round, &mut random);
        let started = Instant::now();
        let failures: Vec<gongwen::Error> = match parts(bytes, name) {
            Ok(parts) => parts.into_iter().filter_map(|part| part.result.err()).collect(),
            Err(error) => vec![error],
        };
        assert!(started.elapsed() < Duration::from_secs(5), "{name}, round {round}: {:?}", started.elapsed());
        for error in failures {
            assert!(!error.message().is_empty(), "{name}, round {round}");
            let is_panic = error.message().contains("in a way its reader cannot handle");
            assert!(!is_panic, "{name}, round {round}: a reader panicked");
        }
    }
    if let Some(peak) = peak_memory_mb() {
        assert!(peak < 1_000, "{peak} MB at the peak, other tests included");
    }
}

/// The most memory this process has held, where the system says so.
fn peak_memory_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes >> 10)
}

#[test]
fn an_archive_is_one_file_whose_documents_come_and_go_with_it() {
    let bench = Bench::new();
    let docs = bench.docs();
    std::fs::copy(fixture("members.zip"), docs.join("a.zip")).expect("copy");
    bench.write("b.txt", "第一条 储能。\n");
    let index = Index::open_or_create(bench.index()).expect("create");
    let options = UpdateOptions::new();
    let first = index.add_roots(&[&docs], &options).expect("index");
    assert_eq!((first.files, first.added, first.failures.len()), (2, 4, 0));
    assert_eq!(index.status().expect("status").documents, 4);

    let searcher = index.searcher().expect("searcher");
    let results = searcher.search(&Query::parse("内层压缩包").expect("query"), &SearchOptions::new()).expect("search");
    let path = results.hits[0].document.path.clone().expect("a path");
    assert!(path.ends_with("a.zip!/inner.zip!/里.txt"), "{}", path.display());

    let again = index.update(&options).expect("update");
    assert_eq!((again.unchanged, again.bytes_read, again.removed), (2, 0, 0));

    // The archive is replaced: what is no longer in it goes.
    std::fs::copy(fixture("members.7z"), docs.join("a.zip")).expect("copy");
    let changed = index.update(&options).expect("update");
    assert_eq!((changed.changed, changed.added, changed.removed), (1, 1, 2));
    assert_eq!(index.status().expect("status").documents, 3);

    std::fs::remove_file(docs.join("a.zip")).expect("remove");
    index.update(&options).expect("update");
    assert_eq!(index.status().expect("status").documents, 1);
}

#[test]
fn a_part_of_an_index_may_be_an_archive() {
    let bench = Bench::new();
    // A folder whose name looks like an archive's member.
    std::fs::create_dir(bench.docs().join("重要!")).expect("create");
    bench.write("重要!/c.txt", "第一条 抽水蓄能。\n");
    std::fs::copy(fixture("members.zip"), bench.docs().join("a.zip")).expect("copy");
    bench.run(&["index", "docs"]).code(0);
    bench.run(&["remove", "docs/a.zip"]).code(0);
    let status = bench.run(&["status", "--json"]).code(0).json();
    assert_eq!(status["documents"], 1);
    bench.run(&["search", "抽水蓄能", "-l"]).code(0);
}

#[test]
fn coverage_is_counted_by_reason() {
    let bench = Bench::new();
    for name in ["scanned.pdf", "garbled.pdf", "locked.pdf", "founder.ceb", "notice.docx", "locked.7z"] {
        std::fs::copy(fixture(name), bench.docs().join(name)).expect("copy");
    }
    let run = bench.run(&["index", "docs"]).code(2);
    let line = "5 not searchable: 2 encrypted, 1 garbled, 1 scanned, 1 unknown format";
    assert!(run.stdout().contains(line), "{}", run.stdout());
    let listed = bench.run(&["status", "--failures"]).code(0).stdout();
    assert!(listed.contains(line), "{listed}");
    assert!(listed.contains("founder.ceb: Founder CEB cannot be read by this build (open it in"), "{listed}");
    assert!(listed.contains("scanned.pdf: no text: scanned, 2 pages (name a program"), "{listed}");
}

#[cfg(unix)]
#[test]
fn scanned_pages_are_read_by_a_program_of_the_users() {
    let bench = Bench::new();
    std::fs::copy(fixture("scanned.pdf"), bench.docs().join("a.pdf")).expect("copy");
    bench.run(&["index", "docs"]).code(2);
    // The next update looks at it again, because there is a program now.
    bench.run(&["update", "--ocr", "echo 第一条 为了加强供水管理 {input}"]).code(0);
    bench.run(&["search", "加强供水管理", "-l"]).code(0);
    bench.run(&["update", "--ocr", "tesseract"]).code(2).stderr_has("{input}");
}

#[test]
fn a_slow_program_or_file_does_not_hold_up_others() {
    let bench = Bench::new();
    for name in ["notice.docx", "notice.pdf", "notice.doc"] {
        std::fs::copy(fixture(name), bench.docs().join(name)).expect("copy");
    }
    let options = UpdateOptions::new().read_options(ReadOptions::new().time_limit(Duration::ZERO));
    bench.write("b.txt", "第一条 储能。\n");
    let index = Index::open_or_create(bench.index()).expect("create");
    let report = index.add_roots(&[bench.docs()], &options).expect("index");
    assert!(report.failures.iter().all(|failure| failure.kind == "limit_exceeded"), "{:?}", report.failures);
    assert!(!report.failures.is_empty());
}
