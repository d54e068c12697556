//! Where a message comes from that somebody passed on from another room: whose it was, and where it stands. The room's name is not
//! in it: only who may be there knows it.

use serde::{Deserialize, Serialize};

use crate::member::Member;
use crate::message::Seq;
use crate::room::Slug;

/// A message elsewhere, of which this one has the words and files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// In which room it was said.
    pub room: Slug,
    /// Its number there.
    pub of: Seq,
    /// Who said it, under the name that they had then.
    pub by: Member,
}
