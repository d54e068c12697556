//! Every route on one screen.

use std::time::Duration;

use app::refusal::Refusal;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::IntoResponse;
use axum::routing::{get, patch, post};
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::error::HttpError;
use crate::files::{serve, upload};
use crate::sheets::{
    about_room, all_rooms, days, door, find, followed, forward, later, leaving, moderator, new_direct, new_room,
    person, picture, pins, react, scheduled, thread, versions,
};
use crate::state::AppState;
use crate::{aside, bundle, emoji, error, forms, health, lab, page, policy, socket};

/// The largest form in bytes, from whoever it comes.
pub(crate) const MAX_FORM_BYTES: usize = 16 * 1024;
/// How long a request may take as a whole.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The program as an HTTP service.
pub fn router(state: AppState) -> Router {
    let csrf = state
        .config
        .allow_origin
        .iter()
        .fold(CsrfLayer::new(), |layer, origin| layer.clone().add_trusted_origin(origin.as_str()).unwrap_or(layer))
        .with_rejection_response(|_| HttpError::Refused(Refusal::ForeignOrigin).into_response());
    // What may take long: these watch themselves over what comes.
    let unhurried = Router::new()
        .route("/rooms/{slug}/messages", post(forms::post))
        .route("/rooms/{slug}/later", get(later::show).post(later::keep))
        .route("/rooms/{slug}/{seq}/thread", get(thread::show).post(thread::change))
        .route("/rooms/{slug}/uploads/{id}", patch(upload::append).head(upload::look).delete(upload::cancel))
        .layer(DefaultBodyLimit::disable());
    // What is too long, and more than any form holds, gets its reason.
    let typed = DefaultBodyLimit::max(aside::MAX_BYTES);
    // Where people write, who may not be in any more.
    let keeps_words = from_fn_with_state(state.clone(), door::keep_words);
    Router::new()
        // Pages
        .route("/", get(page::plain_page))
        .route("/hello/{name}", get(page::plain_page))
        .route("/rooms/{slug}", get(page::room_page))
        .route("/rooms/{slug}/{seq}", get(page::message_page))
        .route("/lab", get(page::plain_page))
        // Sheets
        .route("/rooms", post(new_room::create).layer(typed))
        .route("/rooms/new", get(new_room::show).post(new_room::create).layer(typed))
        .route("/rooms/all", get(all_rooms::show))
        .route("/rooms/{slug}/about", get(about_room::show).post(about_room::change).layer(typed))
        .route("/direct/new", get(new_direct::show).post(new_direct::create))
        .route("/moderator", get(moderator::show).post(moderator::take))
        .route("/find", get(find::show))
        .route("/threads", get(followed::show))
        .route(
            "/rooms/{slug}/{seq}/forward",
            get(forward::show)
                .post(forward::forward)
                .layer(DefaultBodyLimit::max(later::MAX_FORM_BYTES))
                .layer(keeps_words.clone()),
        )
        .route("/rooms/{slug}/{seq}/react", get(react::show))
        .route("/people/{id}", get(person::show).post(person::talk_to))
        .route("/rooms/{slug}/days", get(days::show))
        .route("/rooms/{slug}/pins", get(pins::show).post(pins::unpin))
        .route("/rooms/{slug}/pictures/{id}", get(picture::show))
        .route("/scheduled", get(scheduled::show).post(scheduled::act))
        .route(
            "/scheduled/{cid}",
            get(later::show_one)
                .post(later::change)
                .layer(DefaultBodyLimit::max(later::MAX_FORM_BYTES))
                .layer(keeps_words.clone()),
        )
        .route("/rooms/{slug}/{seq}/history", get(versions::show))
        // Forms
        .route("/enter", post(forms::enter).layer(DefaultBodyLimit::disable()))
        .route("/name", post(forms::rename).layer(typed))
        .route("/quiet", post(forms::rest))
        .route("/preferences", post(forms::choose))
        .route("/rooms/{slug}/leave", get(leaving::show).post(forms::leave))
        // Beside the message box
        .route("/rooms/{slug}/command", post(aside::command).layer(typed))
        .route("/rooms/{slug}/people", post(aside::people))
        .route("/rooms/{slug}/guests", post(aside::guests))
        .route("/rooms/{slug}/preview", post(aside::preview).layer(typed))
        // Files of messages
        .route("/rooms/{slug}/uploads", post(upload::announce))
        .route("/rooms/{slug}/files/{id}/{name}", get(serve::file))
        .route("/rooms/{slug}/pictures/{id}/{size}", get(serve::picture))
        // Sockets
        .route("/ws", get(socket::chat))
        .route("/ws/plain", get(socket::plain::serve))
        .route("/ws/echo", get(socket::echo::serve))
        .route("/ws/ticker", get(socket::ticker::serve))
        // The lab's small pages
        .route("/lab/hello", get(lab::hello))
        .route("/lab/random", get(lab::random))
        .route("/lab/user/{id}", get(lab::user))
        .route("/lab/probe/{id}", get(lab::probe))
        // Files, and whether the program lives
        .route("/pkg/{name}", get(bundle::package_file))
        .route("/emoji", get(emoji::latest))
        .route("/emoji/{hash}", get(emoji::kept))
        .route("/health", get(health))
        .fallback(page::anything_else)
        .layer(from_fn_with_state(state.clone(), lab::note_fate))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN))
        .merge(unhurried.layer(keeps_words))
        .layer(csrf)
        .layer(from_fn_with_state(state.clone(), error::explain))
        .layer(map_response(policy::apply))
        .with_state(state)
}
