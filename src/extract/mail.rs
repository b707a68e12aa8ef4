//! Mails (.eml) and web archives (.mht).
//!
//! mail-parser (MIT/Apache-2.0, well kept, 1 package beside encoding_rs) finds the
//! parts. Their bytes are decoded here: a web archive names the encoding in its
//! page more often than in its headers.

use std::path::PathBuf;

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Extracted, Format, HintField, Hints, Paragraph, html, limits, text};
use crate::{Error, ErrorKind, Result};

/// The most parts that are looked at.
const MAX_PARTS: usize = 10_000;

/// A file in a mail.
pub(super) struct Attachment {
    pub(super) name: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// Whether bytes begin with the headers of a mail.
pub(super) fn is_mail(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(16 << 10)];
    let head = head.trim_ascii_start();
    let mut known = 0;
    let mut has_mime = false;
    for line in head.split(|byte| *byte == b'\n').take(200) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        // A header goes on in lines that begin with a blank.
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        let is_known = |list: &[&str]| list.iter().any(|known| known.as_bytes() == name.as_slice());
        has_mime |= is_known(&["mime-version", "content-type"]);
        known += usize::from(is_known(&[
            "from",
            "to",
            "subject",
            "date",
            "received",
            "message-id",
            "return-path",
            "content-transfer-encoding",
            "content-location",
            "snapshot-content-location",
            "mime-version",
            "content-type",
        ]));
    }
    known >= 2 && has_mime
}

/// Reads a mail or a web archive and the files in it.
pub(super) fn read(bytes: &[u8]) -> Result<(Extracted, Vec<Attachment>)> {
    let damaged = || Error::new(ErrorKind::Malformed, "the mail is damaged: its parts cannot be told apart");
    let message = MessageParser::default().parse(bytes).ok_or_else(damaged)?;
    if message.parts.len() > MAX_PARTS {
        return Err(Error::new(ErrorKind::LimitExceeded, format!("the mail has more than {MAX_PARTS} parts")));
    }
    let is_archive = message.content_type().is_some_and(|kind| kind.subtype() == Some("related"))
        && message.to().is_none()
        || message.parts.iter().any(|part| part.content_location().is_some());
    let mut extracted = body(&message)?;
    if is_archive {
        extracted.format = Format::Mht;
        return Ok((extracted, Vec::new()));
    }
    extracted.format = Format::Mail;
    let mut paragraphs = headers(&message, &mut extracted.hints);
    let shift = paragraphs.last().map_or(0, |last: &Paragraph| last.line);
    paragraphs.extend(
        extracted.paragraphs.into_iter().map(|paragraph| Paragraph { line: paragraph.line + shift, ..paragraph }),
    );
    extracted.paragraphs = paragraphs;
    let mut attachments = Vec::new();
    for (index, part) in message.attachments().enumerate() {
        limits::check()?;
        // Pictures of a page are no files of the sender.
        if part.content_id().is_some() && part.attachment_name().is_none() {
            continue;
        }
        let name = part.attachment_name().map_or_else(|| format!("attachment {}", index + 1), str::to_owned);
        attachments.push(Attachment { name: file_name(&name), bytes: decoded(&message, part) });
    }
    Ok((extracted, attachments))
}

fn file_name(name: &str) -> PathBuf {
    let name = name.replace(['\\', '/'], "_");
    PathBuf::from(super::paragraphs::clean(&name))
}

/// The subject is the first line and the title.
fn headers(message: &Message<'_>, hints: &mut Hints) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    if let Some(subject) = message.subject().map(super::paragraphs::clean).filter(|subject| !subject.is_empty()) {
        hints.title = Some(subject.clone());
        paragraphs.push(Paragraph { text: subject, line: 1, kind: super::ParagraphKind::Heading(1) });
    }
    let sender = message.from().and_then(|from| from.first());
    if let Some(name) = sender.and_then(|from| from.name().or(from.address())) {
        hints.fields.push(HintField::property("发件人", super::paragraphs::clean(name)));
    }
    if let Some(date) = message.date() {
        let text = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
        hints.fields.push(HintField::property("发送日期", text));
    }
    hints.fields.retain(|field| !field.value.is_empty());
    paragraphs
}

