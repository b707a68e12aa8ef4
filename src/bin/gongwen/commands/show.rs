//! `gongwen show`: a document, or one of its sections, as the index has it.

use std::io::Write as _;

use gongwen::document::{Date, Section};

use super::Outcome;
use crate::args::{Global, Show};
use crate::exit_code::Exit;
use crate::output::{catalog, document};

pub fn run(global: &Global, args: &Show) -> Outcome {
    let index = super::open(global)?;
    let searcher = index.searcher()?;
    let info = super::find_document(&searcher, &args.document)?;
    let parsed =
        searcher.document(&info.key)?.ok_or_else(|| format!("{}: the index has no such document", info.key))?;
    let mut out = std::io::stdout().lock();
    let Some(wanted) = &args.section else {
        if args.json {
            serde_json::to_writer(&mut out, &parsed)?;
            writeln!(out)?;
        } else {
            if let Some(force) = index.catalog()?.force(&info.key, Date::today()).filter(|force| force.by.is_some()) {
                catalog::force(&force, &mut out)?;
            }
            document::text(&parsed, &mut out)?;
        }
        return Ok(Exit::Found);
    };
    let sections: Vec<&Section> = parsed.sections.iter().filter(|section| is_wanted(section, wanted)).collect();
    if sections.is_empty() {
        let mut err = std::io::stderr().lock();
        let message = format!("{} has no section {wanted}; `gongwen inspect` shows its outline", info.key);
        writeln!(err, "gongwen: {}", crate::sanitize::text(&message))?;
        return Ok(Exit::Nothing);
    }
    for section in sections {
        if args.json {
            serde_json::to_writer(&mut out, section)?;
            writeln!(out)?;
        } else {
            document::section(section, &mut out)?;
        }
    }
    Ok(Exit::Found)
}

/// By ordinal, by label, or by label and heading; brackets and digits in any form.
fn is_wanted(section: &Section, wanted: &str) -> bool {
    let fold = gongwen::analysis::fold;
    let plain = |text: &str| fold(text).split_whitespace().collect::<String>();
    let wanted = plain(wanted);
    wanted == section.ordinal.to_string()
        || (!section.label.is_empty() && plain(&section.label) == wanted)
        || (!section.heading.is_empty() && plain(&section.full_heading()) == wanted)
}
