//! Outlines: labels, levels, what is no heading, wrapped lines, inner documents.

use super::{check_outlines, outline, read, read_as};

#[test]
fn official_documents() {
    check_outlines(&[
        (
            "一、 → （一） → 1. → （1） → ①",
            "关于做好防汛工作的通知\n一、总体要求\n（一）指导思想\n1.坚持预防为主。各地要早部署。\n（1）排查隐患。逐条河道排查。\n①水库。每座水库有责任人。\n②堤防。逐段落实。\n（2）储备物资。按标准储备。\n2.坚持统一指挥。服从调度。\n（二）工作目标\n二、保障措施\n加强领导。",
            &[
                "1 一、总体要求",
                "2 （一）指导思想",
                "3 1.坚持预防为主",
                "4 （1）排查隐患",
                "5 ①水库",
                "5 ②堤防",
                "4 （2）储备物资",
                "3 2.坚持统一指挥",
                "2 （二）工作目标",
                "1 二、保障措施",
            ],
        ),
        (
            "a file may start at （一）",
            "工作要点\n（一）抓好春耕。各镇要及早安排。\n1.备足种子。由供销社负责。\n2.检修农机。由农机站负责。\n（二）抓好防疫。按规程免疫。",
            &["1 （一）抓好春耕", "2 1.备足种子", "2 2.检修农机", "1 （二）抓好防疫"],
        ),
        (
            "a file may start at 1.",
            "会议须知\n1.按时参会。无故不得缺席。\n（1）提前十分钟到场。\n（2）关闭通讯工具。\n2.遵守纪律。会场内禁止吸烟。",
            &["1 1.按时参会", "2 （1）提前十分钟到场", "2 （2）关闭通讯工具", "1 2.遵守纪律"],
        ),
        (
            "half-width brackets and run-in headings",
            "某局2021年总结\n一、2021年工作总结\n(一)坚持前瞻思维,推动规划落地。编制印发纲要。\n(二)坚持导向思维,推动经济发展。经济稳中有进。\n二、2022年工作思路\n(一)聚焦前瞻谋划。统筹推进。",
            &[
                "1 一、2021年工作总结",
                "2 （一）坚持前瞻思维,推动规划落地",
                "2 （二）坚持导向思维,推动经济发展",
                "1 二、2022年工作思路",
                "2 （一）聚焦前瞻谋划",
            ],
        ),
        (
            "lead sentences inside a paragraph are no sections",
            "工作报告\n一、主要工作\n产业升级取得成效。一是做强龙头。二是补齐链条。\n项目建设全面提速。开工项目60个。\n二、下一步打算\n继续努力。",
            &["1 一、主要工作", "1 二、下一步打算"],
        ),
        (
            "spaces between the characters of a label and its heading",
            "实施方案\n一、 总 体 要 求\n（ 一 ） 指 导 思 想\n以人民为中心。\n二 、 组 织 领 导\n成立专班。",
            &["1 一、总体要求", "2 （一）指导思想", "1 二、组织领导"],
        ),
        (
            "numbers that run on through the chapters of a report",
            "工作规划\n一、现状\n（一）基础。已有基础。\n（二）问题。仍有问题。\n二、任务\n（三）抓产业。做大产业。\n（四）抓民生。办好实事。",
            &["1 一、现状", "2 （一）基础", "2 （二）问题", "1 二、任务", "2 （三）抓产业", "2 （四）抓民生"],
        ),
        (
            "full stops typed as half-width",
            "某市通知\n一、资金安排.本次下达3,500万元.\n二、资金管理\n(一)严格专款专用.不得截留1.5万元.",
            &["1 一、资金安排", "1 二、资金管理", "2 （一）严格专款专用"],
        ),
        (
            "numbers above ten, in both spellings",
            "重点工作\n十、抓安全\n甲。\n十一、抓环保\n乙。\n十二、抓民生\n丙。",
            &["1 十、抓安全", "1 十一、抓环保", "1 十二、抓民生"],
        ),
        (
            "第一部分 above 一、",
            "发展报告\n第一部分 发展回顾\n一、主要成就\n成就显著。\n二、主要经验\n经验宝贵。\n第二部分 未来展望\n一、形势\n机遇与挑战并存。",
            &["1 第一部分 发展回顾", "2 一、主要成就", "2 二、主要经验", "1 第二部分 未来展望", "2 一、形势"],
        ),
        (
            "decimal numbers: 1 → 1.1 → 1.1.1",
            "应急预案\n1 总则\n1.1 编制目的\n为规范应急处置，制定本预案。\n1.2 编制依据\n依据有关法律。\n2 组织体系\n2.1 指挥机构\n2.1.1 组成\n由下列单位组成。\n2.2 办事机构\n设在应急局。",
            &[
                "1 1 总则",
                "2 1.1 编制目的",
                "2 1.2 编制依据",
                "1 2 组织体系",
                "2 2.1 指挥机构",
                "3 2.1.1 组成",
                "2 2.2 办事机构",
            ],
        ),
    ]);
}

