//! Whether two sections say nearly the same, from a small sketch of each.
//!
//! A sketch is the smallest hashes of the text's runs of four characters, labels
//! and punctuation left out (bottom-k sampling: Cohen and Kaplan, 2007). The share
//! of common hashes among the smallest of both estimates how much of the texts is
//! the same. Versions of a law differ in an article's number; so do copies of a
//! notice on two sites.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

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
    /// The texts, one behind the other: those that were added here, then those of each
    /// that was appended.
    letters: Vec<Vec<u32>>,
    /// Among which of those each text stands, and where.
    places: Vec<(usize, Range<usize>)>,
    firsts: Vec<[u32; FIRST]>,
    whole: Vec<OnceCell<Sketch>>,
}

/// Letters of a section, for the room they take.
const USUAL_CHARS: usize = 128;

/// In the place of a first hash that a text does not have.
const NONE: u32 = u32::MAX;

impl Sketches {
    /// Of so many texts, none of which is added yet.
    pub(super) fn of(count: usize) -> Self {
        Sketches {
            letters: vec![Vec::with_capacity(USUAL_CHARS * count)],
            places: Vec::with_capacity(count),
            firsts: Vec::with_capacity(count),
            whole: Vec::with_capacity(count),
        }
    }

    /// Adds a text. `letters` are its Han characters, letters and runs; the rest
    /// changes from copy to copy.
    pub(super) fn push(&mut self, letters: &[u32]) {
        // The number of an article changes from version to version.
        let letters = &letters[label_length(letters)..];
        let letters = if letters.len() >= MIN_CHARS { letters } else { &[] };
        if self.letters.is_empty() {
            self.letters.push(Vec::new());
        }
        let all = &mut self.letters[0];
        self.places.push((0, all.len()..all.len() + letters.len()));
        all.extend_from_slice(letters);
        self.firsts.push(smallest(letters));
        self.whole.push(OnceCell::new());
    }

    /// Adds the texts of others behind its own.
    pub(super) fn append(&mut self, mut others: Sketches) {
        let before = self.letters.len();
        self.letters.append(&mut others.letters);
        self.places.extend(others.places.into_iter().map(|(among, place)| (before + among, place)));
        self.firsts.append(&mut others.firsts);
        self.whole.append(&mut others.whole);
    }

    /// Hashes of a text: two that have none of them in common are not alike.
    pub(super) fn deciding(&self, text: usize) -> impl Iterator<Item = u32> + '_ {
        self.firsts[text][..=MAX_DIFFERENT].iter().copied().filter(|&hash| hash != NONE)
    }

    /// Whether two texts say nearly the same.
    pub(super) fn are_alike(&self, a: usize, b: usize) -> bool {
        begin_alike(&self.firsts[a], &self.firsts[b]) && self.whole(a).is_like(self.whole(b))
    }

    fn whole(&self, text: usize) -> &Sketch {
        let (among, place) = &self.places[text];
        self.whole[text].get_or_init(|| Sketch::new(&self.letters[*among][place.clone()]))
    }
}

/// Those of some texts that are not like any kept before, each in its place.
pub(super) struct Kept<'a> {
    sketches: &'a Sketches,
    /// The text in each place.
    texts: Vec<usize>,
    /// Texts by the hashes of which two that are alike have one in common: the last
    /// entry of each.
    last: FxHashMap<u32, usize>,
    entries: Vec<Entry>,
}

struct Entry {
    text: usize,
    place: usize,
    /// The entry before of the same hash.
    before: Option<usize>,
}

impl<'a> Kept<'a> {
    pub(super) fn new(sketches: &'a Sketches) -> Self {
        let texts = sketches.firsts.len();
        let entries = (MAX_DIFFERENT + 1) * texts;
        Kept {
            sketches,
            texts: Vec::with_capacity(texts),
            last: FxHashMap::with_capacity_and_hasher(entries, FxBuildHasher),
            entries: Vec::with_capacity(entries),
        }
    }

    /// The first place with a text that says nearly the same, and that text.
    pub(super) fn twin(&self, text: usize) -> Option<(usize, usize)> {
        let mut twin: Option<(usize, usize)> = None;
        for hash in self.sketches.deciding(text) {
            let mut next = self.last.get(&hash).copied();
            while let Some(&Entry { text: other, place, before }) = next.and_then(|at| self.entries.get(at)) {
                next = before;
                let is_first = twin.is_none_or(|(first, _)| place < first);
                // Another may stand in its place by now.
                if is_first && self.texts[place] == other && self.sketches.are_alike(other, text) {
                    twin = Some((place, other));
                }
            }
        }
        twin
    }

    /// Keeps a text in the next place.
    pub(super) fn push(&mut self, text: usize) {
        self.enter(text, self.texts.len());
        self.texts.push(text);
    }

