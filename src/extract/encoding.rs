//! Bytes → text: which character encoding, and the decoded string.
//!
//! In this order: a byte order mark; valid UTF-8; UTF-16 without a mark, by
//! statistics; the charset a page declares, if the bytes agree; the two
//! double-byte encodings of Chinese by their frequent rows; `chardetng`. What is
//! declared or detected as GB2312 or GBK is decoded as GB18030, its superset.
//! Nothing here knows of formats, but for the declaration in a page's head.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Error, ErrorKind, Result};

/// How much of the file is looked at to find the encoding, in bytes.
const SAMPLE_BYTES: usize = 256 << 10;

/// How far into the file a charset declaration is looked for, in bytes. HTML asks
/// for 1,024; portals put scripts before it.
const DECLARATION_BYTES: usize = 8 << 10;

/// Text and the encoding it was in.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    /// The text, without the byte order mark.
    pub(super) text: Cow<'a, str>,
    /// The encoding's WHATWG name.
    pub(super) encoding: &'static str,
}

/// Decodes a file.
///
/// # Errors
/// [`ErrorKind::Malformed`] when the bytes are text in no encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>> {
    let decoded = decode_unchecked(bytes);
    if is_binary(&decoded.text) {
        return Err(Error::new(ErrorKind::Malformed, "the bytes are no text in any encoding known"));
    }
    Ok(decoded)
}

fn decode_unchecked(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[length..]);
    }
    let has_nul = memchr::memchr(0, bytes).is_some();
    // As `from_utf8`, which looks at fewer bytes at once.
    let utf8 = || UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    if !has_nul && let Some(text) = utf8() {
        return Decoded { text, encoding: UTF_8.name() };
    }
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    if let Some(encoding) = utf16_without_mark(sample) {
        return decode_as(encoding, bytes);
    }
    if is_damaged_utf8(sample) {
        return decode_as(UTF_8, bytes);
    }
    if let Some(encoding) = declared(bytes).filter(|encoding| agrees(encoding, sample)) {
        return decode_as(encoding, bytes);
    }
    decode_as(guess(sample), bytes)
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name() }
}

/// Whether decoded text is none: control characters, or too much that could not
/// be decoded.
fn is_binary(text: &str) -> bool {
    let mut sample = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(sample) {
        sample -= 1;
    }
    let sample = &text[..sample];
    let chars = sample.chars().count();
    // Few enough at once for a byte to count them, so that many are counted at once.
    let controls_in = |few: &[u8]| usize::from(few.iter().map(|&byte| u8::from(is_control(byte))).sum::<u8>());
    let controls: usize = sample.as_bytes().chunks(usize::from(u8::MAX)).map(controls_in).sum();
    let undecoded = memchr::memmem::find_iter(sample.as_bytes(), "\u{FFFD}").count();
    controls * 100 > chars || undecoded * 10 > chars
}

/// A control character of no text. 0x1A ends a file of DOS, 0x1B begins an escape of a
/// terminal. Without a jump, so that many bytes are looked at at once.
fn is_control(byte: u8) -> bool {
    (byte <= 0x8) | (byte.wrapping_sub(0xE) <= 0xB) | (byte.wrapping_sub(0x1C) <= 0x3) | (byte == 0x7F)
}

/// UTF-16 by its units: nearly all must be of blocks Chinese text is made of,
/// and the two bytes of a unit must not look alike, as those of ASCII would.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let units = sample.len() / 2;
    if units < 2 {
        return None;
    }
    for (encoding, high, low) in [(UTF_16LE, 1, 0), (UTF_16BE, 0, 1)] {
        let mut usual = 0usize;
        let mut low_outside_ascii = 0usize;
        for pair in sample.chunks_exact(2) {
            usual += usize::from(is_usual_unit(u16::from(pair[high]) << 8 | u16::from(pair[low])));
            low_outside_ascii += usize::from(!(0x20..0x7F).contains(&pair[low]));
        }
        let zero_high = sample.chunks_exact(2).any(|pair| pair[high] == 0);
        let differs = zero_high || low_outside_ascii * 5 >= units;
        if usual * 20 >= units * 19 && differs {
            return Some(encoding);
        }
    }
    None
}

