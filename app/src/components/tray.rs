//! The files above the message box: how far each has come, why one can't, and how to be rid of it.

use crate::chat::Chat;
use crate::components::list::{Key, list};
use crate::file::size;
use crate::live::{flag, text};
use crate::talk::Talk;
use crate::tray::{Item, Stands};
use crate::tree::{El, el};

/// The files that are chosen for a message.
pub fn tray(talk: Talk) -> El {
    let items = move || talk.tray.with(|tray| tray.items().to_vec());
    let each = list(items, |item| Key::Numbers([7, item.key, 0, 0]), move |item| attached(item, talk));
    let is_empty = flag(move || talk.tray.with(|tray| tray.items().is_empty()));
    el("ul").class("tray").attr("aria-label", Chat::here().words().attached).attr("hidden", is_empty).child(each)
}

fn attached(Item { key, name, bytes, .. }: Item, talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let stands = move || talk.tray.with(|tray| tray.item(key).map(|item| item.stands.clone()));
    // In hundredths: the style hides a bar that is full, and that of a file which can't come.
    let come = text(move || match stands() {
        Some(Stands::Coming(come)) => (99 * come / bytes.max(1)).to_string(),
        Some(Stands::Elsewhere(_)) => "0".to_owned(),
        _ => "100".to_owned(),
    });
    let note = text(move || match stands() {
        Some(Stands::Failed(why)) => chat.sentence(why),
        Some(Stands::There(file)) if file.is_not_as_named() => words.not_shown.to_owned(),
        Some(Stands::Elsewhere(_)) => words.elsewhere.to_owned(),
        _ => String::new(),
    });
    // As it will be called, and seen.
    let typed = name.clone();
    let called = text(move || match stands() {
        Some(Stands::There(file)) => file.name,
        _ => typed.clone(),
    });
    let seen = text(move || match stands() {
        Some(Stands::There(file)) if file.is_picture() => file.drawn_path(&talk.slug.get(), "small"),
        _ => String::new(),
    });
    let is_refused = flag(move || matches!(stands(), Some(Stands::Failed(_))));
    let progress = el("progress").attr("max", "100").attr("value", come).attr("aria-label", name.clone());
    let button = |again: bool, label: &str, sign: &'static str| {
        let act = move || (chat.browser.take_out)(chat, talk, key, again);
        el("button").attr("type", "button").attr("aria-label", format!("{label} {name}")).on("click", act).child(sign)
    };
    let may_not = flag(move || !talk.tray.with(|tray| tray.item(key).is_some_and(Item::may_be_tried)));
    let retry = button(true, words.retry, words.retry).class("quiet-button").attr("hidden", may_not);
    let remove = button(false, words.remove, "✕").class("icon-button tray-remove");
    el("li")
        .class("tray-item")
        .class_if("refused", is_refused)
        .child(el("img").attr("src", seen).attr("alt", ""))
        .child(el("bdi").class("attachment-name").child(called))
        .child(el("span").class("attachment-size").child(size(bytes)))
        .child(progress)
        .child(el("span").class("tray-note").attr("role", "status").child(note))
        .child(retry)
        .child(remove)
}