    /// Keeps a text in the place of another.
    pub(super) fn replace(&mut self, place: usize, text: usize) {
        self.enter(text, place);
        self.texts[place] = text;
    }

    fn enter(&mut self, text: usize, place: usize) {
        for hash in self.sketches.deciding(text) {
            let before = self.last.insert(hash, self.entries.len());
            self.entries.push(Entry { text, place, before });
        }
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

/// The smallest different hashes of the runs of four, ascending; [`NONE`] behind them
/// where there are fewer.
fn smallest<const N: usize>(letters: &[u32]) -> [u32; N] {
    let mut smallest = [NONE; N];
    for hash in hashes(letters) {
        if hash >= smallest[N - 1] || smallest.iter().fold(false, |found, &other| found | (other == hash)) {
            continue;
        }
        // Those above it move on by one. Of every place the same is computed: no jump
        // depends on where it belongs.
        let mut before = 0;
        for place in &mut smallest {
            let own = *place;
            *place = own.min(hash).max(before);
            before = own;
        }
    }
    smallest
}

/// What is kept of a text: its smallest hashes, ascending.
struct Sketch(Vec<u32>);

impl Sketch {
    fn new(letters: &[u32]) -> Self {
        let all = smallest::<SIZE>(letters);
        Sketch(all[..all.partition_point(|&hash| hash != NONE)].to_vec())
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

    fn alike(a: &str, b: &str) -> bool {
        let mut sketches = Sketches::default();
        [a, b].iter().for_each(|text| sketches.push(&CharText::new(text).letters()));
        let are_alike = sketches.are_alike(0, 1);
        assert!(!are_alike || has_common(&sketches, 0, 1));
        are_alike
    }

    fn has_common(sketches: &Sketches, a: usize, b: usize) -> bool {
        sketches.deciding(a).any(|hash| sketches.deciding(b).any(|other| hash == other))
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

    /// Each differs from the one before in a word, so that some are just alike.
    fn drifting() -> Vec<Vec<u32>> {
        let words = ["安全", "监督", "管理", "工资", "合同", "单位", "企业", "罚款", "义务", "期限"];
        let mut texts: Vec<Vec<u32>> = Vec::new();
        let mut text: String = TEXT.repeat(3);
        for n in 0..60 {
            let at = text.char_indices().nth(n * 37 % 150).map_or(0, |(at, _)| at);
            text.insert_str(at, words[n % words.len()]);
            texts.push(CharText::new(&text).letters());
        }
        texts
    }

    #[test]
    fn the_smallest_hashes_tell_what_the_whole_sketches_would() {
        let texts = drifting();
        let mut sketches = Sketches::default();
        texts.iter().for_each(|text| sketches.push(text));
        let mut alike = 0;
        for a in 0..texts.len() {
            for b in 0..texts.len() {
                let expected = plainly_alike(&Sketch::new(&texts[a]).0, &Sketch::new(&texts[b]).0);
                assert_eq!(sketches.are_alike(a, b), expected, "{a} {b}");
                assert!(!expected || has_common(&sketches, a, b), "{a} {b}");
                alike += usize::from(expected);
            }
        }
        assert!(alike > 100 && alike < 3_000, "{alike} pairs");
    }

    #[test]
    fn the_first_place_with_a_like_text_is_found() {
        // Forth and back: what was replaced by then is like those that come again.
        let forth = drifting();
        let texts: Vec<&Vec<u32>> = forth.iter().chain(forth.iter().rev()).collect();
        let mut sketches = Sketches::default();
        texts.iter().for_each(|text| sketches.push(text));
        let mut kept = Kept::new(&sketches);
        let mut plain: Vec<usize> = Vec::new();
        let mut twins = 0;
        for text in 0..texts.len() {
            let expected = plain.iter().position(|&other| sketches.are_alike(other, text));
            assert_eq!(kept.twin(text), expected.map(|place| (place, plain[place])), "{text}");
            match expected {
                Some(place) if text % 3 == 0 => {
                    kept.replace(place, text);
                    plain[place] = text;
                }
                Some(_) if text % 3 == 1 => {}
                _ => {
                    kept.push(text);
                    plain.push(text);
                }
            }
            twins += usize::from(expected.is_some());
        }
        assert!(twins > 20 && plain.len() > 10, "{twins} {}", plain.len());
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

    proptest::proptest! {
        #[test]
        fn the_smallest_hashes_are_the_first_of_all_sorted(letters in proptest::collection::vec(0_u32..4, 0..120)) {
            let mut all: Vec<u32> = hashes(&letters).collect();
            all.sort_unstable();
            all.dedup();
            all.resize(all.len().max(SIZE), NONE);
            proptest::prop_assert_eq!(&smallest::<FIRST>(&letters)[..], &all[..FIRST]);
            proptest::prop_assert_eq!(&smallest::<SIZE>(&letters)[..], &all[..SIZE]);
        }
    }
}
