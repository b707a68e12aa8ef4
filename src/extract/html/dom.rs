//! A page as a tree: the sink html5ever builds into, and what the other modules
//! ask of it. Comments are not kept, nor attributes nobody asks for.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};

use crate::extract::MAX_NESTING;
use crate::{Error, ErrorKind, Result};

/// The most nodes of a page: a table of 100,000 rows has a million.
const MAX_NODES: usize = 3_000_000;

/// How much is parsed before the limits are looked at again, in bytes. Elements
/// left open are repeated in each paragraph, so one small chunk can make many nodes.
const CHUNK_BYTES: usize = 1 << 10;

/// Attributes that are kept.
const ATTRIBUTES: &[&str] =
    &["id", "class", "style", "hidden", "name", "property", "content", "start", "type", "role", "href"];

/// A node, by its place in the tree's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NodeId(u32);

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    depth: u32,
    data: Data,
}

#[derive(Debug)]
enum Data {
    /// The document, a comment, a processing instruction.
    Other,
    Element(Element),
    Text(String),
}

/// An element: its name and the attributes that are kept.
#[derive(Debug)]
pub(super) struct Element {
    name: QualName,
    attributes: Vec<(&'static str, Box<str>)>,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        &self.name.local
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
    }
}

/// The tree of a page.
#[derive(Debug)]
pub(super) struct Dom {
    nodes: Vec<Node>,
}

/// Parses a page.
///
/// # Errors
/// `LimitExceeded` when it nests too deep or has too many nodes.
pub(super) fn parse(text: &str) -> Result<Dom> {
    let mut parser = parse_document(Sink::new(), ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let mut length = rest.len().min(CHUNK_BYTES);
        while !rest.is_char_boundary(length) {
            length -= 1;
        }
        parser.process(StrTendril::from_slice(&rest[..length]));
        rest = &rest[length..];
        let sink = &parser.tokenizer.sink.sink;
        if sink.deepest.get() as usize > MAX_NESTING {
            let message = format!("the page nests deeper than {MAX_NESTING} elements");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        if sink.dom.borrow().nodes.len() > MAX_NODES {
            let message = format!("the page has more than {MAX_NODES} nodes");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
    }
    Ok(parser.finish())
}

impl Dom {
    pub(super) fn root(&self) -> NodeId {
        NodeId(0)
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes[id.index()].data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The element's name; empty for other nodes.
    pub(super) fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::name)
    }

    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id.index()].data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].parent
    }

    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.nodes[id.index()].first_child;
        std::iter::from_fn(move || {
            let current = next?;
            next = self.nodes[current.index()].next;
            Some(current)
        })
    }

    /// `id` and everything below, in document order.
    pub(super) fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.walk(id).filter_map(|step| match step {
            Step::Enter(node) => Some(node),
            Step::Leave(_) => None,
        })
    }

    /// Enters and leaves every node of the tree below `id`, without recursion.
    pub(super) fn walk(&self, id: NodeId) -> impl Iterator<Item = Step> + '_ {
        let mut next = Some(Step::Enter(id));
        std::iter::from_fn(move || {
            let step = next?;
            next = match step {
                Step::Enter(node) => match self.nodes[node.index()].first_child {
                    Some(child) => Some(Step::Enter(child)),
                    None => Some(Step::Leave(node)),
                },
                Step::Leave(node) if node == id => None,
                Step::Leave(node) => self.after(node),
            };
            Some(step)
        })
    }

    /// What follows when `node` is left.
    pub(super) fn after(&self, node: NodeId) -> Option<Step> {
        let links = &self.nodes[node.index()];
        links.next.map(Step::Enter).or_else(|| links.parent.map(Step::Leave))
    }

    pub(super) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].first_child
    }

    /// All text below `id`, as it stands in the source.
    pub(super) fn text_of(&self, id: NodeId) -> String {
        self.descendants(id).filter_map(|node| self.text(node)).collect()
    }

    pub(super) fn is_inside(&self, id: NodeId, name: &str) -> bool {
        std::iter::successors(self.parent(id), |node| self.parent(*node)).any(|node| self.name(node) == name)
    }
}

/// A step of a walk through the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Enter(NodeId),
    Leave(NodeId),
}

struct Sink {
    dom: RefCell<Dom>,
    deepest: Cell<u32>,
}

impl Sink {
    fn new() -> Self {
        let sink = Sink { dom: RefCell::new(Dom { nodes: Vec::new() }), deepest: Cell::new(0) };
        sink.create(Data::Other);
        sink
    }

