//! Streams of the browser as streams of Rust, as far as Leptos names them for server functions. Reading works; a request
//! whose body is a stream is of no use here and is empty.

use futures_util::Stream;
use futures_util::stream::unfold;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

/// A stream that the browser has made.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// One that the browser has made.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// A request's body: empty.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        Self(web_sys::ReadableStream::new().expect("every browser that runs wasm has streams"))
    }

    /// The browser's own.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Its chunks, until the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        let reader: ReadableStreamDefaultReader = self.0.get_reader().unchecked_into();
        unfold(Some(reader), async |reader| {
            let reader = reader?;
            match read(reader.read()).await {
                Ok(chunk) => Some((Ok(chunk?), Some(reader))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

/// A chunk, or `None` at the end.
async fn read(chunk: Promise) -> Result<Option<JsValue>, JsValue> {
    let chunk = JsFuture::from(chunk).await?;
    let is_done = Reflect::get(&chunk, &"done".into())?.is_truthy();
    if is_done { Ok(None) } else { Reflect::get(&chunk, &"value".into()).map(Some) }
}
