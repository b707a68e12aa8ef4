//! Postings against a reading of the texts themselves; merging against building.

use std::ops::ControlFlow;

use proptest::prelude::*;
use tantivy::directory::OwnedBytes;

use crate::analysis::chars::CharText;
use crate::analysis::{Dictionary, Segmenter, chars, words};

use super::*;

/// A document: the texts of its records, and what stands over them.
type Document = (Vec<String>, Vec<Piece>);

fn segmenter() -> Segmenter {
    Segmenter::new(Dictionary::new())
}

/// What the tests label a text with: how it begins, and whether it is long.
fn labels(text: &str) -> Vec<String> {
    let beginning: String = text.chars().take(2).collect();
    let long = (text.chars().count() > 6).then(|| " 长".to_owned());
    Some(beginning).into_iter().filter(|label| !label.is_empty()).chain(long).collect()
}

fn bytes(documents: &[Document]) -> Vec<u8> {
    let mut builder = Builder::new(segmenter());
    for (texts, pieces) in documents {
        builder.begin_document();
        for (at, text) in texts.iter().enumerate() {
            let labels = labels(text);
            // One that is said twice is one.
            let labels = labels.iter().chain(labels.first()).map(String::as_str);
            builder.add_record([text.as_str()], labels, if at == 0 { pieces } else { &[] });
        }
    }
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    file
}

fn postings(documents: &[Document]) -> Postings {
    Postings::open(OwnedBytes::new(bytes(documents))).expect("whole")
}

/// The texts of each unit of `place` with its range of records.
fn units(documents: &[Document], place: Place) -> Vec<(String, u32, u32)> {
    let mut units = Vec::new();
    let mut first = 0;
    for (texts, pieces) in documents {
        match place {
            Place::Text => {
                units.extend(texts.iter().zip(first..).map(|(text, record)| (text.clone(), record, record + 1)));
            }
            Place::Context => {
                units.extend(pieces.iter().map(|piece| (piece.text.clone(), first + piece.from, first + piece.to)));
            }
        }
        first += texts.len() as u32;
    }
    units
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[税费人民政府应当0-2a ，\n]{0,12}",
        "(人民政府|应当|安全生产|监督|管理|办法|20|税|，){0,6}",
        any::<String>()
    ]
}

fn document() -> impl Strategy<Value = Document> {
    (prop::collection::vec(text(), 1..5), prop::collection::vec((text(), 0_u32..5, 0_u32..5), 0..4)).prop_map(
        |(texts, pieces)| {
            let count = texts.len() as u32;
            let piece = |(text, a, b): (String, u32, u32)| {
                let (a, b) = (a % count, b % count);
                Piece { text, from: a.min(b), to: a.max(b) + 1 }
            };
            (texts, pieces.into_iter().map(piece).collect())
        },
    )
}

