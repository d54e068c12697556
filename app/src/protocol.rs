//! Every word that may cross the socket `/ws`, and its encoding: one JSON object a text frame, whose only key names
//! what is asked (`{"post":{…}}`) or what happened (`{"events":{…}}`). Times are milliseconds since 1970 (UTC).
//! Value types live beside their nouns (`member`, `message`, `room`); the stored JSON in `tests/frames.json` keeps
//! the wire from drifting unseen.
//!
//! A talk in short: the client says [`ClientFrame::Hello`] and is answered with [`ServerFrame::Welcome`]; it opens rooms,
//! naming the last event that it has seen, and gets either what it missed and [`ServerFrame::Resumed`], or a fresh
//! [`ServerFrame::Page`]. From then on all comes as [`ServerFrame::Events`], numbered per room without a hole.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::file::FileId;
use crate::member::{Member, MemberId};
use crate::message::{Cid, Event, Seq};
use crate::refusal::Refusal;
use crate::room::{Choice, RoomSummary, Slug};
use crate::roster::Named;
use crate::thread::{InThread, is_not};
use crate::unread::{ReadMark, is_first};

/// The version of this vocabulary. A client of another version is closed with [`close::PROTOCOL`] and reloads.
pub const VERSION: u32 = 4;
/// The largest frame, in bytes, that the server takes from a client it knows.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// The largest first frame, in bytes, that the server accepts.
pub const MAX_FIRST_FRAME_BYTES: usize = 4 * 1024;
/// How many events with a line of their own a [`ServerFrame::Page`] or [`ServerFrame::Older`] carries at most.
pub const PAGE_EVENTS: usize = 50;
/// How many events it carries at most in all.
pub const MAX_PAGE_EVENTS: usize = 200;
/// How many rooms one socket may have open at once.
pub const MAX_OPEN_ROOMS: usize = 50;
/// How many people a roster names at most; the count beside it is always whole.
pub const MAX_ROSTER: usize = 200;
/// How many people a notice names at most.
pub const MAX_NAMED: usize = 20;
/// A client that missed more events than this starts afresh from the newest page.
pub const MAX_RESUME_EVENTS: i64 = 2_000;
/// How often, in milliseconds, a client says at most that somebody is typing.
pub const TYPING_EVERY_MS: i64 = 3_000;
/// Somebody of whom nothing was heard for so many milliseconds is not typing any more.
pub const TYPING_FOR_MS: u32 = 6_000;
/// How often, in milliseconds, a client pings (with some jitter).
pub const PING_EVERY_MS: u32 = 25_000;
/// How long, in milliseconds, either side waits for an answer before it takes the connection for dead.
pub const ANSWER_WITHIN_MS: u32 = 10_000;

/// The close codes of `/ws` (RFC 6455, section 7.4; 4000 and up are ours).
pub mod close {
    /// The purpose is fulfilled: the person left or disconnected.
    pub const NORMAL: u16 = 1000;
    /// The bytes were not the WebSocket protocol.
    pub const BROKEN_PROTOCOL: u16 = 1002;
    /// A kind of frame that this socket doesn't take (binary).
    pub const UNSUPPORTED: u16 = 1003;
    /// The text was not UTF-8.
    pub const NOT_UTF8: u16 = 1007;
    /// The frame was larger than [`super::MAX_FRAME_BYTES`].
    pub const TOO_BIG: u16 = 1009;
    /// The server has too much to do to read a room that is open here; resume (RFC 6455, section 7.4.1).
    pub const INTERNAL_ERROR: u16 = 1011;
    /// The server is restarting; resume.
    pub const RESTARTING: u16 = 1012;
    /// Nobody is signed in on this connection.
    pub const SIGNED_OUT: u16 = 4001;
    /// This is not allowed; trying again changes nothing.
    pub const NOT_ALLOWED: u16 = 4003;
    /// It read so slowly that it was given up; resume.
    pub const TOO_SLOW: u16 = 4008;
    /// Its place in a room can't be served; load the newest page.
    pub const PLACE_LOST: u16 = 4009;
    /// No sign of life within the time; resume.
    pub const SILENT: u16 = 4010;
    /// Too many connections or requests; come back after the time that [`super::ServerFrame::Bye`] said.
    pub const TOO_MANY: u16 = 4029;
    /// The client speaks another version of this vocabulary; reload.
    pub const PROTOCOL: u16 = 4400;
}

