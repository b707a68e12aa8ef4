//! Whether two sections say nearly the same, from a small sketch of each.
//!
//! A sketch is the smallest hashes of the text's runs of four characters, labels
//! and punctuation left out (bottom-k sampling: Cohen and Kaplan, 2007). The share
//! of common hashes among the smallest of both estimates how much of the texts is
//! the same. Versions of a law differ in an article's number; so do copies of a
//! notice on two sites.

use std::cell::OnceCell;

/// Hashes kept.
const SIZE: usize = 24;

/// Texts shorter than this, in characters, say too little to be called the same.
const MIN_CHARS: usize = 24;

/// Of [`SIZE`] hashes, how many must be common: some 90 % of the text.
const MIN_COMMON: usize = 21;

/// Of two that are alike, at most so many of the smallest of both are not common.
const MAX_DIFFERENT: usize = SIZE - MIN_COMMON;

/// The smallest hashes that are looked at first.
const FIRST: usize = 8;

/// The sketches of texts that are compared with one another. Most share nothing with
/// any other, which the smallest hashes tell; whole sketches are made of the others.
#[derive(Default)]
pub(super) struct Sketches {
    /// The texts, one behind the other, and where each ends.
    letters: Vec<u32>,
    ends: Vec<usize>,
    firsts: Vec<[u32; FIRST]>,
    /// A bit for each of the first hashes of which one at least must be common.
    bits: Vec<u128>,
    whole: Vec<OnceCell<Sketch>>,
}

/// In the place of a first hash that a text does not have.
const NONE: u32 = u32::MAX;

impl Sketches {
    /// Adds a text. `letters` are its Han characters, letters and runs; the rest
    /// changes from copy to copy.
    pub(super) fn push(&mut self, letters: &[u32]) {
        // The number of an article changes from version to version.
        let letters = &letters[label_length(letters)..];
        let mut first = [NONE; FIRST];
        if letters.len() >= MIN_CHARS {
            for hash in hashes(letters) {
                if hash < first[FIRST - 1] && !first.contains(&hash) {
                    let at = first.partition_point(|&other| other < hash);
                    first.copy_within(at..FIRST - 1, at + 1);
                    first[at] = hash;
                }
            }
            self.letters.extend_from_slice(letters);
        }
        self.ends.push(self.letters.len());
        self.firsts.push(first);
        let deciding = first[..=MAX_DIFFERENT].iter().filter(|&&hash| hash != NONE);
        self.bits.push(deciding.fold(0, |bits, hash| bits | 1 << (hash % u128::BITS)));
        self.whole.push(OnceCell::new());
    }

    /// The bits of a text's first hashes: two that have none in common are not alike.
    pub(super) fn bits(&self, text: usize) -> u128 {
        self.bits[text]
    }

    /// Whether two texts say nearly the same.
    pub(super) fn are_alike(&self, a: usize, b: usize) -> bool {
        begin_alike(&self.firsts[a], &self.firsts[b]) && self.whole(a).is_like(self.whole(b))
    }

    fn whole(&self, text: usize) -> &Sketch {
        let from = text.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.whole[text].get_or_init(|| Sketch::new(&self.letters[from..self.ends[text]]))
    }
}

/// Whether two texts may be alike by their smallest hashes: of so many of both together
/// not too many differ.
fn begin_alike(a: &[u32; FIRST], b: &[u32; FIRST]) -> bool {
    let (mut at, mut other_at, mut different) = (0, 0, 0);
    while at < FIRST && other_at < FIRST && a[at] != NONE && b[other_at] != NONE {
        let (one, other) = (a[at], b[other_at]);
        different += usize::from(one != other);
        if different > MAX_DIFFERENT {
            return false;
        }
        at += usize::from(one <= other);
        other_at += usize::from(other <= one);
    }
    true
}

/// Hashes of the runs of four.
fn hashes(letters: &[u32]) -> impl Iterator<Item = u32> + '_ {
    letters.windows(4).map(|run| {
        let hash = run.iter().fold(0x811c_9dc5_u32, |hash, &id| (hash ^ id).wrapping_mul(0x0100_0193));
        (hash ^ (hash >> 15)).wrapping_mul(0x846c_a68b)
    })
}

/// What is kept of a text: its smallest hashes, ascending.
struct Sketch(Vec<u32>);

impl Sketch {
    fn new(letters: &[u32]) -> Self {
        let mut smallest: Vec<u32> = Vec::with_capacity(2 * SIZE + 1);
        let mut bound = NONE;
        for hash in hashes(letters) {
            if hash < bound {
                smallest.push(hash);
                if smallest.len() == 2 * SIZE {
                    keep_smallest(&mut smallest);
                    bound = smallest.last().copied().filter(|_| smallest.len() == SIZE).unwrap_or(NONE);
                }
            }
        }
        keep_smallest(&mut smallest);
        Sketch(smallest)
    }

