//! A message before it is sent ([`Draft`], [`Cid`]) and the numbered events of a room's log that it becomes ([`Event`]).

use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::beside::Beside;
use crate::file::File;
use crate::forwarded::Forwarded;
use crate::markup::Markup;
use crate::member::{Member, MemberId, Name};
use crate::quote::Quote;
use crate::refusal::Refusal;
use crate::room_change::RoomChange;
use crate::text;
use crate::thread::{EVERYONE, InThread};

/// The longest message, in characters as a reader counts them.
pub const MAX_GRAPHEMES: usize = 8_000;
/// How many files a frame can name; a server may be set to take fewer with one message.
pub const MAX_FILES: usize = 50;
/// The longest message in bytes as JSON has them: it fits a frame ([`crate::protocol::MAX_FRAME_BYTES`]).
pub const MAX_BYTES: usize = 60_000;

/// The number of an event in its room: 1, 2, 3 … without a hole; 0 is before the first.
pub type Seq = i64;

/// The id that a client gives its message: 128 random bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Cid(pub u128);

impl Cid {
    /// A fresh one: 48 bits of the time, in milliseconds since 1970, and then 80 random ones. Like UUIDs of version 7 (RFC 9562,
    /// section 5.7) they grow with time, and so does the tree in which the store looks for repeats: at its end.
    pub fn fresh(now_ms: i64, random: u128) -> Self {
        Self((now_ms as u128) << 80 | random >> 48)
    }

    /// Reads 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u128::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl<'de> Deserialize<'de> for Cid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

/// Reads the digits where they stand.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = Cid;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("32 hexadecimal digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Cid, E> {
        Cid::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl From<Cid> for String {
    fn from(cid: Cid) -> Self {
        cid.to_string()
    }
}

impl std::fmt::Display for Cid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

/// A text that may be sent: composed (NFC), no trailing white space, not empty, within the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft(String);

impl Draft {
    /// Checks what a person typed. Control characters other than line break and tab are dropped.
    ///
    /// # Errors
    /// [`Refusal::MessageEmpty`] or [`Refusal::MessageTooLong`].
    pub fn new(typed: &str) -> Result<Self, Refusal> {
        let plain = without_control(typed);
        let text = text::composed(plain.trim_end().trim_start_matches('\n'));
        if text.chars().all(text::is_unseen) { Err(Refusal::MessageEmpty) } else { Self::checked(text) }
    }

    /// The same for what is said beside files, which may be nothing.
    ///
    /// # Errors
    /// [`Refusal::MessageTooLong`].
    pub fn beside_files(typed: &str) -> Result<Self, Refusal> {
        match Self::new(typed) {
            Err(Refusal::MessageEmpty) => Ok(Self(String::new())),
            draft => draft,
        }
    }

    fn checked(text: String) -> Result<Self, Refusal> {
        if encoded_bytes(&text) > MAX_BYTES || has_too_many_graphemes(&text) {
            Err(Refusal::MessageTooLong)
        } else {
            Ok(Self(text))
        }
    }

    /// The text as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as it is stored and shown.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn without_control(typed: &str) -> Cow<'_, str> {
    let may_stay = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    if typed.chars().all(may_stay) { typed.into() } else { typed.chars().filter(|letter| may_stay(*letter)).collect() }
}

/// Whether a text has more than [`MAX_GRAPHEMES`]; no text has more of them than bytes.
fn has_too_many_graphemes(text: &str) -> bool {
    text.len() > MAX_GRAPHEMES && text::graphemes(text) > MAX_GRAPHEMES
}

/// How many bytes a text has inside a JSON string (RFC 8259, section 7), control characters but line break and tab aside.
fn encoded_bytes(text: &str) -> usize {
    text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\t')).count()
}

/// An entry of a room's log: durable, numbered, the same for everyone. On the wire it is `[seq, at_ms, by, what]`, and for its
/// author `[seq, at_ms, by, what, cid]`. What is nothing but a text that was said is that text there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number in the room.
    pub seq: Seq,
    /// When the server took it, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// Who did it, under the name they had then.
    pub by: Member,
    /// What they did.
    pub what: What,
    /// Its author's id for it, where it has one. Nobody else needs it, and nobody else is told.
    pub cid: Option<Cid>,
}

