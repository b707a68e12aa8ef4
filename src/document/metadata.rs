//! What a document says of itself, each value with where it was read.

use serde::{Deserialize, Serialize};

use super::{Date, DocumentNumber, Genre, Level, Validity};

/// The metadata of a document. A value that is not known is `None` (JSON `null`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// 发文机关: the issuing body; several are joined with `、`.
    pub agency: Option<String>,
    /// 来源, where the page names one apart from the issuing body.
    pub source: Option<String>,
    /// 发文字号.
    pub number: Option<DocumentNumber>,
    /// 索引号 (index number of the information-disclosure catalogue).
    pub index_number: Option<String>,
    /// 主题分类, as written (`科技、教育\教育`).
    pub topic: Option<String>,
    /// 文种: what kind of document it is.
    pub kind: Option<Genre>,
    /// 效力层级: its level of authority.
    pub level: Option<Level>,
    /// （试行）（暂行）（修订）（征求意见稿） …: without brackets.
    pub status: Option<String>,
    /// 主送机关, as written, without the colon.
    pub recipients: Option<String>,
    /// 密级: `秘密`, `机密` or `绝密`.
    pub secrecy: Option<String>,
    /// 紧急程度: `特急`, `加急`, ….
    pub urgency: Option<String>,
    /// 成文日期 (also 通过 for a law).
    pub written: Option<Date>,
    /// 印发日期.
    pub printed: Option<Date>,
    /// 发布日期, 公布.
    pub published: Option<Date>,
    /// 施行日期.
    pub effective: Option<Date>,
    /// 失效日期.
    pub expires: Option<Date>,
    /// 有效性.
    pub validity: Option<Validity>,
    /// The history lines under a law's title, as written.
    pub history: Vec<String>,
    /// Where each of the values above was read, in order of the fields.
    pub evidence: Vec<Evidence>,
}

impl Metadata {
    /// The date a document is known by: of publication, else of printing, of
    /// signing, of coming into force.
    pub fn main_date(&self) -> Option<Date> {
        self.published.or(self.printed).or(self.written).or(self.effective)
    }
}

/// Where a value was read and how sure that reading is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field's name: `agency`, `number`, `written`, ….
    pub field: String,
    /// The words it was read from, as they stand in the document.
    pub original: String,
    /// The place it was read from.
    pub origin: Origin,
    /// From 0 to 1: 1 for a labelled cell of a header table, below 0.5 for a guess.
    pub confidence: f32,
    /// Whether the value is concluded from these words and not stated by them
    /// (in force, because the date of 施行 has passed).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

/// A place in a document from which metadata is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// A labelled cell of the page's header table.
    HeaderTable,
    /// YAML front matter or a JSON field.
    FrontMatter,
    /// Lines before the first section.
    FirstLines,
    /// The lines of body and date at the end.
    Signature,
    /// The running text.
    Text,
    /// The file's name.
    FileName,
    /// What the format says of itself (HTML title, document properties).
    Properties,
    /// Another document of the index.
    Index,
}
