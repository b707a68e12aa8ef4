//! Fonts, as far as text needs them: which characters a string shows and how wide
//! they are.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Resources;

use super::names;

/// The fonts met so far.
#[derive(Default)]
pub(super) struct Fonts<'a> {
    by_id: HashMap<ObjectIdentifier, Option<Rc<Font>>>,
    maps: Maps,
    _lifetime: std::marker::PhantomData<&'a ()>,
}

/// Maps that come with the library, by name; they are large.
#[derive(Default)]
struct Maps(HashMap<Vec<u8>, Option<Rc<CMap>>>);

impl Maps {
    fn named(&mut self, name: &CMapName<'_>) -> Option<Rc<CMap>> {
        let key = name.to_bytes().to_vec();
        if let Some(known) = self.0.get(&key) {
            return known.clone();
        }
        let map = match key.as_slice() {
            b"Identity-H" => Some(CMap::identity_h()),
            b"Identity-V" => Some(CMap::identity_v()),
            _ => load_embedded(CMapName::from_bytes(&key)).and_then(|data| CMap::parse(data, load_embedded)),
        };
        let map = map.map(Rc::new);
        self.0.insert(key, map.clone());
        map
    }
}

impl<'a> Fonts<'a> {
    /// The font of this name; `None` when there is no such font.
    pub(super) fn get(&mut self, resources: &Resources<'a>, name: &Name<'_>) -> Option<Rc<Font>> {
        let dict = resources.get_font(name)?;
        let Some(id) = dict.obj_id() else { return Font::read(&dict, &mut self.maps).map(Rc::new) };
        if let Some(known) = self.by_id.get(&id) {
            return known.clone();
        }
        let font = Font::read(&dict, &mut self.maps).map(Rc::new);
        self.by_id.insert(id, font.clone());
        font
    }
}

/// A character code of a string.
pub(super) struct Code {
    /// What it shows; U+FFFD when the font does not say.
    pub(super) text: String,
    /// How far it moves on, in parts of the font size.
    pub(super) advance: f64,
    /// Word spacing is added to it.
    pub(super) is_space: bool,
}

/// A font.
pub(super) struct Font {
    to_unicode: Option<CMap>,
    kind: Kind,
}

enum Kind {
    /// One byte a character.
    Simple { first: usize, widths: Vec<f32>, default_width: f32, unit: f64, names: Box<[Option<String>; 256]> },
    /// Several bytes a character.
    Composite(Box<Composite>),
}

struct Composite {
    cmap: Option<Rc<CMap>>,
    /// From CIDs to Unicode.
    collection: Option<Rc<CMap>>,
    /// Codes are UTF-16 themselves.
    is_unicode: bool,
    is_vertical: bool,
    widths: HashMap<u32, f32>,
    default_width: f32,
    /// Characters by glyph, of the embedded font; only where nothing else says.
    glyphs: HashMap<u32, char>,
    /// Glyphs by CID; `None` when they are the same.
    glyph_of_cid: Option<Vec<u8>>,
}

impl Font {
    fn read(dict: &Dict<'_>, maps: &mut Maps) -> Option<Font> {
        let to_unicode = dict
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|stream| stream.decoded().ok().and_then(|data| CMap::parse(&data, load_embedded)));
        let kind = match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Type0") => composite(dict, maps, to_unicode.is_some())?,
            subtype => simple(dict, subtype == Some(b"Type3")),
        };
        Some(Font { to_unicode, kind })
    }

    pub(super) fn is_vertical(&self) -> bool {
        matches!(&self.kind, Kind::Composite(composite) if composite.is_vertical)
    }

    /// The codes of a string.
    pub(super) fn codes<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = Code> + 's {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let first = *rest.first()?;
            match &self.kind {
                Kind::Simple { first: low, widths, default_width, unit, names } => {
                    rest = &rest[1..];
                    let code = usize::from(first);
                    let width = code.checked_sub(*low).and_then(|at| widths.get(at)).unwrap_or(default_width);
                    let mapped = self.mapped(u32::from(first)).or_else(|| names[code].clone());
                    Some(Code {
                        text: mapped.unwrap_or_else(|| "\u{FFFD}".to_owned()),
                        advance: f64::from(*width) * unit,
                        is_space: first == b' ',
                    })
                }
                Kind::Composite(composite) => {
                    let (code, length, cid) = composite.next(rest);
                    rest = &rest[length..];
                    let mapped =
                        self.mapped(code).or_else(|| composite.unicode(code, cid)).or_else(|| self.mapped(cid));
                    let width = if composite.is_vertical { 1_000.0 } else { composite.width(cid) };
                    Some(Code {
                        text: mapped.unwrap_or_else(|| "\u{FFFD}".to_owned()),
                        advance: f64::from(width) / 1_000.0,
                        is_space: length == 1 && first == b' ',
                    })
                }
            }
        })
    }

    fn mapped(&self, code: u32) -> Option<String> {
        known(self.to_unicode.as_ref()?.lookup_bf_string(code)?)
    }
}

