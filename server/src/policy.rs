//! What browsers may do with our answers: the headers that every one of them bears.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// What a page may load (Content Security Policy, level 3): our own files, and the inline scripts that bear this page's nonce.
/// While the code is being worked on, pages also reload themselves.
pub fn of_page(nonce: &str, watched: bool) -> HeaderValue {
    let reload = if watched { " ws:" } else { "" };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'{reload}; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(OF_ANYTHING_ELSE)
}

const OF_ANYTHING_ELSE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

/// Puts the headers on; a page has brought its own policy.
pub async fn apply(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(OF_ANYTHING_ELSE);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
