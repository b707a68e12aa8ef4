//! Which reader is for which container, and what a build without it says.

use super::Extracted;
use super::detect::{self, Container};
use crate::{Error, ErrorKind, Result};

/// Reads a container that is one document.
pub(super) fn contained(container: Container, bytes: &[u8]) -> Result<Extracted> {
    match container {
        Container::Zip => zipped(bytes),
        Container::Rtf => super::rtf::read(bytes),
        #[cfg(feature = "office")]
        Container::Ole => super::ole::read(bytes),
        #[cfg(feature = "pdf")]
        Container::Pdf => super::pdf::read(bytes),
        #[cfg(not(feature = "office"))]
        Container::Ole => Err(missing(container.name(), "office")),
        #[cfg(not(feature = "pdf"))]
        Container::Pdf => Err(missing(container.name(), "pdf")),
        Container::SevenZip | Container::Gzip | Container::Tar => Err(missing(container.name(), "archive")),
        Container::Other(name) => Err(unsupported(name)),
    }
}

/// What a ZIP file is, by the parts in it.
#[cfg(any(feature = "office", feature = "ofd", feature = "archive"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Package {
    Word,
    Sheet,
    BinarySheet,
    Slides,
    Text,
    OpenSheet,
    OpenSlides,
    Ofd,
    /// Of a known family, but of no reader's.
    Unknown(&'static str),
    Archive,
}

#[cfg(any(feature = "office", feature = "ofd", feature = "archive"))]
fn package(bytes: &[u8]) -> Result<Package> {
    let mut package = super::package::Package::open(bytes)?;
    if package.has("mimetype") && package.has("content.xml") {
        let kind = package.part("mimetype")?.unwrap_or_default();
        let has = |part: &[u8]| memchr::memmem::find(&kind, part).is_some();
        return Ok(match () {
            () if has(b"spreadsheet") => Package::OpenSheet,
            () if has(b"presentation") => Package::OpenSlides,
            () if has(b"graphics") => Package::OpenSlides,
            () => Package::Text,
        });
    }
    let has_folder = |folder: &str| package.paths().iter().any(|path| path.starts_with(folder));
    let is_office = package.has("[Content_Types].xml") || package.has("_rels/.rels");
    Ok(match () {
        () if package.has("OFD.xml") => Package::Ofd,
        () if package.has("word/document.xml") => Package::Word,
        () if package.has("xl/workbook.bin") => Package::BinarySheet,
        () if package.has("xl/workbook.xml") => Package::Sheet,
        () if package.has("ppt/presentation.xml") => Package::Slides,
        () if is_office && has_folder("word/") => Package::Word,
        () if is_office && has_folder("xl/") => Package::Sheet,
        () if is_office && has_folder("ppt/") => Package::Slides,
        () if is_office && has_folder("visio/") => Package::Unknown("a Visio drawing"),
        () if package.has("META-INF/container.xml") => Package::Unknown("an EPUB book"),
        () if package.has("META-INF/MANIFEST.MF") => Package::Unknown("a Java archive"),
        () if package.has("Entries.xml") || package.has("Encryptions.xml") => Package::Ofd,
        () => Package::Archive,
    })
}

/// Whether a ZIP file is a document; one that is damaged is, to be reported as such.
#[cfg(feature = "archive")]
pub(super) fn is_package(bytes: &[u8]) -> bool {
    package(bytes).map_or(true, |package| package != Package::Archive)
}

