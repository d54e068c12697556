//! Values that change while they are on the page. A closure in a view is a type of its own, and each type brings its own
//! copy of the code that draws it; behind a signal they all share one. This keeps the wasm small.
//!
//! The same holds for the keys of lists: a list whose key is a `String` shares the code of its bookkeeping with the others.

use leptos::prelude::*;

/// A text that follows what it reads.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// A yes or no that follows what it reads: for `hidden` and classes.
pub fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(read)
}
