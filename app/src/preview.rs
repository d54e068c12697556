//! What lies behind the first link of a message, as the server found it. It is a tree of its own with one part, which names the
//! link's address and says in three texts whose page it is, what it is called and what it is about; or says nothing, where nothing
//! is to be shown. It belongs to the link: a message that leads elsewhere from now on shows it no more.

use crate::markup::{Kind, Markup, Node};

impl Markup {
    /// What is said of the page at an address; nothing, where nothing is to be shown.
    pub fn preview(address: &str, said: impl IntoIterator<Item = String>) -> Self {
        let said = said.into_iter().map(Node::Text).collect();
        Self::new(vec![Node::part(Kind::Preview, address, said)])
    }

    /// Of the page at which address it says something, and whether it does, if it is a preview.
    pub fn previews(&self) -> Option<(&str, bool)> {
        match self.blocks() {
            [Node::Part(part)] if part.kind == Kind::Preview => Some((&part.value, !part.nodes.is_empty())),
            _ => None,
        }
    }
}
