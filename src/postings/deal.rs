//! Occurrences in the order of the text → by term, many at a time.
//!
//! Each occurrence belongs to the list of its term, and neighbours in a text belong to
//! lists far from each other: to append each at once is to wait for memory at each.
//! Here they are kept as they come, and dealt out to the terms by counting (a counting
//! sort), whose steps do not wait for each other; then each list is visited once for
//! all that came.

/// Occurrences that are dealt out at once: few enough for the sort to stay near, many
/// enough that a list is seldom visited. Few in tests, where lists get many pieces.
const BATCH: usize = if cfg!(test) { 1 << 6 } else { 1 << 18 };

/// Occurrences that are not in the lists of their terms yet.
#[derive(Default)]
pub(super) struct Deal {
    /// The number of the term of each.
    terms: Vec<u32>,
    /// Where each stands, ascending.
    places: Vec<u32>,
    /// Where the places of each term end, and places by term: kept for their memory.
    ends: Vec<u32>,
    sorted: Vec<u32>,
}

impl Deal {
    /// An occurrence of a term, no earlier than the last one.
    #[inline]
    pub(super) fn push(&mut self, term: u32, place: u32) {
        self.terms.push(term);
        self.places.push(place);
    }

    /// Whether it is time to deal.
    pub(super) fn is_full(&self) -> bool {
        self.terms.len() >= BATCH
    }

    /// Bytes held in memory.
    pub(super) fn memory(&self) -> usize {
        4 * (self.terms.capacity() + self.places.capacity() + self.ends.capacity() + self.sorted.capacity())
    }

    /// Gives every occurrence another number for its term.
    pub(super) fn rename(&mut self, mut name: impl FnMut(u32) -> u32) {
        self.terms.iter_mut().for_each(|term| *term = name(*term));
    }

    /// Hands each term that came, of `terms` there are, to `sink`, with its places.
    pub(super) fn deal(&mut self, terms: usize, mut sink: impl FnMut(usize, &[u32])) {
        let Deal { terms: of, places, ends, sorted } = self;
        ends.clear();
        ends.resize(terms, 0);
        of.iter().for_each(|&term| ends[term as usize] += 1);
        let mut start = 0;
        for end in ends.iter_mut() {
            start += std::mem::replace(end, start);
        }
        sorted.resize(of.len(), 0);
        for (&term, &place) in of.iter().zip(places.iter()) {
            let next = &mut ends[term as usize];
            sorted[*next as usize] = place;
            *next += 1;
        }
        let mut start = 0;
        for (term, &end) in ends.iter().enumerate() {
            if start < end {
                sink(term, &sorted[start as usize..end as usize]);
            }
            start = end;
        }
        of.clear();
        places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_term_gets_its_own_in_order() {
        let mut deal = Deal::default();
        for _ in 0..2 {
            [(2, 5), (0, 6), (2, 6), (3, 9), (2, 9)].into_iter().for_each(|(term, place)| deal.push(term, place));
            let mut dealt = Vec::new();
            deal.deal(5, |term, places| dealt.push((term, places.to_vec())));
            assert_eq!(dealt, [(0, vec![6]), (2, vec![5, 6, 9]), (3, vec![9])]);
        }
        deal.deal(5, |term, _| panic!("{term} was dealt already"));
    }
}