impl Event {
    /// As others hear of it: without its author's id.
    pub fn for_others(&self) -> impl Serialize + use<'_> {
        (self.seq, self.at_ms, &self.by, Told(&self.what))
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.cid {
            Some(cid) => (self.seq, self.at_ms, &self.by, Told(&self.what), cid).serialize(serializer),
            None => self.for_others().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements)
    }
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Event;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an event of a room")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Event, A::Error> {
        let (Some(seq), Some(at_ms), Some(by), Some(Told(what))) =
            (sequence.next_element()?, sequence.next_element()?, sequence.next_element()?, sequence.next_element()?)
        else {
            return Err(Error::custom("an event without an end"));
        };
        Ok(Event { seq, at_ms, by, what, cid: sequence.next_element()? })
    }
}

/// What an event is, on the wire: most often a text that was said and nothing else.
struct Told<What>(What);

impl Serialize for Told<&What> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            What::Posted { text, markup: None, edited_ms: None, files, beside: None } if files.is_empty() => {
                serializer.serialize_str(text)
            }
            what => what.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Told<What> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMore).map(Self)
    }
}

struct TextOrMore;

impl<'de> Visitor<'de> for TextOrMore {
    type Value = What;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text or what else happened")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<What, E> {
        Ok(What::posted(text.to_owned()))
    }

    /// So the browser's reader of JSON hands on what is no text and no list.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<What, D::Error> {
        What::deserialize(deserializer)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<What, A::Error> {
        What::deserialize(MapAccessDeserializer::new(map))
    }
}

/// What an event is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody said something.
    Posted {
        /// What was said, as it reads now. Once it is deleted there is neither text nor file; a message has one of them.
        text: String,
        /// The shape that its Markdown gives it, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        markup: Option<Markup>,
        /// When its author changed it last, in milliseconds since 1970; later than what it was before, whatever the clock says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edited_ms: Option<i64>,
        /// The files that it carries.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
        /// What stands beside it, where there is anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<Box<Beside>>,
    },
    /// Somebody changed their name; `by` bears the new one.
    Renamed {
        /// The name before.
        was: Name,
    },
    /// Somebody changed the room, or who is in it.
    Room(RoomChange),
    /// Somebody changed what they had said.
    Edited {
        /// The number of the message.
        of: Seq,
        /// What it says from now on; empty once it says something else, or is deleted.
        text: String,
        /// The shape that its Markdown gives it, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        markup: Option<Markup>,
        /// Whom the message counts for whatever it says, where it was said in a thread alone ([`InThread`]).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<MemberId>,
    },
    /// Somebody took back what they had said, or who moderates the room did.
    Deleted {
        /// The number of the message.
        of: Seq,
        /// As with an edit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<MemberId>,
    },
    /// Somebody put an emoji to a message, or took theirs away.
    Reacted {
        /// The number of the message.
        of: Seq,
        /// Which emoji.
        emoji: String,
        /// Whether it is there from now on.
        on: bool,
        /// How many people have put it there by then.
        #[serde(default)]
        count: usize,
    },
    /// The server found what lies behind the link of a message, or its author, whom `by` names, doesn't want that shown.
    Previewed {
        /// The number of the message.
        of: Seq,
        /// What lies there ([`Markup::previews`]); nothing once something else was said of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preview: Option<Markup>,
    },
    /// Somebody pinned a message to the room, or took it from the wall.
    Pinned {
        /// The number of the message.
        of: Seq,
        /// Whether it is pinned from now on.
        on: bool,
    },
}

impl What {
    /// A message as it is first said.
    pub fn posted(text: String) -> Self {
        Self::Posted { text, markup: None, edited_ms: None, files: Vec::new(), beside: None }
    }

    /// The number of the message that it changes, if it changes one.
    pub fn of(&self) -> Option<Seq> {
        match self {
            Self::Edited { of, .. }
            | Self::Deleted { of, .. }
            | Self::Reacted { of, .. }
            | Self::Pinned { of, .. }
            | Self::Previewed { of, .. } => Some(*of),
            Self::Posted { .. } | Self::Renamed { .. } | Self::Room(_) => None,
        }
    }

