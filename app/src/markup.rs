//! The shape of a message: a small tree that the server makes of its Markdown, that travels beside the text, and that
//! `components::markup` draws. It holds no HTML and no address that could run a script.
//!
//! On the wire a node is a text, or an array of its kind's name, its value where the kind has one, and what is inside:
//! `["p","Read ",["a","https://example.org/","the ",["b","notes"]]]`.

use std::fmt;
use std::sync::Arc;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::member::MemberId;

/// How deep the server lets parts lie inside each other; what would lie deeper stands in the part around it.
pub const MAX_DEPTH: usize = 16;
/// How much a tree weighs at most ([`Node::weight`]); a message that would weigh more is shown as the plain text that it is.
pub const MAX_WEIGHT: usize = 3_200;
/// How many bytes a tree has at most as JSON; the same holds for more.
pub const MAX_BYTES: usize = 192 * 1024;

/// The value of a [`Kind::Token`] that breaks anywhere.
pub const BREAKS_ANYWHERE: &str = "z";

/// The value of a mention of all people of the room.
pub const EVERYONE: &str = "room";
/// How many mentions of a message take effect.
pub const MAX_MENTIONS: usize = 50;
/// The first word of the value of a mention of those who are there.
pub const THERE: &str = "here";

/// Whether a mention of this value means the person of this number.
pub fn is_meant(value: &str, number: &str) -> bool {
    value == EVERYONE || value.split(' ').any(|word| word == number)
}

/// A message's tree: its blocks in order. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup(Arc<Vec<Node>>);

/// A text, or a part with a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text as it is read, line breaks included.
    Text(String),
    /// A part.
    Part(Part),
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// What its kind says that it holds; empty where it holds nothing.
    pub value: String,
    /// What is inside, in order.
    pub nodes: Vec<Node>,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A paragraph.
    Paragraph,
    /// A quotation; blocks inside.
    Quote,
    /// A list; items inside.
    Bullets,
    /// A numbered list; its value is the first number.
    Numbers,
    /// An item of a list; text or blocks inside.
    Item,
    /// A table; rows inside, the first of them the header.
    Table,
    /// A row; cells inside.
    Row,
    /// A cell of the header; its value is `center`, `end` or nothing.
    Head,
    /// A cell; its value is `center`, `end` or nothing.
    Cell,
    /// A block of code; its value is the language as it was written, its content text and tokens.
    Block,
    /// A line between blocks.
    Rule,
    /// Strong emphasis.
    Bold,
    /// Emphasis.
    Italic,
    /// Struck out.
    Strike,
    /// Code in a line.
    Code,
    /// Hidden until the reader wants it.
    Spoiler,
    /// A link; its value is the address, or nothing where the text is the address.
    Link,
    /// A mention; its text is what was written, its value a member's number, [`EVERYONE`], or [`THERE`] and the numbers of those who
    /// were there then, with spaces between.
    Mention,
    /// A word of code; its value is one letter, for the colour. Elsewhere a portion of a long text, which is drawn by itself; its
    /// value is nothing, or [`BREAKS_ANYWHERE`].
    Token,
    /// What lies behind a link; its value is the address, and inside are whose page it is, what it is called and what it is about, or
    /// nothing ([`Markup::previews`]). It stands in a tree of its own.
    Preview,
    /// What somebody does; its value is the name that they had then.
    Action,
}

/// Each kind with its name on the wire, and whether a value follows the name.
const KINDS: [(Kind, &str, bool); 21] = [
    (Kind::Paragraph, "p", false),
    (Kind::Quote, "q", false),
    (Kind::Bullets, "ul", false),
    (Kind::Numbers, "ol", true),
    (Kind::Item, "li", false),
    (Kind::Table, "table", false),
    (Kind::Row, "tr", false),
    (Kind::Head, "th", true),
    (Kind::Cell, "td", true),
    (Kind::Block, "pre", true),
    (Kind::Rule, "hr", false),
    (Kind::Bold, "b", false),
    (Kind::Italic, "i", false),
    (Kind::Strike, "s", false),
    (Kind::Code, "c", false),
    (Kind::Spoiler, "x", false),
    (Kind::Link, "a", true),
    (Kind::Mention, "m", true),
    (Kind::Token, "k", true),
    (Kind::Preview, "preview", true),
    (Kind::Action, "me", true),
];

impl Markup {
    /// A tree of these blocks.
    pub fn new(blocks: Vec<Node>) -> Self {
        Self(Arc::new(blocks))
    }

    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        bytes(&self.0)
    }

    /// Whether it mentions somebody.
    pub fn mentions(&self, member: MemberId) -> bool {
        let number = member.0.to_string();
        self.has_mention(&mut |value| is_meant(value, &number))
    }

    /// Whether it has a mention of such a value.
    pub fn has_mention(&self, is_one: &mut dyn FnMut(&str) -> bool) -> bool {
        has_mention(&self.0, is_one)
    }

    /// The first address of the web that it leads to, where that is not hidden.
    pub fn first_link(&self) -> Option<&str> {
        first_link(&self.0)
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Node] {
        &self.0
    }
}

fn has_mention(nodes: &[Node], is_one: &mut dyn FnMut(&str) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Part(part) if part.kind == Kind::Mention => is_one(&part.value),
        Node::Part(part) => has_mention(&part.nodes, is_one),
        Node::Text(_) => false,
    })
}

