//! Pages: the same components that the browser runs, drawn on the server from the same frames that the socket would bring.

use app::app;
use app::browser::Browser;
use app::chat::Chat;
use app::first_page::{ELEMENT_ID, FirstPage, Form, Slip};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::{RoomName, Slug};
use app::route::Route;
use app::text::as_html;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::bundle;
use crate::emoji;
use crate::error::{HttpError, accepts_html};
use crate::policy;
use crate::random;
use crate::reader::Reader;
use crate::room::Answer;
use crate::session::Session;
use crate::sheets::thread;
use crate::state::AppState;
use crate::unshown;
use crate::zone::Zone;

/// `GET /`, `/hello/{name}` and `/lab`: pages that need no more than who is asking.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn plain_page(
    State(state): State<AppState>,
    reader: Reader,
    session: Option<Session>,
    uri: Uri,
) -> Result<Response, HttpError> {
    Ok(Page::new(&state, reader, session.as_ref(), uri.path()).await.answer(&state, StatusCode::OK).await)
}

/// `GET /rooms/{slug}`: a room with its newest messages.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn room_page(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    reader: Reader,
    session: Option<Session>,
) -> Result<Response, HttpError> {
    of_route(&state, reader, session.as_ref(), Route::Room(slug)).await
}

/// `GET /rooms/{slug}/{seq}`: a room at one of its messages.
///
/// # Errors
/// As [`anything_else`], for what is no number.
pub async fn message_page(
    State(state): State<AppState>,
    reader: Reader,
    session: Option<Session>,
    request: Request,
) -> Result<Response, HttpError> {
    match Route::parse(request.uri().path()) {
        route @ Route::Message(..) => of_route(&state, reader, session.as_ref(), route).await,
        _ => anything_else(State(state), reader, session, request).await,
    }
}

async fn of_route(
    state: &AppState,
    reader: Reader,
    session: Option<&Session>,
    route: Route,
) -> Result<Response, HttpError> {
    match as_written(state, &route) {
        Some(right) => Ok(Redirect::to(&right.path()).into_response()),
        None => of_room(state, reader, session, route, (None, None)).await,
    }
}

/// The address that somebody meant who wrote the room in capitals.
fn as_written(state: &AppState, route: &Route) -> Option<Route> {
    let slug = route.room()?;
    let meant = RoomName::new(slug.as_str()).ok()?.slug().clone();
    let is_meant = meant != *slug && !state.rooms.is_public(slug) && state.rooms.is_public(&meant);
    match route {
        _ if !is_meant => None,
        Route::Message(_, seq) => Some(Route::Message(meant, *seq)),
        _ => Some(Route::Room(meant)),
    }
}

/// The page that says that a room was left, and how to get back.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn of_left_room(
    state: &AppState,
    reader: Reader,
    session: &Session,
    slug: Slug,
) -> Result<Response, HttpError> {
    let mut page = Page::new(state, reader, Some(session), &slug.path()).await;
    page.first.frames.push(state.rooms.admit(&session.member, &slug)?.page(None).await?);
    page.first.frames.push(ServerFrame::Gone { room: slug });
    Ok(page.answer(state, StatusCode::OK).await)
}

/// A room's page, the newest or the one around a message, with a form that was refused if there is one, and what is to be said of its
/// files.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn of_room(
    state: &AppState,
    reader: Reader,
    session: Option<&Session>,
    route: Route,
    (slip, on_files): (Option<Slip>, Option<String>),
) -> Result<Response, HttpError> {
    let mut page = Page::new(state, reader, session, &route.path()).await;
    page.unscripted = on_files;
    let mut status = slip.as_ref().and_then(|slip| slip.why).map_or(StatusCode::OK, crate::error::status_of);
    page.first.slip = slip.or(page.first.slip);
    let at = if let Route::Message(_, seq) = &route { Some(*seq) } else { None };
    if let (Some(session), Some(slug)) = (session, route.room()) {
        match state.rooms.admit(&session.member, slug) {
            Ok(admitted) => {
                admitted.unhide().await?;
                let shown = admitted.page(at).await?;
                if let ServerFrame::Page { events, .. } = &shown {
                    let sought = at.and_then(|seq| events.iter().find(|event| event.seq == seq));
                    if let Some(path) = sought.and_then(|event| thread::path_of_reply(slug, event)) {
                        return Ok(Redirect::to(&path).into_response());
                    }
                    let said = || unshown::sentence(events, session.member.id, page.first.lang, state.clock.now_ms());
                    page.unscripted = page.unscripted.take().or_else(said);
                }
                page.first.frames.push(shown);
                page.first.frames.extend(admitted.present());
            }
            Err(Answer::Refused(why)) => {
                status = crate::error::status_of(why);
                let room = Some(slug.clone());
                page.first.frames.push(ServerFrame::Refused { why, cid: None, room, after_ms: None });
            }
            Err(answer) => return Err(answer.into()),
        }
    }
    Ok(page.answer(state, status).await)
}