    /// The number of the message that says something else from now on, if one does.
    pub fn rewords(&self) -> Option<Seq> {
        self.of().filter(|_| matches!(self, Self::Edited { .. } | Self::Deleted { .. }))
    }
}

impl Event {
    /// What tells it from all others of its author: the id that they gave it, or its number where that isn't known.
    pub fn id(&self) -> Cid {
        self.cid.unwrap_or(Cid(self.seq.unsigned_abs().into()))
    }

    /// Whether it has a line of its own in its room. What happens to a message has none: it is seen at the message, and so is what
    /// is said in its thread alone.
    pub fn has_line(&self) -> bool {
        self.what.of().is_none() && self.within().is_none_or(|place| place.also)
    }

    /// Whether somebody said it to the room.
    pub fn is_said(&self) -> bool {
        self.is_posted() && self.has_line()
    }

    /// The message in whose thread it is said, where it is not said to the room as well.
    pub fn thread_alone(&self) -> Option<Seq> {
        self.within().filter(|place| !place.also).map(|place| place.of)
    }

    /// The number of the message that it changes, or in whose thread it is said.
    pub fn touches(&self) -> Option<Seq> {
        self.what.of().or_else(|| self.within().map(|place| place.of))
    }

    /// Whom the message counts for whatever it says, where that is not everyone: what is said in a thread alone is for those who
    /// follow it. It counts for those whom it mentions, too.
    pub fn to(&self) -> &[MemberId] {
        match (&self.what, self.within()) {
            (What::Edited { to, .. } | What::Deleted { to, .. }, _) => to,
            (_, Some(place)) if !place.also => &place.to,
            _ => &[],
        }
    }

    /// Whether the message counts for somebody whatever it says.
    pub fn is_for(&self, member: MemberId) -> bool {
        let to = self.to();
        to.is_empty() || to.iter().any(|to| [member, EVERYONE].contains(to))
    }

    /// Whether it counts for somebody while it is unread.
    pub fn counts_for(&self, member: MemberId) -> bool {
        self.is_posted() && self.by.id != member && (self.is_for(member) || self.mentions(member))
    }

