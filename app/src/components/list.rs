//! Lists that change: what stays keeps its element, untouched, so that a selection, the focus and the scroll position in
//! it stay too. One code path for all lists of the page (Leptos's `For` is made anew for every list, moves elements that
//! could stay when both ends change, and remembers every row that there ever was).

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Node, Placeholder};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};
use leptos::wasm_bindgen::JsCast;

use crate::chat::Chat;
use crate::tree::Undrawn;

/// What makes a line the same line as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// By a few numbers: for lists that are long, or change often.
    Numbers([u64; 4]),
    /// By a text.
    Text(String),
}

/// A view that follows its items.
pub type Listed = Box<dyn FnMut() -> List + Send>;

/// Draws each item once, as long as its key stays among them.
pub fn list<Item: Send + 'static, View: IntoView + 'static>(
    each: impl Fn() -> Vec<Item> + Send + 'static,
    key: fn(&Item) -> Key,
    draw: impl Fn(Item) -> View + Send + Sync + 'static,
) -> Listed {
    let chat = Chat::here();
    let draw: Draw<Item> = Arc::new(move |item| Box::new(draw(item).into_view()));
    Box::new(move || {
        let line = |item| {
            let (key, draw) = (key(&item), Arc::clone(&draw));
            let view: ToDraw = Box::new(move || draw(item));
            Line { key, view }
        };
        List { chat, lines: each().into_iter().map(line).collect() }
    })
}

type Draw<Item> = Arc<dyn Fn(Item) -> Box<dyn Undrawn> + Send + Sync>;
type ToDraw = Box<dyn FnOnce() -> Box<dyn Undrawn> + Send>;

/// The lines of a list, not drawn yet.
pub struct List {
    chat: Chat,
    lines: Vec<Line<ToDraw>>,
}

/// A line under its key.
struct Line<View> {
    key: Key,
    view: View,
}

/// A line on the page.
struct Drawn {
    view: Box<dyn Mountable>,
    /// Dropped with the line, and all signals of the line with it.
    _owner: Owner,
}

/// A list on the page.
pub struct ListState {
    lines: Vec<Line<Drawn>>,
    /// Stands behind the last line.
    marker: Placeholder,
}

impl Render for List {
    type State = ListState;

    fn build(self) -> Self::State {
        let draw = |Line { key, view }| Line { key, view: Drawn::new(self.chat, view, |view| view.build()) };
        let lines = self.lines.into_iter().map(draw).collect();
        ListState { lines, marker: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut before: Vec<Option<Line<Drawn>>> = state.lines.drain(..).map(Some).collect();
        let mut at = 0;
        let mut places = Vec::with_capacity(self.lines.len());
        for Line { key, view } in self.lines {
            // What stays mostly stands right behind what stayed before it.
            let is_it = |at: &usize| before[*at].as_ref().is_some_and(|line| line.key == key);
            let known = (at..before.len()).chain(0..at).find(is_it);
            places.push(known);
            let line = known.and_then(|known| {
                at = known + 1;
                before[known].take()
            });
            let draw = || Line { key, view: Drawn::new(self.chat, view, |view| view.build()) };
            state.lines.push(line.unwrap_or_else(draw));
        }
        before.into_iter().flatten().for_each(|mut gone| gone.view.view.unmount());
        state.put_in_order(&places);
    }
}

impl Drawn {
    /// What a line owns lives as long as the line. Its owner has no parent, because parents remember all the children
    /// that they ever had.
    fn new(chat: Chat, view: ToDraw, put: impl FnOnce(Box<dyn Undrawn>) -> Box<dyn Mountable>) -> Self {
        let around = Owner::current();
        let owner = Owner::new_root(Owner::current_shared_context());
        if let Some(around) = around {
            around.set();
        }
        let view = owner.with(|| {
            provide_context(chat);
            // What a line looks at is its own; it doesn't draw the list again.
            untrack(|| put(view()))
        });
        Self { view, _owner: owner }
    }
}

impl ListState {
    /// Mounts what is new and moves what has changed its place, from the last line to the first.
    fn put_in_order(&mut self, places: &[Option<usize>]) {
        let Some(parent) = Rndr::get_parent(self.marker.as_ref()).and_then(|parent| parent.dyn_into::<Element>().ok())
        else {
            return;
        };
        let mut next_place = usize::MAX;
        for (at, place) in places.iter().enumerate().rev() {
            match place {
                Some(place) if *place < next_place => next_place = *place,
                _ => {
                    let (lines, behind) = self.lines.split_at_mut(at + 1);
                    let view = &mut *lines[at].view.view;
                    if !behind.first().is_some_and(|next| next.view.view.insert_before_this(view)) {
                        view.mount(&parent, Some(self.marker.as_ref()));
                    }
                }
            }
        }
    }
}

impl Mountable for ListState {
    fn unmount(&mut self) {
        self.lines.iter_mut().for_each(|line| line.view.view.unmount());
        self.marker.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.lines.iter_mut().for_each(|line| line.view.view.mount(parent, marker));
        self.marker.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let first = self.lines.first();
        first.is_some_and(|line| line.view.view.insert_before_this(child)) || self.marker.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.lines.iter().flat_map(|line| line.view.view.elements()).collect()
    }
}

impl RenderHtml for List {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    #[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "nobody asks for it"))]
    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        mark_branches: bool,
        _extra_attributes: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        for line in self.lines {
            (line.view)().to_html(html, position, mark_branches);
            *position = Position::NextChild;
        }
        html.push_str("<!>");
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        let hydrate =
            |Line { key, view }| Line { key, view: Drawn::new(self.chat, view, |view| view.hydrate(cursor, position)) };
        let lines = self.lines.into_iter().map(hydrate).collect();
        let marker = cursor.next_placeholder(position);
        position.set(Position::NextChild);
        ListState { lines, marker }
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Lists have no element of their own that an attribute could go to.
impl AddAnyAttr for List {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _attribute: New) -> Self::Output<New>
    where
        Self::Output<New>: RenderHtml,
    {
        self
    }
}
