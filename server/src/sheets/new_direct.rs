//! `/direct/new`: finds or makes the one room of the people who are chosen. They are found while their names are typed, and stand in
//! the address until all are there.

use app::components::avatar::avatar;
use app::member::{Member, MemberId};
use app::room::MAX_DIRECT;
use app::tree::Node;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::Sheet;
use super::live::{Line, Live, Way};
use crate::error::HttpError;
use crate::limits::Address;
use crate::session::Session;
use crate::state::AppState;

/// The form that opens the room.
const OPEN: &str = "open-direct";
/// The name of a person's number, in the address and in the form.
const PERSON: &str = "person";

/// What an address or a form says: names and values, some more than once.
type Pairs = Vec<(String, String)>;

/// `GET /direct/new?person=7&q=민ㅅ`.
///
/// # Errors
/// [`HttpError::TooFast`], [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Pairs>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let typed = asked.iter().find(|(name, _)| name == "q").map(|(_, typed)| typed.as_str()).unwrap_or_default();
    draw(&state, &session, sheet, (&people_in(&asked), typed, "")).await
}

/// `POST /direct/new`: the room, or the sheet with the reason why there is none.
///
/// # Errors
/// [`HttpError`].
pub async fn create(
    State(state): State<AppState>,
    mut sheet: Sheet,
    session: Session,
    address: Address,
    Form(form): Form<Pairs>,
) -> Result<Response, HttpError> {
    let people = people_in(&form);
    match state.rooms.direct(address, &session.member, &people).await {
        Ok(room) => Ok(Redirect::to(&room.slug.path()).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            draw(&state, &session, sheet, (&people, "", &sentence)).await
        }
    }
}

/// More than there may be are not read, but enough to be refused.
fn people_in(pairs: &Pairs) -> Vec<MemberId> {
    let numbers = pairs.iter().filter(|(name, _)| name == PERSON).filter_map(|(_, number)| number.parse().ok());
    numbers.map(MemberId).take(MAX_DIRECT).collect()
}

async fn draw(
    state: &AppState,
    session: &Session,
    sheet: Sheet,
    (people, typed, refusal): (&[MemberId], &str, &str),
) -> Result<Response, HttpError> {
    let mut chosen: Vec<Member> = Vec::new();
    for id in people.iter().filter(|id| **id != session.member.id) {
        if let Some(person) = state.store.person(*id).await?.filter(|person| !chosen.contains(person)) {
            chosen.push(person);
        }
    }
    let words = sheet.words();
    let foretold = sheet.foretells(state.rooms.direct_rooms_left(session.member.id).await?, words.rooms_left);
    let mut lines = Vec::new();
    let is_full = chosen.len() + 1 >= MAX_DIRECT;
    if is_full || (typed.trim().is_empty() && !chosen.is_empty()) {
        let way = Way::Sends(OPEN, "open", String::new());
        lines.push(Line { name: words.open_direct.to_owned(), hint: "", news: None, way });
    }
    if !is_full {
        let found = state.rooms.look_for_people(&session.member, typed).await?;
        let others = found.into_iter().filter(|person| !chosen.contains(person));
        lines.extend(others.map(|person| {
            let way = Way::Turns(address(chosen.iter().chain([&person])));
            Line { name: person.name.to_string(), hint: "", news: None, way }
        }));
    }
    let kept = chosen.iter().map(|person| (PERSON, person.id.0.to_string())).collect();
    let live = Live { action: "/direct/new", kept, label: words.with_whom, typed, lines };
    let above = || {
        let chips = chosen.iter().map(|person| {
            let others = chosen.iter().filter(|other| *other != person);
            let label = (words.unchoose)(person.name.as_str());
            view! {
                <li>
                    <a class="quiet-button" href=address(others) data-sheet="" aria-label=label>
                        {Node::from(avatar(person))} <bdi>{person.name.to_string()}</bdi> <span aria-hidden="true">"✕"</span>
                    </a>
                </li>
            }
        });
        view! {
            <p class="faint sheet-hint">{words.with_whom_hint} " " {foretold}</p>
            <p class="field-note" role="alert">{(!refusal.is_empty()).then(|| refusal.to_owned())}</p>
            {(!chosen.is_empty()).then(|| view! { <ul class="chosen">{chips.collect_view()}</ul> })}
        }
    };
    let below = || {
        let numbers =
            chosen.iter().map(|person| view! { <input type="hidden" name=PERSON value=person.id.0.to_string()/> });
        view! { <form id=OPEN method="post" action="/direct/new">{numbers.collect_view()}</form> }
    };
    Ok(sheet.answers(words.new_direct, "/", live, (above, below)))
}

/// Where the sheet is with these people chosen.
fn address<'a>(people: impl Iterator<Item = &'a Member>) -> String {
    let pairs: Vec<String> = people.map(|person| format!("{PERSON}={}", person.id.0)).collect();
    if pairs.is_empty() { "/direct/new".to_owned() } else { format!("/direct/new?{}", pairs.join("&")) }
}
