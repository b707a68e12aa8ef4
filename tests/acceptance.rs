//! How queries must and must not match: a row a rule, each tried on files in
//! UTF-8 and GB18030.

use gongwen::{Index, Mode, Query, SearchOptions, Synonyms, UpdateOptions};

use crate::util::Bench;

/// What a row expects of the section that holds the text.
enum Expect {
    /// A hit of the first tier with this marked; empty for anything.
    Marks(&'static str),
    /// A hit of the first tier by a variant of this kind.
    By(&'static str),
    /// No hit of the first tier.
    No,
    /// No hit of the first tier, and this is offered instead.
    Offers(&'static str),
}
use Expect::{By, Marks, No, Offers};

/// Query, text, expectation. The text stands in a section of its own; `¶` begins
/// a paragraph, `⏎` is the end of a line that a program wrapped.
const ROWS: &[(&str, &str, Expect)] = &[
    // Words inside words.
    ("登记", "事项仍处于待登记状态", Marks("登记")),
    ("项目", "在建项目按季报送", Marks("项目")),
    ("渔业", "由渔业发展基金拨付", Marks("渔业")),
    ("委员会", "市发展改革委员会牵头", Marks("委员会")),
    ("费", "符合条件的予以免费", Marks("费")),
    ("安全法", "依照外国安全法律文书", Marks("安全法")),
    // Quotation keeps function words and has no variants.
    ("\"安全的规定\"", "安全规定", No),
    ("\"安全的规定\"", "安全 的 规定", Marks("安全 的 规定")),
    ("\"市县区\"", "市、县、区联动", No),
    ("\"2022年\"", "二〇二二年计划", No),
    ("raw:\"ＡＢ\"", "AB型", No),
    ("raw:\"ＡＢ\"", "ＡＢ型", Marks("ＡＢ")),
    // Operators.
    ("养老 -公司", "养老机构负责", Marks("养老")),
    ("养老 -公司", "养老公司负责", No),
    ("防汛 (预案 OR 演练)", "防汛抢险演练方案", Marks("防汛")),
    ("防汛 （预案｜演练）", "防汛抢险培训方案", No),
    ("消防 NEAR/10 罚款", "违反消防规定，处罚款", Marks("消防")),
    ("消防 NEAR/2 罚款", "违反消防规定情节严重的，处罚款", No),
    ("标题:消防", "消防只在正文", No),
    ("标题:甲事 消防", "消防只在正文", Marks("消防")),
    // White space and paragraphs.
    ("乡村建设", "乡 村 建 设", Marks("乡 村 建 设")),
    ("公布施行", "由市政府公布。¶施行中的问题", No),
    ("公布施行", "公布¶施行", No),
    ("营商环境", "营商⏎环境", Marks("营商环境")),
    ("营商环境", "要持续优化营商⏎环境，推动产业升级。", Marks("营商环境")),
    (
        "营商环境",
        "为进一步优化政务服务，持续改善全市营商⏎环境，推动经济社会加快发展，现就有关的⏎事项通知如下，请各单位认真组织实施，压⏎实责任。",
        Marks("营商环境"),
    ),
    ("压实责任", "认真组织实施各项改革措施，层层传导并且压⏎实责任。", Marks("压实责任")),
    ("北京天津", "北京¶天津¶上海", No),
    ("改革局财政局", "发展改革局¶财政局", No),
    ("年生李卫华", "张建国，男，一九七〇年生¶李卫华，男，一九七一年生¶王秀英，女，一九七二年生。", No),
    // Folding.
    ("2023年", "２０２３年计划", Marks("２０２３年")),
    ("发展", "促進產業發展", Marks("發展")),
    ("产业（试行）", "产业(试行)", Marks("产业(试行)")),
    ("《水法》", "依照水法办理", By("marks")),
    ("\"双碳\"", "“双碳”目标", Marks("双碳")),
    ("省市县", "省、市、县联动", By("enumeration")),
    // Numbers, one for another, and never a part of a longer one.
    ("2023年", "二〇二三年", By("date")),
    ("2023年", "二○二三年", By("date")),
    ("2023年", "二零二三年", By("date")),
    ("二〇二三年", "2023年", By("date")),
    ("3000元", "处3,000元罚款", By("number")),
    ("3000元", "处3 000元罚款", By("number")),
    ("3000元", "处三千元罚款", By("number")),
    ("2000元", "处两千元罚款", By("number")),
    ("两千元", "处2000元罚款", By("number")),
    ("500万元", "处5000000元罚款", By("number")),
    ("500万元", "处五百万元罚款", By("number")),
    ("300元", "处一千三百元罚款", No),
    ("300", "罚款3000元", No),
    ("300*", "罚款3000元", Marks("3000")),
    ("30%", "百分之三十", By("percentage")),
    ("30%", "30％", Marks("30％")),
    ("5%", "百分之五十", No),
    ("第577条", "依照第五百七十七条", By("ordinal")),
    ("第5条", "依照第十五条和第五十条", No),
    ("2021-2025年", "2021—2025年", By("range")),
    ("三分之二", "2/3以上", By("fraction")),
    // Dates and document numbers.
    ("2023年3月5日", "自2023-03-05起", By("date")),
    ("2023年3月5日", "自2023.3.5起", By("date")),
    ("2023-03-05", "自二〇二三年三月五日起", By("date")),
    ("2023年3月5日", "自2023年3月15日起", No),
    ("青发改〔2022〕15号", "青发改[2022]15号", Marks("青发改[2022]15号")),
    ("青发改〔2022〕15号", "青发改（2022）15号", Marks("青发改（2022）15号")),
    ("青发改〔2022〕15号", "青发改〔2022〕115号", No),
    ("青政办发2024 1", "青政办发〔2024〕1号", By("document_number")),
    ("2022年第4号公告", "公告2022年第4号", By("document_number")),
    // Other names.
    ("发改委", "国家发展和改革委员会", By("alias")),
    ("人社厅", "人力资源和社会保障厅", By("alias")),
    ("放管服", "简政放权、放管结合、优化服务", By("alias")),
    ("十四五", "第十四个五年规划", By("alias")),
    ("双区", "粤港澳大湾区和先行示范区", No),
    ("国土资源部", "自然资源部2021年文", Offers("自然资源部")),
    ("霞浦湾示范区", "建设霞浦湾示范区（以下简称“示范区”）。", Marks("霞浦湾示范区")),
    // Pinyin, and what was mistyped.
    ("yingshanghuanjing", "营商环境", By("pinyin")),
    ("yshj", "营商环境", By("initials")),
    ("营商环竞", "营商环境", Offers("营商环境")),
    ("行政付议", "行政复议", Offers("行政复议")),
];

fn document(text: &str) -> String {
    format!("青屿市关于甲事的通知\n\n一、有关事项\n{}\n二、其他\n无。\n", text.replace(['¶', '⏎'], "\n"))
}

#[test]
fn every_row_holds_in_both_encodings() {
    for (number, (query, text, expected)) in ROWS.iter().enumerate() {
        for encoding in [encoding_rs::UTF_8, encoding_rs::GB18030] {
            let bench = Bench::new();
            bench.write("a.txt", encoding.encode(&document(text)).0);
            let index = Index::in_ram().expect("in memory");
            index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("indexing works");
            check(&index, query, text, expected, &format!("row {number}: {query} | {text} | {}", encoding.name()));
        }
    }
}

fn check(index: &Index, query: &str, text: &str, expected: &Expect, row: &str) {
    let searcher = index.searcher().expect("a searcher");
    let parsed = Query::parse(query).expect("a valid query");
    let options = SearchOptions::new().mode(Mode::Exact);
    let results = searcher.search(&parsed, &options).expect("an answer");
    let first_line = text.split('¶').next().unwrap_or(text).replace('⏎', "");
    let first_line = first_line.as_str();
    let hit = results
        .hits
        .iter()
        .find(|hit| hit.fragments.iter().any(|f| first_line.contains(f.text.trim()) || f.text.contains(first_line)));
    match expected {
        No => assert!(results.hits.is_empty(), "{row}: found {:?}", results.hits[0].fragments),
        Offers(text) => {
            assert!(results.hits.is_empty(), "{row}: found {:?}", results.hits[0].fragments);
            let advice = searcher.advise(&parsed, &options).expect("advice");
            assert!(advice.suggestions.iter().any(|offered| offered.text == *text), "{row}: {advice:?}");
        }
        Marks(marked) => {
            let hit = hit.unwrap_or_else(|| panic!("{row}: not found"));
            let fragment = &hit.fragments[0];
            let chars: Vec<char> = fragment.text.chars().collect();
            let marks: Vec<String> = fragment.highlights.iter().map(|&(a, b)| chars[a..b].iter().collect()).collect();
            assert!(marks.iter().any(|mark| mark.contains(marked)), "{row}: marked {marks:?}");
        }
        By(kind) => {
            let hit = hit.unwrap_or_else(|| panic!("{row}: not found"));
            let kinds: Vec<_> = hit.variants.iter().map(|variant| variant.kind).collect();
            assert!(kinds.contains(kind), "{row}: {kinds:?}");
            assert!(!hit.fragments[0].highlights.is_empty(), "{row}: nothing marked");
        }
    }
}

/// What `grep -F` finds is all that exact mode finds, whatever else is there.
#[test]
fn exact_mode_is_literal_where_there_is_something_literal() {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("a writer");
    writer.put_text("literal", "第一条 由市人大常委会决定，处2000元罚款。").expect("put");
    writer.put_text("variant", "第一条 由市人民代表大会常务委员会决定，处两千元罚款。").expect("put");
    writer.commit().expect("commit");
    let searcher = index.searcher().expect("a searcher");
    let found = |query: &str, mode| {
        let query = Query::parse(query).expect("a valid query");
        searcher.count(&query, &SearchOptions::new().mode(mode)).expect("an answer").exact
    };
    for query in ["人大常委会", "2000元", "两千元"] {
        assert_eq!(found(query, Mode::Exact), 1, "{query}");
        assert_eq!(found(query, Mode::Smart), 2, "{query}");
    }
    assert_eq!(found("贰仟元", Mode::Exact), 2, "found nowhere itself, so as what it means");
}

/// What ranks below what.
#[test]
fn a_true_word_ranks_above_a_chance_one() {
    let rank = |query: &str, texts: [&str; 2]| {
        let bench = Bench::new();
        for (name, text) in ["0.txt", "1.txt"].iter().zip(texts) {
            bench.write(name, document(text));
        }
        let index = Index::in_ram().expect("in memory");
        index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("indexing works");
        let results = index
            .searcher()
            .expect("a searcher")
            .search(&Query::parse(query).expect("a valid query"), &SearchOptions::new())
            .expect("an answer");
        let name = |hit: &gongwen::Hit| hit.document.key.rsplit('/').next().unwrap_or_default().to_owned();
        results.hits.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(rank("和服", ["产品和服务抽检工作方案", "传统和服展览工作方案"]), ["1.txt", "0.txt"]);
    assert_eq!(rank("公司法", ["外国公司法律文书的送达", "公司法规定的其他情形"]), ["1.txt", "0.txt"]);
    assert_eq!(rank("《水法》", ["依照水法的规定办理", "依照《水法》的规定办理"]), ["1.txt", "0.txt"]);
}

/// A later paragraph that uses the short form is found too, below the one that
/// has the name itself.
#[test]
fn what_a_document_abbreviates_is_found() {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("a writer");
    let text =
        "某条例\n第一条 建设霞浦湾先行示范区（以下简称“示范区”）。\n第二条 示范区实行联席会议制度。\n第三条 其他。";
    writer.put_text("a", text).expect("put");
    writer.put_text("b", "某办法\n第一条 别处的示范区不在此列。").expect("put");
    writer.commit().expect("commit");
    let query = Query::parse("先行示范区").expect("a valid query");
    let results = index.searcher().expect("a searcher").search(&query, &SearchOptions::new()).expect("an answer");
    let found: Vec<_> = results
        .hits
        .iter()
        .filter(|hit| hit.tier == gongwen::Tier::Exact)
        .map(|hit| (hit.document.key.as_str(), hit.section.label.as_str()))
        .collect();
    assert_eq!(found, [("a", "第一条"), ("a", "第二条")]);
    assert_eq!(results.hits[1].variants[0].kind, "abbreviation");
}

/// Queries that are nothing but a reference go there.
#[test]
fn a_reference_goes_to_what_it_names() {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("a writer");
    let law = "某市供水条例\n第一条 为了供水，制定本条例。\n第二条 供水单位应当备案。\n第二条之一 备案不收费。\n第十二条 违反第二条的，处罚款。";
    writer.put_text("law", law).expect("put");
    let notice = "某市人民政府办公室关于供水的通知\n某政办发〔2024〕7号\n各区：\n一、按照某市供水条例第二条办理。\n某市人民政府办公室\n2024年3月1日\n";
    writer.put_text("notice", notice).expect("put");
    writer.put_text("other", "某局关于落实某政办发〔2024〕7号的通知\n一、按照某政办发〔2024〕7号办理。").expect("put");
    writer.commit().expect("commit");
    let first = |query: &str| {
        let query = Query::parse(query).expect("a valid query");
        let results = index.searcher().expect("a searcher").search(&query, &SearchOptions::new()).expect("an answer");
        let hit = results.hits.into_iter().next().expect("a hit");
        (hit.document.key.clone(), hit.section.label, hit.is_named)
    };
    assert_eq!(first("供水条例第二条"), ("law".to_owned(), "第二条".to_owned(), true));
    assert_eq!(first("供水条例 2条"), ("law".to_owned(), "第二条".to_owned(), true));
    assert_eq!(first("《供水条例》第二条之一"), ("law".to_owned(), "第二条之一".to_owned(), true));
    assert_eq!(first("某政办发[2024]7号"), ("notice".to_owned(), String::new(), true));
}

/// Of the versions of a law, the newest; and the law before what interprets it.
#[test]
fn a_reference_goes_to_the_newest_version() {
    let bench = Bench::new();
    let law = |date: &str, text: &str| {
        format!(
            "# 中华人民共和国供水法\n\n{date}日 第十届全国人民代表大会常务委员会通过\n\n<!-- INFO END -->\n\n第一条 为了供水，制定本法。\n\n第二条 {text}\n"
        )
    };
    bench.write("供水法(2010-05-01).md", law("2010年5月1", "供水。"));
    bench.write(
        "供水法(2020-05-01).md",
        law("2020年5月1", "国家保障供水，供水单位应当备案，并向社会公布水质、水压和水价。"),
    );
    let rules = "# 最高人民法院关于适用《中华人民共和国供水法》若干问题的解释\n\n2022年5月1日 最高人民法院审判委员会通过\n\n<!-- INFO END -->\n\n第一条 供水法。\n\n第二条 供水法。\n";
    bench.write("解释(2022-05-01).md", rules);
    let index = Index::in_ram().expect("in memory");
    index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("indexing works");
    let query = Query::parse("供水法第二条").expect("a valid query");
    let results = index.searcher().expect("a searcher").search(&query, &SearchOptions::new()).expect("an answer");
    let names: Vec<&str> =
        results.hits.iter().map(|hit| hit.document.key.rsplit('/').next().unwrap_or_default()).collect();
    assert_eq!(names[..3], ["供水法(2020-05-01).md", "供水法(2010-05-01).md", "解释(2022-05-01).md"]);
}

/// Of sections that say nearly the same, the newest stands for all.
#[test]
fn near_duplicates_are_one_hit_of_the_newest() {
    let bench = Bench::new();
    let text = |year: &str, more: &str| {
        format!(
            "某市供水条例\n（{year}年5月1日某市人民代表大会常务委员会通过）\n\n第{more}条 供水单位应当保证水质，定期检修管网，并将水质、水压和停水信息向社会公布，接受用户监督。\n"
        )
    };
    bench.write("供水条例(2010-05-01).txt", text("2010", "一"));
    bench.write("供水条例(2020-05-01).txt", text("2020", "三"));
    bench.write("别的.txt", "某区通知\n一、供水单位应当备案。\n");
    let index = Index::in_ram().expect("in memory");
    index.add_roots(&[bench.docs()], &UpdateOptions::new()).expect("indexing works");
    let query = Query::parse("供水单位").expect("a valid query");
    let results = index
        .searcher()
        .expect("a searcher")
        .search(&query, &SearchOptions::new().mode(Mode::Exact))
        .expect("an answer");
    let shown: Vec<(&str, u64)> = results
        .hits
        .iter()
        .map(|hit| (hit.document.key.rsplit('/').next().unwrap_or_default(), hit.duplicates))
        .collect();
    assert_eq!(shown.len(), 3, "nothing is lost: {shown:?}");
    let place = |name: &str| shown.iter().position(|(shown, _)| *shown == name);
    assert_eq!(shown[place("供水条例(2020-05-01).txt").expect("the new one")].1, 1);
    assert_eq!(place("供水条例(2010-05-01).txt"), Some(2), "the old one follows behind: {shown:?}");
}

/// Local names count only for those who say so.
#[test]
fn a_users_aliases_are_added() {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("a writer");
    writer.put_text("a", "第一条 求雨岭氢能产业园开工。").expect("put");
    writer.commit().expect("commit");
    let query = Query::parse("求雨岭园区").expect("a valid query");
    let options = SearchOptions::new().mode(Mode::Exact);
    let searcher = index.searcher().expect("a searcher");
    assert_eq!(searcher.search(&query, &options).expect("an answer").counts.exact, 0);
    let synonyms = Synonyms::with_user_text("求雨岭园区 = 求雨岭氢能产业园").expect("a group");
    let results = searcher.with_synonyms(synonyms).search(&query, &options).expect("an answer");
    assert_eq!(results.counts.exact, 1);
    assert_eq!(results.hits[0].variants[0].kind, "alias");
}