proptest! {
    #[test]
    fn phrases_and_words_are_those_of_the_texts(documents in prop::collection::vec(document(), 0..6), asked in text()) {
        let postings = postings(&documents);
        let mut next = 0;
        let firsts = documents.iter().map(|(texts, _)| {
            next += texts.len() as u32;
            next - texts.len() as u32
        });
        prop_assert_eq!(postings.documents().unwrap(), firsts.collect::<Vec<_>>());
        let terms = chars::terms(&asked);
        let phrase = CharText::phrase(&asked);
        for place in [Place::Text, Place::Context] {
            let units = units(&documents, place);
            let mut found = Vec::new();
            postings.phrase(place, &terms, |from, to| found.push((from, to))).unwrap();
            // A record may come twice, a piece comes once.
            if place == Place::Text {
                found.dedup();
            }
            let holds = |text: &str| CharText::new(text).contains(&phrase);
            let expected: Vec<_> = units.iter().filter(|(text, ..)| holds(text)).map(|&(_, from, to)| (from, to)).collect();
            prop_assert_eq!(&found, &expected, "{:?}", asked);
            if place == Place::Text {
                let (middle, end) = (postings.records() / 2, postings.records());
                let mut parts = found_within(&postings, &terms, &(0..middle));
                parts.extend(found_within(&postings, &terms, &(middle..end)));
                prop_assert!(parts.into_iter().eq(found.iter().map(|(record, _)| *record)), "{:?}", asked);
            }
            for word in words(&segmenter(), &asked) {
                let mut found = Vec::new();
                postings.word(place, &word.text, |from, to, count| found.push((from, to, count))).unwrap();
                let count = |text: &str| words(&segmenter(), text).iter().filter(|token| token.text == word.text).count() as u32;
                let expected: Vec<_> = units.iter().map(|(text, from, to)| (*from, *to, count(text))).filter(|unit| unit.2 > 0).collect();
                prop_assert_eq!(&found, &expected, "{:?}", word.text);
                let mut having = Vec::new();
                postings.with_word(place, &word.text, |from, to| having.push((from, to))).unwrap();
                prop_assert!(having.into_iter().eq(found.iter().map(|unit| (unit.0, unit.1))), "{:?}", word.text);
            }
        }
        let texts: Vec<String> = documents.into_iter().flat_map(|(texts, _)| texts).collect();
        for label in texts.iter().flat_map(|text| labels(text)).chain([asked]) {
            let mut found = Vec::new();
            postings.labelled(&label, &mut found).unwrap();
            let has = |text: &String| labels(text).contains(&label);
            let expected: Vec<u32> = (0..).zip(&texts).filter(|(_, text)| has(text)).map(|(record, _)| record).collect();
            prop_assert_eq!(found, expected, "{:?}", label);
        }
    }

    #[test]
    fn what_stands_beside_a_phrase_is_what_longer_phrases_find(
        documents in prop::collection::vec(document(), 1..6),
        phrase in "[税费人民政府应当]{1,3}",
        c in prop::sample::select(vec!['税', '人', '民', '府']),
        ends in any::<(u8, u8)>(),
    ) {
        let postings = postings(&documents);
        let end = |end: u8| u32::from(end) % (postings.records() + 1);
        let some = end(ends.0.min(ends.1))..end(ends.0.max(ends.1));
        for (place, is_before) in [(Place::Text, true), (Place::Text, false), (Place::Context, true), (Place::Context, false)] {
            let longer = if is_before { format!("{c}{phrase}") } else { format!("{phrase}{c}") };
            let mut all = Vec::new();
            postings.phrase(place, &chars::terms(&longer), |from, to| all.push((from, to))).unwrap();
            all.dedup();
            for within in [None, Some(&some).filter(|some| place == Place::Text && !some.is_empty())] {
                let places = postings.matches(place, within, &chars::terms(&phrase)).unwrap();
                let beside = postings.beside(&places, c, is_before).unwrap();
                let mut found = Vec::new();
                postings.records_of(&beside, |from, to| found.push((from, to))).unwrap();
                found.dedup();
                let is_within = |range: &&(u32, u32)| within.is_none_or(|within| within.contains(&range.0));
                let expected: Vec<(u32, u32)> = all.iter().filter(is_within).copied().collect();
                prop_assert_eq!(found, expected, "{:?} {:?}", longer, within);
            }
        }
    }

    #[test]
    fn merging_gives_what_building_gives(segments in prop::collection::vec(prop::collection::vec((document(), any::<bool>()), 0..4), 1..4)) {
        let opened: Vec<Postings> = segments
            .iter()
            .map(|segment| postings(&segment.iter().map(|(document, _)| document.clone()).collect::<Vec<_>>()))
            .collect();
        let alive: Vec<Vec<bool>> = segments
            .iter()
            .map(|segment| segment.iter().flat_map(|((texts, _), stays)| texts.iter().map(|_| *stays)).collect())
            .collect();
        let is_alive: Vec<_> = alive.iter().map(|alive| |record: u32| alive[record as usize]).collect();
        let sources: Vec<Source<'_>> =
            opened.iter().zip(&is_alive).map(|(postings, is_alive)| Source { postings, is_alive }).collect();
        let mut merged = Vec::new();
        merge(&sources, 2, &mut merged).unwrap();
        let staying: Vec<Document> =
            segments.iter().flatten().filter(|(_, stays)| *stays).map(|(document, _)| document.clone()).collect();
        prop_assert!(merged == bytes(&staying));
    }
}

/// Lists of many blocks, in three segments of which every third document goes, merged by
/// one thread and by several; and by several what is damaged.
#[test]
fn merging_long_lists_gives_what_building_gives() {
    let document = |n: usize| -> Document {
        let text = |at: usize| format!("第{at}条 {}税务局，{n}号。", "的人民政府".repeat(1 + (n + at) % 9));
        ((0..20).map(text).collect(), vec![Piece { text: format!("第{n}号通知"), from: 0, to: 20 }])
    };
    let segments: Vec<Vec<Document>> = (0..3).map(|at| (0..30).map(|n| document(40 * at + n)).collect()).collect();
    let opened: Vec<Postings> = segments.iter().map(|segment| postings(segment)).collect();
    let is_alive = |record: u32| record / 20 % 3 != 1;
    let sources: Vec<Source<'_>> = opened.iter().map(|postings| Source { postings, is_alive: &is_alive }).collect();
    let staying: Vec<Document> =
        segments.iter().flat_map(|segment| (0..30).filter(|n| n % 3 != 1).map(|n| segment[n].clone())).collect();
    let built = bytes(&staying);
    for threads in [1, 3] {
        let mut merged = Vec::new();
        merge(&sources, threads, &mut merged).expect("they are whole");
        assert!(merged == built, "{threads} threads");
    }
    let whole = bytes(&segments[0]);
    for at in (0..whole.len()).step_by(whole.len() / 400) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let Ok(postings) = Postings::open(OwnedBytes::new(damaged)) else { continue };
        let merge = |threads| {
            // As above.
            let merge = || merge(&[Source { postings: &postings, is_alive: &is_alive }], threads, &mut std::io::sink());
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(merge)).map(|outcome| outcome.is_ok()).ok()
        };
        assert_eq!(merge(1), merge(3), "byte {at}");
    }
}

