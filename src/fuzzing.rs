//! What must hold for any bytes at all: the bodies of the targets in `fuzz/`, run
//! in `cargo test` too, on mutated seeds for a short while each
//! (`GONGWEN_FUZZ_SECONDS=600` for longer; it prints how many it has tried).
//!
//! A function here panics when a promise is broken. It exists in no build but
//! those of tests and of `cargo fuzz`.

mod formats;
mod guard;
mod stored;

use std::path::Path;
use std::sync::OnceLock;

use crate::analysis::chars::{self, CharText};
use crate::analysis::{Dictionary, Segmenter, Token, characters, fold, words};
use crate::snippet::{Mark, SnippetOptions, fragments};
use crate::{Index, Mode, Query, SearchOptions, Searcher, extract, structure};

#[cfg(feature = "archive")]
pub use formats::package;
pub use formats::{container, records};
pub use stored::stored;

/// Texts longer than this say nothing that shorter ones do not.
const MAX_BYTES: usize = 64 * 1024;

/// Any query is read or refused, answered without a panic, and means the same when
/// it is written out again.
pub fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(query) = Query::parse(&text) else { return };
    let written = query.to_string();
    if written.len() <= crate::query::MAX_QUERY_BYTES {
        match Query::parse(&written) {
            Ok(again) => assert!(again.is_same(&query), "{written:?} of {text:?}"),
            // Written out, a query has more parentheses and keywords.
            Err(e) => assert_eq!(e.kind(), crate::ErrorKind::LimitExceeded, "{written:?} of {text:?}: {e}"),
        }
    }
    let searcher = searcher();
    for mode in [Mode::Smart, Mode::Exact, Mode::Any] {
        let results = searcher.search(&query, &SearchOptions::new().mode(mode)).expect("an index in memory");
        for fragment in results.hits.iter().flat_map(|hit| &hit.fragments) {
            check_fragment(&fragment.text, &fragment.highlights);
        }
    }
    let _ = query.goto();
}

/// A small index to ask.
fn searcher() -> &'static Searcher {
    static SEARCHER: OnceLock<Searcher> = OnceLock::new();
    SEARCHER.get_or_init(|| {
        let index = Index::in_ram().expect("in memory");
        let mut writer = index.writer().expect("the only writer");
        let texts = [
            "某市供水管理办法\n第一章 总则\n第一条 为了加强供水管理，制定本办法。\n第二条 2022年1月1日起，ABC-200型管网、应急预案和演练按照国发〔2019〕5号执行。",
            "关于氢能产业园的通知\n一、总体要求\n（一）招商局负责，公司配合。\n二、保障措施\n罚款500万元，安全第一。",
        ];
        for (key, text) in texts.into_iter().enumerate() {
            writer.put_text(&key.to_string(), text).expect("a text");
        }
        writer.commit().expect("in memory");
        index.searcher().expect("in memory")
    })
}

/// Whatever the bytes of a file of this name are: paragraphs of clean text, or an
/// error; and what comes out has a structure.
pub fn extract(data: &[u8], name: &str) {
    let path = Path::new(name);
    let Ok(extracted) = extract::extract(&data[..data.len().min(MAX_BYTES)], path) else { return };
    check_extracted(&extracted, path);
}

fn check_extracted(extracted: &extract::Extracted, path: &Path) {
    assert!(!extracted.paragraphs.is_empty(), "no text is an error");
    for paragraph in &extracted.paragraphs {
        let text = &paragraph.text;
        assert!(!text.trim().is_empty(), "an empty paragraph");
        let is_allowed = |c: char| !c.is_control() || (c == '\t' && paragraph.kind == extract::ParagraphKind::TableRow);
        assert!(text.chars().all(is_allowed), "a control character in {text:?}");
    }
    check_structure(extracted, path);
}

/// Whatever a text is: sections in their order, places inside of their texts.
pub fn structure(data: &[u8]) {
    let text = String::from_utf8_lossy(&data[..data.len().min(MAX_BYTES)]);
    let Ok(extracted) = extract::extract_text(&text) else { return };
    check_structure(&extracted, Path::new("关于供水的通知.txt"));
}

