//! What a tab keeps for itself and tells its other tabs: frames of the server's, which are read again as if they had come. Of all of
//! them these three are written in the browser, and the code that writes the others stays out of it.

use serde::Serialize;

use crate::member::Member;
use crate::message::{Cid, Event};
use crate::protocol::{ServerFrame, encode};
use crate::refusal::Refusal;
use crate::room::{RoomSummary, Slug};

/// Written as the [`ServerFrame`] of the same name.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Kept<'a> {
    Page {
        room: &'a RoomSummary,
        events: &'a [Event],
        start: bool,
        people: &'a [Member],
    },
    Events {
        room: &'a Slug,
        events: &'a [Event],
    },
    Refused {
        why: Refusal,
        #[serde(skip_serializing_if = "Option::is_none")]
        cid: Option<Cid>,
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<&'a Slug>,
    },
}

/// The text of a newest page, of events or of a refused message; `None` for what isn't kept.
pub fn kept(frame: &ServerFrame) -> Option<String> {
    let kept = match frame {
        ServerFrame::Page { room, events, start, people, .. } => Kept::Page { room, events, start: *start, people },
        ServerFrame::Events { room, events } => Kept::Events { room, events },
        ServerFrame::Refused { why, cid, room, .. } => Kept::Refused { why: *why, cid: *cid, room: room.as_ref() },
        _ => return None,
    };
    Some(encode(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::Value;

    #[derive(Deserialize)]
    struct Stored {
        server: Vec<Value>,
    }

    #[test]
    fn what_is_kept_is_written_as_the_server_writes_it() {
        let stored: Stored = serde_json::from_str(include_str!("../tests/frames.json")).expect("the stored frames");
        let mut names = Vec::new();
        for frame in stored.server {
            let name = frame.as_object().and_then(|frame| frame.keys().next().cloned()).unwrap_or_default();
            let frame: ServerFrame = serde_json::from_value(frame).expect("a stored frame");
            let passes = matches!(
                frame,
                ServerFrame::Page { head: Some(_), .. } | ServerFrame::Refused { after_ms: Some(_), .. }
            );
            if let Some(text) = kept(&frame).filter(|_| !passes) {
                assert_eq!(text, encode(&frame));
                names.push(name);
            }
        }
        names.dedup();
        assert_eq!(names, ["page", "events", "refused"]);
    }
}
