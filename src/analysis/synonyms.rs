//! Names that mean the same: bodies of State and Party, laws, policy terms.
//!
//! The bundled list is `data/aliases.txt`; a user's file is read beside it. Only
//! names are known here: finding them inside a keyword, and what may stand beside
//! them in a text, is [`super::variants`]' work.
//!
//! # The format
//!
//! ```text
//! # a comment
//! 国家能源局 = 国能局                  two names, each found for the other
//! 水利{部,厅,局} = 水务{部,厅,局}        one line for three: the first of each, the second …
//! 国家发展改革委 = ~发改委              ~ found only where no place stands before it
//! “放管服” = 简政放权、放管结合、优化服务   may also stand without the quotation marks
//! 全国人民代表大会 = <人大              < only understood when typed, never looked for
//! 国土资源部 -> 自然资源部 @ 2018-03     replaced at that time: a suggestion, not the same
//! use local                          turns on the bundled list of local terms
//! ```

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::{Error, ErrorKind, Result};

use super::fold::{Folder, fold, is_ignored};

static ALIASES: &str = include_str!("data/aliases.txt");
static LOCAL: &str = include_str!("data/aliases_local.txt");

/// Shortest and longest name, in characters: a single character means too much.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=60;

/// Names a line may hold, and variants of it in braces.
const MAX_NAMES: usize = 16;

/// Names that mean the same: the bundled ones and the user's.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    user: Option<Arc<Table>>,
    with_local: bool,
}

/// One name of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// As the file has it, without white space.
    pub text: String,
    /// Looked for only where no place stands before it (发改委, not 市发改委).
    pub needs_no_place: bool,
    /// Understood, but not looked for.
    pub only_typed: bool,
}

/// A body or law that came in the place of another, or was replaced by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The other name.
    pub name: String,
    /// When: `2018-03` or `2018`.
    pub since: String,
    /// Whether the other name is the older one.
    pub is_older: bool,
}

struct Table {
    folder: Folder,
    groups: Vec<Vec<Name>>,
    /// The names by their first two characters, sorted.
    entries: Vec<Entry>,
    /// Old name, new name, since when.
    replaced: Vec<[String; 3]>,
    /// The same by either name, made when first asked for.
    successors: OnceLock<HashMap<String, Vec<Successor>>>,
    uses_local: bool,
}

/// A name as it is compared, and its place in the groups.
#[derive(Debug)]
struct Entry {
    head: [char; 2],
    folded: Box<[char]>,
    group: u32,
    member: u16,
}

/// A name found at the head of a text.
pub(crate) struct Known<'a> {
    /// Its length in characters.
    pub chars: usize,
    /// The name itself.
    pub name: &'a Name,
    /// It and the others of its group.
    pub group: &'a [Name],
}

impl Synonyms {
    /// The bundled names only.
    pub fn bundled() -> Self {
        Synonyms::default()
    }