fn check_structure(extracted: &extract::Extracted, path: &Path) {
    let document = structure::parse(extracted, path);
    for (at, section) in document.sections.iter().enumerate() {
        assert_eq!(section.ordinal as usize, at, "sections count up");
        let length = section.text.chars().count();
        for item in &section.items {
            assert!(item.start as usize <= length, "an item behind its section's end");
        }
        let _ = section.full_heading();
    }
    for citation in &document.citations {
        let section = document.sections.get(citation.ordinal as usize).expect("a citation's section");
        assert!(citation.start as usize <= section.text.chars().count(), "a citation behind its section's end");
    }
    // It is what the index stores.
    let json = serde_json::to_string(&document).expect("a document is JSON");
    serde_json::from_str::<serde_json::Value>(&json).expect("valid JSON");
}

/// Folding keeps the number of characters; tokens are slices of the text, in order.
pub fn analysis(data: &[u8]) {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    let segmenter = SEGMENTER.get_or_init(|| Segmenter::new(Dictionary::new()));
    let text = String::from_utf8_lossy(&data[..data.len().min(MAX_BYTES)]);
    let folded = fold(&text);
    assert_eq!(folded.chars().count(), text.chars().count(), "folding is one to one");
    assert_eq!(fold(&folded), folded, "folding twice is folding once");
    let length = text.chars().count();
    let check = |token: &Token, last: &mut usize| {
        let slice = text.get(token.offset_from..token.offset_to);
        assert!(slice.is_some_and(|slice| !slice.is_empty()), "a token is no slice of the text");
        assert!(token.offset_from >= *last, "tokens run backwards");
        assert!(token.position <= length, "a position behind the text's end");
        *last = token.offset_from;
    };
    let mut last = 0;
    words(segmenter, &text).iter().for_each(|token| check(token, &mut last));
    let tokens = characters(&text);
    let mut last = 0;
    tokens.iter().for_each(|token| check(token, &mut last));
    let terms: Vec<_> = tokens.into_iter().map(|token| (token.position, token.text)).collect();
    assert_eq!(chars::text_terms(&text), terms, "both readings of a text are one");
    // What occurs in a text is found in it.
    let whole = CharText::new(&text);
    assert!(whole.contains(&whole) || whole.len() == 0, "a text contains itself");
    let _ = crate::analysis::numeral::parse(&text);
}

/// Fragments are passages of the text, their marks inside of them.
pub fn snippet(data: &[u8]) {
    let (control, rest) = data.split_at(data.len().min(8));
    let number = |at: usize| usize::from(control.get(at).copied().unwrap_or(3));
    let text = String::from_utf8_lossy(&rest[..rest.len().min(MAX_BYTES)]).into_owned();
    let chars: Vec<char> = text.chars().collect();
    let mut marks: Vec<Mark> = (0..number(0) % 40)
        .map(|n| {
            let start = (n * (number(1) + 1) * 7 + number(2)) % (chars.len() + 3);
            Mark { start, end: start + (n + number(3)) % 9, keyword: n % 5, whole: n % 2 == 0 }
        })
        .collect();
    let from = number(4) % (chars.len() + 1);
    let keyword: String = chars[from..].iter().take(1 + number(5) % 4).collect();
    let (whole, keyword) = (CharText::new(&text), CharText::phrase(&keyword));
    if keyword.len() > 0 {
        for at in whole.find(&keyword).take(1_000) {
            let range = whole.char_range(at, at + keyword.len());
            assert!(range.start < range.end && range.end <= chars.len(), "an occurrence outside of the text");
            marks.push(Mark { start: range.start, end: range.end, keyword: 0, whole: true });
        }
    }
    let options = SnippetOptions {
        max_chars: number(6),
        max_fragments: number(7) % 5,
        context_chars: (number(6) % 3 == 0).then(|| number(7)),
    };
    for fragment in fragments(&text, &marks, &options) {
        let length = fragment.text.chars().count();
        assert!(fragment.start + length <= chars.len(), "a fragment behind the text's end");
        assert!(
            chars[fragment.start..fragment.start + length].iter().copied().eq(fragment.text.chars()),
            "not verbatim"
        );
        check_fragment(&fragment.text, &fragment.highlights);
    }
}

