//! Metadata: fields of header, signature, history and text, and where they came from.

use super::{read, read_as};
use crate::Document;
use crate::document::Origin;

/// The value of a field as JSON shows it; `-` for null.
fn field(document: &Document, name: &str) -> String {
    if name == "title" {
        return document.title.clone();
    }
    let value = serde_json::to_value(&document.metadata).unwrap();
    match &value[name] {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Compares one field each of many snippets and names all that differ.
fn check(cases: &[(&str, &str, &str)]) {
    let mut wrong = String::new();
    for (name, text, expected) in cases {
        let found = field(&read(text), name);
        if found != *expected {
            wrong.push_str(&format!("{name} of {text:?}\n  expected {expected}\n  got      {found}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

const BODY: &str = "各区人民政府：\n现就有关事项通知如下。\n一、总体要求\n抓好落实。\n某市人民政府\n2022年5月6日";

#[test]
fn titles() {
    check(&[
        (
            "title",
            "某市人民政府关于加强供水管理的通知\n某政发〔2022〕5号\n各区人民政府：\n请落实。",
            "某市人民政府关于加强供水管理的通知",
        ),
        (
            "title",
            "某市人民政府关于进一步加强和改进城市\n供水管理工作的通知\n某政发〔2022〕5号\n各区人民政府：\n请落实。",
            "某市人民政府关于进一步加强和改进城市供水管理工作的通知",
        ),
        (
            "title",
            "某市人民政府文件\n某政发〔2022〕5号\n某市人民政府\n关于印发某市供水规划的通知\n各区人民政府：\n请落实。",
            "某市人民政府关于印发某市供水规划的通知",
        ),
        (
            "title",
            "某市财政局 某市税务局\n关于落实减税政策的通知\n某财〔2022〕5号\n各区财政局：\n请落实。",
            "某市财政局 某市税务局关于落实减税政策的通知",
        ),
        (
            "title",
            "最高人民法院关于适用《中华人民共和国民法典〈合同编〉》的解释\n第一条 甲。\n第二条 乙。",
            "最高人民法院关于适用《中华人民共和国民法典〈合同编〉》的解释",
        ),
        (
            "title",
            "某市养犬管理条例（修订草案征求意见稿）\n第一条 甲。\n第二条 乙。",
            "某市养犬管理条例（修订草案征求意见稿）",
        ),
        (
            "title",
            "某局文件\n某卫发〔2024〕9号　　签发人：李某\n某局关于申请经费的请示\n市人民政府：\n甲。",
            "某局关于申请经费的请示",
        ),
        (
            "title",
            "中共某市委办公室\n某市人民政府办公室\n关于做好防汛工作的通知\n各区：\n甲。",
            "中共某市委办公室 某市人民政府办公室关于做好防汛工作的通知",
        ),
        ("title", "主题词：\n某市养犬管理条例\n第一条 甲。\n第二条 乙。", "某市养犬管理条例"),
        ("title", "某 市 养 犬 管 理 条 例\n第一条 甲。\n第二条 乙。", "某市养犬管理条例"),
    ]);
}

#[test]
fn status_stands_apart() {
    check(&[
        ("status", "某市投资管理实施细则（试行）\n第一条 甲。", "试行"),
        ("status", "某市投资管理实施细则（征求意见稿）\n第一条 甲。", "征求意见稿"),
        ("status", "某市养犬管理条例（2020年修订）\n第一条 甲。", "2020年修订"),
        ("status", "某市投资管理办法\n（暂行）\n第一条 甲。", "暂行"),
        ("status", "某市总体规划（2018—2035年）\n一、背景\n略。", "-"),
        ("status", "中华人民共和国刑法修正案（九）\n一、甲。\n二、乙。", "-"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("number", "某通知\n国办发〔2019〕6号\n各省：\n甲。", "国办发〔2019〕6号"),
        ("number", "某通知\n国办发[2019]6号\n各省：\n甲。", "国办发〔2019〕6号"),
        ("number", "某通知\n国办发（2019）6号\n各省：\n甲。", "国办发〔2019〕6号"),
        ("number", "某通知\n国办发【2019】 第 6 号\n各省：\n甲。", "国办发〔2019〕6号"),
        ("number", "某通知\n（深龙华发改〔2022〕15号）\n各局：\n甲。", "深龙华发改〔2022〕15号"),
        ("number", "某通知\n文号：国办发〔2019〕6号\n各省：\n甲。", "国办发〔2019〕6号"),
        (
            "number",
            "某市人民政府令\n第92号\n《某规定》已经通过，现予公布。\n市长 王某\n2020年3月5日",
            "某市人民政府令第92号",
        ),
        ("number", "国家税务总局公告\n2022年第4号\n现公告如下。", "国家税务总局公告2022年第4号"),
        ("number", "关于供水的通知\n市府發〔2021〕3號\n各區：\n甲。", "市府發〔2021〕3号"),
        ("number", "某市人民政府专题会议纪要\n〔2023〕12号\n会议听取了汇报。", "某市人民政府专题会议纪要〔2023〕12号"),
        (
            "number",
            "关于延续实施政策的公告\n财政部 税务总局公告2023年第44号\n现公告如下。",
            "财政部税务总局公告2023年第44号",
        ),
        (
            "number",
            "某局文件\n某卫发〔2024〕9号　　签发人：李某\n某局关于申请经费的请示\n市人民政府：\n甲。",
            "某卫发〔2024〕9号",
        ),
        ("number", "某解释\n法释〔2020〕17号\n第一条 甲。", "法释〔2020〕17号"),
        // A number that is cited is not the document's own.
        ("number", "某通知\n各区：\n根据《意见》（国发〔2019〕5号）要求，现通知如下。", "-"),
    ]);
}

#[test]
fn agencies() {
    check(&[
        ("agency", "关于加强供水管理的通知\n各区人民政府：\n请落实。\n某市人民政府\n2022年5月6日", "某市人民政府"),
        (
            "agency",
            "关于加强校外培训监管的通知\n各区教育局：\n请落实。\n某市教育局　某市公安局\n某市财政局\n2022年5月6日",
            "某市教育局、某市公安局、某市财政局",
        ),
        ("agency", "国务院关于加强供水管理的意见\n各省：\n请落实。", "国务院"),
        ("agency", "某局总结\n来源：某市发展和改革局 日期：2022年2月9日\n一、工作\n甲。", "某市发展和改革局"),
        ("agency", "某市人民政府专题会议纪要\n〔2023〕12号\n会议听取了汇报。", "某市人民政府"),
        (
            "agency",
            "政府工作报告\n——2023年1月10日在某市第八届人民代表大会第三次会议上\n某市人民政府市长 王某\n各位代表：\n一、回顾\n甲。",
            "某市人民政府",
        ),
        ("agency", "各位代表：\n现在，我代表国务院，向大会报告政府工作，请予审议。\n一、回顾\n甲。", "国务院"),
        ("agency", "各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、回顾\n甲。", "-"),
        ("source", "某局总结\n来源：某市发展和改革局 日期：2022年2月9日\n一、工作\n甲。", "某市发展和改革局"),
        ("agency", "护士条例\n2008年1月31日 中华人民共和国国务院令第517号公布\n第一条 甲。\n第二条 乙。", "国务院"),
        (
            "agency",
            "某法\n2015年8月29日 第十二届全国人民代表大会常务委员会第十六次会议通过\n第一条 甲。\n第二条 乙。",
            "全国人民代表大会常务委员会",
        ),
    ]);
}

#[test]
fn recipients_secrecy_urgency() {
    check(&[
        (
            "recipients",
            "某通知\n各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n甲。",
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构",
        ),
        ("recipients", "某批复\n河北省人民政府、国家发展改革委：\n甲。", "河北省人民政府、国家发展改革委"),
        ("recipients", "某报告\n各位代表：\n现在，我代表市人民政府报告工作。", "-"),
        ("recipients", "某通知\n现将有关事项通知如下：\n一、甲\n乙。", "-"),
        ("secrecy", "机密★1年\n特急\n某市关于防汛的通知\n各区：\n甲。", "机密"),
        ("urgency", "机密★1年\n特急\n某市关于防汛的通知\n各区：\n甲。", "特急"),
        ("urgency", "某市关于做好防汛工作的紧急通知\n各区：\n甲。", "-"),
        ("secrecy", "某市保密工作规定\n第一条 国家秘密分为绝密、机密、秘密三级。\n第二条 乙。", "-"),
    ]);
}

#[test]
fn dates_are_kept_apart() {
    let text = "索引号：0001/2022-1\n成文日期：2022年5月6日\n发布日期：2022年5月10日\n某市人民政府关于印发《某办法》的通知\n各区：\n现予印发。\n某市人民政府\n2022年5月6日\n某办法\n第一条 甲。\n第二条 本办法自2022年6月1日起施行，有效期5年。";
    check(&[
        ("written", text, "2022-05-06"),
        ("published", text, "2022-05-10"),
        ("effective", text, "2022-06-01"),
        ("expires", text, "2027-05-31"),
        ("printed", text, "-"),
        ("written", "某通知\n各区：\n甲。\n某市人民政府\n二〇二二年五月六日", "2022-05-06"),
        (
            "printed",
            "某通知\n各区：\n甲。\n某市人民政府\n2021年5月8日\n抄送：市委办公室。\n某市人民政府办公室　2021年5月18日印发",
            "2021-05-18",
        ),
        (
            "written",
            "某通知\n各区：\n甲。\n某市人民政府\n2021年5月8日\n抄送：市委办公室。\n某市人民政府办公室　2021年5月18日印发",
            "2021-05-08",
        ),
        ("published", "某局总结\n来源：某局 日期：2022年2月9日\n一、工作\n甲。", "2022-02-09"),
        ("written", "某通知\n各区：\n请于2022年3月1日前报送。", "-"),
        (
            "written",
            "某法\n（2015年8月29日某市人民代表大会常务委员会通过 2018年3月30日修正）\n第一条 甲。\n第二条 乙。",
            "2015-08-29",
        ),
        (
            "amended",
            "某法\n（2015年8月29日某市人民代表大会常务委员会通过 2018年3月30日修正）\n第一条 甲。\n第二条 乙。",
            "2018-03-30",
        ),
        ("effective", "某办法\n第一条 甲。\n第二条 本办法自公布之日起施行。\n2022年5月6日", "2022-05-06"),
        ("expires", "某公告\n一、免征增值税。\n二、本公告执行至2027年12月31日。\n某局\n2023年8月18日", "2027-12-31"),
        ("expires", "某公告\n一、《甲政策》执行至2027年12月31日。\n某局\n2023年8月18日", "-"),
        (
            "written",
            "政府工作报告\n——2023年1月10日在某市第八届人民代表大会第三次会议上\n某市人民政府市长 王某\n各位代表：\n一、回顾\n甲。",
            "2023-01-10",
        ),
        // The decision's own day, not that of the regulation it publishes again.
        (
            "effective",
            "某市人大常委会关于修改《某市河道条例》的决定\n（2022年7月28日某市人民代表大会常务委员会通过）\n一、修改第一条。\n本决定自2022年10月1日起施行。\n《某市河道条例》根据本决定作相应修改，重新公布。\n某市河道条例\n第一条 甲。\n第二条 本条例自1996年10月1日起施行。",
            "2022-10-01",
        ),
        // Another document's force.
        ("effective", "某通知\n各区：\n《甲条例》自2020年1月1日起施行，请学习。\n某市人民政府\n2022年5月6日", "-"),
    ]);
}

#[test]
fn force() {
    check(&[
        ("validity", "某总结\n文件已失效\n一、工作\n甲。", "已失效"),
        ("validity", "某办法（已废止）\n第一条 甲。\n第二条 乙。", "已废止"),
        ("validity", "某办法\n有效性：现行有效\n第一条 甲。\n第二条 乙。", "现行有效"),
        ("validity", "某办法\n时效性：尚未施行\n第一条 甲。\n第二条 乙。", "尚未施行"),
        ("validity", "某办法\n第一条 甲。\n第二条 本办法自2022年6月1日起施行。", "现行有效"),
        ("validity", "某办法\n第一条 甲。\n第二条 本办法自2030年6月1日起施行。", "尚未施行"),
        ("validity", "某办法\n第一条 甲。\n第二条 本办法自2018年6月1日起施行，有效期三年。", "已失效"),
        ("validity", "某办法\n第一条 甲。\n第二条 本办法自2018年6月1日起施行，有效期至2025年12月31日。", "现行有效"),
        ("validity", "某通知\n各区：\n甲。", "-"),
    ]);
    let inferred = read("某办法\n第一条 甲。\n第二条 本办法自2018年6月1日起施行，有效期三年。");
    let source = inferred.metadata.source_of("validity").unwrap();
    assert!(source.inferred);
    assert_eq!(source.original, "第二条 本办法自2018年6月1日起施行，有效期三年。");
    let stated = read("某总结\n文件已失效\n一、工作\n甲。");
    assert!(!stated.metadata.source_of("validity").unwrap().inferred);
}

#[test]
fn kinds_and_levels() {
    check(&[
        ("kind", &format!("某市关于加强供水管理的通知\n{BODY}"), "通知"),
        ("kind", "某市供水规程\n第一条 甲。\n第二条 乙。", "规程"),
        ("level", "中华人民共和国护士法\n第一条 甲。\n第二条 乙。", "法律"),
        ("level", "护士条例\n2008年1月31日 中华人民共和国国务院令第517号公布\n第一条 甲。\n第二条 乙。", "行政法规"),
        (
            "level",
            "某市人民政府关于供水的意见\n某政发〔2022〕5号\n各区人民政府：\n甲。\n某市人民政府\n2022年5月6日",
            "规范性文件",
        ),
        (
            "level",
            "某市供水条例\n（2015年8月29日某市人民代表大会常务委员会通过）\n第一条 甲。\n第二条 乙。",
            "地方性法规",
        ),
    ]);
}

#[test]
fn each_value_says_where_it_was_read() {
    let text = "某市人民政府关于加强供水管理的通知\n某政发[2022] 5号\n各区人民政府：\n请落实。\n某市人民政府\n二〇二二年五月六日";
    let document = read(text);
    let source = |field: &str| document.metadata.source_of(field).unwrap();
    assert_eq!(source("number").original, "某政发[2022] 5号");
    assert_eq!(source("number").origin, Origin::FirstLines);
    assert_eq!(source("written").original, "二〇二二年五月六日");
    assert_eq!(source("written").origin, Origin::Signature);
    assert_eq!(source("title").origin, Origin::FirstLines);
    let json = serde_json::to_value(&document).unwrap();
    assert_eq!(json["metadata"]["number"], "某政发〔2022〕5号");
    assert_eq!(json["metadata"]["sources"]["number"]["original"], "某政发[2022] 5号");
    assert_eq!(json["metadata"]["sources"]["number"]["source"], "first_lines");
    assert_eq!(json["metadata"]["topic"], serde_json::Value::Null);
}

#[test]
fn markdown_front_matter_and_the_block_of_law_collections() {
    let text = "---\ntitle: 某市供水条例\n发文字号: 某人常〔2020〕3号\n施行日期: 2020-10-01\n---\n\n# 某市供水条例\n\n第一条 甲。\n\n第二条 乙。\n";
    let document = read_as(text, "a.md");
    assert_eq!(document.title, "某市供水条例");
    assert_eq!(field(&document, "number"), "某人常〔2020〕3号");
    assert_eq!(field(&document, "effective"), "2020-10-01");
    assert_eq!(document.metadata.source_of("number").unwrap().origin, Origin::FrontMatter);

    let text = "# 护士条例\n\n2008年1月31日 中华人民共和国国务院令第517号公布\n\n2020年3月27日 修订\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n第一条 甲。\n\n第二条 乙。\n";
    let document = read_as(text, "护士条例(2020-03-27).md");
    assert_eq!(field(&document, "published"), "2008-01-31");
    assert_eq!(field(&document, "amended"), "2020-03-27");
    assert_eq!(field(&document, "number"), "中华人民共和国国务院令第517号");
    assert_eq!(document.metadata.history.len(), 2);
}

#[test]
fn a_date_in_the_name_of_a_file() {
    let document = read_as("# 某市供水条例\n\n第一条 甲。\n\n第二条 乙。\n", "某市供水条例(2019-05-01).md");
    assert_eq!(field(&document, "published"), "2019-05-01");
    let source = document.metadata.source_of("published").unwrap();
    assert!(source.inferred && source.origin == Origin::FileName);
}
