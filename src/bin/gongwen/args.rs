//! What the user typed. Only shapes are checked here; paths and queries are
//! looked at by the commands.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Full-text search of Chinese government documents.
#[derive(Debug, Parser)]
#[command(
    name = "gongwen",
    version,
    about = "公文全文检索 — full-text search of Chinese government documents, by section",
    before_help = "Examples:\n  \
        gongwen search 氢能 --in corpus            search a folder (indexed on first use)\n  \
        gongwen index ~/公文                       add a folder to the index, bring it up to date\n  \
        gongwen search 氢能 产业园 -n 5             sections with both words, the best five\n  \
        gongwen search '\"固定资产投资完成\"' -l       files that hold this literally\n  \
        gongwen show 护士条例.md 第七条             one article\n"
)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// The arguments of this process. `-公司` is an exclusion, no option: options
    /// are ASCII.
    pub fn from_env() -> Result<Self, clap::Error> {
        let readable = |arg: std::ffi::OsString| match arg.to_str().and_then(|text| text.strip_prefix('-')) {
            Some(rest) if rest.starts_with(|c: char| !c.is_ascii()) => format!("NOT {rest}").into(),
            _ => arg,
        };
        let args: Vec<std::ffi::OsString> = std::env::args_os().map(readable).collect();
        // What is no search, is wrong or asks for help is told by all commands' parser.
        if args.iter().any(|arg| arg == "search")
            && let Ok(SearchArgs { global, command: SearchCommand::Search(search) }) = SearchArgs::try_parse_from(&args)
        {
            return Ok(Args { global, command: Command::Search(search) });
        }
        Args::try_parse_from(args)
    }
}

/// [`Args`] as if `search` were the only command: describing all of them to the parser
/// takes longer than many a search.
#[derive(Debug, Parser)]
#[command(name = "gongwen")]
struct SearchArgs {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: SearchCommand,
}

#[derive(Debug, Subcommand)]
enum SearchCommand {
    Search(Search),
}

