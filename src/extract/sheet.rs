//! Spreadsheets: .xls, .xlsx, .xlsb, .ods.
//!
//! calamine (MIT, well kept) reads them; a sheet's name is a heading and a row one
//! paragraph. Of the rows before the data the one that names the columns is
//! recognised, and what is a number is shown as the sheet shows it, not as it is
//! stored.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Sheets};
use quick_xml::events::Event;

use super::blocks::{self, Block};
use super::package::Package;
use super::{Extracted, Format, limits, rows};
use crate::{Error, ErrorKind, Result};

/// The most cells of a sheet: what is more is data for another program.
const MAX_CELLS: usize = 4_000_000;

/// How far down the row is looked for that names the columns.
const MAX_HEADER_ROW: usize = 10;

/// Reads a binary workbook.
pub(super) fn read_xls(bytes: &[u8]) -> Result<Extracted> {
    let book = calamine::Xls::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    read(Sheets::Xls(book), Format::Xls)
}

/// Reads an Office Open XML workbook.
pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Extracted> {
    let book = calamine::Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    read(Sheets::Xlsx(book), Format::Xlsx)
}

/// Reads a binary workbook in a package.
pub(super) fn read_xlsb(bytes: &[u8]) -> Result<Extracted> {
    let book = calamine::Xlsb::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    read(Sheets::Xlsb(book), Format::Xlsx)
}

/// Reads an OpenDocument workbook.
pub(super) fn read_ods(bytes: &[u8]) -> Result<Extracted> {
    check_whole(&Package::open(bytes)?.required("content.xml")?)?;
    let book = calamine::Ods::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    read(Sheets::Ods(book), Format::Ods)
}

/// Whether every element of a content ends: calamine looks for the end of one that was
/// cut off without end. Found by fuzzing.
fn check_whole(content: &[u8]) -> Result<()> {
    let mut reader = quick_xml::Reader::from_reader(content);
    let mut open = 0_u64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(Event::Eof) if open == 0 => return Ok(()),
            Ok(Event::Eof) => return Err(damaged("its content is cut off")),
            Ok(_) => {}
            Err(error) => return Err(damaged(&error.to_string())),
        }
    }
}

fn damaged(cause: &str) -> Error {
    let lower = cause.to_lowercase();
    if lower.contains("password") || lower.contains("encrypt") {
        return super::package::encrypted();
    }
    Error::new(ErrorKind::Malformed, format!("the workbook is damaged: {cause}"))
        .with_remedy("open it in Excel or WPS and save it anew")
}

fn read(mut book: Sheets<Cursor<&[u8]>>, format: Format) -> Result<Extracted> {
    let mut out = Vec::new();
    let names = book.sheet_names();
    let mut failure = None;
    for name in &names {
        limits::check()?;
        match book.worksheet_range(name) {
            Ok(range) => sheet(name, &range, &mut out)?,
            Err(error) => failure = Some(damaged(&error.to_string())),
        }
    }
    // One sheet that cannot be read does not hide the others.
    if let Some(failure) = failure.filter(|_| out.is_empty()) {
        return Err(failure);
    }
    Ok(Extracted { format, paragraphs: blocks::write(&out)?, ..Extracted::default() })
}

fn sheet(name: &str, range: &Range<Data>, out: &mut Vec<Block>) -> Result<()> {
    let (height, width) = range.get_size();
    if height.saturating_mul(width) > MAX_CELLS {
        let message = format!("a sheet has {} cells, the limit is {MAX_CELLS}", height.saturating_mul(width));
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    if height == 0 {
        return Ok(());
    }
    out.push(Block::Text { text: name.to_owned(), heading: Some(2) });
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(shown).collect()).collect();
    let mut header: Option<&Vec<String>> = None;
    for (at, row) in rows.iter().enumerate() {
        if at & 0xFF == 0 {
            limits::check()?;
        }
        let mut filled = row.iter().filter(|cell| !cell.trim().is_empty());
        match (filled.next(), filled.next()) {
            (None, _) => {}
            // A title or a note over the whole width.
            (Some(single), None) => out.push(Block::text(single.clone())),
            _ if header.is_none() && at < MAX_HEADER_ROW && rows::is_header(row, &rows[at + 1..]) => {
                header = Some(row);
                out.push(Block::Row(row.clone()));
            }
            _ => out.push(Block::Row(match header {
                Some(header) => rows::labelled(header, row),
                None => row.clone(),
            })),
        }
        blocks::check_count(out)?;
    }
    Ok(())
}

/// A cell as the sheet shows it.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.replace(['\r', '\n'], " "),
        Data::Float(number) => super::sheet::number(*number),
        Data::Int(number) => number.to_string(),
        Data::Bool(true) => "是".to_owned(),
        Data::Bool(false) => "否".to_owned(),
        Data::DateTime(date) => date_text(date),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace('T', " "),
    }
}

/// A number without the noise of binary fractions.
fn number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    // Excel keeps fifteen digits.
    let text = format!("{number:.*}", 14_usize.saturating_sub(number.abs().log10().max(0.0) as usize));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

fn date_text(date: &calamine::ExcelDateTime) -> String {
    if date.is_duration() {
        return number(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day_text = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return day_text;
    }
    format!("{day_text} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_without_noise() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(2_000.0), "2000");
        assert_eq!(number(-12.5), "-12.5");
        assert_eq!(number(1_234_567.891), "1234567.891");
        assert_eq!(number(1e20), "100000000000000000000");
    }

    /// Found by fuzzing: calamine never came back.
    #[test]
    fn a_content_that_is_cut_off_is_damaged_at_once() {
        let whole = r#"<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet><table:table table:name="表一"><table:table-row><table:table-cell><text:p>氢能</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
        let book = |content: &str| {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (name, text) in
                [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)]
            {
                zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
                std::io::Write::write_all(&mut zip, text.as_bytes()).expect("in memory");
            }
            zip.finish().expect("in memory").into_inner()
        };
        let started = std::time::Instant::now();
        for cut in (1..whole.len()).filter(|&at| whole.is_char_boundary(at)) {
            let error = read_ods(&book(&whole[..cut])).expect_err("cut off");
            assert_eq!(error.kind(), ErrorKind::Malformed, "{cut}: {error}");
        }
        assert!(started.elapsed().as_secs() < 20);
    }
}
