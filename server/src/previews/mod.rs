//! What lies behind a link: title, description and site of a page elsewhere, fetched by the server, so that nobody's browser tells
//! anybody who reads. Off unless the operator wants it (`--link-previews`).
//!
//! `reach` says what may be reached at all, `fetch` gets a page from there, `head` finds in it what a preview says. Here is what
//! is remembered, and how much is done for whom.

mod fetch;
mod head;
mod reach;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::markup::Markup;
use app::member::MemberId;
use tokio::sync::{OnceCell, Semaphore};
use url::Url;

use crate::config::Serve;
use crate::limits::Pace;
use fetch::Fetcher;
use reach::Reach;

/// How many pages are fetched at a time.
const AT_A_TIME: usize = 32;
/// How many addresses are remembered, those without a preview among them.
const MAX_KEPT: usize = 1_000;
/// How long an address is remembered.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);
/// How long it is remembered that there is no preview.
const MISSED_FOR: Duration = Duration::from_secs(10 * 60);

/// The previews of a server.
pub struct Previews {
    fetcher: Fetcher,
    kept: Mutex<HashMap<String, Kept>>,
    of_person: Pace<MemberId>,
    of_all: Pace<()>,
    places: Semaphore,
}

/// An address that was asked for. Whoever asks while it is being fetched waits for the same answer.
#[derive(Clone)]
struct Kept {
    found: Arc<OnceCell<Option<Markup>>>,
    since: Instant,
}

impl Kept {
    fn is_fresh(&self, now: Instant) -> bool {
        let kept_for = if matches!(self.found.get(), Some(None)) { MISSED_FOR } else { KEPT_FOR };
        now.duration_since(self.since) < kept_for
    }
}

impl Previews {
    /// As the settings ask for; nothing where they don't.
    pub fn new(config: &Serve) -> Option<Arc<Self>> {
        let reach = Reach { sites: config.link_preview_sites.clone() };
        config.link_previews.then(|| {
            let minute = Duration::from_secs(60);
            let pace = |number: u32| (minute / number.max(1), number);
            let (of_person, of_all) = (pace(config.link_previews_per_person), pace(config.link_previews_per_minute));
            Arc::new(Self {
                fetcher: Fetcher::new(reach),
                kept: Mutex::default(),
                of_person: Pace::new(of_person.0, of_person.1),
                of_all: Pace::new(of_all.0, of_all.1),
                places: Semaphore::new(AT_A_TIME),
            })
        })
    }

    /// The preview of an address that somebody wrote; `None` where there is none, or where they, or
    /// all together, have asked for too many.
    pub async fn of(&self, address: &str, member: MemberId) -> Option<Markup> {
        let url = Url::parse(address).ok()?;
        let kept = self.kept(url.as_str(), Instant::now());
        let find = || async {
            let now = Instant::now();
            self.of_person.take(member, now).map_err(drop)?;
            self.of_all.take((), now).map_err(drop)?;
            let _place = self.places.acquire().await.map_err(drop)?;
            let page = self.fetcher.page(url.clone()).await;
            Ok::<_, ()>(page.and_then(|page| head::read(&page)).map(|about| about.preview(address, &url)))
        };
        // What was refused for being too much is asked for again the next time.
        kept.found.get_or_try_init(find).await.ok()?.clone()
    }

    fn kept(&self, address: &str, now: Instant) -> Kept {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(address).filter(|known| known.is_fresh(now)) {
            return known.clone();
        }
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, known| known.is_fresh(now));
        }
        if kept.len() >= MAX_KEPT {
            let oldest = kept.iter().min_by_key(|(_, known)| known.since).map(|(address, _)| address.clone());
            oldest.into_iter().for_each(|address| drop(kept.remove(&address)));
        }
        let new = Kept { found: Arc::default(), since: now };
        kept.insert(address.to_owned(), new.clone());
        new
    }
}

impl head::About {
    /// What is shown: whose page it is begins with the host, which nobody can make up.
    fn preview(self, address: &str, url: &Url) -> Markup {
        let Self { title, description, site } = self;
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
        let site = if site.is_empty() || site == host { host } else { format!("{host} · {site}") };
        Markup::preview(address, [site, title, description])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn previews() -> Previews {
        Previews {
            fetcher: Fetcher::new(Reach { sites: Vec::new() }),
            kept: Mutex::default(),
            of_person: Pace::new(Duration::from_secs(60), 2),
            of_all: Pace::new(Duration::from_secs(60), 3),
            places: Semaphore::new(1),
        }
    }

    #[test]
    fn addresses_are_remembered_up_to_a_number_and_for_a_time() {
        let (previews, start) = (previews(), Instant::now());
        for number in 0..MAX_KEPT + 10 {
            previews.kept(&format!("http://{number}.example/"), start + Duration::from_millis(number as u64));
        }
        assert_eq!(previews.kept.lock().expect("nobody panicked").len(), MAX_KEPT);
        let known = previews.kept("http://500.example/", start + MISSED_FOR / 2);
        known.found.set(None).expect("nobody asked");
        assert!(previews.kept("http://500.example/", start + MISSED_FOR / 2).found.get().is_some(), "it is remembered");
        assert!(previews.kept("http://500.example/", start + MISSED_FOR * 2).found.get().is_none());
    }

    #[test]
    fn whose_page_it_is_begins_with_its_host_whatever_it_says_of_itself() {
        let shown = |address: &str, site: &str| {
            let [title, description, site] = ["Log in", "", site].map(str::to_owned);
            head::About { title, description, site }.preview(address, &Url::parse(address).expect("an address"))
        };
        let preview = |address: &str, whose: &str| Markup::preview(address, [whose, "Log in", ""].map(str::to_owned));
        let evil = "https://www.evil.example/bank.example";
        assert_eq!(shown(evil, "Bank"), preview(evil, "evil.example · Bank"));
        assert_eq!(shown(evil, ""), preview(evil, "evil.example"));
        assert_eq!(shown(evil, "evil.example"), preview(evil, "evil.example"));
    }

    #[tokio::test]
    async fn a_person_and_all_together_have_a_limit_and_what_was_too_much_is_not_remembered() {
        let previews = previews();
        let is_known = |address: &str| {
            let kept = previews.kept.lock().expect("nobody panicked");
            kept.get(address).is_some_and(|kept| kept.found.get().is_some())
        };
        for (number, member) in [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)] {
            // Nothing is there, and nothing is reached: the addresses are inner ones.
            assert_eq!(previews.of(&format!("http://127.0.0.{number}/"), MemberId(member)).await, None);
        }
        let known = (1..=5).filter(|number| is_known(&format!("http://127.0.0.{number}/")));
        assert_eq!(known.collect::<Vec<_>>(), [1, 2, 4]);
    }
}