/// The texts in which one of `first` is followed by one of `second`, token by token.
fn plainly_followed(texts: &[String], first: &[&str], second: &[&str], distance: u32) -> Vec<u32> {
    let places = |text: &CharText, phrases: &[&str]| -> Vec<(usize, usize)> {
        let of = |phrase: &&str| {
            let phrase = CharText::phrase(phrase);
            text.find(&phrase).map(|at| (at, at + phrase.len())).collect::<Vec<_>>()
        };
        phrases.iter().flat_map(of).collect()
    };
    let is_there = |text: &String| {
        let text = CharText::new(text);
        let (first, second) = (places(&text, first), places(&text, second));
        first.iter().any(|a| second.iter().any(|b| b.0 >= a.1 && b.0 - a.1 <= distance as usize))
    };
    (0..).zip(texts).filter(|(_, text)| is_there(text)).map(|(at, _)| at).collect()
}

fn followed(postings: &Postings, first: &[&str], second: &[&str], distance: u32) -> Vec<u32> {
    let spans = |phrases: &[&str]| {
        let terms: Vec<_> = phrases.iter().map(|phrase| chars::terms(phrase)).collect();
        postings.spans(terms.iter().map(Vec::as_slice)).unwrap()
    };
    let mut found = Vec::new();
    postings.followed(&spans(first), &spans(second), distance, |record| found.push(record)).unwrap();
    found
}

proptest! {
    #[test]
    fn what_is_followed_by_what_is_what_the_texts_say(
        texts in prop::collection::vec("[税费局长。\n]{0,12}", 1..9),
        first in prop::sample::subsequence(vec!["税", "费局", "长", "局长税"], 1..4),
        second in prop::sample::subsequence(vec!["费", "税费", "局", "长。局", "局长税"], 1..4),
        distance in 0_u32..8,
    ) {
        let documents: Vec<Document> = texts.iter().map(|text| (vec![text.clone()], Vec::new())).collect();
        let expected = plainly_followed(&texts, &first, &second, distance);
        prop_assert_eq!(followed(&postings(&documents), &first, &second, distance), expected);
    }
}

/// So many that they are marked by bits, on one side or on both.
#[test]
fn what_is_followed_by_what_among_many() {
    let text = |n: usize| format!("第{n}条{}税{}费。", "的".repeat(n % 7), "了".repeat(n % 11));
    let texts: Vec<String> = (0..9_000).map(text).collect();
    let documents: Vec<Document> = texts.iter().map(|text| (vec![text.clone()], Vec::new())).collect();
    let postings = postings(&documents);
    let sides: [(&[&str], &[&str]); 4] =
        [(&["税"], &["费"]), (&["费", "了了", "的"], &["条", "税", "了"]), (&["7"], &["费"]), (&["条"], &["4567"])];
    for (first, second) in sides {
        for distance in [0, 3, 9] {
            let expected = plainly_followed(&texts, first, second, distance);
            assert_eq!(followed(&postings, first, second, distance), expected, "{first:?} {second:?} {distance}");
        }
    }
}

#[test]
fn many_positions_go_over_blocks() {
    let text = "税收征收管理，".repeat(100);
    let documents: Vec<Document> = (0..40).map(|_| (vec![text.clone(), "征管税收".to_owned()], Vec::new())).collect();
    let postings = postings(&documents);
    let records = |phrase: &str| {
        let mut found = Vec::new();
        postings.phrase(Place::Text, &chars::terms(phrase), |from, _| found.push(from)).unwrap();
        found.dedup();
        found
    };
    assert_eq!(records("收征收"), (0..80).step_by(2).collect::<Vec<_>>());
    assert_eq!(records("税收"), (0..80).collect::<Vec<_>>());
    assert_eq!(records("管税"), (1..80).step_by(2).collect::<Vec<_>>());
    assert!(records("理，征").is_empty() && records("收税").is_empty());
    let mut last = 0;
    postings.word(Place::Text, "征收", |_, _, count| last = count).unwrap();
    assert_eq!(last, 100);
    assert_eq!(postings.records(), 80);
}

