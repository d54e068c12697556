//! What the page is made of: a tree of plain values. Leptos makes a type of every view and compiles it anew, with all that
//! can be done to it; here one function draws every element, takes it over from the server, or writes it as HTML.
//!
//! [`el`] makes an element, [`shown`] a part that is drawn again when what it looked at has changed; what draws itself is
//! [`Own`]. On the server a [`Node`] stands in `view!` wherever a view may stand. What the server writes is what Leptos
//! would write: `<!>` between two texts, a space for a text that is still empty; behind a part that changes stands `<!>`.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::owner::Owner;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Position, PositionState};
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node as DomNode};

use crate::live::{Again, Flag, Live, Text};

/// An element without anything on it or in it.
pub fn el(tag: &'static str) -> El {
    El(Box::new(Parts { tag, values: Vec::new(), doings: Vec::new(), spots: Vec::new(), children: Vec::new() }))
}

/// What is drawn from something, and drawn again in the place of what stood there when that was told of anew. What has the
/// focus, or is being composed, inside it is lost then. Only `look` follows what it reads.
pub fn shown<T, N: Into<Node>>(
    mut look: impl FnMut() -> T + Send + 'static,
    mut draw: impl FnMut(T) -> N + Send + 'static,
) -> Node {
    Node::Shown(Box::new(move || {
        let of = look();
        untrack(|| draw(of).into())
    }))
}

/// A piece of the page, not drawn yet.
pub enum Node {
    /// A text; an empty one is nothing.
    Text(String),
    /// A text that follows what it is read from.
    Said(Text),
    /// An element.
    El(El),
    /// Several, side by side; or nothing.
    Many(Vec<Node>),
    /// What is drawn again whenever it changes.
    Shown(Drawing),
    /// What draws itself.
    Own(Box<dyn Own>),
}

/// How a part is drawn again.
type Drawing = Box<dyn Again<Node> + Send>;

/// A piece that draws itself.
pub trait Own: Send {
    /// Draws it, or takes over what the server has drawn.
    fn draw(self: Box<Self>, walk: Option<&Walk>) -> Box<dyn Placed>;
    /// Writes it as HTML. In the browser nobody asks for it, but a trait object would keep the code for it.
    #[cfg(feature = "ssr")]
    fn write(self: Box<Self>, html: &mut String, position: &mut Position);
}

/// What has drawn itself, and can be put elsewhere on the page or taken off it. (Leptos's `Mountable` asks for more.)
pub trait Placed {
    /// Takes it off the page.
    fn unmount(&mut self);
    /// Puts it into an element: in front of a node of it, or at its end.
    fn mount(&mut self, parent: &Element, before: Option<&DomNode>);
    /// Puts something in front of it; whether there was a place for that.
    fn insert_before_this(&self, child: &mut Drawn) -> bool;
}

/// An element with what is on it and in it.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    values: Vec<(Kind, &'static str, Value)>,
    doings: Vec<(&'static str, Doing)>,
    spots: Vec<Live<Option<Element>>>,
    children: Vec<Node>,
}

type Doing = Box<dyn Act + Send>;

/// What is done at an event ([`Again`] says why it is no `FnMut`).
trait Act {
    fn act(&mut self, event: Event);
}

impl<F: FnMut(Event)> Act for F {
    fn act(&mut self, event: Event) {
        self(event);
    }
}

/// What a value is to its node.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Attribute,
    Class,
    Property,
}

/// What stands in an attribute. It is absent where it is not so, or nothing.
pub enum Value {
    /// Nothing.
    Absent,
    /// A word of ours.
    Word(&'static str),
    /// Any text.
    Text(String),
    /// There or not.
    Is(bool),
    /// A text that follows what it is read from.
    Said(Text),
    /// There or not, as long as it is so.
    Whether(Flag),
}

impl El {
    /// Sets an attribute.
    pub fn attr(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.values.push((Kind::Attribute, name, value.into()));
        self
    }

