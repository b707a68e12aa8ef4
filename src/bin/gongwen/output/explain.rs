//! How a query was understood, and why a document is no hit, for people.

use std::io::{self, Write};

use gongwen::{Advice, Explanation, Facet, Hit, WhyNot};

use super::tier_name;
use crate::sanitize;

/// The query's tree, keywords and counts.
pub fn query(explanation: &Explanation, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "查询  {}", sanitize::text(&explanation.tree))?;
    if let Some(names) = &explanation.names {
        writeln!(out, "指向  {}", sanitize::text(names))?;
    }
    for keyword in &explanation.keywords {
        let excluded = if keyword.is_excluded { "（排除）" } else { "" };
        writeln!(
            out,
            "词    {}{excluded}: 正文 {} 节，标题或路径 {} 节",
            sanitize::text(&keyword.text),
            keyword.sections,
            keyword.in_context
        )?;
        for variant in &keyword.variants {
            writeln!(out, "      = {}（{}）", sanitize::text(&variant.text), variant.label)?;
        }
        if !keyword.words.is_empty() {
            writeln!(out, "      分词 {}", sanitize::text(&keyword.words.join(" / ")))?;
        }
    }
    let counts = &explanation.counts;
    let tiers =
        [("精确", Some(counts.exact)), ("按词", counts.words), ("全文合计", counts.document), ("部分", counts.relaxed)];
    let tiers: Vec<String> =
        tiers.iter().filter_map(|(name, count)| count.map(|count| format!("{name} {count}"))).collect();
    writeln!(out, "节数  {}\n", tiers.join("，"))
}

/// What a hit's score is made of, on one line.
pub fn score(hit: &Hit) -> String {
    let parts = &hit.score_parts;
    format!(
        "{} {:.3} = 词 {:.2}，字对 {:.2}，三字 {:.2}，字 {:.2}，逐字 {:.2}，邻近 {:.2}，标题路径 {:.2}，章 {:.2}，条 {:.0}，层级 {:.1}，长度 {:.2}",
        tier_name(hit.tier),
        hit.score,
        parts.words,
        parts.bigrams,
        parts.trigrams,
        parts.unigrams,
        parts.literal,
        parts.nearness,
        parts.place,
        parts.path,
        parts.article,
        parts.authority,
        parts.length
    )
}

/// What to try instead, a line each.
pub fn advice(advice: &Advice, out: &mut impl Write) -> io::Result<()> {
    for keyword in &advice.missing {
        writeln!(out, "索引中没有: {}", sanitize::text(keyword))?;
    }
    for suggestion in &advice.suggestions {
        let since = suggestion.since.as_ref().map(|since| format!("，{since}")).unwrap_or_default();
        writeln!(
            out,
            "是否要找: {}（{}{since}，{} 节）",
            sanitize::text(&suggestion.text),
            suggestion.label,
            suggestion.sections
        )?;
    }
    for relaxed in advice.relaxed.iter().take(5) {
        let (without, query) = (sanitize::text(&relaxed.without), sanitize::text(&relaxed.query));
        writeln!(out, "去掉 {without}: {} 节（{query}）", relaxed.sections)?;
    }
    Ok(())
}

/// Documents by value, a line a field.
pub fn facets(facets: &[Facet], out: &mut impl Write) -> io::Result<()> {
    const SHOWN: usize = 12;
    for facet in facets {
        let values = facet.values.iter().take(SHOWN).map(|count| format!("{} {}", count.value, count.documents));
        let mut line = values.collect::<Vec<_>>().join("，");
        if facet.values.len() > SHOWN {
            line.push_str(&format!("，另 {} 种", facet.values.len() - SHOWN));
        }
        if facet.missing > 0 {
            line.push_str(&format!("，未知 {}", facet.missing));
        }
        let name = match facet.field {
            "agency" => "机关",
            "kind" => "文种",
            "year" => "年份",
            "validity" => "效力",
            "level" => "层级",
            "topic" => "主题",
            other => other,
        };
        writeln!(out, "{name}: {}", sanitize::text(line.trim_start_matches('，')))?;
    }
    Ok(())
}

/// What stands between a document and a query.
pub fn why_not(verdict: &WhyNot, out: &mut impl Write) -> io::Result<()> {
    match (verdict.tier, verdict.rank) {
        (Some(tier), Some(rank)) => writeln!(out, "命中（{}），排在第 {rank} 节", tier_name(tier))?,
        (Some(tier), None) => writeln!(out, "命中（{}）", tier_name(tier))?,
        (None, _) => writeln!(out, "未命中")?,
    }
    for condition in &verdict.unmet {
        writeln!(out, "条件不符: {}", sanitize::text(condition))?;
    }
    for keyword in &verdict.keywords {
        let name = sanitize::text(&keyword.keyword);
        match (keyword.is_excluded, keyword.sections, keyword.in_context) {
            (true, 0, 0) => writeln!(out, "排除词 {name}: 本文没有")?,
            (true, sections, in_context) => {
                writeln!(out, "排除词 {name}: 正文 {sections} 节、标题或路径 {in_context} 节有，这些节被排除")?;
            }
            (false, 0, 0) => writeln!(out, "缺 {name}: 本文没有这个词")?,
            (false, sections, in_context) => {
                writeln!(out, "有 {name}: 正文 {sections} 节，标题或路径 {in_context} 节")?;
            }
        }
        for (word, sections) in &keyword.words {
            writeln!(out, "    {} {sections} 节", sanitize::text(word))?;
        }
    }
    let asked = || verdict.keywords.iter().filter(|keyword| !keyword.is_excluded);
    let is_spread = verdict.tier.is_none()
        && asked().all(|keyword| keyword.sections + keyword.in_context > 0)
        && verdict.unmet.is_empty();
    if is_spread {
        writeln!(out, "各词分散在不同的节，没有一节同时满足（用 --mode any 或去掉排除词再试）")?;
    }
    Ok(())
}
