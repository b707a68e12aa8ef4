//! What a reader sees: one renderer a file. Labels stand here and nowhere else.

pub mod catalog;
pub mod diff;
pub mod document;
pub mod explain;
pub mod json;
pub mod lines;
pub mod paths;
pub mod report;
pub mod terminal;

use std::error::Error;
use std::io::IsTerminal as _;

use crate::args::Color;

/// Between the headings of a path.
pub const PATH_SEPARATOR: &str = " › ";

/// How hits are shown to people.
pub struct Style {
    /// One list of sections instead of groups by document.
    pub flat: bool,
    pub colored: bool,
    /// With what each score is made of.
    pub explain: bool,
    /// Width of the terminal.
    pub columns: usize,
}

/// A tier's name for readers.
pub fn tier_name(tier: gongwen::Tier) -> &'static str {
    match tier {
        gongwen::Tier::Exact => "精确",
        gongwen::Tier::Words => "按词",
        gongwen::Tier::Document => "全文合计",
        gongwen::Tier::Relaxed => "部分",
    }
}

/// Whether to colour standard output.
pub fn use_color(when: Color) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        Color::Auto => is_set("CLICOLOR_FORCE") || std::io::stdout().is_terminal(),
    }
}

/// An error with its causes and its remedy.
pub fn error_text(error: &(dyn Error + 'static)) -> String {
    // Some list names on lines of their own.
    let mut text = format!("gongwen: {}", crate::sanitize::lines(&error.to_string()));
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some messages say what their cause says.
        if !text.contains(&cause_text) {
            text.push_str(&format!(": {}", crate::sanitize::text(&cause_text)));
        }
        source = cause.source();
    }
    let remedy = error.downcast_ref::<gongwen::Error>().and_then(gongwen::Error::remedy);
    if let Some(remedy) = remedy {
        text.push_str(&format!("\n  → {remedy}"));
    }
    text
}
