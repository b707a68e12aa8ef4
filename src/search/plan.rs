//! A query, ready to be evaluated: its keywords as phrases over characters and
//! as words, its tree over them.
//!
//! Lowering happens once a query; what depends on a segment is `evaluate.rs`.

use crate::analysis::chars::{self, CharText};
use crate::analysis::variants::Variant;
use crate::analysis::{Cut, Segmenter, fold, for_each_word};
use crate::query::{Field, FieldFilter, Filter, Keyword, KeywordStyle, Node};

use super::bm25::QueryWord;

/// A query lowered to what the index knows.
pub(crate) struct Plan {
    pub root: PlanNode,
    pub leaves: Vec<Leaf>,
    /// The words that BM25 scores by, of keywords that are asked for.
    pub words: Vec<QueryWord>,
    /// Whether keywords count only in titles.
    pub title_only: bool,
    /// Whether what a document calls a keyword counts in that document.
    pub follows_abbreviations: bool,
}

/// The query's tree, keywords replaced by their place in [`Plan::leaves`].
#[derive(Clone, Debug)]
pub(crate) enum PlanNode {
    Leaf(usize),
    And(Vec<PlanNode>),
    Or(Vec<PlanNode>),
    Not(Box<PlanNode>),
    Near { left: Vec<usize>, right: Vec<usize>, distance: u32 },
    Field(FieldFilter),
}

/// One keyword, however often the query says it.
pub(crate) struct Leaf {
    /// As typed.
    pub text: String,
    pub style: KeywordStyle,
    /// Itself, then its variants, as phrases; any of them is an occurrence.
    pub phrases: Vec<Phrase>,
    /// Its words without function words, for the second tier: empty when they
    /// would say nothing that the phrase does not.
    pub words: Vec<String>,
    /// Whether it is asked for, and not excluded.
    pub is_positive: bool,
    /// How often the query says it.
    pub times: u32,
}

/// A literal form of a keyword.
pub(crate) struct Phrase {
    /// Index terms with their positions.
    pub terms: Vec<(usize, String)>,
    /// The same for comparing with a stored text.
    pub chars: CharText,
    /// Which variant it is; `None` for the keyword as typed.
    pub variant: Option<Variant>,
}

impl Phrase {
    pub(crate) fn new(text: &str) -> Self {
        Phrase { terms: chars::terms(text), chars: CharText::phrase(text), variant: None }
    }

    fn of_variant(variant: Variant) -> Self {
        Phrase { variant: Some(variant.clone()), ..Phrase::new(&variant.text) }
    }

    /// Where its tokens stand one behind the other, as ranges of them.
    pub(crate) fn ranges<'a>(&'a self, ids: &'a [u32]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let length = self.chars.len();
        self.chars.find_in(ids).map(move |at| (at, at + length))
    }

    /// Where it occurs in a text, as ranges of tokens; where a variant would be
    /// part of a longer number it does not count.
    pub(crate) fn find(&self, text: &str, chars: &CharText) -> Vec<(usize, usize)> {
        let places = self.ranges(chars.ids());
        let Some(variant) = self.checked_variant() else { return places.collect() };
        let fits = |&(from, to): &(usize, usize)| {
            let bytes = chars.byte_range(text, from, to);
            variant.fits(text, bytes.start, bytes.end)
        };
        places.filter(fits).collect()
    }

    /// As [`Phrase::find`], in a text of which only the tokens are at hand; `None` when
    /// they do not decide it.
    pub(crate) fn find_in_ids(&self, ids: &[u32]) -> Option<Vec<(usize, usize)>> {
        let Some(variant) = self.checked_variant() else { return Some(self.ranges(ids).collect()) };
        let mut places = Vec::new();
        for place in self.ranges(ids) {
            if fits_in_ids(variant, ids, place)? {
                places.push(place);
            }
        }
        Some(places)
    }

    /// As [`Phrase::occurs`], likewise.
    pub(crate) fn occurs_in_ids(&self, ids: &[u32]) -> Option<bool> {
        let Some(variant) = self.checked_variant() else { return Some(self.ranges(ids).next().is_some()) };
        let mut is_decided = true;
        for place in self.ranges(ids) {
            match fits_in_ids(variant, ids, place) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_decided = false,
            }
        }
        is_decided.then_some(false)
    }

    /// Whether it occurs in a text, as [`Phrase::find`] finds it.
    pub(crate) fn occurs(&self, text: &str) -> bool {
        if let Some(variant) = self.checked_variant()
            && let [first, .., last] = *self.chars.ids()
            && is_han(first)
            && is_han(last)
        {
            // Written just so, which is quickly seen, it begins and ends with a token.
            let end = |at: usize| at + variant.text.len();
            if text.match_indices(&variant.text).any(|(at, _)| variant.fits(text, at, end(at))) {
                return true;
            }
        }
        !self.find(text, &CharText::new(text)).is_empty()
    }

    /// The variant, if an occurrence must be looked at before it counts.
    pub(crate) fn checked_variant(&self) -> Option<&Variant> {
        self.variant.as_ref().filter(|variant| variant.is_conditional())
    }
}

