//! Citations, versions and force between documents written for these tests.

use std::path::Path;

use super::*;
use crate::document::{Relation, Validity};
use crate::{extract, structure};

const TODAY: (u16, u8, u8) = (2024, 6, 1);

fn today() -> Option<Date> {
    Date::new(TODAY.0, TODAY.1, TODAY.2)
}

fn catalog(texts: &[(&str, &str)]) -> Catalog {
    let documents = texts.iter().map(|(key, text)| {
        let extracted = extract::extract(text.as_bytes(), Path::new(key)).unwrap();
        let document = structure::parse_on(&extracted, Path::new(key), today().unwrap());
        Catalog::document_of(*key, &document)
    });
    Catalog::new(documents.collect())
}

/// The keys of what is cited; `title?` for what the catalog has not.
fn cited(catalog: &Catalog, key: &str) -> Vec<String> {
    let name = |cited: &Cited| match cited.document {
        Some(document) => document.key.clone(),
        None if cited.title.is_empty() => format!("{}?", cited.number.unwrap()),
        None => format!("{}?", cited.title),
    };
    catalog.cites(key).iter().map(name).collect()
}

const OLD: &str =
    "某市供水条例\n（2010年3月1日某市人民代表大会常务委员会通过）\n第一条 甲。\n第二条 本条例自2010年5月1日起施行。";
const NEW: &str = "某市供水条例\n（2010年3月1日某市人民代表大会常务委员会通过 2020年3月1日修订）\n第一条 乙。\n第二条 本条例自2020年5月1日起施行。";
const FUTURE: &str = "某市供水条例\n（2010年3月1日某市人民代表大会常务委员会通过 2024年3月1日修订）\n第一条 丙。\n第二条 本条例自2025年5月1日起施行。";

#[test]
fn a_citation_names_the_version_of_its_time() {
    let notice = |year: u16| {
        format!(
            "某市水务局关于节水的通知\n某水〔{year}〕5号\n各区水务局：\n根据《某市供水条例》第二条，通知如下。\n某市水务局\n{year}年6月1日"
        )
    };
    let (early, middle, late) = (notice(2005), notice(2015), notice(2022));
    let catalog = catalog(&[("old", OLD), ("new", NEW), ("n05", &early), ("n15", &middle), ("n22", &late)]);
    assert_eq!(cited(&catalog, "n15"), ["old"]);
    assert_eq!(cited(&catalog, "n22"), ["new"]);
    // Nothing is old enough: the oldest.
    assert_eq!(cited(&catalog, "n05"), ["old"]);
    let citing: Vec<&str> = catalog.cited_by("new").iter().map(|citing| citing.document.key.as_str()).collect();
    assert_eq!(citing, ["n22"]);
    assert_eq!(catalog.cited_by("new")[0].places[0].article.as_deref(), Some("第二条"));
}

#[test]
fn names_in_their_forms() {
    let law = "中华人民共和国护士法\n（2008年1月31日全国人民代表大会常务委员会通过）\n第一条 甲。\n第二条 乙。";
    let issued = "某市人民政府关于印发《某市公租房管理办法》的通知\n某政〔2012〕3号\n各区人民政府：\n现予印发。\n某市人民政府\n2012年5月6日\n某市公租房管理办法\n第一条 甲。\n第二条 乙。";
    let opinion =
        "国务院关于加强城市供水工作的意见\n国发〔2013〕9号\n各省、自治区、直辖市人民政府：\n甲。\n国务院\n2013年5月6日";
    let citing = "某市水务局关于做好工作的通知\n各区水务局：\n根据《护士法》，按照《某市公租房管理办法》和国务院《关于加强城市供水工作的意见》，并依据国发[2013]9号文件。\n另见《丙省供水条例》《意见》《人民日报》和某政〔2001〕1号。\n某市水务局\n2022年6月1日";
    let catalog = catalog(&[("law.md", law), ("issued.md", issued), ("opinion.md", opinion), ("citing.md", citing)]);
    assert_eq!(
        cited(&catalog, "citing.md"),
        ["law.md", "issued.md", "opinion.md", "丙省供水条例?", "某政〔2001〕1号?"]
    );
    // What a notice issues is itself, no other document.
    assert!(cited(&catalog, "issued.md").is_empty());
    let found = |name: &str| catalog.find(name).iter().map(|document| document.key.as_str()).collect::<Vec<_>>();
    assert_eq!(found("护士法"), ["law.md"]);
    assert_eq!(found("《某市公租房管理办法》"), ["issued.md"]);
    assert_eq!(found("国发（2013）9号"), ["opinion.md"]);
    assert_eq!(found("law.md"), ["law.md"]);
    assert!(found("aw.md").is_empty());
}

#[test]
fn names_that_mean_another_document() {
    let first = "某市甲区人民政府工作规则\n某甲政〔2019〕1号\n第一条 甲。\n第二条 乙。";
    let other_number = "某局关于执行规则的通知\n各科室：\n按照《某市甲区人民政府工作规则》（某甲政〔2009〕7号）执行。\n某局\n2022年6月1日";
    let draft = "某局关于试行的通知\n各科室：\n按照《某市甲区人民政府工作规则（试行）》执行。\n某局\n2022年6月1日";
    let catalog = catalog(&[("rules", first), ("other", other_number), ("draft", draft)]);
    assert_eq!(cited(&catalog, "other"), ["某市甲区人民政府工作规则?"]);
    assert_eq!(cited(&catalog, "draft"), ["某市甲区人民政府工作规则（试行）?"]);
}

