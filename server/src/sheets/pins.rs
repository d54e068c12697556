//! `/rooms/{slug}/pins`: what is pinned to a room, each with the way to it. Here it can be unpinned, too.

use app::message::Seq;
use app::room::Slug;
use app::route::Route;
use axum::extract::Form;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use super::thread::path_in_thread;
use crate::error::HttpError;
use crate::room::Admitted;
use crate::store::Pinned;

/// Which message is to be unpinned.
#[derive(Debug, Deserialize)]
pub struct Asked {
    unpin: Seq,
}

/// `GET /rooms/{slug}/pins`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person, [`HttpError::Store`].
pub async fn show(admitted: Admitted, sheet: Sheet) -> Result<Response, HttpError> {
    draw(&admitted, sheet, "").await
}

/// `POST /rooms/{slug}/pins`.
///
/// # Errors
/// [`HttpError`].
pub async fn unpin(admitted: Admitted, mut sheet: Sheet, Form(asked): Form<Asked>) -> Result<Response, HttpError> {
    match admitted.unpin(asked.unpin).await {
        Ok(()) => Ok(Redirect::to(&path(admitted.slug())).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            draw(&admitted, sheet, &sentence).await
        }
    }
}

fn path(slug: &Slug) -> String {
    format!("{}/pins", slug.path())
}

async fn draw(admitted: &Admitted, mut sheet: Sheet, refusal: &str) -> Result<Response, HttpError> {
    let (pins, (_, most)) = (admitted.pins().await?, admitted.count_pins().await?);
    let (words, slug, is_archived) = (sheet.words(), admitted.slug().clone(), admitted.about().is_archived);
    let (lang, zone) = (sheet.lang(), sheet.tells_times());
    let when = move |at_ms| {
        let at = zone.local(at_ms);
        (at.iso(), format!("{} {}", at.date(lang), at.time(lang)))
    };
    let unpin = |of: Seq, label: String| {
        view! {
            <form method="post" action=path(&slug)>
                <button type="submit" class="quiet-button" name="unpin" value=of.to_string() aria-label=label>{words.unpin}</button>
            </form>
        }
    };
    let row = |Pinned { said, at_ms, by, thread, .. }: Pinned| {
        let (iso, when) = when(at_ms);
        let by = (lang.words().on_message.pinned_by)(by.name.as_str());
        let (path, by, turns) = match thread {
            Some(of) => (path_in_thread(&slug, of, said.of), format!("{by} · {}", words.thread), Some("")),
            None => (Route::Message(slug.clone(), said.of).path(), by, None),
        };
        let label = (words.unpin_this)(said.by.name.as_str(), &said.text);
        view! {
            <li class="pin">
                <a class="pin-said" href=path data-sheet=turns>
                    <bdi class="message-name">{said.by.name.to_string()}</bdi>
                    " "
                    <time class="faint" datetime=iso>{when}</time>
                    <span class="pin-text" dir="auto">{said.text}</span>
                </a>
                <p class="faint">{by}</p>
                {(!is_archived).then(|| unpin(said.of, label))}
            </li>
        }
    };
    let back = slug.path();
    let (count, is_empty) = (pins.len(), pins.is_empty());
    Ok(sheet.shows(words.pins, &back, || {
        view! {
            <p class="field-note" role="alert">{(!refusal.is_empty()).then(|| refusal.to_owned())}</p>
            <p class="faint">{if is_empty { words.no_pins.to_owned() } else { (words.pins_of)(count, most) }}</p>
            <ul class="pins">{pins.into_iter().map(row).collect_view()}</ul>
        }
    }))
}
