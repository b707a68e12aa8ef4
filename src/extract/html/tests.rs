use super::*;
use crate::ErrorKind;
use crate::extract::ParagraphKind::{self, Heading, TableRow, Text};

fn rows(page: &str) -> Vec<(ParagraphKind, String)> {
    read(page).unwrap().paragraphs.into_iter().map(|paragraph| (paragraph.kind, paragraph.text)).collect()
}

fn row(kind: ParagraphKind, text: &str) -> (ParagraphKind, String) {
    (kind, text.to_owned())
}

/// Enough text for the article to outweigh the page around it.
const LONG: &str =
    "为了规范政府投资项目管理，提高投资效益，根据有关法律、法规，结合本区实际，制定本细则，请各单位认真贯彻执行。";

fn page(around: &str, content: &str) -> String {
    around.replace("{}", content)
}

#[test]
fn a_fragment_reads_as_it_stands() {
    assert_eq!(
        rows("<p>　　一、总则</p><p>为了<b>规范</b>管理，<br>制定本办法。</p><ul><li>甲</li><li>乙</li></ul>尾"),
        [
            row(Text, "一、总则"),
            row(Text, "为了规范管理，"),
            row(Text, "制定本办法。"),
            row(Text, "甲"),
            row(Text, "乙"),
            row(Text, "尾"),
        ]
    );
}

#[test]
fn lines_are_the_numbers_of_paragraphs() {
    let lines: Vec<u32> = read("<p>甲</p><p> </p><p>乙</p>").unwrap().paragraphs.iter().map(|p| p.line).collect();
    assert_eq!(lines, [1, 2]);
}

#[test]
fn furniture_goes_and_title_and_header_table_stay() {
    let around = "<html><head><title>关于做好工作的通知_某区政府</title><meta name='ArticleTitle' content='关于做好工作的通知'>\
        <meta name=viewport content='width=1'><style>p{}</style></head><body>\
        <div class='top-nav'><a href=/>首页</a><a href=/a>政务公开</a><a href=/b>办事服务</a><a>互动</a><a>数据</a></div>\
        <div class=crumbs>当前位置：<a>首页</a> > <a>文件</a></div>\
        <div class=wrap><table><tr><td>索 引 号：</td><td>QY001</td><td>主题分类：</td><td></td></tr>\
        <tr><td>发文机关：</td><td>某区政府</td><td>发布日期：</td><td>2021年1月2日</td></tr></table>\
        <h1>关于做好工作的通知</h1><div class=info>来源：区政府办 发布时间：2021-01-02</div>\
        <div id=zoom>{}</div><div>扫一扫在手机打开当前页</div></div>\
        <div class=list><a href=1>其他通知一</a><a href=2>其他通知二</a><a href=3>其他通知三</a></div>\
        <div>主办：某区政府 ICP备12345号 网站标识码：330</div><script>var a='不见';</script></body></html>";
    let content =
        format!("<p>{LONG}</p><p>{LONG}</p><p style='display: none'>隐藏</p><p>附件：<a href=x>办法.doc</a></p>");
    let extracted = read(&page(around, &content)).unwrap();
    let texts: Vec<&str> = extracted.paragraphs.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "索 引 号：\tQY001\t主题分类：",
            "发文机关：\t某区政府\t发布日期：\t2021年1月2日",
            "关于做好工作的通知",
            "来源：区政府办 发布时间：2021-01-02",
            LONG,
            LONG,
            "附件：办法.doc",
        ]
    );
    assert_eq!(extracted.paragraphs[2].kind, Heading(1));
    assert_eq!(extracted.hints.title.as_deref(), Some("关于做好工作的通知_某区政府"));
    let fields: Vec<_> =
        extracted.hints.fields.iter().map(|f| (f.label.as_str(), f.value.as_str(), f.origin)).collect();
    assert_eq!(
        fields,
        [
            ("索引号", "QY001", Origin::HeaderTable),
            ("发文机关", "某区政府", Origin::HeaderTable),
            ("发布日期", "2021年1月2日", Origin::HeaderTable),
            ("ArticleTitle", "关于做好工作的通知", Origin::Properties),
        ]
    );
}

#[test]
fn labels_set_apart_by_style_become_rows() {
    let extracted = read(&format!(
        "<body><ul class=header-info><li><span class=label>索引号</span><span>QY-1</span></li>\
        <li><span>有效性</span><span>失效</span></li></ul><dl><dt>发文字号</dt><dd>青政〔2019〕2号</dd></dl><p>{LONG}</p></body>"
    ))
    .unwrap();
    let texts: Vec<&str> = extracted.paragraphs.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(texts, ["索引号\tQY-1", "有效性\t失效", "发文字号\t青政〔2019〕2号", LONG]);
    assert_eq!(extracted.hints.fields.len(), 3);
}

#[test]
fn data_tables_go_row_by_row_and_layout_tables_do_not() {
    let paragraphs = "<p>一、甲乙丙丁</p>".repeat(6) + &format!("<p>{LONG}{LONG}{LONG}{LONG}{LONG}{LONG}</p>");
    let found = rows(&format!(
        "<table><tr><td>{paragraphs}<table><tr><th>序号</th><th>项目<br>名称</th></tr>\
        <tr><td>1</td><td></td><td>氢能</td></tr></table></td><td>旁栏</td></tr></table>"
    ));
    assert_eq!(found[0], row(Text, "一、甲乙丙丁"));
    assert_eq!(found[7..], [row(TableRow, "序号\t项目 名称"), row(TableRow, "1\t氢能"), row(Text, "旁栏")]);
}

#[test]
fn ordered_lists_show_their_numbers() {
    assert_eq!(
        rows("<ol start=3><li>甲</li><li>乙</li><li>（五）丙</li></ol>"),
        [row(Text, "3. 甲"), row(Text, "4. 乙"), row(Text, "（五）丙")]
    );
}

#[test]
fn preformatted_text_keeps_its_lines() {
    assert_eq!(rows("<pre>第一条\n第二条\n</pre>"), [row(Text, "第一条"), row(Text, "第二条")]);
}

#[test]
fn hidden_text_is_kept_when_it_is_all_there_is() {
    assert_eq!(rows("<body style='display:none'><p>通知</p></body>"), [row(Text, "通知")]);
}

#[test]
fn nesting_is_limited_and_takes_no_stack() {
    let deep = "<div>".repeat(1_500) + "通知";
    assert_eq!(rows(&deep), [row(Text, "通知")]);
    let too_deep = "<div>".repeat(200_000);
    assert_eq!(read(&too_deep).map(|_| ()).unwrap_err().kind(), ErrorKind::LimitExceeded);
}

#[test]
fn elements_repeated_by_the_parser_are_limited() {
    let fonts: String = (0..1_900).map(|size| format!("<font size={size}>")).collect();
    let page = "<p>".to_owned() + &fonts + &"<p>a".repeat(20_000);
    assert_eq!(read(&page).map(|_| ()).unwrap_err().kind(), ErrorKind::LimitExceeded);
}
