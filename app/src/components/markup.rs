//! Draws a message's tree. What is drawn never changes, so it is no tree of Leptos elements, each of a type of its own: one
//! function walks the nodes with a pen, which writes HTML on the server and makes elements in the browser. Taking over
//! the server's elements is then to leave them alone; what is pressed inside is heard at the log ([`press`]).

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, Node as DomNode};

use crate::chat::Chat;
use crate::i18n::Words;
use crate::markup::{Kind, Markup, Node, Part};

/// What a message says: its tree where it has one, else its text.
pub struct Content {
    /// The text.
    pub text: String,
    /// The tree.
    pub markup: Option<Markup>,
    /// Whose names and words it is drawn with.
    pub chat: Chat,
}

impl Content {
    /// Puts it in the place of what an element holds.
    pub fn replace_inside(&self, element: &Element) {
        element.set_text_content(None);
        self.draw(&mut Hand { open: vec![element.clone().into()] });
    }

    fn draw(&self, pen: &mut dyn Pen) {
        let me = self.chat.me.with_untracked(|me| me.as_ref().map_or(0, |me| me.id.0)).to_string();
        let drawing = Drawing { words: self.chat.words(), me };
        match &self.markup {
            Some(markup) => drawing.nodes(pen, markup.blocks()),
            None => pen.text(&self.text),
        }
    }
}

/// Does what a button inside a message is for: uncovers a spoiler, or copies a block of code.
pub fn press(chat: Chat, event: &MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.and_then(|target| target.closest("button").ok().flatten()) else { return };
    match button.class_name().as_str() {
        "spoiler-button" => {
            let was = button.get_attribute("aria-expanded");
            let _ =
                button.set_attribute("aria-expanded", if was.as_deref() == Some("true") { "false" } else { "true" });
        }
        "copy-button" => {
            let code = button.closest(".code-block").ok().flatten().and_then(|block| block.last_element_child());
            if code.is_some_and(|code| (chat.browser.copy)(&code)) {
                button.set_text_content(Some(chat.words().copied));
            }
        }
        _ => {}
    }
}

/// Who draws, and in which language.
struct Drawing {
    words: &'static Words,
    /// My number, for mentions of me.
    me: String,
}

/// The names and values of an element's attributes.
type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Drawing {
    fn nodes(&self, pen: &mut dyn Pen, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => pen.text(text),
                Node::Part(part) => self.part(pen, part),
            }
        }
    }

    fn part(&self, pen: &mut dyn Pen, part: &Part) {
        let value = part.value.as_str();
        match part.kind {
            Kind::Paragraph => self.element(pen, "p", &[("dir", "auto")], part),
            Kind::Quote => self.element(pen, "blockquote", &[("dir", "auto")], part),
            Kind::Bullets => self.element(pen, "ul", &[], part),
            Kind::Numbers => self.element(pen, "ol", &[("start", value)], part),
            Kind::Item => self.element(pen, "li", &[("dir", "auto")], part),
            Kind::Table => self.table(pen, part),
            Kind::Row => self.element(pen, "tr", &[], part),
            Kind::Head => self.element(pen, "th", &[("scope", "col"), ("dir", "auto"), ("class", value)], part),
            Kind::Cell => self.element(pen, "td", &[("dir", "auto"), ("class", value)], part),
            Kind::Block => self.block(pen, part),
            Kind::Rule => self.element(pen, "hr", &[], part),
            Kind::Bold => self.element(pen, "strong", &[], part),
            Kind::Italic => self.element(pen, "em", &[], part),
            Kind::Strike => self.element(pen, "del", &[], part),
            Kind::Code => self.element(pen, "code", &[("dir", "auto")], part),
            Kind::Spoiler => self.spoiler(pen, part),
            Kind::Link => self.link(pen, part),
            Kind::Mention => {
                let is_me = value == self.me;
                self.element(pen, "bdi", &[("class", if is_me { "mention me" } else { "mention" })], part);
            }
            Kind::Token => self.element(pen, "span", &[("class", value)], part),
        }
    }

    fn element(&self, pen: &mut dyn Pen, tag: &'static str, attributes: Attributes<'_>, part: &Part) {
        pen.open(tag, attributes);
        self.nodes(pen, &part.nodes);
        pen.close(tag);
    }

    /// A wide table scrolls in its own box, which the keyboard reaches.
    fn table(&self, pen: &mut dyn Pen, part: &Part) {
        let label = ("aria-label", self.words.table);
        pen.open("div", &[("class", "table-box"), ("role", "group"), ("tabindex", "0"), label]);
        pen.open("table", &[]);
        // A browser that reads HTML puts it there anyway.
        self.element(pen, "tbody", &[], part);
        pen.close("table");
        pen.close("div");
    }

    fn block(&self, pen: &mut dyn Pen, part: &Part) {
        pen.open("div", &[("class", "code-block")]);
        pen.open("div", &[("class", "code-head")]);
        leaf(pen, "span", &[], &part.value);
        leaf(pen, "button", &[("type", "button"), ("class", "copy-button")], self.words.copy);
        pen.close("div");
        let label = ("aria-label", self.words.code);
        pen.open("pre", &[("role", "group"), ("tabindex", "0"), ("dir", "ltr"), label]);
        self.element(pen, "code", &[], part);
        pen.close("pre");
        pen.close("div");
    }

    fn spoiler(&self, pen: &mut dyn Pen, part: &Part) {
        pen.open("span", &[("class", "spoiler")]);
        let button = [("type", "button"), ("class", "spoiler-button"), ("aria-expanded", "false")];
        leaf(pen, "button", &button, self.words.spoiler);
        self.element(pen, "span", &[], part);
        pen.close("span");
    }

    fn link(&self, pen: &mut dyn Pen, part: &Part) {
        match part.address() {
            Some(address) => {
                let rel = ("rel", "noopener noreferrer nofollow ugc");
                self.element(pen, "a", &[("href", address), ("target", "_blank"), rel], part);
            }
            None => self.nodes(pen, &part.nodes),
        }
    }
}

/// An element with a text of ours.
fn leaf(pen: &mut dyn Pen, tag: &'static str, attributes: Attributes<'_>, text: &str) {
    pen.open(tag, attributes);
    pen.text(text);
    pen.close(tag);
}

/// Draws elements, each inside the last one that is open.
trait Pen {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>);
    fn text(&mut self, text: &str);
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

impl Html<'_> {
    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                letter => self.0.push(letter),
            }
        }
    }
}

impl Pen for Html<'_> {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.escaped(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn text(&mut self, text: &str) {
        self.escaped(text);
    }

    fn close(&mut self, tag: &'static str) {
        if tag != "hr" {
            self.0.push_str("</");
            self.0.push_str(tag);
            self.0.push('>');
        }
    }
}

/// What a message's element holds, once it is on the page.
pub struct Held(Vec<DomNode>);

impl Render for Content {
    type State = Held;

    fn build(self) -> Held {
        let around: DomNode = document().create_document_fragment().into();
        self.draw(&mut Hand { open: vec![around.clone()] });
        Held(std::iter::successors(around.first_child(), DomNode::next_sibling).collect())
    }

    fn rebuild(self, _: &mut Held) {}
}

impl RenderHtml for Content {
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
        self.draw(&mut Html(html));
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, position: &PositionState) -> Held {
        position.set(Position::NextChild);
        Held(Vec::new())
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// It has no element of its own that an attribute could go to.
impl AddAnyAttr for Content {
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
