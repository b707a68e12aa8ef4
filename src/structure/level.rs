//! 效力层级: how high a document stands, by who issued it under what name.

use crate::document::{Genre, Level, Metadata};

/// The level that title, issuing body and number speak for.
pub(super) fn of(title: &str, metadata: &Metadata) -> Option<Level> {
    let genre = metadata.kind;
    let agency = metadata.agency.as_deref().unwrap_or("");
    let number = metadata.number.as_ref().map_or("", |number| number.canonical.as_str());
    let is_regulation = matches!(
        genre,
        Some(
            Genre::Regulation
                | Genre::Provisions
                | Genre::Measures
                | Genre::DetailedRules
                | Genre::Rules
                | Genre::Law
                | Genre::Charter
        )
    );
    if genre == Some(Genre::Constitution) || title.contains("宪法修正案") {
        return Some(Level::Constitution);
    }
    if agency.starts_with("最高人民法院") || agency.starts_with("最高人民检察院") {
        let is_interpretation = number.contains('释')
            || matches!(
                genre,
                Some(Genre::Interpretation | Genre::Provisions | Genre::Rules | Genre::Reply | Genre::Decision)
            );
        return is_interpretation.then_some(Level::JudicialInterpretation);
    }
    let is_national_congress =
        agency.starts_with("全国人民代表大会") || agency.starts_with("全国人大") || agency == "中华人民共和国主席";
    if is_national_congress {
        return Some(if genre == Some(Genre::Interpretation) { Level::LegalInterpretation } else { Level::Law });
    }
    if title.starts_with("中华人民共和国") && matches!(genre, Some(Genre::Law | Genre::Amendment)) {
        return Some(Level::Law);
    }
    if agency == "国家监察委员会" && is_regulation {
        return Some(Level::SupervisoryRegulation);
    }
    if agency.contains("人民代表大会") || agency.contains("人大常委会") {
        return (is_regulation || genre == Some(Genre::Decision)).then_some(Level::LocalRegulation);
    }
    let is_state_council = ["国务院", "中华人民共和国国务院", "政务院"].iter().any(|name| agency.starts_with(name))
        && !agency.contains("办公厅");
    if is_state_council && is_regulation {
        return Some(Level::AdministrativeRegulation);
    }
    let is_order = number.contains('令');
    if is_order && is_regulation {
        let is_local = agency.ends_with("人民政府");
        return Some(if is_local { Level::LocalRule } else { Level::DepartmentRule });
    }
    let is_official =
        !number.is_empty() && !is_order && genre.is_some_and(|genre| genre != Genre::Letter && genre != Genre::Report);
    (is_official && !agency.is_empty()).then_some(Level::NormativeDocument)
}
