//! 文种 and 效力层级: what kind of document it is, and how high it stands.

use serde::{Deserialize, Serialize};

use super::numeral;

macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $chinese:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[$doc])* #[serde(rename = $chinese)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The Chinese name, as it is displayed and serialized.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $chinese),+ }
            }

            /// The value of that Chinese name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($chinese => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use named_enum;

named_enum! {
    /// 文种. The first fifteen are the statutory kinds of the 2012 regulation on
    /// official documents (党政机关公文处理工作条例, article 8).
    Genre {
        /// 决议
        Resolution = "决议",
        /// 决定
        Decision = "决定",
        /// 命令（令）
        Order = "命令",
        /// 公报
        Communique = "公报",
        /// 公告
        Announcement = "公告",
        /// 通告
        PublicNotice = "通告",
        /// 意见
        Opinion = "意见",
        /// 通知
        Notice = "通知",
        /// 通报
        Circular = "通报",
        /// 报告
        Report = "报告",
        /// 请示
        Request = "请示",
        /// 批复
        Reply = "批复",
        /// 议案
        Motion = "议案",
        /// 函
        Letter = "函",
        /// 纪要
        Minutes = "纪要",
        /// 宪法
        Constitution = "宪法",
        /// 法
        Law = "法",
        /// 条例
        Regulation = "条例",
        /// 规定
        Provisions = "规定",
        /// 办法
        Measures = "办法",
        /// 细则
        DetailedRules = "细则",
        /// 规则
        Rules = "规则",
        /// 规程
        Procedures = "规程",
        /// 规范
        Norms = "规范",
        /// 标准
        Standard = "标准",
        /// 章程
        Charter = "章程",
        /// 解释
        Interpretation = "解释",
        /// 修正案
        Amendment = "修正案",
        /// 方案
        Scheme = "方案",
        /// 规划
        Plan = "规划",
        /// 计划
        WorkPlan = "计划",
        /// 纲要
        Outline = "纲要",
        /// 预案
        ContingencyPlan = "预案",
        /// 指引
        Guidelines = "指引",
        /// 指南
        Guide = "指南",
        /// 措施
        Steps = "措施",
        /// 要点
        KeyPoints = "要点",
        /// 目录
        Catalogue = "目录",
        /// 总结
        Summary = "总结",
        /// 公示
        Publicity = "公示",
        /// 解读
        Commentary = "解读",
        /// 答复
        Answer = "答复",
    }
}

named_enum! {
    /// 效力层级, highest first.
    Level {
        /// 宪法
        Constitution = "宪法",
        /// 法律
        Law = "法律",
        /// 法律解释
        LegalInterpretation = "法律解释",
        /// 行政法规
        AdministrativeRegulation = "行政法规",
        /// 监察法规
        SupervisoryRegulation = "监察法规",
        /// 司法解释
        JudicialInterpretation = "司法解释",
        /// 地方性法规
        LocalRegulation = "地方性法规",
        /// 部门规章
        DepartmentRule = "部门规章",
        /// 地方政府规章
        LocalRule = "地方政府规章",
        /// 规范性文件
        NormativeDocument = "规范性文件",
    }
}

impl Genre {
    /// Whether it is one of the fifteen statutory kinds.
    pub fn is_statutory(self) -> bool {
        self <= Genre::Minutes
    }

    /// The kind that a title names: its last word once the status and other
    /// brackets behind it are taken away (`…实施细则（试行）` is 细则). Failing that,
    /// a report-like word inside (`2021年总结以及2022年工作思路`).
    pub fn of_title(title: &str) -> Option<Self> {
        let stem = without_serial(strip_trailing_brackets(title));
        Genre::at_end(stem).or_else(|| {
            [Genre::Summary, Genre::Report, Genre::Publicity, Genre::Commentary]
                .into_iter()
                .find(|genre| stem.contains(genre.name()))
        })
    }

