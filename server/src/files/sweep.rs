//! What nobody has any more is thrown away: at once when the last message lets go of it, once an hour what was never sent, and at
//! the start and after a failure what was left behind.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{Files, Trouble};
use crate::random;
use crate::room::Rooms;
use crate::store::Hash;

/// How often what was never sent is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);
/// What could not be deleted is tried again within this time at first,
const FIRST_REST_MS: u32 = 10_000;
/// and within this one in the end.
const LAST_REST_MS: u32 = 10 * 60_000;

impl Files {
    /// Throws away what nobody has any more, as long as the program runs.
    pub async fn tend(self: Arc<Self>, rooms: Arc<Rooms>) {
        loop {
            if self.left.swap(false, Ordering::Relaxed) && note(self.sweep_up().await).is_none() {
                self.left.store(true, Ordering::Relaxed);
            }
            note(self.sweep_old().await);
            let _ = timeout(LOOK_EVERY, self.sweep_what_comes_loose(&rooms)).await;
        }
    }

    async fn sweep_what_comes_loose(&self, rooms: &Rooms) {
        loop {
            for rest in rests() {
                if note(self.sweep_loose().await).is_some() {
                    break;
                }
                sleep(rest).await;
            }
            tokio::select! {
                () = rooms.until_something_is_deleted() => {}
                () = self.loose.notified() => {}
            }
        }
    }

    /// What was left behind, by whoever.
    async fn sweep_up(&self) -> Result<(), Trouble> {
        self.sweep_loose().await?;
        for path in self.vault.all_arriving()? {
            // What is being made of a file bears its id, too.
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let is_wanted = match app::file::FileId(name.to_owned()).bits() {
                Some(id) => self.store.is_to_come(id).await?,
                None => false,
            };
            if !is_wanted {
                std::fs::remove_file(&path)?;
            }
        }
        self.vault.sweep_begun().await;
        for hash in self.vault.all().await? {
            let _changing = self.vault.change(hash).await;
            self.throw_away_unknown(hash).await?;
        }
        Ok(())
    }

    /// What was announced long ago and never sent.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn sweep_old(&self) -> Result<(), Trouble> {
        let before_ms = self.clock.now_ms() - i64::try_from(self.expires.as_millis()).unwrap_or(i64::MAX);
        for id in self.store.give_old_files_up(before_ms).await? {
            let _arrival = self.desk.take(id, self.vault.arriving(id)).await;
            self.vault.forget_arriving(id)?;
        }
        self.sweep_loose().await
    }

    /// What the last file has let go of. The bytes go first, so that a program that is killed in between tries again.
    pub(super) async fn sweep_loose(&self) -> Result<(), Trouble> {
        for hash in self.store.loose_contents().await? {
            let _changing = self.vault.change(hash).await;
            // It may have come once more before its turn came.
            if self.store.is_loose(hash).await? {
                self.vault.delete(hash).await?;
                self.store.forget_content(hash).await?;
            }
        }
        Ok(())
    }

    /// Deletes what lies in the vault and nobody knows of.
    pub(super) async fn throw_away_unknown(&self, hash: Hash) -> Result<(), Trouble> {
        if !self.store.knows_content(hash).await? {
            self.vault.delete(hash).await?;
        }
        Ok(())
    }
}

/// How long to wait between tries: half of a time that doubles and any part of the other half, so that those whom one bucket turned
/// away don't all come back at once.
fn rests() -> impl Iterator<Item = Duration> {
    let bounds_ms = std::iter::successors(Some(FIRST_REST_MS), |bound_ms| Some((2 * bound_ms).min(LAST_REST_MS)));
    bounds_ms.map(|bound_ms| Duration::from_millis(random::between(bound_ms / 2, bound_ms).into()))
}

fn note(swept: Result<(), Trouble>) -> Option<()> {
    swept.inspect_err(|trouble| tracing::warn!(%trouble, "files that nobody has could not be deleted")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_deleted_is_tried_again_more_and_more_seldom_and_never_given_up() {
        let rests: Vec<f64> = rests().take(11).map(|rest| rest.as_secs_f64()).collect();
        let bounds = [10., 20., 40., 80., 160., 320., 600., 600., 600., 600., 600.];
        for (rest, bound) in rests.iter().zip(bounds) {
            assert!((bound / 2. ..=bound).contains(rest), "{rests:?}");
        }
        assert!(rests.len() == bounds.len() && rests[6..].windows(2).any(|two| two[0] != two[1]), "{rests:?}");
    }
}
