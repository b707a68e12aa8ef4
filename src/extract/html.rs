//! HTML: the text of a page's main content, its header table and what its head says.
//!
//! The tree is html5ever's (MIT/Apache-2.0), the parser of browsers, so broken
//! pages read as a browser shows them. It is used without the `scraper` crate,
//! which would bring CSS selectors that nothing here asks for, and with a tree of
//! our own (`dom`) that bounds nesting and size while parsing. Which part of the
//! page is the document is decided in `content`, how it becomes paragraphs in
//! `render`, which cells are labelled values in `fields`.

mod content;
mod dom;
mod fields;
mod furniture;
mod render;
#[cfg(test)]
mod tests;

use self::dom::{Dom, NodeId};
use super::paragraphs::clean;
use super::{Extracted, Format, HintField, Hints, Paragraphs};
use crate::Result;
use crate::document::Origin;

/// Reads a page or a fragment of one.
///
/// # Errors
/// `LimitExceeded` past the limits on nesting, nodes and paragraphs.
pub(super) fn read(text: &str) -> Result<Extracted> {
    let dom = dom::parse(text)?;
    let mut hints = head_hints(&dom);
    let titles = page_titles(&hints);
    let mut selection = content::select(&dom, &titles, content::Hidden::Drop);
    if selection.kept_chars == 0 {
        // A page that shows its text by script only.
        selection = content::select(&dom, &titles, content::Hidden::Keep);
    }
    let mut paragraphs = Paragraphs::new();
    render::render(&dom, &selection, &mut paragraphs)?;
    let paragraphs = paragraphs.into_vec();
    hints.fields.splice(0..0, fields::find(&paragraphs));
    Ok(Extracted { format: Format::Html, encoding: None, paragraphs, hints })
}

/// `<title>` and `<meta name=… content=…>`.
fn head_hints(dom: &Dom) -> Hints {
    let mut hints = Hints::default();
    for node in dom.descendants(dom.root()) {
        let Some(element) = dom.element(node) else { continue };
        match element.name() {
            "title" if hints.title.is_none() && !dom.is_inside(node, "svg") => {
                let title = clean(&dom.text_of(node));
                hints.title = (!title.is_empty()).then_some(title);
            }
            "meta" => {
                let label = element.attribute("name").or_else(|| element.attribute("property"));
                if let (Some(label), Some(value)) = (label, element.attribute("content")) {
                    push_meta(&mut hints, label, value);
                }
            }
            _ => {}
        }
    }
    hints
}

/// Meta tags that say something of the document, not of the page's making.
fn push_meta(hints: &mut Hints, label: &str, value: &str) {
    const TECHNICAL: &[&str] = &[
        "viewport",
        "renderer",
        "robots",
        "generator",
        "progid",
        "originator",
        "format-detection",
        "theme-color",
        "referrer",
        "csrf-token",
        "changedby",
        "created",
        "changed",
        "apple-mobile-web-app-capable",
    ];
    let label: String = clean(label).chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：')).collect();
    let value = clean(value);
    if value.is_empty() || label.is_empty() || TECHNICAL.contains(&label.to_ascii_lowercase().as_str()) {
        return;
    }
    hints.fields.push(HintField { label, value, origin: Origin::Properties });
}

/// What the head calls the document, to recognise its heading in the page.
fn page_titles(hints: &Hints) -> Vec<String> {
    let from_meta = hints.fields.iter().filter(|field| field.label.eq_ignore_ascii_case("ArticleTitle"));
    let titles = hints.title.iter().chain(from_meta.map(|field| &field.value));
    titles.map(|title| title.chars().filter(|c| !c.is_whitespace()).collect()).collect()
}

/// Elements whose content no reader sees, or that are controls of the page.
fn is_never_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "iframe"
            | "object"
            | "embed"
            | "video"
            | "audio"
            | "canvas"
            | "svg"
            | "select"
            | "option"
            | "datalist"
            | "button"
            | "textarea"
            | "input"
            | "map"
            | "nav"
            | "noframes"
            | "xml"
            | "frameset"
    )
}

/// Elements that begin and end a paragraph.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
    )
}

/// Whether a style or an attribute hides the element.
fn is_hidden(dom: &Dom, node: NodeId) -> bool {
    let Some(element) = dom.element(node) else { return false };
    if element.attribute("hidden").is_some() {
        return true;
    }
    let Some(style) = element.attribute("style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
