//! A browser without scripts: pages, forms, cookies. It follows no redirect by itself, so that a test can look at it.

use std::sync::Arc;

use app::i18n::Lang;
use app::message::Cid;
use app::refusal::Refusal;
use app::route::percent_encoded;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::{Client, Method, RequestBuilder, Url, redirect};

use super::town::{Address, host};
use super::{Person, Raw, Wire, in_time, sentence};

/// Somebody's browser. Clones share the cookies.
#[derive(Clone)]
pub(crate) struct Visitor {
    address: Address,
    cookies: Arc<Jar>,
    http: Client,
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    /// The body as text.
    pub(crate) body: String,
}

impl Visitor {
    pub(super) fn new(address: Address) -> Self {
        let cookies = Arc::new(Jar::default());
        let http = Client::builder()
            .cookie_provider(Arc::clone(&cookies))
            .redirect(redirect::Policy::none())
            .no_proxy()
            // A full room's visitors are more than one address has places at the door.
            .pool_max_idle_per_host(0)
            .build()
            .expect("an HTTP client");
        Self { address, cookies, http }
    }

    /// Somebody else's browser at the same door.
    pub(crate) fn another(&self) -> Self {
        Self::new(Arc::clone(&self.address))
    }

    /// The same browser where the program has been opened again.
    pub(crate) fn at(&self, other: &Self) -> Self {
        Self { address: Arc::clone(&other.address), ..self.clone() }
    }

    /// Types a name at the door, and is in.
    pub(crate) async fn walks_in(&self, name: &str) {
        let answer = self.enters(name).await;
        assert_eq!(answer.status, 303, "{name} can't walk in: {answer:?}");
    }

    /// Types a name at the door.
    pub(crate) async fn enters(&self, name: &str) -> Answer {
        self.submits("/enter", &[("name", name), ("next", "/")]).await
    }

    /// Asks for a page.
    pub(crate) async fn gets(&self, path: &str) -> Answer {
        self.sends(self.as_browser(Method::GET, path)).await
    }

    /// Sends a form.
    pub(crate) async fn submits(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{}", host(&self.address));
        self.sends(self.as_browser(Method::POST, path).header("origin", origin).form(fields)).await
    }

