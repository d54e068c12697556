//! Lists that change: what stays keeps its element, untouched, so that a selection, the focus and the scroll position in
//! it stay too. One code path for all lists of the page (Leptos's `For` is made anew for every list, moves elements that
//! could stay when both ends change, and remembers every row that there ever was).

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::owner::Owner;
use leptos::tachys::renderer::Rndr;
#[cfg(feature = "ssr")]
use leptos::tachys::view::Position;
use web_sys::{Element, Node as DomNode};

use crate::chat::Chat;
use crate::live::Again;
use crate::tree::{self, Node, Own, Placed, Walk};

/// What makes a line the same line as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// By a few numbers: for lists that are long, or change often.
    Numbers([u64; 4]),
    /// By a text.
    Text(String),
}

/// Draws each item once, as long as its key stays among them.
pub fn list<Item: Send + 'static, View: Into<Node>>(
    each: impl Fn() -> Vec<Item> + Send + 'static,
    key: fn(&Item) -> Key,
    draw: impl Fn(Item) -> View + Send + Sync + 'static,
) -> Node {
    let draw = Arc::new(draw);
    let lines = move || {
        let line = |item| {
            let (key, draw) = (key(&item), Arc::clone(&draw));
            let view: ToDraw = Box::new(move || draw(item).into());
            Line { key, view }
        };
        each().into_iter().map(line).collect()
    };
    Node::Own(Box::new(List { chat: Chat::here(), lines: Box::new(lines) }))
}

type ToDraw = Box<dyn FnOnce() -> Node>;

/// A list whose lines are not drawn yet, and what finds them.
struct List {
    chat: Chat,
    lines: Box<dyn Again<Vec<Line<ToDraw>>> + Send>,
}

/// A line under its key.
struct Line<View> {
    key: Key,
    view: View,
}

/// A line on the page.
struct Drawn {
    view: tree::Drawn,
    /// Dropped with the line, and all signals of the line with it.
    _owner: Owner,
}

/// The lines that are on the page.
struct Lines {
    chat: Chat,
    lines: Vec<Line<Drawn>>,
    /// Stands behind the last line; it is known once the first ones are drawn.
    marker: Option<DomNode>,
}

/// A list on the page, and what keeps it as it should be.
struct Listed(Rc<RefCell<Lines>>, #[expect(dead_code, reason = "lives as long as the list")] RenderEffect<()>);

impl Own for List {
    fn draw(mut self: Box<Self>, walk: Option<&Walk>) -> Box<dyn Placed> {
        let lines = Rc::new(RefCell::new(Lines { chat: self.chat, lines: Vec::new(), marker: None }));
        let place: Weak<RefCell<Lines>> = Rc::downgrade(&lines);
        let mut first = walk.cloned();
        let follows = RenderEffect::new(move |_| {
            if let Some(lines) = place.upgrade() {
                lines.borrow_mut().become_these(self.lines.again(), first.take().as_ref());
            }
        });
        lines.borrow_mut().marker = Some(tree::marker(walk));
        Box::new(Listed(lines, follows))
    }

    #[cfg(feature = "ssr")]
    fn write(mut self: Box<Self>, html: &mut String, position: &mut Position) {
        for line in self.lines.again() {
            (line.view)().write(html, position);
        }
        tree::write_marker(html, position);
    }
}

impl Lines {
    /// Draws the lines that are new and lets go of those that are not among them any more.
    fn become_these(&mut self, new: Vec<Line<ToDraw>>, walk: Option<&Walk>) {
        let mut before: Vec<Option<Line<Drawn>>> = self.lines.drain(..).map(Some).collect();
        let mut at = 0;
        let mut places = Vec::with_capacity(new.len());
        for Line { key, view } in new {
            // What stays mostly stands right behind what stayed before it.
            let is_it = |at: &usize| before[*at].as_ref().is_some_and(|line| line.key == key);
            let known = (at..before.len()).chain(0..at).find(is_it);
            places.push(known);
            let line = known.and_then(|known| {
                at = known + 1;
                before[known].take()
            });
            let draw = || Line { key, view: Drawn::new(self.chat, view, walk) };
            self.lines.push(line.unwrap_or_else(draw));
        }
        before.into_iter().flatten().for_each(|mut gone| gone.view.view.unmount());
        self.put_in_order(&places);
    }

    /// Mounts what is new and moves what has changed its place, from the last line to the first.
    fn put_in_order(&mut self, places: &[Option<usize>]) {
        let Some((marker, parent)) = self.marker.as_ref().and_then(|marker| Some((marker, marker.parent_element()?)))
        else {
            return;
        };
        let mut next_place = usize::MAX;
        for (at, place) in places.iter().enumerate().rev() {
            match place {
                Some(place) if *place < next_place => next_place = *place,
                _ => {
                    let (lines, behind) = self.lines.split_at_mut(at + 1);
                    let view = &mut lines[at].view.view;
                    if !behind.first().is_some_and(|next| next.view.view.insert_before_this(view)) {
                        view.mount(&parent, Some(marker));
                    }
                }
            }
        }
    }
}

impl Drawn {
    /// What a line owns lives as long as the line. Its owner has no parent, because parents remember all the children
    /// that they ever had.
    fn new(chat: Chat, view: ToDraw, walk: Option<&Walk>) -> Self {
        let around = Owner::current();
        let owner = Owner::new_root(Owner::current_shared_context());
        if let Some(around) = around {
            around.set();
        }
        let view = owner.with(|| {
            provide_context(chat);
            // What a line looks at is its own; it doesn't draw the list again.
            untrack(|| view().draw(walk))
        });
        Self { view, _owner: owner }
    }
}

impl Placed for Listed {
    fn unmount(&mut self) {
        let mut lines = self.0.borrow_mut();
        lines.lines.iter_mut().for_each(|line| line.view.view.unmount());
        lines.marker.iter().for_each(Rndr::remove);
    }

    fn mount(&mut self, parent: &Element, before: Option<&DomNode>) {
        let mut lines = self.0.borrow_mut();
        lines.lines.iter_mut().for_each(|line| line.view.view.mount(parent, before));
        lines.marker.iter().for_each(|marker| Rndr::insert_node(parent, marker, before));
    }

    fn insert_before_this(&self, child: &mut tree::Drawn) -> bool {
        let lines = self.0.borrow();
        let first = lines.lines.first().is_some_and(|line| line.view.view.insert_before_this(child));
        first || lines.marker.as_ref().is_some_and(|marker| tree::insert_before(marker, child))
    }
}
