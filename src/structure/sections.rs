//! The tree of line ranges → sections with their text: enumerations folded into
//! their parents, unnumbered text cut into a few paragraphs each, paths and
//! item offsets filled in.

use crate::document::{Item, Section};

use super::lines::Line;
use super::numbering::{self, Kind};
use super::outline::{Node, NodeKind};
use super::text::is_longer;

/// Unnumbered text is cut into sections of about this many characters.
const CHUNK_CHARS: std::ops::Range<usize> = 300..600;
/// Unnumbered text above this many characters is cut even where it heads numbered
/// text or an attachment.
const LONG_TEXT_CHARS: usize = 1500;

/// Builds the sections. `top_end` is the first line behind the title block.
pub(super) fn build(lines: &[Line], mut nodes: Vec<Node>, top_end: usize) -> Vec<Section> {
    fold_enumerations(lines, &mut nodes);
    let nodes = cut_unnumbered(lines, nodes, top_end);
    let mut sections: Vec<Section> = Vec::with_capacity(nodes.len());
    for (ordinal, node) in nodes.iter().enumerate() {
        let path = match node.parent {
            Some(parent) if parent > 0 => {
                let above: &Section = &sections[parent];
                let mut path = Vec::with_capacity(above.path.len() + 1);
                path.extend(above.path.iter().cloned());
                let own = above.full_heading();
                if !own.is_empty() {
                    path.push(own);
                }
                path
            }
            _ => Vec::new(),
        };
        let (text, items) = text_of(lines, node);
        sections.push(Section {
            ordinal: ordinal as u32,
            level: node.level,
            label: node.label.clone(),
            heading: node.heading.clone(),
            path,
            line: lines.get(node.first).map_or(1, |line| line.line),
            text,
            items,
        });
    }
    sections
}

fn text_of(lines: &[Line], node: &Node) -> (String, Vec<Item>) {
    let range = &lines[node.first..node.end];
    let bytes: usize = range.iter().map(|line| line.text.len() + 1).sum();
    let mut text = String::with_capacity(bytes);
    let mut items = Vec::with_capacity(node.items.len());
    let mut waiting = node.items.iter().peekable();
    let mut chars = 0;
    for (at, line) in (node.first..node.end).zip(range) {
        if at > node.first {
            text.push('\n');
            chars += 1;
        }
        if let Some((_, level)) = waiting.next_if(|(item, _)| *item == at)
            && let Some(label) = numbering::read(&line.text)
        {
            let label = numbering::normalize(&line.text[..label.bare_end]);
            items.push(Item { label, level: *level, start: chars });
        }
        text.push_str(&line.text);
        if waiting.peek().is_some() {
            chars += line.text.chars().count() as u32;
        }
    }
    (text, items)
}

/// Makes the members of an enumeration items of their parent: they are parts of
/// one sentence (…：（一）…；（二）…。), or a bare list behind a colon, each shorter
/// than a sentence. A heading or a paragraph with sentences of its own stays a
/// section.
fn fold_enumerations(lines: &[Line], nodes: &mut Vec<Node>) {
    let mut last_child: Vec<usize> = vec![0; nodes.len()];
    for (at, node) in nodes.iter().enumerate().skip(1) {
        if let Some(parent) = node.parent {
            last_child[parent] = at;
        }
    }
    let mut folded = vec![false; nodes.len()];
    // Children first, so that a list inside a list folds with it.
    for parent in (1..nodes.len()).rev() {
        let children = parent + 1..last_child[parent] + 1;
        if children.is_empty() || matches!(nodes[parent].kind, NodeKind::Title) {
            continue;
        }
        let direct: Vec<usize> = children.clone().filter(|at| nodes[*at].parent == Some(parent)).collect();
        let are_leaves =
            direct.len() == children.len() || children.clone().all(|at| nodes[at].parent == Some(parent) || folded[at]);
        if are_leaves && is_enumeration(lines, nodes, parent, &direct) {
            for at in children {
                folded[at] = true;
            }
        }
    }
    if !folded.contains(&true) {
        return;
    }
    let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut moved = vec![0; nodes.len()];
    for (at, mut node) in nodes.drain(..).enumerate() {
        if folded[at] {
            if let Some(open) = kept.last_mut() {
                open.items.push((node.first, node.level - open.level));
                open.items.append(
                    &mut node.items.iter().map(|(line, depth)| (*line, depth + node.level - open.level)).collect(),
                );
                open.end = node.end;
            }
            continue;
        }
        moved[at] = kept.len();
        node.parent = node.parent.map(|parent| moved[parent]);
        kept.push(node);
    }
    *nodes = kept;
}

