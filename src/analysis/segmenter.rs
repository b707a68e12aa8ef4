//! Text → words, by jieba's algorithm, in search mode too.
//!
//! The best route through a text is the one with the greatest product of word
//! frequencies; what it leaves in single characters, a hidden Markov model joins.
//! The route is ours: it walks the bundled tree ([`super::trie`]) in place, so nothing
//! is loaded before the first word, and many texts are cut no slower for it. The
//! model is jieba-rs's. That the words are jieba's, to the last tie between two
//! routes, is a property test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use rustc_hash::FxBuildHasher;

use super::dictionary::Dictionary;
use super::trie::{self, Node, Trie};

/// Cuts folded text into words.
#[derive(Clone)]
pub struct Segmenter {
    dictionary: Arc<Dictionary>,
    /// Logarithm of all frequencies together.
    all: f64,
    user: Arc<UserWords>,
}

/// The user's own words by their first character: the rest of each, and the
/// logarithm of its share.
type UserWords = HashMap<char, Vec<(Vec<char>, f64)>>;

/// Which words to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Words that cover the text without overlap.
    Words,
    /// The same, and the shorter dictionary words inside the long ones, each
    /// before the word that contains it.
    Search,
}

/// A word's place in the text, in bytes.
pub(crate) type Span = std::ops::Range<usize>;

/// A character of a block.
#[derive(Clone, Copy, Default)]
struct Char {
    /// Its first byte in the text.
    at: u32,
    c: char,
    code: u16,
    /// Where the tree has it, if it does, and it with the next one and the next two; see
    /// [`look_up`].
    single: Node,
    pair: Node,
    triple: Node,
}

/// Reads the places of words of up to three characters. The tree is larger than what is
/// near, and the route asks for a place when it knows the one before: here none waits
/// for another, but for those of one word.
fn look_up(trie: &Trie, chars: &mut [Char]) {
    let root = trie.root();
    for c in chars.iter_mut() {
        c.single = trie.place(root, c.code);
    }
    for at in 1..chars.len() {
        let code = chars[at].code;
        let c = &mut chars[at - 1];
        c.pair = trie.place(c.single, code);
    }
    for at in 2..chars.len() {
        let code = chars[at].code;
        let c = &mut chars[at - 2];
        // What is no pair leads anywhere: better to a place that is near.
        c.triple = trie.place(if c.pair.is_child_of(c.single) { c.pair } else { root }, code);
    }
}

/// The best way from a character to the block's end.
#[derive(Clone, Copy, Default)]
struct Step {
    /// Its logarithm.
    share: f64,
    /// Where its first word ends, in characters.
    end: u32,
    /// That word, and the dictionary words of two and of three characters that begin
    /// here.
    word: Known,
    pair: Known,
    triple: Known,
}

/// A word of the dictionary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is none, or not known to be one.
    #[default]
    No,
    /// A bundled one, by its node in the tree.
    Bundled(u32),
    /// One of the user's.
    Users,
}

