//! A bucket that speaks S3, on this machine, and does wrong when it is told to. It takes nothing that is not signed with its keys, and
//! keeps in mind whoever let one of them be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use server::config::{Aws, Serve};
use tokio::net::TcpListener;

/// The name of the bucket.
const NAME: &str = "courtyard";
const KEY_ID: &str = "MADANGKEYID";
/// What nobody but the program may see.
pub(crate) const SECRET: &str = "a/secret+that+is+never+seen";
const SESSION: &str = "a/session+that+is+not+told";
/// No part but the last may be smaller.
const SMALLEST_PART: usize = 5 * 1024 * 1024;
/// A list has so many entries on each of its pages.
const PAGE: usize = 2;

/// What a bucket does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has no time, whatever it is asked.
    Busy,
    /// It refuses, and repeats what it was sent.
    Denies,
    /// It takes what it is asked and says nothing.
    Silent,
    /// It gives so many bytes, and then nothing.
    SilentAfter(usize),
    /// It takes parts, and never answers that it has them.
    SilentOnParts,
    /// It takes parts, and does not put them together.
    NeverWhole,
    /// It breaks off what it gives after so many bytes, once.
    CutsOnce(usize),
    /// It breaks off what it gives after so many bytes, and then has no time.
    Cuts(usize),
}

/// The bucket. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Bucket {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Default)]
struct Shelf {
    objects: BTreeMap<String, Bytes>,
    /// What was begun, with the parts that came.
    begun: BTreeMap<String, BTreeMap<usize, Bytes>>,
    count: usize,
    most_at_once: usize,
    fault: Option<Fault>,
    /// How often it has refused to delete something.
    undeleted: usize,
    /// How often it was asked and said nothing.
    unanswered: usize,
    /// What must not have been asked.
    wrong: BTreeSet<String>,
    /// The parts of objects that were asked for.
    ranges: Vec<String>,
}

impl Bucket {
    /// A bucket with nothing in it.
    pub(crate) async fn opens() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let bucket = Self { address, shelf: Arc::default() };
        let router = Router::new().fallback(answer).with_state(bucket.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        bucket
    }

    /// A bucket at an address where nobody speaks.
    pub(crate) fn unheard(address: SocketAddr) -> Self {
        Self { address, shelf: Arc::default() }
    }

    /// Where files are to be kept.
    pub(crate) fn place(&self) -> String {
        format!("s3://{NAME}/the house/files")
    }

    /// Lets a program's files be kept here.
    pub(crate) fn set(&self, config: &mut Serve) {
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        (config.files_at, config.aws) = (Some(self.place()), Aws(self.variables().map(owned).to_vec()));
    }

