//! From what people write to the tree that travels with it ([`app::markup`]): CommonMark with a chat's rules. It is done once,
//! when a message is taken, and in time that grows with the text's length alone.
//!
//! `source` puts a chat's rules before CommonMark's, `tree` makes the tree of what CommonMark finds, `inline` finds in texts what
//! CommonMark doesn't know (spoilers, bare addresses, mentions), `links` knows where an address ends, `names` where a name does,
//! `meant` says whom the mentions of a tree mean, `highlight` colours code, `portions` says how a text is drawn that would cost a
//! browser much.

mod highlight;
mod inline;
mod links;
mod meant;
pub(crate) mod names;
mod portions;
mod source;
mod tree;

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use app::command::ACTION;
use app::markup::{Kind, MAX_BYTES, MAX_WEIGHT, Markup, Node, Part};
use app::member::MemberId;

use portions::{Cost, portioned, thinned};

pub use meant::Meant;

/// Whom or what a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    /// A person.
    Member(MemberId),
    /// These people, who are in the room now: `@here`.
    Here(Arc<[MemberId]>),
    /// Everyone who belongs to the room: `@room`.
    Room,
}

/// Resolves mentions, given what stands behind an `@` (a few words of it). Names may have spaces in them and particles behind them.
pub trait Names {
    /// Whom the beginning names, and how many bytes of it the name takes: they are called.
    fn call(&self, text: &str) -> Option<(Mention, usize)>;

    /// How many bytes of it a name takes. Nobody is called: it may turn out to be code.
    fn length(&self, text: &str) -> Option<usize>;

    /// The text is read from its beginning, and nobody is called yet.
    fn begin(&self);
}

/// What resolves mentions while a text is read.
pub type Resolve<'a> = &'a dyn Names;

impl<Find: Fn(&str) -> Option<(Mention, usize)>> Names for Find {
    fn call(&self, text: &str) -> Option<(Mention, usize)> {
        self(text)
    }

    fn length(&self, text: &str) -> Option<usize> {
        self(text).map(|(_, length)| length)
    }

    fn begin(&self) {}
}

/// Nobody is mentioned.
pub const NOBODY: Resolve<'static> = &|_: &str| None;

/// A message's tree, ready to be kept.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The tree.
    pub markup: Markup,
    /// The same as it is stored.
    pub stored: String,
}

/// The tree of a message; `None` when it has no shape but its text's own, as most messages, or when the tree would be larger
/// than [`MAX_WEIGHT`] and [`MAX_BYTES`] allow. Then the text is shown as it is, unless that would cost much.
pub fn parse(text: &str, resolve: Resolve<'_>) -> Option<Shape> {
    let drawn = thinned(text);
    let as_it_is = || {
        let may_be = drawn == text && Cost::of(text) == Cost::Small;
        if may_be { None } else { shape(vec![Node::part(Kind::Paragraph, "", vec![Node::Text(drawn.to_string())])]) }
    };
    marked(&drawn, resolve).or_else(as_it_is)
}

/// The texts of which a text is drawn that has no tree, each with its class.
pub fn drawn(text: &str) -> Vec<(&'static str, String)> {
    portions::drawn(&thinned(text))
}

fn marked(text: &str, resolve: Resolve<'_>) -> Option<Shape> {
    let blocks = match Looks::of(text) {
        Looks::Plain if !text.starts_with("//") => return None,
        Looks::Plain => Vec::new(),
        Looks::Linked => vec![as_written(text, resolve)],
        Looks::Marked => match read(text, resolve) {
            Some(blocks) if !is_as_written(text, &blocks) && letters_in(&blocks, &Led::by(text)) >= letters(text) => {
                blocks
            }
            _ => vec![as_written(text, resolve)],
        },
    };
    // Of two slashes before what would be an action, one is shown.
    if text.strip_prefix('/').is_some_and(|rest| rest.starts_with(ACTION)) {
        return shape(vec![as_written(&text[1..], resolve)]);
    }
    let has_shape = shows_something(&blocks) || (text.contains('\\') && text_of(&blocks) != text);
    if has_shape { shape(blocks) } else { None }
}

fn shape(blocks: Vec<Node>) -> Option<Shape> {
    let cost = Cost::of(&text_of(&blocks));
    let blocks = portioned(blocks, cost);
    let markup = (weight(&blocks) <= MAX_WEIGHT).then(|| Markup::new(blocks))?;
    let stored = serde_json::to_string(&markup).expect("a tree holds nothing that JSON can't");
    (stored.len() <= MAX_BYTES).then_some(Shape { markup, stored })
}

/// What stands behind each `@` at which somebody may be called.
pub fn called(text: &str) -> impl Iterator<Item = &str> {
    inline::called(text).map(|(_, name)| name)
}

/// The tree of a message in which somebody of this name says what they do; `None` where the text is no such message.
pub fn action(name: &str, text: &str, resolve: Resolve<'_>) -> Option<Shape> {
    let action = &*thinned(text.strip_prefix(ACTION)?);
    let blocks = parse(action, resolve).map(|shape| shape.markup.blocks().to_vec()).unwrap_or_default();
    let nodes = match blocks.as_slice() {
        [] => vec![Node::Text(action.to_owned())],
        [Node::Part(part)] if part.kind == Kind::Paragraph => part.nodes.clone(),
        _ => inline::of_plain(action, resolve),
    };
    shape(vec![Node::part(Kind::Action, name, nodes)])
}

