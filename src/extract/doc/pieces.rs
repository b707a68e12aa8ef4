//! The text: pieces of the file in their order.

use crate::extract::ole::{u16_at, u32_at};

/// The most characters that are read.
const MAX_CHARS: usize = 64 << 20;

/// A stretch of text that lies in one place of the file.
struct Piece {
    /// Its first character's position in the text.
    start: usize,
    /// Its place in the file.
    offset: usize,
    /// One byte a character, not two.
    is_narrow: bool,
}

/// The text of a document, in units of UTF-16.
pub(super) struct Text {
    units: Vec<u16>,
    pieces: Vec<Piece>,
}

impl Text {
    /// Reads the text by the piece table (`Clx`).
    pub(super) fn read(main: &[u8], clx: &[u8]) -> Option<Text> {
        let mut rest = clx;
        // Formatting of saved changes stands before the table.
        while rest.first() == Some(&1) {
            let length = usize::from(u16_at(rest, 1)?);
            rest = rest.get(3 + length..)?;
        }
        if rest.first() != Some(&2) {
            return None;
        }
        let length = u32_at(rest, 1)? as usize;
        let table = rest.get(5..5_usize.checked_add(length)?.min(rest.len()))?;
        let count = table.len().checked_sub(4)? / 12;
        let mut text = Text { units: Vec::new(), pieces: Vec::with_capacity(count) };
        for index in 0..count {
            let from = u32_at(table, 4 * index)? as usize;
            let to = u32_at(table, 4 * index + 4)? as usize;
            let place = u32_at(table, 4 * (count + 1) + 8 * index + 2)?;
            let length = to.checked_sub(from)?;
            if from != text.units.len() || to > MAX_CHARS {
                break;
            }
            let is_narrow = place & 0x4000_0000 != 0;
            let offset = (place & 0x3FFF_FFFF) as usize;
            let offset = if is_narrow { offset / 2 } else { offset };
            text.pieces.push(Piece { start: from, offset, is_narrow });
            let bytes = main.get(offset..).unwrap_or_default();
            if is_narrow {
                let bytes = &bytes[..length.min(bytes.len())];
                let (decoded, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                text.units.extend(decoded.encode_utf16());
            } else {
                let pairs = bytes.chunks_exact(2).take(length);
                text.units.extend(pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
            }
            if text.units.len() != to {
                // The file is cut: what is there is kept.
                break;
            }
        }
        (!text.units.is_empty()).then_some(text)
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    pub(super) fn char(&self, at: usize) -> Option<u16> {
        self.units.get(at).copied()
    }

    /// Where the paragraph ends that begins at `start`: the position of its mark, or
    /// `end`; never before `start`.
    pub(super) fn find_end(&self, start: usize, end: usize) -> usize {
        let end = end.min(self.units.len()).max(start);
        let is_mark = |unit: &u16| matches!(unit, 0x07 | 0x0C | 0x0D);
        self.units.get(start..end).and_then(|units| units.iter().position(is_mark)).map_or(end, |at| start + at)
    }

    /// The place in the file of a position in the text.
    pub(super) fn place(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.start <= at);
        let Some(piece) = index.checked_sub(1).and_then(|index| self.pieces.get(index)) else { return 0 };
        piece.offset + (at - piece.start) * if piece.is_narrow { 1 } else { 2 }
    }
}
