//! `/rooms/{slug}/{seq}/thread`: what is said on a message, and the box in which one says more. Both are the room's: its rows, and
//! its message box.

use std::sync::Arc;

use app::allowance::filled;
use app::browser::Browser;
use app::chat::Chat;
use app::components::composer::message_box;
use app::components::message_row::timeline_row;
use app::first_page::FirstPage;
use app::i18n::sheets::SheetWords as Words;
use app::member::{Member, MemberId};
use app::message::{Cid, Draft, Event, Seq};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::Slug;
use app::route::Route;
use app::talk::{Row, Talk, rows_of};
use app::thread::MAX_FOLLOWERS;
use app::tree::Node;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Sheet, lost};
use crate::error::HttpError;
use crate::forms::{MessageForm, Obeyed, is_multipart, obey, read_long, read_message, read_text};
use crate::page;
use crate::reader::Reader;
use crate::room::{Admitted, Answer, Saying};
use crate::session::Session;
use crate::state::AppState;
use crate::store::{StoredThread, To};
use crate::zone::Zone;
use crate::{emoji, random, unshown};

/// Which part of the thread is asked for, and where its reader goes on: at the message box, at what was done last, or at a reply that
/// they came for.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<Seq>,
    writes: Option<String>,
    /// A reply; 0 is what is over all of them.
    at: Option<Seq>,
    reply: Option<Seq>,
}

/// What is asked besides saying something: the thread is followed or not any more, or something is done to a reply.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(rename = "do")]
    what: Doing,
    #[serde(default)]
    text: String,
    /// The reply to which something is done.
    #[serde(default)]
    of: Option<Seq>,
    /// An emoji for it.
    #[serde(default)]
    emoji: String,
    /// One that it is to lose.
    #[serde(default)]
    without: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Doing {
    #[default]
    Follow,
    Unfollow,
    Edit,
    Delete,
    React,
    Pin,
    Unpin,
}

/// The emoji that are offered for a reply.
const OFFERED: [&str; 6] = ["👍", "❤️", "😄", "🎉", "😮", "👀"];

/// `GET /rooms/{slug}/{seq}/thread?before=7`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person, [`HttpError::Missing`] for a message, [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Path((slug, of)): Path<(Slug, Seq)>,
    Query(part): Query<Part>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    draw(&state, &admitted, &session.member, sheet.over_its_room(), (of, part), Back::Nothing).await
}

/// A thread with words in its box that were written before their writer walked in again.
///
/// # Errors
/// As [`show`].
pub(super) async fn show_written(
    state: &AppState,
    admitted: &Admitted,
    session: &Session,
    sheet: Sheet,
    of: Seq,
    (text, also): (String, bool),
) -> Result<Response, HttpError> {
    let back = Back::Said(MessageForm { text, also, ..MessageForm::default() }, None);
    draw(state, admitted, &session.member, sheet, (of, Part::default()), back).await
}

/// What comes back to a person, with the reason.
enum Back {
    Nothing,
    /// What was written to the thread, and why it can't be said, where that is the reason.
    Said(MessageForm, Option<Refusal>),
    /// What was to be done to a reply, and the sentence.
    Asked(Asked, String),
}

/// `POST /rooms/{slug}/{seq}/thread`: the message box, or what is done to the thread or to a reply.
///
/// # Errors
/// [`HttpError`].
pub async fn change(
    State(state): State<AppState>,
    Path((slug, of)): Path<(Slug, Seq)>,
    Query(part): Query<Part>,
    session: Session,
    reader: Reader,
    mut sheet: Sheet,
    request: Request,
) -> Result<Response, HttpError> {
    let admitted = match state.rooms.admit(&session.member, &slug) {
        Ok(admitted) => admitted,
        Err(Answer::Refused(why)) => return lost::give_back(sheet, why, read_text(&state, request).await),
        Err(answer) => return Err(answer.into()),
    };
    if is_multipart(request.headers()) {
        return say(&state, &admitted, (&session, reader), sheet, of, request).await;
    }
    let asked: Asked = match read_long(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let done = match asked.what {
        Doing::Follow | Doing::Unfollow => admitted.follow(of, asked.what == Doing::Follow).await,
        _ => shape(&admitted, random::cid(state.clock.now_ms()), &asked).await,
    };
    match done {
        Ok(()) if part.writes.is_some() => Ok(to_box(&slug, of)),
        Ok(()) => {
            Ok(Redirect::to(&format!("{}?at={}", slug.thread_path(of), asked.of.unwrap_or_default())).into_response())
        }
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            draw(&state, &admitted, &session.member, sheet, (of, Part::default()), Back::Asked(asked, sentence)).await
        }
    }
}

