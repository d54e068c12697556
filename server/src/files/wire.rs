//! How a bucket is asked over HTTP: on hyper's client, with the TLS that we have. Nothing is waited for without end. Of an answer that
//! refuses only the reason goes on, for such answers repeat what they were sent, keys of sessions among it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{StatusCode, header};
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
use tokio::time::{Sleep, sleep, timeout};

use crate::tls;

/// How long an address may take to be connected to.
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);
/// How long it may take until a request is answered,
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
/// and for so many bytes that are sent along, a second more.
const SLOWEST_BYTES: u64 = 64 * 1024;
/// How long nothing may come of an answer while somebody waits for it.
const SILENT_FOR: Duration = Duration::from_secs(20);
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

/// A body that is given up when nothing comes of it.
struct Watched {
    body: Incoming,
    silent: Option<Pin<Box<Sleep>>>,
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
        let answer = timeout(within, self.0.request(request)).await;
        let answer = answer.map_err(|_| silent())?.map_err(|error| failed(&error))?;
        let (mut head, body) = answer.into_parts();
        let body = Watched { body, silent: None };
        if head.status < StatusCode::BAD_REQUEST {
            return Ok(HttpResponse::from_parts(head, HttpResponseBody::new(body)));
        }
        let refusal = Limited::new(body, MAX_REFUSAL_BYTES).collect().await.map(http_body_util::Collected::to_bytes);
        head.headers.remove(header::CONTENT_LENGTH);
        Ok(HttpResponse::from_parts(head, reason(&refusal.unwrap_or_default()).into()))
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
            self.silent = None;
            let cut = |error| HttpError::new(HttpErrorKind::Interrupted, innermost(&error));
            return Poll::Ready(frame.map(|frame| frame.map_err(cut)));
        }
        // Whoever takes slowly what came lets no time pass here.
        ready!(self.silent.get_or_insert_with(|| Box::pin(sleep(SILENT_FOR))).as_mut().poll(context));
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
    use tokio::net::TcpListener;

    use super::*;

    /// Asks a bucket that begins to answer and says no more.
    async fn asks(options: ClientOptions) -> Result<HttpResponse, HttpError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let uri = format!("http://{}/bucket/key", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("somebody connects");
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").await;
            let _ = stream.read(&mut [0; 4096]).await;
        });
        let client = Connector::new(RootCertStore::empty()).connect(&options).expect("a client");
        client.execute(Request::get(uri).body(HttpRequestBody::empty()).expect("a request")).await
    }

    #[tokio::test]
    async fn an_answer_that_does_not_go_on_is_given_up() {
        let mut body = asks(ClientOptions::new().with_allow_http(true)).await.expect("a beginning").into_body();
        let half = body.frame().await.and_then(|frame| frame.ok()?.into_data().ok());
        assert_eq!(half.as_deref(), Some(&b"half"[..]));
        tokio::time::pause();
        let end = body.frame().await.expect("an end").expect_err("it is not whole");
        assert_eq!(end.kind(), HttpErrorKind::Timeout);
    }

    #[tokio::test]
    async fn nothing_goes_out_unencrypted_unless_that_is_allowed() {
        let refused = asks(ClientOptions::new()).await.expect_err("it is not encrypted");
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
