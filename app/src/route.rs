//! Which page an address means, and back. The server has one HTTP route for each of these.

use crate::message::Seq;
use crate::room::Slug;
use crate::text;

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: walk in, or the list of rooms.
    Home,
    /// `/hello/{name}`: a greeting that offers this name.
    Hello(String),
    /// `/rooms/{slug}`: a room.
    Room(Slug),
    /// `/rooms/{slug}/{number}`: a room at one of its messages, for links that last.
    Message(Slug, Seq),
    /// `/lab`: trying WebSockets.
    Lab,
    /// Nothing that we know.
    Missing,
}

impl Route {
    /// Reads the path of an address, percent-encoded as browsers give it.
    pub fn parse(path: &str) -> Self {
        let decoded: Vec<String> = path.trim_start_matches('/').split('/').map(percent_decoded).collect();
        match decoded.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [""] => Self::Home,
            ["hello", name] if !name.is_empty() => Self::Hello(name.to_owned()),
            ["rooms", slug] if !slug.is_empty() => Self::Room(Slug::from(slug)),
            ["rooms", slug, number] if !slug.is_empty() => {
                text::number(number).map_or(Self::Missing, |seq| Self::Message(Slug::from(slug), seq))
            }
            ["lab"] => Self::Lab,
            _ => Self::Missing,
        }
    }

    /// The path of this page, percent-encoded.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Missing => "/".to_owned(),
            Self::Hello(name) => format!("/hello/{}", percent_encoded(name)),
            Self::Room(slug) => slug.path(),
            Self::Message(slug, seq) => format!("{}/{seq}", slug.path()),
            Self::Lab => "/lab".to_owned(),
        }
    }

    /// The room that this page shows, if it shows one.
    pub fn room(&self) -> Option<&Slug> {
        if let Self::Room(slug) | Self::Message(slug, _) = self { Some(slug) } else { None }
    }
}

/// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

/// Undoes percent-encoding; a broken escape stays as it is, and bytes that are not UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_an_address_that_leads_back_to_it() {
        for route in [
            Route::Home,
            Route::Hello("민수 A/B".into()),
            Route::Room("주간-회의".into()),
            Route::Message("주간-회의".into(), 4_711),
            Route::Lab,
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
        for nowhere in
            ["/nowhere", "/rooms/a/b", "/rooms/a/", "/rooms/a/-1", "/rooms/a/+1", "/rooms/a/1/2", "/rooms//1"]
        {
            assert_eq!(Route::parse(nowhere), Route::Missing, "{nowhere}");
        }
        assert_eq!(Route::parse("/rooms/a/99999999999999999999"), Route::Missing, "more than any number");
    }

    #[test]
    fn broken_escapes_are_kept() {
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%41%4"), "%zzA%4");
        assert_eq!(percent_decoded("%FF"), "\u{FFFD}");
    }
}
