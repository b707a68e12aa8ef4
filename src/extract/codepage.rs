//! Windows code pages by number, as binary Office files and RTF name them.

/// Text of a Windows code page.
pub(super) fn decode_page(bytes: &[u8], code_page: u16) -> String {
    let encoding = match code_page {
        1200 => return utf16(bytes),
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => encoding_rs::UTF_8,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 => encoding_rs::WINDOWS_1252,
        10000 => encoding_rs::MACINTOSH,
        _ => encoding_rs::GB18030,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Little-endian UTF-16; what is none is replaced.
pub(super) fn utf16(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}