    /// Sets its classes.
    pub fn class(self, names: &'static str) -> Self {
        self.attr("class", names)
    }

    /// Gives it a class where, or as long as, something is so.
    pub fn class_if(mut self, name: &'static str, is_so: impl Into<Value>) -> Self {
        self.0.values.push((Kind::Class, name, is_so.into()));
        self
    }

    /// Keeps what a field holds at this; people may write over it.
    pub fn holding(mut self, value: Text) -> Self {
        self.0.values.push((Kind::Property, "value", Value::Said(value)));
        self
    }

    /// Keeps a box ticked as long as something is so.
    pub fn ticked(mut self, is_so: Flag) -> Self {
        self.0.values.push((Kind::Property, "checked", Value::Whether(is_so)));
        self
    }

    /// Does something at an event, whatever the event says.
    pub fn on(self, event: &'static str, mut act: impl FnMut() + Send + 'static) -> Self {
        self.does(event, Box::new(move |_: Event| act()))
    }

    /// Does something with an event.
    pub fn heard<E: JsCast>(self, event: &'static str, mut act: impl FnMut(E) + Send + 'static) -> Self {
        self.does(event, Box::new(move |event: Event| act(event.unchecked_into())))
    }

    fn does(mut self, event: &'static str, act: Doing) -> Self {
        self.0.doings.push((event, act));
        self
    }

    /// Lets this know the element once it is on the page.
    pub fn known_by<E>(mut self, spot: Spot<E>) -> Self {
        self.0.spots.push(spot.held);
        self
    }

    /// Puts something into it, behind what is there.
    pub fn child(mut self, child: impl Into<Node>) -> Self {
        self.0.children.push(child.into());
        self
    }
}

/// Where an element is found once it is on the page. (Leptos's `NodeRef` is compiled anew for each kind of element.)
pub struct Spot<E> {
    held: Live<Option<Element>>,
    of: PhantomData<fn() -> E>,
}

impl<E: JsCast> Spot<E> {
    /// For an element that is not there yet.
    pub fn new() -> Self {
        Self { held: Live::new(None), of: PhantomData }
    }

    /// The element; whoever asks is told when it is there.
    pub fn get(self) -> Option<E> {
        self.held.with(Self::found)
    }

    /// The element as of now.
    pub fn get_untracked(self) -> Option<E> {
        self.held.with_untracked(Self::found)
    }

    /// The same, unless the part of the page with it is gone already.
    pub fn try_get_untracked(self) -> Option<E> {
        self.held.try_with_untracked(Self::found).flatten()
    }

    fn found(held: &Option<Element>) -> Option<E> {
        held.clone().map(JsCast::unchecked_into)
    }
}

impl<E: JsCast> Default for Spot<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for Spot<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Spot<E> {}

// --- on the server ---

impl Node {
    /// Writes it as HTML.
    pub fn write(self, html: &mut String, position: &mut Position) {
        match self {
            Self::Text(text) if text.is_empty() => {}
            Self::Text(text) => write_text(html, position, &text),
            Self::Said(text) => write_text(html, position, &text.get_untracked()),
            Self::El(element) => element.write(html, position),
            Self::Many(nodes) => nodes.into_iter().for_each(|node| node.write(html, position)),
            Self::Shown(mut draw) => {
                draw.again().write(html, position);
                write_marker(html, position);
            }
            #[cfg(feature = "ssr")]
            Self::Own(own) => own.write(html, position),
            #[cfg(not(feature = "ssr"))]
            Self::Own(_) => {}
        }
    }
}

impl El {
    fn write(self, html: &mut String, position: &mut Position) {
        let Parts { tag, values, children, .. } = *self.0;
        html.push('<');
        html.push_str(tag);
        let mut classes = String::new();
        for (kind, name, value) in values {
            match (kind, value.read()) {
                (Kind::Attribute, Some(value)) if name == "class" => classes = format!("{value} {classes}"),
                (Kind::Attribute, Some(value)) => write_attribute(html, name, &value),
                (Kind::Class, Some(_)) => classes = format!("{classes}{name} "),
                _ => {}
            }
        }
        if !classes.trim_end().is_empty() {
            write_attribute(html, "class", classes.trim_end());
        }
        html.push('>');
        if !is_void(tag) {
            // A browser takes the first line break in it for none.
            if tag == "textarea" {
                html.push('\n');
            }
            *position = Position::FirstChild;
            children.into_iter().for_each(|child| child.write(html, position));
            html.push_str("</");
            html.push_str(tag);
            html.push('>');
        }
        *position = Position::NextChild;
    }
}

/// Writes a text so that it means itself in HTML, between elements and in the value of an attribute.
pub fn write_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
}