fn first_link(nodes: &[Node]) -> Option<&str> {
    nodes.iter().find_map(|node| match node {
        Node::Part(part) if part.kind == Kind::Link => part.address().filter(|address| !address.starts_with("mailto:")),
        Node::Part(part) if part.kind != Kind::Spoiler => first_link(&part.nodes),
        _ => None,
    })
}

fn bytes(nodes: &[Node]) -> usize {
    let bytes = |node: &Node| match node {
        Node::Text(text) => 3 + text.len(),
        Node::Part(part) => 10 + part.value.len() + bytes(&part.nodes),
    };
    nodes.iter().map(bytes).sum()
}

impl Node {
    /// A part.
    pub fn part(kind: Kind, value: impl Into<String>, nodes: Vec<Self>) -> Self {
        Self::Part(Part { kind, value: value.into(), nodes })
    }

    /// What it costs a browser to draw it, without what is inside: a text, a link or a word of code weighs one.
    pub fn weight(&self) -> usize {
        let Self::Part(part) = self else { return 1 };
        match part.kind {
            Kind::Block => 15,
            Kind::Item | Kind::Spoiler => 5,
            Kind::Paragraph | Kind::Quote | Kind::Bullets | Kind::Numbers => 4,
            Kind::Table | Kind::Row | Kind::Rule => 3,
            Kind::Head | Kind::Cell => 2,
            _ => 1,
        }
    }
}

impl Part {
    /// Where a link leads, if it is one and it leads somewhere safe.
    pub fn address(&self) -> Option<&str> {
        let address = match &self.nodes[..] {
            [Node::Text(text)] if self.value.is_empty() => text,
            _ => &self.value,
        };
        (matches!(self.kind, Kind::Link | Kind::Preview) && is_safe(address)).then_some(address)
    }
}

/// Whether an address may be followed: the web and mail alone, and nothing in it that browsers drop while reading it.
pub fn is_safe(address: &str) -> bool {
    let starts_with =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_readable = !address.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    is_readable && ["https://", "http://", "mailto:"].into_iter().any(starts_with)
}

impl Serialize for Markup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Markup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::new)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Part { kind, value, nodes } = match self {
            Self::Text(text) => return serializer.serialize_str(text),
            Self::Part(part) => part,
        };
        let (_, name, has_value) = KINDS[*kind as usize];
        let mut sequence = serializer.serialize_seq(None)?;
        sequence.serialize_element(name)?;
        if has_value {
            sequence.serialize_element(value)?;
        }
        nodes.iter().try_for_each(|node| sequence.serialize_element(node))?;
        sequence.end()
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrPart)
    }
}

struct TextOrPart;

impl<'de> Visitor<'de> for TextOrPart {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or a part")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let unknown = || A::Error::custom("a part of no known kind");
        let name: String = sequence.next_element()?.ok_or_else(unknown)?;
        let (kind, _, has_value) = *KINDS.iter().find(|(_, known, _)| *known == name).ok_or_else(unknown)?;
        let value = if has_value { sequence.next_element()?.ok_or_else(unknown)? } else { String::new() };
        let mut nodes = Vec::new();
        while let Some(node) = sequence.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Part(Part { kind, value, nodes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_where_it_says_and_round_trips() {
        for (at, (kind, name, has_value)) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, at, "{name}");
            let value = if has_value { "7" } else { "" };
            let markup = Markup::new(vec![Node::part(kind, value, vec![Node::Text("text".into())])]);
            let json = serde_json::to_string(&markup).expect("a tree encodes");
            let written =
                if has_value { format!(r#"[["{name}","7","text"]]"#) } else { format!(r#"[["{name}","text"]]"#) };
            assert_eq!(json, written);
            assert_eq!(serde_json::from_str::<Markup>(&json).expect("a tree decodes"), markup);
        }
    }

    #[test]
    fn a_mention_means_one_person_those_who_were_there_or_everyone() {
        let says = |value: &str| {
            let mention = Node::part(Kind::Mention, value, vec![Node::Text("@you".into())]);
            Markup::new(vec![Node::part(Kind::Quote, "", vec![Node::part(Kind::Bold, "", vec![mention])])])
        };
        for value in ["7", "room", "here 3 7 71", "here 7"] {
            assert!(says(value).mentions(MemberId(7)), "{value}");
        }
        for value in ["71", "17", "here", "here 3 71", "", "rooms"] {
            assert!(!says(value).mentions(MemberId(7)), "{value}");
        }
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for json in ["7", "{}", r#""text""#, "[[]]", "[7]", "[[7]]", r#"[["script","x"]]"#, r#"[["a"]]"#] {
            assert!(serde_json::from_str::<Markup>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn links_lead_only_to_the_web_and_to_mail() {
        let address = |value: &str, text: &str| {
            let Node::Part(link) = Node::part(Kind::Link, value, vec![Node::Text(text.into())]) else { return None };
            link.address().map(str::to_owned)
        };
        assert_eq!(address("", "https://example.org/가"), Some("https://example.org/가".into()));
        assert_eq!(address("HTTP://example.org", "here"), Some("HTTP://example.org".into()));
        assert_eq!(address("mailto:ada@example.org", "Ada"), Some("mailto:ada@example.org".into()));
        for unsafe_one in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//example.org",
            "/lab",
            "https:example.org",
            "",
            "\u{1}https://example.org",
            "https://example.org/\u{0}",
            "blob:https://example.org/1",
        ] {
            assert_eq!(address(unsafe_one, unsafe_one), None, "{unsafe_one:?}");
        }
    }
}