#[test]
fn what_is_no_heading() {
    check_outlines(&[
        (
            "1.5亿元 and 2022.3.5 at the start of a line",
            "情况通报\n一、投资情况\n1.5亿元已经到位，\n其余年内到位。\n2022.3.5前报送材料。\n二、有关要求\n抓紧落实。",
            &["1 一、投资情况", "1 二、有关要求"],
        ),
        (
            "3.14万人, 10.5% and 2.5公里",
            "统计公报\n一、人口\n3.14万人落户。\n10.5%的家庭受益。\n2.5公里道路建成。",
            &["1 一、人口"],
        ),
        (
            "a year and a wide number",
            "工作情况\n一、总体情况\n2021年，全市生产总值增长8%。\n365、天天在岗的干部值得表扬。",
            &["1 一、总体情况"],
        ),
        (
            "page numbers",
            "工作方案\n一、目标任务\n完成改造。\n— 5 —\n二、实施步骤\n分步实施。\n-6-\n第7页 共9页\n三、保障措施\n加强保障。",
            &["1 一、目标任务", "1 二、实施步骤", "1 三、保障措施"],
        ),
        (
            "第十条规定 and 第十条、第三款 are references",
            "某市条例\n第一条 为了规范管理，制定本条例。\n第二条 依照\n第十条规定的程序办理。\n第十条、第三款所称单位，是指事业单位。\n第三条 本条例自2020年1月1日起施行。",
            &["1 第一条", "1 第二条", "1 第三条"],
        ),
        (
            "一、 inside a 条 opens nothing",
            "某市规定\n第一条 申请人应当具备下列条件：\n一、有固定住所；\n二、有合法收入。\n第二条 本规定自公布之日起施行。",
            &["1 第一条", "1 第二条"],
        ),
        (
            "（一） inside a 条 is an item",
            "某市规定\n第一条 下列事项由区政府批准：\n（一）规划；\n（二）采购。\n第二条 本规定自公布之日起施行。",
            &["1 第一条", "1 第二条"],
        ),
        (
            "一、二级医院 and 一、二、三产业",
            "实施意见\n一、加强基层服务\n提升能力。\n一、二级医院要转诊。\n一、二、三产业融合发展。\n二、完善机制\n健全机制。",
            &["1 一、加强基层服务", "1 二、完善机制"],
        ),
        (
            "a quoted article in an amending decision",
            "某市人大常委会关于修改《某市河道条例》的决定\n一、第十条修改为：“第十条 河道采砂实行许可制度。\n“第十一条 禁止在禁采区采砂。”\n二、增加一条，作为第二十条：“第二十条 违反规定的，处罚款。”\n本决定自公布之日起施行。",
            &["1 一、第十条修改为", "1 二、增加一条，作为第二十条"],
        ),
        (
            "a quoted section title in an amendment",
            "某法修正案\n第一条 第三章修改为：“国家监察\n第七节 监察委员会\n第一百二十三条 设立监察委员会。”\n第二条 本修正案自公布之日起施行。",
            &["1 第一条", "1 第二条"],
        ),
        (
            "a lone quoted article in a reply",
            "关于条款适用问题的解释\n《某办法》第六条规定：\n第六条 用户应当安装水表。\n该条所称用户包括单位和个人。",
            &["1 "],
        ),
        (
            "（一）项 is a reference",
            "某规定\n第一条 违反前条\n（一）项规定的，责令改正。\n第二条 本规定自公布之日起施行。",
            &["1 第一条", "1 第二条"],
        ),
        (
            "附件三所列 is a reference, 附则 no attachment",
            "某办法\n第一章 总则\n第一条 为规范管理，制定本办法。\n第二条 按\n附件三所列标准执行。\n第二章 附则\n第三条 本办法自公布之日起施行。",
            &["1 第一章 总则", "2 第一条", "2 第二条", "1 第二章 附则", "2 第三条"],
        ),
    ]);
}

