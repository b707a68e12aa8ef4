//! 有效性: whether a document is in force.

use serde::{Deserialize, Serialize};

use super::genre::named_enum;

named_enum! {
    /// Whether a document is in force. That it was stated or inferred, and from
    /// what, is in the metadata's evidence.
    Validity {
        /// In force.
        InForce = "现行有效",
        /// Not yet in force.
        NotYet = "尚未施行",
        /// Amended by a newer version.
        Superseded = "已被修改",
        /// Expired.
        Expired = "已失效",
        /// Repealed.
        Repealed = "已废止",
    }
}

impl Validity {
    /// Whether the document applies today.
    pub fn is_in_force(self) -> bool {
        self == Validity::InForce
    }

    /// The value that a word of a header table or a mark on a page stands for:
    /// `有效`, `现行有效`, `文件已失效`, `已废止`, …. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let mark = text.strip_prefix(['本', '此', '该']).unwrap_or(&text);
        let mark = ["规范性文件", "行政规范性文件", "文件", "法规", "规章", "件", "全文"]
            .iter()
            .find_map(|word| mark.strip_prefix(word))
            .unwrap_or(mark);
        match mark {
            "有效" | "现行有效" | "继续有效" | "有效文件" | "是" | "现行" => Some(Validity::InForce),
            "尚未施行" | "尚未生效" | "未生效" | "未施行" => Some(Validity::NotYet),
            "已被修改" | "已修改" | "已被修订" | "已修订" | "已修正" | "修改" | "部分失效" | "部分修改"
            | "部分废止" | "条款失效" | "条款废止" | "部分条款失效" | "部分条款废止" => {
                Some(Validity::Superseded)
            }
            "失效" | "已失效" | "已经失效" | "已过期" | "过期" | "无效" | "否" => {
                Some(Validity::Expired)
            }
            "废止" | "已废止" | "已经废止" | "已被废止" => Some(Validity::Repealed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let cases = [
            ("文件已失效", Some(Validity::Expired)),
            ("【已废止】", Some(Validity::Repealed)),
            ("（已废止）", Some(Validity::Repealed)),
            ("有效", Some(Validity::InForce)),
            ("现行有效", Some(Validity::InForce)),
            ("尚未施行", Some(Validity::NotYet)),
            ("本文件已废止", Some(Validity::Repealed)),
            ("有效期五年", None),
            ("此件已废止", Some(Validity::Repealed)),
            ("【全文废止】", Some(Validity::Repealed)),
            ("全文失效", Some(Validity::Expired)),
            ("部分条款失效", Some(Validity::Superseded)),
            ("文件", None),
            ("试行", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Validity::parse(text), expected, "{text}");
        }
    }
}
