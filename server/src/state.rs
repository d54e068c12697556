//! What every handler can reach. No globals: a test makes as many of these as it likes.

use std::ops::Deref;
use std::sync::Arc;

use app::allowance::Allowance;

use crate::bundle::Bundle;
use crate::clock::Clock;
use crate::config::Serve;
use crate::files::{Files, Vault};
use crate::lab::Probes;
use crate::limits::Limits;
use crate::previews::Previews;
use crate::room::{Patience, Rooms, Schedule};
use crate::store::{Store, StoreError};

/// The program's state. A handle: clones share it, and every request makes some.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What the state holds.
pub struct Parts {
    /// The settings.
    pub config: Serve,
    /// The database.
    pub store: Store,
    /// Rooms and connections.
    pub rooms: Arc<Rooms>,
    /// What is said later.
    pub schedule: Arc<Schedule>,
    /// Files.
    pub files: Arc<Files>,
    /// How much one may write and attach.
    pub allowance: Allowance,
    /// How much one may do at once.
    pub limits: Arc<Limits>,
    /// The time.
    pub clock: Clock,
    /// The files that browsers load.
    pub bundle: Bundle,
    /// What became of the lab's tries.
    pub probes: Probes,
}

impl AppState {
    /// Puts the state together, and makes the first room where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn new(
        config: Serve,
        store: Store,
        vault: Vault,
        clock: Clock,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        // Drawing pages needs to know who runs its tasks; a second start in the same process finds it set.
        let _ = any_spawner::Executor::init_tokio();
        let bundle = Bundle::new(config.watch.is_some());
        let limits = Limits::new(&config, patience.second);
        let rooms = Rooms::load(store.clone(), clock.clone(), patience, &config, Arc::clone(&limits)).await?;
        rooms.make_first().await?;
        Previews::new(&config).into_iter().for_each(|previews| rooms.show_previews(previews));
        let schedule = Schedule::load(Arc::clone(&rooms), store.clone(), clock.clone(), patience, &config).await?;
        let files = Files::new(&config, store.clone(), vault, clock.clone());
        let allowance = config.allowance();
        Ok(Self(Arc::new(Parts {
            config,
            allowance,
            store,
            rooms,
            schedule,
            files,
            limits,
            clock,
            bundle,
            probes: Probes::default(),
        })))
    }

    /// Whether there are as many people as there may be.
    pub fn is_full(&self) -> bool {
        self.store.count_people() >= self.config.max_people
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
