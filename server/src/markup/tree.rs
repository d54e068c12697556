//! From what CommonMark finds to our tree. What lies too deep stands in the part around it; a tree that grows too large is none.

use app::markup::{Kind, MAX_DEPTH, MAX_WEIGHT, Node, is_safe};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::source::restored;
use super::{Resolve, highlight, inline, links, text_of, weight};

/// Inside the deepest part that CommonMark gives there is still room for a spoiler, a link and a text.
const DEEPEST: usize = MAX_DEPTH - 3;

/// The blocks of a source that [`super::source::prepared`] made; `None` when they weigh too much.
pub(super) fn grown(source: &str, resolve: Resolve<'_>) -> Option<Vec<Node>> {
    let mut tree = Tree { resolve, open: vec![Open::default()], aligned: Vec::new(), weight: 0 };
    for event in
        Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS)
    {
        tree.take(event);
        if tree.weight > MAX_WEIGHT {
            return None;
        }
    }
    tree.open.pop().map(|page| page.nodes)
}

/// Code is colored as far as this weight reaches; what the message has behind it finds place, too.
const MAX_CODE_WEIGHT: usize = MAX_WEIGHT - 400;

/// The class of the box of something to do.
pub(super) const BOX: &str = "box";
/// How the box of something that is done is shown: as a sign of the text, not as an emoji.
pub(super) const DONE: &str = "☑\u{FE0E}";
/// And of something that is not.
const TO_DO: &str = "☐";

struct Tree<'a> {
    resolve: Resolve<'a>,
    /// What is open, the outermost first; the page itself is the first.
    open: Vec<Open>,
    /// How the columns of the table are aligned.
    aligned: Vec<Alignment>,
    weight: usize,
}

#[derive(Default)]
struct Open {
    /// `None` for what leaves no part behind.
    kind: Option<Kind>,
    value: String,
    nodes: Vec<Node>,
    role: Role,
}

