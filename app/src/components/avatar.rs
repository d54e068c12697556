//! A person's initials on a hue of their own.

use crate::member::Member;
use crate::tree::{El, el};

/// Decoration beside a name; hidden from screen readers.
pub fn avatar(member: &Member) -> El {
    let hue = format!("--hue:{}", member.id.hue());
    el("span").class("avatar").attr("aria-hidden", "true").attr("style", hue).child(member.name.initials())
}
