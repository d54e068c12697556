//! `/rooms/{slug}/{seq}/thread`: what is said on a message, and the box in which one says more. Its rows are the room's.

use std::sync::Arc;

use app::browser::Browser;
use app::chat::Chat;
use app::command::Asked as Command;
use app::components::message_row::timeline_row;
use app::first_page::FirstPage;
use app::i18n::sheets::SheetWords as Words;
use app::member::Member;
use app::message::{Cid, Draft, Event, Seq, What};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::Slug;
use app::talk::{Row, rows_of};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use crate::error::HttpError;
use crate::forms::read_long;
use crate::room::{Admitted, Answer, Saying};
use crate::session::Session;
use crate::state::AppState;
use crate::store::{StoredThread, To};
use crate::{emoji, random};

/// Which part of the thread is asked for, and whether the reader is about to write on.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<Seq>,
    writes: Option<String>,
}

/// What is asked: something is said, or the thread is followed or not any more.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(rename = "do")]
    what: Doing,
    #[serde(default)]
    cid: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    also: Option<String>,
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
    Say,
    Follow,
    Unfollow,
    Edit,
    Delete,
    React,
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
    draw(&state, &admitted, &session.member, sheet, (of, part), (Asked::default(), String::new())).await
}

/// `POST /rooms/{slug}/{seq}/thread`.
///
/// # Errors
/// [`HttpError`].
pub async fn change(
    State(state): State<AppState>,
    Path((slug, of)): Path<(Slug, Seq)>,
    session: Session,
    mut sheet: Sheet,
    request: Request,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    let asked: Asked = match read_long(&state, request).await {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let done = match (asked.what, Cid::parse(&asked.cid)) {
        (Doing::Say, Some(cid)) => say(&admitted, of, cid, &asked).await,
        (Doing::Say, None) => return Ok(StatusCode::BAD_REQUEST.into_response()),
        (Doing::Follow | Doing::Unfollow, _) => admitted.follow(of, asked.what == Doing::Follow).await,
        _ => shape(&admitted, random::cid(state.clock.now_ms()), &asked).await,
    };
    let path = path(&slug, of);
    match done {
        Ok(()) if asked.what == Doing::Say => Ok(Redirect::to(&format!("{path}?writes=on")).into_response()),
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            draw(&state, &admitted, &session.member, sheet, (of, Part::default()), (asked, sentence)).await
        }
    }
}

async fn say(admitted: &Admitted, of: Seq, cid: Cid, asked: &Asked) -> Result<(), Answer> {
    let asked_for = Draft::new(&asked.text).and_then(Command::of).map_err(Answer::Refused)?;
    // A command is for the room's own box.
    let Command::Say(draft) = asked_for else { return Err(Answer::Refused(Refusal::CommandUnknown)) };
    let saying = Saying::New(draft, Vec::new()).answering(To::Thread(of, asked.also.is_some()));
    admitted.say_and_wait(cid, saying).await.map(drop)
}

/// Does something to a reply. Once more changes nothing.
async fn shape(admitted: &Admitted, cid: Cid, asked: &Asked) -> Result<(), Answer> {
    let of = asked.of.ok_or(Answer::Refused(Refusal::MessageUnknown))?;
    let saying = match asked.what {
        Doing::Edit => Draft::new(&asked.text).map(|draft| Saying::Edit(of, draft)),
        Doing::Delete => Ok(Saying::Deletion(of)),
        _ if asked.emoji.is_empty() => emoji::checked(&asked.without).map(|emoji| Saying::Reaction(of, emoji, false)),
        _ => emoji::checked(&asked.emoji).map(|emoji| Saying::Reaction(of, emoji, true)),
    };
    admitted.say_and_wait(cid, saying.map_err(Answer::Refused)?).await.map(drop)
}

fn path(slug: &Slug, of: Seq) -> String {
    format!("{}/{of}/thread", slug.path())
}

async fn draw(
    state: &AppState,
    admitted: &Admitted,
    me: &Member,
    sheet: Sheet,
    (of, part): (Seq, Part),
    (asked, refusal): (Asked, String),
) -> Result<Response, HttpError> {
    let thread = match admitted.thread(of, part.before).await {
        Err(Answer::Refused(_)) => return Err(HttpError::Missing),
        thread => thread?,
    };
    let (slug, words) = (admitted.slug().clone(), sheet.words());
    let welcome = ServerFrame::Welcome { epoch: state.store.epoch().to_owned(), me: me.clone(), rooms: Vec::new() };
    let first = FirstPage {
        path: slug.path(),
        lang: sheet.lang(),
        theme: sheet.theme(),
        offset_min: sheet.zone().offset_min(thread.replies.last().unwrap_or(&thread.message).at_ms),
        cid: random::cid(state.clock.now_ms()),
        frames: vec![welcome],
        slip: None,
        allowance: state.allowance,
    };
    let writes = part.writes.is_some() || !refusal.is_empty();
    let drawn = Drawn { slug, of, thread, asked, refusal, writes, is_archived: admitted.about().is_archived };
    let back = format!("{}/{of}", drawn.slug.path());
    Ok(sheet.shows(words.thread, &back, || drawn.view(Chat::new(first, Browser::absent()), words)))
}