/// A mapping that says something: broken writers map to NUL or to nothing.
fn known(text: BfString) -> Option<String> {
    let text = match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    let is_nothing = |c: char| matches!(c, '\0' | '\u{FFFD}' | '\u{FFFF}' | '\u{FFFE}');
    (!text.is_empty() && !text.chars().all(is_nothing)).then(|| compatible(&text))
}

/// Radicals and compatibility forms that fonts map their Han characters to.
fn compatible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '⼀'..='⿕' => names::radical(c),
            // Fonts show a hyphen for it.
            '\u{AD}' => '-',
            c => c,
        })
        .collect()
}

impl Composite {
    /// The next code: its value, its length in bytes, its CID.
    fn next(&self, bytes: &[u8]) -> (u32, usize, u32) {
        if let Some(cmap) = &self.cmap {
            let mut code = 0;
            for (at, byte) in bytes.iter().take(4).enumerate() {
                code = code << 8 | u32::from(*byte);
                if let Some(cid) = cmap.lookup_cid_code(code, at as u8 + 1) {
                    return (code, at + 1, cid);
                }
            }
        }
        match bytes {
            [high, low, ..] => {
                let code = u32::from(*high) << 8 | u32::from(*low);
                (code, 2, if self.cmap.is_some() { 0 } else { code })
            }
            [last] => (u32::from(*last), 1, 0),
            [] => (0, 0, 0),
        }
    }

    fn unicode(&self, code: u32, cid: u32) -> Option<String> {
        if self.is_unicode {
            let units = if code > 0xFFFF { vec![(code >> 16) as u16, code as u16] } else { vec![code as u16] };
            return String::from_utf16(&units).ok().filter(|text| !text.starts_with('\0'));
        }
        if let Some(collection) = &self.collection {
            return known(collection.lookup_bf_string(cid)?);
        }
        let glyph = match &self.glyph_of_cid {
            None => cid,
            Some(map) => {
                let at = cid as usize * 2;
                u32::from(u16::from_be_bytes(map.get(at..at + 2)?.try_into().ok()?))
            }
        };
        self.glyphs.get(&glyph).map(char::to_string)
    }

    fn width(&self, cid: u32) -> f32 {
        self.widths.get(&cid).copied().unwrap_or(self.default_width)
    }
}

