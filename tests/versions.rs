//! Indexes of other versions: a frozen one of each form, and what is refused.

use std::path::{Path, PathBuf};

use gongwen::{Dictionary, ErrorKind, Index, Mode, Query, RebuildOptions, SearchOptions, VerifyOptions};

use crate::util::{Bench, contents};

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen")
}

/// A copy in a temporary folder, since opening makes lock files.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("create");
    for entry in std::fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copy");
    }
}

const TEXTS: [(&str, &str); 3] = [
    (
        "办法",
        "某市供水管理办法\n第一章　总则\n第一条　为了加强供水管理，制定本办法。\n第二条　本办法自2022年1月1日起施行。\n",
    ),
    ("通知", "關於氫能產業園的通知\n一、总体要求\n（一）招商局负责２００万元。\n二、保障措施\n"),
    ("旧", "第一条 将被删除。\n"),
];

/// `GONGWEN_FREEZE=1 cargo test versions` freezes an index of the present version,
/// to be committed when the version is raised.
fn freeze() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path().join("index");
    let index = Index::create(&folder).expect("create");
    let mut writer = index.writer().expect("writer");
    TEXTS.iter().for_each(|(key, text)| writer.put_text(key, text).expect("put"));
    writer.commit().expect("commit");
    writer.delete("旧");
    writer.commit().expect("commit");
    drop(writer);
    let target = frozen().join(format!("schema-{}", index.status().expect("status").schema));
    let _ = std::fs::remove_dir_all(&target);
    copy(&folder, &target);
    for lock in [".tantivy-meta.lock", ".tantivy-writer.lock"] {
        let _ = std::fs::remove_file(target.join(lock));
    }
}

#[test]
fn frozen_indexes_are_read_right_or_refused() {
    if std::env::var_os("GONGWEN_FREEZE").is_some() {
        freeze();
    }
    let current = Index::in_ram().expect("in memory").status().expect("status").schema;
    let mut is_current_frozen = false;
    for entry in std::fs::read_dir(frozen()).expect("tests/frozen") {
        let path = entry.expect("entry").path();
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().join("index");
        copy(&path, &folder);
        if !path.ends_with(format!("schema-{current}")) {
            let error = Index::open(&folder).err().expect("refused");
            assert_eq!(error.kind(), ErrorKind::IncompatibleIndex, "{error}");
            assert!(error.remedy().is_some_and(|remedy| remedy.contains("gongwen rebuild")), "{error:?}");
            continue;
        }
        is_current_frozen = true;
        // Cut with today's tokenizers its texts give the postings it has: whoever
        // changes folding, tokens or the dictionary has to raise SCHEMA_VERSION.
        let verification = Index::verify(&folder, &VerifyOptions::new().full(true)).expect("verify");
        assert!(verification.is_clean(), "{:?}: raise SCHEMA_VERSION and freeze an index", verification.problems);
        assert_eq!((verification.documents, verification.compared > 5), (2, true));
        let searcher = Index::open(&folder).expect("open").searcher().expect("searcher");
        let count = |query: &str| {
            let query = Query::parse(query).expect("query");
            searcher.count(&query, &SearchOptions::new().mode(Mode::Exact)).expect("count").exact
        };
        assert_eq!((count("制定本办法"), count("氢能产业园"), count("200万元"), count("删除")), (1, 1, 1, 0));
        let document = searcher.document("办法").expect("document").expect("is there");
        assert_eq!(document.title, "某市供水管理办法");
        assert_eq!(document.sections.len(), 4);
    }
    assert!(is_current_frozen, "no index of schema {current}: GONGWEN_FREEZE=1 cargo test versions, and commit it");
}

/// Writes another schema's number into an index's commit.
fn restamp(index: &Path, from: &str, to: &str) {
    let path = index.join("meta.json");
    let meta = std::fs::read_to_string(&path).expect("meta.json");
    // Without its seal, as an early version would have written it.
    let meta = meta.split("\n#gongwen-seal").next().expect("JSON").replace(from, to);
    std::fs::write(&path, meta).expect("write");
}

#[test]
fn an_index_of_another_version_is_refused_and_rebuilt_from_its_roots() {
    let bench = Bench::new();
    (0..3).for_each(|n| drop(bench.write(&format!("{n}.txt"), format!("第{n}号办法\n第一条 氢能。\n"))));
    bench.run(&["index", "docs"]).code(0);
    let before = contents(&bench.index(), &bench.docs());
    let schema = Index::open(bench.index()).expect("open").status().expect("status").schema;
    restamp(&bench.index(), &format!("\\\"schema\\\":{schema}"), "\\\"schema\\\":999");
    for command in [&["search", "氢能"][..], &["update"], &["status"], &["verify"], &["index", "docs"]] {
        bench.run(command).code(2).stderr_has("schema 999").stderr_has("gongwen rebuild");
    }
    let rebuilt = Index::rebuild(bench.index(), &RebuildOptions::new()).expect("rebuild");
    assert_eq!((rebuilt.kept, rebuilt.read.map(|read| read.added)), (0, Some(3)));
    assert_eq!(contents(&bench.index(), &bench.docs()), before);
    bench.run(&["verify", "--full"]).code(0);
}

#[test]
fn another_dictionary_is_refused_and_rebuilt_from_the_store() {
    let bench = Bench::new();
    bench.write("1.txt", "第一条 青屿氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    let words = Dictionary::with_user_words("青屿氢能 100").expect("words");
    let error = Index::open_with(bench.index(), words.clone()).err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::IncompatibleIndex);
    let options = VerifyOptions::new().dictionary(words.clone());
    assert_eq!(Index::verify(bench.index(), &options).expect_err("refused").kind(), ErrorKind::IncompatibleIndex);
    std::fs::remove_dir_all(bench.docs()).expect("the sources are gone");
    let rebuilt = Index::rebuild(bench.index(), &RebuildOptions::new().dictionary(words.clone())).expect("rebuild");
    assert_eq!((rebuilt.kept, rebuilt.read.is_none()), (1, true));
    let verified = Index::verify(bench.index(), &options.full(true)).expect("verify");
    assert!(verified.is_clean(), "{:?}", verified.problems);
    assert!(Index::open(bench.index()).is_err() && Index::open_with(bench.index(), words).is_ok());
}

#[test]
fn what_another_program_made_is_no_index_of_ours() {
    let bench = Bench::new();
    bench.write("1.txt", "第一条 氢能。\n");
    bench.run(&["index", "docs"]).code(0);
    restamp(&bench.index(), "\\\"schema\\\"", "\\\"scheme\\\"");
    for command in [&["search", "氢能"][..], &["update"], &["verify"], &["rebuild"], &["index", "docs"]] {
        bench.run(command).code(2).stderr_has("not one made by gongwen");
    }
}