    /// The bundled names and those of a file (format: see the module's head in
    /// the source, or `README.md`).
    ///
    /// # Errors
    /// When the file cannot be read, is not UTF-8, or a line is no entry; the
    /// message names the line.
    pub fn with_user_file(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io("cannot read the alias file", e).with_path(path))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            Error::new(ErrorKind::Malformed, "the alias file is not UTF-8").with_path(path).with_source(e)
        })?;
        Synonyms::with_user_text(&text).map_err(|e| e.with_path(path))
    }

    /// As [`Synonyms::with_user_file`], from the text of such a file.
    ///
    /// # Errors
    /// When a line is no entry.
    pub fn with_user_text(text: &str) -> Result<Self> {
        let table = Table::read(text)?;
        Ok(Synonyms { with_local: table.uses_local, user: Some(Arc::new(table)) })
    }

    /// Every name that stands at the head of a folded text, longest first.
    pub(crate) fn at(&self, text: &[char]) -> Vec<Known<'_>> {
        let mut known = Vec::new();
        if let Some(table) = &self.user {
            table.at(text, &mut known);
        }
        if self.with_local {
            Lines::get(&LOCAL_LINES, LOCAL).at(text, &mut known);
        }
        Lines::get(&LINES, ALIASES).at(text, &mut known);
        known.sort_by_key(|known| std::cmp::Reverse(known.chars));
        known
    }

    /// The names that came before or after a name, with the time.
    pub fn successors(&self, name: &str) -> Vec<Successor> {
        let key = key(name);
        self.tables().filter_map(|table| table.successors().get(&key)).flatten().cloned().collect()
    }

    /// The keyword with a name in it replaced by the one before or after it, for
    /// every such name.
    pub(crate) fn succeeded(&self, keyword: &str) -> Vec<(String, Successor)> {
        let keyword = key(keyword);
        let mut found = Vec::new();
        let mut taken = 0;
        for (start, _) in keyword.char_indices().take(*NAME_CHARS.end()) {
            // A longer name holds the shorter ones.
            let ends = keyword[start..].char_indices().map(|(at, c)| start + at + c.len_utf8());
            for end in ends.take(*NAME_CHARS.end()).collect::<Vec<_>>().into_iter().rev() {
                let names = if start < taken { Vec::new() } else { self.successors(&keyword[start..end]) };
                if !names.is_empty() {
                    taken = end;
                }
                let replaced =
                    |name: Successor| (format!("{}{}{}", &keyword[..start], name.name, &keyword[end..]), name);
                found.extend(names.into_iter().map(replaced));
            }
        }
        found
    }

    /// How many groups of names that mean the same are known.
    pub fn len(&self) -> usize {
        self.tables().map(|table| table.groups.len()).sum()
    }

    /// Whether no names are known; never, as some are bundled.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[cfg(test)]
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Vec<Name>> {
        self.tables().flat_map(|table| &table.groups)
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        let local = self.with_local.then(|| bundled(&LOCAL_TABLE, LOCAL));
        self.user.as_deref().into_iter().chain(local).chain([bundled(&TABLE, ALIASES)])
    }
}

/// A bundled file of which only those lines are read that may hold the name in
/// question: reading all of it takes as long as a small search.
struct Lines {
    text: &'static str,
    /// Where each line begins.
    starts: Vec<u32>,
    /// By line.
    tables: Vec<OnceLock<Box<Table>>>,
}

static LINES: OnceLock<Lines> = OnceLock::new();
static LOCAL_LINES: OnceLock<Lines> = OnceLock::new();

impl Lines {
    fn get(cell: &'static OnceLock<Lines>, text: &'static str) -> &'static Lines {
        cell.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
            let starts: Vec<u32> = [0].into_iter().chain(ends).collect();
            let tables = starts.iter().map(|_| OnceLock::new()).collect();
            Lines { text, starts, tables }
        })
    }

    fn line(&self, at: usize) -> &'static str {
        let end = self.starts.get(at + 1).map_or(self.text.len(), |&end| end as usize);
        &self.text[self.starts[at] as usize..end]
    }

    /// As [`Table::at`].
    fn at<'a>(&'a self, text: &[char], known: &mut Vec<Known<'a>>) {
        let [first, second, ..] = *text else { return };
        let mut lines: Vec<usize> = Vec::new();
        for form in forms(first) {
            // Two bytes of a character are looked for at once: `str::find` stops at all
            // that end with the same byte.
            let mut buffer = [0; 4];
            let form = form.encode_utf8(&mut buffer).as_bytes();
            let places = memchr::memmem::find_iter(self.text.as_bytes(), form);
            lines.extend(places.map(|at| self.starts.partition_point(|&start| start as usize <= at) - 1));
        }
        lines.sort_unstable();
        lines.dedup();
        for line in lines {
            let text_of_line = self.line(line);
            if forms(second).any(|form| text_of_line.contains(form)) {
                let table = self.tables[line].get_or_init(|| {
                    Box::new(Table::read(text_of_line).expect("the bundled aliases are checked by a test"))
                });
                table.at(text, known);
            }
        }
    }
}