    fn create(&self, data: Data) -> NodeId {
        let nodes = &mut self.dom.borrow_mut().nodes;
        // MAX_NODES and the size of a chunk keep this far below 2^32.
        let id = NodeId(nodes.len() as u32);
        nodes.push(Node {
            parent: None,
            first_child: None,
            last_child: None,
            previous: None,
            next: None,
            depth: 0,
            data,
        });
        id
    }

    fn detach(&self, id: NodeId) {
        let nodes = &mut self.dom.borrow_mut().nodes;
        let node = &mut nodes[id.index()];
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        match previous {
            Some(previous) => nodes[previous.index()].next = next,
            None => {
                if let Some(parent) = parent {
                    nodes[parent.index()].first_child = next;
                }
            }
        }
        match next {
            Some(next) => nodes[next.index()].previous = previous,
            None => {
                if let Some(parent) = parent {
                    nodes[parent.index()].last_child = previous;
                }
            }
        }
    }

    fn append_node(&self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let nodes = &mut self.dom.borrow_mut().nodes;
        let last = nodes[parent.index()].last_child;
        let depth = nodes[parent.index()].depth + 1;
        self.deepest.set(self.deepest.get().max(depth));
        let node = &mut nodes[child.index()];
        node.parent = Some(parent);
        node.previous = last;
        node.depth = depth;
        match last {
            Some(last) => nodes[last.index()].next = Some(child),
            None => nodes[parent.index()].first_child = Some(child),
        }
        nodes[parent.index()].last_child = Some(child);
    }

    fn insert_before(&self, sibling: NodeId, child: NodeId) {
        self.detach(child);
        let nodes = &mut self.dom.borrow_mut().nodes;
        let (parent, previous, depth) = {
            let node = &nodes[sibling.index()];
            (node.parent, node.previous, node.depth)
        };
        let node = &mut nodes[child.index()];
        node.parent = parent;
        node.previous = previous;
        node.next = Some(sibling);
        node.depth = depth;
        nodes[sibling.index()].previous = Some(child);
        match (previous, parent) {
            (Some(previous), _) => nodes[previous.index()].next = Some(child),
            (None, Some(parent)) => nodes[parent.index()].first_child = Some(child),
            (None, None) => {}
        }
    }

    /// Adds to a text node, if `id` is one.
    fn extend_text(&self, id: Option<NodeId>, text: &str) -> bool {
        let nodes = &mut self.dom.borrow_mut().nodes;
        match id.map(|id| &mut nodes[id.index()].data) {
            Some(Data::Text(existing)) => {
                existing.push_str(text);
                true
            }
            _ => false,
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        NodeId(0)
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.dom.borrow(), |dom| match &dom.nodes[target.index()].data {
            Data::Element(element) => &element.name,
            _ => unreachable!("the tree builder asks for the names of elements only"),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> NodeId {
        let kept = attributes.into_iter().filter_map(|attribute| {
            let key = ATTRIBUTES.iter().find(|key| **key == &*attribute.name.local)?;
            Some((*key, Box::from(&*attribute.value)))
        });
        self.create(Data::Element(Element { name, attributes: kept.collect() }))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.create(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.create(Data::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(child) => self.append_node(*parent, child),
            NodeOrText::AppendText(text) => {
                let last = self.dom.borrow().nodes[parent.index()].last_child;
                if !self.extend_text(last, &text) {
                    let child = self.create(Data::Text(text.to_string()));
                    self.append_node(*parent, child);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.dom.borrow().nodes[element.index()].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// What a template holds is not shown: its contents hang on no tree.
    fn get_template_contents(&self, _: &NodeId) -> NodeId {
        self.create(Data::Other)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        match new_node {
            NodeOrText::AppendNode(child) => self.insert_before(*sibling, child),
            NodeOrText::AppendText(text) => {
                let previous = self.dom.borrow().nodes[sibling.index()].previous;
                if !self.extend_text(previous, &text) {
                    let child = self.create(Data::Text(text.to_string()));
                    self.insert_before(*sibling, child);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        let nodes = &mut self.dom.borrow_mut().nodes;
        let Data::Element(element) = &mut nodes[target.index()].data else { return };
        for attribute in attributes {
            let Some(key) = ATTRIBUTES.iter().find(|key| **key == &*attribute.name.local) else { continue };
            if element.attribute(key).is_none() {
                element.attributes.push((key, Box::from(&*attribute.value)));
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        loop {
            let Some(child) = self.dom.borrow().nodes[node.index()].first_child else { break };
            self.append_node(*new_parent, child);
        }
    }
}
