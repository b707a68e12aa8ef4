//! `gongwen versions`.

use std::io::Write as _;

use gongwen::document::Date;

use super::Outcome;
use crate::args::{Global, Versions};
use crate::exit_code::Exit;
use crate::output::catalog;
use crate::output::paths::Paths;

pub fn run(global: &Global, args: &Versions) -> Outcome {
    let all = super::open(global)?.catalog()?;
    let regulations = all.versions(&args.title);
    let mut out = std::io::stdout().lock();
    let force = |key: &str| all.force(key, Date::today());
    if args.json {
        catalog::versions_json(&regulations, force, &Paths::of_cwd(), &mut out)?;
    } else {
        catalog::versions(&regulations, force, &Paths::of_cwd(), &mut out)?;
    }
    out.flush()?;
    Ok(if regulations.is_empty() { Exit::Nothing } else { Exit::Found })
}
