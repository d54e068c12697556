//! A bucket that speaks S3, where files may be kept: how the settings lead there, and how a file goes in as a whole.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{TryStreamExt, stream};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ClientConfigKey, ObjectStoreExt, RetryConfig};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use url::Url;

use super::Trouble;
use super::piece::{PIECE, Pieces};
use super::wire::Connector;
use crate::config::Aws;
use crate::random;
use crate::tls::usual_roots;

/// How many pieces of a file are on their way at once,
const PIECES_AT_ONCE: usize = 2;
/// and how many files: each holds one piece more in memory.
const FILES_AT_ONCE: usize = 4;
/// How often a request is tried again that may succeed then,
const TRIES: usize = 3;
/// and how long after the first one at most.
const TRIED_FOR: Duration = Duration::from_secs(15);
/// In a file of this format are certificates to trust besides those that everyone does.
const CERTIFICATES: &str = "AWS_CA_BUNDLE";

/// A bucket, and a place in it.
pub(super) struct Bucket {
    s3: AmazonS3,
    within: Key,
    /// What was begun to be sent is noted in this folder, so that it can be called off after a kill.
    begun: PathBuf,
    /// The notes of what does not go on.
    left: Mutex<Vec<PathBuf>>,
    sending: Semaphore,
}

impl Bucket {
    /// The bucket at `s3://bucket/prefix`, reached as the variables say.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub(super) fn open(at: &Url, aws: &Aws, begun: PathBuf) -> Result<Self, String> {
        let name =
            at.host_str().filter(|name| !name.is_empty()).ok_or("it names no bucket, as s3://bucket/prefix does")?;
        let within = Key::from_url_path(at.path()).map_err(|error| error.to_string())?;
        let variables = aws.0.iter().filter_map(|(name, value)| Some((known(name)?, value)));
        let builder = variables.fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value));
        let builder = if encrypts(&builder)? { unsigned_where_nothing_is_said(builder, aws) } else { builder };
        let backoff =
            BackoffConfig { init_backoff: Duration::from_millis(200), max_backoff: Duration::from_secs(2), base: 2. };
        let s3 = builder
            .with_bucket_name(name)
            // Each by itself, which every store understands.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig { backoff, max_retries: TRIES, retry_timeout: TRIED_FOR })
            .with_http_connector(Connector::new(roots(aws)?))
            .build()
            .map_err(|error| error.to_string())?;
        let left = notes(&begun).map_err(|error| format!("{} can't be written ({error})", begun.display()))?;
        Ok(Self { s3, within, begun, left: Mutex::new(left), sending: Semaphore::new(FILES_AT_ONCE) })
    }

    /// The store itself, and where in it we are.
    pub(super) fn place(&self) -> (AmazonS3, Key) {
        (self.s3.clone(), self.within.clone())
    }

    /// Sends a file: it is there as a whole or not at all.
    pub(super) async fn send(&self, from: &Path, to: &Key) -> Result<(), Trouble> {
        let _place = self.sending.acquire().await.map_err(std::io::Error::other)?;
        let (to, path) = (self.key(to), from.to_owned());
        let mut pieces = spawn_blocking(move || Pieces::open(&path)).await.map_err(std::io::Error::other)??;
        if pieces.bytes() <= PIECE as u64 {
            let whole = pieces.next().await?.unwrap_or_default();
            self.s3.put(&to, whole.into()).await?;
            return Ok(());
        }
        let id = self.s3.create_multipart(&to).await?;
        let name = format!("{}-{:032x}", to.filename().unwrap_or_default(), u128::from_be_bytes(random::bytes()));
        let note = self.begun.join(name);
        let noted = (note.clone(), id.clone());
        spawn_blocking(move || write_note(&noted.0, &noted.1)).await.map_err(std::io::Error::other)??;
        let sent = match self.send_pieces(pieces, &to, &id).await {
            Ok(parts) => self.s3.complete_multipart(&to, &id, parts).await.map(drop).map_err(Trouble::from),
            Err(trouble) => Err(trouble),
        };
        if sent.is_ok() || self.call_off(&to, &id).await {
            std::fs::remove_file(&note)?;
        } else {
            self.left().push(note);
        }
        sent
    }

    async fn send_pieces(&self, pieces: Pieces, to: &Key, id: &String) -> Result<Vec<PartId>, Trouble> {
        let numbered = stream::try_unfold((pieces, 0), async |(mut pieces, number)| {
            let piece = pieces.next().await?;
            Ok::<_, Trouble>(piece.map(|piece| ((number, piece), (pieces, number + 1))))
        });
        let sending =
            numbered.map_ok(async |(number, piece)| Ok(self.s3.put_part(to, id, number, piece.into()).await?));
        sending.try_buffered(PIECES_AT_ONCE).try_collect().await
    }

    /// What was begun and does not go on is called off: a store keeps such pieces, where nobody sees them.
    /// One that can't be called off now holds up no other.
    pub(super) async fn sweep(&self, key_of: impl Fn(&str) -> Option<Key>) {
        let left = std::mem::take(&mut *self.left());
        for note in left {
            let key = note.file_name().and_then(|name| key_of(name.to_str()?));
            let swept = self.sweep_noted(&note, key).await;
            if !swept.unwrap_or_else(|error| unread(&note, &error)) {
                self.left().push(note);
            }
        }
    }

    /// Whether nothing is left of what a note tells of, nor the note.
    async fn sweep_noted(&self, note: &Path, key: Option<Key>) -> std::io::Result<bool> {
        let id = std::fs::read_to_string(note)?;
        let is_off = match key {
            // Without an id, as after a power cut, a store may take it for the deletion of what lies there.
            Some(key) if !id.is_empty() => self.call_off(&self.key(&key), &id).await,
            _ => true,
        };
        if is_off {
            std::fs::remove_file(note)?;
        }
        Ok(is_off)
    }

    fn left(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is left of what was begun.
    async fn call_off(&self, to: &Key, id: &str) -> bool {
        let called_off = self.s3.abort_multipart(to, &id.to_owned()).await;
        matches!(called_off, Ok(()) | Err(object_store::Error::NotFound { .. }))
    }

    fn key(&self, key: &Key) -> Key {
        self.within.parts().chain(key.parts()).collect()
    }
}