/// The text of a message: its pages, else its plain texts.
fn body(message: &Message<'_>) -> Result<Extracted> {
    let mut found: Option<Extracted> = None;
    let pages = message.parts.iter().filter(|part| matches!(part.body, PartType::Html(_)));
    let is_file = |part: &&MessagePart<'_>| {
        part.content_disposition().is_some_and(|kind| kind.is_attachment()) && part.attachment_name().is_some()
    };
    for part in pages.filter(|part| !is_file(part)) {
        limits::check()?;
        let page = html::read(&text_of(message, part)?)?;
        add(&mut found, page);
    }
    if found.as_ref().is_none_or(|found| found.paragraphs.is_empty()) {
        let texts = message.parts.iter().filter(|part| matches!(part.body, PartType::Text(_)));
        for part in texts.filter(|part| !is_file(part)) {
            add(&mut found, text::read(&text_of(message, part)?)?);
        }
    }
    found.ok_or_else(|| Error::new(ErrorKind::Empty, "the mail has no text"))
}

fn add(found: &mut Option<Extracted>, page: Extracted) {
    let Some(found) = found else {
        *found = Some(page);
        return;
    };
    let shift = found.paragraphs.last().map_or(0, |last| last.line);
    let moved = page.paragraphs.into_iter().map(|paragraph| Paragraph { line: paragraph.line + shift, ..paragraph });
    found.paragraphs.extend(moved);
}

/// A part's text: by the charset of its header if the bytes agree, else by itself.
fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> Result<String> {
    let bytes = decoded(message, part);
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = encoding {
        let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
        let (text, _, has_errors) = encoding.decode(&bytes);
        if !has_errors {
            return Ok(text.into_owned());
        }
    }
    if bytes.is_empty() {
        return Ok(String::new());
    }
    Ok(super::encoding::decode(&bytes)?.text.into_owned())
}

/// The bytes of a part, as they were before they were mailed.
fn decoded(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    if let PartType::Message(inner) = &part.body {
        return inner.raw_message.to_vec();
    }
    let (from, to) = (part.offset_body as usize, part.offset_end as usize);
    let raw = message.raw_message.get(from..to).unwrap_or_default();
    match part.encoding {
        Encoding::Base64 => base64(raw),
        Encoding::QuotedPrintable => quoted_printable(raw),
        Encoding::None => raw.to_vec(),
    }
}

fn base64(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in raw {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|digit| char::from(*digit).to_digit(16));
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        if *byte != b'=' {
            bytes.push(*byte);
            at += 1;
        } else if let (Some(high), Some(low)) = (hex(raw.get(at + 1)), hex(raw.get(at + 2))) {
            bytes.push((high * 16 + low) as u8);
            at += 3;
        } else {
            // A soft line break, blanks before it included.
            let end = raw[at..].iter().position(|byte| *byte == b'\n');
            let is_break = end.is_some_and(|end| raw[at + 1..at + end].iter().all(u8::is_ascii_whitespace));
            at += if is_break { end.unwrap_or(0) + 1 } else { 1 };
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfer_encodings_are_undone() {
        assert_eq!(base64(b"5YWz5LqO\r\n6YCa55+l"), "关于通知".as_bytes());
        assert_eq!(quoted_printable(b"=B9=D8=\r\n=D3=DA=20a=\n"), [0xB9, 0xD8, 0xD3, 0xDA, b' ', b'a']);
    }

    #[test]
    fn mails_are_told_by_their_headers() {
        assert!(is_mail(b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=a\r\n\r\n--a"));
        assert!(is_mail(b"From: a@b\nSubject: x\nContent-Type: text/plain\n\nbody"));
        assert!(!is_mail("主题: 通知\n\n正文".as_bytes()));
        assert!(!is_mail(b"Title: x\nDate: y\n\nbody"));
        assert!(!is_mail(b""));
    }
}
