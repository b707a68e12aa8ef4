use super::*;

/// A line of full-width characters, 12 units wide each.
fn line(x: f32, y: f32, text: &str) -> Vec<Glyph> {
    let glyph =
        |(at, c): (usize, char)| Glyph { text: c.to_string(), x: x + 12.0 * at as f32, y, width: 12.0, size: 12.0 };
    text.chars().enumerate().map(glyph).collect()
}

fn page(lines: &[(f32, f32, &str)]) -> Page {
    let glyphs = lines.iter().flat_map(|(x, y, text)| line(*x, *y, text)).collect();
    Page { width: 600.0, height: 800.0, glyphs }
}

fn read(pages: Vec<Page>) -> Vec<(u32, String)> {
    paragraphs(pages).unwrap().into_iter().map(|paragraph| (paragraph.line, paragraph.text)).collect()
}

#[test]
fn glyphs_are_put_in_reading_order() {
    let mut glyphs = line(100.0, 300.0, "第二行。");
    glyphs.extend(line(100.0, 280.0, "第一行。"));
    glyphs.swap(0, 3);
    // Printed twice for a bold look.
    glyphs.extend(line(100.4, 280.0, "第一行。"));
    let page = Page { width: 600.0, height: 800.0, glyphs };
    assert_eq!(read(vec![page]), [(1, "第一行。".to_owned()), (2, "第二行。".to_owned())]);
}

#[test]
fn a_wide_gap_is_an_empty_line() {
    let rows = [(100.0, 200.0, "甲"), (100.0, 220.0, "乙"), (100.0, 240.0, "丙"), (100.0, 300.0, "丁")];
    let found: Vec<u32> = read(vec![page(&rows)]).iter().map(|(line, _)| *line).collect();
    assert_eq!(found, [1, 2, 3, 5]);
}

#[test]
fn full_lines_go_on_over_pages() {
    let full = "为了加强节约用水管理提高用水效率保障";
    let indented = "　　为了加强节约用水管理提高用水效率";
    let first = page(&[(100.0, 200.0, indented), (100.0, 220.0, full), (100.0, 780.0, "—1—")]);
    let second = page(&[(100.0, 200.0, "供给，制定。"), (124.0, 220.0, "下一段。"), (100.0, 780.0, "—2—")]);
    let texts: Vec<String> = read(vec![first, second]).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, [format!("{}{full}供给，制定。", indented.trim_start()), "下一段。".to_owned()]);
}

#[test]
fn tables_are_no_columns() {
    let rows: Vec<(f32, f32, &str)> = (0..9)
        .flat_map(|row| [(60.0, 200.0 + 20.0 * row as f32, "项目"), (350.0, 200.0 + 20.0 * row as f32, "金额")])
        .collect();
    let found = read(vec![page(&rows)]);
    assert_eq!(found.len(), 9);
    assert!(found.iter().all(|(_, text)| text == "项目 金额"));
}

#[test]
fn what_is_no_number_is_no_place() {
    let broken = Glyph { text: "x".to_owned(), x: f32::NAN, y: f32::INFINITY, width: -1.0, size: 0.0 };
    assert!(read(vec![Page { width: 0.0, height: 0.0, glyphs: vec![broken] }]).is_empty());
}