/// Does what the message box says.
async fn say(
    state: &AppState,
    admitted: &Admitted,
    (session, reader): (&Session, Reader),
    mut sheet: Sheet,
    of: Seq,
    request: Request,
) -> Result<Response, HttpError> {
    let mut form = match read_message(state, admitted, request).await {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    let slug = admitted.slug();
    match obey(state, session, admitted, To::Thread(of, form.also), &mut form).await {
        Ok(Obeyed::Done) => Ok(to_box(slug, of)),
        Ok(Obeyed::Left) => page::of_left_room(state, reader, session, slug.clone()).await,
        Ok(Obeyed::Asks) => Ok(Redirect::to(&format!("{}/leave", slug.path())).into_response()),
        Ok(Obeyed::Malformed) => Ok(StatusCode::BAD_REQUEST.into_response()),
        Err(Answer::Refused(why @ (Refusal::RoomArchived | Refusal::RoomUnknown))) => {
            lost::give_back(sheet, why, form.text)
        }
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            draw(state, admitted, &session.member, sheet, (of, Part::default()), Back::Said(form, Some(why))).await
        }
    }
}

/// Does something to a reply. Once more changes nothing.
async fn shape(admitted: &Admitted, cid: Cid, asked: &Asked) -> Result<(), Answer> {
    let of = asked.of.ok_or(Answer::Refused(Refusal::MessageUnknown))?;
    let saying = match asked.what {
        Doing::Edit => Draft::new(&asked.text).map(|draft| Saying::Edit(of, draft)),
        Doing::Delete => Ok(Saying::Deletion(of)),
        Doing::Pin | Doing::Unpin => Ok(Saying::Pin(of, asked.what == Doing::Pin)),
        _ if asked.emoji.is_empty() => emoji::checked(&asked.without).map(|emoji| Saying::Reaction(of, emoji, false)),
        _ => emoji::checked(&asked.emoji).map(|emoji| Saying::Reaction(of, emoji, true)),
    };
    admitted.say_and_wait(cid, saying.map_err(Answer::Refused)?).await.map(drop)
}

fn to_box(slug: &Slug, of: Seq) -> Response {
    Redirect::to(&format!("{}?writes=on", slug.thread_path(of))).into_response()
}

/// Where a reply is found that is not said to its room.
pub fn path_of_reply(slug: &Slug, reply: &Event) -> Option<String> {
    Some(path_in_thread(slug, reply.thread_alone()?, reply.seq))
}

/// Where a reply is found in the thread of a message.
pub(super) fn path_in_thread(slug: &Slug, of: Seq, reply: Seq) -> String {
    format!("{}?reply={reply}", slug.thread_path(of))
}

async fn draw(
    state: &AppState,
    admitted: &Admitted,
    me: &Member,
    mut sheet: Sheet,
    (of, part): (Seq, Part),
    back: Back,
) -> Result<Response, HttpError> {
    let head = admitted.head();
    let mut thread = match admitted.thread(of, part.before).await {
        Err(Answer::Refused(_)) => return Err(HttpError::Missing),
        thread => thread?,
    };
    if let Some(reply) = part.reply.filter(|reply| thread.replies.iter().all(|shown| shown.seq > *reply)) {
        thread = admitted.thread(of, Some(reply + 1)).await?;
    }
    let (slug, words) = (admitted.slug().clone(), sheet.words());
    let welcome = ServerFrame::Welcome { epoch: state.store.epoch().to_owned(), me: me.clone(), rooms: Vec::new() };
    let first = FirstPage {
        path: slug.path(),
        lang: sheet.lang(),
        theme: sheet.theme(),
        offset_min: 0,
        cid: random::cid(state.clock.now_ms()),
        frames: vec![welcome],
        slip: None,
        allowance: state.allowance,
    };
    let up_to = thread.replies.last().map_or(head, |last| head.max(last.seq));
    let (writes, at, reply) = (part.writes.is_some(), part.at, part.reply);
    let (is_archived, moderates, is_for_dialog) =
        (admitted.about().is_archived, admitted.moderates(), sheet.is_for_dialog());
    let on_files = on_files(state, &thread, me.id, (&sheet, &back));
    let drawn =
        Drawn { slug, of, thread, up_to, back, writes, at, reply, is_archived, moderates, is_for_dialog, on_files };
    let closes_to = format!("{}/{of}", drawn.slug.path());
    let zone = sheet.tells_times();
    Ok(sheet.shows(words.thread, &closes_to, || {
        let (sentence, seasons) = (zone.sentence(first.lang), zone.clone());
        let chat = Chat::new(first, Browser::absent()).knows_zone(sentence, move |at_ms| seasons.offset_min(at_ms));
        drawn.view(chat, &zone, words)
    }))
}

