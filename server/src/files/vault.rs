//! Where bytes are kept: in the data folder, under the SHA-256 of what they are, written whole or not at all. It is spoken to
//! as an object store, so that one that lies elsewhere can take its place; what is still arriving is always here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use tokio::sync::{Mutex, MutexGuard};

use super::picture::Ready;
use crate::store::{Hash, OpenError};

/// The folder within the data folder.
const FOLDER: &str = "files";
const ARRIVING: &str = "arriving";
const KEPT: &str = "kept";
const DRAWN: &str = "drawn";

/// The sizes in which pictures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// For the row of a message.
    Small,
    /// For the whole window.
    Large,
}

impl Size {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// What it is called in addresses.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

/// The bytes of all files.
pub struct Vault {
    objects: Arc<dyn ObjectStore>,
    folder: PathBuf,
    changing: Mutex<()>,
}

impl Vault {
    /// Opens the vault in the data folder, and makes it where it is not there.
    ///
    /// # Errors
    /// [`OpenError::Folder`].
    pub fn open(data: &Path) -> Result<Self, OpenError> {
        let folder = data.join(FOLDER);
        let failed = |cause| OpenError::Folder { folder: folder.clone(), cause };
        std::fs::create_dir_all(folder.join(ARRIVING)).map_err(failed)?;
        let objects =
            LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(std::io::Error::other(error)))?;
        Ok(Self { objects: Arc::new(objects.with_fsync(true)), folder, changing: Mutex::default() })
    }

    /// Nothing comes or goes besides as long as this is held.
    pub(super) async fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Where a file grows that is arriving.
    pub(super) fn arriving(&self, id: u128) -> PathBuf {
        self.folder.join(ARRIVING).join(format!("{id:032x}"))
    }

    /// Throws away what has arrived of a file.
    pub(super) fn forget_arriving(&self, id: u128) -> std::io::Result<()> {
        match std::fs::remove_file(self.arriving(id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// All that has arrived at some time and was not kept, by its name.
    pub(super) fn all_arriving(&self) -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(self.folder.join(ARRIVING))?.map(|entry| Ok(entry?.path())).collect()
    }

    /// How many bytes the disk has left for us.
    pub(super) fn free_bytes(&self) -> std::io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.folder)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Keeps what has arrived, and what was drawn of it. It is synced to disk before anybody is told.
    pub(super) async fn keep(&self, id: u128, ready: &Ready) -> Result<(), super::Trouble> {
        let hash = ready.content.hash;
        for (size, drawn) in Size::ALL.into_iter().zip(ready.drawn.iter().flatten()) {
            self.objects.put(&drawn_key(hash, size), drawn.clone().into()).await?;
        }
        // In the same folder, so that keeping is a change of name.
        let name = ready.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.objects.rename(&Key::from_iter([ARRIVING, name.as_str()]), &kept_key(hash)).await?;
        Ok(self.forget_arriving(id)?)
    }

    /// Some bytes of a file as a body.
    pub(super) async fn read(&self, hash: Hash, part: std::ops::Range<u64>) -> Result<Body, object_store::Error> {
        if part.is_empty() {
            return Ok(Body::empty());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let found = self.objects.get_opts(&kept_key(hash), options).await?;
        Ok(Body::from_stream(found.into_stream().map_err(std::io::Error::other)))
    }

    /// A picture as it was drawn.
    pub(super) async fn read_drawn(&self, hash: Hash, size: Size) -> Result<Bytes, object_store::Error> {
        self.objects.get(&drawn_key(hash, size)).await?.bytes().await
    }

    /// Deletes a file, and what was drawn of it. What is not there is deleted.
    pub(super) async fn delete(&self, hash: Hash) -> Result<(), object_store::Error> {
        let drawn = Size::ALL.map(|size| drawn_key(hash, size));
        for key in drawn.iter().chain(std::iter::once(&kept_key(hash))) {
            match self.objects.delete(key).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The hashes of all that is kept.
    pub(super) async fn all(&self) -> Result<Vec<Hash>, object_store::Error> {
        let kept = self.objects.list(Some(&Key::from(KEPT)));
        let hashes = kept.map_ok(|object| object.location.filename().and_then(hash_of));
        Ok(hashes.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }
}

fn kept_key(hash: Hash) -> Key {
    let name = hex(&hash);
    Key::from_iter([KEPT, &name[..2], &name])
}

fn drawn_key(hash: Hash, size: Size) -> Key {
    let name = hex(&hash);
    Key::from_iter([DRAWN, &name[..2], &format!("{name}-{}", size.word())])
}

/// A hash in hexadecimal.
pub(super) fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash_of(name: &str) -> Option<Hash> {
    let byte = |at: usize| u8::from_str_radix(name.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..name.len() / 2).map(byte).collect();
    bytes?.try_into().ok()
}
