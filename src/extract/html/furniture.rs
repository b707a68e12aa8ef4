//! What of a page is furniture: navigation, sharing, printing, footers, by the
//! names of elements and by the words of a paragraph. The words were collected
//! from what portals of provinces, cities and districts put around a document.

use super::dom::{Dom, NodeId};

/// Names that portals and editors give to the element around the text.
const CONTENT_NAMES: &[&str] = &[
    "ucap-content",
    "ucapcontent",
    "trs_editor",
    "trs_ueditor",
    "trs_web",
    "zoom",
    "zoomcon",
    "ivs_content",
    "maintext",
    "mainbody",
    "vsb_content",
    "pages_content",
    "article_content",
    "article-content",
    "articlecontent",
    "articlecon",
    "article_con",
    "art_con",
    "artcontent",
    "news_content",
    "newscontent",
    "news_cont_d_wrap",
    "contenttext",
    "content_text",
    "text_content",
    "con_text",
    "wzcon",
    "xxgk_content",
    "detail-content",
    "detail_content",
    "entry-content",
    "post-content",
    "bt-content",
    "bt_content",
    "j-fontcontent",
    "fontzoom",
    "view-content",
];

/// Whether the element is named as the one around the text.
pub(super) fn is_named_content(dom: &Dom, node: NodeId) -> bool {
    let Some(element) = dom.element(node) else { return false };
    if matches!(element.name(), "article" | "main") {
        return true;
    }
    names(dom, node).any(|name| CONTENT_NAMES.contains(&name.as_str()))
}

/// The element's id and classes, in lower case.
fn names(dom: &Dom, node: NodeId) -> impl Iterator<Item = String> + '_ {
    let attributes = dom.element(node).into_iter().flat_map(|element| {
        let id = element.attribute("id").unwrap_or("");
        let class = element.attribute("class").unwrap_or("");
        id.split_whitespace().chain(class.split_whitespace())
    });
    attributes.map(str::to_ascii_lowercase)
}

/// Whether the element says by its role that it is furniture.
pub(super) fn is_role_of_furniture(dom: &Dom, node: NodeId) -> bool {
    let role = dom.element(node).and_then(|element| element.attribute("role")).unwrap_or("");
    matches!(role, "navigation" | "search" | "banner" | "menu" | "menubar" | "dialog" | "toolbar")
}

/// Parts of names that say furniture wherever they stand.
const FURNITURE_NAMES: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "navi",
    "menu",
    "submenu",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "mbx",
    "dqwz",
    "wznav",
    "share",
    "bdshare",
    "bshare",
    "jiathis",
    "print",
    "dayin",
    "toolbar",
    "foot",
    "footer",
    "copyright",
    "sidebar",
    "leftmenu",
    "related",
    "xgyd",
    "recommend",
    "pager",
    "pagination",
    "qrcode",
    "ewm",
    "erweima",
    "login",
    "search",
    "topbar",
    "banner",
    "fontsize",
    "font-size",
    "wza",
    "gotop",
    "backtop",
    "totop",
    "hotnews",
    "friendlink",
    "links",
    "skiplink",
    "siteinfo",
];

/// Names that say furniture only of a line or two.
const SMALL_FURNITURE_NAMES: &[&str] = &[
    "position", "location", "place", "path", "tools", "tool", "weixin", "wechat", "close", "scan", "ewmbox", "prev",
    "next",
];

/// Whether the element, of so many characters, is furniture by its name.
pub(super) fn is_named(dom: &Dom, node: NodeId, chars: usize) -> bool {
    let Some(element) = dom.element(node) else { return false };
    if matches!(element.name(), "footer" | "menu") {
        return true;
    }
    if !super::is_block(element.name()) && element.name() != "span" {
        return false;
    }
    names(dom, node).any(|name| {
        if FURNITURE_NAMES.contains(&name.as_str()) {
            return true;
        }
        let mut parts = name.split(['-', '_']);
        let part_of = |list: &[&str], part: &str| list.contains(&part.trim_end_matches(|c: char| c.is_ascii_digit()));
        parts.any(|part| part_of(FURNITURE_NAMES, part) || (chars <= 100 && part_of(SMALL_FURNITURE_NAMES, part)))
    })
}

