//! Where bytes are kept: in the data folder, in another one or in a bucket, under the SHA-256 of what they are, whole or not at all.
//! What is still arriving is always in the data folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use url::Url;

use super::Trouble;
use super::bucket::Bucket;
use super::picture::Ready;
use super::piece::Pieces;
use super::wire::innermost;
use crate::config::Serve;
use crate::hex::hex;
use crate::store::{Hash, OpenError};

/// The folder within the data folder.
const FOLDER: &str = "files";
const ARRIVING: &str = "arriving";
const KEPT: &str = "kept";
const DRAWN: &str = "drawn";
/// What was begun to be sent to a bucket.
const BEGUN: &str = "sending";
/// What is written, read and deleted elsewhere at the start, to see that it can be.
const PROBE: &str = "probe";
/// Whose files these are is written beside them: whoever sweeps deletes all that they don't know.
const OWNER: &str = "owner";
/// How long all that may take.
const PROBED_WITHIN: Duration = Duration::from_secs(20);
/// So many changes may go on at once: more than are sent.
const CHANGES: usize = 64;

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
    road: Road,
    folder: PathBuf,
    changing: [Mutex<()>; CHANGES],
}

/// How what has arrived comes to where it is kept.
enum Road {
    /// By a change of its name.
    Name,
    /// By being copied into another folder.
    Copy,
    /// By being sent to a bucket.
    Sending(Bucket),
}

impl Vault {
    /// Opens the vault of an owner where the settings say, and makes its folders where they are not there.
    ///
    /// # Errors
    /// [`OpenError::Folder`], [`OpenError::Files`].
    pub async fn open(config: &Serve, owner: &str) -> Result<Self, OpenError> {
        let folder = config.data.join(FOLDER);
        let failed = |cause| OpenError::Folder { folder: folder.clone(), cause };
        std::fs::create_dir_all(folder.join(ARRIVING)).map_err(failed)?;
        let (objects, road) = match &config.files_at {
            None => (in_folder(&folder).map_err(|error| failed(std::io::Error::other(error)))?, Road::Name),
            Some(at) => elsewhere(at, config, &folder, owner).await?,
        };
        Ok(Self { objects, road, folder, changing: std::array::from_fn(|_| Mutex::default()) })
    }

    /// What has this hash neither comes nor goes besides as long as this is held.
    pub(super) async fn change(&self, hash: Hash) -> MutexGuard<'_, ()> {
        self.changing[usize::from(hash[0]) % CHANGES].lock().await
    }

    /// Where a file grows that is arriving.
    pub(super) fn arriving(&self, id: u128) -> PathBuf {
        self.folder.join(ARRIVING).join(format!("{id:032x}"))
    }

    /// Throws away what has arrived of a file, and what was made of it.
    pub(super) fn forget_arriving(&self, id: u128) -> std::io::Result<()> {
        let arrived = self.arriving(id);
        [clean(&arrived), arrived].iter().try_for_each(|path| match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
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

    /// Keeps what has arrived, and what was drawn of it. It is synced to disk before anybody is told; where it was not there before,
    /// what has arrived stays until it is forgotten.
    pub(super) async fn keep(&self, ready: &Ready) -> Result<(), Trouble> {
        let hash = ready.content.hash;
        for (size, drawn) in Size::ALL.into_iter().zip(ready.drawn.iter().flatten()) {
            self.objects.put(&drawn_key(hash, size), drawn.clone().into()).await?;
        }
        let key = kept_key(hash);
        match &self.road {
            Road::Name => {
                let name = ready.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                Ok(self.objects.rename(&Key::from_iter([ARRIVING, name.as_str()]), &key).await?)
            }
            Road::Copy => self.copy(&ready.path, &key).await,
            Road::Sending(bucket) => bucket.send(&ready.path, &key).await,
        }
    }

    /// What was begun and not ended is no object there.
    async fn copy(&self, from: &Path, to: &Key) -> Result<(), Trouble> {
        let from = from.to_owned();
        let mut pieces = spawn_blocking(move || Pieces::open(&from)).await.map_err(std::io::Error::other)??;
        let mut copied = self.objects.put_multipart(to).await?;
        while let Some(piece) = pieces.next().await? {
            copied.put_part(piece.into()).await?;
        }
        copied.complete().await?;
        Ok(())
    }

    /// Some bytes of a file as a body.
    pub(super) async fn read(&self, hash: Hash, part: std::ops::Range<u64>) -> Result<Body, object_store::Error> {
        if part.is_empty() {
            return Ok(Body::empty());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let found = self.objects.get_opts(&kept_key(hash), options).await?;
        let cut = |error| {
            tracing::warn!(%error, "a file could not be read to the end of what was asked for");
            std::io::Error::other(error)
        };
        Ok(Body::from_stream(found.into_stream().map_err(cut)))
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

    /// The hashes of all that is kept or drawn.
    pub(super) async fn all(&self) -> Result<BTreeSet<Hash>, object_store::Error> {
        let mut hashes = BTreeSet::new();
        for what in [KEPT, DRAWN] {
            let mut objects = self.objects.list(Some(&Key::from(what)));
            while let Some(object) = objects.try_next().await? {
                hashes.extend(object.location.filename().and_then(hash_of));
            }
        }
        Ok(hashes)
    }

    /// Calls off what a program that was killed had begun to send.
    pub(super) async fn sweep_begun(&self) {
        if let Road::Sending(bucket) = &self.road {
            bucket.sweep(|name| hash_of(name).map(kept_key)).await;
        }
    }
}

/// Each object is synced to disk before anybody is told of it.
fn in_folder(folder: &Path) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)))
}