impl Leaf {
    /// Whether the tokens of a text alone say where it occurs, and nothing of its
    /// spelling.
    pub(crate) fn is_decided_by_tokens(&self) -> bool {
        !matches!(self.style, KeywordStyle::Raw | KeywordStyle::Prefix)
            && self.phrases.iter().all(|phrase| phrase.checked_variant().is_none())
    }
}

/// Whether an occurrence of a variant counts, by the tokens beside it.
fn fits_in_ids(variant: &Variant, ids: &[u32], (from, to): (usize, usize)) -> Option<bool> {
    let beside = |id: Option<&u32>| id.copied().and_then(CharText::char_of);
    let ends = beside(ids.get(from)).zip(beside(ids[..to].last()))?;
    variant.fits_between(beside(ids[..from].last()), ends, beside(ids.get(to)))
}

/// Whether a token is a Han character: no run of letters or digits goes on with it.
fn is_han(id: u32) -> bool {
    (0x3400..=0x9fff).contains(&id)
}

/// Words that a keyword's second tier does without: they stand in nearly every
/// section and say nothing of its subject.
const FUNCTION_WORDS: &[&str] = &[
    "的", "了", "和", "与", "及", "或", "在", "是", "对", "等", "之", "其", "以", "于", "为", "将", "由", "被", "把",
    "从", "到", "向", "并", "也", "都", "就", "吗", "呢", "么", "什么", "怎么", "如何", "哪些", "谁", "我", "你", "他",
    "以及", "可以", "是否", "一个", "这个", "那个", "有", "会", "能", "要", "我们", "怎样", "多少", "哪", "几",
];

impl Plan {
    /// Lowers a query and the conditions beside it. `variants` gives the other
    /// spellings of a plain keyword.
    pub(crate) fn new(
        root: &Node,
        filter: &Filter,
        segmenter: &Segmenter,
        variants: &dyn Fn(&str) -> Vec<Variant>,
    ) -> Self {
        let mut builder = Builder { leaves: Vec::new(), segmenter, variants };
        let root = builder.lower(&filter.and(root.clone()), true);
        let leaves = builder.leaves;
        let words = query_words(&leaves, segmenter);
        Plan { root, leaves, words, title_only: filter.title_only, follows_abbreviations: true }
    }

    /// Whether a condition without keywords asks for sections, as 条 does, and
    /// not for documents.
    pub(crate) fn asks_for_sections(&self) -> bool {
        fn asks(node: &PlanNode) -> bool {
            match node {
                PlanNode::Field(filter) => matches!(filter.field, Field::Path | Field::Article),
                PlanNode::And(children) | PlanNode::Or(children) => children.iter().any(asks),
                PlanNode::Leaf(_) | PlanNode::Not(_) | PlanNode::Near { .. } => false,
            }
        }
        asks(&self.root)
    }

    /// The keywords asked for.
    pub(crate) fn positive(&self) -> impl Iterator<Item = (usize, &Leaf)> {
        self.leaves.iter().enumerate().filter(|(_, leaf)| leaf.is_positive)
    }
}

struct Builder<'a> {
    leaves: Vec<Leaf>,
    segmenter: &'a Segmenter,
    variants: &'a dyn Fn(&str) -> Vec<Variant>,
}

impl Builder<'_> {
    fn lower(&mut self, node: &Node, is_positive: bool) -> PlanNode {
        match node {
            Node::Keyword(keyword) => PlanNode::Leaf(self.leaf(keyword, is_positive)),
            Node::And(children) => PlanNode::And(children.iter().map(|child| self.lower(child, is_positive)).collect()),
            Node::Or(children) => PlanNode::Or(children.iter().map(|child| self.lower(child, is_positive)).collect()),
            Node::Not(child) => PlanNode::Not(Box::new(self.lower(child, !is_positive))),
            Node::Near(near) => PlanNode::Near {
                left: self.operand(&near.left, is_positive),
                right: self.operand(&near.right, is_positive),
                distance: near.distance_chars,
            },
            Node::Field(filter) => PlanNode::Field(filter.clone()),
        }
    }

    fn operand(&mut self, node: &Node, is_positive: bool) -> Vec<usize> {
        node.keywords().into_iter().map(|keyword| self.leaf(keyword, is_positive)).collect()
    }

    fn leaf(&mut self, keyword: &Keyword, is_positive: bool) -> usize {
        let is_it =
            |leaf: &Leaf| leaf.text == keyword.text && leaf.style == keyword.style && leaf.is_positive == is_positive;
        if let Some(known) = self.leaves.iter().position(is_it) {
            self.leaves[known].times += 1;
            return known;
        }
        let mut phrases = vec![Phrase::new(&keyword.text)];
        let mut words = Vec::new();
        if keyword.style == KeywordStyle::Plain {
            phrases.extend((self.variants)(&keyword.text).into_iter().map(Phrase::of_variant));
            words = tier_words(&keyword.text, self.segmenter);
        }
        let (text, style) = (keyword.text.clone(), keyword.style);
        self.leaves.push(Leaf { text, style, phrases, words, is_positive, times: 1 });
        self.leaves.len() - 1
    }
}

