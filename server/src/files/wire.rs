//! How a bucket is asked over HTTP: on hyper's client, with the TLS that we have. Nothing is waited for without end. Of an answer that
//! refuses only the reason goes on, for such answers repeat what they were sent, keys of sessions among it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Method, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, Client, connect};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::{ClientConfigKey, ClientOptions};
use rustls::RootCertStore;
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::tls;

/// How long an address may take to be connected to.
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);
/// How long it may take until a request is answered,
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
/// and for so many bytes that are sent along, a second more.
const SLOWEST_BYTES: u64 = 64 * 1024;
/// How long next to nothing may come of a file while somebody waits for it,
const SILENT_FOR: Duration = Duration::from_secs(20);
/// namely less than this.
const LEAST_BYTES: usize = 4 * 1024;
/// How long any other answer may take to come: a store that puts parts together sends blanks for a while.
const READ_WITHIN: Duration = Duration::from_secs(60);
/// How long it may be, in bytes: it may be a list of a thousand names.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// How many bytes of a connection are read ahead.
const READ_AHEAD: usize = 64 * 1024;
/// How many connections are kept that nobody uses.
const IDLE: usize = 8;
/// How many bytes of an answer that refuses are looked at,
const MAX_REFUSAL_BYTES: usize = 16 * 1024;
/// and how long a reason is, in characters.
const MAX_REASON: usize = 300;

/// Makes clients that trust these roots.
pub(super) struct Connector {
    roots: Arc<RootCertStore>,
}

/// A client.
struct Wire(Client<HttpsConnector<connect::HttpConnector>, HttpRequestBody>);

/// The body of a file, which is given up when next to nothing comes of it.
struct Watched {
    body: Incoming,
    /// How long it may still be waited for until there is more.
    left: Duration,
    came: usize,
    /// Since when it is waited for. Whoever takes slowly what came lets no time pass here.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Connector {
    /// One for a bucket whose certificate leads to one of these.
    pub(super) fn new(roots: RootCertStore) -> Self {
        Self { roots: Arc::new(roots) }
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls::client(Arc::clone(&self.roots)));
        let may_be_plain = options.get_config_value(&ClientConfigKey::AllowHttp).as_deref() == Some("true");
        let builder = if may_be_plain { builder.https_or_http() } else { builder.https_only() };
        let mut tcp = connect::HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECTED_WITHIN));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE)
            .http1_max_buf_size(READ_AHEAD)
            .build(builder.enable_http1().wrap_connector(tcp));
        Ok(HttpClient::new(Wire(client)))
    }
}

#[async_trait]
impl HttpService for Wire {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let sent_along = request.body().size_hint().exact().unwrap_or_default();
        let within = ANSWERED_WITHIN + Duration::from_secs(sent_along / SLOWEST_BYTES);
        // All else that is read has a query: which names there are.
        let is_file = request.method() == Method::GET && request.uri().query().is_none();
        let answer = timeout(within, self.0.request(request)).await;
        let answer = answer.map_err(|_| silent())?.map_err(|error| failed(&error))?;
        let (mut head, body) = answer.into_parts();
        let is_refusal = head.status >= StatusCode::BAD_REQUEST;
        if is_file && !is_refusal {
            return Ok(HttpResponse::from_parts(head, HttpResponseBody::new(Watched::new(body))));
        }
        let said = whole(body, if is_refusal { MAX_REFUSAL_BYTES } else { MAX_ANSWER_BYTES }).await;
        if !is_refusal {
            return Ok(HttpResponse::from_parts(head, said?.into()));
        }
        head.headers.remove(header::CONTENT_LENGTH);
        Ok(HttpResponse::from_parts(head, reason(&said.unwrap_or_default()).into()))
    }
}

/// All of an answer, if it is not too long and does not take too long.
async fn whole(body: Incoming, most: usize) -> Result<Bytes, HttpError> {
    let read = timeout(READ_WITHIN, Limited::new(body, most).collect()).await.map_err(|_| silent())?;
    Ok(read.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, innermost(&*error)))?.to_bytes())
}

impl Watched {
    fn new(body: Incoming) -> Self {
        Self { body, left: SILENT_FOR, came: 0, waiting: None }
    }

    fn came(&mut self, bytes: usize) {
        self.came += bytes;
        let waited = self.waiting.take().map_or(Duration::ZERO, |(since, _)| since.elapsed());
        self.left = self.left.saturating_sub(waited);
        if self.came >= LEAST_BYTES {
            (self.came, self.left) = (0, SILENT_FOR);
        }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.came(
                frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len)).unwrap_or_default(),
            );
            let cut = |error| HttpError::new(HttpErrorKind::Interrupted, innermost(&error));
            return Poll::Ready(frame.map(|frame| frame.map_err(cut)));
        }
        let left = self.left;
        let (_, sleep) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Some(Err(silent())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn silent() -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, io::Error::new(io::ErrorKind::TimedOut, "no answer came in time"))
}

fn failed(error: &legacy::Error) -> HttpError {
    let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
    HttpError::new(kind, innermost(error))
}

/// The cause of all, which says what happened; those around it say where.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> io::Error {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    io::Error::other(error.to_string())
}