    /// The kind that `text` ends with: the longest name wins (办法 before 法).
    fn at_end(text: &str) -> Option<Self> {
        const OTHER_NAMES: [(&str, Genre); 10] = [
            ("令", Genre::Order),
            ("会议纪要", Genre::Minutes),
            ("实施意见", Genre::Opinion),
            ("公报", Genre::Communique),
            ("复函", Genre::Letter),
            ("批复意见", Genre::Reply),
            ("政策问答", Genre::Commentary),
            ("工作思路", Genre::Summary),
            ("情况汇报", Genre::Report),
            ("守则", Genre::Rules),
        ];
        // 方法, 手法, 做法, 看法 … end like a law and are none.
        const NO_LAW: [&str; 13] =
            ["方法", "手法", "做法", "看法", "说法", "用法", "执法", "司法", "算法", "违法", "合法", "依法", "书法"];
        let names = Genre::ALL.iter().map(|genre| (genre.name(), *genre)).chain(OTHER_NAMES);
        let (_, genre) = names.filter(|(name, _)| text.ends_with(name)).max_by_key(|(name, _)| name.len())?;
        let is_no_law = genre == Genre::Law
            && !text.starts_with("中华人民共和国")
            && !text.ends_with("公司法")
            && NO_LAW.iter().any(|word| text.ends_with(word));
        (!is_no_law).then_some(genre)
    }
}

/// `…公告2022年第4号` without the number; other titles as they are.
fn without_serial(title: &str) -> &str {
    let is_number = |c: char| numeral::digit(c).is_some() || numeral::is_han_numeral(c) || c.is_whitespace();
    let Some(body) = title.strip_suffix('号').and_then(|body| body.trim_end_matches(is_number).strip_suffix('第'))
    else {
        return title;
    };
    let body = body.trim_end();
    body.strip_suffix('年').map_or(body, |body| body.trim_end_matches(is_number))
}

/// The title without brackets at its end: `（试行）`, `(2020修正)`, `（三）`.
fn strip_trailing_brackets(title: &str) -> &str {
    let mut stem = title.trim_end();
    while stem.ends_with(['）', ')', '〕', ']', '】']) {
        match stem.rfind(['（', '(', '〔', '[', '【']) {
            Some(open) if open > 0 => stem = stem[..open].trim_end(),
            _ => break,
        }
    }
    stem.trim_end_matches(['》', '”', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_titles() {
        let cases = [
            ("国务院关于印发国家职业教育改革实施方案的通知", Some(Genre::Notice)),
            ("国务院关于促进综合保税区高水平开放高质量发展的若干意见", Some(Genre::Opinion)),
            ("国务院关于河北雄安新区总体规划（2018—2035年）的批复", Some(Genre::Reply)),
            ("河北雄安新区总体规划（2018—2035年）", Some(Genre::Plan)),
            ("鹭汀区政府投资项目管理实施细则（试行）", Some(Genre::DetailedRules)),
            ("中华人民共和国刑法", Some(Genre::Law)),
            ("中华人民共和国刑法修正案（十一）", Some(Genre::Amendment)),
            ("中华人民共和国宪法", Some(Genre::Constitution)),
            ("青屿市人才公寓管理办法", Some(Genre::Measures)),
            ("青屿市人民政府令", Some(Genre::Order)),
            ("龙华区发展和改革局2021年总结以及2022年工作思路", Some(Genre::Summary)),
            ("最高人民法院关于适用《刑事诉讼法》的解释", Some(Genre::Interpretation)),
            ("中华人民共和国公司法", Some(Genre::Law)),
            ("公司法", Some(Genre::Law)),
            ("国家税务总局公告2022年第4号", Some(Genre::Announcement)),
            ("青屿市人民政府令第92号", Some(Genre::Order)),
            ("公正司法", None),
            ("关于科学的思维方法", None),
            ("中华人民共和国国歌", None),
        ];
        for (title, expected) in cases {
            assert_eq!(Genre::of_title(title), expected, "{title}");
        }
    }
}