/// Writes an attribute.
pub fn write_attribute(html: &mut String, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    if !value.is_empty() {
        html.push_str("=\"");
        write_escaped(html, value);
        html.push('"');
    }
}

fn write_text(html: &mut String, position: &mut Position, text: &str) {
    if *position == Position::NextChildAfterText {
        html.push_str("<!>");
    }
    // Else there would be no text to take over.
    write_escaped(html, if text.is_empty() { " " } else { text });
    *position = Position::NextChildAfterText;
}

/// Writes what stands behind a part that changes.
pub fn write_marker(html: &mut String, position: &mut Position) {
    html.push_str("<!>");
    *position = Position::NextChild;
}

/// Whether an element has nothing in it, and no end (HTML, section 13.1.2).
pub fn is_void(tag: &str) -> bool {
    matches!(tag, "br" | "hr" | "img" | "input" | "link" | "meta" | "source" | "wbr")
}

/// Whether browsers keep only a text in an element, where there are scripts.
fn holds_only_text(tag: &str) -> bool {
    matches!(tag, "noscript" | "textarea" | "title")
}

// --- in the browser ---

/// What is on the page, and what lives as long as it is there.
pub enum Drawn {
    /// An element or a text, with all that is in it and follows it.
    Node(DomNode, Vec<Drawn>),
    /// Several, side by side.
    Many(Vec<Drawn>),
    /// What is drawn again in front of its marker.
    Shown(Rc<RefCell<Drawn>>, DomNode, RenderEffect<()>),
    /// What draws itself.
    Own(Box<dyn Placed>),
    /// What follows a value.
    Follows(RenderEffect<()>),
    /// What is done at an event of an element.
    Heard(Element, &'static str, Closure<dyn FnMut(Event)>),
}

/// Where one is in what the server has drawn.
#[derive(Clone)]
pub struct Walk {
    cursor: Cursor,
    position: PositionState,
}

impl Walk {
    fn text(&self) -> DomNode {
        let is_behind_text = self.position.get() == Position::NextChildAfterText;
        self.step(Position::NextChildAfterText);
        if is_behind_text {
            self.cursor.sibling();
        }
        self.cursor.current()
    }

    fn step(&self, next: Position) -> DomNode {
        match self.position.get() {
            Position::FirstChild => self.cursor.child(),
            Position::Current => {}
            _ => self.cursor.sibling(),
        }
        self.position.set(next);
        self.cursor.current()
    }

