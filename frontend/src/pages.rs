//! The newest page of each room, kept in IndexedDB: a room that this tab has not loaded is on the screen at once, and the
//! server is asked only for what came after. Written off the hot path, together, and not for ever.

use std::cell::RefCell;
use std::time::Duration;

use app::chat::Chat;
use app::kept::kept;
use app::protocol::ServerFrame;
use app::room::Slug;
use app::talk::Standing;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::storage::Shelf;
use crate::{browser, json};

/// How many rooms' pages are kept: those that were used last.
const MAX_PAGES: usize = 50;
/// A page of more bytes is not worth keeping.
const MAX_BYTES: usize = 256 * 1024;
/// What changes meanwhile is written together.
const REST: Duration = Duration::from_secs(1);

thread_local! {
    static PAGES: RefCell<Pages> = RefCell::default();
}

#[derive(Default)]
struct Pages {
    shelf: Option<Shelf>,
    kept: Vec<Kept>,
    changed: Vec<Slug>,
}

/// A page as it lies on the shelf: the room, whose store and person it belongs to, when it was used, and its frame.
struct Kept {
    slug: String,
    owner: String,
    used_ms: f64,
    text: JsValue,
}

/// Takes the pages of this person and store from the shelf, and throws all others away.
pub(crate) async fn load(chat: Chat) {
    let Some(shelf) = Shelf::open("madang-pages", || PAGES.with_borrow_mut(|pages| pages.shelf = None)).await else {
        return;
    };
    let Some(entries) = shelf.all().await else { return };
    let kept: Vec<Kept> = entries.iter().filter_map(Kept::read).collect();
    let owner = owner(chat);
    PAGES.with_borrow_mut(|pages| {
        for page in kept {
            if page.owner == owner {
                pages.kept.push(page);
            } else {
                shelf.remove(&page.slug);
            }
        }
        pages.shelf = Some(shelf);
    });
}

/// The page of a room, if there is one.
pub(crate) fn recall(chat: Chat, slug: &Slug) -> Option<ServerFrame> {
    let owner = owner(chat);
    let text = PAGES.with_borrow(|pages| {
        let page = pages.kept.iter().find(|page| page.slug == slug.as_str() && page.owner == owner)?;
        page.text.as_string()
    });
    json::decode(&text?)
}

/// Something happened in a room: its page is written soon.
pub(crate) fn changed(chat: Chat, slug: Slug) {
    PAGES.with_borrow_mut(|pages| {
        if pages.changed.is_empty() {
            browser::later(REST, Box::new(move || write(chat)));
        }
        if !pages.changed.contains(&slug) {
            pages.changed.push(slug);
        }
    });
}

/// Writes what has changed.
pub(crate) fn write(chat: Chat) {
    PAGES.with_borrow_mut(|pages| {
        for slug in std::mem::take(&mut pages.changed) {
            if chat.talk(&slug).standing.get_untracked() == Standing::Unknown {
                pages.throw_away(&slug);
            } else if let Some(text) =
                chat.newest_page(&slug).and_then(|page| kept(&page)).filter(|text| text.len() <= MAX_BYTES)
            {
                pages.keep(Kept {
                    slug: slug.into(),
                    owner: owner(chat),
                    used_ms: browser::now_ms() as f64,
                    text: text.into(),
                });
            }
        }
    });
}

/// The places in them can't be served: they are of no use.
pub(crate) fn forget() {
    PAGES.with_borrow_mut(|pages| pages.kept.clear());
}

impl Pages {
    /// The room is not there, or not for this person any more.
    fn throw_away(&mut self, slug: &Slug) {
        self.shelf.iter().for_each(|shelf| shelf.remove(slug.as_str()));
        self.kept.retain(|page| page.slug != slug.as_str());
    }

    fn keep(&mut self, page: Kept) {
        let Some(shelf) = &self.shelf else { return };
        shelf.put(&page.slug, &page.entry());
        self.kept.retain(|other| other.slug != page.slug);
        self.kept.push(page);
        if self.kept.len() > MAX_PAGES {
            let oldest = (0..self.kept.len()).min_by(|a, b| self.kept[*a].used_ms.total_cmp(&self.kept[*b].used_ms));
            shelf.remove(&self.kept.swap_remove(oldest.unwrap_or_default()).slug);
        }
    }
}

impl Kept {
    fn read(entry: JsValue) -> Option<Self> {
        let entry: Array = entry.dyn_into().ok()?;
        Some(Self {
            slug: entry.get(0).as_string()?,
            owner: entry.get(1).as_string()?,
            used_ms: entry.get(2).as_f64()?,
            text: entry.get(3),
        })
    }

    fn entry(&self) -> Array {
        Array::of4(&self.slug.as_str().into(), &self.owner.as_str().into(), &self.used_ms.into(), &self.text)
    }
}

/// Whose a page is: numbers mean something in one life of the store, and what one person read is not another one's.
fn owner(chat: Chat) -> String {
    format!("{} {}", chat.epoch(), chat.my_id().map_or(0, |me| me.0))
}
