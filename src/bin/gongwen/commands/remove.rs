//! `gongwen remove`.

use std::io::Write as _;

use super::Outcome;
use crate::args::{Global, Remove};
use crate::exit_code::Exit;

pub fn run(global: &Global, args: &Remove) -> Outcome {
    let index = super::open(global)?;
    for root in &args.roots {
        let removed = index.remove_root(root)?;
        let root = root.display().to_string();
        let root = crate::sanitize::text(&root);
        writeln!(std::io::stdout(), "{root}: 移除 {removed} 件 / removed {removed} documents")?;
    }
    Ok(Exit::Found)
}