/// What cutting needs, kept from text to text.
#[derive(Default)]
struct Scratch {
    chars: Vec<Char>,
    /// One more than characters.
    steps: Vec<Step>,
    runs: Runs,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Segmenter {
    /// A segmenter by a dictionary.
    pub fn new(dictionary: Dictionary) -> Self {
        let all = (dictionary.total() as f64).ln();
        let mut user = UserWords::default();
        for (word, frequency) in dictionary.user_words() {
            let mut chars = word.chars();
            let Some(first) = chars.next() else { continue };
            user.entry(first).or_default().push((chars.collect(), (frequency as f64).ln() - all));
        }
        Segmenter { dictionary: Arc::new(dictionary), all, user: Arc::new(user) }
    }

    /// The dictionary it cuts by.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The words of a folded text, as byte ranges in jieba's order.
    pub(crate) fn cut(&self, text: &str, cut: Cut, mut sink: impl FnMut(Span)) {
        self.cut_known(text, cut, |span, _| sink(span));
    }

    /// As [`Segmenter::cut`], with what the dictionary knows of each.
    pub(crate) fn cut_known(&self, text: &str, cut: Cut, mut sink: impl FnMut(Span, Known)) {
        SCRATCH.with_borrow_mut(|scratch| {
            let trie = trie::bundled();
            let mut start = 0;
            while start < text.len() {
                let end = piece_end(text, start);
                scratch.chars.clear();
                for (at, c) in text[start..end].char_indices() {
                    let at = start + at;
                    if is_of_block(c) {
                        scratch.chars.push(Char { at: at as u32, c, code: trie.code(c), ..Char::default() });
                        continue;
                    }
                    self.cut_block(text, at, cut, scratch, &mut sink);
                    sink(at..at + c.len_utf8(), Known::No);
                }
                self.cut_block(text, end, cut, scratch, &mut sink);
                start = end;
            }
        });
    }

    /// Cuts the characters in `scratch.chars`, which end before byte `end` of the text,
    /// and takes them out.
    fn cut_block(&self, text: &str, end: usize, cut: Cut, scratch: &mut Scratch, sink: &mut impl FnMut(Span, Known)) {
        let Scratch { chars, steps, runs } = scratch;
        if chars.is_empty() {
            return;
        }
        look_up(trie::bundled(), chars);
        self.find_route(chars, steps);
        let block = Block { text, end, chars, steps };
        let mut word = |from: usize, to: usize, known: Known| {
            if cut == Cut::Search {
                block.parts(from, to, sink);
            }
            sink(block.bytes(from, to), known);
        };
        // Where the characters begin that no word has joined.
        let mut run = 0;
        let mut at = 0;
        while at < chars.len() {
            let next = steps[at].end as usize;
            if next > at + 1 {
                self.cut_run(&block, run..at, runs, &mut word);
                word(at, next, steps[at].word);
                run = next;
            }
            at = next;
        }
        self.cut_run(&block, run..at, runs, &mut word);
        chars.clear();
    }

    /// Joins characters that the route left single: by the model, but for those that
    /// are a word of the dictionary, which the route knew and left.
    fn cut_run(&self, block: &Block<'_>, run: Span, runs: &mut Runs, word: &mut impl FnMut(usize, usize, Known)) {
        if run.len() < 2 || self.is_word(&block.chars[run.clone()]) {
            run.for_each(|at| word(at, at + 1, block.steps[at].word));
            return;
        }
        let mut at = run.start;
        for &length in runs.cut(&block.text[block.bytes(run.start, run.end)]) {
            word(at, at + length as usize, Known::No);
            at += length as usize;
        }
    }

    fn is_word(&self, chars: &[Char]) -> bool {
        let mut found = false;
        self.for_each_word(trie::bundled(), chars, 0, |end, _, _| found |= end == chars.len());
        let is_users = |(rest, _): &(Vec<char>, f64)| chars[1..].iter().map(|c| &c.c).eq(rest);
        found || chars.first().and_then(|first| self.user.get(&first.c)).is_some_and(|own| own.iter().any(is_users))
    }

    /// Hands the ends of the bundled words that begin at a character to `sink`, with
    /// the logarithms of their shares.
    #[inline]
    fn for_each_word(&self, trie: &Trie, chars: &[Char], at: usize, mut sink: impl FnMut(usize, f64, u32)) {
        let mut offer = |end: usize, node: Node| {
            if node.value() != 0 {
                sink(end, trie.logarithm(node.value()) - self.all, node.number());
            }
        };
        let first = &chars[at];
        if !first.single.is_child_of(trie.root()) {
            return;
        }
        offer(at + 1, first.single);
        if at + 1 == chars.len() || !first.pair.is_child_of(first.single) {
            return;
        }
        offer(at + 2, first.pair);
        if at + 2 == chars.len() || !first.triple.is_child_of(first.pair) {
            return;
        }
        offer(at + 3, first.triple);
        let mut node = first.triple;
        for (end, c) in (at + 4..).zip(&chars[at + 3..]) {
            let Some(next) = trie.step(node, c.code) else { return };
            offer(end, next);
            node = next;
        }
    }

    /// Fills `steps` from the block's end: of the words that begin at a character the
    /// one with the best way behind it, the longer of two that are alike.
    fn find_route(&self, chars: &[Char], steps: &mut Vec<Step>) {
        let trie = trie::bundled();
        steps.clear();
        steps.resize(chars.len() + 1, Step::default());
        for at in (0..chars.len()).rev() {
            let mut best = Step { share: f64::NEG_INFINITY, ..Step::default() };
            let mut offer = |end: usize, share: f64, known: Known| {
                let share = share + steps[end].share;
                match end - at {
                    2 => best.pair = known,
                    3 => best.triple = known,
                    _ => {}
                }
                if best.end == 0 || share >= best.share {
                    best.share = share;
                    best.end = end as u32;
                    best.word = known;
                }
            };
            match self.user.get(&chars[at].c) {
                None => self.for_each_word(trie, chars, at, |end, share, node| offer(end, share, Known::Bundled(node))),
                Some(own) => {
                    let mut words = Vec::new();
                    self.for_each_word(trie, chars, at, |end, share, node| {
                        words.push((end, share, Known::Bundled(node)))
                    });
                    for (rest, share) in own {
                        let end = at + 1 + rest.len();
                        if chars.len() < end || !chars[at + 1..end].iter().zip(rest).all(|(c, rest)| c.c == *rest) {
                            continue;
                        }
                        words.retain(|(other, ..)| *other != end);
                        words.push((end, *share, Known::Users));
                    }
                    words.sort_by_key(|(end, ..)| *end);
                    words.into_iter().for_each(|(end, share, known)| offer(end, share, known));
                }
            }
            if best.end == 0 {
                // No word: as one that came once.
                best.share = (0.0 - self.all) + steps[at + 1].share;
                best.end = at as u32 + 1;
            }
            steps[at] = best;
        }
    }
}

/// Characters without anything between that no word goes over, and the routes from
/// each.
struct Block<'a> {
    text: &'a str,
    /// The byte behind the last character.
    end: usize,
    chars: &'a [Char],
    steps: &'a [Step],
}

