//! Articles against the lines of the file itself: every line that begins with
//! 第N条 in sequence must be a section, in order, and nothing else must.

use std::path::Path;

use gongwen::Document;

/// How many files with numbered articles are cut exactly at them.
#[derive(Default)]
pub struct Articles {
    files: usize,
    exact: usize,
    not_exact: Vec<String>,
}

impl Articles {
    /// Compares the sections with the lines of the source.
    pub fn add(&mut self, path: &Path, source: &str, document: &Document) {
        let expected = in_source(source);
        if expected.len() < 2 || expected[0] != (1, 0) {
            return;
        }
        let found: Vec<(u32, u32)> = document
            .sections
            .iter()
            .filter(|section| section.label.starts_with('第') && section.label.contains('条'))
            .map(|section| number_of(&section.label))
            .collect();
        self.files += 1;
        if found == expected {
            self.exact += 1;
            return;
        }
        let at = found.iter().zip(&expected).take_while(|(found, expected)| found == expected).count();
        let show = |list: &[(u32, u32)]| list.get(at).map_or("end".to_owned(), |(n, b)| format!("{n}.{b}"));
        self.not_exact.push(format!(
            "{}: {} sections, {} lines; at {} expected {}",
            path.display(),
            found.len(),
            expected.len(),
            show(&found),
            show(&expected)
        ));
    }

    pub fn print(&self) {
        if self.files == 0 {
            return;
        }
        let share = 100.0 * self.exact as f64 / self.files as f64;
        println!("articles 第一条…第N条: {} of {} files exact ({share:.2} %)", self.exact, self.files);
        for line in &self.not_exact {
            println!("  {line}");
        }
    }
}

/// The longest run 1, 2, 3 … (with 之一 … between) that the lines of a source
/// begin with, read in the simplest way. A run that begins anew counts on.
fn in_source(source: &str) -> Vec<(u32, u32)> {
    let mut run: Vec<(u32, u32)> = Vec::new();
    for line in source.lines() {
        let line = line.trim().trim_start_matches(['#', '*', ' ', '\u{3000}']);
        let Some(rest) = line.strip_prefix('第') else { continue };
        let rest: String = rest.chars().filter(|c| !matches!(c, ' ' | '\u{3000}')).take(20).collect();
        let Some(end) = rest.find('条') else { continue };
        if end == 0 || !rest[..end].chars().all(|c| "零〇一二三四五六七八九十百千".contains(c) || c.is_ascii_digit())
        {
            continue;
        }
        let after = &rest[end + '条'.len_utf8()..];
        let branch = after.strip_prefix('之').map_or(0, |branch| {
            number(&branch.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).collect::<String>())
        });
        let position = (number(&rest[..end]), branch);
        let follows = match run.last() {
            None => position == (1, 0),
            Some((last, open)) => position == (last + 1, 0) || position == (*last, open + 1) || position == (1, 0),
        };
        if follows {
            run.push(position);
        }
    }
    run
}

/// 第十八条之一 → (18, 1).
pub fn number_of(label: &str) -> (u32, u32) {
    let (main, branch) = label.split_once('条').unwrap_or((label, ""));
    (number(main.trim_start_matches('第')), number(branch.trim_start_matches('之')))
}

fn number(text: &str) -> u32 {
    let (mut total, mut last) = (0, 0);
    for c in text.chars() {
        if let Some(digit) = "零一二三四五六七八九".chars().position(|digit| digit == c) {
            last = digit as u32;
        } else if let Some(digit) = c.to_digit(10) {
            last = last * 10 + digit;
        } else {
            let unit = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1000,
                _ => continue,
            };
            total += last.max(1) * unit;
            last = 0;
        }
    }
    total + last
}
