//! The formats that are read.

/// A format this crate can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// XML without a reader of its own: feeds, data.
    Xml,
    /// A record of JSON or JSON Lines.
    Json,
    /// A table as comma-separated values, or a record of one.
    Csv,
    /// Word, Office Open XML.
    Docx,
    /// Word or WPS Writer, binary.
    Doc,
    /// A spreadsheet, Office Open XML.
    Xlsx,
    /// A spreadsheet, binary.
    Xls,
    /// A presentation, Office Open XML.
    Pptx,
    /// A presentation, binary.
    Ppt,
    /// Rich Text Format.
    Rtf,
    /// OpenDocument text.
    Odt,
    /// OpenDocument spreadsheet.
    Ods,
    /// OpenDocument presentation.
    Odp,
    /// PDF.
    Pdf,
    /// OFD (GB/T 33190).
    Ofd,
    /// A mail.
    Mail,
    /// A web archive (.mht).
    Mht,
    /// Text that an external program recognised on pictures of pages.
    Ocr,
}

impl Format {
    /// The format's name as it stands in JSON and reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Xml => "xml",
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Docx => "docx",
            Format::Doc => "doc",
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Pptx => "pptx",
            Format::Ppt => "ppt",
            Format::Rtf => "rtf",
            Format::Odt => "odt",
            Format::Ods => "ods",
            Format::Odp => "odp",
            Format::Pdf => "pdf",
            Format::Ofd => "ofd",
            Format::Mail => "mail",
            Format::Mht => "mht",
            Format::Ocr => "ocr",
        }
    }
}
