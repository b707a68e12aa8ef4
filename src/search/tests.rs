//! The engine against the definition of the query language, by brute force.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::analysis::{Synonyms, fold, variants};
use crate::document::{Date, Document, DocumentNumber, Genre, Metadata, Section, Validity};
use crate::query::eval::{Evaluator, Spelling};
use crate::query::{DateRange, Filter, Keyword, Query};
use crate::{FacetField, Index, Mode, SearchOptions, Sort};

/// Few characters, so that random queries find something; some that fold, runs of
/// letters and digits, numbers in both spellings. No word of letters alone, which
/// could be the pinyin of something.
const PIECES: &[&str] = &[
    "安", "全", "罚", "款", "安全", "罚款", "的", "。", "，", "\n", " ", "200", "2000", "x9", "Ｘ９", "國", "国",
    "二百", "〔", "[",
];

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

fn document() -> impl Strategy<Value = Document> {
    let sections = proptest::collection::vec((text(), proptest::option::of(0usize..3), 1u32..4), 0..4);
    let date = proptest::option::of((2020u16..2023, 1u8..13));
    let kind = proptest::option::of(proptest::sample::select(vec![Genre::Notice, Genre::Law]));
    let validity = proptest::option::of(proptest::sample::select(vec![Validity::InForce, Validity::Repealed]));
    let agency = proptest::option::of(proptest::sample::select(vec!["安全局", "罚款局"]));
    let serial = proptest::option::of(1u32..3);
    (text(), text(), sections, date, kind, validity, agency, serial).prop_map(
        |(title, front, sections, date, kind, validity, agency, serial)| {
            let metadata = Metadata {
                agency: agency.map(str::to_owned),
                kind,
                validity,
                published: date.and_then(|(year, month)| Date::new(year, month, 1)),
                number: serial.and_then(|serial| DocumentNumber::parse(&format!("国安〔2021〕{serial}号"))),
                ..Metadata::default()
            };
            // A title is one line.
            let title = title.replace('\n', "");
            let mut all = vec![Section { line: 1, text: front, ..Section::default() }];
            for (at, (text, path, article)) in sections.into_iter().enumerate() {
                let label = ["第一条", "第二条", "第三条"][article as usize - 1];
                let path = path.map(|path| ["第一章 安全", "第二章 罚款", "第三章 国"][path].to_owned());
                all.push(Section {
                    ordinal: at as u32 + 1,
                    level: 1,
                    label: label.to_owned(),
                    path: path.into_iter().collect(),
                    text: format!("{label} {text}"),
                    ..Section::default()
                });
            }
            Document { title, metadata, sections: all, citations: Vec::new() }
        },
    )
}