#[test]
fn versions_newest_first() {
    let catalog = catalog(&[("a_old", OLD), ("b_new", NEW), ("c", "某市供热条例\n第一条 甲。\n第二条 乙。")]);
    let keys = |title: &str| -> Vec<Vec<String>> {
        let versions = catalog.versions(title);
        versions.iter().map(|all| all.versions.iter().map(|version| version.key.clone()).collect()).collect()
    };
    assert_eq!(keys("某市供水条例"), [["b_new", "a_old"]]);
    assert_eq!(keys("《某市供水条例（2020修订）》"), [["b_new", "a_old"]]);
    assert_eq!(keys("条例").len(), 2);
    assert!(keys("刑法").is_empty() && keys("").is_empty());
}

#[test]
fn a_newer_version_takes_the_place_once_it_is_in_force() {
    let catalog = catalog(&[("old", OLD), ("new", NEW), ("future", FUTURE)]);
    let force = |key: &str| catalog.force(key, today()).unwrap();
    assert_eq!(force("old").validity, Validity::Superseded);
    assert_eq!(force("old").by.unwrap().key, "new");
    assert!(force("old").inferred && force("old").evidence.contains("2020年3月1日修订"));
    assert_eq!(force("new").validity, Validity::InForce);
    assert_eq!(force("future").validity, Validity::NotYet);
}

#[test]
fn a_later_document_repeals() {
    let rule = "某市停车管理办法\n某政〔2012〕8号\n第一条 甲。\n第二条 本办法自2012年5月1日起施行。\n某市人民政府\n2012年4月1日";
    let next = "某市停车规定\n第一条 甲。\n第二条 本规定自2020年1月1日起施行，《某市停车管理办法》（某政〔2012〕8号）同时废止。\n某市人民政府\n2019年12月1日";
    let before = "某市旧停车规定\n第一条 甲。\n第二条 《某市停车管理办法》同时废止。\n某市人民政府\n2001年12月1日";
    let all = catalog(&[("rule", rule), ("next", next), ("before", before)]);
    let force = all.force("rule", today()).unwrap();
    assert_eq!((force.validity, force.by.unwrap().key.as_str()), (Validity::Repealed, "next"));
    assert!(force.evidence.contains("同时废止") && force.inferred);
    // An older one cannot.
    let all = catalog(&[("rule", rule), ("before", before)]);
    assert_eq!(all.force("rule", today()).unwrap().validity, Validity::InForce);
    // Before the repealing one applies, it does not either.
    let all = catalog(&[("rule", rule), ("next", next)]);
    assert_eq!(all.force("rule", Date::new(2019, 12, 15)).unwrap().validity, Validity::InForce);
}

#[test]
fn a_later_decision_amends() {
    let decision = |date: &str| {
        format!(
            "某市人民代表大会常务委员会关于修改《某市供水条例》的决定\n（{date}某市人民代表大会常务委员会通过）\n一、第二条修改为：“第二条 市水务局主管。”\n本决定自公布之日起施行。"
        )
    };
    let (later, same) = (decision("2023年1月5日"), decision("2020年3月1日"));
    let force = |text: &str| {
        let all = catalog(&[("new", NEW), ("decision", text)]);
        all.force("new", today()).map(|force| force.validity)
    };
    assert_eq!(force(&later), Some(Validity::Superseded));
    // The wording at hand is the one that this decision made.
    assert_eq!(force(&same), Some(Validity::InForce));
}

#[test]
fn a_list_of_repealed_documents_counts() {
    let rule = "某县盐田管理办法\n某政〔2008〕11号\n第一条 甲。\n第二条 本办法自2008年5月1日起施行。\n某县人民政府\n2008年4月1日";
    let list = "某县人民政府关于废止一批行政规范性文件的决定\n某政〔2023〕37号\n各镇人民政府：\n决定废止下列文件（目录见附件）。\n附件：废止文件目录\n某县人民政府\n2023年9月26日\n附件\n废止文件目录\n1. 《某县盐田管理办法》（某政〔2008〕11号）";
    let catalog = catalog(&[("rule", rule), ("list", list)]);
    assert_eq!(catalog.force("rule", today()).unwrap().validity, Validity::Repealed);
    let citing = catalog.cited_by("rule");
    assert_eq!(citing[0].places[0].relation, Relation::Repeals);
}

#[test]
fn what_a_document_states_stands() {
    let stated =
        "某市供水条例\n有效性：已废止\n（2010年3月1日某市人民代表大会常务委员会通过）\n第一条 甲。\n第二条 乙。";
    let catalog = catalog(&[("stated", stated), ("new", NEW)]);
    let force = catalog.force("stated", today()).unwrap();
    assert!(force.validity == Validity::Repealed && !force.inferred && force.by.is_none());
    assert!(catalog.force("nothing", today()).is_none());
    assert!(catalog.cites("nothing").is_empty() && catalog.cited_by("nothing").is_empty());
}
