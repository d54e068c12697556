//! Draws a message's tree with a pen ([`mod@crate::components::pen`]). What is pressed inside is heard at the log ([`press`]).

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::chat::Chat;
use crate::components::pen::{Attributes, Draw, Pen, leaf};
use crate::i18n::Words;
use crate::markup::{Kind, Markup, Node, Part, is_meant};

/// What a message says: its tree where it has one, else its text.
pub struct Content {
    /// The text.
    pub text: String,
    /// The tree.
    pub markup: Option<Markup>,
    /// Whose names and words it is drawn with.
    pub chat: Chat,
}

impl Draw for Content {
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

/// Where a link leads is not told who follows it from where, and has no hold on this page.
const REL: (&str, &str) = ("rel", "noopener noreferrer nofollow ugc");

/// Who draws, and in which language.
struct Drawing {
    words: &'static Words,
    /// My number, for mentions of me.
    me: String,
}

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
                let is_me = is_meant(value, &self.me);
                self.element(pen, "bdi", &[("class", if is_me { "mention me" } else { "mention" })], part);
            }
            Kind::Preview => self.preview(pen, part),
            Kind::Token => self.element(pen, "span", &[("class", value)], part),
            Kind::Action => {
                pen.open("p", &[("class", "action"), ("dir", "auto")]);
                leaf(pen, "bdi", &[], value);
                pen.text(" ");
                self.nodes(pen, &part.nodes);
                pen.close("p");
            }
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

    /// A card that leads where the link leads. All of it is text of strangers; a picture of theirs is not asked for, for that would
    /// tell them who reads.
    fn preview(&self, pen: &mut dyn Pen, part: &Part) {
        let Some(address) = part.address() else { return };
        pen.open("a", &[("class", "preview"), ("href", address), ("target", "_blank"), REL]);
        for node in &part.nodes {
            if let Node::Text(text) = node {
                leaf(pen, "span", &[("dir", "auto")], text);
            }
        }
        pen.close("a");
    }

    fn link(&self, pen: &mut dyn Pen, part: &Part) {
        match part.address() {
            Some(address) => {
                self.element(pen, "a", &[("href", address), ("target", "_blank"), REL], part);
            }
            None => self.nodes(pen, &part.nodes),
        }
    }
}
