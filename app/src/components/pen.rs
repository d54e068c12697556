//! What is drawn once and never changes is no tree of Leptos elements, each of a type of its own: a function walks it with a
//! pen, which writes HTML on the server and makes elements in the browser. Taking over the server's elements is then to leave
//! them alone; what is pressed inside is heard further out.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::tachys::view::Position;
use web_sys::{Element, Node as DomNode};

use crate::tree::{self, Node, Own, Placed, Walk};
#[cfg(feature = "ssr")]
use crate::tree::{is_void, write_attribute, write_escaped};

/// Something that is drawn with a pen.
pub trait Draw: Send {
    /// Draws it.
    fn draw(&self, pen: &mut dyn Pen);
}

/// The view of something that is drawn once, and is alone in its element.
pub fn drawn(what: impl Draw + 'static) -> Node {
    Node::Own(Box::new(Drawn(Box::new(what))))
}

struct Drawn(Box<dyn Draw>);

/// The names and values of an element's attributes; those without a value are left out.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Puts it in the place of what an element holds.
pub fn replace_inside(element: &Element, what: &dyn Draw) {
    element.set_text_content(None);
    what.draw(&mut Hand { open: vec![element.clone().into()] });
}

/// An element with a text of ours.
pub fn leaf(pen: &mut dyn Pen, tag: &'static str, attributes: Attributes<'_>, text: &str) {
    pen.open(tag, attributes);
    pen.text(text);
    pen.close(tag);
}

/// Draws elements, each inside the last one that is open.
pub trait Pen {
    /// Begins an element.
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>);
    /// Writes a text.
    fn text(&mut self, text: &str);
    /// Ends the element.
    fn close(&mut self, tag: &'static str);
}

/// Makes the page's elements.
struct Hand {
    open: Vec<DomNode>,
}

impl Hand {
    fn put(&self, node: &DomNode) {
        if let Some(around) = self.open.last() {
            let _ = around.append_child(node);
        }
    }
}

impl Pen for Hand {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        let Ok(element) = document().create_element(tag) else { return };
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = element.set_attribute(name, value);
        }
        self.put(&element);
        self.open.push(element.into());
    }

    fn text(&mut self, text: &str) {
        self.put(&document().create_text_node(text));
    }

    fn close(&mut self, _: &'static str) {
        self.open.pop();
    }
}

/// Writes HTML.
#[cfg(feature = "ssr")]
struct Html<'a>(&'a mut String);

#[cfg(feature = "ssr")]
impl Pen for Html<'_> {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            write_attribute(self.0, name, value);
        }
        self.0.push('>');
    }

    fn text(&mut self, text: &str) {
        write_escaped(self.0, text);
    }

    fn close(&mut self, tag: &'static str) {
        if !is_void(tag) {
            self.0.push_str("</");
            self.0.push_str(tag);
            self.0.push('>');
        }
    }
}

/// What was drawn, once it is on the page; what the server has drawn is left alone.
struct Held(Vec<DomNode>);

impl Own for Drawn {
    fn draw(self: Box<Self>, walk: Option<&Walk>) -> Box<dyn Placed> {
        if walk.is_some() {
            return Box::new(Held(Vec::new()));
        }
        let around: DomNode = document().create_document_fragment().into();
        self.0.draw(&mut Hand { open: vec![around.clone()] });
        Box::new(Held(std::iter::successors(around.first_child(), DomNode::next_sibling).collect()))
    }

    #[cfg(feature = "ssr")]
    fn write(self: Box<Self>, html: &mut String, _: &mut Position) {
        self.0.draw(&mut Html(html));
    }
}

impl Placed for Held {
    fn unmount(&mut self) {}

    fn mount(&mut self, parent: &Element, _: Option<&DomNode>) {
        for node in &self.0 {
            let _ = parent.append_child(node);
        }
    }

    fn insert_before_this(&self, _: &mut tree::Drawn) -> bool {
        false
    }
}