    fn is_like(&self, other: &Sketch) -> bool {
        let (a, b) = (&self.0, &other.0);
        // A text with few different runs is compared whole.
        let size = a.len().max(b.len());
        if a.is_empty() || b.is_empty() || a.len().min(b.len()) * 10 < size * 9 {
            return false;
        }
        // Most texts differ at once; what is too much for the share wanted ends it.
        let most_different = size * MAX_DIFFERENT / SIZE;
        let (mut at, mut other_at, mut seen, mut common) = (0, 0, 0, 0);
        while seen < size && at < a.len() && other_at < b.len() {
            if seen - common > most_different {
                return false;
            }
            match a[at].cmp(&b[other_at]) {
                std::cmp::Ordering::Less => at += 1,
                std::cmp::Ordering::Greater => other_at += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    at += 1;
                    other_at += 1;
                }
            }
            seen += 1;
        }
        common * SIZE >= MIN_COMMON * seen
    }
}

fn keep_smallest(hashes: &mut Vec<u32>) {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SIZE);
}

/// Length of 第…条 at the head of a text.
fn label_length(letters: &[u32]) -> usize {
    let is = |id: Option<&u32>, c: char| id == Some(&(c as u32));
    if !is(letters.first(), '第') {
        return 0;
    }
    let end = letters.iter().take(10).position(|&id| id == '条' as u32);
    end.map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::chars::CharText;
    use crate::search::rank::letters;

    fn alike(a: &str, b: &str) -> bool {
        let mut sketches = Sketches::default();
        [a, b].iter().for_each(|text| sketches.push(&letters(&CharText::new(text))));
        let are_alike = sketches.are_alike(0, 1);
        assert!(!are_alike || sketches.bits(0) & sketches.bits(1) != 0);
        are_alike
    }

    const TEXT: &str =
        "用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。";

    #[test]
    fn copies_and_renumbered_articles_are_alike() {
        assert!(alike(TEXT, TEXT));
        assert!(alike(&format!("第八十二条　{TEXT}"), &format!("第九十一条 {TEXT}")));
        assert!(alike(TEXT, &TEXT.replace('，', ",")));
    }

    #[test]
    fn other_texts_and_short_ones_are_not() {
        let other =
            "用人单位违反本法规定不与劳动者订立无固定期限劳动合同的，自应当订立之日起向劳动者每月支付二倍的工资。";
        assert!(!alike(TEXT, other));
        assert!(!alike(TEXT, &format!("{TEXT}{other}")));
        assert!(!alike("第一条 为了加强管理，制定本办法。", "第一条 为了加强管理，制定本办法。"));
        assert!(!alike("", ""));
    }

    #[test]
    fn the_smallest_hashes_tell_what_the_whole_sketches_would() {
        // Each differs from the one before in a word or more, so that some are just alike.
        let words = ["安全", "监督", "管理", "工资", "合同", "单位", "企业", "罚款", "义务", "期限"];
        let mut texts: Vec<Vec<u32>> = Vec::new();
        let mut text: String = TEXT.repeat(3);
        for n in 0..60 {
            let at = text.char_indices().nth(n * 37 % 150).map_or(0, |(at, _)| at);
            text.insert_str(at, words[n % words.len()]);
            texts.push(letters(&CharText::new(&text)));
        }
        let mut sketches = Sketches::default();
        texts.iter().for_each(|text| sketches.push(text));
        let mut alike = 0;
        for a in 0..texts.len() {
            for b in 0..texts.len() {
                let expected = plainly_alike(&Sketch::new(&texts[a]).0, &Sketch::new(&texts[b]).0);
                assert_eq!(sketches.are_alike(a, b), expected, "{a} {b}");
                assert!(!expected || sketches.bits(a) & sketches.bits(b) != 0, "{a} {b}");
                alike += usize::from(expected);
            }
        }
        assert!(alike > 100 && alike < 3_000, "{alike} pairs");
    }

    /// The share of common ones among the smallest of both, counted to the end.
    fn plainly_alike(a: &[u32], b: &[u32]) -> bool {
        let size = a.len().max(b.len());
        if a.is_empty() || b.is_empty() || a.len().min(b.len()) * 10 < size * 9 {
            return false;
        }
        // What has no partner left to be compared with is not counted.
        let end = a.last().min(b.last()).copied().unwrap_or_default();
        let mut both: Vec<u32> = a.iter().chain(b).copied().filter(|&hash| hash <= end).collect();
        both.sort_unstable();
        both.dedup();
        both.truncate(size);
        let common = both.iter().filter(|hash| a.contains(hash) && b.contains(hash)).count();
        common * SIZE >= MIN_COMMON * both.len()
    }

    proptest::proptest! {
        #[test]
        fn ending_early_changes_nothing(hashes in proptest::collection::btree_set(0_u32..10_000, 1..=SIZE + 4), drop_a in 0_usize..6, drop_b in 0_usize..6, step in 1_usize..5) {
            let hashes: Vec<u32> = hashes.into_iter().collect();
            // Two that have most in common, each without some of the other's.
            let without = |drop: usize, from: usize| -> Vec<u32> {
                let is_out = |at: usize| at >= from && (at - from).is_multiple_of(step) && (at - from) / step < drop;
                hashes.iter().enumerate().filter(|(at, _)| !is_out(*at)).map(|(_, &hash)| hash).take(SIZE).collect()
            };
            let (a, b) = (without(drop_a, 0), without(drop_b, 1));
            proptest::prop_assert_eq!(Sketch(a.clone()).is_like(&Sketch(b.clone())), plainly_alike(&a, &b));
        }
    }
}
