//! `/rooms/{slug}/about`: what a room is, who is in it, what I have chosen for it, and what may be changed of it. All its forms
//! come to the same address; `do` says what is asked.

use app::allowance::{Allowance, filled};
use app::components::avatar::avatar;
use app::i18n::sheets::SheetWords as Words;
use app::member::{Member, MemberId};
use app::notices::Level;
use app::refusal::Refusal;
use app::room::{RoomKind, RoomName, RoomSummary, Slug, Topic};
use app::tree::Node;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Field, Sheet, leaving};
use crate::error::HttpError;
use crate::room::{Admitted, Answer};
use crate::session::Session;
use crate::state::AppState;
use crate::store::About;

/// What is asked, and a text or a person where it is about one.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "do")]
    what: What,
    #[serde(default)]
    text: String,
    #[serde(default)]
    person: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    #[default]
    Nothing,
    Star,
    Unstar,
    CallAll,
    CallMentions,
    CallNothing,
    Topic,
    Rename,
    Invite,
    Remove,
    Archive,
    Restore,
}

/// `GET /rooms/{slug}/about`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person.
pub async fn show(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    draw(&state, &admitted, session.member.id, sheet, (Asked::default(), String::new())).await
}

/// `POST /rooms/{slug}/about`.
///
/// # Errors
/// [`HttpError`].
pub async fn change(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    mut sheet: Sheet,
    Form(asked): Form<Asked>,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    match act(&admitted, &asked).await {
        Ok(()) => Ok(Redirect::to(&format!("{}/about", slug.path())).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            draw(&state, &admitted, session.member.id, sheet, (asked, sentence)).await
        }
    }
}

async fn act(admitted: &Admitted, asked: &Asked) -> Result<(), Answer> {
    let keeper = || admitted.clone().keeper();
    match asked.what {
        What::Nothing => Ok(()),
        What::Star | What::Unstar => admitted.star(asked.what == What::Star).await,
        What::CallAll => admitted.is_called_by(Level::All).await,
        What::CallMentions => admitted.is_called_by(Level::Mentions).await,
        What::CallNothing => admitted.is_called_by(Level::Nothing).await,
        What::Topic => admitted.set_topic(Topic::new(&asked.text).map_err(Answer::Refused)?).await,
        What::Rename => keeper()?.rename(RoomName::new(&asked.text).map_err(Answer::Refused)?).await,
        What::Invite => keeper()?.invite(&asked.text).await,
        What::Remove => {
            let person = asked.person.parse().map_err(|_| Answer::Refused(Refusal::PersonUnknown))?;
            keeper()?.remove(MemberId(person)).await
        }
        What::Archive => keeper()?.archive(true).await,
        What::Restore => keeper()?.archive(false).await,
    }
}

/// What is drawn of a room.
struct Room {
    slug: Slug,
    about: About,
    people: Vec<Member>,
    here: usize,
    me: MemberId,
    may_keep: bool,
    is_starred: bool,
    level: Level,
    pins: usize,
    members_left: usize,
    foretold: Option<String>,
    asked: Asked,
    refusal: String,
    allowance: Allowance,
    /// The names of people who may be asked in.
    guests: Vec<String>,
}

async fn draw(
    state: &AppState,
    admitted: &Admitted,
    me: MemberId,
    sheet: Sheet,
    (asked, refusal): (Asked, String),
) -> Result<Response, HttpError> {
    let (summary, about) = (admitted.summary(), admitted.about());
    let slug = admitted.slug().clone();
    let people = if slug.is_public() { admitted.people().to_vec() } else { about.members.clone() };
    let choices = state.store.choices(me).await?;
    let is_starred = choices.iter().any(|choice| choice.room == slug && choice.starred);
    let level = admitted.level().await?;
    let (pins, _) = admitted.count_pins().await?;
    let left = admitted.members_left();
    let (members_left, foretold) = (left.count, sheet.foretells(left, sheet.words().members_left));
    let name = summary.called(Some(me));
    let RoomSummary { here, .. } = summary;
    let (may_keep, allowance) = (admitted.may_keep(), state.allowance);
    let mut room = Room {
        may_keep,
        slug,
        about,
        people,
        here,
        me,
        is_starred,
        level,
        pins,
        members_left,
        foretold,
        asked,
        refusal,
        allowance,
        guests: Vec::new(),
    };
    if room.has_field(What::Invite) {
        let guests = admitted.guests_seen_last().await?;
        room.guests = guests.into_iter().map(|guest| guest.name.to_string()).collect();
    }
    let (words, back) = (sheet.words(), room.slug.path());
    Ok(sheet.shows(&name, &back, || {
        view! {
            {room.kind(words)}
            {room.choices(words)}
            {room.calls(words)}
            {(!room.about.is_archived).then(|| room.texts(words))}
            {room.list_of_people(words)}
            {room.endings(words)}
        }
    }))
}

