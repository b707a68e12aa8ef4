//! placeholder until the query branch is merged
#[derive(Clone, Debug, Default)]
pub struct Synonyms;
impl Synonyms {
    pub fn bundled() -> Self {
        Synonyms
    }
}
