//! XML as a tree of borrowed text, for the parts of office files.
//!
//! The tokens are quick-xml's (MIT, well kept, 70 KB of code). The tree is ours
//! because files found in the wild are wrong in ways a strict parser refuses:
//! prefixes that were never declared, other namespaces for the same elements,
//! a truncated tail. So names are compared without prefix and a document that
//! breaks off keeps what came before.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{MAX_NESTING, encoding, limits};
use crate::{Error, ErrorKind, Result};

/// The most nodes of one part; a part of 64 MB has some three million.
const MAX_NODES: usize = 8_000_000;

const NONE: u32 = u32::MAX;

/// A node's place in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(u32);

#[derive(Debug)]
enum Data<'a> {
    Element { name: &'a str, attributes: &'a str },
    Text(Cow<'a, str>),
}

#[derive(Debug)]
struct Node<'a> {
    data: Data<'a>,
    next: u32,
    first: u32,
    last: u32,
}

/// A parsed document.
#[derive(Debug)]
pub(super) struct Xml<'a> {
    nodes: Vec<Node<'a>>,
    /// Whether the source broke off or was malformed somewhere.
    damage: Option<String>,
}

/// Decodes a part to text; XML says its encoding itself.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>> {
    if bytes.is_empty() {
        return Ok(Cow::Borrowed(""));
    }
    Ok(encoding::decode(bytes)?.text)
}

impl<'a> Xml<'a> {
    /// Parses `source`; what is malformed ends the tree there.
    ///
    /// # Errors
    /// `Malformed` when there is no element at all; `LimitExceeded` past the limits.
    pub(super) fn parse(source: &'a str) -> Result<Xml<'a>> {
        let mut xml = Xml {
            nodes: vec![Node { data: Data::Element { name: "", attributes: "" }, next: NONE, first: NONE, last: NONE }],
            damage: None,
        };
        let mut reader = Reader::from_str(source);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        reader.config_mut().allow_dangling_amp = true;
        let mut open: Vec<u32> = vec![0];
        let mut before = 0;
        for count in 0_usize.. {
            if count & 0xFFF == 0xFFF {
                limits::check()?;
            }
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    xml.damage = Some(error.to_string());
                    break;
                }
            };
            let after = (reader.buffer_position() as usize).min(source.len());
            // The token as it stands; positions are quick-xml's, so a slice that is
            // none ends the tree instead of the program.
            let Some(raw) = source.get(before..after) else { break };
            before = after;
            match event {
                Event::Start(_) => {
                    let id = xml.append(top(&open), element(raw))?;
                    if open.len() > MAX_NESTING {
                        let message = format!("elements are nested deeper than {MAX_NESTING}");
                        return Err(Error::new(ErrorKind::LimitExceeded, message));
                    }
                    open.push(id);
                }
                Event::Empty(_) => {
                    xml.append(top(&open), element(raw))?;
                }
                Event::End(_) if open.len() > 1 => {
                    open.pop();
                }
                Event::Text(_) => xml.text(top(&open), Cow::Borrowed(raw))?,
                Event::GeneralRef(_) => xml.text(top(&open), unescape(raw))?,
                Event::CData(_) => {
                    let inner = raw.strip_prefix("<![CDATA[").unwrap_or(raw);
                    xml.text(top(&open), Cow::Borrowed(inner.strip_suffix("]]>").unwrap_or(inner)))?;
                }
                Event::Eof => {
                    if open.len() > 1 {
                        xml.damage.get_or_insert_with(|| "the document breaks off".to_owned());
                    }
                    break;
                }
                _ => {}
            }
        }
        let is_element = |node: &Node<'_>| matches!(node.data, Data::Element { .. });
        if !xml.nodes[1..].iter().any(is_element) {
            let message = xml.damage.unwrap_or_else(|| "there is no element".to_owned());
            return Err(Error::new(ErrorKind::Malformed, format!("a part is no XML: {message}")));
        }
        Ok(xml)
    }

    fn append(&mut self, parent: u32, data: Data<'a>) -> Result<u32> {
        if self.nodes.len() >= MAX_NODES {
            return Err(Error::new(ErrorKind::LimitExceeded, format!("a part has more than {MAX_NODES} nodes")));
        }
        let id = self.nodes.len() as u32;
        self.nodes.push(Node { data, next: NONE, first: NONE, last: NONE });
        let last = std::mem::replace(&mut self.nodes[parent as usize].last, id);
        match last {
            NONE => self.nodes[parent as usize].first = id,
            last => self.nodes[last as usize].next = id,
        }
        Ok(id)
    }

    fn text(&mut self, parent: u32, text: Cow<'a, str>) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let last = self.nodes[parent as usize].last;
        if last != NONE
            && let Data::Text(before) = &mut self.nodes[last as usize].data
        {
            before.to_mut().push_str(&text);
            return Ok(());
        }
        self.append(parent, Data::Text(text)).map(|_| ())
    }

    /// The node above all others.
    pub(super) fn root(&self) -> Id {
        Id(0)
    }

    /// What is wrong with the source, if anything.
    #[cfg(test)]
    fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// The element's name without prefix; empty for text.
    pub(super) fn name(&self, id: Id) -> &'a str {
        match &self.nodes[id.0 as usize].data {
            Data::Element { name, .. } => name,
            Data::Text(_) => "",
        }
    }

    /// The text of a text node.
    pub(super) fn text_node(&self, id: Id) -> Option<&str> {
        match &self.nodes[id.0 as usize].data {
            Data::Text(text) => Some(text),
            Data::Element { .. } => None,
        }
    }

    /// The nodes right under `id`, texts too.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = self.nodes[id.0 as usize].first;
        std::iter::from_fn(move || {
            let id = (at != NONE).then_some(Id(at))?;
            at = self.nodes[at as usize].next;
            Some(id)
        })
    }

    /// The first child of this name.
    pub(super) fn child(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|child| self.name(*child) == name)
    }

    /// The children of this name.
    pub(super) fn children_named<'s>(&'s self, id: Id, name: &'s str) -> impl Iterator<Item = Id> + 's {
        self.children(id).filter(move |child| self.name(*child) == name)
    }

    /// The elements of this name anywhere under `id`, in document order.
    pub(super) fn descendants<'s>(&'s self, id: Id, name: &'s str) -> impl Iterator<Item = Id> + 's {
        let mut stack = vec![self.nodes[id.0 as usize].first];
        std::iter::from_fn(move || {
            loop {
                let at = stack.pop()?;
                if at == NONE {
                    continue;
                }
                let node = &self.nodes[at as usize];
                stack.push(node.next);
                stack.push(node.first);
                if self.name(Id(at)) == name {
                    return Some(Id(at));
                }
            }
        })
    }

    /// The first element of this name anywhere under `id`.
    pub(super) fn find(&self, id: Id, name: &str) -> Option<Id> {
        self.descendants(id, name).next()
    }

    /// All text under `id`, as it stands.
    pub(super) fn text_of(&self, id: Id) -> String {
        let mut text = String::new();
        let mut stack = vec![self.nodes[id.0 as usize].first];
        while let Some(at) = stack.pop() {
            if at == NONE {
                continue;
            }
            let node = &self.nodes[at as usize];
            stack.push(node.next);
            stack.push(node.first);
            if let Data::Text(part) = &node.data {
                text.push_str(part);
            }
        }
        text
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<Cow<'a, str>> {
        let Data::Element { attributes, .. } = &self.nodes[id.0 as usize].data else { return None };
        attribute(attributes, name, |_| true)
    }

    /// The value of the attribute of this name that `is_wanted`, where prefixes
    /// tell several apart.
    pub(super) fn attribute_where(&self, id: Id, name: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Cow<'a, str>> {
        let Data::Element { attributes, .. } = &self.nodes[id.0 as usize].data else { return None };
        attribute(attributes, name, is_wanted)
    }

    /// The value of `attribute` of the child `name`: `<w:numId w:val="3"/>`.
    pub(super) fn child_value(&self, id: Id, name: &str, attribute: &str) -> Option<Cow<'a, str>> {
        self.attribute(self.child(id, name)?, attribute)
    }
}

