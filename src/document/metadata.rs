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
    /// The last 修订, 修正 or 修改 that the history under the title names.
    pub amended: Option<Date>,
    /// 施行日期.
    pub effective: Option<Date>,
    /// 失效日期.
    pub expires: Option<Date>,
    /// 有效性.
    pub validity: Option<Validity>,
    /// The history lines under a law's title, as written.
    pub history: Vec<String>,
    /// Where each of the values above was read, in order of the fields; in JSON an
    /// object `sources` with the fields' names as keys.
    #[serde(rename = "sources", with = "sources")]
    pub evidence: Vec<Evidence>,
}

impl Metadata {
    /// The date a document is known by: of the amendment that made this version, else
    /// of publication, of printing, of signing, of coming into force.
    pub fn main_date(&self) -> Option<Date> {
        let first = self.published.or(self.printed).or(self.written).or(self.effective);
        // An amendment is later than what it amends.
        self.amended.filter(|&amended| first.is_none_or(|first| amended > first)).or(first)
    }

    /// The day from which this wording dates: of the last amendment, else of
    /// publication, writing, coming into force.
    pub fn version_date(&self) -> Option<Date> {
        [self.amended, self.published, self.written].into_iter().flatten().max().or(self.printed).or(self.effective)
    }

    /// Where the value of a field was read.
    pub fn source_of(&self, field: &str) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.field == field)
    }
}

/// Where a value was read and how sure that reading is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field's name: `agency`, `number`, `written`, …. In JSON it is the key.
    #[serde(skip)]
    pub field: String,
    /// The words it was read from, as they stand in the document.
    pub original: String,
    /// The place it was read from.
    #[serde(rename = "source")]
    pub origin: Origin,
    /// From 0 to 1: 1 for a labelled cell of a header table, below 0.5 for a guess.
    #[serde(serialize_with = "two_digits")]
    pub confidence: f32,
    /// Whether the value is concluded from these words and not stated by them
    /// (in force, because the date of 施行 has passed).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

/// 0.85 and not 0.8500000238.
fn two_digits<S: serde::Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*value) * 100.0).round() / 100.0)
}

/// The evidence as an object by field.
mod sources {
    use std::fmt;

    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer};

    use super::Evidence;

    pub(super) fn serialize<S: Serializer>(evidence: &[Evidence], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(evidence.iter().map(|evidence| (&evidence.field, evidence)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Evidence>, D::Error> {
        deserializer.deserialize_map(ByField)
    }

    struct ByField;

    impl<'de> Visitor<'de> for ByField {
        type Value = Vec<Evidence>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of sources by field")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Evidence>, A::Error> {
            let mut list = Vec::new();
            while let Some((field, evidence)) = map.next_entry::<String, Evidence>()? {
                list.push(Evidence { field, ..evidence });
            }
            Ok(list)
        }
    }
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
