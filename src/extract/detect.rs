//! Which format bytes are of, told from the bytes; the file's name only breaks ties.

use std::path::Path;

use super::records::{self, Shape};

/// How much of a text is looked at for markup, in bytes.
const SAMPLE_BYTES: usize = 64 << 10;

/// A format that is no text in some encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Pdf,
    Zip,
    Ole,
    Rtf,
    SevenZip,
    Gzip,
    Tar,
    /// A format no reader is planned for, by its name.
    Other(&'static str),
}

impl Container {
    pub(super) fn name(self) -> &'static str {
        match self {
            Container::Pdf => "PDF",
            Container::Zip => "a ZIP-based format (.docx, .xlsx, .ofd, .zip)",
            Container::Ole => "an old Office format (.doc, .xls, .ppt, .wps)",
            Container::Rtf => "RTF",
            Container::SevenZip => "a 7z archive",
            Container::Gzip => "a gzip file",
            Container::Tar => "a tar archive",
            Container::Other(name) => name,
        }
    }
}

/// Founder's document format, which only its own reader opens.
pub(super) const CEB: &str = "Founder CEB";

/// Leading bytes of formats, and what they are called.
const MAGIC: &[(&[u8], Container)] = &[
    (b"%PDF-", Container::Pdf),
    (b"PK\x03\x04", Container::Zip),
    (b"PK\x05\x06", Container::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Container::Ole),
    (b"{\\rtf", Container::Rtf),
    (b"7z\xBC\xAF\x27\x1C", Container::SevenZip),
    (b"\x1F\x8B", Container::Gzip),
    (b"BZh", Container::Other("a bzip2 file")),
    (b"\xFD7zXZ\0", Container::Other("an xz file")),
    (b"\x28\xB5\x2F\xFD", Container::Other("a zstd file")),
    (b"Rar!\x1A\x07", Container::Other("a RAR archive")),
    (b"\x89PNG\r\n\x1A\n", Container::Other("a PNG picture")),
    (b"\xFF\xD8\xFF", Container::Other("a JPEG picture")),
    (b"GIF87a", Container::Other("a GIF picture")),
    (b"GIF89a", Container::Other("a GIF picture")),
    (b"II*\0", Container::Other("a TIFF picture")),
    (b"MM\0*", Container::Other("a TIFF picture")),
    (b"RIFF", Container::Other("a RIFF file (sound, video or picture)")),
    (b"ID3", Container::Other("a sound file")),
    (b"\x7FELF", Container::Other("a program")),
    (b"MZ\x90\0", Container::Other("a program")),
    (b"SQLite format 3\0", Container::Other("an SQLite database")),
    (b"AT&TFORM", Container::Other("a DjVu file")),
    (b"wOFF", Container::Other("a font")),
];

/// The container format of `bytes`, if they are of one.
pub(super) fn container(bytes: &[u8], name: &Path) -> Option<Container> {
    for (magic, container) in MAGIC {
        if bytes.starts_with(magic) {
            return Some(*container);
        }
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Container::Tar);
    }
    // A PDF may have a line of something else before it, RTF white space.
    let head = &bytes[..bytes.len().min(1024)];
    if let Some(at) = memchr::memmem::find(head, b"%PDF-")
        && (suffix(name) == "pdf" || head[..at].iter().all(|byte| byte.is_ascii_whitespace() || *byte >= 0x80))
    {
        return Some(Container::Pdf);
    }
    if head.trim_ascii_start().starts_with(b"{\\rtf") {
        return Some(Container::Rtf);
    }
    // Founder's formats have no documented signature; their suffix is theirs alone.
    let suffix = suffix(name);
    if matches!(suffix.as_str(), "ceb" | "cebx") && bytes.iter().take(4096).any(|byte| *byte < 0x09) {
        return Some(Container::Other(CEB));
    }
    None
}

/// How a text is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Text,
    Markdown,
    Html,
    /// XML that is no page.
    Xml,
    /// A word processor's document as one XML file.
    WordXml,
    Records(Shape),
}

/// How a decoded text is marked up. A page begins with a tag; Markdown with front
/// matter or a heading; whatever the name says otherwise holds if the text allows it.
pub(super) fn markup(text: &str, name: &Path) -> Markup {
    let suffix = suffix(name);
    let named_markdown = matches!(suffix.as_str(), "md" | "markdown" | "mdown" | "mkd");
    let named_html =
        matches!(suffix.as_str(), "html" | "htm" | "shtml" | "xhtml" | "jhtml" | "asp" | "aspx" | "jsp" | "php");
    let sample = head(text);
    let start = skip_prologue(sample);
    if is_word_xml(sample, start) {
        return Markup::WordXml;
    }
    if let Some(tag) = leading_tag(start) {
        let is_page =
            matches!(tag.as_str(), "!doctype" | "html" | "head" | "body" | "meta" | "title" | "script" | "style");
        if is_page || (!named_markdown && is_html_tag(&tag) && has_closing_tag(sample)) {
            return Markup::Html;
        }
    }
    if is_xml(sample, start, &suffix) {
        return Markup::Xml;
    }
    if named_markdown {
        return Markup::Markdown;
    }
    if let Some(shape) = records::shape(text, &suffix) {
        return Markup::Records(shape);
    }
    if named_html && has_closing_tag(sample) {
        return Markup::Html;
    }
    if begins_as_markdown(start) { Markup::Markdown } else { Markup::Text }
}