/// A query in the query language, all keywords in quotation marks if so wanted;
/// whatever it is, both sides read it alike.
fn query(quoted: bool) -> impl Strategy<Value = String> {
    let word = proptest::collection::vec(proptest::sample::select(PIECES), 1..3)
        .prop_map(|pieces| pieces.concat().replace(['\n', ' '], ""))
        .prop_filter("something to find", |word| word.contains(char::is_alphanumeric));
    // White space in quotation marks, a line break too, is none.
    let phrase = proptest::collection::vec(proptest::sample::select(PIECES), 1..5)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("something to find", |phrase| phrase.contains(char::is_alphanumeric));
    let leaf = prop_oneof![
        6 => word.clone().prop_map(move |word| if quoted { format!("\"{word}\"") } else { word }),
        3 => phrase.prop_map(|phrase| format!("\"{phrase}\"")),
        1 => word.clone().prop_map(|word| format!("raw:\"{word}\"")),
        1 => Just("20*".to_owned()),
        1 => Just("x*".to_owned()),
        2 => (word.clone(), word.clone(), 1u32..6).prop_map(|(a, b, n)| format!("\"{a}\" NEAR/{n} \"{b}\"")),
        1 => word.clone().prop_map(|word| format!("标题:\"{word}\"")),
        1 => word.clone().prop_map(|word| format!("路径:\"{word}\"")),
        1 => proptest::sample::select(vec![
            "机关:安全", "文种:通知", "日期:2021", "日期:2020..2021-06", "日期:>=2021-03", "效力:有效", "条:2", "文号:国安",
            "文号:国安〔2021〕1号", "发布:2022",
        ]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|all| format!("({})", all.join(" "))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|any| format!("({})", any.join(" OR "))),
            (inner.clone(), inner).prop_map(|(yes, no)| format!("({yes} -({no} ))")),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let none = Just(Filter::new()).boxed();
    let some = prop_oneof![
        Just(Filter::new().kind(Genre::Notice)),
        Just(Filter::new().agency("安全").valid(Validity::InForce)),
        Just(Filter::new().dates(DateRange { from: 20_210_000, to: DateRange::OPEN_END })),
        Just(Filter::new().path("安全")),
        Just(Filter::new().title_only(true)),
    ];
    prop_oneof![3 => none, 1 => some.boxed()]
}

fn index_of(documents: &[Document]) -> Index {
    let index = Index::in_ram().expect("in memory");
    let mut writer = index.writer().expect("a writer");
    for (at, document) in documents.iter().enumerate() {
        writer.put(&at.to_string(), document.clone()).expect("put");
    }
    writer.commit().expect("commit");
    index
}

fn by_brute_force(query: &Query, filter: &Filter, documents: &[Document]) -> BTreeSet<(usize, u32)> {
    let synonyms = Synonyms::bundled();
    let fold_char = |c: char| fold(&c.to_string()).chars().next().unwrap_or(c);
    let spellings = |keyword: &Keyword| -> Vec<Spelling> {
        let spelling = |variant: variants::Variant| Spelling {
            text: variant.text.clone(),
            fits: Box::new(move |text, start, end| variant.fits(text, start, end)),
        };
        variants::variants(&keyword.text, &synonyms).into_iter().map(spelling).collect()
    };
    let evaluator = Evaluator { fold: &fold_char, spellings: &spellings };
    let hits = evaluator.hits(query.root(), filter, documents);
    hits.into_iter().map(|found| (found.document, found.section as u32)).collect()
}

/// The first tier.
fn by_engine(index: &Index, query: &Query, filter: &Filter) -> BTreeSet<(usize, u32)> {
    let options = SearchOptions::new().limit(None).filter(filter.clone());
    let results = index.searcher().expect("a searcher").search(query, &options).expect("an answer");
    assert_eq!(results.counts.sections(), results.hits.len() as u64);
    let exact = results.hits.iter().filter(|hit| hit.tier == crate::Tier::Exact);
    exact.map(|hit| (hit.document.key.parse().expect("a number"), hit.section.ordinal)).collect()
}

proptest! {
    // Building an index is what takes the time, so each answers many queries:
    // 300 indexes, 36 queries each.
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_the_definition_says(
        documents in proptest::collection::vec(document(), 1..5),
        queries in proptest::collection::vec((query(false), filter()), 36),
    ) {
        let index = index_of(&documents);
        for (source, filter) in &queries {
            let query = Query::parse(source).expect("a valid query");
            let expected = by_brute_force(&query, filter, &documents);
            let found = by_engine(&index, &query, filter);
            prop_assert_eq!(&found, &expected, "query {} = {} with {:?}", source, query, filter);
        }
    }

    #[test]
    fn facets_count_the_documents_that_match(
        documents in proptest::collection::vec(document(), 1..6),
        source in query(true),
        filter in filter(),
    ) {
        let index = index_of(&documents);
        let query = Query::parse(&source).expect("a valid query");
        // Quotation marks keep both sides literal.
        let options = SearchOptions::new().mode(Mode::Exact).filter(filter.clone()).facets(FacetField::ALL);
        let results = index.searcher().expect("a searcher").search(&query, &options).expect("an answer");
        let matching: BTreeSet<usize> = by_brute_force(&query, &filter, &documents).into_iter().map(|(d, _)| d).collect();
        prop_assert_eq!(results.counts.documents, matching.len() as u64);
        for facet in &results.facets {
            let value = |at: &usize| {
                let metadata = &documents[*at].metadata;
                match facet.field {
                    "agency" => metadata.agency.clone(),
                    "kind" => metadata.kind.map(|kind| kind.name().to_owned()),
                    "year" => metadata.published.map(|date| date.year().to_string()),
                    "validity" => metadata.validity.map(|validity| validity.name().to_owned()),
                    _ => None,
                }
            };
            let values: Vec<Option<String>> = matching.iter().map(value).collect();
            for count in &facet.values {
                let expected = values.iter().filter(|value| value.as_deref() == Some(&count.value)).count();
                prop_assert_eq!(count.documents, expected as u64, "{} {}", facet.field, count.value);
            }
            let known: BTreeSet<&String> = values.iter().flatten().collect();
            prop_assert_eq!(facet.values.len(), known.len());
            prop_assert_eq!(facet.missing, values.iter().filter(|value| value.is_none()).count() as u64);
        }
    }
}

/// More words than are kept from keyword to keyword, and some of them twice.
#[test]
fn keywords_of_many_words_are_found_by_their_words() {
    const WORDS: &[&str] = &[
        "安全", "罚款", "监督", "管理", "工资", "合同", "单位", "企业", "义务", "期限", "市场", "政府", "教育", "医疗",
        "环境", "土地", "交通", "渔港", "食品", "药品", "农业", "林业", "水利", "能源", "财政", "税收", "审计", "统计",
        "档案", "文物", "体育", "旅游", "气象", "地震", "消防", "渔业", "航空", "邮政", "电力", "煤炭",
    ];
    let pairs: Vec<(&str, &str)> = WORDS.chunks(2).map(|pair| (pair[1], pair[0])).chain([("安全", "煤炭")]).collect();
    let document = |(a, b): &(&str, &str)| Document {
        sections: vec![Section { text: format!("{a}在{b}。"), ..Section::default() }],
        ..Document::default()
    };
    let index = index_of(&pairs.iter().map(document).collect::<Vec<_>>());
    let searcher = index.searcher().expect("a searcher");
    let keywords: Vec<String> = pairs.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let options = SearchOptions::new().mode(Mode::Any);
    for keyword in &keywords {
        let counts = searcher.count(&Query::parse(keyword).expect("a query"), &options).expect("counts");
        assert_eq!((counts.exact, counts.words), (0, Some(1)), "{keyword}");
    }
    let any = Query::parse(&keywords.join(" OR ")).expect("a query");
    let counts = searcher.count(&any, &options).expect("counts");
    assert_eq!((counts.exact, counts.words), (0, Some(keywords.len() as u64)));
}

#[test]
fn a_spelling_counts_where_one_occurrence_of_it_is_part_of_nothing_else() {
    let texts = [
        ("由国家发展改革委发布。", true),
        ("国家发展改革委员工代表。", false),
        ("国家发展改革委员工由国家发展改革委管理。", true),
        ("国家发展改革委\n员工。", true),
        ("国家发展改革 委　员工。", false),
        ("国家发展改革部。", false),
    ];
    for in_heading in [false, true] {
        let document = |(text, _): &(&str, bool)| {
            let (path, text) = if in_heading {
                (vec![text.replace('\n', "。")], "见上。".to_owned())
            } else {
                (Vec::new(), format!("{text}\n见上。"))
            };
            let sections = vec![Section::default(), Section { text, path, ..Section::default() }];
            Document { sections, ..Document::default() }
        };
        let index = index_of(&texts.iter().map(document).collect::<Vec<_>>());
        let options = SearchOptions::new().mode(Mode::Exact).limit(None);
        let query = Query::parse("国家发改委 见上").expect("a query");
        let found = index.searcher().expect("a searcher").search(&query, &options).expect("an answer");
        let found: BTreeSet<String> = found.hits.iter().map(|hit| hit.document.key.clone()).collect();
        let expected = texts.iter().enumerate().filter(|(_, (_, is_found))| *is_found);
        let expected: BTreeSet<String> = expected.map(|(at, _)| at.to_string()).collect();
        assert_eq!(found, expected, "{in_heading}");
    }
}

/// With helpers, who are asked by one of the threads or another, and without.
#[test]
fn many_threads_at_once_get_the_answers_of_one() {
    let text = |n: usize| {
        format!("第{n}条 企业应当将{}元工资发给职工，违反的由人民政府处罚。{}", n * 100, "安全".repeat(n % 7))
    };
    let document = |n: usize| Document {
        sections: (0..20)
            .map(|at| Section { text: text(n * 20 + at), ordinal: at as u32, ..Section::default() })
            .collect(),
        ..Document::default()
    };
    let index = index_of(&(0..40).map(document).collect::<Vec<_>>());
    let searcher = index.searcher().expect("a searcher");
    let queries =
        ["工资", "企业 安全", "第七条 OR 处罚", "五千元", "政府 -安全", "职工 NEAR/9 处罚", "人", "工资应当发给谁"];
    let answer = |searcher: &crate::Searcher, query: &str| {
        let query = Query::parse(query).expect("a query");
        let results = searcher.search(&query, &SearchOptions::new().limit(Some(50))).expect("an answer");
        let hits = results.hits.iter().map(|hit| (hit.document.key.clone(), hit.section.ordinal, hit.score.to_bits()));
        (format!("{:?}", results.counts), hits.collect::<Vec<_>>())
    };
    let alone = searcher.clone().single_threaded();
    let expected: Vec<_> = queries.iter().map(|query| answer(&alone, query)).collect();
    assert!(expected.iter().all(|(_, hits)| !hits.is_empty()));
    // With what helpers there are for one; then with more searches than processors.
    for n in 0..64 {
        let at = n % queries.len();
        assert_eq!(answer(&searcher, queries[at]), expected[at], "{}", queries[at]);
    }
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let (searcher, expected) = (&searcher, &expected);
            scope.spawn(move || {
                for n in 0..16 {
                    let at = (thread + n) % queries.len();
                    assert_eq!(answer(searcher, queries[at]), expected[at], "{}", queries[at]);
                }
            });
        }
    });
}