    /// On behind an element, from inside it.
    fn leave(&self, element: &DomNode) {
        self.cursor.set(element.clone());
        self.position.set(Position::NextChild);
    }
}

impl Node {
    /// Draws it, or takes over what the server has drawn.
    pub fn draw(self, walk: Option<&Walk>) -> Drawn {
        match self {
            Self::Text(text) if text.is_empty() => Drawn::Many(Vec::new()),
            Self::Text(text) => Drawn::Node(text_node(walk, &text), Vec::new()),
            Self::Said(text) => {
                let node = text_node(walk, "");
                let follows = follow(&node, Kind::Text, "", Value::Said(text), walk.is_some());
                Drawn::Node(node, vec![follows])
            }
            Self::El(element) => element.draw(walk),
            Self::Many(nodes) => Drawn::Many(nodes.into_iter().map(|node| node.draw(walk)).collect()),
            Self::Shown(draw) => show(draw, walk),
            Self::Own(own) => Drawn::Own(own.draw(walk)),
        }
    }
}

impl El {
    fn draw(self, walk: Option<&Walk>) -> Drawn {
        let Parts { tag, values, doings, spots, children } = *self.0;
        let element = match walk {
            Some(walk) => {
                walk.step(Position::FirstChild).dyn_into().unwrap_or_else(|_| panic!("the page has no <{tag}>"))
            }
            None => Rndr::create_element(tag, None),
        };
        let node: &DomNode = &element;
        let mut drawn = Vec::new();
        for (kind, name, value) in values {
            // Properties are not in the HTML.
            let is_there = walk.is_some() && kind != Kind::Property;
            if matches!(value, Value::Said(_) | Value::Whether(_)) {
                drawn.push(follow(node, kind, name, value, is_there));
            } else if let (false, Some(value)) = (is_there, value.read()) {
                put(node, kind, name, Some(&value));
            }
        }
        spots.into_iter().for_each(|spot| spot.set(Some(element.clone())));
        drawn.extend(doings.into_iter().map(|(event, act)| hear(&element, event, act)));
        if walk.is_none() || !holds_only_text(tag) {
            for child in children {
                let mut child = child.draw(walk);
                if walk.is_none() {
                    child.mount(&element, None);
                }
                drawn.push(child);
            }
        }
        if let Some(walk) = walk {
            walk.leave(node);
        }
        Drawn::Node(element.into(), drawn)
    }
}

fn text_node(walk: Option<&Walk>, text: &str) -> DomNode {
    walk.map_or_else(|| Rndr::create_text_node(text).into(), Walk::text)
}

fn show(mut draw: Drawing, walk: Option<&Walk>) -> Drawn {
    // Only what is on the page holds it, so that it goes at once with that.
    let now = Rc::new(RefCell::new(Drawn::Many(Vec::new())));
    let place: Weak<RefCell<Drawn>> = Rc::downgrade(&now);
    let mut first = walk.cloned();
    let marker: Rc<RefCell<Option<DomNode>>> = Rc::default();
    let in_front_of = Rc::clone(&marker);
    let effect = RenderEffect::new(move |_| {
        let Some(place) = place.upgrade() else { return };
        let mut new = draw.again().draw(first.take().as_ref());
        if let Some(marker) = &*in_front_of.borrow() {
            if let Some(parent) = marker.parent_element() {
                new.mount(&parent, Some(marker));
            }
            place.borrow_mut().unmount();
        }
        place.replace(new);
    });
    let node = self::marker(walk);
    marker.replace(Some(node.clone()));
    Drawn::Shown(now, node, effect)
}

/// Takes over what the server has drawn inside an element, for as long as the page lives. (Leptos's own way brings along what
/// resources need.)
pub fn take_over(inside: Element, draw: impl FnOnce() -> Node) {
    let owner = Owner::new_root(None);
    let walk = Walk { cursor: Cursor::new(inside), position: PositionState::default() };
    let drawn = owner.with(|| draw().draw(Some(&walk)));
    std::mem::forget((owner, drawn));
}

/// Draws something into an element, in the place of what is there, for as long as what this gives is kept.
pub fn draw_into(inside: &Element, draw: impl FnOnce() -> Node) -> (Drawn, Owner) {
    let owner = Owner::new_root(None);
    inside.set_inner_html("");
    let mut drawn = owner.with(|| draw().draw(None));
    drawn.mount(inside, None);
    (drawn, owner)
}

/// What stands behind a part that changes.
pub fn marker(walk: Option<&Walk>) -> DomNode {
    walk.map_or_else(|| Rndr::create_placeholder().into(), |walk| walk.step(Position::NextChild))
}

/// Mounts something in front of a node; whether there was a place for it.
pub fn insert_before(node: &DomNode, child: &mut Drawn) -> bool {
    let parent = node.parent_element();
    parent.into_iter().map(|parent| child.mount(&parent, Some(node))).count() > 0
}

/// Puts a value there, and again whenever it has changed. What the server has put there is left as it is.
fn follow(node: &DomNode, kind: Kind, name: &'static str, value: Value, is_there: bool) -> Drawn {
    let (node, mut before, mut is_there) = (node.clone(), None, is_there);
    Drawn::Follows(RenderEffect::new(move |_| {
        let now = value.read();
        // What a field holds may have been written over.
        if !std::mem::take(&mut is_there) && (now != before || kind == Kind::Property) {
            put(&node, kind, name, now.as_deref());
        }
        before = now;
    }))
}

impl Value {
    fn read(&self) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Word(word) => Some((*word).to_owned()),
            Self::Text(text) => Some(text.clone()),
            Self::Is(is_so) => is_so.then(String::new),
            Self::Said(text) => Some(text.get()),
            Self::Whether(is_so) => is_so.get().then(String::new),
        }
    }
}

