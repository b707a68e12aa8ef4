//! Indexes whose files are as they were written, and whose content is wrong.

use tantivy::indexer::UserOperation;

use super::super::META_FILE;
use super::super::records::{self, DocumentHead, Origin, Record};
use super::super::seal::{seal, sum, unseal};
use super::*;
use crate::document::Document;

fn document(text: &str) -> Document {
    let extracted = crate::extract::extract_text(text).expect("text");
    crate::structure::parse(&extracted, Path::new("a.txt"))
}

fn written(index: &Index, key: &str, document: Document, spoil: impl FnOnce(&mut DocumentHead)) -> Vec<Record> {
    let origin = Origin { key: format!("v:{key}"), ..Origin::default() };
    let mut head = DocumentHead {
        key: origin.key.clone(),
        title: document.title.clone(),
        sections: document.sections.len() as u32,
        metadata: document.metadata.clone(),
        ..DocumentHead::default()
    };
    spoil(&mut head);
    records::records(&index.inner.fields, &origin, &head, document, None).expect("records")
}

/// What `verify` says of an index of these batches.
fn problems(batches: impl Fn(&Index) -> Vec<Vec<Record>>, full: bool) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = Index::create(folder.path()).expect("create");
    let mut writer = index.tantivy_writer(1, 15_000_000).expect("writer");
    for batch in batches(&index) {
        writer.run(batch.into_iter().map(UserOperation::Add)).expect("run");
    }
    let state = index.state().expect("state");
    index.commit(&mut writer, &state).expect("commit");
    let verification = Index::verify(folder.path(), &VerifyOptions::new().full(full)).expect("verify");
    verification.problems.into_iter().map(|problem| problem.message).collect()
}

const TEXT: &str = "某市供水办法\n第一条 供水。\n第二条 排水。\n第三条 节水。\n";

fn only(found: &[String], expected: &str) {
    assert!(!found.is_empty() && found.iter().all(|message| message.contains(expected)), "{found:?}");
}

#[test]
fn a_sound_index_has_no_problems() {
    for full in [false, true] {
        let sound = |index: &Index| {
            vec![
                written(index, "a", document(TEXT), |_| {}),
                written(index, "b", document("没有条文的通知，只有一段。"), |_| {}),
                written(index, "c", Document::default(), |_| {}),
            ]
        };
        assert_eq!(problems(sound, full), Vec::<String>::new());
    }
}

#[test]
fn a_document_that_is_there_twice_is_found() {
    let twice =
        |index: &Index| vec![written(index, "a", document(TEXT), |_| {}), written(index, "a", document(TEXT), |_| {})];
    only(&problems(twice, false), "do not stand together");
}

#[test]
fn sections_that_stand_apart_are_found() {
    let apart = |index: &Index| {
        let mut records = written(index, "a", document(TEXT), |_| {});
        let rest = records.split_off(2);
        vec![records, written(index, "b", document(TEXT), |_| {}), rest]
    };
    only(&problems(apart, false), "do not stand together");
    let turned = |index: &Index| {
        let mut records = written(index, "a", document(TEXT), |_| {});
        records.swap(1, 2);
        vec![records]
    };
    only(&problems(turned, false), "section 1 says it is section 2");
}

#[test]
fn half_a_document_is_found() {
    let half = |index: &Index| {
        let mut records = written(index, "a", document(TEXT), |_| {});
        records.truncate(2);
        vec![records]
    };
    only(&problems(half, false), "it has 2 sections, expected 4");
}

#[test]
fn a_record_under_a_wrong_key_is_found() {
    let wrong = |index: &Index| vec![written(index, "a", document(TEXT), |head| head.key = "v:b".to_owned())];
    only(&problems(wrong, false), "its record says it is v:b");
}

#[test]
fn postings_that_are_not_those_of_the_text_are_found() {
    // The title is indexed with every section, and stored in the document's record.
    let other_title =
        |index: &Index| vec![written(index, "a", document(TEXT), |head| head.title = "排污办法".to_owned())];
    for full in [false, true] {
        only(&problems(other_title, full), "the postings of");
    }
}

#[test]
fn an_error_among_threads_is_the_one_that_was() {
    let work = |number: u32| match number {
        5 => Err(Error::new(ErrorKind::Corrupt, "the sixth")),
        _ => Ok(number),
    };
    let mut seen = Vec::new();
    let error = postings::shared(0..9, work, |number| seen.push(number)).expect_err("the sixth fails");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Corrupt, "the sixth"));
    assert_eq!(seen, [0, 1, 2, 3, 4]);
}

/// One byte of the lengths changed, and the sums with it: as merging would seal it.
#[test]
fn lengths_that_are_not_those_of_the_text_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut writer = Index::create(folder.path()).expect("create").writer().expect("writer");
    writer.put_text("a", TEXT).and_then(|()| writer.commit()).expect("commit");
    drop(writer);
    let files = || folder.path().read_dir().expect("read").map(|entry| entry.expect("an entry").path());
    let file = files().find(|path| path.extension().is_some_and(|end| end == "gongwen")).expect("postings");
    let mut bytes = std::fs::read(&file).expect("read");
    // The table, of 21 numbers, ends the file, but for a mark of eight bytes and tantivy's footer; the
    // 17th of them is where the lengths of texts end.
    let table = memchr::memmem::rfind(&bytes, b"gongwen\x03").expect("the mark") - 8 * 21;
    let end = u64::from_le_bytes(bytes[table + 8 * 16..][..8].try_into().expect("eight bytes")) as usize;
    bytes[end - 1] += 1;
    std::fs::write(&file, bytes).expect("write");
    let meta = folder.path().join(META_FILE);
    let sealed = std::fs::read(&meta).expect("read");
    let (content, sums) = unseal(&sealed).expect("a seal");
    let mut sums = sums.expect("a list");
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    sums.insert(name.to_owned(), sum(&file).expect("read"));
    std::fs::write(&meta, seal(content, &sums).expect("seal")).expect("write");
    let found = |full| Index::verify(folder.path(), &VerifyOptions::new().full(full)).expect("verify").problems;
    let messages: Vec<String> = found(true).into_iter().map(|problem| problem.message).collect();
    only(&messages, "the postings of its lengths");
}
