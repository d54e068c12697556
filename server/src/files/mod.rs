//! Files: taken in, kept, drawn, read and thrown away, all here. Their rows are the store's, and who may read them is asked of
//! `room`.
//!
//! In reading order: [`upload`] and [`serve`] are what browsers ask over HTTP; `arrival` writes what comes to disk, one writer
//! at a time, and `steady` gives up on whoever sends next to nothing; `name`, `media`, `strip` and `picture` make of it what can
//! be shown and tells of no place; the [`Vault`] keeps it under its SHA-256, here or, by `piece` and `wire`, in a `bucket`;
//! `sweep` throws away what nobody has any more; `range` reads headers.

mod arrival;
mod bucket;
mod media;
mod name;
mod picture;
mod piece;
mod range;
pub mod serve;
mod steady;
mod strip;
mod sweep;
pub mod upload;
mod vault;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::allowance::Allowance;
use app::file::{File, FileId};
use app::member::MemberId;
use app::refusal::Refusal;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::{MEGABYTE, Serve};
use crate::limits::Seats;
use crate::parts::Part;
use crate::random;
use crate::room::{Admitted, Answer};
use crate::store::{Arriving, Content, NewFile, Store, Waiting};

use arrival::{Arrival, Desk};
pub use name::file_name;
pub use picture::LARGE_PX;
use picture::Studio;
pub use steady::Steady;
pub use vault::Vault;

