//! How characters sound, for keywords typed in Latin letters and for mistakes
//! between characters of the same sound.
//!
//! Readings come from the `pinyin` crate (MIT, maintained, its tables are
//! compiled in and need no loading), and only this file uses it.

use pinyin::{ToPinyin, ToPinyinMulti};

/// Hands the readings of a character to `sink`, without tones, ü as v: 行 is
/// xing and hang. None for what is no Han character.
pub(crate) fn for_each_reading(c: char, mut sink: impl FnMut(&str)) {
    if let Some(multi) = c.to_pinyin_multi() {
        let mut before = "";
        for pinyin in multi {
            let reading = pinyin.plain();
            if reading != before {
                give(reading, &mut sink);
            }
            before = reading;
        }
        return;
    }
    if let Some(pinyin) = c.to_pinyin() {
        give(pinyin.plain(), &mut sink);
    }
}

fn give(reading: &str, sink: &mut impl FnMut(&str)) {
    if reading.contains('ü') {
        sink(&reading.replace('ü', "v"));
    } else if !reading.is_empty() {
        sink(reading);
    }
}

/// The readings of a character, at most eight of them.
pub(crate) fn readings(c: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for_each_reading(c, |reading| {
        if readings.len() < 8 && readings.iter().all(|known| known != reading) {
            readings.push(reading.to_owned());
        }
    });
    readings
}

/// How alike two characters sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// A reading in common.
    Same,
    /// Readings that many speakers do not keep apart: zh and z, in and ing, n and l.
    Near,
    /// Neither.
    Other,
}

/// How alike `c` sounds to a character with these readings.
pub(crate) fn likeness(known: &[String], c: char) -> Likeness {
    let mut best = Likeness::Other;
    for_each_reading(c, |reading| {
        if known.iter().any(|known| known == reading) {
            best = Likeness::Same;
        } else if best == Likeness::Other && known.iter().any(|known| blurred(known) == blurred(reading)) {
            best = Likeness::Near;
        }
    });
    best
}

/// A reading's initial and the rest, see [`blurred`].
pub(crate) type Blurred<'a> = (char, &'a str);

/// A reading as those speak it who do not keep zh, ch, sh from z, c, s, -ng from
/// -n, and l from n.
pub(crate) fn blurred(reading: &str) -> Blurred<'_> {
    let mut chars = reading.chars();
    let first = chars.next().unwrap_or(' ');
    let rest = chars.as_str();
    let rest = if matches!(first, 'z' | 'c' | 's') { rest.strip_prefix('h').unwrap_or(rest) } else { rest };
    let rest = if rest.ends_with("ng") && !rest.ends_with("ong") { &rest[..rest.len() - 1] } else { rest };
    (if first == 'l' { 'n' } else { first }, rest)
}

/// Whether a keyword is Latin letters that may be pinyin; it, in lower case and
/// without what may part syllables.
pub(crate) fn letters(keyword: &str) -> Option<String> {
    let mut letters = String::new();
    for c in super::fold(keyword).chars() {
        match c {
            'a'..='z' => letters.push(c),
            'ü' => letters.push('v'),
            '\'' | ' ' | '-' | '’' => {}
            _ => return None,
        }
    }
    (2..=60).contains(&letters.len()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_without_tones() {
        assert_eq!(readings('境'), ["jing"]);
        assert!(readings('行').contains(&"xing".to_owned()) && readings('行').contains(&"hang".to_owned()));
        assert_eq!(readings('绿').first().map(String::as_str), Some("lv"));
        assert!(readings('a').is_empty());
    }

    #[test]
    fn sounds_alike() {
        assert_eq!(likeness(&readings('竞'), '境'), Likeness::Same);
        assert_eq!(likeness(&readings('付'), '复'), Likeness::Same);
        assert_eq!(likeness(&readings('金'), '京'), Likeness::Near);
        assert_eq!(likeness(&readings('四'), '是'), Likeness::Near);
        assert_eq!(likeness(&readings('林'), '宁'), Likeness::Near);
        assert_eq!(likeness(&readings('东'), '顿'), Likeness::Other);
        assert_eq!(likeness(&readings('行'), '复'), Likeness::Other);
    }

    #[test]
    fn latin_keywords() {
        assert_eq!(letters("YingShang HuanJing").as_deref(), Some("yingshanghuanjing"));
        assert_eq!(letters("xi'an").as_deref(), Some("xian"));
        assert_eq!(letters("ｙｓｈｊ").as_deref(), Some("yshj"));
        for keyword in ["4s", "营商yshj", "a", "", "v2g"] {
            assert_eq!(letters(keyword), None, "{keyword}");
        }
    }
}
