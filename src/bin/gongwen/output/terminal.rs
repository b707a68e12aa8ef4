//! For a person at a terminal: a title line a document, then its sections with
//! their path and wrapped snippets.

use std::io::{self, Write};

use gongwen::{Fragment, Group, Hit, Results, Tier};
use unicode_width::UnicodeWidthChar as _;

use super::Style;
use super::paths::Paths;
use crate::sanitize;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const MARK: &str = "\x1b[1;31m";
const WARN: &str = "\x1b[33m";
const RESET: &str = "\x1b[0m";

/// Prints the hits by document, or with `flat` one after the other.
pub fn print(results: &Results, paths: &Paths, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let printer = Printer { paths, style };
    if style.flat {
        for hit in &results.hits {
            printer.group(&Group { document: hit.document.clone(), hits: vec![hit.clone()] }, out)?;
        }
    } else {
        for group in &results.groups() {
            printer.group(group, out)?;
        }
    }
    printer.summary(results, out)
}

/// The width of the terminal, 80 where there is none.
pub fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).max(20)
}

struct Printer<'a> {
    paths: &'a Paths,
    style: &'a Style,
}

impl Printer<'_> {
    fn group(&self, group: &Group, out: &mut impl Write) -> io::Result<()> {
        let document = &group.document;
        let metadata = &document.metadata;
        let title = if document.title.is_empty() { "（无标题）" } else { document.title.as_str() };
        let mut facts: Vec<String> = Vec::new();
        facts.extend(metadata.agency.clone().or_else(|| metadata.source.clone()));
        facts.extend(metadata.number.as_ref().map(ToString::to_string));
        facts.extend(metadata.main_date().map(|date| date.to_string()));
        write!(out, "{}", self.paint(BOLD, &sanitize::text(title)))?;
        if !facts.is_empty() {
            write!(out, " {}", self.paint(DIM, &sanitize::text(&facts.join(" · "))))?;
        }
        writeln!(out)?;
        if let Some(validity) = metadata.validity.filter(|validity| !validity.is_in_force()) {
            writeln!(out, "{}", self.paint(WARN, validity.name()))?;
        }
        writeln!(out, "{}", self.paint(DIM, &sanitize::text(&self.paths.shown(document))))?;
        for hit in &group.hits {
            self.hit(hit, out)?;
        }
        let matches = group.hits.first().map_or(0, |hit| hit.siblings);
        if matches > group.hits.len() as u64 {
            writeln!(out, "  {}", self.paint(DIM, &format!("本文共 {matches} 节命中")))?;
        }
        writeln!(out)
    }

    fn hit(&self, hit: &Hit, out: &mut impl Write) -> io::Result<()> {
        let place = hit.section.full_path().join(super::PATH_SEPARATOR);
        let place = if place.is_empty() { "文首".to_owned() } else { place };
        let tier = match hit.tier {
            Tier::Exact => String::new(),
            tier => format!("（{}）", super::tier_name(tier)),
        };
        let mut notes: Vec<String> = hit
            .variants
            .iter()
            .map(|variant| format!("{} = {}（{}）", variant.keyword, variant.text, variant.label))
            .collect();
        if hit.duplicates > 0 {
            notes.push(format!("另有 {} 处文字相近", hit.duplicates));
        }
        writeln!(out, "  {}{}", sanitize::text(&place), self.paint(DIM, &tier))?;
        if !notes.is_empty() {
            writeln!(out, "    {}", self.paint(DIM, &sanitize::text(&notes.join("；"))))?;
        }
        if self.style.explain {
            writeln!(out, "    {}", self.paint(DIM, &super::explain::score(hit)))?;
        }
        for fragment in &hit.fragments {
            self.fragment(fragment, out)?;
        }
        Ok(())
    }

    /// Wraps at the terminal's width; a Chinese character takes two columns.
    fn fragment(&self, fragment: &Fragment, out: &mut impl Write) -> io::Result<()> {
        const INDENT: &str = "    ";
        let mut line = String::from(INDENT);
        let mut width = INDENT.len();
        let ends = [(fragment.cut_before, "…"), (fragment.cut_after, "…")];
        if ends[0].0 {
            line.push_str(ends[0].1);
            width += 1;
        }
        let mut in_mark = false;
        for (at, c) in fragment.text.chars().enumerate() {
            let mut shown = String::new();
            sanitize::push(c, &mut shown);
            let columns: usize = shown.chars().map(|c| c.width().unwrap_or(0)).sum();
            if width + columns > self.style.columns {
                if in_mark {
                    line.push_str(RESET);
                }
                writeln!(out, "{line}")?;
                line = String::from(INDENT);
                width = INDENT.len();
                if in_mark {
                    line.push_str(MARK);
                }
            }
            if self.style.colored && fragment.highlights.iter().any(|&(start, _)| start == at) {
                line.push_str(MARK);
                in_mark = true;
            }
            line.push_str(&shown);
            width += columns;
            if in_mark && fragment.highlights.iter().any(|&(_, end)| end == at + 1) {
                line.push_str(RESET);
                in_mark = false;
            }
        }
        if ends[1].0 {
            line.push_str(ends[1].1);
        }
        writeln!(out, "{line}")
    }

    fn summary(&self, results: &Results, out: &mut impl Write) -> io::Result<()> {
        let counts = &results.counts;
        let mut parts = vec![format!("精确 {}", counts.exact)];
        let more = [("按词", counts.words), ("全文合计", counts.document), ("部分", counts.relaxed)];
        parts.extend(more.iter().filter_map(|(name, count)| count.filter(|&n| n > 0).map(|n| format!("{name} {n}"))));
        let text = format!(
            "{} 节，{} 件文件（{}），{:.0} 毫秒",
            counts.sections(),
            counts.documents,
            parts.join("，"),
            results.seconds * 1000.0
        );
        writeln!(out, "{}", self.paint(DIM, &text))
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.style.colored && !text.is_empty() { format!("{style}{text}{RESET}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use gongwen::{Index, Query, SearchOptions};

    use super::*;

    fn shown(query: &str, colored: bool, flat: bool) -> String {
        let index = Index::in_ram().expect("in memory");
        let mut writer = index.writer().expect("a writer");
        let text = "青屿市供水办法\n第一章 总则\n第一条 为了加强供水管理，保障用水，制定本办法。\n\
            第二章 管理\n第二条 供水单位应当备案。供水水质应当符合国家标准，水压应当符合规定，并向社会公布。\n";
        writer.put_text("办法.txt", text).expect("put");
        writer.put_text("控制\u{1b}[31m符.txt", "第一条 供水\u{1b}]52;c;x\u{7}备案。").expect("put");
        writer.commit().expect("commit");
        let query = Query::parse(query).expect("a valid query");
        let results = index.searcher().expect("a searcher").search(&query, &SearchOptions::new()).expect("an answer");
        let mut out = Vec::new();
        let style = Style { flat, colored, explain: false, columns: 40 };
        print(&results, &Paths::of_folder(Path::new("nowhere")), &style, &mut out).expect("memory takes all");
        let text = String::from_utf8(out).expect("UTF-8");
        // The last line says how long it took.
        let (hits, _) = text.trim_end().rsplit_once('\n').expect("a summary");
        hits.to_owned()
    }

    #[test]
    fn groups_wrap_at_the_width_with_two_columns_a_character() {
        let expected = "\
青屿市供水办法
办法.txt
  第二章 管理 › 第二条
    第二条 供水单位应当备案。供水水质应
    当符合国家标准，水压应当符合规定，并
    向社会公布。
";
        assert_eq!(shown("水压", false, false), expected);
        for line in shown("供水", false, false).lines() {
            let columns: usize = line.chars().map(|c| c.width().unwrap_or(0)).sum();
            assert!(columns <= 44, "{columns}: {line}");
        }
    }

    #[test]
    fn what_was_found_is_coloured_and_nothing_of_a_document_is_obeyed() {
        let coloured = shown("水压", true, false);
        assert!(coloured.contains("\u{1b}[1;31m水压\u{1b}[0m"), "{coloured:?}");
        let hostile = shown("备案", false, true);
        assert!(!hostile.contains('\u{1b}') && !hostile.contains('\u{7}'), "{hostile:?}");
        assert!(hostile.contains("控制\\u{1b}[31m符.txt"), "{hostile}");
    }
}
