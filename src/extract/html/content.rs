//! Which part of a page is the document: what is furniture is dropped, and of the
//! rest the container of the text is found with the title and header table that
//! stand beside it.
//!
//! Portals differ in make, so no single name decides: where most of the text that
//! is no link stands does, names of elements (`UCAP-CONTENT`, `TRS_Editor`, `zoom`)
//! add weight, and what is dropped by its name must be small.

use super::dom::{Dom, NodeId, Step};
use super::{fields, furniture, is_hidden, is_never_text};

/// Whether hidden elements are dropped.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Hidden {
    Drop,
    Keep,
}

/// A page with fewer links than this around its text has no frame.
const FRAME_LINKS: usize = 8;

/// How many levels above the text title and header table are looked for.
const MAX_CLIMB: usize = 40;

/// What of a page is its text.
pub(super) struct Selection {
    /// The element all the text is in.
    pub(super) container: NodeId,
    /// Elements left out, by node.
    dropped: Vec<bool>,
    /// Characters that are left, white space not counted.
    pub(super) kept_chars: usize,
}

impl Selection {
    pub(super) fn is_dropped(&self, node: NodeId) -> bool {
        self.dropped[node.index()]
    }
}

/// Amounts of text below a node, in characters that are no white space.
#[derive(Clone, Copy, Default)]
struct Amount {
    chars: usize,
    /// Those inside links.
    link_chars: usize,
    /// Those inside elements named as content.
    named_chars: usize,
    links: usize,
}

impl Amount {
    fn plain(self) -> usize {
        self.chars - self.link_chars
    }

    /// Text that speaks for its element being the document.
    fn weight(self) -> usize {
        self.plain() + self.named_chars
    }

    fn add(&mut self, other: Amount) {
        self.chars += other.chars;
        self.link_chars += other.link_chars;
        self.named_chars += other.named_chars;
        self.links += other.links;
    }

    fn is_mostly_links(self) -> bool {
        self.links >= 3 && self.link_chars * 2 > self.chars
    }
}

/// A child that holds this share of the text is gone into, in percent.
const DESCEND_PERCENT: usize = 70;

/// What is dropped by its name holds at most this share of the text, in percent.
const FURNITURE_PERCENT: usize = 20;

/// Finds the document in a page.
pub(super) fn select(dom: &Dom, titles: &[String], hidden: Hidden) -> Selection {
    let mut dropped = vec![false; dom.len()];
    for node in dom.descendants(dom.root()) {
        let never = is_never_text(dom.name(node)) || furniture::is_role_of_furniture(dom, node);
        dropped[node.index()] = never || (hidden == Hidden::Drop && is_hidden(dom, node));
    }
    let before = amounts(dom, &dropped);
    let total = before[dom.root().index()];
    drop_furniture(dom, &before, &mut dropped);
    let amounts = amounts(dom, &dropped);
    let core = core(dom, &amounts, &dropped);
    let mut container = with_title(dom, core, titles, &amounts, &dropped);
    container = with_header_table(dom, container, &dropped);
    // A page without a portal's frame has nothing around its text that is not part of it.
    let links_around = before[dom.root().index()].links - before[container.index()].links;
    if links_around < FRAME_LINKS {
        container = dom.root();
    }
    drop_around(dom, container, core, titles, &amounts, &mut dropped);
    let kept = amounts[container.index()].chars;
    debug_assert!(kept <= total.chars);
    Selection { container, dropped, kept_chars: kept }
}

fn amounts(dom: &Dom, dropped: &[bool]) -> Vec<Amount> {
    let mut amounts = vec![Amount::default(); dom.len()];
    let mut drop_depth = 0usize;
    let mut link_depth = 0usize;
    let mut named_depth = 0usize;
    for step in dom.walk(dom.root()) {
        match step {
            Step::Enter(node) => {
                drop_depth += usize::from(dropped[node.index()]);
                link_depth += usize::from(dom.name(node) == "a");
                named_depth += usize::from(furniture::is_named_content(dom, node));
                if drop_depth > 0 {
                    continue;
                }
                if let Some(text) = dom.text(node) {
                    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
                    let link_chars = if link_depth > 0 { chars } else { 0 };
                    let named_chars = if named_depth > 0 { chars - link_chars } else { 0 };
                    amounts[node.index()] = Amount { chars, link_chars, named_chars, links: 0 };
                }
            }
            Step::Leave(node) => {
                drop_depth -= usize::from(dropped[node.index()]);
                link_depth -= usize::from(dom.name(node) == "a");
                named_depth -= usize::from(furniture::is_named_content(dom, node));
                let mut amount = amounts[node.index()];
                if dom.name(node) == "a" && amount.chars > 0 {
                    amount.links += 1;
                    amounts[node.index()] = amount;
                }
                if let Some(parent) = dom.parent(node) {
                    amounts[parent.index()].add(amount);
                }
            }
        }
    }
    amounts
}

/// Drops what its name or its words say is no part of the document, if it is small.
fn drop_furniture(dom: &Dom, amounts: &[Amount], dropped: &mut [bool]) {
    let total = amounts[dom.root().index()].chars;
    for node in dom.descendants(dom.root()) {
        if dom.element(node).is_none() || dropped[node.index()] {
            continue;
        }
        let amount = amounts[node.index()];
        let is_small = amount.chars * 100 <= total * FURNITURE_PERCENT || amount.is_mostly_links();
        if amount.chars == 0 || !is_small || amount.named_chars > 0 {
            continue;
        }
        let named = furniture::is_named(dom, node, amount.chars);
        let legal = amount.chars <= 600
            && matches!(dom.name(node), "div" | "table" | "td" | "p" | "ul" | "center")
            && { furniture::is_page_footer(&dom.text_of(node)) };
        dropped[node.index()] = named || legal;
    }
}

