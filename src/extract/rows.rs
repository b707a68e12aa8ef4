//! Rows of tables of data: each with the names of its columns, so that a row found
//! alone says what its cells are.

/// A row's cells, each after the name of its column: `金额 500万元`.
pub(super) fn labelled(header: &[String], row: &[String]) -> Vec<String> {
    let label = |at: usize| header.get(at).map(|name| name.trim()).filter(|name| !name.is_empty());
    let cell = |(at, cell): (usize, &String)| match label(at) {
        Some(name) if !cell.trim().is_empty() && name.chars().count() <= 20 => format!("{name} {}", cell.trim()),
        _ => cell.trim().to_owned(),
    };
    row.iter().enumerate().map(cell).collect()
}

/// Whether a row names columns: at least three texts, all different, no numbers,
/// none long; and the rows below it fill its columns.
#[cfg(feature = "office")]
pub(super) fn is_header(row: &[String], below: &[Vec<String>]) -> bool {
    let filled: Vec<&str> = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let is_name = |cell: &&str| {
        cell.chars().count() <= 20
            && cell.chars().any(char::is_alphabetic)
            && !cell.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut distinct = filled.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let width = row.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    let is_full = |row: &&Vec<String>| {
        let cells = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        cells * 2 >= filled.len() && cells <= filled.len() + 1
    };
    filled.len() >= 3
        && filled.len() * 5 >= width * 4
        && filled.iter().all(is_name)
        && distinct.len() == filled.len()
        && below.len() >= 2
        && below.iter().take(5).filter(is_full).count() * 5 >= below.len().min(5) * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn cells_are_labelled() {
        assert_eq!(labelled(&row("项目,金额,"), &row("氢能,,备注")), ["项目 氢能", "", "备注"]);
    }

    #[cfg(feature = "office")]
    #[test]
    fn headers_are_told_from_data() {
        let data = [row("氢能,500,2022"), row("储能,300,2023")];
        assert!(is_header(&row("项目,金额,年度"), &data));
        assert!(!is_header(&row("氢能,500,2022"), &data));
        assert!(!is_header(&row("项目,项目,年度"), &data));
        assert!(!is_header(&row("项目,金额,年度"), &data[..1]));
    }
}