/// A declaration, or the root of a feed: what is no page but has elements.
fn is_xml(sample: &str, start: &str, suffix: &str) -> bool {
    let has_element = start.starts_with('<')
        && start[1..].starts_with(|c: char| c.is_alphabetic() || c == '_')
        && memchr::memmem::find(start.as_bytes(), b">").is_some();
    let is_declared = sample.trim_start_matches('\u{FEFF}').trim_start().starts_with("<?xml");
    has_element && (is_declared || matches!(suffix, "xml" | "rss" | "atom" | "rdf"))
}

/// Word 2003's own XML, or a package written as one XML file.
fn is_word_xml(sample: &str, start: &str) -> bool {
    let root = start.get(..start.len().min(4_096)).unwrap_or(sample);
    (start.starts_with("<w:wordDocument") || start.starts_with("<pkg:package"))
        && (root.contains("wordprocessingml") || root.contains("xmlPackage") || root.contains("word/2003"))
}

/// The name's suffix in lower case, without the dot; empty if there is none.
pub(super) fn suffix(name: &Path) -> String {
    name.extension().map(|suffix| suffix.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Skips white space, an XML declaration and comments.
fn skip_prologue(text: &str) -> &str {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
    let mut rest = text.trim_start_matches(is_blank);
    for (open, close) in [("<?xml", "?>"), ("<!--", "-->"), ("<!--", "-->"), ("<!--", "-->")] {
        if let Some(end) = rest.strip_prefix(open).and_then(|inner| inner.find(close)) {
            rest = rest[open.len() + end + close.len()..].trim_start_matches(is_blank);
        }
    }
    rest
}

/// The name of the tag that `text` begins with, in lower case.
fn leading_tag(text: &str) -> Option<String> {
    let rest = text.strip_prefix('<')?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'!').count();
    let ends_well = matches!(rest.as_bytes().get(length), Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n'));
    (length > 0 && ends_well).then(|| rest[..length].to_ascii_lowercase())
}

/// Elements a saved fragment of a page may begin with.
fn is_html_tag(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "article"
            | "b"
            | "blockquote"
            | "br"
            | "center"
            | "div"
            | "font"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "img"
            | "li"
            | "link"
            | "main"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "span"
            | "strong"
            | "table"
            | "tbody"
            | "td"
            | "tr"
            | "ul"
    )
}

fn has_closing_tag(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"</").any(|at| {
        let rest = &text[at + 2..];
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        is_html_tag(&rest[..length].to_ascii_lowercase())
            || matches!(rest.get(..length), Some("html" | "body" | "BODY"))
    })
}

fn begins_as_markdown(start: &str) -> bool {
    let mut lines = start.lines();
    let Some(first) = lines.next() else { return false };
    if first.trim_end() == "---" {
        // Front matter: a key in the next line, and an end.
        let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '));
        return lines.next().is_some_and(is_key) && lines.take(200).any(|line| line.trim_end() == "---");
    }
    super::markdown::heading(first).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup_of(text: &str, name: &str) -> Markup {
        markup(text, Path::new(name))
    }

    #[test]
    fn content_decides_over_the_suffix() {
        assert_eq!(markup_of("<!DOCTYPE html><html><body>通知</body></html>", "a.txt"), Markup::Html);
        assert_eq!(markup_of("\n<!-- saved --><html><body><p>通知</p>", "a.doc"), Markup::Html);
        assert_eq!(markup_of("关于印发《办法》的通知\n一、总则", "a.html"), Markup::Text);
        assert_eq!(markup_of("# 条例\n\n## 第一章\n", "a.txt"), Markup::Markdown);
        assert_eq!(markup_of("---\ntitle: 通知\n---\n正文", "a"), Markup::Markdown);
    }

    #[test]
    fn the_suffix_breaks_ties() {
        assert_eq!(markup_of("<div align=center>通知</div>\n# 条例", "a.md"), Markup::Markdown);
        assert_eq!(markup_of("<div align=center>通知</div>\n# 条例", "a"), Markup::Html);
        assert_eq!(markup_of("通知<br>一、<b>总则</b></p>", "a.htm"), Markup::Html);
        assert_eq!(markup_of("普通文本", "a.md"), Markup::Markdown);
        assert_eq!(markup_of("<通知>见附件", "a.txt"), Markup::Text);
        assert_eq!(markup_of("--- 会议纪要 ---", "a.txt"), Markup::Text);
    }

    #[test]
    fn containers_are_named() {
        assert_eq!(container(b"%PDF-1.7\n", Path::new("a.txt")), Some(Container::Pdf));
        assert_eq!(container(b"\xFF\xD8\xFF\xE0", Path::new("a.doc")).unwrap().name(), "a JPEG picture");
        assert_eq!(container(b"abc\x01\x02", Path::new("a.CEB")).unwrap().name(), "Founder CEB");
        assert_eq!(container("通知".as_bytes(), Path::new("a.ceb")), None);
    }
}
