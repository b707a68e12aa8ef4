use proptest::prelude::*;

use super::*;

/// The tree in one line: plain words bare, other leaves marked.
fn tree(source: &str) -> String {
    shape(Query::parse(source).unwrap_or_else(|error| panic!("{source}: {error}")).root())
}

fn shape(node: &Node) -> String {
    let list = |nodes: &[Node]| nodes.iter().map(shape).collect::<Vec<_>>().join(", ");
    match node {
        Node::Keyword(keyword) => match keyword.style {
            KeywordStyle::Plain => keyword.text.clone(),
            KeywordStyle::Phrase => format!("phrase<{}>", keyword.text),
            KeywordStyle::Raw => format!("raw<{}>", keyword.text),
            KeywordStyle::Prefix => format!("prefix<{}>", keyword.text),
        },
        Node::And(nodes) => format!("and[{}]", list(nodes)),
        Node::Or(nodes) => format!("or[{}]", list(nodes)),
        Node::Not(node) => format!("not[{}]", shape(node)),
        Node::Near(near) => format!("near{}[{}, {}]", near.distance_chars, shape(&near.left), shape(&near.right)),
        Node::Field(field) => format!("{field}"),
    }
}

#[test]
fn reads_operators() {
    let table = [
        ("氢能", "氢能"),
        ("氢能 产业园", "and[氢能, 产业园]"),
        ("氢能　产业园", "and[氢能, 产业园]"),
        ("  氢能\t\n", "氢能"),
        ("招商 -公司", "and[招商, not[公司]]"),
        ("招商 －公司", "and[招商, not[公司]]"),
        ("招商 NOT 公司", "and[招商, not[公司]]"),
        ("招商 -\"有限 公司\"", "and[招商, not[phrase<有限 公司>]]"),
        ("招商 -（公司 局）", "and[招商, not[and[公司, 局]]]"),
        ("应急 (预案 OR 演练)", "and[应急, or[预案, 演练]]"),
        ("应急 预案 OR 演练", "and[应急, or[预案, 演练]]"),
        ("应急（预案 OR 演练）", "and[应急, or[预案, 演练]]"),
        ("应急(预案|演练) 培训", "and[应急, or[预案, 演练], 培训]"),
        ("应急 （预案｜演练）", "and[应急, or[预案, 演练]]"),
        ("预案|演练|培训", "or[预案, 演练, 培训]"),
        ("(氢能 园区) OR 光伏", "or[and[氢能, 园区], 光伏]"),
        ("氢能 AND 园区", "and[氢能, 园区]"),
        ("安全 NEAR/10 罚款", "near10[安全, 罚款]"),
        ("安全 ＮＥＡＲ／１０ 罚款", "near10[安全, 罚款]"),
        ("a NEAR/2 b NEAR/3 c", "and[near2[a, b], near3[b, c]]"),
        ("(安全 OR 消防) NEAR/5 罚款 | 处罚", "or[near5[or[安全, 消防], 罚款], 处罚]"),
        ("200*", "prefix<200>"),
        ("国办发20＊", "prefix<国办发20>"),
        ("-( -公司 ) 局", "and[公司, 局]"),
    ];
    for (source, expected) in table {
        assert_eq!(tree(source), expected, "{source}");
    }
}

#[test]
fn reads_phrases() {
    let table = [
        ("\"行政的要求\"", "phrase<行政的要求>"),
        ("“行政的要求”", "phrase<行政的要求>"),
        ("＂行政 要求＂", "phrase<行政 要求>"),
        ("”行政“", "phrase<行政>"),
        ("\"a\\\"b\\\\\"", "phrase<a\"b\\>"),
        ("\"，\"", "phrase<，>"),
        ("raw:\"ＡＢＣ 1\"", "raw<ＡＢＣ 1>"),
        ("raw：“ＡＢＣ”", "raw<ＡＢＣ>"),
        ("raw:ＡＢＣ", "raw<ＡＢＣ>"),
        ("(\"a) b\" c)", "and[phrase<a) b>, c]"),
    ];
    for (source, expected) in table {
        assert_eq!(tree(source), expected, "{source}");
    }
}