/// Where a client stands in a room: the last event it has seen, and in which life of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The store's random mark; another one means that the numbers mean nothing here.
    pub epoch: String,
    /// The number of the last event seen.
    pub seq: Seq,
}

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: which version of this vocabulary the client speaks.
    Hello {
        /// [`VERSION`] of the client.
        version: u32,
    },
    /// Walk into a room, or come back to it: send me all after this position. Where the room can't be read, it is refused with
    /// [`Refusal::Unavailable`] and opened as soon as it can be, at one of the next pings.
    Open {
        /// Which room.
        room: Slug,
        /// The last event seen; absent when the room is new to this client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Position>,
        /// Where the client reads, or wants to, unless that is at the end: a page that it is sent is the one around this number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Seq>,
    },
    /// I go to a room that is not in my list: one that I have left or hidden is to be there again.
    Show {
        /// Which room.
        room: Slug,
    },
    /// Leave a room with all of my tabs: a private one for good, a public one until I go there again or am called, a direct one until
    /// something new is said.
    Leave {
        /// Which room.
        room: Slug,
    },
    /// I want to hear no more of a room here, and am not there with this tab; what it had open there makes place for another room. It
    /// is answered with [`ServerFrame::Closed`], also where the room was not open.
    Close {
        /// Which room.
        room: Slug,
    },
    /// Say something. The same `cid` sent again is the same message.
    Post {
        /// Where.
        room: Slug,
        /// The client's own random id for this message.
        cid: Cid,
        /// What; checked by the server as [`crate::message::Draft`].
        text: String,
        /// Files that I have uploaded for it, in this order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
        /// The number of the message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// The thread in which it is said, and whether to the room, too; it answers nothing besides then. The rest of it is the
        /// server's to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<InThread>,
    },
    /// Change what I said. The same `cid` sent again is the same change.
    Edit {
        /// Where.
        room: Slug,
        /// The number of my message.
        of: Seq,
        /// The client's own random id for this change.
        cid: Cid,
        /// What it is to say; checked by the server as [`crate::message::Draft`].
        text: String,
    },
    /// Take back what I said. The same `cid` sent again is the same deletion.
    Delete {
        /// Where.
        room: Slug,
        /// The number of my message.
        of: Seq,
        /// The client's own random id for this deletion.
        cid: Cid,
    },
    /// Put an emoji to a message, or take mine away. The same `cid` sent again is the same reaction.
    React {
        /// Where.
        room: Slug,
        /// The number of the message.
        of: Seq,
        /// The client's own random id for this reaction.
        cid: Cid,
        /// Which emoji; the server takes one that is a single character ([`crate::reaction::MAX_EMOJI_BYTES`]).
        emoji: String,
        /// Whether it is to be there.
        on: bool,
    },
    /// Show no more what lies behind the link of my message. The same `cid` sent again is the same wish.
    HidePreview {
        /// Where.
        room: Slug,
        /// The number of my message.
        of: Seq,
        /// The client's own random id for this.
        cid: Cid,
    },
    /// Pin a message to the room, or take it from the wall. The same `cid` sent again is the same.
    Pin {
        /// Where.
        room: Slug,
        /// The number of the message.
        of: Seq,
        /// The client's own random id for this.
        cid: Cid,
        /// Whether it is to be pinned.
        on: bool,
    },
    /// Send the events before this number, newest last.
    Older {
        /// Which room.
        room: Slug,
        /// The oldest number that the client has.
        before: Seq,
    },
    /// Send the events after this number, oldest first.
    Newer {
        /// Which room.
        room: Slug,
        /// The newest number of the run that the client has.
        after: Seq,
    },
    /// I am typing; said at most every [`TYPING_EVERY_MS`]. More of it, or for a room that is not open, changes nothing.
    Typing {
        /// Where.
        room: Slug,
        /// In the thread of which message; in none where it is for the room.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Seq>,
        /// Not any more: what I wrote is gone, and was not sent.
        #[serde(default, skip_serializing_if = "is_not")]
        done: bool,
    },
    /// I have the thread of a message open and want to hear who types there, as long as I have the room open or until I name another
    /// one of that room.
    Watch {
        /// Where.
        room: Slug,
        /// The number of the message.
        of: Seq,
    },
    /// All up to this number is read, as far as I am concerned. A mark that is not later than the one I have ([`Mark`]), or a room
    /// that is not open, changes nothing. Where messages of others came after it, it is answered with [`ServerFrame::Read`].
    ///
    /// [`Mark`]: crate::unread::Mark
    Read {
        /// Where.
        room: Slug,
        /// The last event that I saw, or before which I set the mark.
        seq: Seq,
        /// How often I have set it back.
        #[serde(default, skip_serializing_if = "is_first")]
        turn: u32,
    },
    /// Nothing was touched here for [`crate::availability::AWAY_AFTER_MS`], or something is again. Said when it changes.
    Idle {
        /// Whether nothing was.
        idle: bool,
    },
    /// I am not to be disturbed.
    Quiet {
        /// Until when, in milliseconds since 1970; a moment that has passed ends it.
        until_ms: i64,
    },
    /// Make a public room.
    Create {
        /// What people will call it.
        name: String,
    },
    /// Change my name.
    Rename {
        /// The new name.
        name: String,
    },
    /// Are you there? Rooms that could not be read are tried again before the answer.
    Ping {},
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to hello: who you are and what there is.
    Welcome {
        /// The store's mark, for [`Position`].
        epoch: String,
        /// You.
        me: Member,
        /// The rooms of the list, in the order of their names.
        rooms: Vec<RoomSummary>,
    },
    /// A page of a room, the newest or the one around a number; whatever the client had of the room is void. What happens from
    /// now on follows.
    Page {
        /// Which room.
        room: RoomSummary,
        /// Its events in order.
        events: Vec<Event>,
        /// Whether the first of them is the room's first.
        start: bool,
        /// The room's last number, where the page does not reach it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<Seq>,
        /// Some of those who are there, at most [`MAX_ROSTER`].
        people: Named,
    },
    /// Something happened in a room and is durable.
    Events {
        /// Which room.
        room: Slug,
        /// What; at least one, in order.
        events: Vec<Event>,
    },
    /// You have all events up to `head`; from here on they come live.
    Resumed {
        /// Which room, and how many are there.
        room: RoomSummary,
        /// The room's last number.
        head: Seq,
        /// Some of those who are there, at most [`MAX_ROSTER`].
        people: Named,
    },
    /// The answer to [`ClientFrame::Older`].
    Older {
        /// Which room.
        room: Slug,
        /// The events before, in order.
        events: Vec<Event>,
        /// Whether the first of them is the room's first.
        start: bool,
    },
    /// The answer to [`ClientFrame::Newer`].
    Newer {
        /// Which room.
        room: Slug,
        /// The events after, in order.
        events: Vec<Event>,
    },
    /// People walked in. Not numbered: a notice may be missed.
    Arrived {
        /// Which room.
        room: Slug,
        /// Who; the first [`MAX_NAMED`] of them, and of those who are back the first [`MAX_ROSTER`].
        who: Vec<Member>,
        /// How many more.
        #[serde(default, skip_serializing_if = "is_zero")]
        more: usize,
        /// How many are there now.
        here: usize,
        /// They were there before the server began again: to people they were never gone.
        #[serde(default, skip_serializing_if = "is_false")]
        back: bool,
    },
    /// People left. Not numbered: a notice may be missed.
    Left {
        /// Which room.
        room: Slug,
        /// Who; the first [`MAX_NAMED`] of them.
        who: Vec<Member>,
        /// How many more.
        #[serde(default, skip_serializing_if = "is_zero")]
        more: usize,
        /// How many are there now.
        here: usize,
    },
    /// These people are typing now, and nobody else but you. Not numbered: it may be missed, so it holds no longer than
    /// [`TYPING_FOR_MS`] unless it is said again.
    Typing {
        /// Which room.
        room: Slug,
        /// In the thread of which message, for those who [`ClientFrame::Watch`] it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Seq>,
        /// Who; the first [`MAX_NAMED`] of them.
        who: Vec<Member>,
        /// How many more.
        #[serde(default, skip_serializing_if = "is_zero")]
        more: usize,
    },
    /// How far you have read in rooms where you were, and how much is unread: after hello, when one is opened, when you read on
    /// elsewhere, and now and then when something was said in a room that is not open here.
    Read {
        /// One mark a room.
        rooms: Vec<ReadMark>,
    },
    /// How it stands with those of a room's people whom a page would name now: the first [`MAX_ROSTER`] by their ids. Whoever else
    /// was named before is not to be shown any more. Not numbered: it may be missed, and stands instead of what was said before. After
    /// a page or a resume all whom that names are here until it comes.
    Present {
        /// Which room.
        room: Slug,
        /// Who is here.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        here: Vec<MemberId>,
        /// Who is away.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        away: Vec<MemberId>,
        /// Who is not to be disturbed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quiet: Vec<MemberId>,
    },
    /// The newest message that calls you ([`crate::notices::Level`]), of a room that is not open here. Not numbered: it may be missed.
    Called {
        /// Which room.
        room: Slug,
        /// The message.
        event: Event,
    },
    /// You are not to be disturbed: after hello, if it is so, and whenever it changes.
    Quiet {
        /// Until when, in milliseconds since 1970; 0 when you may be.
        until_ms: i64,
    },
    /// So many messages of yours wait for their time: after hello, if there are any, and whenever that changes.
    Scheduled {
        /// How many.
        waiting: usize,
        /// How many of them could not be sent, and wait for you.
        #[serde(default, skip_serializing_if = "is_zero")]
        refused: usize,
    },
    /// A room is new for you, or something that the list shows of it changed.
    Room(RoomSummary),
    /// What you have chosen for rooms: after hello for all of them, and when one changes on any device.
    Choices {
        /// One choice a room.
        rooms: Vec<Choice>,
        /// Whether there are no others.
        #[serde(default, skip_serializing_if = "is_false")]
        all: bool,
    },
    /// This room is not there for you any more, nor anything of it.
    Lost {
        /// Which room.
        room: Slug,
    },
    /// The room that you asked for exists now.
    Created {
        /// Where it is.
        room: Slug,
    },
    /// You asked to hear no more of this room here. Whatever else is told of open rooms ends with it, and [`ServerFrame::Read`] follows:
    /// something may not have come before.
    Closed {
        /// Which room.
        room: Slug,
    },
    /// You left this room, here or in another tab.
    Gone {
        /// Which room.
        room: Slug,
    },
    /// Your name is now this.
    You {
        /// You.
        me: Member,
    },
    /// What you asked is refused; the connection stays.
    Refused {
        /// Why, in a word that every language has a sentence for.
        why: Refusal,
        /// Which message, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cid: Option<Cid>,
        /// Which room, where it was about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<Slug>,
        /// After how many milliseconds it may be asked again, where it was too much at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_ms: Option<u32>,
    },
    /// Yes, and these are the last numbers of the rooms that you have open.
    Pong {
        /// Room and last number.
        heads: Vec<(Slug, Seq)>,
    },
    /// The server is going away; come back after this delay.
    Bye {
        /// Milliseconds to wait.
        after_ms: u32,
    },
}

