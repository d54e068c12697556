//! From a cookie to a person. The cookie bears an opaque random token; the store knows only its SHA-256.

use app::member::{Member, Name};
use app::refusal::Refusal;
use app::text;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use sha2::{Digest, Sha256};

use crate::error::HttpError;
use crate::random;
use crate::state::AppState;
use crate::store::Known;

/// The session cookie.
const COOKIE: &str = "madang";
/// How long a browser keeps what it is given to remember, in seconds: a year.
pub const YEAR_S: i64 = 365 * 24 * 60 * 60;

/// Somebody who is signed in. Taking one as an argument is asking for it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub member: Member,
}

/// A new session's token: 256 random bits. It is given to the browser and never kept.
pub struct Token(String);

impl Token {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(random::hex::<32>())
    }

    /// What the store keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }

    /// The `Set-Cookie` value that carries it (RFC 6265); Secure where the page came over https.
    pub fn into_cookie(self, headers: &HeaderMap) -> String {
        let secure = if came_over_https(headers) { "; Secure" } else { "" };
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR_S}{secure}", self.0)
    }
}

/// Browsers name the page's scheme in Origin when they post a form; proxies name it in X-Forwarded-Proto.
fn came_over_https(headers: &HeaderMap) -> bool {
    let says = |name: &str, start: &[u8]| headers.get(name).is_some_and(|value| value.as_bytes().starts_with(start));
    says(ORIGIN.as_str(), b"https://") || says("x-forwarded-proto", b"https")
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Who these headers' cookie belongs to.
async fn find(state: &AppState, headers: &HeaderMap) -> Result<Option<Session>, HttpError> {
    let cookies = CookieJar::from_headers(headers);
    let Some(cookie) = cookies.get(COOKIE) else {
        return Ok(None);
    };
    let now_ms = state.clock.now_ms();
    let Some(known) = state.store.known(hash(cookie.value()), now_ms).await? else {
        return Ok(None);
    };
    Ok(Some(Session { member: refreshed(state, known, now_ms).await? }))
}

/// Notes now and then that somebody was seen, and gives somebody whose name was given away a name again.
async fn refreshed(state: &AppState, known: Known, now_ms: i64) -> Result<Member, HttpError> {
    let Known { member, is_stale, is_nameless } = known;
    if is_nameless {
        return another_name(state, member).await;
    }
    if is_stale {
        state.store.seen(vec![member.id], now_ms).await?;
    }
    Ok(member)
}

/// The old name if it is free again, else the old name with the first number that is free.
async fn another_name(state: &AppState, member: Member) -> Result<Member, HttpError> {
    let numbers = (2..100).filter_map(|number| numbered(member.name.as_str(), number));
    for name in std::iter::once(member.name.clone()).chain(numbers) {
        if let Some(named) = state.rooms.name_again(member.id, name).await? {
            return Ok(named);
        }
    }
    Err(HttpError::Refused(Refusal::NameTaken))
}

/// The name with a number, shortened where that would be too long.
fn numbered(name: &str, number: u32) -> Option<Name> {
    let longest_first = (1..=text::graphemes(name)).rev();
    longest_first
        .map(|kept| format!("{} {number}", text::first_graphemes(name, kept)))
        .find_map(|name| Name::new(&name).ok())
}

impl FromRequestParts<AppState> for Session {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let session = Option::<Self>::from_request_parts(parts, state).await?;
        session.ok_or(HttpError::Refused(Refusal::SignedOut))
    }
}

impl OptionalFromRequestParts<AppState> for Session {
    type Rejection = HttpError;

    /// Looked up once for a request, however many ask.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, HttpError> {
        if let Some(found) = parts.extensions.get::<Option<Self>>() {
            return Ok(found.clone());
        }
        let found = find(state, &parts.headers).await?;
        parts.extensions.insert(found.clone());
        Ok(found)
    }
}