/// Why a file is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The person can do something about it.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The bytes don't begin where those that are here end; so many are here.
    #[error("{0} bytes are here")]
    Offset(u64),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The disk could not.
    #[error("the disk: {0}")]
    Disk(#[from] std::io::Error),
    /// The vault could not.
    #[error("the vault: {0}")]
    Vault(#[from] object_store::Error),
}

/// All files. One for the whole server.
pub struct Files {
    store: Store,
    clock: Clock,
    vault: Vault,
    desk: Desk,
    studio: Studio,
    allowance: Allowance,
    waiting: Waiting,
    keep_free: u64,
    expires: Duration,
    seats: Seats<MemberId>,
    /// Somebody has given up a file.
    loose: Notify,
    /// Something may lie in the vault that nobody knows of.
    left: AtomicBool,
}

impl Files {
    /// The files in a vault, with the limits that the settings ask for.
    pub fn new(config: &Serve, store: Store, vault: Vault, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            vault,
            desk: Desk::default(),
            studio: Studio::new(config),
            allowance: config.allowance(),
            waiting: Waiting {
                files: config.max_waiting_files.into(),
                bytes: i64::from(config.max_waiting_mb) * MEGABYTE,
            },
            keep_free: u64::from(config.keep_free_mb) * MEGABYTE.unsigned_abs(),
            expires: Duration::from_secs(u64::from(config.upload_hours) * 60 * 60),
            seats: Seats::new(config.uploads_at_once),
            loose: Notify::new(),
            left: AtomicBool::new(true),
        })
    }

    /// The ids of files that a message is to carry.
    ///
    /// # Errors
    /// [`Refusal::FilesTooMany`] or [`Refusal::FileUnknown`].
    pub fn named(&self, ids: &[FileId]) -> Result<Vec<u128>, Refusal> {
        if ids.len() > self.allowance.files as usize {
            return Err(Refusal::FilesTooMany);
        }
        ids.iter().map(|id| id.bits().ok_or(Refusal::FileUnknown)).collect()
    }

    /// A file is announced; its id. `bytes` is the most that it can have where nobody knows yet.
    async fn announce(&self, admitted: &Admitted, typed: &str, bytes: i64) -> Result<u128, Trouble> {
        if self.allowance.files == 0 {
            return Err(Trouble::Refused(Refusal::FilesTooMany));
        }
        if !(0..=self.allowance.file_bytes).contains(&bytes) {
            return Err(Trouble::Refused(Refusal::FileTooLarge));
        }
        let to_come = self.store.bytes_to_come().await? + bytes;
        if self.vault.free_bytes()? < self.keep_free.saturating_add(to_come.unsigned_abs()) {
            return Err(Trouble::Refused(Refusal::DiskFull));
        }
        let id = u128::from_be_bytes(random::bytes());
        let (member, room, at_ms) = (admitted.member_id(), admitted.room_id(), self.clock.now_ms());
        let new = NewFile { id, member, room, name: file_name(typed), bytes, at_ms };
        self.store.announce_file(new, self.waiting).await?.map_err(Trouble::Refused)?;
        Ok(id)
    }

    /// Somebody's own file that no message carries yet, and the turn to write it. Whoever had the turn stops.
    async fn turn(&self, admitted: &Admitted, id: u128) -> Result<(Arriving, Arrival), Trouble> {
        self.arriving(admitted, id).await?;
        let arrival = self.desk.take(id, self.vault.arriving(id)).await;
        // It may have come to its end, or been given up, before the turn came.
        Ok((self.arriving(admitted, id).await?, arrival))
    }

    async fn arriving(&self, admitted: &Admitted, id: u128) -> Result<Arriving, Trouble> {
        let found = self.store.arriving_file(id, admitted.member_id(), admitted.room_id()).await?;
        found.ok_or(Trouble::Refused(Refusal::FileUnknown))
    }

    /// All has arrived: it is looked at, made fit to be shown, and kept. It goes on when whoever asked is gone.
    async fn finish(self: &Arc<Self>, id: u128, name: String, arrival: Arrival) -> Result<File, Trouble> {
        let files = Arc::clone(self);
        let finishing = tokio::spawn(async move { files.make_ready(id, name, arrival).await });
        finishing.await.map_err(std::io::Error::other)?
    }

    async fn make_ready(&self, id: u128, name: String, arrival: Arrival) -> Result<File, Trouble> {
        let ready = self.studio.make_ready(arrival.path().to_owned()).await?;
        let content = self.keep(id, ready).await?;
        drop(arrival);
        Ok(content.file(id, name))
    }

    /// Nobody throws away what is being kept. What has arrived is here until the store knows that it is kept, so that it can be
    /// kept once more whatever happens in between.
    async fn keep(&self, id: u128, ready: picture::Ready) -> Result<Content, Trouble> {
        let hash = ready.content.hash;
        let _changing = self.vault.change(hash).await;
        if let Err(trouble) = self.vault.keep(&ready).await {
            self.left.store(true, Ordering::Relaxed);
            return Err(trouble);
        }
        let is_wanted = self.store.file_arrived(id, ready.content.clone()).await?;
        self.vault.forget_arriving(id)?;
        if !is_wanted {
            self.throw_away_unknown(hash).await?;
            return Err(Trouble::Refused(Refusal::FileUnknown));
        }
        Ok(ready.content)
    }

    /// A file that was announced is not wanted any more.
    async fn give_up(&self, admitted: &Admitted, id: u128) -> Result<(), Trouble> {
        let _arrival = self.desk.take(id, self.vault.arriving(id)).await;
        self.arriving(admitted, id).await?;
        if !self.store.give_file_up(id, admitted.member_id()).await? {
            return Err(Trouble::Refused(Refusal::FileUnknown));
        }
        self.vault.forget_arriving(id)?;
        self.loose.notify_one();
        Ok(())
    }

    /// A file that comes with a form, of which nobody knows how large it is: not larger than the form, which has so many bytes.
    ///
    /// # Errors
    /// [`Answer`].
    pub async fn take_in(
        self: &Arc<Self>,
        admitted: &Admitted,
        name: &str,
        bytes: i64,
        body: &mut Part<'_>,
    ) -> Result<u128, Answer> {
        let _seat = self.seats.take(admitted.member_id()).ok_or(Answer::Refused(Refusal::TooFast))?;
        let id = self.announce(admitted, name, bytes.clamp(0, self.allowance.file_bytes)).await?;
        let taken = async {
            let (arriving, mut arrival) = self.turn(admitted, id).await?;
            while let Some(bytes) = body.chunk().await.map_err(|error| steady::why(&error))? {
                if arrival.offset() + bytes.len() as u64 > self.allowance.file_bytes.unsigned_abs() {
                    return Err(Trouble::Refused(Refusal::FileTooLarge));
                }
                arrival = arrival.write(bytes).await?;
            }
            let arrival = arrival.flush().await?;
            self.finish(id, arriving.name, arrival).await
        };
        match taken.await {
            Ok(_) => Ok(id),
            Err(trouble) => {
                self.forget(admitted, &[id]).await;
                Err(trouble.into())
            }
        }
    }

    /// Files that came with a form are not sent after all.
    pub async fn forget(&self, admitted: &Admitted, ids: &[u128]) {
        for id in ids {
            if let Err(trouble) = self.give_up(admitted, *id).await {
                tracing::warn!(%trouble, "a file that was not sent could not be thrown away; it expires");
            }
        }
    }
}

impl From<Trouble> for Answer {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(why) => Self::Refused(why),
            Trouble::Offset(_) => Self::Refused(Refusal::UploadMismatch),
            Trouble::Store(error) => Self::Unavailable(error),
            Trouble::Disk(error) if is_full(&error) => Self::Refused(Refusal::DiskFull),
            Trouble::Disk(error) => {
                tracing::error!(%error, "a file could not be written or read");
                Self::Refused(Refusal::Unavailable)
            }
            Trouble::Vault(error) => {
                tracing::error!(%error, "a file could not be kept or read");
                Self::Refused(Refusal::Unavailable)
            }
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
