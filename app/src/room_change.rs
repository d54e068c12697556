//! What people do to a room, as numbered events of its log: so a resume carries it, and the timeline tells it.

use serde::{Deserialize, Serialize};

use crate::member::Member;

/// What somebody did to a room, or to who is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomChange {
    /// It has another name. Its address stays.
    Named {
        /// The new one.
        name: String,
    },
    /// It is about something else.
    Topic {
        /// What; empty when it is about nothing in particular any more.
        topic: String,
    },
    /// It can be read, and not be written.
    Archived {},
    /// It can be written again.
    Restored {},
    /// Others are in it from now on.
    Added {
        /// Who.
        who: Vec<Member>,
    },
    /// Somebody else is not in it any more.
    Removed {
        /// Who.
        who: Member,
    },
    /// They themselves are not in it any more.
    Left {},
}

impl RoomChange {
    /// How many bytes of text it has, about.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Named { name } => name.len(),
            Self::Topic { topic } => topic.len(),
            Self::Added { who } => who.iter().map(|member| member.name.as_str().len()).sum(),
            Self::Removed { who } => who.name.as_str().len(),
            Self::Archived {} | Self::Restored {} | Self::Left {} => 0,
        }
    }
}
