//! Streams of the browser as server_fn asks for them. This page calls no server function, so there is never one: what is made
//! here is empty. The real crate gives JavaScript three classes, which no optimisation may take away.

use futures_util::Stream;
use futures_util::stream;
use wasm_bindgen::{JsCast, JsValue};

/// A stream with nothing in it.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Takes the browser's.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Takes one of Rust's, and drops it.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        Self(JsValue::UNDEFINED.unchecked_into())
    }

    /// As the browser's.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// As one of Rust's.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> + Unpin + 'static {
        stream::empty()
    }
}
