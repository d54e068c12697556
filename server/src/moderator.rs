//! Who moderates a public room that nobody has made, as the first one: whoever runs the program says so. `madang moderator` prints a
//! code, and who types it at `/moderator` has the room from then on. Whoever can write to the data folder runs the program, and
//! nobody else: being there first, or having a name, gives no right on the open internet. Of the code only the SHA-256 is kept, in a
//! file of the data folder; it holds for a quarter of an hour, and once.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use app::room::Slug;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::hex::hex;
use crate::random;

/// The file in the data folder.
const FILE: &str = "moderator-code";
/// So long a code holds.
const HOLDS_MS: i64 = 15 * 60 * 1_000;
/// So many letters stand together, for whoever types them.
const GROUP: usize = 5;

/// Makes a code for a room, in the place of the one before; what to type.
///
/// # Errors
/// The data folder can't be written.
pub fn make_code(data: &Path, room: &Slug, clock: &Clock) -> std::io::Result<String> {
    let code = random::hex::<10>();
    let note = format!("{} {} {room}\n", hash(&code), clock.now_ms() + HOLDS_MS);
    let path = data.join(FILE);
    // Whole or not at all, and for nobody else to read.
    let new = path.with_extension("new");
    let _ = std::fs::remove_file(&new);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?.write_all(note.as_bytes())?;
    std::fs::rename(new, path)?;
    let groups: Vec<&str> = (0..code.len()).step_by(GROUP).map(|at| &code[at..at + GROUP]).collect();
    Ok(groups.join("-"))
}

/// For which room this code is, if it holds; from now on it holds no more.
pub fn take_code(data: &Path, typed: &str, clock: &Clock) -> Option<Slug> {
    let path = data.join(FILE);
    let note = match std::fs::read_to_string(&path) {
        Ok(note) => note,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            // Whoever made it may be somebody else to the system than the program that serves.
            tracing::warn!(%error, "the file {FILE} in the data folder can't be read, so no code is taken");
            return None;
        }
    };
    let [wanted, until_ms, room] = note.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let holds =
        hash(&letters.to_ascii_lowercase()) == wanted && until_ms.parse().is_ok_and(|until| clock.now_ms() < until);
    // Of two who type it at once one has removed it.
    let is_taken = holds && std::fs::remove_file(path).is_ok();
    is_taken.then(|| Slug::from(room))
}

fn hash(code: &str) -> String {
    hex(&Sha256::digest(code))
}
