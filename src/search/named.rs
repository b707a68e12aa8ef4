//! The records that a query names: `民法典第五百七十七条` an article,
//! `国发〔2019〕5号` a document.

use crate::analysis::chars;
use crate::postings::Place;
use crate::query::{Field, FieldFilter, FieldValue, Goto, Span};

use super::bits::Bits;
use super::fields;
use super::segment::SegmentView;

/// The named records of a segment.
pub(super) fn named(goto: Option<&Goto>, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    let mut named = match goto {
        None => return Ok(Bits::empty(view.max_doc())),
        Some(Goto::Number(pattern)) => {
            let mut fronts = field(Field::Number, FieldValue::Numbers(vec![pattern.clone()]), view)?;
            let mut documents = Bits::empty(view.max_doc());
            view.documents().iter().for_each(|&document| documents.insert(document));
            fronts.and(&documents);
            fronts
        }
        Some(Goto::Article { title, article }) => {
            let mut articles = field(Field::Article, FieldValue::Article(*article), view)?;
            for word in title {
                let mut titled = Bits::empty(view.max_doc());
                view.phrase(Place::Context, &chars::terms(word), &mut titled)?;
                articles.and(&titled);
            }
            articles
        }
    };
    named.and(view.alive());
    Ok(named)
}

fn field(field: Field, value: FieldValue, view: &SegmentView<'_>) -> tantivy::Result<Bits> {
    fields::evaluate(&FieldFilter { field, value, span: Span::default() }, view)
}
