//! What a document cites.

use super::read;
use crate::document::Relation;

/// Title, number, articles and relation of each citation.
fn cited(text: &str) -> Vec<(String, String, String, Relation)> {
    let document = read(text);
    let parts = |citation: &crate::document::Citation| {
        let number = citation.number.as_ref().map(ToString::to_string).unwrap_or_default();
        (citation.title.clone(), number, citation.article.clone().unwrap_or_default(), citation.relation)
    };
    document.citations.iter().map(parts).collect()
}

#[test]
fn titles_numbers_articles() {
    use Relation::{Amends, BasedOn, Issues, Mentions, Repeals};
    type Expected<'a> = (&'a str, &'a str, &'a str, Relation);
    let cases: &[(&str, &[Expected<'_>])] = &[
        ("根据《数据安全法》，制定本办法。", &[("数据安全法", "", "", BasedOn)]),
        ("依照《公司法》第二十三条第二款的规定办理。", &[("公司法", "", "第二十三条第二款", BasedOn)]),
        (
            "《公司法》第五条、第六条和第七条第（一）项适用。",
            &[("公司法", "", "第五条、第六条和第七条第（一）项", Mentions)],
        ),
        ("违反《甲条例》的第十八条之一规定的，处罚款。", &[("甲条例", "", "第十八条之一", Mentions)]),
        (
            "落实《关于加强供水的意见》（国发〔2019〕5号）要求。",
            &[("关于加强供水的意见", "国发〔2019〕5号", "", BasedOn)],
        ),
        (
            "按照《关于加强供水的意见》（国发[2019]5号，以下简称《意见》）部署。认真学习《意见》第三条。",
            &[
                ("关于加强供水的意见", "国发〔2019〕5号", "", BasedOn),
                ("关于加强供水的意见", "国发〔2019〕5号", "第三条", Mentions),
            ],
        ),
        (
            "适用《最高人民法院关于适用〈公司法〉若干问题的规定（二）》第一条。",
            &[("最高人民法院关于适用〈公司法〉若干问题的规定（二）", "", "第一条", Mentions)],
        ),
        ("《甲办法》和《乙办法》同时废止。", &[("甲办法", "", "", Repeals), ("乙办法", "", "", Repeals)]),
        ("2010年1月1日发布的《甲办法》（某政〔2010〕1号）同时废止。", &[("甲办法", "某政〔2010〕1号", "", Repeals)]),
        ("决定废止《甲办法》。", &[("甲办法", "", "", Repeals)]),
        ("未经批准，《甲办法》不得废止。", &[("甲办法", "", "", Mentions)]),
        ("对《甲条例》作如下修改：", &[("甲条例", "", "", Amends)]),
        ("现将《甲方案》印发给你们。", &[("甲方案", "", "", Issues)]),
        ("根据国发〔2019〕5号文件精神。", &[("", "国发〔2019〕5号", "", BasedOn)]),
        ("住所在人民路5号，电话12345号线。", &[]),
        ("全文见《", &[]),
    ];
    let mut wrong = String::new();
    for (sentence, expected) in cases {
        let found = cited(&format!("某市关于供水工作的通知\n各区人民政府：\n{sentence}"));
        let expected: Vec<_> = expected
            .iter()
            .map(|(title, number, article, relation)| {
                ((*title).to_owned(), (*number).to_owned(), (*article).to_owned(), *relation)
            })
            .collect();
        if found != expected {
            wrong.push_str(&format!("{sentence}\n  expected {expected:?}\n  got      {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_citation_knows_its_place() {
    let document = read("某市供水条例\n第一条 甲。\n第二条 依照《公司法》第三条办理。");
    let citation = &document.citations[0];
    let section = &document.sections[citation.ordinal as usize];
    assert_eq!(section.label, "第二条");
    let at: String = section.text.chars().skip(citation.start as usize).take(5).collect();
    assert_eq!(at, "《公司法》");
}

#[test]
fn a_list_of_what_is_repealed() {
    let text = "某市人民政府关于废止一批文件的决定\n各区人民政府：\n决定废止下列文件。\n附件：废止文件目录\n某市人民政府\n2023年5月6日\n附件\n废止文件目录\n1. 《甲办法》（某政〔2008〕11号）。理由：已有《乙条例》。\n2. 《丙规定》（某政〔2009〕5号）";
    let found = cited(text);
    let repealed: Vec<&str> =
        found.iter().filter(|cited| cited.3 == Relation::Repeals).map(|cited| cited.0.as_str()).collect();
    assert_eq!(repealed, ["甲办法", "丙规定"]);
    assert!(found.iter().any(|cited| cited.0 == "乙条例" && cited.3 == Relation::Mentions));
}

#[test]
fn a_document_does_not_cite_itself() {
    let text = "某市供水条例\n第一条 《某市供水条例》适用于全市。\n第二条 依照《公司法》办理。";
    let found = cited(text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "公司法");
}
