//! Whose the latest sessions are, by heart: whoever has walked in or loaded a page opens a socket in the next moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::member::{Member, MemberId};

/// How many are known at most; then it begins anew.
const MAX_SESSIONS: usize = 10_000;

/// The SHA-256 of a session's token.
pub(super) type TokenHash = [u8; 32];

/// The sessions that are known by heart. A handle: clones are the same.
#[derive(Clone, Default)]
pub(super) struct Sessions(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    people: HashMap<TokenHash, Seen>,
    /// How often something was forgotten.
    changes: u64,
}

/// Whose a session is, and when they were seen last, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) member: Member,
    pub(super) at_ms: i64,
}

/// A moment: what was read from the store after it is out of date once something was forgotten since.
#[derive(Clone, Copy)]
pub(super) struct Moment(u64);

impl Sessions {
    /// Whose a session is, if that is known.
    pub(super) fn get(&self, token: &TokenHash) -> Option<Seen> {
        self.known().people.get(token).cloned()
    }

    /// Now, before the store is asked.
    pub(super) fn now(&self) -> Moment {
        Moment(self.known().changes)
    }

    /// Knows a session by heart from now on, unless what the store said may have changed since it was asked.
    pub(super) fn remember(&self, token: TokenHash, seen: Seen, asked: Moment) {
        let mut known = self.known();
        if known.changes != asked.0 {
            return;
        }
        if known.people.len() >= MAX_SESSIONS {
            known.people.clear();
        }
        known.people.insert(token, seen);
    }

    /// A person is another one than before, or one of their sessions is over: called after the commit, before anyone is told.
    pub(super) fn forget(&self, member: MemberId) {
        let mut known = self.known();
        known.changes += 1;
        known.people.retain(|_, seen| seen.member.id != member);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::member::Name;

    fn ada() -> Seen {
        Seen { member: Member { id: MemberId(1), name: Name::new("Ada").expect("a name") }, at_ms: 5 }
    }

    #[test]
    fn what_is_forgotten_is_not_remembered_by_whoever_asked_before() {
        let sessions = Sessions::default();
        sessions.remember([1; 32], ada(), sessions.now());
        assert_eq!(sessions.get(&[1; 32]), Some(ada()));
        let asked = sessions.now();
        sessions.forget(MemberId(1));
        assert_eq!(sessions.get(&[1; 32]), None);
        sessions.remember([1; 32], ada(), asked);
        assert_eq!(sessions.get(&[1; 32]), None, "it was asked before the change");
        sessions.remember([1; 32], ada(), sessions.now());
        assert_eq!(sessions.get(&[1; 32]), Some(ada()));
    }

    #[test]
    fn no_more_are_known_than_there_is_space_for() {
        let sessions = Sessions::default();
        for number in 0..=MAX_SESSIONS as u32 {
            let mut token = [0; 32];
            token[..4].copy_from_slice(&number.to_be_bytes());
            sessions.remember(token, ada(), sessions.now());
        }
        assert_eq!(sessions.known().people.len(), 1);
    }
}
