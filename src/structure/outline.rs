//! Lines → the tree of sections: which labels open a section, how deep it stands,
//! and which lines it holds. No text is built here (see [`super::sections`]) and
//! no metadata is read.
//!
//! Levels are not fixed: official documents may start at any of 一、（一）1.（1）①,
//! so a kind of label gets its level from where it first appears on a stack; only
//! 编 章 节 条 stand in a fixed order. A label that does not fit the sequence
//! before it (n → n+1) and begins none is text: a reference, a quotation, an
//! amount.

use crate::extract::ParagraphKind;

use super::heading;
use super::lines::Line;
use super::numbering::{self, Kind, Label};
use super::parts::Part;
use super::sequence::{accepted_articles, next_numbers, read_labels};
use super::text::{is_closed, is_longer};

/// Sections nest no deeper than this; a label below is text.
pub(super) const MAX_DEPTH: usize = 10;
/// A document has no more sections than this; labels behind them are text.
const MAX_SECTIONS: usize = 100_000;
/// An article has no more recorded items than this.
const MAX_ITEMS: usize = 2_000;

/// A section as a range of lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub level: u8,
    pub parent: Option<usize>,
    pub kind: NodeKind,
    pub label: String,
    pub heading: String,
    /// Its lines; children begin behind them.
    pub first: usize,
    pub end: usize,
    /// Labelled lines inside that are no sections: line and depth from 1.
    pub items: Vec<(usize, u8)>,
}

/// What opened a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// The lines before the first section.
    #[default]
    Front,
    /// A label.
    Label(Kind),
    /// A heading of the format without a label.
    Heading,
    /// The title of a document inside this one.
    Title,
    /// A few paragraphs without any numbering.
    Chunk,
}

/// An open section on the stack.
struct Frame {
    node: usize,
    kind: NodeKind,
    number: u32,
    /// The level that the format gave its heading.
    heading_level: Option<u8>,
    /// The last number of each kind of label among its children; for decimal
    /// labels with what stands before it.
    last: Vec<(Kind, u32, u64)>,
}

/// Where a label leads.
enum Place {
    /// A section below the first `usize` frames.
    Section(usize),
    /// An item of the open article.
    Item,
    /// No label at all.
    Text,
}

/// Builds the tree for the lines from `start` on; `nodes[0]` is the front.
pub(super) fn build(lines: &[Line], start: usize, parts: &[Part]) -> Vec<Node> {
    let labels = read_labels(lines, start, parts);
    let mut builder = Builder {
        lines,
        nodes: vec![Node { end: lines.len(), ..Node::default() }],
        stack: vec![Frame { node: 0, kind: NodeKind::Front, number: 0, heading_level: None, last: Vec::new() }],
        last_seen: Vec::new(),
        item_kinds: Vec::new(),
        next_numbers: next_numbers(&labels),
    };
    let articles = accepted_articles(&labels, parts);
    let mut parts = parts.iter().filter(|part| part.is_opening).peekable();
    let mut quotation = Quotation::default();
    let mut at = start;
    while at < lines.len() {
        while parts.peek().is_some_and(|part| part.lines.start < at) {
            parts.next();
        }
        if let Some(part) = parts.next_if(|part| part.lines.start == at) {
            builder.open_part(part);
            quotation = Quotation::default();
            at = part.lines.end;
            continue;
        }
        let is_quoted = quotation.is_open;
        quotation.read(&lines[at].text);
        at = builder.line(at, labels[at].as_ref(), is_quoted, articles[at]);
    }
    builder.close(0, lines.len());
    let mut nodes = builder.nodes;
    nodes[0].end = nodes.get(1).map_or(lines.len(), |node| node.first);
    nodes
}

/// Whether the lines stand inside a quoted new wording (修改为：“第十条 …”), which
/// may run over several paragraphs.
#[derive(Default)]
struct Quotation {
    is_open: bool,
    lines: u32,
}

