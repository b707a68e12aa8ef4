//! Text → words, by jieba's algorithm.
//!
//! Loading jieba's dictionary takes longer than a whole search may. But the best
//! route through a text depends only on the dictionary entries that occur in it
//! and on the total frequency. So a *sparse* segmenter builds, for each text, a
//! jieba that knows just those entries (and one filler entry that carries the
//! rest of the total): the same words at some 20 µs a line and no start-up cost.
//! A *full* one loads everything once and then is many times faster a line.
//! That both agree is a property test.

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;

use super::dictionary::Dictionary;

/// Carries the frequencies of all entries that do not occur in the text; a
/// noncharacter, so no text contains it.
const FILLER: &str = "\u{10ffff}";

/// Cuts folded text into words.
#[derive(Clone)]
pub struct Segmenter {
    dictionary: Arc<Dictionary>,
    /// `dictionary.total()`, computed once.
    total: u64,
    full: Arc<OnceLock<Arc<Jieba>>>,
}

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

impl Segmenter {
    /// A segmenter that starts sparse; see [`Segmenter::load`].
    pub fn new(dictionary: Dictionary) -> Self {
        let total = dictionary.total();
        Segmenter { dictionary: Arc::new(dictionary), total, full: Arc::new(OnceLock::new()) }
    }

    /// The dictionary it cuts by.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Loads the whole dictionary (some 100 ms), for work on many texts. Clones
    /// share it, and so do all segmenters of a process that have no words of the
    /// user's own.
    pub fn load(&self) {
        static BUNDLED: OnceLock<Arc<Jieba>> = OnceLock::new();
        self.full.get_or_init(|| {
            if self.dictionary.has_user_words() {
                return Arc::new(read_whole(&self.dictionary));
            }
            BUNDLED.get_or_init(|| Arc::new(read_whole(&self.dictionary))).clone()
        });
    }

    /// The words of a folded text, as byte ranges in jieba's order.
    pub(crate) fn cut(&self, text: &str, cut: Cut, mut sink: impl FnMut(Span)) {
        let sparse;
        let jieba = match self.full.get() {
            Some(full) => full.as_ref(),
            None => {
                sparse = self.sparse(text);
                &sparse
            }
        };
        let mut start = 0;
        while start < text.len() {
            let end = piece_end(text, start);
            let tokens = match cut {
                Cut::Words => jieba.cut(&text[start..end], true),
                Cut::Search => jieba.cut_for_search(&text[start..end], true),
            };
            for token in tokens {
                sink(start + token.byte_start..start + token.byte_end);
            }
            start = end;
        }
    }

    /// A jieba that knows just the entries that occur in `text`.
    fn sparse(&self, text: &str) -> Jieba {
        let mut jieba = Jieba::empty();
        let mut known = 0;
        for (at, _) in text.char_indices() {
            self.dictionary.for_each_prefix(&text[at..], |word, frequency| {
                if !jieba.has_word(word) {
                    jieba.add_word(word, Some(frequency as usize), None);
                    known += frequency;
                }
            });
        }
        jieba.add_word(FILLER, Some((self.total - known) as usize), None);
        jieba
    }
}

fn read_whole(dictionary: &Dictionary) -> Jieba {
    let mut lines = String::with_capacity(6 << 20);
    dictionary.for_each(|word, frequency| {
        lines.push_str(word);
        lines.push(' ');
        lines.push_str(&frequency.to_string());
        lines.push('\n');
    });
    Jieba::with_dict(&mut lines.as_bytes()).expect("every line is a word and a number")
}

/// Text handed to jieba at once, in bytes: it keeps some forty for each.
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

    fn full() -> &'static Segmenter {
        static FULL: OnceLock<Segmenter> = OnceLock::new();
        FULL.get_or_init(|| {
            let segmenter = Segmenter::new(Dictionary::new());
            segmenter.load();
            segmenter
        })
    }

    #[test]
    fn cuts_as_jieba_is_known_to() {
        // The example of jieba's own documentation.
        let sparse = Segmenter::new(Dictionary::new());
        assert_eq!(words(&sparse, "我来到北京清华大学", Cut::Words), ["我", "来到", "北京", "清华大学"]);
        let search = words(&sparse, "本级人民政府", Cut::Search);
        assert_eq!(search, ["本级", "人民", "民政", "政府", "人民政府"]);
    }

    #[test]
    fn long_texts_are_cut_as_their_parts_are() {
        let sentence = "申请人应当经注册取得证书，方可办理A-1.5%登记";
        for separator in ["\n", "。"] {
            let text = format!("{sentence}{separator}").repeat(4_000);
            assert!(text.len() > 3 * PIECE_BYTES);
            for cut in [Cut::Words, Cut::Search] {
                let once = words(full(), &format!("{sentence}{separator}"), cut);
                let all = words(full(), &text, cut);
                assert_eq!(all.len(), once.len() * 4_000);
                assert!(all.chunks(once.len()).all(|part| part == once), "{separator:?}");
            }
        }
        // What has no place to part is parted all the same, at a character.
        let run = "税".repeat(100_000);
        assert_eq!(words(full(), &run, Cut::Words).concat(), run);
    }

    #[test]
    fn the_loaded_dictionary_equals_jiebas_own_but_for_our_terms() {
        let own = Jieba::new();
        for text in ["地方各级人民政府应当制定预算草案", "申请人应当经注册取得证书", "他说的确实在理"]
        {
            let expected: Vec<_> = own.cut_for_search(text, true).iter().map(|t| t.word.to_owned()).collect();
            assert_eq!(words(full(), text, Cut::Search), expected);
        }
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
                "国", "税", "务", "局", "长", "江", "大桥", "研究", "生命", "起源", "4s店", " ",
            ]).prop_map(str::to_owned),
            1 => "[\u{4e00}-\u{9fa5}]{1,6}",
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| crate::analysis::fold(&pieces.concat()).into_owned())
    }

    proptest! {
        #[test]
        fn sparse_and_full_agree(text in official_text()) {
            let sparse = Segmenter::new(Dictionary::new());
            prop_assert_eq!(words(&sparse, &text, Cut::Words), words(full(), &text, Cut::Words));
            prop_assert_eq!(words(&sparse, &text, Cut::Search), words(full(), &text, Cut::Search));
        }
    }
}