fn is_false(is: &bool) -> bool {
    !is
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Encodes a frame as the text that goes over the wire.
#[cfg(feature = "ssr")]
pub fn encode<Frame: Serialize>(frame: &Frame) -> String {
    serde_json::to_string(frame).expect("frames hold nothing that JSON can't")
}

/// Encodes a frame as the text that goes over the wire, with little code.
#[cfg(not(feature = "ssr"))]
pub fn encode<Frame: Serialize>(frame: &Frame) -> String {
    crate::json::written(frame)
}

/// Decodes a frame from a client. On failure it says which sentence fits, and the `cid` that the frame bears, if any.
pub fn decode_asked(text: &str) -> Result<ClientFrame, (Refusal, Option<Cid>)> {
    serde_json::from_str(text).map_err(|_| {
        let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        if is_json { (Refusal::UnknownFrame, cid_within(text)) } else { (Refusal::NotJson, None) }
    })
}

fn cid_within(text: &str) -> Option<Cid> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let asked = value.as_object()?.values().next()?;
    Cid::parse(asked.get("cid")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = include_str!("../tests/frames.json");

    #[derive(Deserialize)]
    struct Stored {
        client: Vec<serde_json::Value>,
        server: Vec<serde_json::Value>,
    }

    fn stored() -> Stored {
        serde_json::from_str(STORED).expect("the stored frames are JSON")
    }

    fn round_trips<Frame: Serialize + for<'de> Deserialize<'de>>(stored: &serde_json::Value) -> String {
        let frame: Frame = serde_json::from_value(stored.clone()).unwrap_or_else(|error| panic!("{stored}: {error}"));
        assert_eq!(&serde_json::to_value(&frame).expect("a frame encodes"), stored);
        stored.as_object().expect("a frame is an object").keys().next().expect("a frame has a name").clone()
    }

    #[test]
    fn every_stored_frame_round_trips() {
        let asked: Vec<String> = stored().client.iter().map(round_trips::<ClientFrame>).collect();
        let said: Vec<String> = stored().server.iter().map(round_trips::<ServerFrame>).collect();
        for name in [
            "hello",
            "open",
            "show",
            "leave",
            "close",
            "post",
            "edit",
            "delete",
            "react",
            "pin",
            "hide_preview",
            "older",
            "newer",
            "typing",
            "watch",
            "read",
            "create",
            "rename",
            "ping",
            "idle",
            "quiet",
        ] {
            assert!(asked.iter().any(|frame| frame == name), "no stored client frame {name}");
        }
        for name in [
            "welcome",
            "page",
            "events",
            "resumed",
            "older",
            "newer",
            "arrived",
            "left",
            "typing",
            "read",
            "room",
            "created",
            "choices",
            "lost",
            "closed",
            "gone",
            "you",
            "refused",
            "pong",
            "bye",
            "present",
            "called",
            "quiet",
            "scheduled",
        ] {
            assert!(said.iter().any(|frame| frame == name), "no stored server frame {name}");
        }
    }

    #[test]
    fn a_frame_that_is_not_ours_is_told_apart_from_one_that_is_not_json() {
        assert_eq!(decode_asked("{").unwrap_err(), (Refusal::NotJson, None));
        assert_eq!(decode_asked("hello").unwrap_err(), (Refusal::NotJson, None));
        assert_eq!(decode_asked(r#"{"dance":{}}"#).unwrap_err(), (Refusal::UnknownFrame, None));
        for text in ["7", "null", "[]", "{}", r#"{"ping":{},"hello":{}}"#] {
            assert_eq!(decode_asked(text).unwrap_err(), (Refusal::UnknownFrame, None), "{text}");
        }
        let cid = "00112233445566778899aabbccddeeff";
        let broken = format!(r#"{{"post":{{"cid":"{cid}","text":7}}}}"#);
        assert_eq!(decode_asked(&broken).unwrap_err(), (Refusal::UnknownFrame, Cid::parse(cid)));
    }
}