fn check_fragment(text: &str, highlights: &[(usize, usize)]) {
    let length = text.chars().count();
    let mut last = 0;
    for &(start, end) in highlights {
        assert!(start < end && end <= length, "a highlight {start}..{end} outside of {text:?}");
        assert!(start >= last, "highlights overlap in {text:?}");
        last = end;
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    /// xorshift64*.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
        }
    }

    const PIECES: &[&str] = &[
        "第一条",
        "一、",
        "（一）",
        "1.",
        "第三章 总则",
        "〔2022〕15号",
        "\n",
        "\r\n",
        "\u{3000}",
        " ",
        "\t",
        "“",
        "”",
        "(",
        "）",
        "OR",
        "NOT ",
        " -",
        "|",
        "NEAR/3 ",
        "*",
        "标题:",
        "日期:2021..2022",
        "文号:",
        "条:577",
        "raw:\"",
        "\"",
        "\\",
        "\u{feff}",
        "\u{200b}",
        "\u{1b}[31m",
        "\0",
        "<div>",
        "</p>",
        "<!--",
        "<table><tr><td>",
        "&#x1F600;",
        "&amp",
        "```",
        "# ",
        "> ",
        "- ",
        "[a](",
        "| a | b |",
        "2023年3月5日",
        "二〇二三年",
        "五百七十七",
        "ＡＢＣ１２３",
        "產業",
        "乐",
        "𠮷",
        "e\u{301}",
        "某市人民政府",
        "附件：",
        "特此通知。",
        "印发",
        "机密★10年",
        "99999999999999999999",
        "........",
        "a",
    ];

    fn mutate(seed: &[u8], others: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
        let mut data = seed.to_vec();
        for _ in 0..1 + random.below(6) {
            let at = random.below(data.len() + 1);
            let to = (at + random.below(40)).min(data.len());
            match random.below(8) {
                0 => drop(data.drain(at..to)),
                1 => data.splice(at..at, PIECES[random.below(PIECES.len())].bytes()).for_each(drop),
                2 if at < data.len() => data[at] = random.below(256) as u8,
                3 if at < data.len() => data[at] ^= 1 << random.below(8),
                4 => {
                    let part = data[at..to].to_vec();
                    let times = random.below(20);
                    data.splice(at..at, part.repeat(times)).for_each(drop);
                }
                5 => {
                    let other = &others[random.below(others.len())];
                    let from = random.below(other.len());
                    let until = (from + random.below(400)).min(other.len());
                    data.splice(at..to, other[from..until].iter().copied()).for_each(drop);
                }
                6 => data.truncate(at.max(1)),
                _ => {
                    let piece = PIECES[random.below(PIECES.len())];
                    data.splice(at..to, piece.repeat(1 + random.below(3)).bytes()).for_each(drop);
                }
            }
        }
        data
    }

    /// Runs a target on mutated seeds; a finding prints the bytes that made it.
    fn fuzz(name: &str, seeds: Vec<Vec<u8>>, target: fn(&[u8])) {
        let seconds = std::env::var("GONGWEN_FUZZ_SECONDS").ok().and_then(|text| text.parse::<f64>().ok());
        let limit = Duration::from_secs_f64(seconds.unwrap_or(1.0));
        // A long run is a new one each time.
        let clock =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |d| d.as_nanos() as u64);
        let mut random = Random(if seconds.is_some() { clock | 1 } else { 20_261_124 });
        let (started, mut count) = (Instant::now(), 0_u64);
        let mut pool = seeds;
        while started.elapsed() < limit {
            let data = mutate(&pool[random.below(pool.len())], &pool, &mut random);
            let outcome = std::panic::catch_unwind(|| target(&data));
            assert!(outcome.is_ok(), "{name}: {:?}\nbytes {data:?}", String::from_utf8_lossy(&data));
            count += 1;
            if count.is_multiple_of(16) && pool.len() < 2_000 && data.len() < 8_192 {
                pool.push(data);
            }
        }
        eprintln!("{name}: {count} executions in {:.0?}", started.elapsed());
    }

    fn documents(ending: &str) -> Vec<Vec<u8>> {
        fn walk(folder: PathBuf, ending: &str, found: &mut Vec<Vec<u8>>) {
            for entry in std::fs::read_dir(folder).expect("corpus").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(path, ending, found);
                } else if path.to_string_lossy().ends_with(ending) {
                    found.push(std::fs::read(path).expect("read"));
                }
            }
        }
        let mut found = Vec::new();
        walk(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus"), ending, &mut found);
        found.iter_mut().for_each(|bytes| bytes.truncate(3_000));
        assert!(!found.is_empty());
        found
    }

    #[test]
    fn query() {
        let seeds = [
            "氢能 产业园",
            "\"行政的要求\" -公司",
            "应急 (预案 OR 演练) NOT 公司",
            "安全 NEAR/10 罚款",
            "标题:条例 罚款 200*",
            "日期:2021..2022-06 文号:国发〔2019〕5号 条:577",
            "raw:\"ＡＢＣ\" “本法” （预案｜演练）",
        ];
        fuzz("query", seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect(), super::query);
    }

    #[test]
    fn extract_text() {
        fuzz("extract_text", documents(".txt"), |data| super::extract(data, "a.txt"));
    }

    #[test]
    fn extract_markdown() {
        fuzz("extract_markdown", documents(".md"), |data| super::extract(data, "a.md"));
    }

    #[test]
    fn extract_html() {
        fuzz("extract_html", documents(".html"), |data| super::extract(data, "a.html"));
    }

    /// The fixtures of `tests/formats` with one of these suffixes.
    #[cfg(feature = "formats")]
    fn fixtures(suffixes: &[&str]) -> Vec<Vec<u8>> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
        let paths = std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("entry").path());
        let is_wanted = |path: &PathBuf| {
            let suffix = path.extension().map(|suffix| suffix.to_string_lossy().into_owned());
            suffix.is_some_and(|suffix| suffixes.contains(&suffix.as_str())) && !path.ends_with("bomb.zip")
        };
        let mut found: Vec<PathBuf> = paths.filter(is_wanted).collect();
        found.sort();
        let found: Vec<Vec<u8>> = found.iter().map(|path| std::fs::read(path).expect("read")).collect();
        assert!(!found.is_empty(), "{suffixes:?}");
        found
    }

    /// The text parts of packages, as [`super::package`] takes them.
    #[cfg(feature = "formats")]
    fn unpacked(packages: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        use std::io::Read as _;
        let unpack = |bytes: Vec<u8>| {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
            let mut data = Vec::new();
            for at in 0..zip.len() {
                let mut part = zip.by_index(at).expect("a part");
                let mut content = Vec::new();
                part.read_to_end(&mut content).expect("a part");
                if std::str::from_utf8(&content).is_ok() {
                    data.extend_from_slice(format!("#part {}\n", part.name().expect("a name")).as_bytes());
                    data.extend_from_slice(&content);
                    data.push(b'\n');
                }
            }
            data
        };
        packages.into_iter().map(unpack).collect()
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_office() {
        let seeds = unpacked(fixtures(&["docx", "xlsx", "pptx", "odt", "ods", "odp"]));
        // What is packed again is read as before.
        let again = super::formats::packed(&seeds[0]);
        assert!(crate::extract::extract(&again, std::path::Path::new("a.docx")).is_ok());
        fuzz("extract_office", seeds, super::package);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_ofd() {
        fuzz("extract_ofd", unpacked(fixtures(&["ofd"])), super::package);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_ole() {
        fuzz("extract_ole", fixtures(&["doc", "xls", "ppt", "wps"]), |data| super::container(data, "a.doc"));
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_pdf() {
        fuzz("extract_pdf", fixtures(&["pdf"]), |data| super::container(data, "a.pdf"));
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_mail() {
        fuzz("extract_mail", fixtures(&["eml", "mht"]), |data| super::container(data, "a.eml"));
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_archive() {
        let mut seeds = fixtures(&["zip", "7z", "tar", "gz", "tgz"]);
        seeds.push("#part a/通知.txt\n第一条 氢能。\n#part ../../b.html\n<p>第二条</p>\n".into());
        fuzz("extract_archive", seeds, super::package);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn extract_rtf() {
        fuzz("extract_rtf", fixtures(&["rtf"]), |data| super::container(data, "a.rtf"));
    }

    #[test]
    fn extract_records() {
        let seeds = [
            "\0[{\"标题\":\"关于供水的通知\",\"正文\":\"第一条 氢能。\\n第二条 储能。\",\"文号\":\"国发〔2019〕5号\"}]",
            "\x01{\"title\":\"通知\",\"text\":\"一、总则\"}\n{\"title\":\"办法\",\"text\":[\"a\",1,null]}\n",
            "\x02标题,正文,日期\n关于氢能的通知,\"第一条 \"\"氢能\"\"。\n第二条\",2022-01-02\n办法,第一条。,\n",
        ];
        fuzz("extract_records", seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect(), super::records);
    }

    #[test]
    fn structure() {
        fuzz("structure", documents(".txt"), super::structure);
    }

    #[test]
    fn analysis() {
        fuzz("analysis", documents(".txt"), super::analysis);
    }

    #[test]
    fn stored() {
        fuzz("stored", documents(".txt"), super::stored);
    }

    #[test]
    fn snippet() {
        fuzz("snippet", documents(".txt"), super::snippet);
    }
}
