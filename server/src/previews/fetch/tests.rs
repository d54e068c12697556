//! Sites that mean well and sites that don't, on addresses of this machine: 127.0.0.2 may be reached, 127.0.0.1 may not, and
//! whoever connects there is noticed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

const OPEN: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));
const INNER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const HTML: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";

const HTML_IN_PIECES: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";

/// A site, and a trap behind the same port of the inner address.
struct Site {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    trapped: Arc<AtomicUsize>,
}

/// How a site answers.
#[derive(Clone)]
enum Answer {
    Says(String),
    /// This, and then this again and again.
    Goes(String, &'static str),
    /// This, and then nothing, for ever.
    Stops(String),
}

/// Opens a site that answers to a path.
async fn site(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Site {
    let (site, trap) = loop {
        let site = TcpListener::bind((OPEN, 0)).await.expect("an address of this machine");
        let port = site.local_addr().expect("it is bound").port();
        if let Ok(trap) = TcpListener::bind((INNER, port)).await {
            break (site, trap);
        }
    };
    let (asked, trapped) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
    let opened = Site {
        port: site.local_addr().expect("it is bound").port(),
        asked: Arc::clone(&asked),
        trapped: Arc::clone(&trapped),
    };
    tokio::spawn(async move {
        while trap.accept().await.is_ok() {
            trapped.fetch_add(1, Ordering::SeqCst);
        }
    });
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((stream, _)) = site.accept().await {
            let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
            tokio::spawn(async move { converse(stream, &asked, &*answer).await });
        }
    });
    opened
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    asked: &Mutex<Vec<String>>,
    answer: &(impl Fn(&str) -> Answer + ?Sized),
) {
    let mut bytes = [0; 4096];
    let count = stream.read(&mut bytes).await.unwrap_or_default();
    let request = String::from_utf8_lossy(&bytes[..count]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().expect("nobody panicked").push(request.clone());
    // A site knows its port from whoever asks for it.
    let port = request
        .to_ascii_lowercase()
        .split("host: ")
        .nth(1)
        .and_then(|host| host.split(['\r', '\n']).next()?.rsplit(':').next().map(str::to_owned))
        .unwrap_or_default();
    match answer(&path) {
        Answer::Says(text) => drop(stream.write_all(text.replace("PORT", &port).as_bytes()).await),
        Answer::Goes(start, again) => {
            let _ = stream.write_all(start.as_bytes()).await;
            while stream.write_all(again.as_bytes()).await.is_ok() {}
        }
        Answer::Stops(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            std::future::pending::<()>().await;
        }
    }
}

fn fetcher(port: u16, resolve: impl Fn(String) -> Vec<IpAddr> + Send + Sync + 'static) -> Fetcher {
    let resolve: Box<Resolve> = Box::new(move |name| {
        let found = resolve(name);
        Box::pin(async move { found })
    });
    Fetcher::with(Reach { sites: vec![(OPEN, port).into()] }, resolve, RootCertStore::empty())
}

impl Site {
    async fn page(&self, host: &str, path: &str) -> Option<Page> {
        let resolve = |name: String| match name.as_str() {
            "open.example" => vec![OPEN],
            "inner.example" => vec![INNER],
            "both.example" => vec![OPEN, INNER],
            _ => Vec::new(),
        };
        let url = format!("http://{host}:{}{path}", self.port);
        fetcher(self.port, resolve).page(Url::parse(&url).expect("an address")).await
    }

    fn trapped(&self) -> usize {
        self.trapped.load(Ordering::SeqCst)
    }
}

fn text(page: Option<Page>) -> Option<String> {
    page.map(|page| String::from_utf8(page.bytes).expect("the site says UTF-8"))
}

#[tokio::test]
async fn a_page_is_asked_for_in_plain_words() {
    let site = site(|_| Answer::Says(format!("{HTML}<title>hi</title>"))).await;
    let page = site.page("open.example", "/a/회?b=1#c").await.expect("a page");
    assert_eq!((page.charset.as_deref(), &page.bytes[..]), (Some("utf-8"), &b"<title>hi</title>"[..]));
    let asked = site.asked.lock().expect("nobody panicked")[0].to_ascii_lowercase();
    assert!(asked.starts_with("get /a/%ed%9a%8c?b=1 http/1.1\r\n"), "{asked}");
    for header in
        [format!("host: open.example:{}", site.port), "accept-encoding: identity".into(), "user-agent: madang/".into()]
    {
        assert!(asked.contains(&header), "{asked}");
    }
    assert!(!asked.contains("cookie") && !asked.contains("referer"), "{asked}");
}

#[tokio::test]
async fn a_name_that_points_inside_is_not_connected_to_nor_one_that_points_to_both() {
    let site = site(|_| Answer::Says(HTML.to_owned())).await;
    for host in ["inner.example", "both.example", "nobody.example", "127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1"] {
        assert!(site.page(host, "/").await.is_none(), "{host}");
    }
    assert_eq!((site.trapped(), site.asked.lock().expect("nobody panicked").len()), (0, 0));
}

#[tokio::test]
async fn what_was_looked_at_is_what_is_connected_to_whatever_the_name_says_next() {
    let site = site(|_| Answer::Says(format!("{HTML}right"))).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let turning = move |_| vec![if count.fetch_add(1, Ordering::SeqCst) == 0 { OPEN } else { INNER }];
    let url = format!("http://turning.example:{}/", site.port);
    let page = fetcher(site.port, turning).page(Url::parse(&url).expect("an address")).await;
    assert_eq!(text(page).as_deref(), Some("right"));
    assert_eq!((asked.load(Ordering::SeqCst), site.trapped()), (1, 0));
}

#[tokio::test]
async fn each_redirect_is_looked_at_anew_and_there_are_at_most_five() {
    let site = site(|path| {
        let to = match path {
            "/0" => "1",
            "/1" => "//open.example:PORT/2",
            "/2" => "http://127.0.0.2:PORT/3",
            "/3" => "?4",
            "/3?4" => "./5#there",
            "/5" => return Answer::Says(format!("{HTML}there")),
            "/before" => "/0",
            "/inner" => "http://127.0.0.1:PORT/",
            "/name" => "http://inner.example:PORT/",
            "/port" => "http://open.example:22/",
            "/file" => "file:///etc/passwd",
            _ => "/round",
        };
        Answer::Says(format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"))
    })
    .await;
    assert_eq!(text(site.page("open.example", "/0").await).as_deref(), Some("there"));
    for path in ["/before", "/inner", "/name", "/port", "/file", "/round"] {
        assert!(site.page("open.example", path).await.is_none(), "{path}");
    }
    assert_eq!(site.trapped(), 0);
}

#[tokio::test]
async fn an_endless_page_is_read_to_its_limit() {
    let site = site(|_| Answer::Goes(format!("{HTML}<title>long</title>"), "more and more ")).await;
    assert_eq!(site.page("open.example", "/").await.map(|page| page.bytes.len()), Some(MAX_BYTES));
}

#[tokio::test]
async fn an_endless_head_is_no_page() {
    let site = site(|_| Answer::Goes("HTTP/1.1 200 OK\r\n".to_owned(), "X: more and more\r\n")).await;
    assert!(site.page("open.example", "/").await.is_none());
}

#[tokio::test]
async fn who_says_for_ever_that_the_answer_is_to_come_is_not_listened_to() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n".repeat(1_000);
    let pieces = format!(
        "{HTML_IN_PIECES}{}",
        "1;x=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\na\r\n".repeat(1_000)
    );
    for (start, again) in [(interim.clone(), interim), (pieces.clone(), pieces[HTML_IN_PIECES.len()..].to_owned())] {
        let listener = TcpListener::bind((OPEN, 0)).await.expect("an address of this machine");
        let port = listener.local_addr().expect("it is bound").port();
        let flood = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("somebody asks");
            let mut sent = start.len();
            let _ = stream.write_all(start.as_bytes()).await;
            while stream.write_all(again.as_bytes()).await.is_ok() {
                sent += again.len();
            }
            sent
        });
        let url = Url::parse(&format!("http://open.example:{port}/")).expect("an address");
        fetcher(port, |_| vec![OPEN]).page(url).await;
        let sent = flood.await.expect("the flood ends");
        // What was on its way besides lies in the system's buffers.
        assert!(sent < 16 * 1024 * 1024, "{sent} bytes were taken");
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_slow_is_not_waited_for() {
    for start in [String::new(), HTML.to_owned(), "HTTP/1.1 200".to_owned()] {
        let site = site(move |_| Answer::Stops(start.clone())).await;
        let began = tokio::time::Instant::now();
        assert!(site.page("open.example", "/").await.is_none());
        assert_eq!(began.elapsed().as_secs(), WITHIN.as_secs());
    }
}

#[tokio::test]
async fn what_is_packed_or_no_page_is_left() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n",
        "HTTP/1.1 302 Found\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let site = site(move |_| Answer::Goes(head.to_owned(), "\u{1f}more")).await;
        assert!(site.page("open.example", "/").await.is_none(), "{head}");
    }
}