fn put(node: &DomNode, kind: Kind, name: &str, value: Option<&str>) {
    let element: &Element = node.unchecked_ref();
    match (kind, value) {
        (Kind::Text, text) => node.set_node_value(text),
        (Kind::Attribute, Some(value)) => Rndr::set_attribute(element, name, value),
        (Kind::Attribute, None) => Rndr::remove_attribute(element, name),
        (Kind::Class, is_so) => {
            let _ = element.class_list().toggle_with_force(name, is_so.is_some());
        }
        (Kind::Property, is_so) if name == "checked" => Rndr::set_property(element, name, &is_so.is_some().into()),
        (Kind::Property, value) => {
            Rndr::set_property_or_value(element, name, &JsValue::from(value.unwrap_or_default()));
        }
    }
}

fn hear(element: &Element, event: &'static str, mut act: Doing) -> Drawn {
    let owner = Owner::current().unwrap_or_default();
    let act = Closure::<dyn FnMut(Event)>::new(move |event| owner.with(|| act.act(event)));
    let _ = element.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    Drawn::Heard(element.clone(), event, act)
}

impl Drop for Drawn {
    fn drop(&mut self) {
        if let Self::Heard(element, event, act) = self {
            let _ = element.remove_event_listener_with_callback(event, act.as_ref().unchecked_ref());
        }
    }
}

impl Drawn {
    /// Takes it off the page.
    pub fn unmount(&mut self) {
        match self {
            Self::Node(node, _) => Rndr::remove(node),
            Self::Many(many) => many.iter_mut().for_each(Self::unmount),
            Self::Shown(now, marker, _) => {
                now.borrow_mut().unmount();
                Rndr::remove(marker);
            }
            Self::Own(view) => view.unmount(),
            Self::Follows(_) | Self::Heard(..) => {}
        }
    }

    /// Puts it into an element: in front of a node of it, or at its end.
    pub fn mount(&mut self, parent: &Element, marker: Option<&DomNode>) {
        match self {
            Self::Node(node, _) => Rndr::insert_node(parent, node, marker),
            Self::Many(many) => many.iter_mut().for_each(|one| one.mount(parent, marker)),
            Self::Shown(now, end, _) => {
                now.borrow_mut().mount(parent, marker);
                Rndr::insert_node(parent, end, marker);
            }
            Self::Own(view) => view.mount(parent, marker),
            Self::Follows(_) | Self::Heard(..) => {}
        }
    }

    /// Puts something in front of it; whether there was a place for that.
    pub fn insert_before_this(&self, child: &mut Self) -> bool {
        match self {
            Self::Node(node, _) => insert_before(node, child),
            Self::Many(many) => many.iter().any(|one| one.insert_before_this(child)),
            Self::Shown(now, marker, _) => now.borrow().insert_before_this(child) || insert_before(marker, child),
            Self::Own(view) => view.insert_before_this(child),
            Self::Follows(_) | Self::Heard(..) => false,
        }
    }
}

