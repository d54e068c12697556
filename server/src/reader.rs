//! Who reads the answer to a request: their language, theme and clock, from cookies and headers. All of it is a wish;
//! none of it says who they are.

use app::first_page::{LANG_COOKIE, THEME_COOKIE};
use app::i18n::Lang;
use app::preferences::Theme;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use std::convert::Infallible;

use crate::zone::Zone;

/// How somebody reads.
#[derive(Clone, Debug)]
pub struct Reader {
    /// In which language.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// The zone of their clock.
    pub zone: Zone,
}

impl Reader {
    /// Reads cookies first, then `Accept-Language`.
    pub fn of(headers: &HeaderMap) -> Self {
        let cookies = CookieJar::from_headers(headers);
        let cookie = |name| cookies.get(name).map(|cookie| cookie.value());
        let accepted = || {
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Lang::En, Lang::accepted)
        };
        Self {
            lang: cookie(LANG_COOKIE).and_then(Lang::from_tag).unwrap_or_else(accepted),
            theme: cookie(THEME_COOKIE).and_then(Theme::from_word).unwrap_or_default(),
            zone: Zone::of(headers),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}
