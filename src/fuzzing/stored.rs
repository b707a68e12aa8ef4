//! What must hold for the files of a segment: whatever bytes they have, they are read
//! or refused; and what was written comes back.

use std::sync::OnceLock;

use tantivy::directory::OwnedBytes;

use super::guard::guarded;
use crate::analysis::chars::{self, CharText};
use crate::analysis::{Dictionary, Segmenter};
use crate::document::{Item, Section};
use crate::heads::{self, Head, Heads};
use crate::postings::{self, Place, Postings};
use crate::texts::{self, Glance, Texts};

/// Longer texts say nothing that shorter ones do not.
const MAX_BYTES: usize = 4 * 1024;

/// The texts and postings of the sections that `data` makes, whole, and with some bytes
/// changed: the first byte says how many, then three bytes name each.
pub fn stored(data: &[u8]) {
    let Some((&changes, data)) = data.split_first() else { return };
    let changes = usize::from(changes % 8);
    let (places, text) = data.split_at(data.len().min(3 * changes));
    let text = String::from_utf8_lossy(&text[..text.len().min(MAX_BYTES)]);
    let sections = sections(&text);

    let mut builder = texts::Builder::default();
    builder.begin_document(&text.chars().take(30).collect::<String>());
    sections.iter().for_each(|section| builder.add(section));
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    let whole = Texts::open(OwnedBytes::new(file.clone())).expect("what was written is whole");
    assert_eq!(whole.records() as usize, sections.len());
    let mut glance = Glance::new();
    for (record, section) in (0..).zip(&sections) {
        assert_eq!(&whole.section(record).expect("whole"), section, "a section comes back");
        whole.glance(record, &mut glance).expect("whole");
        let chars = CharText::new(&section.text);
        assert_eq!((glance.ids(), glance.letters()), (chars.ids(), &chars.letters()[..]), "its text's tokens");
    }
    change(&mut file, places);
    read_texts(file);

    let head = |(at, section): (usize, &Section)| Head {
        record: at as u32,
        key: section.label.clone(),
        shown: section.text.clone().into_bytes(),
        values: [0, 1, 2, 3, 4, 5].map(|column| section.path.get(column).cloned()),
        numbers: [section.line, section.ordinal, 0, u32::MAX],
        ..Head::default()
    };
    let expected: Vec<Head> = sections.iter().enumerate().map(head).collect();
    let mut builder = heads::Builder::default();
    expected.iter().for_each(|head| builder.add(head.clone()));
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    let whole = Heads::open(OwnedBytes::new(file.clone())).expect("what was written is whole");
    let back: Result<Vec<Head>, _> = (0..whole.documents()).map(|at| whole.head(at)).collect();
    assert_eq!(back.as_ref(), Ok(&expected), "what a document is comes back");
    change(&mut file, places);
    read_heads(file, sections.len() as u32);

    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    let segmenter = SEGMENTER.get_or_init(|| Segmenter::new(Dictionary::new()));
    let mut builder = postings::Builder::new(segmenter.clone());
    builder.begin_document();
    sections.iter().for_each(|section| builder.add_record([section.text.as_str()], [section.label.as_str()], &[]));
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    let whole = Postings::open(OwnedBytes::new(file.clone())).expect("what was written is whole");
    for (record, section) in (0..).zip(&sections).take(20) {
        let phrase: String = section.text.chars().filter(|c| *c != '\n').take(6).collect();
        let terms = chars::terms(&phrase);
        if terms.is_empty() || section.text.chars().take(6).any(|c| c == '\n') || !is_closed(&section.text, &phrase) {
            continue;
        }
        let mut is_found = false;
        whole.phrase(Place::Text, &terms, |unit, _| is_found |= unit == record).expect("whole");
        assert!(is_found, "{phrase:?} is not found where it stands");
    }
    change(&mut file, places);
    read_postings(file);
}

/// Whether a run of letters does not go on behind the phrase that a text begins with.
fn is_closed(text: &str, phrase: &str) -> bool {
    chars::text_terms(text).starts_with(&chars::text_terms(phrase))
}

/// Sections of all shapes, a paragraph each.
fn sections(text: &str) -> Vec<Section> {
    let mut path: Vec<String> = Vec::new();
    let of_paragraph = |(ordinal, paragraph): (usize, &str)| {
        let heading: String = paragraph.chars().take(ordinal % 9).collect();
        path.truncate(paragraph.len() % 5);
        path.push(heading.clone());
        Section {
            ordinal: ordinal as u32,
            level: (paragraph.len() % 7) as u8,
            label: paragraph.chars().skip(ordinal % 3).take(ordinal % 4).collect(),
            line: (ordinal * (paragraph.len() % 300)) as u32,
            items: (0..ordinal % 3).map(|at| Item { label: heading.clone(), level: 1, start: at as u32 }).collect(),
            heading,
            path: path.clone(),
            text: paragraph.to_owned(),
        }
    };
    text.split_terminator("\n\n").flat_map(|part| part.split('。')).enumerate().map(of_paragraph).collect()
}

fn change(file: &mut [u8], places: &[u8]) {
    let length = file.len();
    for place in places.chunks_exact(3) {
        // From the front and from the back: both ends say where the rest is.
        let at = usize::from(u16::from_le_bytes([place[0], place[1]]));
        let at = if at % 2 == 0 { at / 2 % length } else { length - 1 - at / 2 % length };
        file[at] ^= place[2];
    }
}

fn read_texts(file: Vec<u8>) {
    let Ok(texts) = Texts::open(OwnedBytes::new(file)) else { return };
    let mut glance = Glance::new();
    for record in 0..texts.records().min(1_000) {
        let _ = texts.glance(record, &mut glance);
        let _ = (texts.section(record), texts.head(record), texts.title(record), texts.path(record));
    }
}

fn read_heads(file: Vec<u8>, records: u32) {
    let Ok(heads) = Heads::open(OwnedBytes::new(file)) else { return };
    (0..heads.documents().min(1_000)).for_each(|document| drop(heads.head(document)));
    let _ = heads.values(heads::Column::Agency).map(str::len);
    let is_alive = |record: u32| record % 3 != 1;
    let _ = heads::merge(&[heads::Source { heads: &heads, records, is_alive: &is_alive }], &mut std::io::sink());
}

fn read_postings(file: Vec<u8>) {
    let Ok(postings) = Postings::open(OwnedBytes::new(file)) else { return };
    // The dictionaries are read by `fst`, which trusts its bytes; a search is guarded
    // against that as a whole. A panic of ours is a finding.
    guarded(|| {
        for place in [Place::Text, Place::Context] {
            let _ = postings.phrase(place, &chars::terms("人民政府"), |_, _| {});
            let _ = postings.phrase(place, &chars::terms("第"), |_, _| {});
            let _ = postings.word(place, "安全", |_, _, _| {});
            let _ = postings.with_word(place, "安全", |_, _| {});
            let _ = postings.labelled("第一条", &mut Vec::new());
            let _ = postings.range(place, 0);
        }
        let _ = postings.documents();
        let is_alive = |record: u32| !record.is_multiple_of(3);
        let _ =
            postings::merge(&[postings::Source { postings: &postings, is_alive: &is_alive }], 1, &mut std::io::sink());
    });
}