/// The page of a form that was refused, other than a message.
pub async fn of_refused_form(
    state: &AppState,
    reader: Reader,
    session: Option<&Session>,
    path: &str,
    slip: Slip,
) -> Response {
    let status = slip.why.map_or(StatusCode::OK, crate::error::status_of);
    let mut page = Page::new(state, reader, session, path).await;
    page.first.slip = Some(slip);
    page.answer(state, status).await
}

/// Whatever no route is for: a file that lies beside the pages, else a page or problem that says so.
///
/// # Errors
/// [`HttpError`].
pub async fn anything_else(
    State(state): State<AppState>,
    reader: Reader,
    session: Option<Session>,
    request: Request,
) -> Result<Response, HttpError> {
    if let Some(file) = bundle::public_file(request.uri().path(), request.headers()) {
        return Ok(file);
    }
    if !accepts_html(request.headers()) {
        return Err(HttpError::Missing);
    }
    let page = Page::new(&state, reader, session.as_ref(), request.uri().path()).await;
    Ok(page.answer(&state, StatusCode::NOT_FOUND).await)
}

/// A page in the making.
struct Page {
    first: FirstPage,
    zone: Zone,
    /// What scripts would have said by themselves.
    unscripted: Option<String>,
}

impl Page {
    async fn new(state: &AppState, reader: Reader, session: Option<&Session>, path: &str) -> Self {
        let mut frames = Vec::new();
        if let Some(Session { member, .. }) = session {
            let (epoch, me) = (state.store.epoch().to_owned(), member.clone());
            // A page without choices and marks is better than none.
            let (choices, marks) = state.rooms.kept_of(member.id).await.ok().unzip();
            let choices = choices.unwrap_or_default();
            let rooms = state.rooms.listed(member.id, &choices, marks.as_ref());
            frames.push(ServerFrame::Welcome { epoch, me, rooms });
            frames.push(ServerFrame::Choices { rooms: choices, all: true });
            let until_ms = state.rooms.quiet_until_ms(member.id);
            frames.extend((until_ms > 0).then_some(ServerFrame::Quiet { until_ms }));
            frames.extend(state.schedule.told(member.id));
            if let Some(marks) = marks {
                frames.extend(state.rooms.reading(marks).await.ok());
            }
        }
        // A name at the door would be typed for nothing.
        let full = session.is_none() && state.is_full();
        let slip = full.then(|| Slip { form: Form::Enter, typed: String::new(), why: Some(Refusal::PeopleFull) });
        let Reader { lang, theme, zone } = reader;
        let cid = random::cid(state.clock.now_ms());
        Self {
            first: FirstPage {
                path: path.to_owned(),
                lang,
                theme,
                offset_min: 0,
                cid,
                frames,
                slip,
                allowance: state.allowance,
            },
            zone,
            unscripted: None,
        }
    }

