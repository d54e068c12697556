//! `/ws/plain`: any WebSocket client in a real room, with plain text lines. It takes no cookie; a name is all there is to
//! it. Programs and pages opened from a file may open it, pages of other sites may not.

use std::pin::pin;
use std::time::{Duration, Instant};

use app::i18n::Lang;
use app::member::{Member, Name};
use app::message::Draft;
use app::protocol::{MAX_FRAME_BYTES, close};
use app::refusal::Refusal;
use app::room::{FIRST_ROOM, Slug};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::ear::{Ear, Patience};
use super::{Connected, Opening, Wire, live};
use crate::broadcast::{Outlet, Voice};
use crate::error::HttpError;
use crate::limits::{Address, Seat};
use crate::names::{must_not_pass_for_a_line, name_key};
use crate::random;
use crate::room::{Admitted, Answer};
use crate::state::AppState;

/// A plain client has no heartbeat of ours; after this long without a word it is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(45);
/// Whoever comes from an address with too many connections may try again after this time.
const COME_BACK: Duration = Duration::from_secs(10);
/// How many generated names are tried before the server counts as full.
const TRIES: usize = 20;

/// What the address may say.
#[derive(Debug, Deserialize)]
pub struct Asked {
    room: Option<String>,
    name: Option<String>,
    lang: Option<String>,
}

/// `GET /ws/plain?room=<slug>&name=<name>&lang=<ko|en>`: a text frame is a message.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there or a name that can't be had; [`HttpError::Missing`] where this door
/// is closed.
pub async fn serve(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    address: Address,
    opening: Opening,
) -> Result<Response, HttpError> {
    if state.config.no_plain {
        return Err(HttpError::Missing);
    }
    opening.must_not_be_from_another_site(&state)?;
    let lang = asked.lang.as_deref().and_then(Lang::from_tag).unwrap_or(Lang::Ko);
    let slug = Slug::from(asked.room.as_deref().unwrap_or(FIRST_ROOM));
    if !state.rooms.is_public(&slug) {
        return Err(HttpError::Refused(Refusal::RoomUnknown));
    }
    let Some(seat) = state.limits.sockets_from_address.take(address) else {
        return Err(HttpError::TooFast(COME_BACK));
    };
    state.limits.arrivals.take(address, Instant::now()).map_err(HttpError::TooFast)?;
    let guest = guest(&state, asked.name.as_deref(), lang).await?;
    let admitted = state.rooms.admit(&guest, &slug)?;
    Ok(opening.accept(&state, move |state, wire| chat(state, wire, (guest, admitted), lang, seat)))
}

async fn guest(state: &AppState, wanted: Option<&str>, lang: Lang) -> Result<Member, Answer> {
    if let Some(typed) = wanted {
        let name = Name::new(typed).map_err(Answer::Refused)?;
        state.allowance.name(name.as_str()).map_err(Answer::Refused)?;
        if let Err(why) = must_not_pass_for_a_line(&name) {
            // Who has it already comes in under it.
            if !state.store.has_guest(name_key(name.as_str())).await? {
                return Err(Answer::Refused(why));
            }
        }
        return named(state, name).await?.map_err(Answer::Refused);
    }
    for _ in 0..TRIES {
        let number = random::between(1_000, 9_999);
        let name = Name::new(&(lang.words().guest)(number)).map_err(Answer::Refused)?;
        match named(state, name).await? {
            Err(Refusal::NameTaken) => {}
            guest => return guest.map_err(Answer::Refused),
        }
    }
    Err(Answer::Refused(Refusal::PeopleFull))
}

/// The guest of this name, who may be new where there is place, unless it is somebody else's or somebody is here under it.
async fn named(state: &AppState, name: Name) -> Result<Result<Member, Refusal>, Answer> {
    let key = name_key(name.as_str());
    let guest = state.store.guest(name, key, state.clock.now_ms(), state.is_full()).await?;
    Ok(guest.and_then(|guest| if state.rooms.is_connected(guest.id) { Err(Refusal::NameTaken) } else { Ok(guest) }))
}

async fn chat(state: AppState, wire: Wire, (guest, admitted): (Member, Admitted), lang: Lang, _seat: Seat<Address>) {
    let outlet = state.rooms.outlet(guest.id, Voice::Lines(lang), wire.stream);
    // Two may have asked for the same name at the same time.
    let Some(people) = state.rooms.connect_alone(&outlet, &guest) else {
        outlet.close(close::NOT_ALLOWED, "somebody is here under this name");
        return live(&outlet, pin!(async {})).await;
    };
    let _connected = Connected(&state, &outlet, "a plain connection");
    tracing::info!(member = guest.id.0, people, "a plain connection began");
    admitted.listen_from_now(&outlet);
    let ear = Ear::new(wire.early, Patience::Asks(SILENCE), MAX_FRAME_BYTES);
    live(&outlet, pin!(take_lines(&state, &admitted, &outlet, ear, lang))).await;
}

async fn take_lines(state: &AppState, admitted: &Admitted, outlet: &Outlet, mut ear: Ear, lang: Lang) {
    while let Some(line) = ear.hear(outlet).await {
        let posted = match Draft::new(&line) {
            Ok(draft) if draft.as_str().trim() == "/exit" => {
                admitted.walk_out();
                return outlet.close(close::NORMAL, "/exit");
            }
            Ok(draft) => admitted.post_and_wait(random::cid(state.clock.now_ms()), draft, Vec::new()).await.map(|_| ()),
            Err(why) => Err(Answer::Refused(why)),
        };
        match posted {
            Ok(()) => {}
            Err(Answer::Unavailable(error)) => {
                tracing::error!(%error, "a plain line could not be stored");
                outlet.say(&state.allowance.sentence(lang, Refusal::Unavailable));
            }
            Err(answer) => {
                answer.refusal().into_iter().for_each(|why| outlet.say(&state.allowance.sentence(lang, why)))
            }
        }
        outlet.has_space().await;
    }
}