#[test]
fn regulations() {
    check_outlines(&[
        (
            "编 分编 章 节 条",
            "某法典\n第一编 总则\n第一章 基本规定\n第一条 为了保护权益，制定本法。\n第二编 合同\n第一分编 通则\n第一章 一般规定\n第一节 订立\n第二条 合同依法成立。\n第二节 履行\n第三条 合同应当履行。\n第二分编 典型合同\n第二章 买卖合同\n第四条 买卖合同是转移所有权的合同。",
            &[
                "1 第一编 总则",
                "2 第一章 基本规定",
                "3 第一条",
                "1 第二编 合同",
                "2 第一分编 通则",
                "3 第一章 一般规定",
                "4 第一节 订立",
                "5 第二条",
                "4 第二节 履行",
                "5 第三条",
                "2 第二分编 典型合同",
                "3 第二章 买卖合同",
                "4 第四条",
            ],
        ),
        (
            "条之N",
            "某法\n第一条 甲。\n第一条之一 乙。\n第一条之二 丙。\n第二条 丁。",
            &["1 第一条", "1 第一条之一", "1 第一条之二", "1 第二条"],
        ),
        (
            "序言 总纲 附则 without numbers",
            "某章程\n序言\n本会历史悠久。\n总纲\n本会宗旨是服务会员。\n第一章 会员\n第一条 会员自愿入会。\n第二条 会员可以退会。\n附则\n第三条 本章程由理事会解释。",
            &["1 序言", "1 总纲", "1 第一章 会员", "2 第一条", "2 第二条", "1 附则", "2 第三条"],
        ),
        (
            "articles without a space behind the label",
            "某规定\n第一条为了加强管理，制定本规定。\n第二条本规定适用于全市。\n第三条市财政局负责解释。",
            &["1 第一条", "1 第二条", "1 第三条"],
        ),
        (
            "an article's own heading in 【】",
            "某法\n第一条 【立法目的】为了保护环境，制定本法。\n第二条 【适用范围】本法适用于全国。",
            &["1 第一条 立法目的", "1 第二条 适用范围"],
        ),
        (
            "an article's own heading in （） alone on its line",
            "某条例\n第一条（目的和依据）\n为了加强管理，制定本条例。\n第二条（适用范围）\n本条例适用于本市。",
            &["1 第一条 目的和依据", "1 第二条 适用范围"],
        ),
        (
            "a label spread out",
            "某条例\n第 一 章　总　则\n第 一 条　为了加强管理，制定本条例。\n第 二 条　本条例适用于本市。",
            &["1 第一章 总则", "2 第一条", "2 第二条"],
        ),
        (
            "chapter label and name on two lines",
            "某条例\n第一章\n总　则\n第一条 为了加强管理，制定本条例。\n第二章\n附　则\n第二条 本条例自公布之日起施行。",
            &["1 第一章 总则", "2 第一条", "1 第二章 附则", "2 第二条"],
        ),
        (
            "Arabic article numbers",
            "某制度\n第1条 为了加强管理，制定本制度。\n第2条 本制度适用于全体职工。\n第3条 本制度由办公室解释。",
            &["1 第1条", "1 第2条", "1 第3条"],
        ),
        (
            "numbers with 百 and 零",
            "某法\n第九十九条 甲。\n第一百条 乙。\n第一百零一条 丙。\n第一百一十条 丁。\n第一百一十一条 戊。",
            &["1 第九十九条", "1 第一百条", "1 第一百零一条", "1 第一百一十条", "1 第一百一十一条"],
        ),
        (
            "traditional characters",
            "某條例\n第一章 總則\n第一條 為加強管理，制定本條例。\n第二條 本條例適用於全市。",
            &["1 第一章 總則", "2 第一條", "2 第二條"],
        ),
        (
            "articles printed in one paragraph",
            "某条例\n第一条 为了加强管理，制定本条例。 第二条 本条例适用于本市，依照 第九条 办理的除外。 第三条 本条例自公布之日起施行。",
            &["1 第一条", "1 第二条", "1 第三条"],
        ),
        (
            "an article that is missing",
            "某法\n第一条 甲。\n第二条 乙。\n第四条 丁。\n第五条 戊。",
            &["1 第一条", "1 第二条", "1 第四条", "1 第五条"],
        ),
    ]);
}