/// The deepest element that holds most of the text.
fn core(dom: &Dom, amounts: &[Amount], dropped: &[bool]) -> NodeId {
    let total = amounts[dom.root().index()].weight();
    let mut core = dom.root();
    loop {
        let heavy = dom.children(core).find(|child| {
            !dropped[child.index()]
                && is_container(dom.name(*child))
                && amounts[child.index()].weight() * 100 >= total * DESCEND_PERCENT
                && amounts[child.index()].weight() > 0
        });
        let Some(child) = heavy else { return core };
        if dom.name(child) == "table" && !is_layout_table(dom, child) {
            return core;
        }
        core = child;
    }
}

/// Elements that hold paragraphs rather than being one.
fn is_container(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "body"
            | "div"
            | "section"
            | "article"
            | "main"
            | "form"
            | "center"
            | "table"
            | "tbody"
            | "tr"
            | "td"
            | "aside"
            | "fieldset"
            | "font"
            | "span"
            | "ul"
            | "li"
            | "dl"
            | "dd"
            | "header"
            | "blockquote"
    )
}

/// A table that only places things: its cells hold tables or many paragraphs.
fn is_layout_table(dom: &Dom, table: NodeId) -> bool {
    let mut paragraphs = 0;
    for node in dom.descendants(table).skip(1) {
        match dom.name(node) {
            "table" | "div" => return true,
            "td" | "th" => paragraphs = 0,
            "p" | "br" => paragraphs += 1,
            _ => {}
        }
        if paragraphs >= 5 {
            return true;
        }
    }
    false
}

/// The lowest element around `core` that also holds the document's heading: an
/// `<h1>`…`<h3>`, or a block that repeats the page's title.
fn with_title(dom: &Dom, core: NodeId, titles: &[String], amounts: &[Amount], dropped: &[bool]) -> NodeId {
    let holds_title = |node: NodeId| {
        dom.descendants(node).any(|inner| {
            let amount = amounts[inner.index()];
            !dropped[inner.index()] && (4..=200).contains(&amount.chars) && repeats_title(dom, inner, titles)
        })
    };
    if holds_title(core) {
        return core;
    }
    ancestors(dom, core).take(MAX_CLIMB).find(|node| holds_title(*node)).unwrap_or(core)
}

/// Whether the element is a block whose text the page's title begins with.
fn repeats_title(dom: &Dom, node: NodeId, titles: &[String]) -> bool {
    let Some(element) = dom.element(node) else { return false };
    if !super::is_block(element.name()) && !matches!(element.name(), "span" | "strong" | "b" | "font") {
        return false;
    }
    let text: String = dom.text_of(node).chars().filter(|c| !c.is_whitespace()).collect();
    // The site's name may begin the title too (某市人民政府 of 某市人民政府关于…), so half of it must be there.
    titles.iter().any(|title| {
        let own = title.split(['_', '|', '-']).next().unwrap_or(title);
        title.starts_with(&text) && text.len() * 2 >= own.len()
    })
}

/// The lowest element around `container` that also holds the header table, where
/// it stands outside.
fn with_header_table(dom: &Dom, container: NodeId, dropped: &[bool]) -> NodeId {
    if is_header_table(dom, container) {
        return container;
    }
    for ancestor in ancestors(dom, container).take(MAX_CLIMB) {
        let mut beside = dom.children(ancestor).filter(|child| !dropped[child.index()]);
        if beside.any(|child| is_header_table(dom, child)) {
            return ancestor;
        }
    }
    container
}

/// Whether several of the catalogue's labels stand in the element.
fn is_header_table(dom: &Dom, node: NodeId) -> bool {
    let mut labels = 0;
    for inner in dom.descendants(node) {
        let Some(text) = dom.text(inner) else { continue };
        labels += usize::from(fields::catalogue_label(text).is_some());
        if labels >= 3 {
            return true;
        }
    }
    false
}

fn ancestors(dom: &Dom, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    std::iter::successors(dom.parent(node), |node| dom.parent(*node))
}

/// Inside the container but outside the core, drops lists of links and, behind
/// the core, what no document ends with; outside stay titles, header tables,
/// lines of source and date, attachments.
fn drop_around(
    dom: &Dom,
    container: NodeId,
    core: NodeId,
    titles: &[String],
    amounts: &[Amount],
    dropped: &mut [bool],
) {
    let mut path = core;
    while path != container {
        let Some(parent) = dom.parent(path) else { return };
        for sibling in dom.children(parent).filter(|sibling| *sibling != path) {
            let amount = amounts[sibling.index()];
            if dropped[sibling.index()] || amount.chars == 0 {
                continue;
            }
            let wanted =
                is_header_table(dom, sibling) || repeats_title(dom, sibling, titles) || is_attachments(dom, sibling);
            dropped[sibling.index()] = !wanted && amount.is_mostly_links();
        }
        path = parent;
    }
}

/// A list of attachments, whose links belong to the document.
fn is_attachments(dom: &Dom, node: NodeId) -> bool {
    let text = dom.text_of(node);
    let text = text.trim_start();
    text.starts_with("附件") || text.starts_with("附：") || text.contains("附件：") || text.contains("附件1")
}
