//! Whether text makes sense: fonts without encodings yield characters that are
//! none of the document's.

use std::sync::OnceLock;

use encoding_rs::{BIG5, GBK};

/// Below this many characters nothing is said.
const MIN_CHARS: usize = 20;

/// The share of characters, 0–1, that cannot be part of a document: no mapping,
/// private use, Latin letters with accents in place of Chinese, Han characters
/// that nobody uses.
pub(super) fn garbled_share(texts: impl Iterator<Item = impl AsRef<str>>) -> f32 {
    let (mut total, mut wrong, mut han, mut common, mut accents, mut letters) = (0_usize, 0, 0, 0, 0, 0_usize);
    for text in texts {
        for c in text.as_ref().chars().filter(|c| !c.is_whitespace()) {
            total += 1;
            match c {
                '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => wrong += 1,
                '\u{4E00}'..='\u{9FFF}' => {
                    han += 1;
                    common += usize::from(is_common(c));
                }
                '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}' => han += 1,
                '\u{A1}'..='\u{24F}' => accents += 1,
                'a'..='z' | 'A'..='Z' => letters += 1,
                _ => {}
            }
        }
    }
    if total < MIN_CHARS {
        return if total > 0 { wrong as f32 / total as f32 } else { 0.0 };
    }
    let mut share = wrong as f32 / total as f32;
    // Texts in Chinese have three common characters in four at the least.
    if han >= MIN_CHARS && common * 2 < han {
        share += (han - common) as f32 / total as f32;
    }
    // German or French have one accent in ten letters.
    if accents > letters / 3 {
        share += accents as f32 / total as f32;
    }
    share
}

/// The Han characters of the basic block.
const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x5200;

/// Among the frequent characters of GB 2312 (level 1) or Big5 (level 1).
fn is_common(c: char) -> bool {
    static COMMON: OnceLock<Vec<bool>> = OnceLock::new();
    let at = (c as u32).wrapping_sub(FIRST) as usize;
    COMMON.get_or_init(common_characters).get(at).copied().unwrap_or(false)
}

/// Decoding the rows is fast; encoding each character is not.
fn common_characters() -> Vec<bool> {
    let mut common = vec![false; COUNT];
    let rows = (0xB0..=0xD7).map(|lead| (GBK, lead)).chain((0xA4..=0xC6).map(|lead| (BIG5, lead)));
    for (encoding, lead) in rows {
        for trail in 0x40..=0xFE_u8 {
            if encoding == GBK && trail < 0xA1 {
                continue;
            }
            let bytes = [lead, trail];
            let (text, _) = encoding.decode_without_bom_handling(&bytes);
            for c in text.chars() {
                if let Some(slot) = common.get_mut((c as u32).wrapping_sub(FIRST) as usize) {
                    *slot = true;
                }
            }
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(text: &str) -> f32 {
        garbled_share(std::iter::once(text))
    }

    #[test]
    fn documents_make_sense() {
        assert!(share("第一条　为了规范政府投资项目管理，根据有关法律，制定本办法。") < 0.1);
        assert!(share("第一條　為了規範政府投資項目管理，根據有關法律，制定本辦法。") < 0.1);
        assert!(share("The quick brown fox jumps over the lazy dog, 2023-03-05.") < 0.1);
        assert!(share("目录") < 0.1);
    }

    #[test]
    fn other_fonts_do_not() {
        assert!(share("\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}12") > 0.5);
        assert!(
            share(
                "\u{E012}\u{E013}\u{E014}\u{E015}\u{E016}\u{E017}\u{E018}\u{E012}\u{E013}\u{E014}\u{E015}\u{E016}\u{E017}\u{E018}的的的的的的的的"
            ) > 0.5
        );
        assert!(share("ÎªÁË¹æ·¶Õþ¸®Í¶×ÊÏîÄ¿¹ÜÀí£¬¸ù¾ÝÓÐ¹Ø·¨ÂÉ") > 0.5);
        assert!(share("鐢㈡枮瀛︽牎绠＄悊鍔炴硶鍒犻櫎涓嶉€傚疁鐨勫唴瀹归浄璞簳鏋滈瘚") > 0.3);
    }
}