/// Options of every command.
#[derive(Debug, ClapArgs)]
pub struct Global {
    /// The index folder [default: $GONGWEN_INDEX, else the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// File with words of your own, one a line; use the same for indexing and searching
    #[arg(long, global = true, value_name = "FILE")]
    pub dictionary: Option<PathBuf>,
    /// File with aliases of your own, a group of equal names a line; see the README
    #[arg(long, global = true, value_name = "FILE")]
    pub aliases: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal; NO_COLOR and CLICOLOR_FORCE are honoured
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add folders or files to the index and bring it up to date
    Index(Index),
    /// Bring the index up to date with all its roots
    Update(Update),
    /// Find sections
    Search(Search),
    /// Say why a file is not among the hits of a query
    WhyNot(WhyNot),
    /// Offer titles, bodies and words that begin so
    Complete(Complete),
    /// Show a document, or one of its sections
    Show(Show),
    /// Show what would be indexed of a file: outline and metadata, without an index
    Inspect(Inspect),
    /// List what a document cites, and what of it is not in the index
    Cites(Cites),
    /// List the documents that cite a document
    CitedBy(CitedBy),
    /// List the versions of a regulation, newest first
    Versions(Versions),
    /// Compare two versions article by article
    Diff(Diff),
    /// Say what is in the index
    Status(Status),
    /// Check that the index is whole
    Verify(Verify),
    /// Merge all parts of the index into one, after many small updates
    Optimize(Optimize),
    /// Make a damaged index, or one of another version, anew
    Rebuild(Rebuild),
    /// Take a folder or file out of the index
    Remove(Remove),
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen index ~/公文 ~/法规\n  \
        gongwen index . --index /data/idx --json\n  \
        gongwen index ~/扫描件 --ocr 'tesseract {input} stdout -l chi_sim'\n  \
        gongwen index 通知.jsonl --field title=标题 --field text=正文\n")]
pub struct Index {
    /// Folders or files
    #[arg(required = true, value_name = "DIR")]
    pub roots: Vec<PathBuf>,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen update\n  gongwen update --json\n")]
pub struct Update {
    #[command(flatten)]
    pub work: Work,
}

/// How indexing works.
#[derive(Debug, ClapArgs)]
pub struct Work {
    /// Worker threads, eight at most, as --memory has room (512 MB: six) [default: one for each core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Leave out documents marked 秘密, 机密 or 绝密; the index remembers it
    #[arg(long)]
    pub skip_classified: bool,
    /// Let documents marked 秘密, 机密 or 绝密 in again
    #[arg(long, conflicts_with = "skip_classified")]
    pub index_classified: bool,
    /// Memory budget in MB, at least 64
    #[arg(long, value_name = "MB", default_value_t = 512)]
    pub memory: usize,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub read: Read,
}

/// How files are read.
#[derive(Debug, ClapArgs)]
pub struct Read {
    /// Program for scanned pages; {input} is the file, its text is printed [default: $GONGWEN_OCR]
    #[arg(long, value_name = "COMMAND")]
    pub ocr: Option<String>,
    /// Give a document up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub time_limit: u64,
    /// What a field of .json, .jsonl and .csv records is: title=, text=, id= or 发文字号=
    #[arg(long = "field", value_name = "ROLE=FIELD")]
    pub fields: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  \
        gongwen search 氢能 产业园\n  \
        gongwen search '\"行政的要求\"' --mode exact -l\n  \
        gongwen search '应急 (预案 OR 演练) -公司' -n 20\n  \
        gongwen search '标题:条例 罚款' --in ~/法规 --jsonl\n  \
        gongwen search 补贴 --kind 通知 --from 2021 --valid 有效 --facets agency,year\n  \
        gongwen search 民法典第五百七十七条\n")]
pub struct Search {
    /// What to find; several words must all occur
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// Search this folder; it is indexed on first use and kept fresh
    #[arg(long = "in", value_name = "DIR", conflicts_with = "index")]
    pub folder: Option<PathBuf>,
    /// At most so many sections, 0 for all [default: 10; all with -l]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// Leave out the best N sections
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// exact: what grep -F would find; smart: best tiers first; any: by score alone
    #[arg(long, value_name = "MODE", default_value = "smart")]
    pub mode: Mode,
    /// One list of sections instead of groups by document
    #[arg(long)]
    pub flat: bool,
    /// Print only the paths of the documents
    #[arg(short = 'l', long)]
    pub files: bool,
    /// Print only the number of sections
    #[arg(short = 'c', long, conflicts_with = "files")]
    pub count: bool,
    /// Show N characters around a hit instead of whole sentences
    #[arg(short = 'C', long, value_name = "N")]
    pub context: Option<usize>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Print one JSON object a section
    #[arg(long)]
    pub jsonl: bool,
    /// Order of the hits of a tier: date is oldest first, -date newest first
    #[arg(long, value_name = "ORDER", default_value = "relevance", allow_hyphen_values = true)]
    pub sort: SortBy,
    /// Count the documents by agency, kind, year, validity, level or topic (several: agency,kind)
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub facets: Vec<String>,
    /// Show how the query was understood, and what each hit's score is made of
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub conditions: Conditions,
}

/// Conditions beside the query; of one that is repeated, any value will do.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Conditions (repeatable: any of the values will do)")]
pub struct Conditions {
    /// Issued by a body whose name contains this
    #[arg(long, value_name = "NAME")]
    pub agency: Vec<String>,
    /// Of this kind: 通知, 条例, 批复 …
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Dated on or after: 2021, 2021-03 or 2021-03-05
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Dated on or before
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Of this validity: 有效, 失效, 废止, 未施行, 修改
    #[arg(long, value_name = "VALIDITY")]
    pub valid: Vec<String>,
    /// Of this level of authority: 法律, 行政法规 …
    #[arg(long, value_name = "LEVEL")]
    pub level: Vec<String>,
    /// With a topic that contains this
    #[arg(long, value_name = "TOPIC")]
    pub topic: Vec<String>,
    /// Under a heading that contains this
    #[arg(long, value_name = "HEADING")]
    pub path: Vec<String>,
    /// Look for the keywords in titles only
    #[arg(long)]
    pub title_only: bool,
}

/// What orders the hits of a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortBy {
    /// By score
    Relevance,
    /// By date, oldest first
    Date,
    /// By date, newest first
    #[value(name = "-date")]
    DateNewest,
    /// By level of authority, highest first
    Level,
}

/// Which tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Exact,
    Smart,
    Any,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen why-not docs/通知.txt 氢能 产业园\n")]
pub struct WhyNot {
    /// A file, or the end of an indexed file's path
    #[arg(value_name = "FILE")]
    pub document: String,
    /// The query
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// exact, smart or any, as for search
    #[arg(long, value_name = "MODE", default_value = "smart")]
    pub mode: Mode,
    #[command(flatten)]
    pub conditions: Conditions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen complete 氢能\n  gongwen complete 青屿市 -n 5 --json\n")]
pub struct Complete {
    /// The beginning
    #[arg(value_name = "PREFIX")]
    pub prefix: String,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  gongwen show 护士条例.md\n  gongwen show 护士条例.md 第七条\n  gongwen show 通知.txt 3\n"
)]
pub struct Show {
    /// A file, or the end of an indexed file's path
    #[arg(value_name = "DOC")]
    pub document: String,
    /// A section: its label (第七条, 一、) or its ordinal
    #[arg(value_name = "SECTION")]
    pub section: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  gongwen inspect 通知.html\n  gongwen inspect 通知.html --sources\n  gongwen inspect 条例.md --json\n"
)]
pub struct Inspect {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub read: Read,
    /// Say of each value where it was read, from which words, and how sure that is
    #[arg(long)]
    pub sources: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  gongwen cites 护士条例.md\n  gongwen cites 国发〔2019〕5号\n  gongwen cites 护士条例 --json\n"
)]
pub struct Cites {
    /// The end of an indexed file's path, a document number or a title
    #[arg(value_name = "DOC")]
    pub document: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen cited-by 公司法\n  gongwen cited-by 护士条例.md --json\n")]
pub struct CitedBy {
    /// The end of an indexed file's path, a document number or a title
    #[arg(value_name = "DOC")]
    pub document: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen versions 公司法\n  gongwen versions 促进条例\n")]
pub struct Versions {
    /// A title, with or without 中华人民共和国 and （修订）; or a part of one
    #[arg(value_name = "TITLE")]
    pub title: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  gongwen diff '公司法(2018-10-26).md' '公司法(2023-12-29).md'\n  gongwen diff 旧.md 新.md --json\n"
)]
pub struct Diff {
    /// A file, or the end of an indexed file's path
    #[arg(value_name = "OLD")]
    pub old: String,
    /// A file, or the end of an indexed file's path
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen status\n  gongwen status --failures\n")]
pub struct Status {
    /// List the files that are not searchable, and why
    #[arg(long)]
    pub failures: bool,
    /// Say what each part of the index takes on disk
    #[arg(long)]
    pub sizes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen verify\n  gongwen verify --full --index /data/idx\n")]
pub struct Verify {
    /// Cut every text into words again and compare it with the index, not a sample
    #[arg(long)]
    pub full: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen optimize\n  gongwen optimize --index /data/idx --json\n")]
pub struct Optimize {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  gongwen rebuild                    from the texts the index stores, else from its folders\n  \
        gongwen rebuild ~/公文 ~/法规       when the index no longer knows its folders\n"
)]
pub struct Rebuild {
    /// Folders or files, where the index no longer says which it was made from
    #[arg(value_name = "DIR")]
    pub roots: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  gongwen remove ~/旧公文\n")]
pub struct Remove {
    /// Folders or files, as given to `index`
    #[arg(required = true, value_name = "DIR")]
    pub roots: Vec<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_read_as_among_all_commands() {
        for typed in [
            "search 氢能",
            "--index X search 氢能 产业园 -l",
            "search --color never -n 3 氢能 --json --in corpus --dictionary words.txt",
            "search 氢能 --sort date --mode exact --facets kind,year --aliases a.txt",
        ] {
            let args: Vec<&str> = ["gongwen"].into_iter().chain(typed.split(' ')).collect();
            let all = Args::try_parse_from(&args).expect(typed);
            let SearchArgs { global, command: SearchCommand::Search(search) } =
                SearchArgs::try_parse_from(&args).expect(typed);
            let alone = Args { global, command: Command::Search(search) };
            assert_eq!(format!("{alone:?}"), format!("{all:?}"));
        }
    }
}