/// What Markdown finds. Should the library fail on a text, the text is plain: else its author's browser, which sends again what
/// was not answered, would send it for ever.
fn read(text: &str, resolve: Resolve<'_>) -> Option<Vec<Node>> {
    let source = source::prepared(text, resolve)?;
    std::panic::catch_unwind(AssertUnwindSafe(|| tree::grown(&source, resolve))).ok().flatten()
}

/// The text with its line breaks and indentation, and only addresses and mentions found in it.
fn as_written(text: &str, resolve: Resolve<'_>) -> Node {
    resolve.begin();
    Node::part(Kind::Paragraph, "", inline::of_plain(text, resolve))
}

/// What a first look at the bytes says. It may take a text for more than it is, never for less.
#[derive(Debug, PartialEq, Eq)]
enum Looks {
    Plain,
    /// There may be an address or a mention in it, and no Markdown.
    Linked,
    Marked,
}

impl Looks {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let next = |at: usize| bytes.get(at + 1).copied().unwrap_or(b'\n');
        let mut looks = Self::Plain;
        let mut starts_line = true;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'*' | b'_' | b'`' | b'[' | b'\\' | b'|' => return Self::Marked,
                b'~' if next(at) == b'~' => return Self::Marked,
                b'<' if next(at).is_ascii_alphabetic() => return Self::Marked,
                b'>' | b'#' | b'-' | b'+' | b'=' if starts_line => return Self::Marked,
                b'0'..=b'9' if starts_line && source::is_numbered(&text[at..]) => return Self::Marked,
                b'@' => looks = Self::Linked,
                b':' if bytes[at + 1..].starts_with(b"//") => looks = Self::Linked,
                b'.' if at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"www") => looks = Self::Linked,
                _ => {}
            }
            starts_line = *byte == b'\n' || (starts_line && *byte == b' ');
        }
        looks
    }
}

/// Whether Markdown found nothing in a text that shows: then its own line breaks and indentation are the better picture.
fn is_as_written(text: &str, blocks: &[Node]) -> bool {
    let is_bare = |part: &Part| match part.kind {
        Kind::Paragraph | Kind::Mention => true,
        Kind::Link => part.value.is_empty(),
        _ => false,
    };
    !text.contains(['\\', '[', '<']) && parts(blocks).all(is_bare)
}

/// Whether there is more to a tree than paragraphs, and anything to see at all: a lone `-` is no list.
fn shows_something(blocks: &[Node]) -> bool {
    let has_words = !text_of(blocks).trim().is_empty();
    parts(blocks).any(|part| part.kind == Kind::Rule || (has_words && part.kind != Kind::Paragraph))
}

/// How many letters of a text its tree shows or keeps. With fewer than the text has, Markdown would drop some, as it does with the
/// cells for which a table has no column; then the text stands as it was written.
fn letters_in(nodes: &[Node], led: &Led<'_>) -> usize {
    letters(&text_of(nodes)) + parts(nodes).map(|part| led.letters_kept(part)).sum::<usize>()
}

/// Where a text leads by links that have words of their own, as it was written.
struct Led<'a>(HashSet<&'a str>);

impl<'a> Led<'a> {
    fn by(text: &'a str) -> Self {
        let address = |rest: &'a str| rest.trim_start_matches('<').split([')', '>', ' ', '\n']).next();
        Self(text.split("](").skip(1).filter_map(address).collect())
    }

    /// How many letters of its text a part keeps beside what it shows: the language of code, and where a link leads. What nobody
    /// has written, as how a cell is aligned or what completes an address, is none of them.
    fn letters_kept(&self, part: &Part) -> usize {
        match part.kind {
            // The letter by which a box is ticked.
            Kind::Token if part.value == tree::BOX => usize::from(text_of(&part.nodes) == tree::DONE),
            Kind::Block => letters(&part.value),
            Kind::Link if self.0.contains(part.value.as_str()) => letters(&part.value),
            Kind::Link => {
                let bare = part.value.trim_start_matches("https://").trim_start_matches("mailto:");
                match bare {
                    _ if bare == text_of(&part.nodes) => 0,
                    _ if self.0.contains(bare) => letters(bare),
                    _ => letters(&part.value),
                }
            }
            _ => 0,
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphabetic()).count()
}

/// All texts in nodes, one behind the other.
fn text_of(nodes: &[Node]) -> String {
    let text = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Part(part) => text_of(&part.nodes),
    };
    nodes.iter().map(text).collect()
}

/// What nodes weigh with all that is inside.
fn weight(nodes: &[Node]) -> usize {
    let inside = |node: &Node| if let Node::Part(part) = node { weight(&part.nodes) } else { 0 };
    nodes.iter().map(|node| node.weight() + inside(node)).sum()
}

/// All parts, however deep.
fn parts(nodes: &[Node]) -> Box<dyn Iterator<Item = &Part> + '_> {
    let here = nodes.iter().filter_map(|node| if let Node::Part(part) = node { Some(part) } else { None });
    Box::new(here.flat_map(|part| std::iter::once(part).chain(parts(&part.nodes))))
}

#[cfg(test)]
mod tests;