fn is_usual_unit(unit: u16) -> bool {
    matches!(unit,
        0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0xFF
        | 0x2000..=0x206F | 0x2160..=0x217F | 0x2460..=0x24FF | 0x2500..=0x257F
        | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xFF00..=0xFFEF)
}

/// UTF-8 with a few broken places: a file cut inside a character, a field cut at a
/// number of bytes.
fn is_damaged_utf8(sample: &[u8]) -> bool {
    let mut multi_byte = 0usize;
    let mut broken = 0usize;
    for chunk in sample.utf8_chunks() {
        multi_byte += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // Other encodings hardly ever make a valid sequence of three bytes by chance.
    multi_byte >= broken.saturating_mul(10) && multi_byte > 0
}

/// The encoding that `<meta charset>` or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    memchr::memchr(b'<', head)?;
    let head = head.to_ascii_lowercase();
    for marker in [&b"charset"[..], b"encoding"] {
        for at in memchr::memmem::find_iter(&head, marker) {
            let rest = head[at + marker.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { continue };
            let rest = rest.trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
            let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
            let length = rest.iter().take_while(|byte| is_label(byte)).count();
            if let Some(encoding) = Encoding::for_label(&rest[..length]) {
                return Some(widened(encoding));
            }
        }
    }
    None
}

/// Whether `sample` is text of `encoding`. A declaration may be wrong: a page
/// pasted into another portal's frame still names its old charset.
fn agrees(encoding: &'static Encoding, sample: &[u8]) -> bool {
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        return false; // Looked at already.
    }
    if encoding.is_single_byte() {
        return false; // Anything decodes, so it proves nothing; see `guess`.
    }
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let undecoded = text.chars().filter(|c| *c == '\u{FFFD}').count();
    let other = text.chars().filter(|c| !c.is_ascii()).count();
    // The sample may end inside a character.
    undecoded <= 1 + other / 100
}

/// The encoding by statistics.
fn guess(sample: &[u8]) -> &'static Encoding {
    let (simplified, traditional) = (gb_share(sample), big5_share(sample));
    if simplified >= 0.85 && simplified > traditional + 0.1 {
        return GB18030;
    }
    if traditional >= 0.85 && traditional > simplified + 0.1 {
        return BIG5;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Not `last`: the sample may end inside a character.
    detector.feed(sample, false);
    widened(detector.guess(Some(b"cn"), Utf8Detection::Deny))
}

