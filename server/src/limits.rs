//! How much one person, or one address, may do at once: messages and arrivals in a time, sockets at a time. Who did nothing
//! for a while leaves nothing behind here.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::member::MemberId;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::config::Serve;
use crate::port::Peer;
use crate::state::AppState;

/// Idle entries are looked for when there are so many, and then whenever their number has doubled.
const SWEEP_FROM: usize = 1_024;
/// How many long forms of strangers are read at a time.
const STRANGERS: usize = 32;
/// How many of them from one address.
const STRANGERS_FROM_AN_ADDRESS: usize = 8;

/// The limits of the whole server.
pub struct Limits {
    /// Messages of a person.
    pub messages: Pace<MemberId>,
    /// Looks at how a person's text will be seen.
    pub previews: Pace<MemberId>,
    /// Looking for rooms and people while a name is typed.
    pub lookups: Pace<MemberId>,
    /// New people and rooms from an address.
    pub arrivals: Pace<Address>,
    /// Sockets of a person.
    pub sockets_of_person: Seats<MemberId>,
    /// Sockets from an address.
    pub sockets_from_address: Seats<Address>,
    /// Long forms of those who are not in.
    pub strangers: Strangers,
}

impl Limits {
    /// The limits that the settings ask for, where a second lasts so long.
    pub fn new(config: &Serve, second: Duration) -> Arc<Self> {
        Arc::new(Self {
            messages: Pace::new(second / config.messages_per_second.max(1), config.message_burst),
            previews: Pace::new(second / config.previews_per_second.max(1), 5 * config.previews_per_second),
            lookups: Pace::new(second / config.lookups_per_second.max(1), config.lookup_burst),
            arrivals: Pace::new(second * 60 / config.arrivals_per_minute.max(1), config.arrivals_per_minute),
            sockets_of_person: Seats::new(config.sockets_per_person),
            sockets_from_address: Seats::new(config.sockets_per_address),
            strangers: Strangers { all: Seats::new(STRANGERS), from_address: Seats::new(STRANGERS_FROM_AN_ADDRESS) },
        })
    }
}

/// Places for long forms of those who are not in (any more): few, for they are read before anybody is known.
pub struct Strangers {
    all: Seats<()>,
    from_address: Seats<Address>,
}

impl Strangers {
    /// A place, if there is one left, for as long as it is kept.
    pub fn take(&self, address: Address) -> Option<(Seat<Address>, Seat<()>)> {
        Some((self.from_address.take(address)?, self.all.take(())?))
    }
}

/// So many in a time, and so many at once: the generic cell rate algorithm (ITU-T I.371).
pub struct Pace<Key> {
    every: Duration,
    tolerance: Duration,
    /// When each would be due if it had kept the pace. One that is due has the whole burst before it.
    due: Mutex<Sparse<HashMap<Key, Instant>>>,
}

struct Sparse<Map> {
    map: Map,
    sweep_at: usize,
}

impl<Key: Eq + Hash> Pace<Key> {
    /// One every so often, and `burst` of them at once.
    pub fn new(every: Duration, burst: u32) -> Self {
        let due = Mutex::new(Sparse { map: HashMap::new(), sweep_at: SWEEP_FROM });
        Self { every, tolerance: every * burst.max(1), due }
    }

    /// Takes one now.
    ///
    /// # Errors
    /// How long to wait until there is one.
    pub fn take(&self, key: Key, now: Instant) -> Result<(), Duration> {
        let mut sparse = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if sparse.map.len() >= sparse.sweep_at {
            sparse.map.retain(|_, due| *due > now);
            sparse.sweep_at = SWEEP_FROM.max(sparse.map.len() * 2);
        }
        let due = sparse.map.entry(key).or_insert(now);
        let next = (*due).max(now) + self.every;
        let ahead = next.duration_since(now);
        if ahead > self.tolerance {
            return Err(ahead - self.tolerance);
        }
        *due = next;
        Ok(())
    }
}

/// So many at a time.
pub struct Seats<Key: Eq + Hash> {
    each: usize,
    taken: Arc<Mutex<HashMap<Key, usize>>>,
}

/// A seat that is taken until this is dropped.
pub struct Seat<Key: Eq + Hash> {
    key: Key,
    taken: Arc<Mutex<HashMap<Key, usize>>>,
}