/// The characters of a bundled file that are `c` when folded.
fn forms(c: char) -> impl Iterator<Item = char> {
    let other = match c {
        '"' => Some('“'),
        _ => Some(c.to_ascii_uppercase()).filter(|&upper| upper != c),
    };
    [c].into_iter().chain(other)
}

static TABLE: OnceLock<Table> = OnceLock::new();
static LOCAL_TABLE: OnceLock<Table> = OnceLock::new();

fn bundled(cell: &'static OnceLock<Table>, text: &str) -> &'static Table {
    cell.get_or_init(|| Table::read(text).expect("the bundled aliases are checked by a test"))
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("groups", &self.groups).finish_non_exhaustive()
    }
}

impl Table {
    fn read(text: &str) -> Result<Self> {
        let mut table = Table {
            folder: Folder::new(),
            groups: Vec::new(),
            entries: Vec::new(),
            replaced: Vec::new(),
            successors: OnceLock::new(),
            uses_local: false,
        };
        for (index, line) in text.lines().enumerate() {
            let entry = line.split('#').next().unwrap_or_default().trim_start_matches('\u{feff}').trim();
            let read = match entry {
                "" => Ok(()),
                "use local" => {
                    table.uses_local = true;
                    Ok(())
                }
                _ => table.read_entry(entry),
            };
            read.map_err(|what| Error::new(ErrorKind::InvalidArgument, format!("line {}: {what}", index + 1)))?;
        }
        // Stable: the names keep the order of the file.
        table.entries.sort_by_key(|entry| entry.head);
        Ok(table)
    }

    fn read_entry(&mut self, entry: &str) -> Result<(), String> {
        if let Some((old, rest)) = entry.split_once("->") {
            return self.read_successor(old.trim(), rest.trim());
        }
        let names: Vec<Vec<String>> = entry.split('=').map(|name| expand(name.trim())).collect::<Result<_, _>>()?;
        if !(2..=MAX_NAMES).contains(&names.len()) {
            return Err(format!("expected 2 to {MAX_NAMES} names joined by `=`, got `{entry}`"));
        }
        let width = names.iter().map(Vec::len).max().unwrap_or(1);
        if let Some(odd) = names.iter().find(|name| name.len() != 1 && name.len() != width) {
            return Err(format!("expected {width} endings in every pair of braces, got {}", odd.len()));
        }
        for column in 0..width {
            let column = names.iter().map(|name| if name.len() == 1 { &name[0] } else { &name[column] });
            self.add_group(column)?;
        }
        Ok(())
    }

    fn add_group<'a>(&mut self, names: impl Iterator<Item = &'a String>) -> Result<(), String> {
        let group = self.groups.len() as u32;
        let mut members: Vec<Name> = Vec::new();
        let mut folded_members: Vec<Box<[char]>> = Vec::new();
        for name in names {
            let (needs_no_place, name) = strip_mark(name, '~');
            let (only_typed, name) = strip_mark(name, '<');
            let marked = checked(name)?;
            let bare = if marked.contains(['“', '”']) {
                Some(checked(&marked.replace(['“', '”'], ""))?)
            } else {
                None
            };
            for text in bare.into_iter().chain([marked]) {
                let folded: Box<[char]> = text.chars().map(|c| self.folder.fold_char(c)).collect();
                if !folded_members.contains(&folded) {
                    folded_members.push(folded);
                    members.push(Name { text, needs_no_place, only_typed });
                }
            }
        }
        if members.len() < 2 {
            return Err("expected two different names, got the same one".to_owned());
        }
        for (member, folded) in folded_members.into_iter().enumerate() {
            let head = [folded[0], folded[1]];
            self.entries.push(Entry { head, folded, group, member: member as u16 });
        }
        self.groups.push(members);
        Ok(())
    }

    fn read_successor(&mut self, old: &str, rest: &str) -> Result<(), String> {
        let (new, since) = rest.split_once('@').map_or((rest, ""), |(new, since)| (new.trim(), since.trim()));
        let is_date = since.len() >= 4 && since.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !is_date {
            return Err(format!("expected `old -> new @ 2018-03`, got no such date: `{since}`"));
        }
        self.replaced.push([checked(old)?, checked(new)?, since.to_owned()]);
        Ok(())
    }

    fn successors(&self) -> &HashMap<String, Vec<Successor>> {
        self.successors.get_or_init(|| {
            let mut successors: HashMap<String, Vec<Successor>> = HashMap::new();
            for [old, new, since] in &self.replaced {
                for (from, to, is_older) in [(old, new, false), (new, old, true)] {
                    let successor = Successor { name: to.clone(), since: since.clone(), is_older };
                    successors.entry(key(from)).or_default().push(successor);
                }
            }
            successors
        })
    }

    fn at<'a>(&'a self, text: &[char], known: &mut Vec<Known<'a>>) {
        let [first, second, ..] = text else { return };
        let head = [*first, *second];
        let from = self.entries.partition_point(|entry| entry.head < head);
        for entry in self.entries[from..].iter().take_while(|entry| entry.head == head) {
            if text.starts_with(&entry.folded) {
                let group = &self.groups[entry.group as usize];
                known.push(Known { chars: entry.folded.len(), name: &group[entry.member as usize], group });
            }
        }
    }
}