/// GBK and GB2312 are read as GB18030, which holds both.
fn widened(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The share of double-byte characters that are frequent ones in GB2312: rows
/// 16–55 (level 1) and its punctuation. 0.95 and more for modern texts.
fn gb_share(sample: &[u8]) -> f32 {
    double_byte_share(sample, |lead, trail| {
        trail >= 0xA1 && (matches!(lead, 0xB0..=0xD7) || matches!(lead, 0xA1..=0xA3))
    })
}

/// The same for Big5: level 1 and its punctuation.
fn big5_share(sample: &[u8]) -> f32 {
    double_byte_share(sample, |lead, trail| {
        (matches!(trail, 0x40..=0x7E) || trail >= 0xA1) && matches!(lead, 0xA1..=0xC6)
    })
}

fn double_byte_share(sample: &[u8], is_frequent: impl Fn(u8, u8) -> bool) -> f32 {
    let (mut frequent, mut total) = (0usize, 0usize);
    let mut at = 0;
    while at < sample.len() {
        let lead = sample[at];
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let Some(&trail) = sample.get(at + 1) else { break };
        total += 1;
        if trail < 0x40 {
            // No character of two bytes: resynchronize.
            at += 1;
            continue;
        }
        frequent += usize::from(is_frequent(lead, trail));
        at += 2;
    }
    if total == 0 { 0.0 } else { frequent as f32 / total as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_those_of_no_text() {
        let expected = |byte: u8| matches!(byte, 0..=0x8 | 0xE..=0x19 | 0x1C..=0x1F | 0x7F);
        assert!((0..=u8::MAX).all(|byte| is_control(byte) == expected(byte)));
    }

    const SIMPLIFIED: &str =
        "第一条　为了规范政府投资项目管理，根据有关法律，制定本办法。\r\n第二条　本办法自2023年3月5日起施行。\r\n";
    const TRADITIONAL: &str =
        "第一條　為了規範政府投資項目管理，根據有關法律，制定本辦法。\r\n第二條　本辦法自公布之日起施行。\r\n";

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let to_bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    fn assert_decodes(bytes: &[u8], text: &str, encoding: &str) {
        let decoded = decode(bytes).unwrap();
        assert_eq!((&*decoded.text, decoded.encoding), (text, encoding));
    }

    #[test]
    fn marks_decide() {
        assert_decodes("\u{FEFF}通知".as_bytes(), "通知", "UTF-8");
        assert_decodes(&utf16("\u{FEFF}通知", true), "通知", "UTF-16LE");
        assert_decodes(&utf16("\u{FEFF}通知", false), "通知", "UTF-16BE");
    }

    #[test]
    fn utf8_and_ascii_are_utf8() {
        assert_decodes(SIMPLIFIED.as_bytes(), SIMPLIFIED, "UTF-8");
        assert_decodes(b"plain text, even length.", "plain text, even length.", "UTF-8");
    }

    #[test]
    fn utf16_is_found_without_a_mark() {
        assert_decodes(&utf16(SIMPLIFIED, true), SIMPLIFIED, "UTF-16LE");
        assert_decodes(&utf16(SIMPLIFIED, false), SIMPLIFIED, "UTF-16BE");
        assert_decodes(&utf16("关于印发通知的函", true), "关于印发通知的函", "UTF-16LE");
        assert_decodes(&utf16("GDP 2023: 5.2%\n", true), "GDP 2023: 5.2%\n", "UTF-16LE");
    }

    #[test]
    fn double_byte_encodings_of_chinese_are_told_apart() {
        assert_decodes(&GB18030.encode(SIMPLIFIED).0, SIMPLIFIED, "gb18030");
        assert_decodes(&BIG5.encode(TRADITIONAL).0, TRADITIONAL, "Big5");
        // A title alone.
        assert_decodes(&GB18030.encode("关于做好工作的通知").0, "关于做好工作的通知", "gb18030");
        // Traditional characters in GBK, and one that needs four bytes.
        assert_decodes(&GB18030.encode(TRADITIONAL).0, TRADITIONAL, "gb18030");
        assert_decodes(&GB18030.encode("安全生产责任制㐂规定").0, "安全生产责任制㐂规定", "gb18030");
    }

    #[test]
    fn a_broken_byte_changes_nothing_else() {
        let mut gb = GB18030.encode(SIMPLIFIED).0.into_owned();
        gb.truncate(gb.len() - 3); // Ends inside 。
        let decoded = decode(&gb).unwrap();
        assert_eq!(decoded.encoding, "gb18030");
        assert!(decoded.text.starts_with(&SIMPLIFIED[..SIMPLIFIED.len() - 5]));
        gb[30] = 0xFF;
        assert_eq!(decode(&gb).unwrap().encoding, "gb18030");

        let cut = &SIMPLIFIED.as_bytes()[..SIMPLIFIED.len() - 3];
        let decoded = decode(cut).unwrap();
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.text.starts_with("第一条　为了规范"));
    }

    #[test]
    fn a_declared_charset_counts_when_the_bytes_agree() {
        let page = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=gb2312'></head>镕</html>";
        assert_decodes(&GB18030.encode(page).0, page, "gb18030");
        // Declared Big5, but it is GBK.
        let page = format!("<meta charset=\"gbk\">{SIMPLIFIED}");
        let wrong = page.replace("gbk", "utf-8");
        assert_decodes(&GB18030.encode(&wrong).0, &wrong, "gb18030");
        // Declared GB2312, but it is UTF-8.
        assert_decodes(page.as_bytes(), &page, "UTF-8");
    }

    #[test]
    fn binary_is_no_text() {
        let mut state = 7u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(5_000)
        .collect();
        assert_eq!(decode(&noise).unwrap_err().kind(), ErrorKind::Malformed);
        assert_eq!(decode(&[0; 100]).unwrap_err().kind(), ErrorKind::Malformed);
    }
}
