//! Items → tree: what binds how.

use crate::Result;
use crate::query::ast::{Near, Node};

use super::{Binary, Item, negate, syntax_error};

/// Items → tree; the operators in it all have their operands.
pub(super) struct Tree<'a> {
    pub(super) source: &'a str,
    pub(super) items: std::iter::Peekable<std::vec::IntoIter<Item>>,
}

impl Tree<'_> {
    pub(super) fn conjunction(mut self) -> Result<Option<Node>> {
        let mut all = Vec::new();
        while self.items.peek().is_some() {
            if self.next_if(Binary::And).is_none() {
                all.extend(self.disjunction()?);
            }
        }
        Ok(Node::all(all))
    }

    fn disjunction(&mut self) -> Result<Option<Node>> {
        let mut any = Vec::new();
        any.extend(self.neighbours()?);
        while self.next_if(Binary::Or).is_some() {
            any.extend(self.neighbours()?);
        }
        Ok(Node::any(any))
    }

    fn neighbours(&mut self) -> Result<Option<Node>> {
        let Some(mut left) = self.operand() else { return Ok(None) };
        let mut pairs = Vec::new();
        while let Some(&Item::Binary(Binary::Near(distance_chars), span)) = self.items.peek() {
            self.items.next();
            let Some(right) = self.operand() else { break };
            if !can_be_near(&left) || !can_be_near(&right) {
                return Err(syntax_error(self.source, span, "a keyword, or keywords joined by OR, on both sides"));
            }
            let near = Near { left: Box::new(left), right: Box::new(right.clone()), distance_chars, span };
            pairs.push(Node::Near(near));
            left = right;
        }
        Ok(if pairs.is_empty() { Some(left) } else { Node::all(pairs) })
    }

    fn operand(&mut self) -> Option<Node> {
        match self.items.next()? {
            Item::Operand(node) => Some(node),
            Item::Not(_) => self.operand().map(negate),
            // Unreachable once operators are settled; nothing is lost by skipping.
            Item::Binary(..) => self.operand(),
        }
    }

    fn next_if(&mut self, wanted: Binary) -> Option<Item> {
        self.items.next_if(|item| matches!(item, Item::Binary(binary, _) if *binary == wanted))
    }
}

fn can_be_near(node: &Node) -> bool {
    match node {
        Node::Keyword(_) => true,
        Node::Or(children) => children.iter().all(|child| matches!(child, Node::Keyword(_))),
        _ => false,
    }
}
