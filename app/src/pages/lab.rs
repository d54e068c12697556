//! `/lab`: a bench for trying WebSockets by hand, and for finding out why one does not get through.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use web_sys::Event;

use crate::bench::{Bench, Endpoint};
use crate::chat::Chat;
use crate::components::list::{Key, list};
use crate::i18n::{LabWords, Words};
use crate::lab_log::{Entry, LabLog, Stage, Step, Trouble, What};
use crate::live::{Live, text};
use crate::tree::{El, Node, el};

/// The page: what to open, what to send, what happened. The style sheet shows the controls once there is a script to serve
/// them.
pub fn lab() -> Node {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let lab_words = &words.lab_words;
    let connecting = [
        button(bench, "submit", "button primary", words.connect, |log| log.stage() == Stage::Closed, |_| {}),
        button(bench, "button", "button", words.disconnect, has_socket, Bench::disconnect),
    ];
    let sending = [
        button(bench, "submit", "button", words.send, |log| log.stage() == Stage::Open, |_| {}),
        button(bench, "button", "button", lab_words.clear, has_entries, |bench| bench.take(Step::Clear)),
    ];
    let standing = text(move || bench.log.with(|log| standing(log, words)).to_owned());
    el("section")
        .class("lab")
        // Nobody else needs it.
        .child(el("link").attr("rel", "stylesheet").attr("href", "/lab.css"))
        .child(el("h1").child(lab_words.title))
        .child(el("p").class("faint").child(lab_words.intro))
        .child(el("noscript").child(lab_words.needs_script))
        .child(endpoints(chat))
        .child(form(bench, "lab-address", lab_words.address, bench.address, connecting, Bench::connect))
        .child(form(bench, "lab-text", lab_words.text, bench.writing, sending, Bench::send))
        .child(el("h2").attr("id", "lab-log").child(lab_words.log))
        .child(el("p").class("faint").attr("role", "status").child(standing))
        .child(log(chat))
        .child(el("h2").child(lab_words.small_pages))
        .child(small_pages(words))
        .into()
}

fn endpoints(chat: Chat) -> El {
    let choice = |endpoint: Endpoint| {
        let [name, does] = endpoint.label(&chat.words().lab_words);
        let choose = move || chat.bench.choose(endpoint, chat.lang.get_untracked());
        let radio = el("input").attr("type", "radio").attr("name", "endpoint");
        el("label")
            .class("lab-endpoint")
            .child(radio.attr("checked", chat.bench.is_at(endpoint)).on("change", choose))
            .child(el("b").child(name))
            .child(el("span").child(does))
    };
    let all = [Endpoint::Echo, Endpoint::Ticker, Endpoint::Plain, Endpoint::Chat];
    let legend = el("legend").child(chat.words().lab_words.endpoint);
    all.into_iter().fold(el("fieldset").class("lab-endpoints").child(legend), |all, one| all.child(choice(one)))
}

/// A line to write, and what to do with it.
fn form(
    bench: Bench,
    id: &'static str,
    label: &'static str,
    written: Live<String>,
    [first, second]: [El; 2],
    submit: fn(Bench),
) -> El {
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        submit(bench);
    };
    let field = el("input")
        .attr("id", id)
        .class("field")
        .attr("value", written.get_untracked())
        .holding(written.text())
        .heard("input", move |event: Event| written.set(event_target_value(&event)));
    el("form")
        .class("lab-form")
        .attr("autocomplete", "off")
        .heard("submit", submitted)
        .child(el("label").attr("for", id).child(label))
        .child(field)
        .child(first)
        .child(second)
}

/// A button that says when it can't be used but keeps the focus, which `disabled` would take from it.
fn button(
    bench: Bench,
    kind: &'static str,
    class: &'static str,
    label: &'static str,
    can: fn(&LabLog) -> bool,
    press: fn(Bench),
) -> El {
    let cant = text(move || (!bench.log.with(can)).to_string());
    let button = el("button").attr("type", kind).class(class).attr("aria-disabled", cant);
    button.on("click", move || press(bench)).child(label)
}

