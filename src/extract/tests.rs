//! The battery every format passes, and the way through `extract`.

use super::*;

const LAW: &str = "# 某条例\n\n2021年3月5日通过\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n第一条 为了**规范**管理，制定本条例。\n\n| 项目 | 金额 |\n|---|---|\n| 氢能 | 500万元 |\n";
const PAGE: &str = "<html><head><title>通知</title><meta charset=gb2312></head><body><p>通知</p>\
    <table><tr><td>索引号：</td><td>A-1</td></tr></table><p>一、总则<br>为了规范。</p></body></html>";

/// What every reader promises of its paragraphs.
pub(super) fn assert_sound(extracted: &Extracted) {
    let mut last_line = 1;
    for paragraph in &extracted.paragraphs {
        let text = &paragraph.text;
        assert!(!text.trim().is_empty(), "empty paragraph at line {}", paragraph.line);
        assert_eq!(text.trim(), text, "white space at the ends");
        let is_allowed = |c: char| !c.is_control() || (c == '\t' && paragraph.kind == ParagraphKind::TableRow);
        assert!(text.chars().all(is_allowed), "control character in {text:?}");
        assert!(
            !text.contains(['\u{FEFF}', '\u{AD}', '\u{200B}', '\u{202E}', '\u{2028}']),
            "invisible character in {text:?}"
        );
        assert!(paragraph.line >= last_line, "lines descend at {text:?}");
        last_line = paragraph.line;
    }
    for field in &extracted.hints.fields {
        assert!(!field.label.is_empty() && !field.value.is_empty());
        assert!(!field.label.chars().any(char::is_control) && field.value.trim() == field.value);
    }
}

/// Sound whole, the same each time, and no panic when cut or flipped anywhere.
fn run_battery(bytes: &[u8], name: &str) {
    let name = Path::new(name);
    let extracted = extract(bytes, name).unwrap();
    assert!(!extracted.paragraphs.is_empty());
    assert_sound(&extracted);
    assert_eq!(extracted, extract(bytes, name).unwrap());
    let step = (bytes.len() / 97).max(1);
    for cut in (0..bytes.len()).step_by(step) {
        if let Ok(extracted) = extract(&bytes[..cut], name) {
            assert_sound(&extracted);
        }
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x55;
        if let Ok(extracted) = extract(&flipped, name) {
            assert_sound(&extracted);
        }
    }
}

#[test]
fn every_text_format_passes_the_battery() {
    run_battery(LAW.as_bytes(), "a.md");
    run_battery(LAW.as_bytes(), "a.txt");
    run_battery("通知\r\n\r\n　　一、总则\u{C}\r\n正文\u{200B}。\r\n".as_bytes(), "a.txt");
    run_battery(&encoding_rs::GB18030.encode(LAW).0, "a.md");
    let utf16: Vec<u8> = "\u{FEFF}通知\r\n一、总则\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    run_battery(&utf16, "a.txt");
    #[cfg(feature = "html")]
    run_battery(&encoding_rs::GB18030.encode(PAGE).0, "a.html");
}

/// The battery over the fixtures of `tests/formats`, with every document in them.
#[cfg(feature = "formats")]
#[test]
fn every_other_format_passes_the_battery() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".py") || name.ends_with(".md") || name == "bomb.zip" {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let read = |bytes: &[u8]| {
            let mut parts = Vec::new();
            let result = documents(bytes, Path::new(&name), &ReadOptions::new(), &mut |part| {
                parts.push((part.member, part.result.map_err(|error| error.to_string())));
                Ok(())
            });
            (parts, result.map_err(|error| error.to_string()))
        };
        let whole = read(&bytes);
        assert_eq!(whole, read(&bytes), "{name}");
        whole.0.iter().filter_map(|(_, result)| result.as_ref().ok()).for_each(assert_sound);
        count += whole.0.iter().filter(|(_, result)| result.is_ok()).count();
        for cut in (0..bytes.len()).step_by((bytes.len() / 4).max(1)) {
            let mut flipped = bytes.clone();
            flipped[cut] ^= 0x55;
            for damaged in [&bytes[..cut], &flipped] {
                let (parts, _) = read(damaged);
                parts.iter().filter_map(|(_, result)| result.as_ref().ok()).for_each(assert_sound);
            }
        }
    }
    assert!(count >= 30, "{count} documents");
}

#[test]
fn the_encoding_is_reported() {
    let extracted = extract(&encoding_rs::GBK.encode("关于印发办法的通知").0, Path::new("a.txt")).unwrap();
    assert_eq!((extracted.encoding, extracted.format), (Some("gb18030"), Format::Text));
    assert_eq!(extracted.paragraphs[0].text, "关于印发办法的通知");
}

#[test]
fn what_is_no_document_says_why() {
    let kind = |bytes: &[u8], name: &str| extract(bytes, Path::new(name)).unwrap_err().kind();
    assert_eq!(kind(b"", "a.txt"), ErrorKind::Empty);
    assert_eq!(kind(" \r\n\u{3000}\n".as_bytes(), "a.txt"), ErrorKind::Empty);
    assert_eq!(kind(b"\x00\x01\x02\x03binary\x00\x00\x00\xFF\xFE", "a.txt"), ErrorKind::Malformed);
    assert_eq!(kind(b"\x89PNG\r\n\x1A\n0000", "a.txt"), ErrorKind::UnsupportedFormat);
    let error = extract(b"\x7FELF\x02\x01\x01\x00", Path::new("通知.txt")).unwrap_err();
    assert_eq!(error.to_string(), "a program cannot be read by this build");
}

#[cfg(not(feature = "html"))]
#[test]
fn html_without_its_reader_is_an_error_with_a_remedy() {
    let error = extract(PAGE.as_bytes(), Path::new("a.html")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedFormat);
    assert!(error.remedy().is_some());
}

#[cfg(feature = "html")]
#[test]
fn a_page_is_read_whatever_its_name() {
    let extracted = extract(&encoding_rs::GBK.encode(PAGE).0, Path::new("通知.doc")).unwrap();
    assert_eq!((extracted.format, extracted.encoding), (Format::Html, Some("gb18030")));
}