// --- in Leptos, which only writes it: in the browser it is taken over, or drawn, by what stands above ---

impl Render for Node {
    type State = ();

    fn build(self) {}

    fn rebuild(self, (): &mut ()) {}
}

impl RenderHtml for Node {
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
        self.write(html, position);
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) {}

    fn into_owned(self) -> Self {
        self
    }
}

/// Attributes are set where an element is made.
impl AddAnyAttr for Node {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _attribute: New) -> Self::Output<New>
    where
        Self::Output<New>: RenderHtml,
    {
        self
    }
}

// --- what stands for a node or a value ---

macro_rules! stand_for {
    ($for:ident: $($of:ty => $by:expr),* $(,)?) => {$(
        impl From<$of> for $for {
            fn from(of: $of) -> Self {
                let by: fn($of) -> Self = $by;
                by(of)
            }
        }
    )*};
}

stand_for!(Node:
    El => Node::El,
    &str => |text| Node::Text(text.to_owned()),
    String => Node::Text,
    Text => Node::Said,
    Vec<Node> => Node::Many,
);

stand_for!(Value:
    &'static str => Value::Word,
    String => Value::Text,
    bool => Value::Is,
    Text => Value::Said,
    Flag => Value::Whether,
);

impl<N: Into<Node>> From<Option<N>> for Node {
    fn from(node: Option<N>) -> Self {
        node.map_or_else(|| Self::Many(Vec::new()), Into::into)
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{flag, text};

    /// What the server writes.
    fn html(draw: impl FnOnce() -> Node) -> String {
        Owner::new().with(|| draw().to_html())
    }

    #[test]
    fn texts_and_values_mean_themselves() {
        let drawn = html(|| el("p").attr("title", "\"><script>".to_owned()).child("<b> & \"co\"".to_owned()).into());
        assert_eq!(drawn, "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &quot;co&quot;</p>");
    }

    #[test]
    fn attributes_are_there_when_they_are_so() {
        let field = || el("input").attr("required", true).attr("autofocus", false).attr("value", None::<String>);
        assert_eq!(html(|| field().into()), "<input required>");
        let button = || el("button").attr("hidden", flag(|| true)).attr("aria-pressed", text(|| "no".to_owned()));
        assert_eq!(html(|| button().into()), "<button hidden aria-pressed=\"no\"></button>");
    }

    #[test]
    fn classes_are_one_attribute() {
        let row =
            || el("p").class_if("mine", true).class("message").class_if("old", false).class_if("new", flag(|| true));
        assert_eq!(html(|| row().into()), "<p class=\"message mine new\"></p>");
        assert_eq!(html(|| el("p").class_if("mine", false).into()), "<p></p>");
    }

    #[test]
    fn what_is_only_in_the_browser_is_not_in_the_html() {
        let field = el("textarea").heard("input", |_: Event| {}).on("click", || {});
        assert_eq!(html(|| field.holding(text(|| "now".to_owned())).into()), "<textarea>\n</textarea>");
        assert_eq!(html(|| el("textarea").child("</textarea>").into()), "<textarea>\n&lt;/textarea&gt;</textarea>");
    }

    #[test]
    fn each_text_can_be_told_from_the_one_before_it() {
        let line = || el("p").child("a").child("").child(text(|| "b".to_owned())).child(el("b").child("c")).child("d");
        assert_eq!(html(|| line().into()), "<p>a<!>b<b>c</b>d</p>");
        assert_eq!(html(|| el("p").child(text(String::new)).into()), "<p> </p>");
    }

    #[test]
    fn what_changes_has_a_marker_behind_it_even_where_it_is_nothing() {
        let part = |is_so: bool| shown(move || is_so, |is_so| is_so.then(|| el("b").child("so")));
        assert_eq!(html(|| el("p").child(part(true)).child("!").into()), "<p><b>so</b><!>!</p>");
        assert_eq!(html(|| el("p").child("?").child(part(false)).child("!").into()), "<p>?<!>!</p>");
    }
}