fn small_pages(words: &Words) -> El {
    let words = &words.lab_words;
    let line = |path: &'static str, does: &'static str| {
        el("li").child(el("a").attr("href", path).child(path)).child(el("span").child(does))
    };
    el("ul")
        .class("lab-pages")
        .child(line("/lab/hello", words.small_hello))
        .child(line("/lab/random", words.small_random))
        .child(line("/lab/user/42", words.small_user))
}

fn has_socket(log: &LabLog) -> bool {
    matches!(log.stage(), Stage::Open | Stage::Connecting)
}

fn has_entries(log: &LabLog) -> bool {
    !log.entries().is_empty()
}

/// What happened, newest at the end, where the reader stays as long as they are there.
fn log(chat: Chat) -> El {
    let log = chat.bench.log;
    let words = &chat.words().lab_words;
    let heads = [words.time, words.what, words.content, words.size].into_iter();
    let head = heads.fold(el("tr"), |head, label| head.child(el("th").attr("scope", "col").child(label)));
    let entries = move || log.with(|log| log.entries().to_vec());
    let lines = list(entries, |entry| Key::Numbers([entry.id, 0, 0, 0]), move |entry| line(chat, &entry));
    let table = el("table").child(el("thead").child(head)).child(el("tbody").child(lines));
    let log = el("div").class("lab-log").attr("role", "log").attr("tabindex", "0").attr("aria-labelledby", "lab-log");
    log.child(table)
}

fn line(chat: Chat, entry: &Entry) -> El {
    let words = chat.words();
    let what = &entry.what;
    let time = entry.time((chat.browser.offset_min)(entry.at_ms));
    el("tr")
        .attr("data-kind", what.kind())
        .child(el("td").child(time))
        .child(el("td").child(what.label(&words.lab_words)))
        .child(el("td").attr("dir", "auto").child(sentence(what, words)))
        .child(el("td").child(size(what, words)))
}

/// What stands in the text column.
fn sentence(what: &What, words: &Words) -> String {
    match what {
        What::Connected(text) | What::Received { text, .. } | What::Sent { text, .. } => text.clone(),
        What::Disconnected { code, reason } => (words.lab_words.closed_with)(*code, reason),
        What::Error(trouble) => explanation(trouble, &words.lab_words),
    }
}

/// What stands in the size column: the size, and how long an echo took.
fn size(what: &What, words: &Words) -> String {
    let mut size = what.bytes().map(words.lab_words.bytes).unwrap_or_default();
    if let Some(ms) = what.round_trip_ms() {
        size.push_str(" · ");
        size.push_str(&(words.lab_words.round_trip)(&ms));
    }
    size
}

fn explanation(trouble: &Trouble, words: &LabWords) -> String {
    match trouble {
        Trouble::Unreachable => words.unreachable.to_owned(),
        Trouble::Told(sentence) => sentence.clone(),
        Trouble::Cut { open_s, silent_s } => (words.cut)(*open_s, *silent_s),
    }
}

/// How the socket stands, where there is something to say about it.
fn standing(log: &LabLog, words: &Words) -> &'static str {
    match log.stage() {
        Stage::Connecting => words.connecting,
        Stage::Open => words.live,
        Stage::Checking => words.lab_words.checking,
        Stage::Closed if !has_entries(log) => words.lab_words.log_empty,
        Stage::Closed | Stage::Closing => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn who_stopped_a_connection_is_said_in_the_readers_language() {
        let explained = |trouble, lang: Lang| explanation(&trouble, &lang.words().lab_words);
        assert!(explained(Trouble::Cut { open_s: 62, silent_s: 60 }, Lang::Ko).contains("62초"));
        assert_eq!(explained(Trouble::Told("그런 방은 없어요.".to_owned()), Lang::Ko), "그런 방은 없어요.");
        assert!(explained(Trouble::Unreachable, Lang::En).contains("can't be reached at all"));
    }

    #[test]
    fn an_echo_tells_its_size_and_how_long_it_took() {
        let echo = What::Received { text: String::new(), bytes: 12, round_trip_us: Some(412) };
        assert_eq!(size(&echo, Lang::En.words()), "12 bytes · round trip 0.4 ms");
        assert_eq!(size(&What::Connected(String::new()), Lang::En.words()), "");
    }
}
