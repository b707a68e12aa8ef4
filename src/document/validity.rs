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
}
