//! placeholder until the query branch is merged
use super::Synonyms;
#[derive(Clone, Debug)]
pub struct Variant {
    pub text: String,
}
pub fn variants(_: &str, _: &Synonyms) -> Vec<Variant> {
    Vec::new()
}