/// The words a page ends with: two of them make a footer.
pub(super) fn is_page_footer(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "ICP备",
        "ICP证",
        "公网安备",
        "网站标识码",
        "版权所有",
        "Copyright",
        "copyright",
        "技术支持",
        "网站地图",
        "联系我们",
        "网站声明",
        "隐私声明",
        "©",
    ];
    WORDS.iter().filter(|word| text.contains(**word)).count() >= 2
}

/// Whether a paragraph is nothing but the page's controls: 【字体：大 中 小】 打印 关闭.
pub(super) fn is_text(text: &str) -> bool {
    const PLACES: &[&str] = &[
        "当前位置",
        "您的位置",
        "您现在的位置",
        "你的位置",
        "所在位置",
        "您所在的位置",
        "您当前的位置",
        "您当前所在位置",
        "现在位置",
    ];
    const NEIGHBOURS: &[&str] = &["上一篇", "下一篇", "上一条", "下一条"];
    // Longer phrases first, as shorter ones are parts of them.
    const CONTROLS: &[&str] = &[
        "扫一扫在手机打开当前页面",
        "扫一扫在手机打开当前页",
        "扫一扫手机打开当前页",
        "扫一扫分享本页",
        "用手机扫一扫",
        "手机扫一扫",
        "扫一扫",
        "打印本页",
        "打印文章",
        "打印此页",
        "关闭本页",
        "关闭窗口",
        "返回顶部",
        "返回列表",
        "我要纠错",
        "我要打印",
        "我要收藏",
        "分享到微信",
        "分享到",
        "分享",
        "收藏",
        "打印",
        "关闭",
        "纠错",
        "字体大小",
        "字体",
        "字号",
        "微信",
        "微博",
        "朗读",
        "视力保护色",
        "加入收藏",
        "设为首页",
        "返回",
        "大",
        "中",
        "小",
        "TOP",
        "Top",
        "默认",
        "超大",
        "繁体",
        "简体",
        "保存",
        "下载",
        "到",
        "A+",
        "A-",
        "T",
        "A",
    ];
    // A paragraph of more than this is text.
    if text.len() > 600 {
        return false;
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let begins_with = |list: &[&str]| list.iter().any(|word| compact.starts_with(word));
    let starts_place = begins_with(PLACES)
        && (compact.contains('>') || compact.contains('»') || compact.contains("首页") || compact.chars().count() < 8);
    if starts_place || (begins_with(NEIGHBOURS) && compact.contains(['：', ':'])) {
        return true;
    }
    let mut rest = compact.as_str();
    let mut longest = 0;
    'outer: while let Some(c) = rest.chars().next() {
        if matches!(
            c,
            '【' | '】'
                | '〖'
                | '〗'
                | '['
                | ']'
                | '［'
                | '］'
                | '：'
                | ':'
                | '|'
                | '｜'
                | '丨'
                | '/'
                | '、'
                | '('
                | ')'
                | '（'
                | '）'
                | '·'
                | '>'
                | '-'
        ) {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        for control in CONTROLS {
            if let Some(after) = rest.strip_prefix(control) {
                longest = longest.max(control.chars().count());
                rest = after;
                continue 'outer;
            }
        }
        return false;
    }
    longest >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_furniture_and_words_are_not() {
        for text in [
            "【字体：大 中 小】　打印　关闭",
            "扫一扫在手机打开当前页",
            "分享到：",
            "当前位置：首页 > 政务公开",
            "上一篇：关于某事的通知",
            "[打印] [关闭]",
        ] {
            assert!(is_text(text), "{text}");
        }
        for text in
            ["打印费用标准", "大", "中小企业", "当前位置偏远的村", "（此件公开发布）", "关闭矿井", "一、分享经济"]
        {
            assert!(!is_text(text), "{text}");
        }
    }
}