#[test]
fn what_cannot_be_syntax_is_text() {
    let table = [
        ("国发〔2019〕5号", "国发〔2019〕5号"),
        ("办法（试行）", "办法（试行）"),
        ("（2022）15号", "（2022）15号"),
        ("（试行）", "（试行）"),
        ("(氢能 园区)建设", "and[(氢能, 园区)建设]"),
        ("《数据安全法》", "《数据安全法》"),
        ("“十四五”规划", "“十四五”规划"),
        ("\"十四五\"规划", "\"十四五\"规划"),
        ("“十四五", "“十四五"),
        ("“十四五\"", "“十四五\""),
        ("招商 -", "招商"),
        ("--公司", "--公司"),
        ("-公司", "-公司"),
        ("NOT 公司", "and[NOT, 公司]"),
        ("-公司 -局", "and[-公司, -局]"),
        ("OR", "OR"),
        ("OR 公司", "and[OR, 公司]"),
        ("公司 OR", "and[公司, OR]"),
        ("公司 OR OR 局", "or[公司, 局]"),
        ("公司 NOT", "and[公司, NOT]"),
        ("公司 | ", "公司"),
        ("| 姓名 | 性别 |", "or[姓名, 性别]"),
        ("a or b", "and[a, or, b]"),
        ("NEAR", "NEAR"),
        ("NEAR/10 罚款", "and[NEAR/10, 罚款]"),
        ("((氢能 园区", "and[((氢能, 园区]"),
        ("氢能) 园区", "and[氢能), 园区]"),
        ("https://www.gov.cn/zhengce/?a=1&b=2", "https://www.gov.cn/zhengce/?a=1&b=2"),
        ("附件：名单", "附件：名单"),
        ("标题:", "标题:"),
        ("改革*", "改革*"),
        ("数据 ， 。 安全", "and[数据, 安全]"),
        ("营商-环境", "营商-环境"),
        ("国办发2024 1", "国办发2024 1"),
        ("国办发2024  12号 通知", "and[国办发2024  12号, 通知]"),
        ("国办发〔2024〕 1号", "国办发〔2024〕 1号"),
        ("2024 1", "and[2024, 1]"),
        ("国办发2024 学习", "and[国办发2024, 学习]"),
        ("罚款2 000元", "罚款2 000元"),
        ("2 000 000元", "2 000 000元"),
        ("12 345", "and[12, 345]"),
        ("2024 000元", "and[2024, 000元]"),
        ("第2 000号", "and[第2, 000号]"),
        ("3 200号", "and[3, 200号]"),
        ("2021-2025年", "2021-2025年"),
    ];
    for (source, expected) in table {
        assert_eq!(tree(source), expected, "{source}");
    }
}

#[test]
fn a_word_in_quotes_keeps_its_variants() {
    let table = [
        ("word:\"两千元\"", "两千元"),
        ("Word：\"((氢能 OR\" 园区", "and[((氢能 OR, 园区]"),
        ("word:\"OR\" -word:\"-局\"", "and[OR, not[-局]]"),
        ("word:\"(a200*\"", "prefix<(a200>"),
        // Nothing else of that name is syntax.
        ("word:200", "word:200"),
        ("word:\"a\"b", "word:\"a\"b"),
        ("word:\"a", "word:\"a"),
    ];
    for (source, expected) in table {
        assert_eq!(tree(source), expected, "{source}");
    }
}

/// Found by fuzzing: brackets that were text found partners in what was written.
#[test]
fn what_is_written_reads_as_it_was_understood() {
    let table = [
        ("应急 预案 OR 演练", "应急 (预案 OR 演练)"),
        ("办法（试行） (a OR b)", "办法（试行） (a OR b)"),
        ("((氢能 a OR b", "((氢能 (a OR b)"),
        ("a (b OR c)", "a (b OR c)"),
        ("(氢能 \"a: \" OR 局)", "氢能 (\"a: \" OR 局)"),
        ("a) b OR c", "a) (b OR c)"),
        ("国办发2024 (1 )", "word:\"国办发2024\" word:\"1\""),
        ("-公司 -局", "-公司 -局"),
        ("(公司 OR) 局", "word:\"公司\" word:\"OR\" word:\"局\""),
        ("|“a| b”", "\"a| b\""),
    ];
    for (source, expected) in table {
        let query = Query::parse(source).expect(source);
        assert_eq!(query.to_string(), expected, "{source}");
        assert_eq!(shape(Query::parse(expected).expect(expected).root()), tree(source), "{source}");
    }
}

/// Everything that means something to the language, and little else.
const PIECES: &[&str] = &[
    "(",
    ")",
    "（",
    "）",
    " ",
    " ",
    "\"",
    "“",
    "”",
    "＂",
    "|",
    "｜",
    "-",
    "－",
    "\\",
    "*",
    ":",
    "raw:",
    "word:",
    "标题:",
    "文号:",
    "日期:",
    "2021",
    "1",
    "000",
    "2",
    "元",
    "国办发",
    "〔",
    "〕",
    "a",
    "b9",
    "氢能",
    "局",
    "OR ",
    " OR ",
    "NOT ",
    " AND ",
    " NEAR/3 ",
    "NEAR/",
    ",",
    "条:",
    "效力:",
    "有效",
    "第",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_query_reads_back_as_the_same_tree(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..14)) {
        let source = pieces.concat();
        if let Ok(query) = Query::parse(&source) {
            let written = query.to_string();
            let again = Query::parse(&written).unwrap_or_else(|e| panic!("{written:?} of {source:?}: {e}"));
            prop_assert!(again.is_same(&query), "{:?} of {:?}: {} is not {}", written, source, shape(again.root()), shape(query.root()));
        }
    }
}
