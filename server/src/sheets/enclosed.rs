//! What a message takes along that is sent later: the message that it answers, and its files. Until then its writer alone sees it,
//! and may leave any of it out.

use app::browser::Browser;
use app::chat::Chat;
use app::components::attachments::Attachments;
use app::components::pen;
use app::file::{File, size};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::member::MemberId;
use app::preferences::Theme;
use app::quote::Quote;
use app::room::Slug;
use leptos::prelude::*;

use crate::error::HttpError;
use crate::random;
use crate::room::{Admitted, Answer};
use crate::state::AppState;
use crate::store::To;

/// What goes with a message.
pub(super) struct Enclosed {
    to: To,
    /// What is answered; `None` where that is deleted.
    quote: Option<Quote>,
    /// Its files; `None` for one that is not there any more.
    files: Vec<(u128, Option<File>)>,
}

impl Enclosed {
    /// Finds what goes with a message of somebody's. What is answered is looked for with their right to the room.
    ///
    /// # Errors
    /// [`HttpError::Store`].
    pub(super) async fn find(
        state: &AppState,
        admitted: Option<&Admitted>,
        (member, to, ids): (MemberId, To, &[u128]),
    ) -> Result<Self, HttpError> {
        let found = if ids.is_empty() { Vec::new() } else { state.store.own_files(member, ids.to_vec()).await? };
        let file = |id: &u128| (*id, found.iter().find(|(known, _)| known == id).map(|(_, file)| file.clone()));
        let quote = match (admitted, to.of()) {
            (Some(admitted), Some(of)) => match admitted.said(of).await {
                Ok(message) => Quote::new(&message),
                Err(Answer::Refused(_)) => None,
                Err(answer) => return Err(answer.into()),
            },
            _ => None,
        };
        Ok(Self { to, quote, files: ids.iter().map(file).collect() })
    }

    /// In the form: each with a box that says whether it goes along.
    pub(super) fn boxes(&self, lang: Lang) -> impl IntoView + use<> {
        let words = lang.later_words();
        let answers = self.to.of().map(|of| {
            let name = if matches!(self.to, To::Thread(..)) { "thread" } else { "reply_to" };
            view! {
                <label>
                    <input type="checkbox" name=name value=of.to_string() checked=true/>
                    {self.answered(lang)}
                </label>
            }
        });
        let also = matches!(self.to, To::Thread(..)).then(|| {
            view! {
                <label>
                    <input type="checkbox" name="also" value="on" checked=matches!(self.to, To::Thread(_, true))/>
                    {lang.words().writing.also_to_room}
                </label>
            }
        });
        let file = |(id, file): &(u128, Option<File>)| match file {
            Some(file) => view! {
                <label>
                    <input type="checkbox" name="file" value=format!("{id:032x}") checked=true/>
                    <bdi class="attachment-name">{file.name.clone()}</bdi>
                    <span class="faint">{size(file.bytes)}</span>
                </label>
            }
            .into_any(),
            None => view! { <p class="field-note">{words.file_gone}</p> }.into_any(),
        };
        let files = self.files.iter().map(file).collect_view();
        let is_something = self.to != To::Room || !self.files.is_empty();
        is_something.then(|| {
            view! {
                <fieldset class="later-enclosed">
                    <legend>{words.enclosed}</legend>
                    {answers} {also} {files}
                </fieldset>
            }
        })
    }

    /// On the list: what is answered above the text, and the files as the room will show them.
    pub(super) fn lines(
        self,
        state: &AppState,
        lang: Lang,
        room: Option<&Slug>,
    ) -> (impl IntoView + use<>, impl IntoView + use<>) {
        let words = lang.later_words();
        let answers = (self.to != To::Room && room.is_some()).then(|| self.answered(lang));
        let answers = answers.map(|answers| view! { <p class="message-quote">{answers}</p> });
        let gone = self.files.iter().filter(|(_, file)| file.is_none()).count();
        let gone = (gone > 0).then(|| view! { <p class="field-note">{words.file_gone}</p> });
        let (files, names): (Vec<File>, Vec<String>) =
            self.files.into_iter().filter_map(|(_, file)| file.map(|file| (file.clone(), file.name))).unzip();
        let drawn = room.filter(|_| !files.is_empty()).map(|room| {
            let first = FirstPage {
                path: room.path(),
                lang,
                theme: Theme::default(),
                offset_min: 0,
                cid: random::cid(state.clock.now_ms()),
                frames: Vec::new(),
                slip: None,
                allowance: state.allowance,
            };
            let chat = Chat::new(first, Browser::absent());
            let drawn = pen::drawn(Attachments { files, room: room.clone(), chat });
            view! { <div class="message-files">{drawn}</div> }
        });
        // Where they can't be read, they are still known.
        let named =
            (room.is_none() && !names.is_empty()).then(|| view! { <p class="faint"><bdi>{names.join(", ")}</bdi></p> });
        (answers, view! { {drawn} {named} {gone} })
    }

    /// The line of what is answered.
    fn answered(&self, lang: Lang) -> impl IntoView + use<> {
        let words = lang.later_words();
        let label = match (&self.quote, self.to) {
            (None, _) => words.answers_deleted.to_owned(),
            (Some(quote), To::Thread(..)) => (words.in_thread)(quote.by.name.as_str()),
            (Some(quote), _) => (lang.words().on_message.replying_to)(quote.by.name.as_str()),
        };
        let text = self.quote.as_ref().map(|quote| quote.text.clone());
        view! { <span class="enclosed-what">{label}</span> " " <span class="quote-text" dir="auto">{text}</span> }
    }
}
