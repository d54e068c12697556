//! What the message box asks besides sending (`app::aside`): commands that are carried out here, how a text will look, and who is
//! meant by the beginning of a name. What goes wrong is a problem document; the browser shows the sentence for its code.

use std::time::Instant;

use app::allowance::filled;
use app::command::Asked;
use app::markup::{Kind, MAX_MENTIONS, Markup, Node};
use app::message::Draft;
use app::refusal::Refusal;
use app::room::{RoomKind, Topic};
use axum::Json;
use axum::extract::State;

use crate::error::HttpError;
use crate::forms::renamed;
use crate::reader::Reader;
use crate::room::{Admitted, Answer};
use crate::session::Session;
use crate::state::AppState;

/// The longest text in bytes that is looked at: longer than any that can be sent, so that one that is too long gets a reason.
pub const MAX_BYTES: usize = 256 * 1024;

/// `POST /rooms/{slug}/command`: carries out the command that the body is, as it was typed.
///
/// # Errors
/// [`HttpError`].
pub async fn command(
    State(state): State<AppState>,
    session: Session,
    admitted: Admitted,
    typed: String,
) -> Result<Json<serde_json::Value>, HttpError> {
    match Asked::read(&typed).map_err(HttpError::Refused)? {
        Asked::Topic(topic) => set_topic(&admitted, &topic).await?,
        Asked::Invite(name) => invite(&admitted, &name).await?,
        Asked::Nick(name) => drop(renamed(&state, &session, &name).await?),
        // The browser does these itself.
        Asked::Say(_) | Asked::Leave | Asked::Help => {
            return Err(HttpError::Refused(Refusal::CommandUnknown));
        }
    }
    Ok(Json(serde_json::json!({})))
}

/// `POST /rooms/{slug}/preview`: the tree that the body would have as a message here. Nobody else sees it, and nobody is called; that
/// not everyone would be is said under it.
///
/// # Errors
/// [`HttpError`].
pub async fn preview(
    State(state): State<AppState>,
    reader: Reader,
    admitted: Admitted,
    typed: String,
) -> Result<Json<serde_json::Value>, HttpError> {
    state.limits.previews.take(admitted.member_id(), Instant::now()).map_err(HttpError::TooFast)?;
    let draft = Draft::new(&typed).map_err(HttpError::Refused)?;
    let draft = match Asked::of(draft.clone()).map_err(HttpError::Refused)? {
        Asked::Say(draft) => draft,
        // What the others won't see is shown as it stands.
        _ => draft,
    };
    let (markup, calls_too_many) = admitted.preview(draft).await?;
    let by_name = filled(reader.lang.sheet_words().calls_too_many, MAX_MENTIONS as u32);
    let sentence = || filled(&by_name, state.allowance.call_all);
    let markup = if calls_too_many { under(&markup, sentence()) } else { markup };
    Ok(Json(serde_json::json!({ "markup": markup })))
}

/// A sentence of ours under a tree.
fn under(markup: &Markup, sentence: String) -> Markup {
    let sentence = Node::part(Kind::Italic, "", vec![Node::Text(sentence)]);
    let ours = [Node::part(Kind::Rule, "", Vec::new()), Node::part(Kind::Paragraph, "", vec![sentence])];
    Markup::new(markup.blocks().iter().cloned().chain(ours).collect())
}

/// `POST /rooms/{slug}/people`: whom a message may mean here by a name that begins as the body does.
///
/// # Errors
/// [`HttpError::TooFast`], [`HttpError::Store`].
pub async fn people(admitted: Admitted, typed: String) -> Result<Json<serde_json::Value>, HttpError> {
    Ok(Json(serde_json::json!({ "people": admitted.people_called(&typed).await? })))
}

/// `POST /rooms/{slug}/guests`: who is not in the room, of those whose names begin as the body does.
///
/// # Errors
/// [`HttpError::TooFast`], [`HttpError::Store`].
pub async fn guests(admitted: Admitted, typed: String) -> Result<Json<serde_json::Value>, HttpError> {
    Ok(Json(serde_json::json!({ "people": admitted.guests_called(&typed).await? })))
}

/// Says what the room is about.
///
/// # Errors
/// [`Answer::Refused`] with [`Refusal::TopicTooLong`], [`Refusal::TopicHidden`] or [`Refusal::RoomArchived`],
/// [`Answer::Unavailable`].
pub async fn set_topic(admitted: &Admitted, topic: &str) -> Result<(), Answer> {
    admitted.set_topic(Topic::new(topic).map_err(Answer::Refused)?).await
}

/// Asks somebody into the room, and says where that can't be why not.
///
/// # Errors
/// [`Answer::Refused`] with [`Refusal::RoomIsPublic`], [`Refusal::RoomIsDirect`] and as [`crate::room::Keeper::invite`],
/// [`Answer::Unavailable`].
pub async fn invite(admitted: &Admitted, name: &str) -> Result<(), Answer> {
    match admitted.slug().kind() {
        RoomKind::Public => Err(Answer::Refused(Refusal::RoomIsPublic)),
        RoomKind::Direct => Err(Answer::Refused(Refusal::RoomIsDirect)),
        RoomKind::Private => admitted.clone().keeper()?.invite(name).await,
    }
}