#[cfg(any(feature = "office", feature = "ofd", feature = "archive"))]
fn zipped(bytes: &[u8]) -> Result<Extracted> {
    match package(bytes)? {
        #[cfg(feature = "office")]
        Package::Word => super::docx::read(bytes),
        #[cfg(feature = "office")]
        Package::Sheet => super::sheet::read_xlsx(bytes),
        #[cfg(feature = "office")]
        Package::BinarySheet => super::sheet::read_xlsb(bytes),
        #[cfg(feature = "office")]
        Package::Slides => super::pptx::read(bytes),
        #[cfg(feature = "office")]
        Package::Text => super::odt::read_odt(bytes),
        #[cfg(feature = "office")]
        Package::OpenSheet => super::sheet::read_ods(bytes),
        #[cfg(feature = "office")]
        Package::OpenSlides => super::odt::read_odp(bytes),
        #[cfg(feature = "ofd")]
        Package::Ofd => super::ofd::read(bytes),
        Package::Unknown(name) => Err(unsupported(name)),
        Package::Archive => Err(missing("ZIP archives here", "archive")),
        #[allow(unreachable_patterns, reason = "with all features every kind has its reader")]
        _ => Err(missing("documents of this kind", "formats")),
    }
}

#[cfg(not(any(feature = "office", feature = "ofd", feature = "archive")))]
fn zipped(_bytes: &[u8]) -> Result<Extracted> {
    Err(missing(Container::Zip.name(), "formats"))
}

#[cfg(feature = "html")]
pub(super) fn html(text: &str) -> Result<Extracted> {
    let mut extracted = super::html::read(text)?;
    let names = sheet_names(text);
    if !names.is_empty() {
        let line = extracted.paragraphs.first().map_or(1, |first| first.line);
        let kind = super::ParagraphKind::Heading(2);
        extracted.paragraphs.insert(0, super::Paragraph { text: names.join(" "), line, kind });
    }
    Ok(extracted)
}

/// The names of the sheets of a workbook that was saved as a page: Excel and WPS
/// hide them in a comment.
#[cfg(feature = "html")]
fn sheet_names(text: &str) -> Vec<String> {
    const MAX_NAMES: usize = 200;
    if !text.get(..text.len().min(2_048)).unwrap_or(text).contains("office:excel") {
        return Vec::new();
    }
    let sheets = text.split("<x:ExcelWorksheet>").skip(1).take(MAX_NAMES);
    let name = |sheet: &str| {
        let rest = sheet.split_once("<x:Name>")?.1;
        let name = super::paragraphs::clean(rest.split_once("</x:Name>")?.0);
        (!name.is_empty()).then_some(name)
    };
    sheets.filter_map(name).collect()
}

#[cfg(not(feature = "html"))]
pub(super) fn html(_text: &str) -> Result<Extracted> {
    Err(missing("HTML", "html"))
}

#[cfg(all(feature = "html", any(feature = "office", feature = "ofd")))]
pub(super) fn xml(text: &str) -> Result<Extracted> {
    super::feed::read(text)
}

/// Without the reader the markup is text.
#[cfg(not(all(feature = "html", any(feature = "office", feature = "ofd"))))]
pub(super) fn xml(text: &str) -> Result<Extracted> {
    super::text::read(text)
}

#[cfg(feature = "office")]
pub(super) fn word_xml(text: &str) -> Result<Extracted> {
    super::docx::read_xml(text)
}

#[cfg(not(feature = "office"))]
pub(super) fn word_xml(_text: &str) -> Result<Extracted> {
    Err(missing("Word documents", "office"))
}

/// The error of a format that no reader is for.
fn unsupported(name: &str) -> Error {
    let message = format!("{name} cannot be read by this build");
    let remedy = match name {
        detect::CEB => "open it in Founder Apabi Reader and print it to PDF, or ask its publisher for another format",
        name if name.contains("picture") => "name a program for character recognition (--ocr) if it shows a page",
        name if name.contains("RAR") || name.contains("file") && !name.contains("sound") => {
            "unpack it and index the unpacked files"
        }
        name if name.contains("CNKI") => "export it as PDF with the program that opens it",
        _ => "if it holds a document, save that as .docx, .pdf or text",
    };
    Error::new(ErrorKind::UnsupportedFormat, message).with_remedy(remedy)
}

/// The error of a reader that was left out of the build.
fn missing(format: &str, feature: &str) -> Error {
    Error::new(ErrorKind::UnsupportedFormat, format!("this build reads no {format}"))
        .with_remedy(format!("build gongwen with the feature `{feature}`"))
}