impl Room {
    fn action(&self) -> String {
        format!("{}/about", self.slug.path())
    }

    /// A button that asks for something.
    fn button(&self, what: &'static str, label: &'static str, class: &'static str) -> impl IntoView + use<> {
        let id = format!("sheet-{}", what.trim_start_matches("un"));
        view! {
            <form method="post" action=self.action()>
                <button id=id type="submit" class=class name="do" value=what>{label}</button>
            </form>
        }
    }

    /// A field with its button; what was refused stays in it with the reason.
    fn field(
        &self,
        (what, value): (What, &'static str),
        label: &'static str,
        hint: &str,
        now: &str,
        button: &'static str,
    ) -> impl IntoView + use<> {
        let is_refused = self.asked.what == what;
        let refusal = if is_refused { &self.refusal } else { "" };
        let now = if is_refused { &self.asked.text } else { now };
        let field = Field { id: value, label, value: now, hint, refusal, required: what != What::Topic };
        let offers = if what == What::Invite { self.guests.clone() } else { Vec::new() };
        view! {
            <form class="stack" method="post" action=self.action()>
                <input type="hidden" name="do" value=value/>
                {field.named("text").offering(offers).with_button(button)}
            </form>
        }
    }

    fn kind(&self, words: &'static Words) -> impl IntoView + use<> {
        let sentence = match self.slug.kind() {
            RoomKind::Public => words.public[1].to_owned(),
            RoomKind::Private => words.private[1].to_owned(),
            RoomKind::Direct => words.direct_hint.to_owned(),
        };
        let topic = self.about.topic.clone();
        let refusal =
            Some(self.refusal.clone()).filter(|refusal| !refusal.is_empty() && !self.has_field(self.asked.what));
        view! {
            <p class="faint">{sentence}</p>
            {(self.slug.is_public() && self.about.maker.is_none()).then(|| view! {
                <p class="faint">{words.no_moderator} " " <a href="/moderator" data-sheet="">{words.moderator}</a></p>
            })}
            {self.about.is_archived.then(|| view! { <p><b>{words.is_archived}</b></p> })}
            {(self.about.is_archived && !topic.is_empty()).then(|| view! { <p dir="auto">{topic}</p> })}
            <p class="field-note" role="alert">{refusal}</p>
        }
    }

    /// Whether there is a field for what is asked.
    fn has_field(&self, what: What) -> bool {
        let is_private = self.slug.kind() == RoomKind::Private;
        !self.about.is_archived
            && match what {
                What::Topic => true,
                What::Rename => self.may_keep,
                // What was typed there stays, whatever the reason.
                What::Invite => self.may_keep && is_private && (self.members_left > 0 || self.asked.what == what),
                _ => false,
            }
    }

    fn choices(&self, words: &'static Words) -> impl IntoView + use<> {
        let star = if self.is_starred { ("unstar", words.unstar) } else { ("star", words.star) };
        view! {
            <div class="sheet-buttons">
                {self.button(star.0, star.1, "button")}
                <a class="button" href=format!("{}/pins", self.slug.path()) data-sheet="">{(words.pins_count)(self.pins)}</a>
            </div>
        }
    }

    /// Which messages of the room call me.
    fn calls(&self, words: &'static Words) -> impl IntoView + use<> {
        let choice = |(level, what, label): (Level, &'static str, &'static str)| {
            let is_chosen = (self.level == level).to_string();
            view! { <button id=format!("sheet-{what}") type="submit" name="do" value=what aria-pressed=is_chosen>{label}</button> }
        };
        let [all, mentions, nothing] = words.call;
        let choices = [
            (Level::All, "call_all", all),
            (Level::Mentions, "call_mentions", mentions),
            (Level::Nothing, "call_nothing", nothing),
        ];
        view! {
            <form class="stack" method="post" action=self.action()>
                <fieldset class="segments" aria-describedby="sheet-call-hint">
                    <legend>{words.calls_from}</legend>
                    {choices.map(choice).collect_view()}
                </fieldset>
                <p id="sheet-call-hint" class="faint sheet-hint">{words.calls_hint}</p>
            </form>
        }
    }

    fn texts(&self, words: &'static Words) -> impl IntoView + use<> {
        let topic_hint = filled(words.topic_hint, self.allowance.topic);
        let rename_hint = filled(words.rename_hint, self.allowance.room_name);
        view! {
            {self.field((What::Topic, "topic"), words.topic, &topic_hint, &self.about.topic, words.save)}
            {self.has_field(What::Rename).then(|| self.field((What::Rename, "rename"), words.room_name, &rename_hint, &self.about.name, words.save))}
            {self.has_field(What::Invite).then(|| self.field((What::Invite, "invite"), words.invite, words.invite_hint, "", words.add))}
        }
    }

    fn list_of_people(&self, words: &'static Words) -> impl IntoView + use<> {
        let heading =
            if self.slug.is_public() { (words.here_now)(self.here) } else { (words.members)(self.people.len()) };
        view! {
            <section>
                <h2 class="sheet-heading">{heading}</h2>
                {self.foretells_members().map(|left| view! { <p class="faint">{left}</p> })}
                <ul class="sheet-people">{self.people.iter().map(|member| self.person(member, words)).collect_view()}</ul>
            </section>
        }
    }

    /// How many more may be asked in, unless that has just been said.
    fn foretells_members(&self) -> Option<String> {
        let is_said = self.slug.kind() == RoomKind::Private && self.asked.what != What::Invite;
        self.foretold.clone().filter(|_| is_said)
    }

    fn person(&self, member: &Member, words: &'static Words) -> impl IntoView + use<> {
        let is_maker = self.about.maker == Some(member.id);
        let may_remove = self.may_keep
            && self.slug.kind() == RoomKind::Private
            && !self.about.is_archived
            && !is_maker
            && member.id != self.me;
        let remove = may_remove.then(|| {
            view! {
                <form method="post" action=self.action()>
                    <input type="hidden" name="person" value=member.id.0.to_string()/>
                    <button type="submit" class="quiet-button" name="do" value="remove" aria-label=(words.remove_this)(member.name.as_str())>
                        {words.remove}
                    </button>
                </form>
            }
        });
        view! {
            <li class="sheet-row">
                <a class="person" href=format!("/people/{}", member.id.0) data-sheet="">
                    {Node::from(avatar(member))}
                    <bdi class="person-name">{member.name.to_string()}</bdi>
                    {is_maker.then(|| view! { <span class="badge">{words.maker}</span> })}
                </a>
                {remove}
            </li>
        }
    }

    /// What is done seldom, and asked for twice.
    fn endings(&self, words: &'static Words) -> impl IntoView + use<> {
        let is_archived = self.about.is_archived;
        let restore = (self.may_keep && is_archived).then(|| self.button("restore", words.restore, "button primary"));
        let archive = (self.may_keep && !is_archived)
            .then(|| ending(words.archive, words.archive_hint, self.button("archive", words.archive, "button danger")));
        let leave = leaving::named(&self.slug, words);
        let leave = leave.map(|(title, hint)| ending(title, hint, leaving::button(&self.slug, title)));
        view! { {restore} {archive} {leave} }
    }
}

fn ending(title: &'static str, hint: &'static str, button: impl IntoView) -> impl IntoView {
    view! {
        <details class="sheet-ending">
            <summary>{title}</summary>
            <p>{hint}</p>
            {button}
        </details>
    }
}