impl Block<'_> {
    /// The bytes of the text that characters take.
    fn bytes(&self, from: usize, to: usize) -> Span {
        let byte = |at: usize| self.chars.get(at).map_or(self.end, |c| c.at as usize);
        byte(from)..byte(to)
    }

    /// Hands the parts of a word to `sink` that search mode gives beside it: those of
    /// an alphanumeric compound, then the dictionary words of two and of three
    /// characters.
    fn parts(&self, from: usize, to: usize, sink: &mut impl FnMut(Span, Known)) {
        let is_connector = |c: char| matches!(c, '.' | '_' | '-');
        if self.chars[from..to].iter().any(|c| is_connector(c.c)) {
            let bytes = self.bytes(from, to);
            let mut start = bytes.start;
            for part in self.text[bytes].split(is_connector) {
                if part.len() >= 2 && part.bytes().any(|b| b.is_ascii_alphabetic()) {
                    sink(start..start + part.len(), Known::No);
                }
                start += part.len() + 1;
            }
        }
        let mut grams = |length: usize, gram: fn(&Step) -> Known| {
            let last = (to + 1).saturating_sub(length);
            for (at, step) in (from..last).zip(&self.steps[from..]) {
                let known = gram(step);
                if known != Known::No {
                    sink(self.bytes(at, at + length), known);
                }
            }
        };
        if to - from > 2 {
            grams(2, |step| step.pair);
        }
        if to - from > 3 {
            grams(3, |step| step.triple);
        }
    }
}

