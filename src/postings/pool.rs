//! Many lists of bytes that grow by turns, in few large pieces of memory.
//!
//! A list that grows by itself is moved each time it doubles, and leaves holes that others
//! do not fit in: a fifth of the memory of indexing much. Here what comes is written behind
//! all that came before, whatever list it belongs to, and names the piece before it of its
//! own list; lists are read once, at the end.
//!
//! ```text
//! piece    where the piece before it stands    u32, as below; `NONE` for the first
//!          length                              seven bits a byte
//!          bytes
//! ```

use super::codec::{push_number, take_number};

/// Bytes of a page: a piece stands in one, and one that is longer has a page of its own.
const PAGE: usize = 1 << PAGE_BITS;
/// A place is the number of its page and, in these bits, the place in it.
const PAGE_BITS: u32 = 20;
/// No place: no piece begins at the last byte of a page.
const NONE: u32 = u32::MAX;

/// The memory of many lists.
#[derive(Default)]
pub(super) struct Pool {
    pages: Vec<Vec<u8>>,
    bytes: usize,
}

/// A list: where its last piece stands.
#[derive(Clone, Copy)]
pub(super) struct Chain(u32);

impl Default for Chain {
    fn default() -> Self {
        Chain(NONE)
    }
}

impl Pool {
    /// Adds bytes to a list.
    pub(super) fn append(&mut self, chain: &mut Chain, bytes: &[u8]) {
        // What stands before them takes nine bytes at most.
        let needed = 9 + bytes.len();
        if self.pages.last().is_none_or(|page| page.len() + needed > PAGE) {
            self.pages.push(Vec::with_capacity(needed.max(PAGE)));
        }
        let number = self.pages.len() - 1;
        let page = &mut self.pages[number];
        let start = page.len();
        page.extend_from_slice(&chain.0.to_le_bytes());
        push_number(page, bytes.len() as u32);
        page.extend_from_slice(bytes);
        self.bytes += page.len() - start;
        *chain = Chain(u32::try_from(number << PAGE_BITS | start).expect("a segment is written before it has 4 GB"));
    }

    /// Bytes held in memory, about.
    pub(super) fn memory(&self) -> usize {
        self.bytes
    }

    /// Hands the pieces of a list to `sink` in the order they came.
    pub(super) fn read(&self, chain: Chain, mut sink: impl FnMut(&[u8])) {
        let mut pieces = Vec::new();
        let mut at = chain.0;
        while at != NONE {
            let page = &self.pages[(at >> PAGE_BITS) as usize];
            let (before, mut rest) = page[at as usize & (PAGE - 1)..].split_first_chunk().expect("a piece is whole");
            let length = take_number(&mut rest).expect("a piece is whole") as usize;
            pieces.push(&rest[..length]);
            at = u32::from_le_bytes(*before);
        }
        pieces.into_iter().rev().for_each(&mut sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_however_they_grew() {
        let mut pool = Pool::default();
        let mut chains = [Chain::default(); 5];
        let mut expected = [const { Vec::new() }; 5];
        // Lengths of every size, beyond a page too; one list stays empty.
        let lengths = [0, 1, 100, 127, 128, PAGE / 3, PAGE - 9, PAGE, 3 * PAGE, 7];
        for (at, length) in lengths.into_iter().cycle().take(60).enumerate() {
            let list = at * 7 % 4;
            let bytes = vec![at as u8; length];
            pool.append(&mut chains[list], &bytes);
            expected[list].extend(bytes);
        }
        for (chain, expected) in chains.into_iter().zip(&expected) {
            let mut found = Vec::new();
            pool.read(chain, |bytes| found.extend_from_slice(bytes));
            assert!(found == *expected);
        }
        assert!(pool.memory() >= expected.iter().map(Vec::len).sum());
    }
}
