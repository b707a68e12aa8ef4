//! Sections come back as they were; merging against building.

use proptest::prelude::*;
use tantivy::directory::OwnedBytes;

use crate::analysis::chars::CharText;
use crate::document::{Item, Section};

use super::*;

/// The title that the tests give a document.
fn title(document: &[Section]) -> &str {
    document.first().map_or("", |section| section.text.as_str())
}

fn bytes(documents: &[Vec<Section>]) -> Vec<u8> {
    let mut builder = Builder::default();
    for document in documents {
        builder.begin_document(title(document));
        document.iter().for_each(|section| builder.add(section));
    }
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    file
}

fn open(bytes: Vec<u8>) -> Texts {
    Texts::open(OwnedBytes::new(bytes)).expect("whole")
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(第一条|第二章 总则|人民政府|应当|安全生产|，|\n|2024|〇|𠀀|é){0,8}",
        "[税费a \u{1}\u{7f}\u{3000}\u{fffd}𠮷]{0,6}",
        any::<String>(),
    ]
}

fn section() -> impl Strategy<Value = Section> {
    let heading = || proptest::sample::select(vec!["", "第一章 总则", "第二章 罚则", "第一节 税", "一、", "𠀀x"]);
    let items = proptest::collection::vec((text(), any::<u8>(), any::<u32>()), 0..3);
    let path = proptest::collection::vec(heading(), 0..4);
    (any::<u32>(), any::<u8>(), any::<u32>(), (heading(), text(), path), items, text()).prop_map(
        |(ordinal, level, line, (label, heading, path), items, text)| Section {
            ordinal,
            level,
            line,
            label: label.to_owned(),
            // Often a passage of the text.
            text: if ordinal % 2 == 0 { format!("{label} {heading}{text}") } else { text },
            heading,
            path: path.into_iter().map(str::to_owned).collect(),
            items: items.into_iter().map(|(label, level, start)| Item { label, level, start }).collect(),
        },
    )
}

fn documents() -> impl Strategy<Value = Vec<Vec<Section>>> {
    proptest::collection::vec(proptest::collection::vec(section(), 1..50), 0..4)
}

proptest! {
    #[test]
    fn sections_come_back(documents in documents()) {
        let texts = open(bytes(&documents));
        let all: Vec<&Section> = documents.iter().flatten().collect();
        let mut glance = Glance::new();
        let mut before: &[String] = &[];
        prop_assert_eq!(texts.records() as usize, all.len());
        for (record, &section) in (0..).zip(&all) {
            prop_assert_eq!(&texts.section(record).expect("whole"), section);
            prop_assert_eq!(&texts.path(record).expect("whole"), &section.path);
            let head = Section { text: String::new(), items: Vec::new(), ..section.clone() };
            prop_assert_eq!(texts.head(record).expect("whole"), head);
            texts.glance(record, &mut glance).expect("whole");
            let chars = CharText::new(&section.text);
            prop_assert_eq!(glance.ids(), chars.ids());
            prop_assert_eq!(glance.label(), &section.label);
            prop_assert_eq!(glance.letters(), chars.letters());
            prop_assert_eq!(glance.headings(), &section.path);
            prop_assert!(glance.has_other_headings() || before == section.path);
            let is_first = documents.iter().any(|document| std::ptr::eq(&document[0], section));
            prop_assert!(is_first || !glance.has_other_headings() || before != section.path, "neighbours share them");
            before = &section.path;
        }
        let mut first = 0;
        for document in &documents {
            prop_assert_eq!(texts.title(first).expect("whole"), title(document));
            prop_assert!(document.len() == 1 || texts.title(first + 1).expect("whole").is_empty());
            first += document.len() as u32;
        }
        prop_assert_eq!(texts.section(all.len() as u32), Err(Damaged));
    }

    #[test]
    fn merging_gives_what_building_gives(segments in proptest::collection::vec((documents(), any::<u8>()), 1..4)) {
        let opened: Vec<Texts> = segments.iter().map(|(documents, _)| open(bytes(documents))).collect();
        let stays = |at: usize, which: u8| which >> (at % 8) & 1 == 1;
        let alive: Vec<Vec<bool>> = segments
            .iter()
            .map(|(documents, which)| {
                documents.iter().enumerate().flat_map(|(at, all)| all.iter().map(move |_| stays(at, *which))).collect()
            })
            .collect();
        let is_alive: Vec<_> = alive.iter().map(|alive| |record: u32| alive[record as usize]).collect();
        let sources: Vec<Source<'_>> =
            opened.iter().zip(&is_alive).map(|(texts, is_alive)| Source { texts, is_alive }).collect();
        let mut merged = Vec::new();
        merge(&sources, &mut merged).expect("in memory");
        let mut staying = Vec::new();
        for (documents, which) in &segments {
            staying.extend(documents.iter().enumerate().filter(|(at, _)| stays(*at, *which)).map(|(_, all)| all.clone()));
        }
        prop_assert!(merged == bytes(&staying));
    }
}

#[test]
fn many_texts_come_back() {
    // Some megabytes, which take more than one piece of memory; long ones among them.
    let text =
        |at: usize| (0..at % 7 * at % 7 * 10_000 + 3_000).map(|n| char::from(b'a' + (n * at % 23) as u8)).collect();
    let sections: Vec<Section> = (0..200).map(|at| Section { text: text(at), ..Section::default() }).collect();
    let texts = open(bytes(std::slice::from_ref(&sections)));
    for (at, section) in sections.iter().enumerate() {
        assert!(texts.section(at as u32).unwrap() == *section, "section {at}");
    }
}

#[test]
fn a_heading_over_many_sections_is_written_once() {
    let heading = "第三章 县级以上的地方各级人民代表大会常务委员会".to_owned();
    let section = |ordinal| Section { ordinal, path: vec![heading.clone()], ..Section::default() };
    let document: Vec<Section> = (0..40).map(section).collect();
    let length = bytes(&[document]).len();
    assert!(length < 40 * 12 + 80, "{length} bytes");
}

#[test]
fn damage_is_an_error_or_another_text_and_never_a_panic() {
    let section = |ordinal: u32| Section {
        ordinal,
        label: format!("第{ordinal}条"),
        heading: "总则".to_owned(),
        path: vec!["第一章".to_owned(), format!("第{}节", ordinal / 10)],
        text: format!("第{ordinal}条 总则\n人民政府应当加强安全生产监督管理𠀀。"),
        items: vec![Item { label: "（一）".to_owned(), level: 1, start: 7 }],
        ..Section::default()
    };
    let whole = bytes(&[(0..40).map(section).collect()]);
    for at in 0..whole.len() {
        for flip in [0x01, 0x55, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] ^= flip;
            let Ok(texts) = Texts::open(OwnedBytes::new(damaged)) else { continue };
            (0..texts.records().min(50)).for_each(|record| {
                let _ = texts.glance(record, &mut Glance::new());
                drop((texts.section(record), texts.title(record), texts.path(record), texts.head(record)))
            });
            let all = |_| true;
            let _ = merge(&[Source { texts: &texts, is_alive: &all }], &mut std::io::sink());
        }
    }
    for cut in 0..whole.len() {
        assert!(Texts::open(OwnedBytes::new(whole[..cut].to_vec())).is_err(), "cut at {cut}");
    }
}
