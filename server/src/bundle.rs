//! The files that browsers load: wasm, its loader, style, icons; embedded in the program, compressed at build time.
//! Files of `pkg/` bear their content's hash in their address and are kept for ever; the others are asked for again.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::error::HttpError;
use crate::hex::hex;

/// What cargo-leptos built. In a debug build the files are read from the disk each time.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

const SCRIPT: &str = "madang.js";
const WASM: &str = "madang.wasm";
const STYLE: &str = "madang.css";
/// Precompressed forms, the smallest first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The embedded files, and their addresses as pages name them.
pub struct Bundle {
    names: Option<Names>,
}

/// Addresses with hashes.
#[derive(Clone)]
struct Names {
    script: String,
    wasm: String,
    style: String,
}

impl Bundle {
    /// Looks at what is embedded. While the code is being worked on, the names are found anew for every page.
    pub fn new(watched: bool) -> Self {
        Self { names: (!watched).then(Names::find) }
    }

    fn names(&self) -> Names {
        self.names.clone().unwrap_or_else(Names::find)
    }

    /// The address of the script.
    pub fn script(&self) -> String {
        self.names().script
    }

    /// The address of the wasm.
    pub fn wasm(&self) -> String {
        self.names().wasm
    }

    /// The address of the style sheet.
    pub fn style(&self) -> String {
        self.names().style
    }

    /// The lines in the page that start the wasm.
    pub fn loader(&self) -> String {
        let Names { script, wasm, .. } = self.names();
        format!("import start from \"{script}\";\nstart({{ module_or_path: \"{wasm}\" }});\n")
    }
}

impl Names {
    fn find() -> Self {
        Self { script: hashed(SCRIPT), wasm: hashed(WASM), style: hashed(STYLE) }
    }
}

fn hashed(name: &str) -> String {
    let hash = Site::get(&format!("pkg/{name}")).map(|file| short_hash(&file)).unwrap_or_default();
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    format!("/pkg/{stem}.{hash}.{ending}")
}

fn short_hash(file: &EmbeddedFile) -> String {
    hex(&file.metadata.sha256_hash()[..8])
}

/// `GET /pkg/{name}`: a file whose address bears its hash.
pub async fn package_file(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, HttpError> {
    let mut parts = name.splitn(3, '.');
    let (Some(stem), Some(hash), Some(ending)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(HttpError::Missing);
    };
    let path = format!("pkg/{stem}.{ending}");
    let file = Site::get(&path).filter(|file| short_hash(file) == hash).ok_or(HttpError::Missing)?;
    Ok(serve(&path, &file, &headers, "public, max-age=31536000, immutable"))
}

/// A file that lies beside the pages, as the icon; `None` when there is none of this name.
pub fn public_file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let path = path.trim_start_matches('/');
    let is_public = !path.starts_with("pkg/") && !ENCODINGS.iter().any(|(_, ending)| path.ends_with(ending));
    let file = Site::get(path).filter(|_| is_public)?;
    Some(serve(path, &file, headers, "no-cache"))
}

fn serve(path: &str, file: &EmbeddedFile, headers: &HeaderMap, keep: &'static str) -> Response {
    let compressed = ENCODINGS
        .iter()
        .filter(|(name, _)| accepts(headers, name))
        .find_map(|(name, ending)| Some((*name, Site::get(&format!("{path}{ending}"))?)));
    let (encoding, body) = match compressed {
        Some((name, file)) => (Some(name), file.data),
        None => (None, file.data.clone()),
    };
    let etag = format!("\"{}{}\"", short_hash(file), encoding.map(|name| format!("-{name}")).unwrap_or_default());
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(body.into_owned()).into_response() };
    let answered = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(file.metadata.mimetype()) {
        answered.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(&etag) {
        answered.insert(header::ETAG, value);
    }
    if let Some(name) = encoding {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether a browser takes an encoding (RFC 9110, section 12.5.3).
pub(crate) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|range| {
        let (name, weight) = range.split_once(';').unwrap_or((range, ""));
        name.trim() == encoding && weight.trim() != "q=0"
    })
}