/// The words of a keyword for the second tier.
fn tier_words(keyword: &str, segmenter: &Segmenter) -> Vec<String> {
    let folded = fold(keyword);
    let mut words = Vec::new();
    let mut total = 0;
    for_each_word(segmenter, &folded, Cut::Words, |span| {
        total += 1;
        let word = &folded[span];
        if !FUNCTION_WORDS.contains(&word) && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    });
    // One word that is the whole keyword adds nothing to the literal phrase.
    if total <= 1 { Vec::new() } else { words }
}

fn query_words(leaves: &[Leaf], segmenter: &Segmenter) -> Vec<QueryWord> {
    let mut words: Vec<QueryWord> = Vec::new();
    for leaf in leaves.iter().filter(|leaf| leaf.is_positive) {
        let folded = fold(&leaf.text);
        for_each_word(segmenter, &folded, Cut::Search, |span| {
            let text = &folded[span];
            match words.iter_mut().find(|word| word.text == text) {
                Some(word) => word.count += leaf.times as f32,
                None => words.push(QueryWord { text: text.to_owned(), count: leaf.times as f32 }),
            }
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{Synonyms, variants};

    /// Every spelling that must be looked at of keywords of each kind.
    fn checked() -> Vec<Phrase> {
        let keywords = ["人大常委会", "发改委", "国企", "合同法", "交通部", "五百元", "2023年3月", "十四五", "环评"];
        let synonyms = Synonyms::bundled();
        let all = keywords.iter().flat_map(|keyword| variants::variants(keyword, &synonyms));
        all.filter(Variant::is_conditional).map(Phrase::of_variant).collect()
    }

    proptest! {
        #[test]
        fn what_tokens_decide_is_what_the_text_says(
            which in any::<prop::sample::Index>(),
            pieces in prop::collection::vec(prop_oneof![
                3 => Just(None),
                4 => "[省市中员计门的二千，。.%/5aA\n \u{3000}\u{200b}]{1,2}".prop_map(Some),
                1 => prop::sample::select(vec!["劳动", "业", "500", "\n\n", "委托"]).prop_map(|piece| Some(piece.to_owned())),
            ], 0..12),
        ) {
            let phrases = checked();
            let phrase = which.get(&phrases);
            let variant = phrase.checked_variant().map_or("", |variant| &variant.text);
            let text: String = pieces.iter().map(|piece| piece.as_deref().unwrap_or(variant)).collect();
            let chars = CharText::new(&text);
            let by_text = phrase.find(&text, &chars);
            if let Some(by_ids) = phrase.find_in_ids(chars.ids()) {
                prop_assert_eq!(by_ids, by_text.clone());
            }
            let dangers = phrase.checked_variant().and_then(Variant::dangers);
            if let Some((before, behind)) = dangers {
                let is_in = |c: &char, list: &[char]| list.contains(c);
                let beside = |(from, to): (usize, usize)| {
                    let char_at = |at: Option<usize>| at.and_then(|at| chars.ids().get(at)).and_then(|&id| CharText::char_of(id));
                    (char_at(from.checked_sub(1)), char_at(Some(to)))
                };
                for place in phrase.ranges(chars.ids()) {
                    let (left, right) = beside(place);
                    let is_endangered = left.is_some_and(|c| is_in(&c, &before)) || right.is_some_and(|c| is_in(&c, &behind));
                    prop_assert_eq!(by_text.contains(&place), !is_endangered);
                }
            }
            if let Some(occurs) = phrase.occurs_in_ids(chars.ids()) {
                prop_assert_eq!(occurs, !by_text.is_empty());
                prop_assert_eq!(occurs, phrase.occurs(&text));
            }
        }
    }

    #[test]
    fn tokens_decide_names_and_leave_numbers_to_the_text() {
        let decided = |text: &str| -> Vec<Option<bool>> {
            let chars = CharText::new(text);
            let with = checked().into_iter().filter(|phrase| phrase.ranges(chars.ids()).next().is_some());
            with.map(|phrase| phrase.occurs_in_ids(chars.ids())).collect()
        };
        assert_eq!(decided("向人民代表大会常务委员会报告"), [Some(true)]);
        // 国家发展改革委 is none of it, 国家发展改革委员会 is.
        assert_eq!(decided("国家发展改革委员会"), [Some(false), Some(true)]);
        assert_eq!(decided("处五百元"), []);
        assert_eq!(decided("处500元"), [None]);
        assert_eq!(decided("500元"), [Some(true)]);
    }
}