#[test]
fn a_table_of_contents_is_not_text() {
    let text = "某市条例\n目　　录\n第一章 总则\n第二章 管理\n第三章 附则\n第一章 总则\n第一条 为了管理，制定本条例。\n第二章 管理\n第二条 市政府负责管理。\n第三章 附则\n第三条 本条例自公布之日起施行。";
    let document = read(text);
    let expected = ["1 第一章 总则", "2 第一条", "1 第二章 管理", "2 第二条", "1 第三章 附则", "2 第三条"];
    assert_eq!(outline(&document), expected);
    let all: String = document.sections.iter().map(|section| section.text.as_str()).collect();
    assert_eq!(all.matches("总则").count(), 1);
    assert!(!all.contains('录'), "{all}");
}

#[test]
fn a_table_of_contents_with_pages() {
    let text = "某规划\n目录\n一、规划背景………………1\n二、总体要求………………3\n（一）指导思想…………3\n三、保障措施………………15\n一、规划背景\n基础良好。\n二、总体要求\n（一）指导思想\n坚持发展。\n三、保障措施\n加强领导。";
    let expected = ["1 一、规划背景", "1 二、总体要求", "2 （一）指导思想", "1 三、保障措施"];
    assert_eq!(outline(&read(text)), expected);
}

#[test]
fn a_table_of_contents_without_its_name() {
    let text = "某规划\n第一章 总则\n第二章 目标\n第三章 附则\n第一章 总则\n甲。\n第二章 目标\n乙。\n第三章 附则\n丙。";
    assert_eq!(outline(&read(text)), ["1 第一章 总则", "1 第二章 目标", "1 第三章 附则"]);
    // Headings without text of their own are no table of contents.
    let text = "某清单\n第一章 总则\n第二章 目标\n第三章 附则\n丙。";
    assert_eq!(outline(&read(text)), ["1 第一章 总则", "1 第二章 目标", "1 第三章 附则"]);
}

#[test]
fn a_document_named_catalogue_keeps_its_list() {
    let text = "政府定价目录\n一、供水价格\n由市定价。\n二、供气价格\n由市定价。";
    assert_eq!(outline(&read(text)), ["1 一、供水价格", "1 二、供气价格"]);
}

