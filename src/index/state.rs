//! What a commit says of the whole index: versions and roots. Kept as the
//! payload of tantivy's commit, so it changes with it or not at all.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result};

use super::schema::SCHEMA_VERSION;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    /// [`SCHEMA_VERSION`] at the time of writing.
    pub schema: u32,
    /// The program's version, for messages.
    pub version: String,
    /// Fingerprint of the dictionary the words were cut with.
    pub dictionary: u64,
    /// Absolute paths, sorted.
    pub roots: Vec<String>,
    /// Whether documents marked 秘密, 机密 or 绝密 are left out, now and at every
    /// later update: forgetting to say so must not let them in.
    #[serde(default)]
    pub skip_classified: bool,
}

impl State {
    pub(crate) fn new(dictionary: u64) -> Self {
        State {
            schema: SCHEMA_VERSION,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            dictionary,
            roots: Vec::new(),
            skip_classified: false,
        }
    }

    pub(crate) fn parse(payload: Option<&str>) -> Result<Self> {
        // A tantivy index of somebody else has no payload, or one of another form.
        payload.and_then(|json| serde_json::from_str(json).ok()).ok_or_else(|| {
            Error::new(ErrorKind::NotAnIndex, "this is a tantivy index, but not one made by gongwen")
                .with_remedy("name the index folder with --index")
        })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always serialize")
    }

    /// Refuses an index that this build would misread.
    pub(crate) fn check(&self, dictionary: u64) -> Result<()> {
        if self.schema != SCHEMA_VERSION {
            let message = format!(
                "the index was made by gongwen {} (schema {}), this is gongwen {} (schema {SCHEMA_VERSION})",
                self.version,
                self.schema,
                env!("CARGO_PKG_VERSION"),
            );
            return Err(Error::new(ErrorKind::IncompatibleIndex, message)
                .with_remedy("`gongwen rebuild` makes it anew from its folders, or use the other version"));
        }
        if self.dictionary != dictionary {
            return Err(Error::new(ErrorKind::IncompatibleIndex, "the index was made with another user dictionary")
                .with_remedy(
                    "name the dictionary it was made with; `gongwen rebuild` makes the index anew with this one",
                ));
        }
        Ok(())
    }
}