    /// Sends the form of a message box as browsers do, with files.
    pub(crate) async fn sends_box(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let form = reqwest::multipart::Form::new();
        let form = fields.iter().fold(form, |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()));
        let form = files.iter().fold(form, |form, (name, bytes)| {
            let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
            form.part("files", part)
        });
        let origin = format!("http://{}", host(&self.address));
        self.sends(self.as_browser(Method::POST, path).header("origin", origin).multipart(form)).await
    }

    /// Sends the message form of a room's page, with the id that it bears there.
    pub(crate) async fn writes(&self, room: &str, text: &str) -> Answer {
        let cid = self.gets(&format!("/rooms/{room}")).await.form_cid();
        self.submits(&format!("/rooms/{room}/messages"), &[("cid", &cid.to_string()), ("text", text)]).await
    }

    /// What the list under a sheet's field finds for what is typed there: each line's name, and its HTML.
    pub(crate) async fn finds(&self, sheet: &str, typed: &str) -> Vec<(String, String)> {
        let path = format!("{sheet}?q={}", percent_encoded(typed));
        let asked = self.as_browser(Method::GET, &path).header("sheet", "list");
        let answer = self.sends(asked).await;
        assert_eq!((answer.status, answer.header("sheet")), (200, "list"), "{answer:?}");
        let lines = answer.body.replace("<button ", "<a ");
        let lines = lines.split("<a ").skip(1);
        let name = |line: &str| Some(line.split_once("class=\"found-name\">")?.1.split_once("</bdi>")?.0.to_owned());
        lines.map(|line| (name(line).unwrap_or_default(), line.to_owned())).collect()
    }

    /// The names of what it finds.
    pub(crate) async fn finds_names(&self, sheet: &str, typed: &str) -> Vec<String> {
        self.finds(sheet, typed).await.into_iter().map(|(name, _)| name).collect()
    }

    /// The number of the person with this name, as the sheet for a direct room knows it.
    pub(crate) async fn number_of(&self, name: &str) -> String {
        let found = self.finds("/direct/new", name).await;
        let (_, line) = found
            .iter()
            .find(|(found, _)| found.to_lowercase() == name.to_lowercase())
            .unwrap_or_else(|| panic!("no {name}: {found:?}"));
        let after = line.split_once("/direct/new?person=").expect("it is chosen by its number").1;
        after.chars().take_while(char::is_ascii_digit).collect()
    }

    /// A request as a browser makes it, which may be dressed up.
    pub(crate) fn as_browser(&self, method: Method, path: &str) -> RequestBuilder {
        self.as_program(method, path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// A request as a program makes it, which may be dressed up.
    pub(crate) fn as_program(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", host(&self.address)))
    }

    /// Sends a request.
    pub(crate) async fn sends(&self, request: RequestBuilder) -> Answer {
        let answered = in_time(|| "answer to a request".to_owned(), async {
            let answer = request.send().await.expect("the program answers");
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            Answer { status, headers, body: answer.text().await.expect("the answer is text") }
        });
        answered.await
    }

    /// Opens the chat's socket in another tab and says hello. `name` is for the test's own messages.
    pub(crate) async fn opens_a_tab(&self, name: &str) -> Person {
        self.says_hello(name, self.wire().await).await
    }

    /// Says hello over a socket that was opened before.
    pub(crate) async fn says_hello(&self, name: &str, wire: Wire) -> Person {
        Person::arrives(name, self.clone(), wire).await
    }

    /// The same in a tab that has next to no space for what it has not read.
    pub(crate) async fn opens_a_narrow_tab(&self, name: &str) -> Person {
        let wire = Wire::open_narrow(&self.address, "/ws", &[("cookie", &self.cookie())]).await;
        Person::arrives(name, self.clone(), wire).await
    }

    /// The same, where the server may turn the tab away for there are too many.
    pub(crate) async fn opens_a_tab_if_let(&self, name: &str) -> Option<Person> {
        Person::arrives_if_let(name, self.clone(), self.wire().await).await
    }

    /// The chat's socket, before a word was said.
    pub(crate) async fn wire(&self) -> Wire {
        self.tries_wire("/ws", &[]).await.expect("the chat's socket opens")
    }

    /// The same to the byte.
    pub(crate) async fn raw(&self) -> Raw {
        Raw::open(&self.address, "/ws", &self.cookie()).await
    }

    /// A socket with this browser's cookies.
    pub(crate) async fn tries_wire(&self, path: &str, headers: &[(&'static str, &str)]) -> Result<Wire, (u16, String)> {
        let cookie = self.cookie();
        let with_cookie: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        Wire::open(&self.address, path, &with_cookie).await
    }

    /// The cookies as the browser sends them.
    pub(crate) fn cookie(&self) -> String {
        let url: Url = format!("http://{}/", host(&self.address)).parse().expect("an address");
        let cookies = self.cookies.cookies(&url);
        cookies.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
    }

    /// Throws the cookies away and takes these, as `name=value`.
    pub(crate) fn has_cookie(&self, cookie: &str) {
        let url: Url = format!("http://{}/", host(&self.address)).parse().expect("an address");
        self.cookies.add_cookie_str(cookie, &url);
    }
}

impl Answer {
    /// A header's value, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header is text"))
    }

    /// All values of a header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().expect("a header is text")).collect()
    }

    /// Where it leads: nothing, unless it is a redirect.
    pub(crate) fn leads_to(&self) -> Option<&str> {
        (300..400).contains(&self.status).then(|| self.header("location"))
    }

    /// The id in the message form of the page.
    pub(crate) fn form_cid(&self) -> Cid {
        let after = self.body.split_once("name=\"cid\" value=\"").expect("the page has a message form").1;
        Cid::parse(&after[..32]).expect("the form has an id")
    }

    /// The body's part that people read, without what it hands to the scripts.
    pub(crate) fn shown(&self) -> &str {
        self.body.split_once("<body").expect("the page has a body").1
    }

    /// The texts of the messages on the page, as HTML without what marks it up, in order.
    pub(crate) fn messages(&self) -> Vec<String> {
        let rows = self.shown().split("class=\"message-text").skip(1);
        rows.map(|row| row.split_once('>').expect("a tag ends").1)
            .map(|row| without_tags(row.split("<time").next().unwrap_or_default()))
            .collect()
    }

    /// Whether the page tells a person, in English, that this is why.
    pub(crate) fn tells(&self, why: Refusal) -> bool {
        self.shown().contains(&sentence(Lang::En, why))
    }

    /// The problem document (RFC 9457) that a program gets.
    pub(crate) fn problem(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.body).expect("a problem is JSON");
        assert_eq!(problem["status"], self.status, "{problem}");
        problem
    }
}

fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |tag| tag.1) })
        .collect()
}