impl<Key: Eq + Hash + Clone> Seats<Key> {
    /// `each` seats for each.
    pub fn new(each: usize) -> Self {
        Self { each, taken: Arc::default() }
    }

    /// A seat, if there is one left.
    pub fn take(&self, key: Key) -> Option<Seat<Key>> {
        let mut taken = locked(&self.taken);
        let count = taken.entry(key.clone()).or_insert(0);
        if *count >= self.each {
            return None;
        }
        *count += 1;
        Some(Seat { key, taken: Arc::clone(&self.taken) })
    }
}

impl<Key: Eq + Hash> Drop for Seat<Key> {
    fn drop(&mut self) {
        let mut taken = locked(&self.taken);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

fn locked<Key>(taken: &Mutex<HashMap<Key, usize>>) -> MutexGuard<'_, HashMap<Key, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From where somebody comes, as far as one household or office can be told from another: an IPv4 address, or an IPv6
/// network of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()),
            address => Self(address),
        }
    }
}

impl FromRequestParts<AppState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map_or(Ipv6Addr::UNSPECIFIED.into(), |peer| peer.0.ip());
        let forwarded = if state.config.behind_proxy { forwarded_for(parts) } else { None };
        Ok(forwarded.unwrap_or(peer).into())
    }
}

/// The address that the nearest proxy saw; what stands before it in the header may be invented.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let header = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    header.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_is_free_and_then_the_pace_holds() {
        let (pace, start) = (Pace::new(SECOND / 10, 20), Instant::now());
        assert!((0..20).all(|_| pace.take(1, start).is_ok()));
        assert_eq!(pace.take(1, start), Err(SECOND / 10));
        assert_eq!(pace.take(2, start), Ok(()), "another is not held up");
        assert_eq!(pace.take(1, start + SECOND / 20), Err(SECOND / 20));
        assert_eq!(pace.take(1, start + SECOND / 10), Ok(()));
        assert_eq!(pace.take(1, start + SECOND / 10), Err(SECOND / 10));
        assert!(
            (0..20).all(|_| pace.take(1, start + 3 * SECOND).is_ok()),
            "after a rest the whole burst is there again"
        );
    }

    #[test]
    fn being_refused_costs_nothing() {
        let (pace, start) = (Pace::new(SECOND, 1), Instant::now());
        assert_eq!(pace.take(1, start), Ok(()));
        assert!((0..100).all(|_| pace.take(1, start) == Err(SECOND)));
        assert_eq!(pace.take(1, start + SECOND), Ok(()));
    }

    #[test]
    fn who_is_idle_leaves_nothing_behind() {
        let (pace, start) = (Pace::new(SECOND, 1), Instant::now());
        (0..100_000_u32).for_each(|key| {
            let now = start + SECOND / 1_000 * key;
            assert_eq!(pace.take(key, now), Ok(()));
        });
        let kept = pace.due.lock().expect("nobody panicked").map.len();
        assert!(kept <= 2 * SWEEP_FROM, "{kept} are kept");
    }

    #[test]
    fn a_seat_is_free_again_when_it_is_left() {
        let seats = Seats::new(2);
        let (first, second) = (seats.take("ada"), seats.take("ada"));
        assert!(first.is_some() && second.is_some() && seats.take("ada").is_none());
        assert!(seats.take("ben").is_some());
        drop(first);
        assert!(seats.take("ada").is_some());
        drop(second);
        assert!(locked(&seats.taken).is_empty());
    }

    #[test]
    fn strangers_have_few_places_from_one_address_and_not_many_in_all() {
        let strangers = Strangers { all: Seats::new(STRANGERS), from_address: Seats::new(STRANGERS_FROM_AN_ADDRESS) };
        let from = |last: u8| strangers.take(IpAddr::from([192, 0, 2, last]).into());
        let mut kept: Vec<_> = (0..STRANGERS_FROM_AN_ADDRESS).map_while(|_| from(0)).collect();
        assert_eq!(kept.len(), STRANGERS_FROM_AN_ADDRESS);
        assert!(from(0).is_none());
        kept.extend((1..=u8::MAX).map_while(from));
        assert_eq!(kept.len(), STRANGERS);
        assert!(from(0).is_none());
        drop(kept);
        assert!(from(0).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_mapped_ipv4_is_ipv4() {
        let address = |text: &str| Address::from(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(address("2001:db8:1:2:aaaa::1"), address("2001:db8:1:2:bbbb::2"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }
}
