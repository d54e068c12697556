//! Gets a page from elsewhere. A name is asked for its addresses once, they are looked at, and one of them is what is connected to:
//! what the name says a moment later changes nothing. Each redirect begins anew.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::reach::{Place, Reach};
use crate::tls::{self, usual_roots};

/// How long it may take in all, redirects included.
const WITHIN: Duration = Duration::from_secs(5);
/// How long one address of a name may take to be connected to, where the name has others.
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 5;
/// How many bytes of a page are read.
const MAX_BYTES: usize = 512 * 1024;
/// How many bytes an answer's head may have.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How many bytes are taken from a connection, whatever they are: there is no end to interim answers (RFC 9110, section 15.2), nor to
/// what stands around the pieces of a page.
const MAX_WIRE_BYTES: u64 = (MAX_HEAD_BYTES + 2 * MAX_BYTES) as u64;
/// How many of a name's addresses are tried.
const MAX_ADDRESSES: usize = 3;
/// How many names are asked for at a time. The system can't be told to stop asking, so a place is taken until it has stopped.
const MAX_LOOKUPS: usize = 16;
/// How we introduce ourselves.
const USER_AGENT: &str = concat!("Madang/", env!("CARGO_PKG_VERSION"), " (link preview)");

/// What finds the addresses of a name.
pub(super) type Resolve = dyn Fn(String) -> Pin<Box<dyn Future<Output = Vec<IpAddr>> + Send>> + Send + Sync;

/// Gets pages.
pub(super) struct Fetcher {
    reach: Reach,
    resolve: Box<Resolve>,
    tls: TlsConnector,
}

/// The beginning of a page.
#[derive(Debug)]
pub(super) struct Page {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// The charset that its server says.
    pub(super) charset: Option<String>,
}

/// What an answer is.
enum Got {
    Page(Page),
    Elsewhere(Url),
}

impl Fetcher {
    /// One that asks the system for names, and trusts whom Mozilla trusts.
    pub(super) fn new(reach: Reach) -> Self {
        let lookups = Arc::new(Semaphore::new(MAX_LOOKUPS));
        Self::with(reach, Box::new(move |name| Box::pin(ask_the_system(name, Arc::clone(&lookups)))), usual_roots())
    }

    fn with(reach: Reach, resolve: Box<Resolve>, roots: RootCertStore) -> Self {
        Self { reach, resolve, tls: TlsConnector::from(Arc::new(tls::client(roots))) }
    }

    /// The page at an address, if one is there, may be reached, and comes in time.
    pub(super) async fn page(&self, url: Url) -> Option<Page> {
        timeout(WITHIN, self.follow(url)).await.ok().flatten()
    }

    async fn follow(&self, mut url: Url) -> Option<Page> {
        for _ in 0..=MAX_REDIRECTS {
            match self.get(&url).await? {
                Got::Page(page) => return Some(page),
                Got::Elsewhere(next) => url = next,
            }
        }
        None
    }

    async fn get(&self, url: &Url) -> Option<Got> {
        let place = self.reach.place(url)?;
        let stream = self.connect(&place).await?;
        if place.is_secure {
            let name = ServerName::try_from(place.host.to_string().trim_matches(['[', ']']).to_owned()).ok()?;
            ask(url, self.tls.connect(name, stream).await.ok()?).await
        } else {
            ask(url, stream).await
        }
    }

    /// The addresses of a place, all of which were looked at. A name that has an inner one among others is not reached at all.
    async fn addresses(&self, place: &Place) -> Option<Vec<SocketAddr>> {
        let addresses = match &place.host {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            Host::Domain(name) => (self.resolve)(name.clone()).await,
        };
        let at: Vec<SocketAddr> = addresses.into_iter().map(|address| (address, place.port).into()).collect();
        at.iter().all(|at| self.reach.may(*at)).then_some(at)
    }

    async fn connect(&self, place: &Place) -> Option<TcpStream> {
        for at in self.addresses(place).await?.into_iter().take(MAX_ADDRESSES) {
            if let Ok(Ok(stream)) = timeout(CONNECTED_WITHIN, TcpStream::connect(at)).await {
                let ends = stream.local_addr().ok().zip(stream.peer_addr().ok());
                return ends.filter(|(own, other)| self.reach.may_use(*own, *other)).map(|_| stream);
            }
        }
        None
    }
}

async fn ask_the_system(name: String, lookups: Arc<Semaphore>) -> Vec<IpAddr> {
    let Ok(place) = lookups.acquire_owned().await else { return Vec::new() };
    let look = move || {
        let found = (name, 0).to_socket_addrs().map(|found| found.map(|at| at.ip()).collect());
        drop(place);
        found.unwrap_or_default()
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}

async fn ask(url: &Url, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Option<Got> {
    let builder = http1::Builder::new().max_buf_size(MAX_HEAD_BYTES).to_owned();
    let (reading, writing) = tokio::io::split(stream);
    let stream = tokio::io::join(reading.take(MAX_WIRE_BYTES), writing);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.ok()?;
    // It ends with this answer, whatever is still on its way.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, host)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        // What is not packed can't be a bomb.
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close")
        .body(Body::empty())
        .ok()?;
    let answer = sender.send_request(request).await.ok()?;
    let headers = answer.headers();
    if answer.status().is_redirection() {
        let next = headers.get(header::LOCATION)?.to_str().ok()?;
        return url.join(next).ok().map(Got::Elsewhere);
    }
    let charset = charset_of_html(headers).filter(|_| answer.status() == StatusCode::OK && !is_packed(headers))?;
    Some(Got::Page(Page { bytes: beginning(answer.into_body()).await, charset }))
}

/// The charset of an HTML page as its server says it, which may be none; `None` when it is no HTML.
fn charset_of_html(headers: &HeaderMap) -> Option<Option<String>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    let is_html = matches!(parts.next()?, "text/html" | "application/xhtml+xml");
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=")).map(|charset| charset.trim_matches('"').to_owned());
    is_html.then_some(charset)
}

fn is_packed(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity")
}

/// The first bytes of a body. Where it breaks off, what came is as good as a beginning.
async fn beginning(mut body: Incoming) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_BYTES
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Some(more) = frame.data_ref() {
            let fits = more.len().min(MAX_BYTES - bytes.len());
            bytes.extend_from_slice(&more[..fits]);
        }
    }
    bytes
}

#[cfg(test)]
mod tests;