/// Whether a character can be part of a word.
#[inline]
fn is_of_block(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        '\0'..='\x7f' => c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '&' | '.' | '_' | '%' | '-'),
        // The other blocks of unified and compatibility ideographs, as jieba lists them.
        _ => matches!(c,
            '\u{3400}'..='\u{4dbf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{2a6df}'
            | '\u{2a700}'..='\u{2b73f}'
            | '\u{2b740}'..='\u{2b81f}'
            | '\u{2b820}'..='\u{2ebef}'
            | '\u{2f800}'..='\u{2fa1f}'),
    }
}

/// Runs of single characters with what the model makes of them: the same few come
/// again and again.
#[derive(Default)]
struct Runs {
    /// The words' lengths in characters.
    known: HashMap<Box<str>, Box<[u32]>, FxBuildHasher>,
    last: Vec<u32>,
}

/// Runs that are remembered, and how long, in bytes.
const MAX_RUNS: usize = 8_192;
const MAX_RUN_BYTES: usize = 48;

impl Runs {
    fn cut(&mut self, run: &str) -> &[u32] {
        let is_short = run.len() <= MAX_RUN_BYTES;
        if is_short && self.known.contains_key(run) {
            return &self.known[run];
        }
        // Without words of its own, jieba gives all to the model.
        static MODEL: OnceLock<Jieba> = OnceLock::new();
        self.last.clear();
        let words = MODEL.get_or_init(Jieba::empty).cut(run, true);
        self.last.extend(words.iter().map(|word| (word.end - word.start) as u32));
        if is_short {
            if self.known.len() >= MAX_RUNS {
                self.known.clear();
            }
            self.known.insert(run.into(), self.last.as_slice().into());
        }
        &self.last
    }
}

/// Text cut at once, in bytes: some thirty are kept for each character.
const PIECE_BYTES: usize = 64 * 1024;

