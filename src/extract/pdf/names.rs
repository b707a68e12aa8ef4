//! Names of glyphs, and radicals that stand for characters.

/// The names that simple fonts of Chinese documents use, sorted; Latin letters are
/// their own names.
const NAMES: &[(&str, char)] = &[
    ("Delta", 'Δ'),
    ("Euro", '€'),
    ("Omega", 'Ω'),
    ("Sigma", 'Σ'),
    ("alpha", 'α'),
    ("ampersand", '&'),
    ("approxequal", '≈'),
    ("asciicircum", '^'),
    ("asciitilde", '~'),
    ("asterisk", '*'),
    ("at", '@'),
    ("backslash", '\\'),
    ("bar", '|'),
    ("beta", 'β'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("bullet", '•'),
    ("cent", '¢'),
    ("checkmark", '✓'),
    ("circle", '○'),
    ("colon", ':'),
    ("comma", ','),
    ("copyright", '©'),
    ("degree", '°'),
    ("delta", 'δ'),
    ("divide", '÷'),
    ("dollar", '$'),
    ("eight", '8'),
    ("ellipsis", '…'),
    ("emdash", '—'),
    ("endash", '–'),
    ("equal", '='),
    ("exclam", '!'),
    ("fi", 'ﬁ'),
    ("five", '5'),
    ("fl", 'ﬂ'),
    ("four", '4'),
    ("gamma", 'γ'),
    ("grave", '`'),
    ("greater", '>'),
    ("greaterequal", '≥'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("hyphen", '-'),
    ("infinity", '∞'),
    ("lambda", 'λ'),
    ("less", '<'),
    ("lessequal", '≤'),
    ("middot", '·'),
    ("minus", '-'),
    ("mu", 'µ'),
    ("multiply", '×'),
    ("nbspace", '\u{A0}'),
    ("nine", '9'),
    ("notequal", '≠'),
    ("numbersign", '#'),
    ("omega", 'ω'),
    ("one", '1'),
    ("onehalf", '½'),
    ("onequarter", '¼'),
    ("onesuperior", '¹'),
    ("paragraph", '¶'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("percent", '%'),
    ("period", '.'),
    ("periodcentered", '·'),
    ("perthousand", '‰'),
    ("pi", 'π'),
    ("plus", '+'),
    ("plusminus", '±'),
    ("question", '?'),
    ("quotedbl", '"'),
    ("quotedblbase", '„'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesinglbase", '‚'),
    ("quotesingle", '\''),
    ("registered", '®'),
    ("section", '§'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("sigma", 'σ'),
    ("six", '6'),
    ("slash", '/'),
    ("space", ' '),
    ("square", '□'),
    ("sterling", '£'),
    ("three", '3'),
    ("threequarters", '¾'),
    ("threesuperior", '³'),
    ("trademark", '™'),
    ("two", '2'),
    ("twosuperior", '²'),
    ("underscore", '_'),
    ("yen", '¥'),
    ("zero", '0'),
];

/// The characters of the Kangxi radicals U+2F00–U+2FD5 in order (Unicode
/// Standard, compatibility decompositions).
const RADICALS: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// The character that a glyph's name stands for: `A`, `comma`, `uni4E2D`, `u4E2D`.
pub(super) fn character(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    // `a.sc` and `f_i` are forms of the first part.
    let name = name.split(['.', '_']).next().filter(|part| !part.is_empty())?;
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    if let Ok(at) = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)) {
        return Some(NAMES[at].1);
    }
    let hex = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
    let is_code = (4..=6).contains(&hex.len()) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(hex, 16).ok().filter(|_| is_code).and_then(char::from_u32)
}

/// The character of a Kangxi radical; others as they are.
pub(super) fn radical(c: char) -> char {
    let at = (c as usize).checked_sub(0x2F00);
    at.and_then(|at| RADICALS.chars().nth(at)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_characters() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(character(b"comma"), Some(','));
        assert_eq!(character(b"uni4E2D"), Some('中'));
        assert_eq!(character(b"u20BB7"), Some('𠮷'));
        assert_eq!(character(b"A"), Some('A'));
        assert_eq!(character(b"G123"), None);
        assert_eq!(RADICALS.chars().count(), 214);
        assert_eq!(radical('⼀'), '一');
        assert_eq!(radical('⾦'), '金');
    }
}