/// What is to be said of files to who has no scripts.
fn on_files(state: &AppState, thread: &StoredThread, me: MemberId, (sheet, back): (&Sheet, &Back)) -> Option<String> {
    if let Back::Said(MessageForm { refused_file: Some(name), .. }, Some(why)) = back {
        return Some(unshown::refusal(name, &sheet.sentence(*why), sheet.lang()));
    }
    unshown::sentence(&thread.replies, me, sheet.lang(), state.clock.now_ms())
}

/// What is drawn of a thread.
struct Drawn {
    slug: Slug,
    of: Seq,
    thread: StoredThread,
    /// It holds all that was said up to this number.
    up_to: Seq,
    back: Back,
    writes: bool,
    at: Option<Seq>,
    /// The reply that its reader came for.
    reply: Option<Seq>,
    is_archived: bool,
    /// Whether its reader may delete what others said.
    moderates: bool,
    is_for_dialog: bool,
    on_files: Option<String>,
}

impl Drawn {
    fn view(self, chat: Chat, zone: &Zone, words: &'static Words) -> impl IntoView + use<> {
        provide_context(chat);
        let talk = chat.thread(&self.slug, self.of);
        talk.target.set(self.reply);
        let said = std::iter::once(&self.thread.message).chain(&self.thread.replies).cloned().map(Arc::new);
        let mut root = rows_of(said, |at_ms| zone.local(at_ms));
        let mut replies =
            root.split_off(root.iter().position(|row| matches!(row, Row::Said(..))).map_or(0, |at| at + 1));
        // The line between them parts what one author said before and after it.
        let first = replies.iter_mut().find_map(|row| if let Row::Said(_, opens) = row { Some(opens) } else { None });
        first.into_iter().for_each(|opens_group| *opens_group = true);
        let draw = move |row| timeline_row(row, talk);
        let replies: Vec<_> = replies
            .into_iter()
            .map(|row| {
                let shaping = if let Row::Said(reply, _) = &row { self.shaping(reply, chat) } else { None };
                let id = if let Row::Said(reply, _) = &row { Some(format!("reply-{}", reply.seq)) } else { None };
                view! { <div class="thread-reply" id=id>{draw(row)} {shaping}</div> }
            })
            .collect();
        let root: Vec<_> = root.into_iter().map(draw).collect();
        let count = self.thread.message.beside().map_or(0, |beside| beside.thread.count);
        let heading = if count == 0 { words.no_replies.to_owned() } else { (chat.words().on_message.replies)(count) };
        let earlier = self.thread.replies.first().filter(|_| self.thread.has_earlier);
        let earlier = earlier.map(|first| format!("{}?before={}", self.slug.thread_path(self.of), first.seq));
        let up_to = self.up_to.to_string();
        view! {
            <div class="thread" data-drop=chat.words().drop_here>
                {self.following(words)}
                <div class="thread-scroller" tabindex="0" role="log" aria-label=words.thread>
                    <div class="thread-rows">
                    <div data-thread=up_to>
                        {root}
                        <h2 class="sheet-heading">{heading}</h2>
                        {earlier.map(|path| view! { <p><a href=path data-sheet="">{words.earlier_replies}</a></p> })}
                        {replies}
                    </div>
                    <div class="thread-tail"></div>
                    </div>
                </div>
                <div class="thread-box" data-room=self.slug.to_string() data-of=self.of.to_string() data-writes=self.writes>
                    {self.on_files.clone().map(|said| view! { <noscript><p class="field-note" role="status">{said}</p></noscript> })}
                    {self.message_box(chat, talk)}
                </div>
            </div>
        }
    }

    fn following(&self, words: &'static Words) -> impl IntoView + use<> {
        let (what, label) = if self.thread.follows { ("unfollow", words.unfollow) } else { ("follow", words.follow) };
        let how_it_stands = match self.thread {
            StoredThread { follows: true, .. } => words.is_followed.to_owned(),
            StoredThread { is_full: true, .. } => filled(words.thread_full, MAX_FOLLOWERS as u32),
            _ => words.is_not_followed.to_owned(),
        };
        view! {
            <form class="thread-following" method="post" action=self.slug.thread_path(self.of)>
                <span id="thread-following" class="faint">{how_it_stands}</span>
                <button type="submit" class="button" name="do" value=what disabled=self.thread.is_full
                    aria-describedby="thread-following" autofocus=self.at == Some(0)>{label}</button>
            </form>
        }
    }