#[tokio::test]
async fn a_secure_site_must_be_who_its_name_says() {
    let certificate = CertificateDer::from(&include_bytes!("wiki.example.der")[..]);
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(&include_bytes!("wiki.example.key.der")[..]));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key))
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((OPEN, 0)).await.expect("an address of this machine");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(stream, &Mutex::default(), &|_: &str| Answer::Says(format!("{HTML}secure"))).await;
            }
        }
    });
    let page = |host: &str, is_known: bool| {
        let mut roots = RootCertStore::empty();
        if is_known {
            roots.add(certificate.clone()).expect("a certificate");
        }
        let reach = Reach { sites: vec![(OPEN, port).into()] };
        let fetcher = Fetcher::with(reach, Box::new(|_| Box::pin(async { vec![OPEN] })), roots);
        let url = Url::parse(&format!("https://{host}:{port}/")).expect("an address");
        async move { text(fetcher.page(url).await) }
    };
    assert_eq!(page("wiki.example", true).await.as_deref(), Some("secure"));
    assert_eq!(page("other.example", true).await, None, "its certificate is for another name");
    assert_eq!(page("wiki.example", false).await, None, "nobody vouches for it");
}

/// Whether a server without a site of a test would connect anywhere for an address. Names that nobody knows are at 127.0.0.1, as a
/// name server of an attacker would say.
async fn leads_out(address: &str) -> bool {
    let resolve = |name: String| -> Vec<IpAddr> {
        let public = ["1.1.1.1", "2606:4700:4700::1111"].map(|address| address.parse().expect("an address"));
        if name.trim_end_matches('.') == "public.example" { public.into() } else { vec![INNER] }
    };
    let resolve: Box<Resolve> = Box::new(move |name| {
        let found = resolve(name);
        Box::pin(async move { found })
    });
    let fetcher = Fetcher::with(Reach { sites: Vec::new() }, resolve, RootCertStore::empty());
    let Some(place) = Url::parse(address).ok().and_then(|url| fetcher.reach.place(&url)) else { return false };
    fetcher.addresses(&place).await.is_some_and(|at| !at.is_empty())
}