fn strip_mark(name: &str, mark: char) -> (bool, &str) {
    name.strip_prefix(mark).map_or((false, name), |rest| (true, rest.trim()))
}

/// 水利{部,厅} is 水利部 and 水利厅.
fn expand(name: &str) -> Result<Vec<String>, String> {
    let Some((head, rest)) = name.split_once('{') else { return Ok(vec![name.to_owned()]) };
    let (inside, tail) = rest.split_once('}').ok_or_else(|| format!("expected a closing brace, got `{name}`"))?;
    let endings: Vec<String> = inside.split(',').map(|ending| format!("{head}{}{tail}", ending.trim())).collect();
    if endings.len() > MAX_NAMES {
        return Err(format!("expected at most {MAX_NAMES} endings in braces, got {}", endings.len()));
    }
    Ok(endings)
}

/// A name without white space; or what is wrong with it.
fn checked(name: &str) -> Result<String, String> {
    let text: String =
        if name.contains(is_ignored) { name.chars().filter(|&c| !is_ignored(c)).collect() } else { name.to_owned() };
    if !NAME_CHARS.contains(&text.chars().count()) || !text.contains(char::is_alphanumeric) {
        let (least, most) = NAME_CHARS.into_inner();
        return Err(format!("expected a name of {least} to {most} characters, got `{name}`"));
    }
    Ok(text)
}