    /// Whether it was a message and is deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(&self.what, What::Posted { text, files, .. } if text.is_empty() && files.is_empty())
    }

    /// What becomes of it with a later change of the message that it is, that it changed, or that it answers. Says whether that is
    /// anything else. A change that it has seen, and one to what is deleted, changes nothing, so that order and repetition
    /// don't matter.
    pub fn take_change(&mut self, change: &Event) -> bool {
        let is_other = self.beside_mut().is_some_and(|beside| beside.take_change(change));
        self.take_own(change) || is_other
    }

    fn take_own(&mut self, change: &Event) -> bool {
        let of = change.what.of();
        let is_it = of == Some(self.seq) || (of.is_some() && of == self.what.of());
        let is_deleted = self.is_deleted();
        match (&mut self.what, &change.what) {
            (What::Posted { text, markup, edited_ms, .. }, What::Edited { text: new, markup: shape, .. })
                if is_it && !is_deleted && !new.is_empty() && *edited_ms < Some(change.at_ms) =>
            {
                (*text, *markup, *edited_ms) = (new.clone(), shape.clone(), Some(change.at_ms));
                true
            }
            (What::Posted { text, markup, edited_ms, files, beside, .. }, What::Deleted { .. })
                if is_it && !is_deleted =>
            {
                (*text, *markup, *edited_ms, *files) = (String::new(), None, None, Vec::new());
                *beside = beside.take().and_then(|beside| beside.left());
                true
            }
            (What::Posted { beside, .. }, What::Reacted { emoji, on, count, .. }) if is_it && !is_deleted => {
                let beside = beside.get_or_insert_default();
                beside.reactions.take(change.seq, &change.by, emoji, *on, *count)
            }
            (What::Posted { beside, .. }, What::Previewed { preview, .. }) if is_it && !is_deleted => {
                let beside = beside.get_or_insert_default();
                let is_news = beside.previewed < change.seq;
                if is_news {
                    (beside.preview, beside.previewed) = (preview.clone(), change.seq);
                }
                is_news
            }
            (What::Previewed { preview, .. }, What::Previewed { .. } | What::Deleted { .. })
                if is_it && self.seq < change.seq =>
            {
                *preview = None;
                false
            }
            (What::Posted { beside, .. }, What::Pinned { on, .. }) if is_it && !is_deleted => {
                beside.get_or_insert_default().pin.take(change.seq, &change.by, *on)
            }
            (What::Posted { beside, .. }, What::Posted { .. }) => match change.within() {
                Some(place) if place.of == self.seq => beside.get_or_insert_default().thread.take(change, place),
                _ => false,
            },
            (What::Edited { text, markup, .. }, What::Edited { .. } | What::Deleted { .. })
                if is_it && self.seq < change.seq =>
            {
                (*text, *markup) = (String::new(), None);
                false
            }
            _ => false,
        }
    }

    /// What lies behind the first link of a message, where that is known and to be shown.
    pub fn preview(&self) -> Option<&Markup> {
        let What::Posted { markup: Some(markup), beside: Some(beside), .. } = &self.what else { return None };
        let preview = beside.preview.as_ref()?;
        (preview.previews()? == (markup.first_link()?, true)).then_some(preview)
    }

    /// What stands beside a message, if anything does.
    pub fn beside(&self) -> Option<&Beside> {
        if let What::Posted { beside, .. } = &self.what { beside.as_deref() } else { None }
    }

    fn beside_mut(&mut self) -> Option<&mut Beside> {
        if let What::Posted { beside, .. } = &mut self.what { beside.as_deref_mut() } else { None }
    }

    /// The message that it answers, as it is now.
    pub fn reply(&self) -> Option<&Quote> {
        self.beside()?.reply.as_ref()
    }

    /// Where it stands in a thread, if it was said in one.
    pub fn within(&self) -> Option<&InThread> {
        self.beside()?.within.as_ref()
    }

    /// Where it was said first, if somebody passed it on.
    pub fn forwarded(&self) -> Option<&Forwarded> {
        self.beside()?.forwarded.as_ref()
    }

    /// Whether a change of the message of this number changes it.
    pub fn is_touched_by(&self, of: Seq) -> bool {
        self.seq == of || self.what.of() == Some(of) || self.reply().is_some_and(|quote| quote.of == of)
    }

    /// Whether somebody said something.
    pub fn is_posted(&self) -> bool {
        matches!(self.what, What::Posted { .. })
    }

    /// Whether what it says mentions somebody.
    pub fn mentions(&self, member: MemberId) -> bool {
        match &self.what {
            What::Posted { markup: Some(markup), .. } | What::Edited { markup: Some(markup), .. } => {
                markup.mentions(member)
            }
            _ => false,
        }
    }

    /// Whether it answers somebody: in a thread that they follow, or right behind what they said.
    pub fn answers(&self, member: MemberId) -> bool {
        let (followers, quoted) = self.answered();
        followers.contains(&member) || quoted == Some(member)
    }

    /// Whom it answers: those who follow its thread, and whoever is quoted.
    pub fn answered(&self) -> (&[MemberId], Option<MemberId>) {
        let Some(beside) = self.beside() else { return (&[], None) };
        let followers = beside.within.as_ref().map_or(&[][..], |place| &place.to);
        (followers, beside.reply.as_ref().map(|quote| quote.by.id))
    }

    /// What a message says now; nothing where it is none, or deleted.
    pub fn text(&self) -> &str {
        if let What::Posted { text, .. } = &self.what { text } else { "" }
    }

    /// The files that a message carries.
    pub fn files(&self) -> &[File] {
        if let What::Posted { files, .. } = &self.what { files } else { &[] }
    }

    /// How many bytes its text has, its shape and files, and what stands beside it.
    pub fn text_bytes(&self) -> usize {
        match &self.what {
            What::Posted { text, markup, beside, .. } => {
                let files = self.files().iter().map(File::wire_bytes).sum::<usize>();
                let beside = beside.as_ref().map_or(0, |beside| beside.bytes());
                text.len() + markup.as_ref().map_or(0, Markup::bytes) + files + beside
            }
            What::Edited { text, markup, to, .. } => {
                text.len() + markup.as_ref().map_or(0, Markup::bytes) + 8 * to.len()
            }
            What::Reacted { emoji, .. } => emoji.len(),
            What::Previewed { preview, .. } => preview.as_ref().map_or(0, Markup::bytes),
            What::Renamed { was } => was.as_str().len(),
            What::Room(change) => change.text_bytes(),
            What::Deleted { to, .. } => 8 * to.len(),
            What::Pinned { .. } => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(typed: &str) -> Result<String, Refusal> {
        Draft::new(typed).map(|draft| draft.as_str().to_owned())
    }

    #[test]
    fn what_looks_empty_is_empty() {
        for typed in ["", " \n\t ", "\u{200B}", "\u{3164}\u{3164}", "\u{FE0F}"] {
            assert_eq!(draft(typed), Err(Refusal::MessageEmpty), "{typed:?}");
        }
    }

    #[test]
    fn text_is_composed_and_keeps_its_inner_shape() {
        assert_eq!(draft("\u{1112}\u{1161}\u{11AB}"), Ok("한".into()));
        assert_eq!(draft("\n  if x {\r\n    y\r\n  }\n\n"), Ok("  if x {\n    y\n  }".into()));
        assert_eq!(draft("a\u{7}b"), Ok("ab".into()));
    }

    #[test]
    fn the_limit_is_counted_in_characters_and_held_in_bytes() {
        assert!(draft(&"가".repeat(MAX_GRAPHEMES)).is_ok());
        assert_eq!(draft(&"가".repeat(MAX_GRAPHEMES + 1)), Err(Refusal::MessageTooLong));
        assert_eq!(draft(&format!("a{}", "\u{301}".repeat(MAX_BYTES))), Err(Refusal::MessageTooLong));
    }

    #[test]
    fn the_longest_message_fits_a_frame_however_it_is_escaped() {
        let text = "\"".repeat(MAX_GRAPHEMES);
        let widest = "\\".repeat(MAX_BYTES / 2);
        for text in [text, widest] {
            let room = crate::room::Slug::from("r".repeat(crate::room::MAX_SLUG_BYTES));
            let files = vec![crate::file::FileId::from(7); crate::message::MAX_FILES];
            let post = crate::protocol::ClientFrame::Post {
                room: room.clone(),
                cid: Cid(7),
                text: text.clone(),
                files,
                reply_to: Some(Seq::MAX),
                within: Some(InThread { of: Seq::MAX, also: true, ..InThread::default() }),
            };
            let edit = crate::protocol::ClientFrame::Edit { room, of: Seq::MAX, cid: Cid(7), text };
            for frame in [post, edit] {
                assert!(crate::protocol::encode(&frame).len() <= crate::protocol::MAX_FRAME_BYTES);
            }
        }
    }

    #[test]
    fn what_travels_most_is_short_and_only_its_author_gets_its_id() {
        let by = Member { id: crate::member::MemberId(8), name: crate::member::Name::new("Ada").expect("a name") };
        let what = What::posted("a".repeat(80));
        let event = Event { seq: 42, at_ms: 1_795_151_102_000, by, what, cid: Some(Cid(7)) };
        let told = crate::protocol::encode(&event.for_others());
        assert_eq!((told.len(), told.starts_with(r#"[42,1795151102000,[8,"Ada"],"aaa"#)), (111, true), "{told}");
        let own = crate::protocol::encode(&event);
        assert_eq!(serde_json::from_str::<Event>(&own).ok(), Some(event.clone()));
        assert_eq!(serde_json::from_str::<Event>(&told).ok(), Some(Event { cid: None, ..event }));
        for broken in
            [r#"[1,2,[3,"A"]]"#, r#"[1,2,[3,"A"],7]"#, r#"[1,2,[3,"A"],"a",7]"#, r#"[1,2,[3,"A"],"a",null,7]"#]
        {
            assert!(serde_json::from_str::<Event>(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_cid_is_32_hexadecimal_digits() {
        let cid = Cid(0x0123_4567_89ab_cdef);
        assert_eq!(Cid::parse(&cid.to_string()), Some(cid));
        for text in ["", "12", "+0112233445566778899aabbccddeeff", "zz112233445566778899aabbccddeeff"] {
            assert_eq!(Cid::parse(text), None);
        }
    }
}
