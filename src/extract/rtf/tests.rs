use super::*;

fn lines(source: &str) -> Vec<String> {
    let extracted = read(source.as_bytes()).unwrap();
    extracted.paragraphs.into_iter().map(|paragraph| paragraph.text).collect()
}

#[test]
fn text_is_decoded_by_code_page_and_unicode() {
    // 通知 in GBK by the font's character set, 办法 as UTF-16 with substitutes.
    let source = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}\f0\'cd\'a8\'d6\'aa\par\uc1\u21150?\u27861?\par}";
    assert_eq!(lines(source), ["通知", "办法"]);
    // A pair of surrogates, and two bytes of substitute.
    assert_eq!(lines(r"{\rtf1\uc2\u-10174\'d2\'bb\u-8265\'d2\'bb\par}"), ["𠮷"]);
    // Without a font the document's code page holds.
    assert_eq!(lines(r"{\rtf1\ansi\ansicpg936 \'cd\'a8\'d6\'aa}"), ["通知"]);
}

#[test]
fn what_is_no_text_is_skipped() {
    let source = r"{\rtf1{\*\generator x;}{\info{\title a}{\author b}}{\header head\par}a{\*\unknown no}{\v hidden}{\deleted gone}b{\pict 0123}\par{\field{\*\fldinst HYPERLINK x}{\fldrslt c}}\par}";
    assert_eq!(lines(source), ["ab", "c"]);
}

#[test]
fn tables_lists_and_notes() {
    let source =
        r"{\rtf1\trowd\intbl a\cell\intbl b\par c\cell\row\pard d{\footnote\pard n\par}e\par{\listtext 1.\tab}f\par}";
    assert_eq!(lines(source), ["a\tb c", "de", "n", "1. f"]);
}

#[test]
fn shapes_show_their_text_only() {
    let source = r"{\rtf1 a{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt\pard box\par}}{\shprslt old}}b\par}";
    assert!(lines(source).contains(&"box".to_owned()));
    assert!(!lines(source).concat().contains('y'));
}

#[test]
fn nesting_is_limited_and_broken_files_end() {
    let deep = "{\\rtf1".to_owned() + &"{".repeat(MAX_DEPTH + 5);
    assert_eq!(read(deep.as_bytes()).unwrap_err().kind(), ErrorKind::LimitExceeded);
    for source in
        ["{\\rtf1 a\\", "{\\rtf1 a\\'", "{\\rtf1 a\\'d", "{\\rtf1\\bin99999999 a", "{\\rtf1\\u", "{\\rtf1 }}}}"]
    {
        let _ = read(source.as_bytes());
    }
}