/// Another place than the data folder, which is ours, and was seen to take and to give.
async fn elsewhere(
    at: &str,
    config: &Serve,
    folder: &Path,
    owner: &str,
) -> Result<(Arc<dyn ObjectStore>, Road), OpenError> {
    // What can't be read may hold a key, so nothing of it is told.
    let unread = |_| OpenError::Files { at: "what --files-at says".to_owned(), why: "it is no address".to_owned() };
    let url = Url::parse(at).map_err(unread)?;
    let shown = format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path());
    let unfit = |why| OpenError::Files { at: shown.clone(), why };
    let (objects, road) = open(&url, config, folder).map_err(unfit)?;
    let probed = timeout(PROBED_WITHIN, async {
        probe(&*objects).await?;
        is_ours(&*objects, owner).await
    });
    let why = match probed.await {
        Ok(Ok(true)) => return Ok((objects, road)),
        Ok(Ok(false)) => format!(
            "the files of another Madang are there, and each deletes what it doesn't know; if that one is gone for good, delete \
             “{OWNER}” there"
        ),
        Ok(Err(error)) => sentence(&error),
        Err(_) => format!("it did not answer within {} seconds", PROBED_WITHIN.as_secs()),
    };
    Err(unfit(why))
}

fn open(at: &Url, config: &Serve, folder: &Path) -> Result<(Arc<dyn ObjectStore>, Road), String> {
    if !at.username().is_empty() || at.password().is_some() || at.query().is_some() || at.port().is_some() {
        return Err("nothing but a name and a path belongs there; keys are read from AWS_ACCESS_KEY_ID and \
                    AWS_SECRET_ACCESS_KEY, the endpoint from AWS_ENDPOINT_URL"
            .to_owned());
    }
    match at.scheme() {
        "file" => {
            let folder = at.to_file_path().map_err(|()| "it names no folder, as file:///srv/files does".to_owned())?;
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            Ok((in_folder(&folder).map_err(|error| error.to_string())?, Road::Copy))
        }
        "s3" => {
            let bucket = Bucket::open(at, &config.aws, folder.join(BEGUN))?;
            let (objects, within) = bucket.place();
            Ok((Arc::new(PrefixStore::new(objects, within)), Road::Sending(bucket)))
        }
        _ => Err("files go to a folder, as file:///srv/files, or to a bucket, as s3://bucket/prefix".to_owned()),
    }
}

/// Does there all that will be done with files.
async fn probe(objects: &dyn ObjectStore) -> Result<(), object_store::Error> {
    let key = Key::from(PROBE);
    objects.put(&key, PROBE.into()).await?;
    let probed = async {
        objects.get(&key).await?.bytes().await?;
        objects.list(Some(&Key::from(KEPT))).try_next().await
    };
    let probed = probed.await;
    objects.delete(&key).await?;
    probed.map(drop)
}

/// Whether the files there are this owner's. Where there were none, they are from now on.
async fn is_ours(objects: &dyn ObjectStore, owner: &str) -> Result<bool, object_store::Error> {
    let key = Key::from(OWNER);
    match objects.get(&key).await {
        Ok(found) => Ok(found.bytes().await? == owner.as_bytes()),
        Err(object_store::Error::NotFound { .. }) => objects.put(&key, owner.to_owned().into()).await.map(|_| true),
        Err(error) => Err(error),
    }
}

/// Why a bucket or folder can't be used, for whoever set it.
fn sentence(error: &object_store::Error) -> String {
    let why = innermost(error).to_string();
    let why = why.trim_end_matches('.');
    match error {
        object_store::Error::NotFound { .. } => format!("there is no such bucket ({why})"),
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            format!(
                "the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be right, and allow to write, read, list \
                 and delete ({why})"
            )
        }
        _ => why.to_owned(),
    }
}

/// Where a file lies that was made of what has arrived.
pub(super) fn clean(arrived: &Path) -> PathBuf {
    arrived.with_extension("clean")
}

fn kept_key(hash: Hash) -> Key {
    let name = hex(&hash);
    Key::from_iter([KEPT, &name[..2], &name])
}

fn drawn_key(hash: Hash, size: Size) -> Key {
    let name = hex(&hash);
    Key::from_iter([DRAWN, &name[..2], &format!("{name}-{}", size.word())])
}

/// The hash that an object's name begins with.
fn hash_of(name: &str) -> Option<Hash> {
    let name = name.split('-').next()?;
    let byte = |at: usize| u8::from_str_radix(name.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..name.len() / 2).map(byte).collect();
    bytes?.try_into().ok()
}