    async fn answer(self, state: &AppState, status: StatusCode) -> Response {
        let (mut first, unscripted, state) = (self.first, self.unscripted, state.clone());
        // Clocks stood otherwise in another season.
        let shown_ms = first.frames.iter().find_map(newest_ms).unwrap_or_else(|| state.clock.now_ms());
        first.offset_min = self.zone.offset_min(shown_ms);
        let zone = self.zone;
        let draw = move || {
            let (zone, unscripted) = (zone.clone(), unscripted.clone());
            shell(&first, (zone, unscripted), &state.bundle, state.config.watch.is_some())
        };
        let render = leptos_axum::render_app_to_stream_in_order_with_context(|| {}, draw);
        let mut response = render(Request::new(Body::empty())).await;
        *response.status_mut() = status;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// When the newest was said of what a page shows of its room.
fn newest_ms(frame: &ServerFrame) -> Option<i64> {
    if let ServerFrame::Page { events, .. } = frame { events.last().map(|event| event.at_ms) } else { None }
}

/// The document around the app.
fn shell(
    first: &FirstPage,
    (zone, unscripted): (Zone, Option<String>),
    bundle: &crate::bundle::Bundle,
    watched: bool,
) -> impl IntoView + use<> {
    // JSON inside a script element must not be able to end it.
    let state = app::protocol::encode(first).replace('<', "\\u003c");
    let sentence = zone.sentence(first.lang);
    let chat = Chat::new(first.clone(), Browser::absent()).knows_zone(sentence, move |at_ms| zone.offset_min(at_ms));
    let words = chat.lang.get_untracked().words();
    let nonce = use_nonce();
    let policy = policy::of_page(nonce.as_deref().unwrap_or_default(), watched);
    expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
    let options = LeptosOptions::builder().output_name("madang").reload_port(3001_u32).build();
    // Drawn from its end, half of a list is not where the whole one is: the message that an address names would be left behind.
    let is_room = chat.route.with_untracked(|route| route.room().is_some());
    let whole = is_room.then(|| view! { <link rel="expect" href="#message" blocking="render"/> });
    view! {
        <!DOCTYPE html>
        <html lang=first.lang.tag() data-theme=first.theme.word()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content"/>
                <title inner_html=as_html(&app::title(chat))></title>
                <meta name="description" content=words.tagline/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <meta name="theme-color" content="#f5eee3" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#171311" media="(prefers-color-scheme: dark)"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <meta name="emoji" content=emoji::path()/>
                {whole}
                <link rel="stylesheet" href=bundle.style()/>
                <link rel="modulepreload" href=bundle.script()/>
                <link rel="preload" href=bundle.wasm() r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <script type="application/json" id=ELEMENT_ID inner_html=state></script>
                <script type="module" nonce=nonce inner_html=bundle.loader()></script>
                {watched.then(|| view! { <AutoReload options/> })}
            </head>
            <body>
                {app(chat)}
                {unscripted.map(|said| view! { <noscript><p class="toast" role="status">{said}</p></noscript> })}
            </body>
        </html>
    }
}

/// The page for an error that is not about a form or an address: no script, just the sentence and the way back.
pub fn of_error(state: &AppState, reader: &Reader, status: StatusCode, why: Option<Refusal>) -> Response {
    let words = reader.lang.words();
    let sentence = sentence_of_error(state, reader, status, why);
    let heading = if status == StatusCode::NOT_FOUND { words.missing } else { words.trouble };
    let page = view! {
        <html lang=reader.lang.tag() data-theme=reader.theme.word()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title inner_html=as_html(&format!("{heading} · Madang"))></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=state.bundle.style()/>
            </head>
            <body>
                <main class="page">
                    <section class="lonely">
                        <h1>{heading}</h1>
                        <p>{sentence}</p>
                        <p class="faint">{status.as_u16()}</p>
                        <a class="button primary" href="/">{words.home}</a>
                    </section>
                </main>
            </body>
        </html>
    };
    let html = format!("<!DOCTYPE html>{}", page.to_html());
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// What a person is told of an error: why, or at least whether there is anything at all.
pub fn sentence_of_error(state: &AppState, reader: &Reader, status: StatusCode, why: Option<Refusal>) -> String {
    let words = reader.lang.words();
    let plain = if status == StatusCode::NOT_FOUND { words.missing_hint } else { words.trouble_hint };
    why.map_or_else(|| plain.to_owned(), |why| state.allowance.sentence(reader.lang, why))
}