/// What S3 says of a refusal: its code and message, on one line.
fn reason(refusal: &[u8]) -> String {
    let refusal = String::from_utf8_lossy(refusal);
    let said = ["Code", "Message"].map(|name| within(&refusal, name));
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(": ");
    said.chars().filter(|letter| !letter.is_control()).take(MAX_REASON).collect()
}

fn within<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    Some(after.split_once(&format!("</{name}>"))?.0)
}

impl fmt::Debug for Connector {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Connector")
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Wire")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// Asks a bucket that answers with so many bytes, and sends them as it likes.
    async fn asks<Sent: Future<Output = ()> + Send>(
        options: ClientOptions,
        asked: Method,
        (status, length): (u16, usize),
        sends: impl FnOnce(TcpStream) -> Sent + Send + 'static,
    ) -> Result<HttpResponse, HttpError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let uri = format!("http://{}/bucket/key", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("somebody connects");
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 {status} So\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            sends(stream).await;
        });
        let client = Connector::new(RootCertStore::empty()).connect(&options).expect("a client");
        let request = Request::builder().method(asked).uri(uri).body(HttpRequestBody::empty()).expect("a request");
        client.execute(request).await
    }

    fn plain() -> ClientOptions {
        ClientOptions::new().with_allow_http(true)
    }

    /// A byte now and then.
    async fn drips(mut stream: TcpStream) {
        while stream.write_all(b" ").await.is_ok() {
            sleep(SILENT_FOR / 2).await;
        }
    }

    /// Half of it after a while, and the other half so much later.
    async fn halves(mut stream: TcpStream, later: Duration) {
        sleep(SILENT_FOR / 4).await;
        let _ = stream.write_all(b"half").await;
        sleep(later).await;
        let _ = stream.write_all(b"half").await;
    }

    async fn next(body: &mut HttpResponseBody) -> Result<Bytes, HttpError> {
        body.frame().await.expect("not all has come").map(|frame| frame.into_data().expect("bytes"))
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_does_not_go_on_is_given_up() {
        let sends = |stream| halves(stream, SILENT_FOR * 2);
        let mut body = asks(plain(), Method::GET, (200, 8), sends).await.expect("a beginning").into_body();
        assert_eq!(next(&mut body).await.expect("a half"), "half");
        assert_eq!(next(&mut body).await.expect_err("it is not whole").kind(), HttpErrorKind::Timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_comes_byte_by_byte_is_given_up() {
        let mut body = asks(plain(), Method::GET, (200, 9_000), drips).await.expect("a beginning").into_body();
        let end = async {
            loop {
                if let Err(error) = next(&mut body).await {
                    return error.kind();
                }
            }
        };
        assert_eq!(end.await, HttpErrorKind::Timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_a_file_slowly_gets_all_of_it() {
        let sends = |stream| halves(stream, SILENT_FOR * 4);
        let mut body = asks(plain(), Method::GET, (200, 8), sends).await.expect("a beginning").into_body();
        assert_eq!(next(&mut body).await.expect("a half"), "half");
        sleep(SILENT_FOR * 7 / 2).await;
        assert_eq!(next(&mut body).await.expect("the other half"), "half");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_file_and_comes_byte_by_byte_is_not_waited_for() {
        let begun = Instant::now();
        let refusal = asks(plain(), Method::GET, (503, 9_000), drips).await.expect("a refusal");
        assert_eq!(refusal.status(), 503);
        let taken = asks(plain(), Method::PUT, (200, 9_000), drips).await.expect_err("it is not whole");
        assert_eq!(taken.kind(), HttpErrorKind::Timeout);
        assert_eq!(begun.elapsed().as_secs(), 2 * READ_WITHIN.as_secs());
    }

    #[tokio::test]
    async fn an_answer_that_is_no_file_is_of_a_bounded_length() {
        let sends = async |mut stream: TcpStream| drop(stream.write_all(&vec![b' '; MAX_ANSWER_BYTES + 1]).await);
        let answer = asks(plain(), Method::PUT, (200, MAX_ANSWER_BYTES + 1), sends).await;
        assert_eq!(answer.expect_err("it is too long").kind(), HttpErrorKind::Interrupted);
    }

    #[tokio::test]
    async fn nothing_goes_out_unencrypted_unless_that_is_allowed() {
        let answer = asks(ClientOptions::new(), Method::GET, (200, 8), drips).await;
        let refused = answer.expect_err("it is not encrypted");
        assert_eq!(refused.kind(), HttpErrorKind::Connect);
    }

    #[test]
    fn of_a_refusal_the_reason_goes_on_and_nothing_that_was_sent() {
        let refusal = "<?xml version=\"1.0\"?><Error><Code>ExpiredToken</Code><Message>It has\n expired.</Message>\
                       <Token-0>secret</Token-0></Error>";
        assert_eq!(reason(refusal.as_bytes()), "ExpiredToken: It has expired.");
        assert_eq!(reason(b"<html>Bad gateway of secret"), "");
        assert_eq!(reason(format!("<Message>{}</Message>", "a".repeat(9_000)).as_bytes()).len(), MAX_REASON);
    }
}