    /// What may be done to a reply.
    fn shaping(&self, reply: &Event, chat: Chat) -> Option<AnyView> {
        let (words, seq) = (chat.words(), reply.seq);
        let is_mine = chat.my_id() == Some(reply.by.id);
        if reply.is_deleted() {
            return None;
        }
        // It can still be read, and passed on.
        let may_change = !self.is_archived;
        let refused = match &self.back {
            Back::Asked(asked, sentence) if asked.of == Some(seq) => Some((asked, sentence.clone())),
            _ => None,
        };
        let asked = refused.as_ref().map(|(asked, _)| *asked);
        let text = asked.filter(|asked| asked.what == Doing::Edit).map_or(reply.text(), |asked| &asked.text).to_owned();
        let form = move |what: &'static str, content: AnyView, action: String| {
            view! {
                <form class="row" method="post" action=action>
                    <input type="hidden" name="do" value=what/>
                    <input type="hidden" name="of" value=seq.to_string()/>
                    {content}
                </form>
            }
        };
        let emoji = |emoji: &'static str| {
            let reactions = reply.beside().map(|beside| &beside.reactions);
            let is_on = reactions.zip(chat.my_id()).is_some_and(|(reactions, me)| reactions.has(me, emoji));
            view! {
                <button type="submit" class="thread-emoji" name=if is_on { "without" } else { "emoji" } value=emoji
                    aria-pressed=is_on.to_string()>{emoji}</button>
            }
        };
        let action = self.slug.thread_path(self.of);
        let edit = (may_change && is_mine).then(|| {
            let field = view! {
                <textarea class="field" name="text" rows="2" aria-label=words.edit_message
                    inner_html=app::text::as_html(&format!("\n{text}"))></textarea>
                <button type="submit" class="button">{words.save}</button>
            };
            form("edit", field.into_any(), action.clone())
        });
        let delete = (may_change && (is_mine || self.moderates)).then(|| {
            let delete = view! { <button type="submit" class="button danger">{words.delete}</button> };
            form("delete", delete.into_any(), action.clone())
        });
        let is_pinned = reply.beside().is_some_and(|beside| beside.pin.by.is_some());
        let [pin_it, unpin_it] = words.on_message.pin;
        let (pin, label) = if is_pinned { ("unpin", unpin_it) } else { ("pin", pin_it) };
        let pin = may_change.then(|| {
            form(pin, view! { <button type="submit" class="button">{label}</button> }.into_any(), action.clone())
        });
        let any = view! {
            <a class="thread-emoji" href=format!("{}/{seq}/react", self.slug.path()) data-sheet="" aria-label=words.on_message.emoji
                title=words.on_message.emoji>"+"</a>
        };
        let offered =
            may_change.then(|| form("react", view! { {OFFERED.map(emoji).collect_view()} {any} }.into_any(), action));
        let message = Route::Message(self.slug.clone(), seq).path();
        let forward = format!("{message}/forward");
        let address = path_of_reply(&self.slug, reply).unwrap_or(message);
        // A script copies it; and a file alone says nothing.
        let copy_text = (self.is_for_dialog && !reply.text().is_empty()).then(|| {
            let (address, said) = (address.clone(), reply.text().to_owned());
            view! { <a class="button" href=address data-copy=said>{words.copy_text}</a> }
        });
        let shaping = view! {
            <details class="thread-shaping" open=asked.is_some()>
                <summary aria-label=words.on_message.more title=words.on_message.more autofocus=self.at == Some(seq)>"⋯"</summary>
                {offered}
                <div class="row">
                    {copy_text}
                    <a class="button" href=address data-copy="">{words.on_message.copy_link}</a>
                    <a class="button" href=forward data-sheet="">{words.on_message.forward}</a>
                    {pin}
                </div>
                {edit}
                {delete}
                <p class="field-note" role="alert">{refused.map(|(_, sentence)| sentence)}</p>
            </details>
        };
        Some(shaping.into_any())
    }

    /// The room's message box, which writes here. In a dialog the page draws it.
    fn message_box(&self, chat: Chat, talk: Talk) -> Option<Node> {
        if self.is_for_dialog {
            return None;
        }
        talk.is_archived.set(self.is_archived);
        talk.shaping.update(|shaping| shaping.from_box = self.writes);
        if let Back::Said(form, why) = &self.back {
            talk.also.set(form.also);
            talk.refusal.set(*why);
            chat.write(talk, form.text.clone());
        }
        Some(message_box(talk))
    }
}
