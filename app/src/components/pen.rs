//! What is drawn once and never changes is no tree of Leptos elements, each of a type of its own: a function walks it with a
//! pen, which writes HTML on the server and makes elements in the browser. Taking over the server's elements is then to leave
//! them alone; what is pressed inside is heard further out.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};
use web_sys::{Element, Node as DomNode};

use crate::tree::{is_void, write_attribute, write_escaped};

/// Something that is drawn with a pen.
pub trait Draw: Send {
    /// Draws it.
    fn draw(&self, pen: &mut dyn Pen);
}

/// The view of something that is drawn once.
pub struct Drawn(pub Box<dyn Draw>);

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
struct Html<'a>(&'a mut String);

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

/// What was drawn, once it is on the page.
pub struct Held(Vec<DomNode>);

impl Render for Drawn {
    type State = Held;

    fn build(self) -> Held {
        let around: DomNode = document().create_document_fragment().into();
        self.0.draw(&mut Hand { open: vec![around.clone()] });
        Held(std::iter::successors(around.first_child(), DomNode::next_sibling).collect())
    }

    fn rebuild(self, _: &mut Held) {}
}

impl RenderHtml for Drawn {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attributes: Vec<AnyAttribute>,
    ) {
        self.0.draw(&mut Html(html));
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Held {
        // In debug builds Leptos puts a marker behind all children, and looks for it where this ends.
        let is_drawn = |node: Option<DomNode>| node.is_some_and(|node| node.node_type() != DomNode::COMMENT_NODE);
        if cfg!(debug_assertions) {
            if !is_drawn(cursor.current().first_child()) {
                return Held(Vec::new());
            }
            cursor.child();
            while is_drawn(cursor.current().next_sibling()) {
                cursor.sibling();
            }
        }
        position.set(Position::NextChild);
        Held(Vec::new())
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// It has no element of its own that an attribute could go to.
impl AddAnyAttr for Drawn {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _attribute: New) -> Self::Output<New>
    where
        Self::Output<New>: RenderHtml,
    {
        self
    }
}

impl Mountable for Held {
    fn unmount(&mut self) {}

    fn mount(&mut self, parent: &leptos::tachys::renderer::types::Element, _: Option<&DomNode>) {
        for node in &self.0 {
            let _ = parent.append_child(node);
        }
    }

    fn insert_before_this(&self, _: &mut dyn Mountable) -> bool {
        false
    }

    fn elements(&self) -> Vec<leptos::tachys::renderer::types::Element> {
        Vec::new()
    }
}
