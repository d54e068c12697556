//! A person's initials on a hue of their own.

use leptos::prelude::*;

use crate::member::Member;

/// Decoration beside a name; hidden from screen readers.
#[component]
pub fn Avatar(
    /// Whose.
    member: Member,
) -> impl IntoView {
    view! {
        <span class="avatar" aria-hidden="true" style=format!("--hue:{}", member.id.hue())>
            {member.name.initials()}
        </span>
    }
}