#[tokio::test]
async fn no_spelling_leads_inside() {
    for address in include_str!("leads_nowhere.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let address = address.replace("\\t", "\t").replace("\\n", "\n");
        assert!(!leads_out(&address).await, "{address}");
    }
    for address in [
        "http://public.example/",
        "https://public.example:443/a?b#c",
        "HTTP://PUBLIC.example./",
        "http://public.example:443/",
        "http://public.example\\@127.0.0.1/",
        "http://public.example/?@127.0.0.1/",
        "http://1.1.1.1/",
        "http://0x01010101/",
        "http://[2606:4700:4700::1111]/",
        "http://[::ffff:1.1.1.1]/",
    ] {
        assert!(leads_out(address).await, "{address}");
    }
}

#[tokio::test]
async fn whoever_answers_from_this_machine_is_connected_to_and_not_asked() {
    let site = TcpListener::bind((INNER, 0)).await.expect("an address of this machine");
    let at = site.local_addr().expect("it is bound");
    let asked = tokio::spawn(async move {
        let (mut stream, _) = site.accept().await.expect("somebody connects");
        let mut asked = String::new();
        stream.read_to_string(&mut asked).await.expect("it is hung up");
        asked
    });
    // As a public address that is this machine's own: the rules let it be, and only the connection's ends tell.
    let resolve: Box<Resolve> = Box::new(|_| Box::pin(async { vec![INNER] }));
    let fetcher = Fetcher::with(Reach { sites: vec![at] }, resolve, RootCertStore::empty());
    let url = Url::parse(&format!("http://own.example:{}/", at.port())).expect("an address");
    assert!(fetcher.page(url).await.is_none());
    assert_eq!(asked.await.expect("the connection ends"), "");
}

#[test]
fn a_connection_to_this_machine_or_its_own_network_is_not_used() {
    let reach = Reach { sites: vec!["127.0.0.2:8080".parse().expect("an address")] };
    let may_use =
        |own: &str, other: &str| reach.may_use(own.parse().expect("an address"), other.parse().expect("an address"));
    assert!(may_use("10.0.0.7:5000", "1.1.1.1:80"));
    assert!(may_use("[2606:4700:4700::7]:5000", "[2606:4700:4701::1111]:443"));
    assert!(may_use("127.0.0.1:5000", "127.0.0.2:8080"));
    assert!(!may_use("1.1.1.1:5000", "1.1.1.1:80"), "itself");
    assert!(!may_use("[2606:4700:4700::7]:5000", "[2606:4700:4700::1111]:443"), "a neighbour");
    assert!(!may_use("10.0.0.7:5000", "10.0.0.8:80"));
}