/// Where the piece that begins at `start` ends: behind a line, else behind anything
/// else that no word goes over, so that the words are the same; else anywhere.
fn piece_end(text: &str, start: usize) -> usize {
    let mut limit = start + PIECE_BYTES;
    if limit >= text.len() {
        return text.len();
    }
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let piece = &text[start..limit];
    let is_outside_of_words = |c: char| !c.is_alphanumeric() && !"+#&._%-".contains(c);
    let last = piece.rfind('\n').or_else(|| piece.rfind(is_outside_of_words));
    let behind = |at: usize| piece[at..].chars().next().map_or(limit, |c| start + at + c.len_utf8());
    last.map_or(limit, behind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(segmenter: &Segmenter, text: &str, cut: Cut) -> Vec<String> {
        let mut words = Vec::new();
        segmenter.cut(text, cut, |span| words.push(text[span].to_owned()));
        words
    }

    fn bundled() -> Segmenter {
        Segmenter::new(Dictionary::new())
    }

    /// jieba-rs itself, with the bundled words.
    fn oracle() -> Jieba {
        fn walk(place: trie::Place, word: &mut String, lines: &mut String) {
            place.for_each_next(&mut |c, next| {
                word.push(c);
                if let Some(frequency) = next.frequency() {
                    lines.push_str(&format!("{word} {frequency}\n"));
                }
                walk(next, word, lines);
                word.pop();
            });
        }
        let mut lines = String::new();
        walk(trie::Place::root(), &mut String::new(), &mut lines);
        Jieba::with_dict(&mut lines.as_bytes()).expect("every line is a word and a number")
    }

    fn jiebas(jieba: &Jieba, text: &str, cut: Cut) -> Vec<String> {
        let tokens = match cut {
            Cut::Words => jieba.cut(text, true),
            Cut::Search => jieba.cut_for_search(text, true),
        };
        tokens.into_iter().map(|token| token.word.to_owned()).collect()
    }

    #[test]
    fn cuts_as_jieba_is_known_to() {
        // The example of jieba's own documentation.
        assert_eq!(words(&bundled(), "我来到北京清华大学", Cut::Words), ["我", "来到", "北京", "清华大学"]);
        let search = words(&bundled(), "本级人民政府", Cut::Search);
        assert_eq!(search, ["本级", "人民", "民政", "政府", "人民政府"]);
    }

    #[test]
    fn long_texts_are_cut_as_their_parts_are() {
        let sentence = "申请人应当经注册取得证书，方可办理A-1.5%登记";
        for separator in ["\n", "。"] {
            let text = format!("{sentence}{separator}").repeat(4_000);
            assert!(text.len() > 3 * PIECE_BYTES);
            for cut in [Cut::Words, Cut::Search] {
                let once = words(&bundled(), &format!("{sentence}{separator}"), cut);
                let all = words(&bundled(), &text, cut);
                assert_eq!(all.len(), once.len() * 4_000);
                assert!(all.chunks(once.len()).all(|part| part == once), "{separator:?}");
            }
        }
        // What has no place to part is parted all the same, at a character.
        let run = "税".repeat(100_000);
        assert_eq!(words(&bundled(), &run, Cut::Words).concat(), run);
    }

    #[test]
    fn the_words_are_those_of_jiebas_own_dictionary_but_for_our_terms() {
        let own = Jieba::new();
        for text in ["地方各级人民政府应当制定预算草案", "申请人应当经注册取得证书", "他说的确实在理"]
        {
            assert_eq!(words(&bundled(), text, Cut::Search), jiebas(&own, text, Cut::Search));
        }
    }

    #[test]
    fn the_bundled_documents_are_cut_as_by_jieba() {
        let jieba = oracle();
        let mut compared = 0;
        for entry in walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")) {
            let Ok(text) = std::fs::read_to_string(entry.expect("an entry").path()) else { continue };
            for line in text.lines().map(crate::analysis::fold) {
                let line = line.as_ref();
                for cut in [Cut::Words, Cut::Search] {
                    assert_eq!(words(&bundled(), line, cut), jiebas(&jieba, line, cut), "{line}");
                }
                compared += line.len();
            }
        }
        assert!(compared > 100_000, "{compared}");
    }

    #[test]
    fn a_user_word_is_cut_as_one() {
        let segmenter = Segmenter::new(Dictionary::with_user_words("求雨岭氢能园 5000").expect("valid"));
        assert!(words(&segmenter, "推进求雨岭氢能园建设", Cut::Words).contains(&"求雨岭氢能园".to_owned()));
    }

    fn official_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => proptest::sample::select(vec![
                "人民政府", "应当", "护士执业", "固定资产投资", "的", "和", "在", "发展改革委", "第十二条",
                "行政处罚法", "数据安全", "放管服", "20日内", "v2g", "10.5%", "，", "。", "（", "一网通办", "不", "了",
                "国", "税", "求雨岭氢能园", "𠮷野", "务", "局", "长", "江", "大桥", "研究", "生命", "起源", "4s店", " ",
            ]).prop_map(str::to_owned),
            1 => "[\u{4e00}-\u{9fa5}]{1,6}",
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| crate::analysis::fold(&pieces.concat()).into_owned())
    }

    #[test]
    fn any_text_is_cut_as_by_jieba_with_words_of_the_users_too() {
        let own = [
            ("求雨岭氢能园", 5_000),
            ("人民政", 90_000),
            ("税务", 1),
            ("安全", 800_000),
            ("江大", 70_000),
            ("𠮷野", 9),
        ];
        let lines: String = own.iter().map(|(word, frequency)| format!("{word} {frequency}\n")).collect();
        let users = Segmenter::new(Dictionary::with_user_words(&lines).expect("valid"));
        let (plain, mut with_own) = (oracle(), oracle());
        for (word, frequency) in own {
            with_own.add_word(word, Some(frequency), None);
        }
        let bundled = bundled();
        proptest!(|(text in official_text())| {
            for cut in [Cut::Words, Cut::Search] {
                prop_assert_eq!(words(&bundled, &text, cut), jiebas(&plain, &text, cut));
                prop_assert_eq!(words(&users, &text, cut), jiebas(&with_own, &text, cut));
            }
        });
    }
}
