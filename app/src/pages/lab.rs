//! lab
use leptos::prelude::*;
/// Lab.
#[component]
pub fn Lab() -> impl IntoView {
    view! { <p>"lab"</p> }
}