#[test]
fn attachments_and_inner_documents() {
    check_outlines(&[
        (
            "附件 opens a document with its own numbering",
            "某局关于开展检查的通知\n各区局：\n现将有关事项通知如下。\n一、检查内容\n安全生产。\n二、检查时间\n三月底前。\n附件：检查表\n某局\n2023年3月1日\n附件\n检查表\n一、基本情况\n填写单位名称。\n二、检查结果\n填写结果。",
            &["1 一、检查内容", "1 二、检查时间", "1 附件 检查表", "2 一、基本情况", "2 二、检查结果"],
        ),
        (
            "附件1 and 附件2",
            "某局关于申报项目的通知\n各区局：\n请按要求申报。\n附件：1.申报指南\n　　　2.申报表\n某局\n2023年3月1日\n附件1\n申报指南\n一、申报条件\n注册满一年。\n附件2\n申报表\n一、单位信息\n如实填写。",
            &["1 附件1 申报指南", "2 一、申报条件", "1 附件2 申报表", "2 一、单位信息"],
        ),
        (
            "a 通知 that 印发 a 办法 in 《》",
            "某市人民政府关于印发《某市公租房管理办法》的通知\n某政〔2022〕3号\n各区人民政府：\n《某市公租房管理办法》已经市政府同意，现印发给你们，请遵照执行。\n某市人民政府\n2022年5月6日\n某市公租房管理办法\n第一章 总则\n第一条 为规范公租房管理，制定本办法。\n第二章 附则\n第二条 本办法自2022年6月1日起施行。",
            &["1 某市公租房管理办法", "2 第一章 总则", "3 第一条", "2 第二章 附则", "3 第二条"],
        ),
        (
            "a 通知 that 印发 a 方案 without 《》",
            "某市人民政府办公室关于印发某市清洁取暖实施方案的通知\n各县人民政府：\n现将《某市清洁取暖实施方案》印发给你们，请认真组织实施。\n某市人民政府办公室\n2021年9月1日\n某市清洁取暖实施方案\n为推进清洁取暖，制定本方案。\n一、工作目标\n基本实现清洁取暖。\n二、重点任务\n推进改造。",
            &["1 某市清洁取暖实施方案", "2 一、工作目标", "2 二、重点任务"],
        ),
        (
            "an 令 that announces a 规定",
            "某市人民政府令\n第15号\n《某市停车管理规定》已经2020年3月1日市政府常务会议审议通过，现予公布，自2020年5月1日起施行。\n市长 王某\n2020年3月5日\n某市停车管理规定\n第一条 为加强停车管理，制定本规定。\n第二条 本规定自2020年5月1日起施行。",
            &["1 某市停车管理规定", "2 第一条", "2 第二条"],
        ),
        (
            "转发 a 意见 of another body",
            "某市人民政府办公室转发市公安局关于加强烟花爆竹管理意见的通知\n各区人民政府：\n市公安局《关于加强烟花爆竹管理的意见》已经市政府同意，现转发给你们。\n某市人民政府办公室\n2021年12月1日\n关于加强烟花爆竹管理的意见\n一、严格许可\n依法许可。\n二、严查违法\n依法查处。",
            &["1 关于加强烟花爆竹管理的意见", "2 一、严格许可", "2 二、严查违法"],
        ),
        (
            "a draft and its explanation",
            "关于对《某市物业条例（草案）》征求意见的公告\n现公开征求意见。\n某市司法局\n2023年5月31日\n某市物业条例（草案）\n第一条 甲。\n第二条 乙。\n关于《某市物业条例（草案）》的起草说明\n一、起草背景\n甲。\n二、主要内容\n乙。",
            &[
                "1 某市物业条例（草案）",
                "2 第一条",
                "2 第二条",
                "1 关于《某市物业条例（草案）》的起草说明",
                "2 一、起草背景",
                "2 二、主要内容",
            ],
        ),
        (
            "a table's rows open nothing",
            "某局通告\n一、名单如下\n1\t甲公司\t合格\n2\t乙公司\t不合格\n二、申诉方式\n书面申诉。",
            &["1 一、名单如下", "1 二、申诉方式"],
        ),
    ]);
}

#[test]
fn the_way_to_an_inner_section_names_the_inner_document() {
    let text = "某市关于印发《某市公租房管理办法》的通知\n各区人民政府：\n现将《某市公租房管理办法》印发给你们。\n某市人民政府\n2022年5月6日\n某市公租房管理办法\n第一章 总则\n第一条 为规范公租房管理，制定本办法。";
    let document = read(text);
    let last = document.sections.last().unwrap();
    assert_eq!(last.path, ["某市公租房管理办法", "第一章 总则"]);
    assert_eq!(last.label, "第一条");
}

#[test]
fn items_of_an_article_know_where_they_begin() {
    let text =
        "某规定\n第二章 保障\n第十条 下列事项由区政府批准：\n（一）规划；\n（二）采购。\n第十一条 其他事项由部门批准。";
    let document = read(text);
    let article = document.sections.iter().find(|section| section.label == "第十条").unwrap();
    let items: Vec<(&str, u8)> = article.items.iter().map(|item| (item.label.as_str(), item.level)).collect();
    assert_eq!(items, [("（一）", 1), ("（二）", 1)]);
    let second: String = article.text.chars().skip(article.items[1].start as usize).collect();
    assert_eq!(second, "（二）采购。");
}

#[test]
fn enumerations_are_items_and_headings_are_sections() {
    let text = "某局通知\n一、检查重点\n重点检查下列内容：\n1.消防设施；\n2.用电线路；\n3.疏散通道。\n二、工作要求\n1.抓消防。配齐设施。\n2.抓用电。检查线路。";
    let document = read(text);
    assert_eq!(outline(&document), ["1 一、检查重点", "1 二、工作要求", "2 1.抓消防", "2 2.抓用电"]);
    let labels: Vec<&str> = document.sections[1].items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["1.", "2.", "3."]);
}

