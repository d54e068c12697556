//! What a message said before: its author sees it, and who made the room. Of a direct room nobody but the author does.

use app::message::Seq;
use app::refusal::Refusal;

use super::{Admitted, Answer};

/// A version of a message.
#[derive(Debug)]
pub struct Version {
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// What it says, for whoever may see that.
    pub text: Option<String>,
}

impl Admitted {
    /// The versions of a message, the newest first, and whether some before the last of them are left out. What they say is there for its
    /// author and the room's maker alone.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::MessageUnknown`] or [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn versions(&self, seq: Seq) -> Result<(Vec<Version>, bool), Answer> {
        let found = self.unless_removed(self.rooms.store.versions(self.room_id(), seq).await?)?;
        let versions = found.ok_or(Answer::Refused(Refusal::MessageUnknown))?;
        let may_see = versions.author == self.member_id() || self.moderates();
        let version = |(at_ms, text)| Version { at_ms, text: Some(text).filter(|_| may_see) };
        Ok((versions.each.into_iter().map(version).collect(), versions.has_more))
    }
}