/// A name as it is compared.
fn key(name: &str) -> String {
    fold(name).chars().filter(|&c| !is_ignored(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_files_are_whole() {
        let bundled = Synonyms::bundled();
        assert!(bundled.len() >= 300, "{}", bundled.len());
        assert!(!bundled.is_empty());
        let successors: usize = bundled.tables().map(|table| table.replaced.len()).sum();
        assert!(successors >= 60, "{successors}");
        assert!(Synonyms::with_user_text("use local").expect("valid").len() > bundled.len());
    }

    #[test]
    fn a_name_is_known_by_its_lines_alone() {
        for (cell, text) in [(&LINES, ALIASES), (&LOCAL_LINES, LOCAL)] {
            let (lines, table) = (Lines::get(cell, text), Table::read(text).expect("whole"));
            let asked = table.entries.iter().flat_map(|entry| (0..entry.folded.len()).map(|at| &entry.folded[at..]));
            let mut count = 0;
            for asked in asked {
                let (mut of_lines, mut of_table) = (Vec::new(), Vec::new());
                lines.at(asked, &mut of_lines);
                table.at(asked, &mut of_table);
                let plain = |known: &[Known<'_>]| -> Vec<(usize, Name, Vec<Name>)> {
                    known.iter().map(|known| (known.chars, known.name.clone(), known.group.to_vec())).collect()
                };
                assert_eq!(plain(&of_lines), plain(&of_table), "{asked:?}");
                count += of_table.len();
            }
            assert!(count >= table.entries.len());
        }
    }

    #[test]
    fn no_name_that_is_looked_for_is_too_short_to_mean_it() {
        // Two characters stand in other words too easily (央行 in 中央行政机关): each
        // of these was looked at.
        const SEEN: &[&str] = &[
            "三农", "两癌", "两病", "六保", "六稳", "双减", "双创", "双碳", "双拥", "四早", "四史", "四风", "纪委",
            "监委", "民委", "编办", "妇联", "残联", "东盟", "欧盟", "港澳", "环评", "稳评", "AI", "5G", "个税", "国企",
            "央行", "央企", "民企", "科协", "文联", "侨联", "驾照",
        ];
        let table = Table::read(ALIASES).expect("whole");
        for name in table.groups.iter().flatten().filter(|name| !name.only_typed) {
            let is_short = name.text.chars().count() < 3;
            assert!(!is_short || SEEN.contains(&name.text.as_str()), "{}", name.text);
        }
    }

    #[test]
    fn braces_and_marks() {
        let text = "水利{部, 厅} = 水务{部,厅} = ~水{部门,厅门}\n“甲乙”丙 = <丁戊己";
        let table = Table::read(text).expect("valid");
        let names = |group: &Vec<Name>| -> Vec<String> {
            group.iter().map(|name| format!("{}{}", name.text, if name.needs_no_place { "~" } else { "" })).collect()
        };
        let groups: Vec<Vec<String>> = table.groups.iter().map(names).collect();
        assert_eq!(groups[0], ["水利部", "水务部", "水部门~"]);
        assert_eq!(groups[1], ["水利厅", "水务厅", "水厅门~"]);
        assert_eq!(groups[2], ["甲乙丙", "“甲乙”丙", "丁戊己"]);
        assert!(table.groups[2][2].only_typed && !table.groups[2][0].only_typed);
    }

    #[test]
    fn wrong_lines_are_named() {
        let long = "长".repeat(61);
        for (text, expected) in [
            ("水利部", "line 1: expected 2 to 16 names joined by `=`, got `水利部`"),
            ("# 注\n水利部 = 水利部", "line 2: expected two different names, got the same one"),
            ("水 = 水利部", "line 1: expected a name of 2 to 60 characters, got `水`"),
            (&format!("{long} = 水利部"), &format!("line 1: expected a name of 2 to 60 characters, got `{long}`")),
            ("水利部 = 、、", "line 1: expected a name of 2 to 60 characters, got `、、`"),
            ("水{部,厅 = 水利部", "line 1: expected a closing brace, got `水{部,厅`"),
            ("水利{部,厅,局} = 水务{部,厅}", "line 1: expected 3 endings in every pair of braces, got 2"),
            ("水利部 -> 水务部", "line 1: expected `old -> new @ 2018-03`, got no such date: ``"),
            ("水利部 -> 水务部 @ 去年", "line 1: expected `old -> new @ 2018-03`, got no such date: `去年`"),
        ] {
            let error = Synonyms::with_user_text(text).map(|_| ()).expect_err(text);
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn successors_both_ways_and_inside_a_keyword() {
        let bundled = Synonyms::bundled();
        let names = |name: &str| -> Vec<(String, bool)> {
            bundled.successors(name).into_iter().map(|other| (other.name, other.is_older)).collect()
        };
        assert_eq!(names("国土资源部"), [("自然资源部".to_owned(), false)]);
        assert!(names("自然资源部").contains(&("国土资源部".to_owned(), true)));
        assert!(names("水利部").is_empty());
        let texts: Vec<String> = bundled.succeeded("原國土資源部 公告").into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["原自然资源部公告"]);
        assert!(bundled.succeeded("水利部公告").is_empty());
    }
}
