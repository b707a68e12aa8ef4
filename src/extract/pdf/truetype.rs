//! The character table of an embedded TrueType or OpenType font, read backwards:
//! from glyphs to the characters they show. It saves fonts without ToUnicode.

use std::collections::HashMap;

/// Characters by glyph; `None` when the font has no table of Unicode.
pub(super) fn characters(font: &[u8]) -> Option<HashMap<u32, char>> {
    let tables = usize::from(u16_at(font, 4)?);
    let cmap = (0..tables.min(64)).find_map(|index| {
        let entry = font.get(12 + 16 * index..28 + 16 * index)?;
        entry.starts_with(b"cmap").then(|| u32_at(entry, 8))?
    })?;
    let cmap = font.get(cmap as usize..)?;
    let count = usize::from(u16_at(cmap, 2)?);
    let mut found = HashMap::new();
    // Full tables after those of the basic plane; symbol tables say nothing.
    for index in 0..count.min(32) {
        let entry = 4 + 8 * index;
        let (platform, encoding) = (u16_at(cmap, entry)?, u16_at(cmap, entry + 2)?);
        if !matches!((platform, encoding), (0, _) | (3, 1 | 10)) {
            continue;
        }
        let Some(table) = cmap.get(u32_at(cmap, entry + 4)? as usize..) else { continue };
        match u16_at(table, 0) {
            Some(4) => segments(table, &mut found),
            Some(12) => groups(table, &mut found),
            _ => None,
        };
    }
    (!found.is_empty()).then_some(found)
}

fn insert(found: &mut HashMap<u32, char>, glyph: u32, code: u32) {
    let Some(c) = char::from_u32(code) else { return };
    // Of several characters with one glyph the one in common use: no
    // compatibility form, no radical.
    let is_odd = |c: char| matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{E000}'..='\u{F8FF}' | '\u{A0}' | '\u{AD}');
    let known = found.entry(glyph).or_insert(c);
    if is_odd(*known) && !is_odd(c) {
        *known = c;
    }
}

/// Format 4: segments of the basic plane.
fn segments(table: &[u8], found: &mut HashMap<u32, char>) -> Option<()> {
    let doubled = usize::from(u16_at(table, 6)?);
    for segment in 0..doubled / 2 {
        let at = |part: usize| 14 + part * doubled + usize::from(part > 0) * 2 + 2 * segment;
        let (end, start) = (u16_at(table, at(0))?, u16_at(table, at(1))?);
        let (delta, offset) = (u16_at(table, at(2))?, u16_at(table, at(3))?);
        if start > end || start == 0xFFFF {
            continue;
        }
        for code in start..=end {
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let place = at(3) + usize::from(offset) + 2 * usize::from(code - start);
                match u16_at(table, place).unwrap_or(0) {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                }
            };
            if glyph != 0 {
                insert(found, u32::from(glyph), u32::from(code));
            }
        }
    }
    Some(())
}

/// Format 12: groups of all planes.
fn groups(table: &[u8], found: &mut HashMap<u32, char>) -> Option<()> {
    const MAX_CHARS: u32 = 0x2_0000;
    let count = u32_at(table, 12)?.min(100_000) as usize;
    let mut total = 0;
    for group in 0..count {
        let at = 16 + 12 * group;
        let (start, end, glyph) = (u32_at(table, at)?, u32_at(table, at + 4)?, u32_at(table, at + 8)?);
        total += end.checked_sub(start)?;
        if total > MAX_CHARS {
            return None;
        }
        for code in start..=end {
            insert(found, glyph.checked_add(code - start)?, code);
        }
    }
    Some(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font that has only a table of format 4 with the segment 一–七 (U+4E00–4E03).
    fn font() -> Vec<u8> {
        let words = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        let mut font = words(&[0, 1, 1, 0, 0, 0]);
        font.extend(b"cmap");
        font.extend(words(&[0, 0, 0, 28, 0, 100]));
        font.extend(words(&[0, 1, 3, 1, 0, 12]));
        // Format, length, language, twice the segments, three search fields.
        font.extend(words(&[4, 32, 0, 4, 0, 0, 0]));
        font.extend(words(&[0x4E03, 0xFFFF, 0, 0x4E00, 0xFFFF, 5_u16.wrapping_sub(0x4E00), 1, 0, 0]));
        font
    }

    #[test]
    fn glyphs_lead_back_to_characters() {
        let found = characters(&font()).unwrap();
        assert_eq!(found.get(&5), Some(&'一'));
        assert_eq!(found.get(&8), Some(&'七'));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn broken_fonts_are_no_panic() {
        let font = font();
        for cut in 0..font.len() {
            let _ = characters(&font[..cut]);
            let mut flipped = font.clone();
            flipped[cut] ^= 0xFF;
            let _ = characters(&flipped);
        }
    }
}
