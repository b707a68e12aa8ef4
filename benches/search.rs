//! How long does a query take in process, by kind, top ten with snippets and
//! exact counts.
//!
//! ```text
//! cargo bench --bench search
//! ```

mod common;

use criterion::Criterion;
use gongwen::document::Validity;
use gongwen::query::{DateRange, Filter};
use gongwen::{FacetField, Index, Query, SearchOptions, UpdateOptions};

const QUERIES: &[(&str, &str)] = &[
    ("word", "氢能"),
    ("frequent phrase", "人民政府应当"),
    ("single character", "税"),
    ("two words", "安全 罚款"),
    ("phrase", "\"固定资产投资完成\""),
    ("question", "用人单位不支付加班费应当如何处理"),
    ("exclusion", "发展 -规划"),
    ("field", "标题:条例 监督"),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let dir = tempfile::tempdir().expect("a temporary folder");
    let index = Index::create(dir.path().join("index")).expect("an empty folder");
    index.add_roots(&[common::folder()], &UpdateOptions::new()).expect("indexing works");
    let searcher = index.searcher().expect("a searcher");
    let mut group = criterion.benchmark_group("search");
    group.sample_size(50);
    for (name, text) in QUERIES {
        let query = Query::parse(text).expect("a valid query");
        group.bench_function(*name, |bench| {
            bench.iter(|| searcher.search(&query, &SearchOptions::new()).expect("an answer").counts.sections());
        });
    }
    let query = Query::parse("发展").expect("a valid query");
    let filter = Filter::new().valid(Validity::InForce).dates(DateRange::parse("2010..").expect("a range"));
    let options = SearchOptions::new().filter(filter).facets(FacetField::ALL);
    group.bench_function("filtered, six facets", |bench| {
        bench.iter(|| searcher.search(&query, &options).expect("an answer").facets.len());
    });
    group.finish();
    criterion.final_summary();
}
