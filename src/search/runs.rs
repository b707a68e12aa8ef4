//! The characters of a query and their neighbours, looked for in a text.

/// Runs of one, two and three tokens of a query; each sorted, each once.
pub(super) struct Runs {
    pub unigrams: Vec<[u32; 1]>,
    pub bigrams: Vec<[u32; 2]>,
    pub trigrams: Vec<[u32; 3]>,
    /// The tokens of the query by a hash, with what begins with each: at its place or
    /// behind it, 0 where there is none.
    table: Vec<(u32, Begins)>,
    /// The hash is shifted by this.
    shift: u32,
}

/// The runs that begin with a token, as places in the lists.
#[derive(Clone, Copy, Default)]
struct Begins {
    unigram: Option<u16>,
    bigrams: (u16, u16),
    trigrams: (u16, u16),
}

/// Which of the runs a text holds: those of one token, then of two, then of three.
#[derive(Debug, PartialEq)]
pub(super) struct Held {
    all: Vec<bool>,
    bigrams: usize,
    trigrams: usize,
}

impl Held {
    pub(super) fn unigrams(&self) -> &[bool] {
        &self.all[..self.bigrams]
    }

    pub(super) fn bigrams(&self) -> &[bool] {
        &self.all[self.bigrams..self.trigrams]
    }

    pub(super) fn trigrams(&self) -> &[bool] {
        &self.all[self.trigrams..]
    }
}

impl Runs {
    /// Those of some texts; a token alone that `is_left_out` counts only with others.
    pub(super) fn new(texts: &[Vec<u32>], is_left_out: impl Fn(u32) -> bool) -> Self {
        let mut unigrams: Vec<[u32; 1]> = runs(texts);
        unigrams.truncate(MAX_RUNS);
        let (mut bigrams, mut trigrams) = (runs(texts), runs(texts));
        bigrams.truncate(MAX_RUNS);
        trigrams.truncate(MAX_RUNS);
        let size = (4 * unigrams.len()).next_power_of_two().max(64);
        let mut runs = Runs {
            table: vec![(0, Begins::default()); size],
            shift: 32 - size.trailing_zeros(),
            unigrams: unigrams.iter().copied().filter(|&[id]| !is_left_out(id)).collect(),
            bigrams,
            trigrams,
        };
        for &[id] in &unigrams {
            let begins = Begins {
                unigram: runs.unigrams.binary_search(&[id]).ok().map(|at| at as u16),
                bigrams: beginning_with(&runs.bigrams, id),
                trigrams: beginning_with(&runs.trigrams, id),
            };
            let mut at = runs.place(id);
            while runs.table[at].0 != 0 {
                at = (at + 1) % size;
            }
            runs.table[at] = (id, begins);
        }
        runs
    }

    #[inline]
    fn place(&self, id: u32) -> usize {
        (id.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    /// What begins with a token of a text.
    #[inline]
    fn begins(&self, id: u32) -> Option<Begins> {
        let mut at = self.place(id);
        loop {
            let (other, begins) = self.table[at];
            if other == id {
                return Some(begins);
            }
            if other == 0 {
                return None;
            }
            at = (at + 1) % self.table.len();
        }
    }

    /// All of them held, or none.
    fn each(&self, is_held: bool) -> Held {
        let bigrams = self.unigrams.len();
        let trigrams = bigrams + self.bigrams.len();
        Held { all: vec![is_held; trigrams + self.trigrams.len()], bigrams, trigrams }
    }

    /// What a text holds that has all of them.
    pub(super) fn all(&self) -> Held {
        self.each(true)
    }

    /// Which of them a text holds.
    pub(super) fn held(&self, text: &[u32]) -> Held {
        let mut held = self.each(false);
        for (at, &id) in text.iter().enumerate() {
            let Some(begins) = self.begins(id) else { continue };
            if let Some(unigram) = begins.unigram {
                held.all[usize::from(unigram)] = true;
            }
            let Some(&second) = text.get(at + 1) else { continue };
            let mut is_pair = false;
            for pair in usize::from(begins.bigrams.0)..usize::from(begins.bigrams.1) {
                if self.bigrams[pair][1] == second {
                    held.all[held.bigrams + pair] = true;
                    is_pair = true;
                }
            }
            if let Some(&third) = text.get(at + 2).filter(|_| is_pair) {
                for triple in usize::from(begins.trigrams.0)..usize::from(begins.trigrams.1) {
                    if self.trigrams[triple][1..] == [second, third] {
                        held.all[held.trigrams + triple] = true;
                    }
                }
            }
        }
        held
    }
}

/// Runs of a kind that are looked for; a query, of 8 KB at most, has fewer.
const MAX_RUNS: usize = u16::MAX as usize;

/// The places of the runs that begin with a token.
fn beginning_with<const N: usize>(runs: &[[u32; N]], id: u32) -> (u16, u16) {
    let from = runs.partition_point(|run| run[0] < id);
    let to = from + runs[from..].partition_point(|run| run[0] == id);
    // No more than `MAX_RUNS`.
    (from as u16, to as u16)
}

/// The runs of `N` tokens, sorted, each once.
pub(super) fn runs<const N: usize>(texts: &[Vec<u32>]) -> Vec<[u32; N]> {
    let mut runs: Vec<[u32; N]> = Vec::with_capacity(texts.iter().map(Vec::len).sum());
    for text in texts {
        runs.extend(text.windows(N).filter_map(|window| <[u32; N]>::try_from(window).ok()));
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly_held<const N: usize>(wanted: &[[u32; N]], text: &[u32]) -> Vec<bool> {
        wanted.iter().map(|run| text.windows(N).any(|window| window == run)).collect()
    }

    proptest::proptest! {
        #[test]
        fn what_is_held_is_what_a_search_for_each_finds(
            queries in proptest::collection::vec(proptest::collection::vec(1_u32..40, 0..9), 0..4),
            text in proptest::collection::vec(proptest::prop_oneof![1_u32..40, 0x4e00_u32..0x4e90], 0..60),
        ) {
            let wanted = Runs::new(&queries, |id| id % 5 == 0);
            proptest::prop_assert!(wanted.unigrams.iter().all(|[id]| id % 5 != 0));
            let held = wanted.held(&text);
            proptest::prop_assert_eq!(held.unigrams(), plainly_held(&wanted.unigrams, &text));
            proptest::prop_assert_eq!(held.bigrams(), plainly_held(&wanted.bigrams, &text));
            proptest::prop_assert_eq!(held.trigrams(), plainly_held(&wanted.trigrams, &text));
        }
    }
}
