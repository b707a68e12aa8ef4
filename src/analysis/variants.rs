//! placeholder until the branch is merged
use super::Synonyms;
#[derive(Clone, Debug)]
pub struct Variant {
    pub text: String,
    pub kind: VariantKind,
}
#[derive(Clone, Copy, Debug)]
pub enum VariantKind {
    Alias,
}
impl VariantKind {
    pub fn name(self) -> &'static str {
        "alias"
    }
    pub fn label(self) -> &'static str {
        "别名"
    }
}
impl Variant {
    pub fn fits(&self, _: &str, _: usize, _: usize) -> bool {
        true
    }
    pub fn is_conditional(&self) -> bool {
        false
    }
}
pub fn variants(_: &str, _: &Synonyms) -> Vec<Variant> {
    Vec::new()
}