/// What is drawn of a thread.
struct Drawn {
    slug: Slug,
    of: Seq,
    thread: StoredThread,
    asked: Asked,
    refusal: String,
    writes: bool,
    is_archived: bool,
}

impl Drawn {
    fn view(self, chat: Chat, words: &'static Words) -> impl IntoView + use<> {
        provide_context(chat);
        let talk = chat.talk(&self.slug);
        let said = std::iter::once(&self.thread.message).chain(&self.thread.replies).map(alone);
        let mut root = rows_of(said, |at_ms| chat.local(at_ms));
        let mut replies =
            root.split_off(root.iter().position(|row| matches!(row, Row::Said(..))).map_or(0, |at| at + 1));
        // Under the heading it says again whose it is.
        if let Some(Row::Said(_, opens_group)) = replies.first_mut() {
            *opens_group = true;
        }
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
        let earlier = earlier.map(|first| format!("{}?before={}", path(&self.slug, self.of), first.seq));
        let foot = self.foot(chat, words);
        view! {
            <div class="thread">
                {self.following(words)}
                <div class="thread-scroller" tabindex="0" role="log" aria-label=words.thread>
                    <div class="thread-rows" data-thread="">
                        {root}
                        <h2 class="sheet-heading">{heading}</h2>
                        {earlier.map(|path| view! { <p><a href=path data-sheet="">{words.earlier_replies}</a></p> })}
                        {replies}
                    </div>
                </div>
                {foot}
            </div>
        }
    }

    fn following(&self, words: &'static Words) -> impl IntoView + use<> {
        let (what, label) = if self.thread.follows { ("unfollow", words.unfollow) } else { ("follow", words.follow) };
        view! {
            <form class="thread-following" method="post" action=path(&self.slug, self.of)>
                <span class="faint">{if self.thread.follows { words.is_followed } else { words.is_not_followed }}</span>
                <button type="submit" class="button" name="do" value=what>{label}</button>
            </form>
        }
    }

    /// What may be done to a reply.
    fn shaping(&self, reply: &Event, chat: Chat) -> Option<AnyView> {
        let (words, seq) = (chat.words(), reply.seq);
        let is_mine = chat.my_id() == Some(reply.by.id);
        if reply.is_deleted() || self.is_archived {
            return None;
        }
        let asked = Some(&self.asked).filter(|asked| asked.of == Some(seq) && !self.refusal.is_empty());
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
        let action = path(&self.slug, self.of);
        let own = is_mine.then(|| {
            let field = view! {
                <textarea class="field" name="text" rows="2" aria-label=words.edit_message
                    inner_html=app::text::as_html(&format!("\n{text}"))></textarea>
                <button type="submit" class="button">{words.save}</button>
            };
            let delete = view! { <button type="submit" class="button danger">{words.delete}</button> };
            (form("edit", field.into_any(), action.clone()), form("delete", delete.into_any(), action.clone()))
        });
        let offered = OFFERED.map(emoji).collect_view().into_any();
        let shaping = view! {
            <details class="thread-shaping" open=asked.is_some()>
                <summary aria-label=words.on_message.more title=words.on_message.more>"⋯"</summary>
                {form("react", offered, action)}
                {own}
                <p class="field-note" role="alert">{asked.map(|_| self.refusal.clone())}</p>
            </details>
        };
        Some(shaping.into_any())
    }

    fn foot(&self, chat: Chat, words: &'static Words) -> impl IntoView + use<> {
        let refusal = Some(self.refusal.clone()).filter(|refusal| !refusal.is_empty());
        if self.is_archived {
            let sentence = (chat.words().refusal)(Refusal::RoomArchived);
            return view! { <p class="room-archived">{sentence}</p> }.into_any();
        }
        let (typed, refusal) =
            if self.asked.of.is_none() { (self.asked.text.clone(), refusal) } else { Default::default() };
        view! {
            <form class="thread-form" method="post" action=path(&self.slug, self.of)>
                <input type="hidden" name="do" value="say"/>
                <input type="hidden" name="cid" value=chat.form_cid.to_string()/>
                <label class="visually-hidden" for="thread-message">{words.reply}</label>
                <div class="composer-box">
                    <textarea id="thread-message" name="text" rows="1" required enterkeyhint="send" autocomplete="off" placeholder=words.reply
                        aria-describedby="thread-note" autofocus=self.writes inner_html=app::text::as_html(&format!("\n{typed}"))></textarea>
                    <button type="submit" class="button primary">{chat.words().send}</button>
                </div>
                <label class="thread-also">
                    <input type="checkbox" name="also" value="on" checked=self.asked.also.is_some()/>
                    {words.also_to_room}
                </label>
                <button type="submit" class="quiet-button" name="thread" value=self.of.to_string()
                    formaction=format!("{}/later", self.slug.path())>{chat.words().writing.later}</button>
                <p id="thread-note" class="field-note" role="alert">{refusal}</p>
            </form>
        }
        .into_any()
    }
}

/// A message as the thread shows it: what it hangs on stands above it anyway.
fn alone(event: &Event) -> Arc<Event> {
    let mut event = event.clone();
    if let What::Posted { beside: Some(beside), .. } = &mut event.what
        && beside.within.is_some()
    {
        beside.reply = None;
    }
    Arc::new(event)
}
