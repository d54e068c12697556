//! Who listens to a room: kept by connection, and as a list for whoever speaks, who then holds up nobody that comes or goes.

use std::collections::HashMap;
use std::sync::Arc;

use app::member::MemberId;

use crate::broadcast::Outlet;

/// The connections that listen to one room.
#[derive(Default)]
pub(super) struct Listeners {
    by_id: HashMap<u64, Arc<Outlet>>,
    /// Made when it is asked for and somebody came or went since.
    listed: Option<Arc<[Listener]>>,
}

/// A connection that listens, and whose it is: read for everyone before anyone is spoken to.
pub(super) struct Listener {
    pub(super) member: MemberId,
    pub(super) outlet: Arc<Outlet>,
}

impl Listeners {
    /// A connection listens from now on. Says whether it did not before.
    pub(super) fn add(&mut self, outlet: &Arc<Outlet>) -> bool {
        self.listed = None;
        self.by_id.insert(outlet.id, Arc::clone(outlet)).is_none()
    }

    /// A connection listens no more. Says whether it did.
    pub(super) fn remove(&mut self, outlet: &Outlet) -> bool {
        self.listed = None;
        self.by_id.remove(&outlet.id).is_some()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether nobody listens.
    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Outlet>> {
        self.by_id.values()
    }

    /// All of them, as they are at this moment.
    pub(super) fn listed(&mut self) -> Arc<[Listener]> {
        let listener = |outlet: &Arc<Outlet>| Listener { member: outlet.member, outlet: Arc::clone(outlet) };
        let listed = self.listed.get_or_insert_with(|| self.by_id.values().map(listener).collect());
        Arc::clone(listed)
    }
}
