//! IndexedDB as a shelf of values under text keys. Reading waits for the browser; writing doesn't: what is put first is
//! there first. A browser may refuse (a private window, a full disk, a policy), at once or later.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

/// The one object store in each database.
const VALUES: &str = "values";

/// A database of its own.
#[derive(Clone)]
pub(crate) struct Shelf(IdbDatabase);

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
        Some(Self(database))
    }

    /// All values in the order of their keys.
    pub(crate) async fn all(&self) -> Option<Array> {
        let request = self.values(IdbTransactionMode::Readonly)?.get_all().ok()?;
        Some(done(&request).await?.unchecked_into())
    }

    /// Puts a value there, in the place of the one that is there.
    pub(crate) fn put(&self, key: &str, value: &JsValue) {
        self.write(|values| values.put_with_key(value, &key.into()));
    }

    /// Takes a value away, if there is one.
    pub(crate) fn remove(&self, key: &str) {
        self.write(|values| values.delete(&key.into()));
    }

    fn write(&self, write: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>) {
        if let Some(values) = self.values(IdbTransactionMode::Readwrite)
            && write(&values).is_ok()
        {
            // Else it would be undone if the page went away before the browser had answered.
            #[expect(deprecated, reason = "the bindings say so; the standard and the browsers don't")]
            let _ = values.transaction().commit();
        }
    }

    fn values(&self, mode: IdbTransactionMode) -> Option<IdbObjectStore> {
        self.0.transaction_with_str_and_mode(VALUES, mode).ok()?.object_store(VALUES).ok()
    }
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