fn top(open: &[u32]) -> u32 {
    open.last().copied().unwrap_or(0)
}

/// `<w:p w:id="1"/>` → name and attributes.
fn element(raw: &str) -> Data<'_> {
    let inner = raw.strip_prefix('<').unwrap_or(raw);
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let end = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
    Data::Element { name: local(&inner[..end]), attributes: &inner[end..] }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn attribute<'a>(attributes: &'a str, name: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, tail) = after[1..].split_once(quote)?;
        if local(key.trim()) == name {
            let value = unescape(value);
            if is_wanted(&value) {
                return Some(value);
            }
        }
        rest = tail;
    }
}

/// Resolves character references and the five entities of XML.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let resolved = rest.find(';').and_then(|end| Some((entity(&rest[1..end])?, end)));
        match resolved {
            Some((c, end)) => {
                text.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_entities_are_resolved() {
        let xml = Xml::parse(
            "<?xml version='1.0'?><w:p x:a='1' w:val=\"甲&amp;乙\"><w:t>A&lt;&#x4E59;<![CDATA[<丙>]]></w:t></w:p>",
        )
        .unwrap();
        let p = xml.child(xml.root(), "p").unwrap();
        assert_eq!(xml.attribute(p, "val").as_deref(), Some("甲&乙"));
        assert_eq!(xml.attribute(p, "a").as_deref(), Some("1"));
        assert_eq!(xml.attribute(p, "b"), None);
        assert_eq!(xml.text_of(p), "A<乙<丙>");
        assert_eq!(xml.damage(), None);
    }

    #[test]
    fn what_breaks_off_keeps_its_beginning() {
        let xml = Xml::parse("<a><b>甲</b><b>乙</b><b>丙</").unwrap();
        let texts: Vec<_> = xml.descendants(xml.root(), "b").map(|b| xml.text_of(b)).collect();
        assert_eq!(texts[..2], ["甲", "乙"]);
        assert!(xml.damage().is_some());
        assert!(Xml::parse("no markup").is_err());
    }

    #[test]
    fn wrong_end_tags_close_what_is_open() {
        let xml = Xml::parse("<a><b>甲</c><b>乙</b></a></a></a>").unwrap();
        assert_eq!(xml.text_of(xml.root()), "甲乙");
    }

    #[test]
    fn nesting_is_limited() {
        let deep = "<a>".repeat(MAX_NESTING + 5);
        assert_eq!(Xml::parse(&deep).unwrap_err().kind(), ErrorKind::LimitExceeded);
    }
}
