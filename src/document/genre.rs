//! 文种 and 效力层级: what kind of document it is, and how high it stands.

use serde::{Deserialize, Serialize};

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
}
