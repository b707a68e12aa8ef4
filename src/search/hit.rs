//! A record found → a [`Hit`]: where it is, what is marked in it, and by which
//! spelling it matches.

use std::sync::Arc;

use crate::analysis::chars::CharText;
use crate::document::Section;
use crate::snippet::{Mark, fragments};

use super::evaluate::Evaluation;
use super::occurrences;
use super::options::SearchOptions;
use super::order::Found;
use super::plan::Plan;
use super::results::{DocumentInfo, Hit, MatchedVariant, SectionInfo};

/// Puts a hit together.
pub(super) fn hit(
    plan: &Plan,
    evaluation: &Evaluation<'_>,
    found: &Found,
    section: Section,
    context: HitContext,
    options: &SearchOptions,
) -> Hit {
    let marked = marked(plan, context.record, evaluation, &section.text);
    let fragments = fragments(&section.text, &marked.marks, &options.snippets);
    let first_mark = fragments.iter().find_map(|f| f.highlights.first().map(|&(start, _)| f.start + start));
    let item = first_mark.and_then(|mark| section.items.iter().rev().find(|item| item.start as usize <= mark));
    Hit {
        document: context.document,
        tier: found.tier,
        score: found.score,
        score_parts: found.parts,
        is_named: found.is_named,
        duplicates: u64::from(found.duplicates),
        variants: marked.variants,
        fragments,
        siblings: context.siblings,
        section: SectionInfo {
            ordinal: section.ordinal,
            item: item.map(|item| item.label.clone()),
            label: section.label,
            heading: section.heading,
            path: section.path,
            line: section.line,
        },
    }
}

/// The document that a hit is of.
pub(super) struct HitContext {
    /// The document's record.
    pub record: u32,
    pub document: Arc<DocumentInfo>,
    /// Sections of it that match.
    pub siblings: u64,
}

struct Marked {
    marks: Vec<Mark>,
    variants: Vec<MatchedVariant>,
}

/// What to highlight in a text: every keyword's occurrences, as itself, as a
/// variant or abbreviated; where it has none, those of its words.
fn marked(plan: &Plan, document: u32, evaluation: &Evaluation<'_>, text: &str) -> Marked {
    let chars = CharText::new(text);
    let mut marked = Marked { marks: Vec::new(), variants: Vec::new() };
    for (keyword, leaf) in plan.positive() {
        let mut places = occurrences::in_text(leaf, text, &chars);
        for phrase in &leaf.phrases {
            let Some(variant) = &phrase.variant else { continue };
            if !phrase.find(text, &chars).is_empty() {
                marked.variants.push(MatchedVariant {
                    keyword: leaf.text.clone(),
                    text: variant.text.clone(),
                    kind: variant.kind.name(),
                    label: variant.kind.label(),
                });
            }
        }
        for abbreviation in &evaluation.leaves[keyword].abbreviations {
            if abbreviation.document != document {
                continue;
            }
            let short = abbreviation.phrase.find(text, &chars);
            if !short.is_empty() && places.is_empty() {
                marked.variants.push(MatchedVariant {
                    keyword: leaf.text.clone(),
                    text: abbreviation.text.clone(),
                    kind: "abbreviation",
                    label: "简称",
                });
            }
            places.extend(short);
        }
        let is_whole = !places.is_empty();
        if !is_whole {
            for word in &leaf.words {
                let word = CharText::new(word);
                places.extend(chars.find(&word).map(|at| (at, at + word.len())));
            }
        }
        marked.marks.extend(places.into_iter().map(|(from, to)| {
            let range = chars.char_range(from, to);
            Mark { start: range.start, end: range.end, keyword, whole: is_whole }
        }));
    }
    marked
}
