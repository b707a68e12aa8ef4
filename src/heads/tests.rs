//! Documents come back as they were; merging against building.

use proptest::prelude::*;
use tantivy::directory::OwnedBytes;

use super::*;

fn bytes(heads: &[Head]) -> Vec<u8> {
    let mut builder = Builder::default();
    heads.iter().for_each(|head| builder.add(head.clone()));
    let mut file = Vec::new();
    builder.finish(&mut file).expect("in memory");
    file
}

fn open(bytes: Vec<u8>) -> Heads {
    Heads::open(OwnedBytes::new(bytes)).expect("whole")
}

const COLUMNS: [Column; Column::COUNT] =
    [Column::Agency, Column::Kind, Column::Level, Column::Topic, Column::Validity, Column::Number];
const NUMBERS: [Number; Number::COUNT] = [Number::Date, Number::Written, Number::Published, Number::Effective];

fn head() -> impl Strategy<Value = Head> {
    let value = || proptest::option::of("[市区厅局、]{0,2}|");
    let manifest = (any::<u64>(), any::<i64>(), any::<u64>(), any::<u64>());
    let values = [value(), value(), value(), value(), value(), value()];
    let numbers = proptest::array::uniform4(prop_oneof![Just(0), any::<u32>()]);
    let bytes = || proptest::collection::vec(any::<u8>(), 0..9);
    (manifest, any::<String>(), bytes(), bytes(), values, numbers).prop_map(
        |((size, mtime, hash, status), key, shown, hidden, values, numbers)| Head {
            record: 0,
            manifest: Manifest { size, mtime, hash, status },
            key,
            shown,
            hidden,
            values,
            numbers,
        },
    )
}

/// A segment: its documents, how many records each has, and which stay.
fn segment() -> impl Strategy<Value = (Vec<(Head, u32)>, u8)> {
    (proptest::collection::vec((head(), 1_u32..4), 0..9), any::<u8>())
}

/// The documents with their places, and the number of records.
fn placed(documents: &[(Head, u32)]) -> (Vec<Head>, u32) {
    let mut next = 0;
    let place = |(head, records): &(Head, u32)| {
        next += records;
        Head { record: next - records, ..head.clone() }
    };
    (documents.iter().map(place).collect(), next)
}

proptest! {
    #[test]
    fn documents_come_back((documents, _) in segment()) {
        let (expected, _) = placed(&documents);
        let heads = open(bytes(&expected));
        prop_assert_eq!(heads.documents(), expected.len());
        for (at, head) in expected.iter().enumerate() {
            prop_assert_eq!(&heads.head(at).unwrap(), head);
            prop_assert_eq!(heads.key(at).unwrap(), &head.key);
            for number in NUMBERS {
                let expected = Some(head.numbers[number as usize]).filter(|&number| number > 0);
                prop_assert_eq!(heads.number(number, at).unwrap(), expected);
            }
            for column in COLUMNS {
                let value = heads.value(column, at).unwrap().map(|at| heads.values(column).get(at).unwrap());
                prop_assert_eq!(value, head.values[column as usize].as_deref());
            }
        }
        for column in COLUMNS {
            let values = heads.values(column).map(str::to_owned).unwrap();
            let mut all: Vec<String> = expected.iter().filter_map(|head| head.values[column as usize].clone()).collect();
            all.sort();
            all.dedup();
            prop_assert_eq!(values, all);
        }
        prop_assert_eq!(heads.head(expected.len()), Err(Damaged));
    }

    #[test]
    fn merging_gives_what_building_gives(segments in proptest::collection::vec(segment(), 1..4)) {
        let placed: Vec<(Vec<Head>, u32)> = segments.iter().map(|(documents, _)| super::tests::placed(documents)).collect();
        let opened: Vec<Heads> = placed.iter().map(|(heads, _)| open(bytes(heads))).collect();
        let stays = |at: usize, which: u8| which >> (at % 8) & 1 == 1;
        let alive: Vec<Vec<bool>> = segments
            .iter()
            .map(|(documents, which)| {
                documents.iter().enumerate().flat_map(|(at, (_, records))| (0..*records).map(move |_| stays(at, *which))).collect()
            })
            .collect();
        let is_alive: Vec<_> = alive.iter().map(|alive| |record: u32| alive[record as usize]).collect();
        let sources: Vec<Source<'_>> = opened
            .iter()
            .zip(&placed)
            .zip(&is_alive)
            .map(|((heads, (_, records)), is_alive)| Source { heads, records: *records, is_alive })
            .collect();
        let mut merged = Vec::new();
        merge(&sources, &mut merged).expect("in memory");
        let staying: Vec<(Head, u32)> = segments
            .iter()
            .flat_map(|(documents, which)| documents.iter().enumerate().filter(|(at, _)| stays(*at, *which)).map(|(_, document)| document.clone()))
            .collect();
        prop_assert!(merged == bytes(&super::tests::placed(&staying).0));
    }
}

#[test]
fn damage_is_an_error_or_another_answer_and_never_a_panic() {
    let head = |record: u32| Head {
        record,
        manifest: Manifest { size: 7, mtime: -1, hash: 9, status: 0 },
        key: format!("f:/公文/{record}.txt"),
        shown: b"{}".to_vec(),
        hidden: vec![1; record as usize],
        values: [0, 1, 2, 3, 4, 5].map(|at| (at % 2 == 0).then(|| format!("值{}", at + record % 3))),
        numbers: [20_240_101, 0, record, 3],
    };
    let whole = bytes(&(0..20).map(head).collect::<Vec<_>>());
    for at in 0..whole.len() {
        for flip in [0x01, 0x55, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] ^= flip;
            let Ok(heads) = Heads::open(OwnedBytes::new(damaged)) else { continue };
            for document in 0..heads.documents().min(30) {
                let _ = (heads.head(document), heads.key(document));
            }
            COLUMNS.into_iter().for_each(|column| drop(heads.values(column).map(str::len)));
            let all = |_| true;
            let _ = merge(&[Source { heads: &heads, records: 20, is_alive: &all }], &mut std::io::sink());
        }
    }
    for cut in 0..whole.len() {
        assert!(Heads::open(OwnedBytes::new(whole[..cut].to_vec())).is_err(), "cut at {cut}");
    }
}