    /// The variables that lead here.
    pub(crate) fn variables(&self) -> [(&'static str, String); 6] {
        [
            ("AWS_ACCESS_KEY_ID", KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_SESSION_TOKEN", SESSION.to_owned()),
            ("AWS_REGION", "ap-northeast-2".to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }

    /// From now on it does this wrong.
    pub(crate) fn fails(&self, fault: Fault) {
        self.shelf().fault = Some(fault);
    }

    /// From now on it does nothing wrong.
    pub(crate) fn heals(&self) {
        self.shelf().fault = None;
    }

    /// The names of all objects, but for the one that says whose they are.
    pub(crate) fn names(&self) -> Vec<String> {
        self.shelf().objects.keys().filter(|name| !name.ends_with("/owner")).cloned().collect()
    }

    /// Somebody else puts an object here.
    pub(crate) fn has(&self, name: &str) {
        self.shelf().objects.insert(name.to_owned(), Bytes::from_static(b"x"));
    }

    /// How many objects have come in parts that are not put together, and how many parts the largest of all had.
    pub(crate) fn in_parts(&self) -> (usize, usize) {
        let shelf = self.shelf();
        (shelf.begun.len(), shelf.most_at_once)
    }

    /// How many parts lie here that are not put together.
    pub(crate) fn parts(&self) -> usize {
        self.shelf().begun.values().map(BTreeMap::len).sum()
    }

    /// How often it has refused to delete something.
    pub(crate) fn undeleted(&self) -> usize {
        self.shelf().undeleted
    }

    /// How often it has said nothing, or no more.
    pub(crate) fn unanswered(&self) -> usize {
        self.shelf().unanswered
    }

    /// The ranges that were asked for since the last time.
    pub(crate) fn ranges(&self) -> Vec<String> {
        std::mem::take(&mut self.shelf().ranges)
    }

    /// All that was asked was signed, and no key could be seen in it.
    pub(crate) fn saw_nothing_wrong(&self) {
        assert_eq!(self.shelf().wrong, BTreeSet::new());
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().expect("nobody panicked with the shelf")
    }
}

/// What an address asks for (Amazon S3 API Reference).
type Asked = Query<BTreeMap<String, String>>;

async fn answer(State(bucket): State<Bucket>, Query(asked): Asked, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = percent_decoded(head.uri.path());
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let seen = format!("{} {:?}", head.uri, head.headers);
    if seen.contains(SECRET) || String::from_utf8_lossy(&body).contains(SECRET) {
        bucket.shelf().wrong.insert(format!("the secret is in {} {path}", head.method));
    }
    if !is_signed(&head.headers) {
        bucket.shelf().wrong.insert(format!("{} {path} is not signed", head.method));
        return refusal(StatusCode::FORBIDDEN, "AccessDenied", "");
    }
    let fault = bucket.shelf().fault;
    let is_part = asked.contains_key("partNumber");
    match fault {
        Some(Fault::Silent) => {
            bucket.shelf().unanswered += 1;
            return std::future::pending().await;
        }
        Some(Fault::Busy) => return refusal(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", ""),
        Some(Fault::Denies) => {
            bucket.shelf().undeleted += usize::from(head.method == Method::DELETE);
            return refusal(StatusCode::FORBIDDEN, "ExpiredToken", &format!("<Token-0>{SESSION}</Token-0>"));
        }
        Some(Fault::NeverWhole) if head.method == Method::POST && asked.contains_key("uploadId") => {
            return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "");
        }
        _ => {}
    }
    let Some(name) = path.strip_prefix(&format!("/{NAME}")) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchBucket", "");
    };
    let answer = bucket.shelf().answer(&head.method, name.trim_start_matches('/'), &asked, &head.headers, body);
    if is_part && fault == Some(Fault::SilentOnParts) {
        return std::future::pending().await;
    }
    answer
}

/// With these keys (AWS Signature Version 4). That the sum is right is for real servers to say.
fn is_signed(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signature = text("authorization");
    signature.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY_ID}/"))
        && signature.contains("/ap-northeast-2/s3/aws4_request")
        && signature.contains("Signature=")
        && text("x-amz-security-token") == SESSION
        && !text("x-amz-content-sha256").is_empty()
}

impl Shelf {
    fn answer(
        &mut self,
        method: &Method,
        name: &str,
        asked: &BTreeMap<String, String>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Response {
        // An empty one is none to Ceph's gateway.
        let upload = asked.get("uploadId").filter(|upload| !upload.is_empty());
        match (method.as_str(), upload) {
            ("GET", _) if asked.contains_key("list-type") => self.list(asked),
            ("GET" | "HEAD", _) => self.give(name, headers),
            ("PUT", Some(upload)) => self.take_part(upload, &asked["partNumber"], body),
            ("PUT", None) => {
                self.objects.insert(name.to_owned(), body);
                (StatusCode::OK, [(header::ETAG, "\"1\"")]).into_response()
            }
            ("POST", Some(upload)) => self.put_together(name, upload, &body),
            ("POST", None) if asked.contains_key("uploads") => {
                self.count += 1;
                let upload = format!("begun/{}", self.count);
                self.begun.insert(upload.clone(), BTreeMap::new());
                xml(&format!(
                    "<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                ))
            }
            ("DELETE", Some(upload)) => match self.begun.remove(upload) {
                Some(_) => StatusCode::NO_CONTENT.into_response(),
                None => refusal(StatusCode::NOT_FOUND, "NoSuchUpload", ""),
            },
            ("DELETE", None) => {
                self.objects.remove(name);
                StatusCode::NO_CONTENT.into_response()
            }
            _ => refusal(StatusCode::NOT_IMPLEMENTED, "NotImplemented", ""),
        }
    }

    fn take_part(&mut self, upload: &str, number: &str, body: Bytes) -> Response {
        let (Some(parts), Ok(number)) = (self.begun.get_mut(upload), number.parse()) else {
            return refusal(StatusCode::NOT_FOUND, "NoSuchUpload", "");
        };
        parts.insert(number, body);
        self.most_at_once = self.most_at_once.max(parts.len());
        (StatusCode::OK, [(header::ETAG, format!("\"part {number}\""))]).into_response()
    }

    fn put_together(&mut self, name: &str, upload: &str, body: &[u8]) -> Response {
        let Some(parts) = self.begun.remove(upload) else {
            return refusal(StatusCode::NOT_FOUND, "NoSuchUpload", "");
        };
        let named = String::from_utf8_lossy(body).matches("<PartNumber>").count();
        let is_whole = named == parts.len() && parts.keys().copied().eq(1..=parts.len());
        let sizes_fit = parts.values().rev().skip(1).all(|part| part.len() >= SMALLEST_PART);
        if !is_whole || !sizes_fit {
            return refusal(StatusCode::BAD_REQUEST, "InvalidPart", "");
        }
        let whole: Vec<&[u8]> = parts.values().map(|part| &part[..]).collect();
        self.objects.insert(name.to_owned(), whole.concat().into());
        xml("<CompleteMultipartUploadResult><ETag>\"1\"</ETag></CompleteMultipartUploadResult>")
    }

    fn list(&self, asked: &BTreeMap<String, String>) -> Response {
        let text = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let (prefix, after) = (text("prefix"), text("continuation-token"));
        let mut found = self.objects.iter().filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after);
        let page: Vec<_> = found.by_ref().take(PAGE).collect();
        let entries: String = page.iter().map(|(name, object)| entry(name, object.len())).collect();
        let next = found
            .next()
            .and(page.last())
            .map(|(name, _)| format!("<NextContinuationToken>{name}</NextContinuationToken>"));
        xml(&format!("<ListBucketResult>{entries}{}</ListBucketResult>", next.unwrap_or_default()))
    }

    fn give(&mut self, name: &str, headers: &HeaderMap) -> Response {
        let Some(object) = self.objects.get(name).cloned() else {
            return refusal(StatusCode::NOT_FOUND, "NoSuchKey", "");
        };
        let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
        self.ranges.extend(range.map(str::to_owned));
        let part = range.and_then(|range| part_of(range, object.len()));
        let known = [(header::ETAG, "\"1\""), (header::LAST_MODIFIED, "Sat, 21 Nov 2026 00:00:00 GMT")];
        let bytes = object.slice(part.clone().unwrap_or(0..object.len()));
        let length = bytes.len();
        let mut response = (known, self.body(bytes)).into_response();
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        if let Some(part) = part {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = format!("bytes {}-{}/{}", part.start, part.end - 1, object.len());
            response.headers_mut().insert(header::CONTENT_RANGE, range.parse().expect("a header"));
        }
        response
    }

    /// What it gives, or the beginning of it.
    fn body(&mut self, bytes: Bytes) -> Body {
        let after = match self.fault {
            Some(Fault::CutsOnce(after)) => {
                self.fault = None;
                after
            }
            Some(Fault::Cuts(after)) => {
                self.fault = Some(Fault::Busy);
                after
            }
            Some(Fault::SilentAfter(after)) => {
                self.unanswered += 1;
                let beginning = stream::iter([Ok::<_, std::io::Error>(bytes.slice(..after))]);
                return Body::from_stream(beginning.chain(stream::pending()));
            }
            _ => return Body::from(bytes),
        };
        let beginning = bytes.slice(..after.min(bytes.len()));
        let pieces = beginning.chunks(64 * 1024).map(Bytes::copy_from_slice).map(Ok).collect::<Vec<_>>();
        Body::from_stream(stream::iter(pieces.into_iter().chain([Err(std::io::Error::other("cut"))])))
    }
}

fn part_of(range: &str, size: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let last: usize = last.parse().ok()?;
    Some(first.parse().ok()?..(last + 1).min(size))
}

fn entry(name: &str, bytes: usize) -> String {
    format!(
        "<Contents><Key>{name}</Key><LastModified>2026-11-21T00:00:00.000Z</LastModified><ETag>\"1\"</ETag>\
         <Size>{bytes}</Size></Contents>"
    )
}

fn xml(text: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], format!("<?xml version=\"1.0\"?>{text}")).into_response()
}

fn refusal(status: StatusCode, code: &str, more: &str) -> Response {
    let answer = xml(&format!("<Error><Code>{code}</Code><Message>It says {code}.</Message>{more}</Error>"));
    (status, answer).into_response()
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => (bytes.push(code), rest = &after[2..]),
            None => (bytes.push(*first), rest = after),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