/// What is done with what is inside when it closes.
#[derive(Default)]
enum Role {
    #[default]
    Usual,
    /// Nothing is found in its texts.
    Literal,
    /// The code keeps its indentation.
    Indented,
    /// The cells are the table's header.
    Header,
    /// How a link was written before and behind its text, and the title that it was given.
    Link([String; 3]),
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(TagEnd::Heading(_)) => {
                self.end();
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.add(Node::part(Kind::Code, "", vec![Node::Text(restored(&text))])),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule => self.add(Node::part(Kind::Rule, "", Vec::new())),
            Event::TaskListMarker(is_done) => self.tick_box(is_done),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.open(Kind::Paragraph, "", Role::Usual),
            // A message is no document: its headings are bold lines, and don't stand among the page's own.
            Tag::Heading { .. } => {
                self.open(Kind::Paragraph, "", Role::Usual);
                self.open(Kind::Bold, "", Role::Usual);
            }
            Tag::BlockQuote(_) => self.open(Kind::Quote, "", Role::Usual),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.open(Kind::Block, &restored(&info), Role::Literal);
            }
            // Four spaces are not how people write code in a chat.
            Tag::CodeBlock(CodeBlockKind::Indented) => self.open(Kind::Paragraph, "", Role::Indented),
            Tag::List(None) => self.open(Kind::Bullets, "", Role::Usual),
            Tag::List(Some(first)) => self.open(Kind::Numbers, &first.to_string(), Role::Usual),
            Tag::Item => self.open(Kind::Item, "", Role::Usual),
            Tag::Table(aligned) => {
                self.aligned = aligned;
                self.open(Kind::Table, "", Role::Literal);
            }
            Tag::TableHead => self.open(Kind::Row, "", Role::Header),
            Tag::TableRow => self.open(Kind::Row, "", Role::Literal),
            Tag::TableCell => self.open_cell(),
            Tag::Emphasis => self.open(Kind::Italic, "", Role::Usual),
            Tag::Strong => self.open(Kind::Bold, "", Role::Usual),
            Tag::Strikethrough => self.open(Kind::Strike, "", Role::Usual),
            Tag::Link { link_type, dest_url, title, .. } => self.open_link(link_type, &dest_url, &title, "["),
            // Pictures from elsewhere would tell their owner who reads; they are links.
            Tag::Image { link_type, dest_url, title, .. } => self.open_link(link_type, &dest_url, &title, "!["),
            _ => self.open.push(Open::default()),
        }
    }

    fn open(&mut self, kind: Kind, value: &str, role: Role) {
        let is_too_deep = self.open.len() > DEEPEST;
        if is_too_deep && !self.innermost().nodes.is_empty() && is_block(kind) {
            self.text("\n");
        }
        let role = if self.is_in_link() { Role::Literal } else { role };
        self.open.push(Open { kind: (!is_too_deep).then_some(kind), value: value.to_owned(), role, ..Open::default() });
    }

    fn open_cell(&mut self) {
        let Open { nodes, role, .. } = self.innermost();
        let (column, is_header) = (nodes.len(), matches!(role, Role::Header));
        let value = match self.aligned.get(column) {
            Some(Alignment::Center) => "center",
            Some(Alignment::Right) => "end",
            _ => "",
        };
        self.open(if is_header { Kind::Head } else { Kind::Cell }, value, Role::Usual);
    }

    fn open_link(&mut self, link_type: LinkType, address: &str, title: &str, begin: &str) {
        if self.is_in_link() {
            return self.open.push(Open { role: Role::Literal, ..Open::default() });
        }
        let (address, title) = (restored(address), restored(title));
        let title = if title.is_empty() { title } else { format!(" \"{title}\"") };
        let (target, written) = match link_type {
            LinkType::Email => (format!("mailto:{address}"), ["<".into(), ">".into(), title]),
            LinkType::Autolink => (address, ["<".into(), ">".into(), title]),
            _ => (links::target(&address), [begin.into(), format!("]({address}{title})"), title]),
        };
        self.open(Kind::Link, &target, Role::Link(written));
    }

    fn is_in_link(&self) -> bool {
        self.open.iter().any(|open| matches!(open.role, Role::Link(_)))
    }

    fn end(&mut self) {
        let Some(Open { kind, value, nodes, role }) = self.open.pop() else { return };
        let nodes = match role {
            Role::Literal if kind == Some(Kind::Block) => self.code(&value, nodes),
            Role::Usual => inline::finished(nodes, self.resolve),
            Role::Indented => inline::finished(indented(nodes), self.resolve),
            Role::Literal | Role::Header => nodes.into_iter().map(as_it_is).collect(),
            Role::Link(written) => {
                let nodes = nodes.into_iter().map(as_it_is).collect();
                return linked(kind, value, nodes, written).into_iter().for_each(|node| self.add(node));
            }
        };
        match kind {
            Some(kind) => self.add(Node::part(kind, value, nodes)),
            None => nodes.into_iter().for_each(|node| self.add(node)),
        }
    }

    /// Code with the colours of its words, as far as there is room for them.
    fn code(&mut self, language: &str, nodes: Vec<Node>) -> Vec<Node> {
        let code = restored(&text_of(&nodes));
        let code = code.strip_suffix('\n').unwrap_or(&code);
        let room = MAX_CODE_WEIGHT.saturating_sub(self.weight);
        let nodes = highlight::tokens(language, code, room).unwrap_or_else(|| vec![Node::Text(code.to_owned())]);
        self.weight += weight(&nodes);
        nodes
    }

    /// The box of something to do, as a sign that is read aloud, too.
    fn tick_box(&mut self, is_done: bool) {
        let sign = if is_done { DONE } else { TO_DO };
        self.add(Node::part(Kind::Token, BOX, vec![Node::Text(sign.to_owned())]));
        self.text(" ");
    }

    fn innermost(&mut self) -> &mut Open {
        self.open.last_mut().expect("the page itself is open to the end")
    }

    fn text(&mut self, text: &str) {
        match self.innermost().nodes.last_mut() {
            Some(Node::Text(last)) => last.push_str(text),
            _ => self.add(Node::Text(text.to_owned())),
        }
    }

    fn add(&mut self, node: Node) {
        self.weight += node.weight();
        self.innermost().nodes.push(node);
    }
}

fn is_block(kind: Kind) -> bool {
    use Kind::{Block, Bullets, Cell, Head, Item, Numbers, Paragraph, Quote, Row, Table};
    matches!(kind, Paragraph | Quote | Bullets | Numbers | Item | Table | Row | Head | Cell | Block)
}

fn as_it_is(node: Node) -> Node {
    if let Node::Text(text) = node { Node::Text(restored(&text)) } else { node }
}

fn indented(nodes: Vec<Node>) -> Vec<Node> {
    let lines = text_of(&nodes);
    let lines: Vec<String> = lines.trim_end_matches('\n').split('\n').map(|line| format!("    {line}")).collect();
    vec![Node::Text(lines.join("\n"))]
}

/// A link, or the way it was written where it would lead somewhere unsafe or elsewhere than it says.
fn linked(kind: Option<Kind>, value: String, nodes: Vec<Node>, [before, behind, title]: [String; 3]) -> Vec<Node> {
    let text = text_of(&nodes);
    let says_otherwise =
        links::starting_at(&text, 0) == Some(text.len()) && host(&links::target(&text)) != host(&value);
    if !is_safe(&value) || says_otherwise || kind.is_none() {
        return [vec![Node::Text(before)], nodes, vec![Node::Text(behind)]].concat();
    }
    let link = match text {
        text if text.is_empty() => Node::part(Kind::Link, "", vec![Node::Text(value)]),
        text if text == value => Node::part(Kind::Link, "", vec![Node::Text(text)]),
        _ => Node::part(Kind::Link, value, nodes),
    };
    if title.is_empty() { vec![link] } else { vec![link, Node::Text(title)] }
}

/// Where an address leads, to tell one from another.
fn host(address: &str) -> String {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase()
}
