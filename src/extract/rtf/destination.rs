//! Destinations: what a group's text is for.

/// What a group's text is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Destination {
    /// The document's text.
    #[default]
    Body,
    /// Nothing a reader sees.
    Skipped,
    /// The table of fonts.
    Fonts,
    /// A document property, by its label.
    Info(&'static str),
    /// A drawing, with text somewhere inside.
    Shape,
    /// The text in a drawing.
    ShapeText,
    /// A foot- or endnote.
    Note,
    /// The result of a field: text.
    Result,
}

impl Destination {
    /// The destination that a control word opens, if it opens one.
    pub(super) fn of(word: &str) -> Option<Destination> {
        Some(match word {
            "fonttbl" => Destination::Fonts,
            "title" => Destination::Info("标题"),
            "author" => Destination::Info("作者"),
            "subject" => Destination::Info("属性主题"),
            "shpinst" | "shpgrp" | "do" => Destination::Shape,
            "shptxt" | "dptxbxtext" => Destination::ShapeText,
            "footnote" => Destination::Note,
            "fldrslt" | "shp" | "field" | "listtext" | "pntext" | "shprslt" | "ud" | "info" => Destination::Result,
            "colortbl" | "stylesheet" | "pict" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" | "fldinst" | "listtable" | "listoverridetable" | "revtbl"
            | "rsidtbl" | "generator" | "themedata" | "colorschememapping" | "datastore" | "latentstyles"
            | "xmlnstbl" | "nonshppict" | "objdata" | "objclass" | "bkmkstart" | "bkmkend" | "annotation" | "atnid"
            | "atnauthor" | "atrfstart" | "atrfend" | "keywords" | "comment" | "doccomm" | "company" | "manager"
            | "category" | "operator" | "hlinkbase" | "creatim" | "revtim" | "printim" | "buptim" | "private"
            | "sp" | "sn" | "sv" | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" | "ftncn" | "aftncn" | "pnseclvl"
            | "pn" | "upr" | "userprops" | "panose" | "falt" | "fontemb" | "fontfile" | "filetbl" | "tc" | "xe"
            | "txe" | "rxe" | "nesttableprops" | "background" | "wgrffmtfilter" | "mmathpr" | "shppict" => {
                Destination::Skipped
            }
            _ => return None,
        })
    }
}

/// The code page of a font's character set; `None` where the document's holds.
pub(super) fn code_page(charset: i32) -> Option<u16> {
    Some(match charset {
        0 => 1252,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        204 => 1251,
        238 => 1250,
        _ => return None,
    })
}
