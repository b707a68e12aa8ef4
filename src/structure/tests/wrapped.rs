//! Wrapped lines: what is joined in texts too short to show a width, and what
//! stays apart.

use super::{outline, read};

/// All paragraphs of a text, headings of sections included.
fn paragraphs(text: &str) -> Vec<String> {
    let document = read(text);
    document.sections.iter().flat_map(|section| section.text.lines().map(str::to_owned)).collect()
}

fn check_joined(cases: &[(&str, &str, &str)]) {
    for (rule, text, expected) in cases {
        let found = paragraphs(text);
        assert!(found.iter().any(|paragraph| paragraph.contains(expected)), "{rule}: {found:?}");
    }
}

fn check_apart(cases: &[(&str, &str)]) {
    for (rule, text) in cases {
        let found = paragraphs(text);
        for line in text.lines().filter(|line| !line.is_empty()) {
            assert!(found.iter().any(|paragraph| paragraph == line), "{rule}: {line} in {found:?}");
        }
    }
}

#[test]
fn short_texts_are_joined() {
    check_joined(&[
        (
            "four lines of twenty characters",
            "关于改进政务服务的通知\n\n各区人民政府：\n为进一步优化全市政务服务水平，持续改善营商\n环境，推动经济社会高质量发展，现就有关事项通\n知如下：请各单位认真组织实施，压实主体责任，\n按期完成改革任务。\n\n某市人民政府\n2024年3月1日",
            "持续改善营商环境，推动经济社会高质量发展，现就有关事项通知如下：请各单位认真组织实施，压实主体责任，按期",
        ),
        ("one break", "某市通知\n\n要持续优化营商\n环境，推动发展。", "要持续优化营商环境，推动发展。"),
        ("a break in a word, nothing else", "营商\n环境", "营商环境"),
        ("the same in a section", "某市通知\n一、有关事项\n营商\n环境\n二、其他\n无。", "营商环境"),
        ("traditional characters", "某市通知\n\n要持續優化營商\n環境，推動發展。", "優化營商環境"),
        ("a word of two characters", "某市通知\n\n各部门要做好防汛工\n作，确保安全。", "做好防汛工作，"),
        (
            "a numbered paragraph",
            "某市通知\n一、要推进高\n质量发展，取得成效。\n二、其他\n无。",
            "一、要推进高质量发展",
        ),
        ("the rest of a sentence", "某市通知\n\n请遵照执行，并将落实情况报送我\n办。", "报送我办。"),
        (
            "a narrow column",
            "某市通知\n\n各部门要把责任扛在肩上，\n抓紧抓实抓好各项措施坚决\n守住底线。",
            "肩上，抓紧抓实抓好各项措施坚决守住底线。",
        ),
    ]);
}

#[test]
fn what_is_no_wrapped_line_stays_apart() {
    check_apart(&[
        ("a closed line", "某市通知\n由各局负责。\n第五小组另行通知。"),
        ("a list of places", "名单\n\n北京\n天津\n上海"),
        ("a list of words, two of which make a third", "重点\n\n营商\n环境\n企业"),
        ("a list of bodies", "成员\n\n发展改革局\n财政局"),
        (
            "entries of one form",
            "公示\n\n张建国，男，汉族，1970年生\n李卫华，男，汉族，1971年生\n王秀英，女，满族，1972年生。",
        ),
        ("bullets", "某市通知\n\n●抓好春耕生产，备足备齐种子\n●抓好夏收。"),
        ("labels", "某市通知\n\n联系人：张三，电话1234，手机1380000，传真5678\n地址：中山路5号。"),
        (
            "a label below a line",
            "某市通知\n一、联系方式\n请与张三，李四联系，电话1234，手机1380000，传真5678\n市农业农村局科教处：",
        ),
        ("a heading of words that are often together", "某市通知\n一、工作\n经济\n发展平稳，增长5%。"),
        ("a heading above a sentence", "某市总结\n一、工作\n多措并举，打好组合拳\n全年办结案件一千件。"),
        ("a gap", "某市通知\n\n要持续优化营商\n\n环境，推动发展。"),
    ]);
    let text = "某市总结\n一、加大节能减排力度，做好质量安全工作\n今年是完成约束性目标的关键一年多时间，\n务必增强紧迫感，加大力度，取得成效。";
    assert_eq!(outline(&read(text)), ["1 一、加大节能减排力度，做好质量安全工作"]);
    let text = "某市通知\n一、培训对象\n国家级专家，市级专家。\n二、经济\n发展平稳，增长5%。";
    assert_eq!(outline(&read(text)), ["1 一、培训对象", "1 二、经济"]);
}

/// Title, recipients, signature and date.
#[test]
fn the_parts_of_a_letter_stay_apart() {
    let text = "某市关于防汛的通知\n各区人民政府：\n现将防汛工作安排如下，请遵照执行，有关情况及时报告\n某市人民政府\n2024年3月1日";
    let found = paragraphs(text);
    for line in text.lines() {
        assert!(found.iter().any(|paragraph| paragraph == line), "{line} in {found:?}");
    }
}
