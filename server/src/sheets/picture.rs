//! `/rooms/{slug}/pictures/{id}`: a picture as large as it fits, those beside it, and the file as it was sent. What keys and zoom
//! add where there are scripts is in `frontend/src/viewer.rs`.

use app::file::{File, Kind};
use app::room::Slug;
use app::route::Route;
use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use crate::error::HttpError;
use crate::files::LARGE_PX;
use crate::session::Session;
use crate::state::AppState;
use crate::store::Among;

/// `GET /rooms/{slug}/pictures/{id}`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person, [`HttpError::Missing`] for a picture that is not, whatever
/// the reason, [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Path((slug, id)): Path<(Slug, String)>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    let Among { picture, message, before, after } = state.files.picture(&admitted, &id).await?;
    let (words, download) = (sheet.words(), sheet.lang().words().download);
    let slug = admitted.slug().clone();
    let message_path = message.map(|seq| Route::Message(slug.clone(), seq).path());
    let back = message_path.clone().unwrap_or_else(|| slug.path());
    let turn = |to: Option<File>, key: &'static str, name: &'static str, sign: &'static str| {
        let path = to.map(|file| file.viewer_path(&slug));
        let is_end = path.is_none().then_some("true");
        view! {
            <a class="icon-button" href=path data-sheet="" data-key=key aria-keyshortcuts=key aria-disabled=is_end role="link" aria-label=name>
                <span aria-hidden="true">{sign}</span>
            </a>
        }
    };
    let zoom = |by: &'static str, key: &'static str, name: &'static str, sign: &'static str| {
        view! {
            <button type="button" class="icon-button" data-zoom=by data-key=key aria-label=name><span aria-hidden="true">{sign}</span></button>
        }
    };
    // What may move is shown as it is.
    let original = picture.path(&slug);
    let moves = picture.kind == Kind::Animation;
    let drawn = if moves { original.clone() } else { picture.drawn_path(&slug, "large") };
    let (width, height) = (picture.width.max(1), picture.height.max(1));
    // Whoever wants it larger wants to see more of it.
    let fine = (!moves && width.max(height) > LARGE_PX).then(|| original.clone());
    let place = format!("--wide:{width}px;--ratio:{width}/{height};{}", picture.ground());
    let (name, out) = (picture.name.clone(), back.clone());
    Ok(sheet.shows(&picture.name, &back, move || {
        view! {
            <div class="viewer" data-seq=message>
                <div class="viewer-stage" tabindex="0" role="group" aria-label=name.clone() autofocus>
                    <a class="viewer-out" href=out data-close="" tabindex="-1" aria-hidden="true"></a>
                    <img src=drawn data-fine=fine alt=name.clone() style=place draggable="false"/>
                </div>
                <div class="viewer-bar">
                    {turn(before, "ArrowLeft", words.previous_picture, "‹")}
                    {turn(after, "ArrowRight", words.next_picture, "›")}
                    {zoom("-1", "-", words.zoom_out, "−")}
                    {zoom("1", "+", words.zoom_in, "+")}
                    <a class="icon-button" href=original download=name.clone() aria-label=format!("{download} {name}")>
                        <span aria-hidden="true">"↓"</span>
                    </a>
                    {message_path.map(|path| view! { <a class="quiet-button" href=path>{words.show_message}</a> })}
                </div>
            </div>
        }
    }))
}
