//! `/lab`: a bench for trying WebSockets by hand, and for finding out why one does not get through.

use std::sync::Arc;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::bench::{Endpoint, Stage};
use crate::chat::Chat;
use crate::components::live::{flag, text};
use crate::i18n::Words;
use crate::lab_log::{Entry, LabLog, Trouble, What};

/// The page: what to open, what to send, what happened. Nothing in it can be used before there is a script to serve it.
#[component]
pub fn Lab() -> impl IntoView {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let lab_words = &words.lab_words;
    Effect::new(move |_| bench.wake());
    view! {
        <section class="lab">
            <h1>{lab_words.title}</h1>
            <p class="faint">{lab_words.intro}</p>
            <noscript><p class="lab-notice">{lab_words.needs_script}</p></noscript>
            <fieldset class="lab-controls" disabled=flag(move || bench.stage.get() == Stage::Asleep)>
                <Opening/>
                <Sending/>
            </fieldset>
            <Log/>
            <section class="lab-pages">
                <h2>{lab_words.small_pages}</h2>
                <ul>
                    {[
                        ("/lab/hello", lab_words.small_hello),
                        ("/lab/random", lab_words.small_random),
                        ("/lab/user/42", lab_words.small_user),
                    ].map(|(path, says)| view! { <li><a href=path>{path}</a>" "<span class="faint">{says}</span></li> })}
                </ul>
            </section>
        </section>
    }
}

/// Which socket, and opening and closing it.
#[component]
fn Opening() -> impl IntoView {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let connect = move |event: SubmitEvent| {
        event.prevent_default();
        bench.connect();
    };
    let cant_connect = word(move || bench.stage.get() != Stage::Closed);
    let cant_disconnect = word(move || !matches!(bench.stage.get(), Stage::Open | Stage::Connecting));
    view! {
        <form class="stack" autocomplete="off" on:submit=connect>
            <fieldset class="lab-endpoints">
                <legend>{words.lab_words.endpoint}</legend>
                {Endpoint::ALL.map(|endpoint| choice(chat, endpoint))}
            </fieldset>
            <label for="lab-address">{words.lab_words.address}</label>
            <div class="row">
                <input id="lab-address" class="field" inputmode="url" enterkeyhint="go" spellcheck="false" autocapitalize="off" dir="ltr"
                    value=bench.address.get_untracked() prop:value=bench.address
                    on:input=move |event| bench.address.set(event_target_value(&event))/>
                <button type="submit" class="button primary" aria-disabled=cant_connect>{words.connect}</button>
                <button type="button" class="button" aria-disabled=cant_disconnect on:click=move |_| bench.disconnect()>
                    {words.disconnect}
                </button>
            </div>
        </form>
    }
}

fn choice(chat: Chat, endpoint: Endpoint) -> impl IntoView {
    let [name, does] = endpoint.label(&chat.words().lab_words);
    let chosen = chat.bench.endpoint.get_untracked() == endpoint;
    view! {
        <label class="lab-endpoint">
            <input type="radio" name="endpoint" checked=chosen
                on:change=move |_| chat.bench.choose(endpoint, chat.lang.get_untracked())/>
            <span>{name}</span>
            <span class="faint">{does}</span>
        </label>
    }
}

/// A text, and sending it.
#[component]
fn Sending() -> impl IntoView {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        bench.send();
    };
    view! {
        <form class="stack" autocomplete="off" on:submit=send>
            <label for="lab-text">{words.lab_words.text}</label>
            <div class="row">
                <input id="lab-text" class="field" enterkeyhint="send" dir="auto" prop:value=bench.writing
                    on:input=move |event| bench.writing.set(event_target_value(&event))/>
                <button type="submit" class="button" aria-disabled=word(move || bench.stage.get() != Stage::Open)>{words.send}</button>
            </div>
        </form>
    }
}

/// What happened, newest at the end, where the reader stays as long as they are there.
#[component]
fn Log() -> impl IntoView {
    let chat = Chat::here();
    let bench = chat.bench;
    let words = chat.words();
    let is_empty = flag(move || bench.log.with(LabLog::is_empty));
    let stage = text(move || stage_sentence(bench.stage.get(), words).to_owned());
    view! {
        <section class="lab-results">
            <header class="row">
                <h2 id="lab-log">{words.lab_words.log}</h2>
                <span class="faint" role="status">{stage}</span>
                <span class="stretch"></span>
                <button type="button" class="quiet-button" aria-disabled=word(move || is_empty.get())
                    on:click=move |_| bench.log.update(LabLog::clear)>
                    {words.lab_words.clear}
                </button>
            </header>
            <div class="lab-log" role="log" tabindex="0" aria-labelledby="lab-log">
                <p class="faint" hidden=flag(move || !is_empty.get())>{words.lab_words.log_empty}</p>
                <table hidden=is_empty>
                    <thead>
                        <tr>{words.lab_words.columns.map(|column| view! { <th scope="col">{column}</th> })}</tr>
                    </thead>
                    <tbody>
                        <For each=move || bench.log.with(LabLog::entries) key=|entry| entry.id let(entry)>
                            {line(chat, &entry)}
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn line(chat: Chat, entry: &Arc<Entry>) -> impl IntoView + use<> {
    let words = chat.words();
    let what = &entry.what;
    let time = entry.time((chat.browser.offset_min)(entry.at_ms));
    let size = what.bytes().map(words.lab_words.bytes).unwrap_or_default();
    let round_trip = what.round_trip_ms().map(|ms| (words.lab_words.round_trip)(&ms)).unwrap_or_default();
    view! {
        <tr data-kind=what.kind()>
            <td><time>{time}</time></td>
            <td>{what.label(&words.lab_words)}</td>
            <td><bdi>{sentence(what, words)}</bdi></td>
            <td>{size}" "<span>{round_trip}</span></td>
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

fn explanation(trouble: Trouble, words: &Words) -> String {
    let lab_words = &words.lab_words;
    match trouble {
        Trouble::Unreachable => lab_words.unreachable.to_owned(),
        Trouble::Refused(why) => (lab_words.refused)((words.refusal)(why)),
        Trouble::UpgradeStripped => lab_words.upgrade_stripped.to_owned(),
        Trouble::NeverArrived => lab_words.never_arrived.to_owned(),
        Trouble::HalfOpen => lab_words.half_open.to_owned(),
        Trouble::Cut { open_s, silent_s } => (lab_words.cut)(open_s, silent_s),
    }
}

fn stage_sentence(stage: Stage, words: &Words) -> &'static str {
    match stage {
        Stage::Asleep | Stage::Closed | Stage::Closing => "",
        Stage::Connecting => words.connecting,
        Stage::Open => words.live,
        Stage::Checking => words.lab_words.checking,
    }
}

/// A yes or no as ARIA spells it. Buttons that can't be used now keep the focus, which `disabled` would take from them.
fn word(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    text(move || read().to_string())
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
}