/// Says so; nothing was swept.
fn unread(note: &Path, error: &std::io::Error) -> bool {
    tracing::warn!(%error, note = %note.display(), "what was begun to be sent to a bucket can't be called off: its note can't be read");
    false
}

/// It is on disk before anything is sent.
fn write_note(note: &Path, id: &str) -> std::io::Result<()> {
    let mut file = File::create_new(note)?;
    file.write_all(id.as_bytes())?;
    file.sync_all()
}

/// The notes in a folder, which is made where it is not there.
fn notes(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    std::fs::read_dir(folder)?.map(|note| Ok(note?.path())).collect()
}

/// The settings of a bucket among the variables. Of those for the connection one is ours, too; other programs' are not looked at.
fn known(name: &str) -> Option<AmazonS3ConfigKey> {
    let key = name.to_ascii_lowercase().parse().ok()?;
    let is_ours = !matches!(key, AmazonS3ConfigKey::Client(key) if key != ClientConfigKey::AllowHttp);
    is_ours.then_some(key)
}

/// Whether all that goes there is encrypted.
fn encrypts(builder: &AmazonS3Builder) -> Result<bool, String> {
    let value = |key| builder.get_config_value(&key);
    let Some(endpoint) = value(AmazonS3ConfigKey::S3Endpoint).or_else(|| value(AmazonS3ConfigKey::Endpoint)) else {
        return Ok(true);
    };
    let url = Url::parse(&endpoint).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or("the endpoint in AWS_ENDPOINT_URL is no address, as https://s3.example.org is")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "keys don't belong into AWS_ENDPOINT_URL, but into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".into()
        );
    }
    let may_be_plain = value(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp)).as_deref() == Some("true");
    match url.scheme() {
        "http" if !may_be_plain => Err(format!("{endpoint} does not encrypt; AWS_ALLOW_HTTP=true allows that")),
        scheme => Ok(scheme == "https"),
    }
}

/// Where TLS watches over the bytes, a second sum of each piece would only hold up a thread that serves people.
fn unsigned_where_nothing_is_said(builder: AmazonS3Builder, aws: &Aws) -> AmazonS3Builder {
    let is_said = aws.0.iter().any(|(name, _)| known(name) == Some(AmazonS3ConfigKey::UnsignedPayload));
    if is_said { builder } else { builder.with_unsigned_payload(true) }
}

/// Whom Mozilla trusts, and whom the operator does besides.
fn roots(aws: &Aws) -> Result<RootCertStore, String> {
    let mut roots = usual_roots();
    if let Some((_, file)) = aws.0.iter().find(|(name, _)| name == CERTIFICATES) {
        let unfit = |error: String| format!("{CERTIFICATES} names {file}, which has no certificates ({error})");
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unfit(error.to_string()))? {
            let certificate = certificate.map_err(|error| unfit(error.to_string()))?;
            roots.add(certificate).map_err(|error| unfit(error.to_string()))?;
        }
    }
    Ok(roots)
}