fn is_enumeration(lines: &[Line], nodes: &[Node], parent: usize, children: &[usize]) -> bool {
    const MAX_ELEMENT_CHARS: usize = 40;
    if children.len() < 2
        || !matches!(
            nodes[children[0]].kind,
            NodeKind::Label(Kind::HanParen | Kind::Arabic | Kind::ArabicParen | Kind::Circled)
        )
    {
        return false;
    }
    let own = &lines[nodes[parent].first..nodes[parent].end];
    let is_introduced = own.last().is_some_and(|line| line.text.ends_with(['：', ':']));
    let elements: Vec<&str> = children.iter().map(|at| lines[nodes[*at].first].text.as_ref()).collect();
    let are_single = children.iter().all(|at| nodes[*at].end - nodes[*at].first == 1);
    let (_, before_last) = elements.split_last().map_or(("", &[][..]), |(last, before)| (*last, before));
    let are_clauses = before_last
        .iter()
        .all(|text| text.ends_with(['；', ';', '，', '、']) || text.ends_with("；和") || text.ends_with("；或者"));
    if are_clauses && are_single {
        return true;
    }
    let are_bare =
        elements.iter().all(|text| !is_longer(text, MAX_ELEMENT_CHARS) && !text.trim_end_matches('。').contains('。'));
    is_introduced && are_single && are_bare
}

/// Cuts text without numbering: all of a document that has no section, and the
/// long beginnings of attachments and inner documents.
fn cut_unnumbered(lines: &[Line], nodes: Vec<Node>, top_end: usize) -> Vec<Node> {
    let is_bare = nodes.len() == 1;
    let mut cut: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut moved = vec![0; nodes.len()];
    for (at, mut node) in nodes.into_iter().enumerate() {
        moved[at] = cut.len();
        node.parent = node.parent.map(|parent| moved[parent]);
        let is_front = node.kind == NodeKind::Front;
        let can_be_cut = is_front || matches!(node.kind, NodeKind::Title | NodeKind::Label(Kind::Attachment));
        let head = if is_front { top_end.clamp(node.first, node.end) } else { (node.first + 1).min(node.end) };
        let range = head..node.end;
        let needs_cut = can_be_cut && !range.is_empty() && ((is_front && is_bare) || is_long(&lines[range.clone()]));
        if !needs_cut {
            cut.push(node);
            continue;
        }
        node.end = head;
        let parent = cut.len();
        let level = node.level + 1;
        cut.push(node);
        for chunk in chunks(lines, range) {
            cut.push(Node {
                level,
                parent: Some(parent),
                kind: NodeKind::Chunk,
                first: chunk.start,
                end: chunk.end,
                ..Node::default()
            });
        }
    }
    cut
}

fn is_long(lines: &[Line]) -> bool {
    let mut bytes = 0;
    lines.len() > 2
        && lines.iter().any(|line| {
            bytes += line.text.len();
            bytes > 3 * LONG_TEXT_CHARS
        })
}

/// Runs of whole paragraphs of about [`CHUNK_CHARS`].
fn chunks(lines: &[Line], range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let mut chunks = Vec::new();
    let mut start = range.start;
    let mut chars = 0;
    for at in range.clone() {
        let length = lines[at].text.chars().count();
        let is_full = chars >= CHUNK_CHARS.start && chars + length > CHUNK_CHARS.end || chars >= CHUNK_CHARS.end;
        if is_full {
            chunks.push(start..at);
            start = at;
            chars = 0;
        }
        chars += length;
    }
    if start < range.end {
        // A short rest (a signature) stays with the text before it.
        match chunks.last_mut() {
            Some(last) if chars < CHUNK_CHARS.start / 3 => last.end = range.end,
            _ => chunks.push(start..range.end),
        }
    }
    chunks
}