/// The records of a range in which a phrase stands.
fn found_within(postings: &Postings, terms: &[(usize, String)], within: &std::ops::Range<u32>) -> Vec<u32> {
    let mut found = Vec::new();
    let matches = postings.matches(Place::Text, Some(within), terms).unwrap();
    postings.records_of(&matches, |from, _| found.push(from)).unwrap();
    found.dedup();
    found
}

/// What is rare among many units is looked up, what is common is read through.
#[test]
fn rare_and_common_phrases_among_many_units() {
    let text = |n: usize| format!("第{n}条 人民政府{}安全{}。", if n.is_multiple_of(7) { "应当" } else { "" }, n % 400);
    let documents: Vec<Document> = (0..3_000).map(|n| (vec![text(n)], Vec::new())).collect();
    let postings = postings(&documents);
    for phrase in ["第2999条", "安全17。", "条", "府应当安", "当", "第7条人民政府应当安全7。", "全399"]
    {
        let mut found = Vec::new();
        postings.phrase(Place::Text, &chars::terms(phrase), |from, _| found.push(from)).unwrap();
        found.dedup();
        let wanted = CharText::phrase(phrase);
        let expected: Vec<u32> = (0..3_000).filter(|&n| CharText::new(&text(n as usize)).contains(&wanted)).collect();
        assert!(!expected.is_empty(), "{phrase}");
        assert_eq!(found, expected, "{phrase}");
        for within in [0..3_000, 0..1, 2_999..3_000, 100..164, 7..2_000, 17..17] {
            let found = found_within(&postings, &chars::terms(phrase), &within);
            let expected: Vec<u32> = expected.iter().copied().filter(|record| within.contains(record)).collect();
            assert_eq!(found, expected, "{phrase} {within:?}");
        }
    }
    // With a gap, and over the border of two units; and the same inside of one.
    for (distance, expected) in [(4, 0), (2, 3_000)] {
        let gap = [(0, "全".to_owned()), (distance, if distance == 4 { "第" } else { "。" }.to_owned())];
        let mut count = 0;
        postings.phrase(Place::Text, &gap, |_, _| count += 1).unwrap();
        assert_eq!(count, expected);
        let parts = [0..64, 64..65, 65..640, 640..3_000];
        let found = parts.iter().map(|within| found_within(&postings, &gap, within).len());
        assert_eq!(found.sum::<usize>(), expected);
    }
}

#[test]
fn terms_come_by_prefix_and_number() {
    let documents = vec![(vec!["2000元，2024年，200".to_owned(), "2024".to_owned()], Vec::new())];
    let mut found = Vec::new();
    let list = |term: &str, count| {
        found.push((term.to_owned(), count));
        ControlFlow::Continue(())
    };
    postings(&documents).terms(Place::Text, Kind::Chars, "20", list).unwrap();
    assert_eq!(found, [("200".to_owned(), 1), ("2000".to_owned(), 1), ("2024".to_owned(), 2)]);
}

#[test]
fn damage_is_an_error_or_another_answer_and_never_a_panic() {
    let documents: Vec<Document> = (0..30)
        .map(|at| (vec![format!("第{at}条 人民政府应当加强安全生产监督管理。"), "附则".to_owned()], Vec::new()))
        .collect();
    let whole = bytes(&documents);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let Ok(postings) = Postings::open(OwnedBytes::new(damaged)) else { continue };
        // The dictionaries are read by `fst`, which trusts its bytes; a search is
        // guarded against that as a whole.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = postings.phrase(Place::Text, &chars::terms("人民政府"), |_, _| {});
            for place in [Place::Text, Place::Context] {
                let matches = postings.matches(place, Some(&(20..40)), &chars::terms("人民政府"));
                let _ = matches.map(|matches| postings.records_of(&matches, |_, _| {}));
            }
            let _ = postings.word(Place::Text, "安全", |_, _, _| {});
            let _ = postings.labelled("附则", &mut Vec::new());
            // Some go, so that what stays moves in many runs.
            let is_alive = |record: u32| record % 6 < 4;
            let _ = merge(&[Source { postings: &postings, is_alive: &is_alive }], 1, &mut std::io::sink());
        }));
    }
    for cut in 0..whole.len() {
        assert!(Postings::open(OwnedBytes::new(whole[..cut].to_vec())).is_err(), "cut at {cut}");
    }
}
