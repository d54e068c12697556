//! IndexedDB as a shelf of values under text keys. Reading waits for the browser; writing doesn't: what is put first is
//! there first. A browser may refuse (a private window, a full disk, a policy), at once or later. What happens before it has
//! opened the database has a shelf of its own, in the tab.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode, Storage};

/// The one object store in each database.
const VALUES: &str = "values";

/// Values under text keys.
#[derive(Clone)]
pub(crate) enum Shelf {
    /// In a database of its own.
    Database(IdbDatabase),
    /// In the tab, for texts: there at once, and after a reload; under keys that begin with the shelf's name.
    Tab(Storage, String),
}

impl Shelf {
    /// Opens it, or makes it; `None` when the browser has none to give. `lost` is called when a write fails later on.
    pub(crate) async fn open(name: &str, lost: impl FnMut() + 'static) -> Option<Self> {
        let request = web_sys::window()?.indexed_db().ok()??.open_with_u32(name, 1).ok()?;
        let new = request.clone();
        let furnish = Closure::<dyn FnMut()>::new(move || {
            let database: Option<IdbDatabase> = new.result().ok().map(JsCast::unchecked_into);
            let _ = database.map(|database| database.create_object_store(VALUES));
        });
        request.set_onupgradeneeded(Some(furnish.as_ref().unchecked_ref()));
        let database: IdbDatabase = done(&request).await?.unchecked_into();
        let lost = Closure::<dyn FnMut()>::new(lost);
        // What a transaction's failure does to it bubbles up to here.
        database.set_onabort(Some(lost.as_ref().unchecked_ref()));
        database.set_onclose(Some(lost.as_ref().unchecked_ref()));
        // It listens as long as the page lives.
        lost.forget();
        Some(Self::Database(database))
    }

    /// The tab's, if the browser gives it one.
    pub(crate) fn in_tab(name: &str) -> Option<Self> {
        Some(Self::Tab(web_sys::window()?.session_storage().ok()??, format!("{name} ")))
    }

    /// All values in the order of their keys.
    pub(crate) async fn all(&self) -> Option<Array> {
        match self {
            Self::Database(database) => {
                let request = values(database, IdbTransactionMode::Readonly)?.get_all().ok()?;
                Some(done(&request).await?.unchecked_into())
            }
            Self::Tab(storage, name) => {
                let texts = Array::new();
                for key in keys(storage, name) {
                    texts.push(&storage.get_item(&key).ok()?.into());
                }
                Some(texts)
            }
        }
    }

    /// Puts a value there, in the place of the one that is there.
    pub(crate) fn put(&self, key: &str, value: &JsValue) {
        match self {
            Self::Database(database) => write(database, |values| values.put_with_key(value, &key.into())),
            Self::Tab(storage, name) => {
                let _ = storage.set_item(&format!("{name}{key}"), &value.as_string().unwrap_or_default());
            }
        }
    }

    /// Takes a value away, if there is one.
    pub(crate) fn remove(&self, key: &str) {
        match self {
            Self::Database(database) => write(database, |values| values.delete(&key.into())),
            Self::Tab(storage, name) => drop(storage.remove_item(&format!("{name}{key}"))),
        }
    }

    /// Takes away what stands in the tab: it lies elsewhere now.
    pub(crate) fn clear_tab(&self) {
        if let Self::Tab(storage, name) = self {
            keys(storage, name).for_each(|key| drop(storage.remove_item(&key)));
        }
    }
}

/// The keys of a shelf in the tab, in their order.
fn keys(storage: &Storage, name: &str) -> impl Iterator<Item = String> {
    Object::keys(storage).sort().into_iter().filter_map(|key| key.as_string()).filter(move |key| key.starts_with(name))
}

fn write(database: &IdbDatabase, write: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>) {
    if let Some(values) = values(database, IdbTransactionMode::Readwrite)
        && write(&values).is_ok()
    {
        // Else it would be undone if the page went away before the browser had answered.
        #[expect(deprecated, reason = "the bindings say so; the standard and the browsers don't")]
        let _ = values.transaction().commit();
    }
}

fn values(database: &IdbDatabase, mode: IdbTransactionMode) -> Option<IdbObjectStore> {
    database.transaction_with_str_and_mode(VALUES, mode).ok()?.object_store(VALUES).ok()
}

/// Waits for what a request brings; `None` when it failed.
async fn done(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.ok()?;
    request.result().ok()
}
