//! `/lab`: a bench for trying WebSockets by hand, and for finding out why one does not get through.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::bench::{Bench, Endpoint};
use crate::chat::Chat;
use crate::components::list::{Key, list};
use crate::i18n::Words;
use crate::lab_log::{Entry, LabLog, Stage, Step, Trouble, What};
use crate::live::{Live, heard, text, then};

/// The page: what to open, what to send, what happened. The style sheet shows the controls once there is a script to serve
/// them.
#[component]
pub fn Lab() -> impl IntoView {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let lab_words = &words.lab_words;
    let connecting = (
        button(bench, "submit", "button primary", words.connect, |log| log.stage() == Stage::Closed, |_| {}),
        button(bench, "button", "button", words.disconnect, has_socket, Bench::disconnect),
    );
    let sending = (
        button(bench, "submit", "button", words.send, |log| log.stage() == Stage::Open, |_| {}),
        button(bench, "button", "button", lab_words.clear, has_entries, |bench| bench.take(Step::Clear)),
    );
    view! {
        <section class="lab">
            <h1>{lab_words.title}</h1>
            <p class="faint">{lab_words.intro}</p>
            <noscript>{lab_words.needs_script}</noscript>
            <fieldset class="lab-endpoints">
                <legend>{lab_words.endpoint}</legend>
                {choice(chat, Endpoint::Echo)}
                {choice(chat, Endpoint::Ticker)}
                {choice(chat, Endpoint::Plain)}
                {choice(chat, Endpoint::Chat)}
            </fieldset>
            {form(bench, "lab-address", lab_words.address, bench.address, connecting, Bench::connect)}
            {form(bench, "lab-text", lab_words.text, bench.writing, sending, Bench::send)}
            <h2 id="lab-log">{lab_words.log}</h2>
            <p class="faint" role="status">{text(move || bench.log.with(|log| standing(log, words)).to_owned())}</p>
            <Log/>
            <h2>{lab_words.small_pages}</h2>
            <ul class="lab-pages">
                <li><a href="/lab/hello">"/lab/hello"</a><span>{lab_words.small_hello}</span></li>
                <li><a href="/lab/random">"/lab/random"</a><span>{lab_words.small_random}</span></li>
                <li><a href="/lab/user/42">"/lab/user/42"</a><span>{lab_words.small_user}</span></li>
            </ul>
        </section>
    }
}

fn choice(chat: Chat, endpoint: Endpoint) -> impl IntoView {
    let [name, does] = endpoint.label(&chat.words().lab_words);
    view! {
        <label class="lab-endpoint">
            <input type="radio" name="endpoint" checked=chat.bench.is_at(endpoint)
                on:change=then(move || chat.bench.choose(endpoint, chat.lang.get_untracked()))/>
            <b>{name}</b>
            <span>{does}</span>
        </label>
    }
}

/// A line to write, and what to do with it.
fn form(
    bench: Bench,
    id: &'static str,
    label: &'static str,
    written: Live<String>,
    buttons: impl IntoView,
    submit: fn(Bench),
) -> impl IntoView {
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        submit(bench);
    };
    view! {
        <form class="lab-form" autocomplete="off" on:submit=heard(submitted)>
            <label for=id>{label}</label>
            <input id=id class="field" value=written.get_untracked() prop:value=written.text()
                on:input=heard(move |event| written.set(event_target_value(&event)))/>
            {buttons}
        </form>
    }
}

/// A button that says when it can't be used but keeps the focus, which `disabled` would take from it.
fn button(
    bench: Bench,
    kind: &'static str,
    class: &'static str,
    label: &'static str,
    can: fn(&LabLog) -> bool,
    press: fn(Bench),
) -> impl IntoView {
    let cant = text(move || (!bench.log.with(can)).to_string());
    view! { <button type=kind class=class aria-disabled=cant on:click=then(move || press(bench))>{label}</button> }
}

fn has_socket(log: &LabLog) -> bool {
    matches!(log.stage(), Stage::Open | Stage::Connecting)
}

fn has_entries(log: &LabLog) -> bool {
    !log.entries().is_empty()
}

/// What happened, newest at the end, where the reader stays as long as they are there.
#[component]
fn Log() -> impl IntoView {
    let chat = Chat::here();
    let log = chat.bench.log;
    let words = &chat.words().lab_words;
    view! {
        <div class="lab-log" role="log" tabindex="0" aria-labelledby="lab-log">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{words.time}</th>
                        <th scope="col">{words.what}</th>
                        <th scope="col">{words.content}</th>
                        <th scope="col">{words.size}</th>
                    </tr>
                </thead>
                <tbody>
                    {list(move || log.with(|log| log.entries().to_vec()), |entry| Key::Numbers([entry.id, 0, 0, 0]), move |entry| line(chat, &entry))}
                </tbody>
            </table>
        </div>
    }
}

fn line(chat: Chat, entry: &Entry) -> impl IntoView + use<> {
    let words = chat.words();
    let what = &entry.what;
    let time = entry.time((chat.browser.offset_min)(entry.at_ms));
    view! {
        <tr data-kind=what.kind()>
            <td>{time}</td>
            <td>{what.label(&words.lab_words)}</td>
            <td dir="auto">{sentence(what, words)}</td>
            <td>{size(what, words)}</td>
        </tr>
    }
}

/// What stands in the text column.
fn sentence(what: &What, words: &Words) -> String {
    match what {
        What::Connected(text) | What::Received { text, .. } | What::Sent { text, .. } => text.clone(),
        What::Disconnected { code, reason } => (words.lab_words.closed_with)(*code, reason),
        What::Error(trouble) => explanation(*trouble, words),
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

fn explanation(trouble: Trouble, words: &Words) -> String {
    let lab_words = &words.lab_words;
    match trouble {
        Trouble::Unreachable => lab_words.unreachable.to_owned(),
        Trouble::Refused(why) => (lab_words.refused)((words.refusal)(why)),
        Trouble::HostChanged => lab_words.host_changed.to_owned(),
        Trouble::UpgradeStripped => lab_words.upgrade_stripped.to_owned(),
        Trouble::NeverArrived => lab_words.never_arrived.to_owned(),
        Trouble::HalfOpen => lab_words.half_open.to_owned(),
        Trouble::Cut { open_s, silent_s } => (lab_words.cut)(open_s, silent_s),
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
    use crate::refusal::Refusal;

    #[test]
    fn who_stopped_a_connection_is_said_in_the_readers_language() {
        let refused = Trouble::Refused(Refusal::RoomUnknown);
        assert_eq!(explanation(refused, Lang::Ko.words()), "서버가 요청을 보고 거절했어요: 그런 방은 없어요.");
        assert_eq!(
            explanation(refused, Lang::En.words()),
            "The server saw the request and refused it: There's no such room."
        );
        assert!(explanation(Trouble::Cut { open_s: 62, silent_s: 60 }, Lang::Ko.words()).contains("62초"));
    }

    #[test]
    fn an_echo_tells_its_size_and_how_long_it_took() {
        let echo = What::Received { text: String::new(), bytes: 12, round_trip_us: Some(412) };
        assert_eq!(size(&echo, Lang::En.words()), "12 bytes · round trip 0.4 ms");
        assert_eq!(size(&What::Connected(String::new()), Lang::En.words()), "");
    }
}