#[test]
fn page_numbers_and_footers_are_dropped() {
    let text = "某市方案\n一、目标\n完成改造。\n— 5 —\n某市公报\n二、步骤\n分步实施。\n-6-\n某市公报\n三、要求\n抓好落实。\n第 7 页 共 9 页\n某市公报\n扫一扫在手机打开当前页\n打印本页 关闭窗口";
    let all: String = read(text).sections.iter().map(|section| section.text.clone() + "\n").collect();
    for gone in ["5", "6", "7", "扫一扫", "打印"] {
        assert!(!all.contains(gone), "{gone} in {all}");
    }
    // A running head stands beside every page number; its first occurrence may be text.
    assert_eq!(all.matches("某市公报").count(), 1, "{all}");
    // A number between dashes that is an amount is no page: nothing is lost.
    let kept = read("某市方案\n一、目标\n— 5000000元 —\n第7页表格作废。");
    assert!(kept.sections[1].text.contains("5000000元") && kept.sections[1].text.contains("第7页表格作废"));
}

#[test]
fn wrapped_lines_are_one_paragraph() {
    let text = "某市人民政府关于加强供水管理的通知\n\
        各区人民政府，市政府各部门：\n\
        \u{3000}\u{3000}为进一步加强全市供水管理，保障城乡居民饮水安全，根据有关法律法规的规\n\
        定，结合我市实际，现就有关事项通知如下，请认真遵照执行并及时反馈有关情\n\
        况。\n\
        \u{3000}\u{3000}一、明确责任。各级各有关部门要切实履行职责，健全工作机制，完善配套政\n\
        策，落实保障措施，确保供水安全，供水企业要按照规定公开水质检测结果和水\n\
        价。\n\
        \u{3000}\u{3000}二、强化监管。水务部门要加强日常监管，会同卫生健康部门定期检查，发现\n\
        问题及时处理。";
    let document = read(text);
    assert_eq!(outline(&document), ["1 一、明确责任", "1 二、强化监管"]);
    assert!(document.sections[0].text.contains("法规的规定，结合"), "{}", document.sections[0].text);
    assert!(
        document.sections[1]
            .text
            .ends_with("完善配套政策，落实保障措施，确保供水安全，供水企业要按照规定公开水质检测结果和水价。")
    );
}

#[test]
fn lists_broken_behind_a_comma() {
    let text = "某市通知\n各县（市、区）人民政府，市政府各部门、各直属机构，\n各企事业单位：\n一、推进云网协同和算网融合发展，加快构建算力、算法、数据、\n应用资源协同的体系\n甲。";
    let document = read(text);
    assert_eq!(outline(&document), ["1 一、推进云网协同和算网融合发展，加快构建算力、算法、数据、应用资源协同的体系"]);
    let recipients = document.metadata.recipients.as_deref();
    assert_eq!(recipients, Some("各县（市、区）人民政府，市政府各部门、各直属机构，各企事业单位"));
}

#[test]
fn a_word_broken_before_punctuation() {
    let document = read("某市条例\n第一条 为了加强管理，制定本条例\n。\n第二条 本条例适用于本市。");
    assert_eq!(document.sections[1].text, "第一条 为了加强管理，制定本条例。");
}

#[test]
fn headings_of_markdown_and_labels_together() {
    let text = "# 某市条例\n\n## 第一章 总则\n\n第一条 为了加强管理，制定本条例。\n\n## 第二章 附则\n\n第二条 本条例自公布之日起施行。\n";
    let document = read_as(text, "a.md");
    assert_eq!(outline(&document), ["1 第一章 总则", "2 第一条", "1 第二章 附则", "2 第二条"]);
}

#[test]
fn nesting_and_counts_are_bounded() {
    let mut deep = String::from("# 题\n");
    for level in 0..200 {
        deep.push_str(&format!("{} 标题{level}\n文。\n", "#".repeat(1 + level % 6)));
    }
    let many: String = (1..5_000).map(|n| format!("（{}）条目。内容。\n", n % 150 + 1)).collect();
    for text in [deep, many] {
        let document = read_as(&text, "a.md");
        assert!(document.sections.iter().all(|section| section.level <= 10));
        assert!(document.sections.iter().all(|section| section.path.len() <= 10));
    }
}
