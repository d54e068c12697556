//! What somebody wrote without scripts for a room in which nothing can be said any more: the reason, and their words, to be kept
//! elsewhere.

use app::refusal::Refusal;
use app::text::as_html;
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use crate::error::{HttpError, status_of};

/// The page that gives the words back.
///
/// # Errors
/// [`HttpError::Refused`] where there are none, or where no person asks.
pub fn give_back(mut sheet: Sheet, why: Refusal, text: String) -> Result<Response, HttpError> {
    if text.is_empty() || !sheet.is_for_person {
        return Err(HttpError::Refused(why));
    }
    sheet.status = status_of(why);
    let (words, sentence) = (sheet.words(), sheet.sentence(why));
    Ok(sheet.shows(words.lost, "/", || {
        view! {
            <p role="alert">{sentence}</p>
            <div class="stack">
                <label for="sheet-lost">{words.your_words}</label>
                <textarea id="sheet-lost" class="field" rows="8" readonly=true inner_html=as_html(&format!("\n{text}"))></textarea>
            </div>
        }
    }))
}