/// What is kept of each range of records, and what ranges tell one another, leaves none
/// of the first ones out.
#[test]
fn the_first_ones_are_those_of_the_whole_list() {
    // Many sections with both words near each other, early and short ones the best; few with
    // the two as one, late, long, and of old documents.
    let document = |n: usize| {
        let text = |at: usize| match (n, at) {
            (36.., 7) => format!("企业工资由{}发放。", "有关部门按规定".repeat(30)),
            _ => format!("企业的工资{}第{at}项。{}", "工资".repeat(n % 5), "按规定执行。".repeat(n + at % 3)),
        };
        let section = |at| Section { text: text(at), ordinal: at as u32, ..Section::default() };
        let metadata = Metadata {
            published: Date::new(2024 - n as u16 % 17, 1 + n as u8 % 12, 1),
            kind: [Some(Genre::Notice), Some(Genre::Law), None][n % 3],
            ..Metadata::default()
        };
        Document { metadata, sections: (0..20).map(section).collect(), ..Document::default() }
    };
    let index = index_of(&(0..40).map(document).collect::<Vec<_>>());
    let searcher = index.searcher().expect("a searcher");
    let first = |query: &Query, options: SearchOptions| {
        let hits = searcher.search(query, &options).expect("an answer").hits;
        hits.iter().map(|hit| (hit.tier, hit.document.key.clone(), hit.section.ordinal)).collect::<Vec<_>>()
    };
    for query in ["企业工资", "工资", "工资 OR 有关部门", "企业 执行"] {
        let query = Query::parse(query).expect("a query");
        for mode in [Mode::Smart, Mode::Exact, Mode::Any] {
            for sort in [Sort::Relevance, Sort::Oldest, Sort::Newest, Sort::Level] {
                let options = || SearchOptions::new().mode(mode).sort(sort);
                let all = first(&query, options().limit(None));
                for (offset, limit) in [(0, 10), (15, 10), (50, 30)] {
                    let end = all.len().min(offset + limit);
                    let page = first(&query, options().offset(offset).limit(Some(limit)));
                    assert_eq!(page, all[offset.min(end)..end], "{query} {mode:?} {sort:?} from {offset}");
                }
            }
        }
    }
}