fn composite(dict: &Dict<'_>, maps: &mut Maps, has_unicode: bool) -> Option<Kind> {
    let descendant = dict.get::<Array<'_>>("DescendantFonts")?.iter::<Dict<'_>>().next()?;
    let mut is_unicode = false;
    let mut is_vertical = false;
    let cmap = match dict.get::<Object<'_>>("Encoding")? {
        Object::Name(name) => {
            let bytes: &[u8] = &name;
            is_unicode = has(bytes, b"UCS2") || has(bytes, b"UTF16");
            is_vertical = bytes.ends_with(b"-V");
            maps.named(&CMapName::from_bytes(bytes))
        }
        Object::Stream(stream) => stream.decoded().ok().and_then(|data| CMap::parse(&data, load_embedded)).map(Rc::new),
        _ => None,
    };
    let collection = descendant.get::<Dict<'_>>("CIDSystemInfo").and_then(|info| {
        let text = |key: &str| info.get::<hayro_syntax::object::String<'_>>(key).map(|value| value.as_bytes().to_vec());
        let family = CidFamily::from_registry_ordering(&text("Registry")?, &text("Ordering")?);
        maps.named(&family.ucs2_cmap()?)
    });
    let (widths, default_width) = composite_widths(&descendant);
    let mut glyphs = HashMap::new();
    let mut glyph_of_cid = None;
    if !has_unicode && !is_unicode && collection.is_none() {
        let descriptor = descendant.get::<Dict<'_>>("FontDescriptor");
        let file = descriptor.and_then(|descriptor| {
            descriptor.get::<Stream<'_>>("FontFile2").or_else(|| descriptor.get::<Stream<'_>>("FontFile3"))
        });
        let data = file.and_then(|file| file.decoded().ok());
        glyphs = data.and_then(|data| super::truetype::characters(&data)).unwrap_or_default();
        glyph_of_cid = descendant
            .get::<Stream<'_>>("CIDToGIDMap")
            .and_then(|stream| stream.decoded().ok())
            .map(|map| map.into_owned());
    }
    Some(Kind::Composite(Box::new(Composite {
        cmap,
        collection,
        is_unicode,
        is_vertical,
        widths,
        default_width,
        glyphs,
        glyph_of_cid,
    })))
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// `[1 [500 600] 10 20 1000]`: from CID 1 these widths, from 10 to 20 that one.
fn composite_widths(font: &Dict<'_>) -> (HashMap<u32, f32>, f32) {
    let default_width = font.get::<Number>("DW").map_or(1_000.0, |width| width.as_f32());
    let mut widths = HashMap::new();
    let Some(array) = font.get::<Array<'_>>("W") else { return (widths, default_width) };
    let mut items = array.iter::<Object<'_>>();
    while let Some(first) = items.next().and_then(Object::into_number) {
        let first = first.as_i64().clamp(0, 0xFFFF) as u32;
        match items.next() {
            Some(Object::Array(list)) => {
                for (at, width) in list.iter::<Number>().enumerate().take(0x1_0000) {
                    widths.insert(first + at as u32, width.as_f32());
                }
            }
            Some(Object::Number(last)) => {
                let last = last.as_i64().clamp(0, 0xFFFF) as u32;
                let Some(width) = items.next().and_then(Object::into_number) else { break };
                for cid in first..=last {
                    widths.insert(cid, width.as_f32());
                }
            }
            _ => break,
        }
    }
    (widths, default_width)
}

fn simple(dict: &Dict<'_>, is_type3: bool) -> Kind {
    let first = dict.get::<Number>("FirstChar").map_or(0, |first| first.as_i64().clamp(0, 255) as usize);
    let widths: Vec<f32> = dict
        .get::<Array<'_>>("Widths")
        .map(|list| list.iter::<Number>().map(|n| n.as_f32()).collect())
        .unwrap_or_default();
    let unit = if is_type3 {
        let matrix = dict.get::<Array<'_>>("FontMatrix");
        matrix.and_then(|matrix| matrix.iter::<Number>().next()).map_or(0.001, |a| a.as_f64().abs())
    } else {
        0.001
    };
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor");
    let missing = descriptor.and_then(|descriptor| descriptor.get::<Number>("MissingWidth")).map(|w| w.as_f32());
    let default_width = missing.filter(|width| *width > 0.0).unwrap_or(if is_type3 { 0.0 } else { 500.0 });
    Kind::Simple { first, widths, default_width, unit, names: Box::new(simple_names(dict, is_type3)) }
}

/// The characters of a simple font's 256 codes, by its encoding.
fn simple_names(dict: &Dict<'_>, is_type3: bool) -> [Option<String>; 256] {
    let encoding = dict.get::<Object<'_>>("Encoding");
    let (base, differences) = match &encoding {
        Some(Object::Name(name)) => (Some(name.to_vec()), None),
        Some(Object::Dict(dict)) => {
            (dict.get::<Name<'_>>("BaseEncoding").map(|name| name.to_vec()), dict.get::<Array<'_>>("Differences"))
        }
        _ => (None, None),
    };
    let codes: &'static encoding_rs::Encoding = match base.as_deref() {
        Some(b"MacRomanEncoding") => encoding_rs::MACINTOSH,
        _ => encoding_rs::WINDOWS_1252,
    };
    let mut names: [Option<String>; 256] = std::array::from_fn(|code| {
        // Without an encoding of its own a font of pictures says nothing.
        let is_known = !is_type3 && (base.is_some() || (0x20..0x7F).contains(&code));
        let byte = [code as u8];
        let (text, _) = codes.decode_without_bom_handling(&byte);
        (is_known && code >= 0x20).then(|| text.into_owned())
    });
    let mut code = 0_usize;
    for item in differences.iter().flat_map(|list| list.iter::<Object<'_>>()) {
        match item {
            Object::Number(number) => code = number.as_i64().clamp(0, 255) as usize,
            Object::Name(name) => {
                if let Some(slot) = names.get_mut(code) {
                    *slot = names::character(&name).map(String::from);
                }
                code += 1;
            }
            _ => {}
        }
    }
    names
}