impl Quotation {
    fn read(&mut self, text: &str) {
        const MAX_LINES: u32 = 300;
        if self.is_open {
            self.lines += 1;
            let closes = text.rfind('”').is_some_and(|close| text.rfind('“').is_none_or(|open| open < close));
            if closes || self.lines > MAX_LINES {
                self.is_open = false;
            }
        }
        if !self.is_open
            // Few lines have any; to look for two characters from the end is slow.
            && text.contains('“')
            && let Some(open) = text.rfind("：“").or_else(|| text.rfind(":“"))
        {
            self.is_open = !text[open..].contains('”');
            self.lines = 0;
        }
    }
}

struct Builder<'a> {
    lines: &'a [Line<'a>],
    nodes: Vec<Node>,
    stack: Vec<Frame>,
    /// The last number of each kind of label, wherever it stood.
    last_seen: Vec<(Kind, u32)>,
    /// Kinds of labels open inside the current article.
    item_kinds: Vec<Kind>,
    next_numbers: Vec<u32>,
}

impl Builder<'_> {
    /// Takes the line `at`; returns the line to go on with.
    fn line(&mut self, at: usize, label: Option<&Label>, is_quoted: bool, is_article: bool) -> usize {
        let line = &self.lines[at];
        let heading_level = match line.kind {
            ParagraphKind::Heading(level) => Some(level),
            _ => None,
        };
        if self.nodes.len() >= MAX_SECTIONS {
            return at + 1;
        }
        let Some(label) = label else {
            let is_unnumbered = line.is_text() && !is_quoted && numbering::is_unnumbered_heading(&line.text);
            if let Some(level) = heading_level {
                self.open_heading(at, level);
            } else if is_unnumbered {
                self.pop_divisions(Kind::Chapter, None);
                self.push(at, NodeKind::Label(Kind::Chapter), 0, None, String::new(), heading::clean(&line.text));
            }
            return at + 1;
        };
        let place = match label.kind {
            Kind::Article if is_article => self.place_division(label, heading_level),
            Kind::Article => Place::Text,
            kind if kind.is_division() => self.place_titled_division(label, heading_level, is_quoted),
            _ => self.place_numbered(at, label, heading_level, is_quoted),
        };
        match place {
            Place::Text => at + 1,
            Place::Item => {
                self.add_item(at, label.kind);
                at + 1
            }
            Place::Section(keep) => {
                self.pop_to(keep, at);
                self.open_label(at, label, heading_level)
            }
        }
    }

    fn open_label(&mut self, at: usize, label: &Label, heading_level: Option<u8>) -> usize {
        let text = self.lines[at].text.as_ref();
        let rest = &text[label.end..];
        let name = numbering::normalize(&text[..label.bare_end]);
        let mut next = at + 1;
        let mut heading = match label.kind {
            Kind::Article => heading::of_article(rest),
            _ => heading::of_text(rest),
        };
        // 第一章 / 总则 on two lines.
        if rest.is_empty()
            && label.kind != Kind::Article
            && let Some(line) = self.lines.get(next)
            && line.kind != ParagraphKind::TableRow
            && !is_longer(&line.text, 40)
            && !is_closed(&line.text)
            && numbering::read(&line.text).is_none()
        {
            heading = heading::clean(&line.text);
            next += 1;
        }
        self.push(at, NodeKind::Label(label.kind), label.number, heading_level, name, heading);
        self.remember(label);
        next
    }

    fn remember(&mut self, label: &Label) {
        // The new frame is on top, its parent below.
        if let Some(parent) = self.stack.len().checked_sub(2).and_then(|at| self.stack.get_mut(at)) {
            match parent.last.iter_mut().find(|(kind, ..)| *kind == label.kind) {
                Some(last) => *last = (label.kind, label.number, label.prefix),
                None => parent.last.push((label.kind, label.number, label.prefix)),
            }
        }
        match self.last_seen.iter_mut().find(|(kind, _)| *kind == label.kind) {
            Some(last) => last.1 = label.number,
            None => self.last_seen.push((label.kind, label.number)),
        }
    }

    fn push(
        &mut self,
        at: usize,
        kind: NodeKind,
        number: u32,
        heading_level: Option<u8>,
        label: String,
        heading: String,
    ) {
        let parent = self.stack.last().map(|frame| frame.node);
        let level = self.stack.len().min(MAX_DEPTH) as u8;
        if let Some(last) = self.nodes.last_mut() {
            last.end = at;
        }
        let node = self.nodes.len();
        self.nodes.push(Node { level, parent, kind, label, heading, first: at, end: at, items: Vec::new() });
        self.stack.push(Frame { node, kind, number, heading_level, last: Vec::new() });
        self.item_kinds.clear();
    }

    /// Keeps `keep` frames.
    fn pop_to(&mut self, keep: usize, at: usize) {
        self.stack.truncate(keep.max(1));
        debug_assert!(at < self.lines.len());
    }

    fn close(&mut self, keep: usize, end: usize) {
        if let Some(last) = self.nodes.last_mut() {
            last.end = end;
        }
        self.stack.truncate(keep.max(1));
    }

    /// An attachment or a document inside the document: everything open ends.
    fn open_part(&mut self, part: &Part) {
        self.stack.truncate(1);
        self.last_seen.clear();
        self.stack[0].last.clear();
        let kind = if part.label.is_empty() { NodeKind::Title } else { NodeKind::Label(Kind::Attachment) };
        self.push(part.lines.start, kind, 0, None, part.label.clone(), part.title.clone());
    }

    fn open_heading(&mut self, at: usize, level: u8) {
        while self.stack.len() > 1 {
            let top = &self.stack[self.stack.len() - 1];
            let is_part = matches!(top.kind, NodeKind::Title | NodeKind::Label(Kind::Attachment)) && level > 1;
            if is_part || top.heading_level.is_some_and(|open| open < level) {
                break;
            }
            self.stack.pop();
        }
        if self.stack.len() > MAX_DEPTH {
            return;
        }
        let heading = heading::of_text(&self.lines[at].text);
        self.push(at, NodeKind::Heading, 0, Some(level), String::new(), heading);
    }

    /// Ends what stands at or below `kind` in the fixed ladder.
    fn pop_divisions(&mut self, kind: Kind, heading_level: Option<u8>) {
        while self.stack.len() > 1 {
            let top = &self.stack[self.stack.len() - 1];
            let stays = match top.kind {
                NodeKind::Label(Kind::Attachment) | NodeKind::Title | NodeKind::Front => true,
                NodeKind::Label(open) => open < kind,
                // A heading of the format holds the label lines below it.
                _ => heading_level.is_none_or(|level| top.heading_level.is_some_and(|open| open < level)),
            };
            if stays {
                break;
            }
            self.stack.pop();
        }
    }

    fn place_division(&mut self, label: &Label, heading_level: Option<u8>) -> Place {
        self.pop_divisions(label.kind, heading_level);
        if self.stack.len() > MAX_DEPTH { Place::Text } else { Place::Section(self.stack.len()) }
    }

    fn place_titled_division(&mut self, label: &Label, heading_level: Option<u8>, is_quoted: bool) -> Place {
        let last = self.last_seen.iter().find(|(kind, _)| *kind == label.kind).map(|(_, number)| *number);
        let follows = last.is_some_and(|last| last + 1 == label.number);
        let is_plausible = heading_level.is_some() || follows || (!is_quoted && (label.is_apart || label.number == 1));
        if is_plausible { self.place_division(label, heading_level) } else { Place::Text }
    }

    /// 一、（一）1.（1）① and decimal labels.
    fn place_numbered(&mut self, at: usize, label: &Label, heading_level: Option<u8>, is_quoted: bool) -> Place {
        let (kind, number) = (label.kind, label.number);
        let article = self.stack.iter().rposition(|frame| frame.kind == NodeKind::Label(Kind::Article));
        // 1. The next number of an open run, wherever that stands.
        let continued = self
            .stack
            .iter()
            .rposition(|frame| number > 1 && frame.last.iter().any(|last| *last == (kind, number - 1, label.prefix)));
        if let Some(depth) = continued
            && article.is_none_or(|article| depth < article)
        {
            return self.at_depth(depth + 1);
        }
        if heading_level.is_none() {
            if article.is_some() {
                return if is_quoted { Place::Text } else { Place::Item };
            }
            if is_quoted || !self.begins_or_fits(at, label) {
                return Place::Text;
            }
        }
        // 2. A run of this kind is open: its next member, or it begins again.
        let open = self.stack.iter().rposition(|frame| frame.kind == NodeKind::Label(kind));
        if let Some(depth) = open {
            return self.at_depth(depth);
        }
        // 3. A new run: below what usually stands higher, or what goes on behind it.
        let mut keep = self.stack.len();
        while keep > 1 {
            let top = &self.stack[keep - 1];
            let ends = match top.kind {
                NodeKind::Label(open) if !open.is_division() && open != Kind::Attachment => {
                    open > kind && !(number == 1 && self.goes_on_behind(at, open, top.number))
                }
                NodeKind::Heading => {
                    heading_level.is_some_and(|level| top.heading_level.is_some_and(|open| open >= level))
                }
                _ => false,
            };
            if !ends {
                break;
            }
            keep -= 1;
        }
        self.at_depth(keep)
    }

    fn at_depth(&self, keep: usize) -> Place {
        if keep > MAX_DEPTH { Place::Text } else { Place::Section(keep) }
    }

    /// Whether the run `kind`, open at `number`, is taken up again behind line `at`.
    fn goes_on_behind(&self, at: usize, kind: Kind, number: u32) -> bool {
        const LINES_AHEAD: usize = 60;
        self.lines[at + 1..]
            .iter()
            .take(LINES_AHEAD)
            .filter_map(|line| numbering::read(&line.text))
            .find(|label| label.kind == kind)
            .is_some_and(|label| label.number == number + 1)
    }

    /// Whether a label that continues no open run may begin or resume one.
    fn begins_or_fits(&self, at: usize, label: &Label) -> bool {
        let (kind, number) = (label.kind, label.number);
        if let Kind::Decimal { .. } = kind {
            // 1.5 is an amount unless 1.1 … 1.4 stand before it.
            return matches!(kind, Kind::Decimal { depth: 1 }) || number == 1 && label.prefix > 0;
        }
        if number == 1 {
            return true;
        }
        let line = &self.lines[at];
        let is_heading = heading::is_bare(&line.text[label.end..]);
        let goes_on = self.next_numbers[at] == number + 1;
        let seen = self.last_seen.iter().find(|(seen, _)| *seen == kind).map(|(_, number)| *number);
        // Numbers that run on through the whole document: 二、（五）.
        if seen.is_some_and(|seen| seen + 1 == number) {
            return true;
        }
        let open = self.stack.iter().rev().find(|frame| frame.kind == NodeKind::Label(kind)).map(|frame| frame.number);
        match open {
            // One or a few are missing, or one stands twice.
            Some(open) => (number >= open && number <= open + 5) && (is_heading || goes_on),
            None => goes_on || (kind == Kind::Han && is_heading && seen.is_none()),
        }
    }

    fn add_item(&mut self, at: usize, kind: Kind) {
        let depth = match self.item_kinds.iter().position(|open| *open == kind) {
            Some(depth) => {
                self.item_kinds.truncate(depth + 1);
                depth
            }
            None => {
                // A kind that usually stands higher ends the lower ones.
                while self.item_kinds.last().is_some_and(|open| *open > kind) {
                    self.item_kinds.pop();
                }
                self.item_kinds.push(kind);
                self.item_kinds.len() - 1
            }
        };
        let node = self.stack[self.stack.len() - 1].node;
        let items = &mut self.nodes[node].items;
        if items.len() < MAX_ITEMS {
            items.push((at, depth as u8 + 1));
        }
    }
}
