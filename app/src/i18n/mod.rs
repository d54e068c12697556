//! Every sentence that a person reads, in every language: one [`Words`] each, so that a missing one does not compile.
//! Sentences with a part that varies are functions.

pub mod attention;
mod en;
mod ko;
mod message;
pub mod writing;

#[cfg(feature = "ssr")]
mod en_sheets;
#[cfg(feature = "ssr")]
mod ko_sheets;
#[cfg(feature = "ssr")]
pub mod later;
#[cfg(feature = "ssr")]
pub mod sheets;

use serde::{Deserialize, Serialize};

use attention::AttentionWords;
pub use message::MessageWords;
use writing::WritingWords;

use crate::refusal::Refusal;
use crate::room_change::RoomChange;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Korean.
    Ko,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language's tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// Reads a tag; only the primary subtag counts.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The one that suits an `Accept-Language` header best (RFC 9110, section 12.5.4); English when none does.
    pub fn accepted(header: &str) -> Self {
        let weighted = header.split(',').filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            (weight > 0.0).then_some((Self::from_tag(tag.trim())?, weight))
        });
        let best = weighted.fold(None, |best: Option<(Self, f32)>, next| match best {
            Some(known) if known.1 >= next.1 => Some(known),
            _ => Some(next),
        });
        best.map_or(Self::En, |(lang, _)| lang)
    }

    /// The sentences of this language.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Ko => &ko::WORDS,
            Self::En => &en::WORDS,
        }
    }
}

/// The sentences of one language.
pub struct Words {
    /// The language's own name, for the switch.
    pub language: &'static str,
    /// What Madang is, in one line.
    pub tagline: &'static str,
    /// Label of the language switch.
    pub choose_language: &'static str,
    /// Label of the theme switch.
    pub theme: &'static str,
    /// The theme that follows the system.
    pub theme_auto: &'static str,
    /// The light theme.
    pub theme_light: &'static str,
    /// The dark theme.
    pub theme_dark: &'static str,
    /// The button that opens the person's settings.
    pub settings: &'static str,
    /// The link to the lab.
    pub lab: &'static str,
    /// For keyboards: past the frame to the talk.
    pub skip_to_talk: &'static str,

    /// Heading of the walk-in form.
    pub walk_in: &'static str,
    /// What the form asks for.
    pub your_name: &'static str,
    /// What a name may be.
    pub name_hint: &'static str,
    /// The button that walks in.
    pub enter: &'static str,
    /// `Hello {name}.`
    pub hello: fn(&str) -> String,
    /// Under the greeting.
    pub hello_hint: &'static str,
    /// To which room the form leads.
    pub walk_into: fn(&str) -> String,
    /// The name of somebody who gave none.
    pub guest: fn(u32) -> String,
    /// Label of the field that changes the name.
    pub change_name: &'static str,
    /// Said when the name was changed.
    pub name_changed: fn(&str) -> String,
    /// The button that saves.
    pub save: &'static str,

    /// Heading of the list of rooms.
    pub rooms: &'static str,
    /// The button that shows the list where it is hidden.
    pub show_rooms: &'static str,
    /// Label of the field that makes a room.
    pub new_room: &'static str,
    /// The button that makes a room.
    pub create: &'static str,
    /// Offer to make a room that is not there.
    pub create_this: fn(&str) -> String,
    /// Heading where there is no such room.
    pub room_missing: fn(&str) -> String,
    /// Heading on the start page of somebody who is in.
    pub choose_room: &'static str,
    /// Under it.
    pub choose_room_hint: &'static str,
    /// `3 people`.
    pub people: fn(usize) -> String,
    /// `3 people here now`, for the list.
    pub people_here: fn(usize) -> String,
    /// Heading of the panel of people.
    pub who_is_here: &'static str,
    /// And so many more.
    pub and_more: fn(usize) -> String,

    /// Label of the log.
    pub messages: &'static str,
    /// An empty room.
    pub room_empty: &'static str,
    /// What to do in an empty room.
    pub room_empty_hint: &'static str,
    /// The start of the room's history.
    pub room_start: &'static str,
    /// While older messages load.
    pub loading_older: &'static str,
    /// The link that loads older messages.
    pub load_older: &'static str,
    /// While newer messages load.
    pub loading_newer: &'static str,
    /// The link that loads newer messages.
    pub load_newer: &'static str,
    /// Opens the calendar.
    pub jump_to_date: &'static str,
    /// Goes to the newest message at once.
    pub to_newest: &'static str,
    /// An address names a message that is not there.
    pub message_missing: &'static str,
    /// The pill at the bottom.
    pub new_messages: fn(usize) -> String,
    /// How many unread messages mention me.
    pub mentions: fn(usize) -> String,
    /// The line before what is new.
    pub new_line: &'static str,
    /// The button that leads to it.
    pub to_first_new: &'static str,
    /// Mine.
    pub you: &'static str,
    /// In the place of a message that is deleted.
    pub deleted: &'static str,
    /// At a message that was changed.
    pub edited: &'static str,
    /// What can be done to a message.
    pub actions: &'static str,
    /// For keyboards: how to come to a message's actions.
    pub rows_hint: &'static str,
    /// Change a message.
    pub edit: &'static str,
    /// Label of the field in which it is changed.
    pub edit_message: &'static str,
    /// Delete a message.
    pub delete: &'static str,
    /// The question before that.
    pub delete_this: &'static str,
    /// Under it.
    pub delete_hint: &'static str,
    /// Leave it as it is.
    pub cancel: &'static str,
    /// Copy a message's text.
    pub copy_text: &'static str,
    /// Said when it is copied.
    pub text_copied: &'static str,
    /// People came: names, how many are here now.
    pub arrived: fn(&str, usize) -> String,
    /// People left: names, how many are here now.
    pub left: fn(&str, usize) -> String,
    /// The same without names, as the tutorials have it.
    pub arrived_plain: fn(usize) -> String,
    /// The same without names, as the tutorials have it.
    pub left_plain: fn(usize) -> String,
    /// What people do with messages.
    pub on_message: MessageWords,
    /// Several names and how many more.
    pub names: fn(&[String], usize) -> String,
    /// People are typing: one or two names, or one name and how many more.
    pub typing: fn(&[String], usize) -> String,
    /// Somebody changed the room: who, and what they did.
    pub room_changed: fn(&str, &RoomChange) -> String,
    /// Somebody changed their name: before, after.
    pub renamed: fn(&str, &str) -> String,

    /// Who the box writes to: a room, or people.
    pub write_to: fn(&str, bool) -> String,
    /// The button that sends.
    pub send: &'static str,
    /// At a room in which something is written and not sent.
    pub draft: &'static str,
    /// What the list of these things is called.
    pub suggest: &'static str,
    /// How many things there are to choose for what is being typed.
    pub suggestions: fn(usize) -> String,
    /// Whom `@here` calls; in the gap is how many people a room may have for that.
    pub call_here: &'static str,
    /// Whom `@room` calls, with the same gap.
    pub call_room: &'static str,
    /// What each command does ([`crate::command::COMMANDS`]).
    pub commands: [&'static str; crate::command::COMMANDS.len()],
    /// Shaping what one writes.
    pub writing: WritingWords,
    /// How many characters are left.
    pub characters_left: fn(i64) -> String,
    /// A message on its way.
    pub sending: &'static str,
    /// A message that waits for the connection.
    pub waiting: &'static str,
    /// A message that was refused.
    pub failed: fn(&str) -> String,
    /// Send it again.
    pub retry: &'static str,
    /// Throw it away.
    pub discard: &'static str,

    /// The button that shows and hides what somebody covered up.
    pub spoiler: &'static str,
    /// What a block of code is called.
    pub code: &'static str,
    /// The button that copies a block of code.
    pub copy: &'static str,
    /// The same button once it has.
    pub copied: &'static str,
    /// What a table is called.
    pub table: &'static str,

    /// The name of a file with what was pasted and is too much for the message box.
    pub pasted: &'static str,
    /// Under the box, while that file is attached.
    pub is_pasted: &'static str,
    /// The button that attaches files: how many, and how large each may be.
    pub attach: fn(u32, &str) -> String,
    /// Before the name of a file that is to be downloaded.
    pub download: &'static str,
    /// Label of the files above the message box.
    pub attached: &'static str,
    /// Before the name of a file that is to be taken out.
    pub remove: &'static str,
    /// Under the box, while a message waits for its files.
    pub sends_when_there: &'static str,
    /// At a file that another tab sends.
    pub elsewhere: &'static str,
    /// Of a file that looks like something to see or hear: it will be a download.
    pub not_shown: &'static str,
    /// Instead of [`Refusal::FilesTooMany`] where a message may carry none.
    pub no_files: &'static str,
    /// Over the room, while files are held above it.
    pub drop_here: &'static str,

    /// The button that leaves the room.
    pub leave: &'static str,
    /// Said after leaving.
    pub you_left: fn(&str) -> String,
    /// Back into a room that was left.
    pub walk_back_in: &'static str,

    /// Heading of the connection menu.
    pub connection: &'static str,
    /// The connection is being made.
    pub connecting: &'static str,
    /// The connection stands.
    pub live: &'static str,
    /// The connection is gone; so many seconds to the next try.
    pub offline: fn(u32) -> String,
    /// The connection was closed by choice.
    pub closed: &'static str,
    /// The connection can't be made without reloading.
    pub stale: &'static str,
    /// The quiet line above the composer while offline.
    pub offline_hint: &'static str,
    /// As many are connected from here as may be; this page tries again.
    pub too_many_tabs: &'static str,
    /// The quiet line under the composer where the browser keeps nothing.
    pub not_kept: &'static str,
    /// Connect again.
    pub connect: &'static str,
    /// Disconnect by choice.
    pub disconnect: &'static str,
    /// Try now.
    pub try_now: &'static str,
    /// Load the page again.
    pub reload: &'static str,

    /// Heading of the page that is not there.
    pub missing: &'static str,
    /// Under it.
    pub missing_hint: &'static str,
    /// The way back.
    pub home: &'static str,
    /// Heading of an error page.
    pub trouble: &'static str,
    /// Under it, where nothing more is known.
    pub trouble_hint: &'static str,

    /// What a room is, and who is in it.
    pub about_room: &'static str,
    /// What a room is that is there for its members alone.
    pub private: &'static str,
    /// The section of rooms that I have starred.
    pub starred: &'static str,
    /// The section of direct rooms.
    pub direct: &'static str,
    /// The way to the threads that I follow.
    pub threads: &'static str,
    /// The way to all rooms.
    pub all_rooms: &'static str,
    /// Opens the sheet that finds rooms and people.
    pub find: &'static str,
    /// The way to a direct room.
    pub new_direct: &'static str,

    /// Who can be talked to, and what disturbs.
    pub attention: AttentionWords,
    /// The sentence for a refusal, with a `{}` where a number stands that the server is set to
    /// ([`crate::allowance::Allowance::sentence`] puts it there).
    pub refusal: fn(Refusal) -> &'static str,
    /// The lab's own sentences.
    pub lab_words: LabWords,
}

/// The sentences of the lab.
pub struct LabWords {
    /// Heading.
    pub title: &'static str,
    /// What it is for.
    pub intro: &'static str,
    /// For readers without JavaScript.
    pub needs_script: &'static str,
    /// Label of the choice of endpoint.
    pub endpoint: &'static str,
    /// The echo, and what it does.
    pub echo: [&'static str; 2],
    /// The ticker, and what it does.
    pub ticker: [&'static str; 2],
    /// The plain door, and what it does.
    pub plain: [&'static str; 2],
    /// The chat's own socket, and what it does.
    pub chat: [&'static str; 2],
    /// Label of the address.
    pub address: &'static str,
    /// Label of the text to send.
    pub text: &'static str,
    /// The button that empties the log.
    pub clear: &'static str,
    /// Label of the log.
    pub log: &'static str,
    /// The empty log.
    pub log_empty: &'static str,
    /// Column of the times.
    pub time: &'static str,
    /// Column of what happened.
    pub what: &'static str,
    /// Column of the texts.
    pub content: &'static str,
    /// Column of the sizes.
    pub size: &'static str,
    /// The socket is open.
    pub connected: &'static str,
    /// A frame came.
    pub received: &'static str,
    /// A frame went.
    pub sent: &'static str,
    /// The socket is closed.
    pub disconnected: &'static str,
    /// Something failed.
    pub error: &'static str,
    /// Code and reason of a closing.
    pub closed_with: fn(u16, &str) -> String,
    /// `12 bytes`.
    pub bytes: fn(usize) -> String,
    /// Round trip in milliseconds.
    pub round_trip: fn(&str) -> String,
    /// Checking why it failed.
    pub checking: &'static str,
    /// Nothing answers at all.
    pub unreachable: &'static str,
    /// The connection was cut without a goodbye, after so many seconds, so many of them silent.
    pub cut: fn(i64, i64) -> String,
    /// The small pages beside the sockets.
    pub small_pages: &'static str,
    /// What `/lab/hello` says.
    pub small_hello: &'static str,
    /// What `/lab/random` says.
    pub small_random: &'static str,
    /// What `/lab/user/{id}` says.
    pub small_user: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_is_weighed() {
        assert_eq!(Lang::accepted("ko-KR,ko;q=0.9,en;q=0.8"), Lang::Ko);
        assert_eq!(Lang::accepted("en-US,en;q=0.9,ko;q=0.8"), Lang::En);
        assert_eq!(Lang::accepted("fr-FR, ko;q=0.2"), Lang::Ko);
        assert_eq!(Lang::accepted("ko;q=0, en;q=0.1"), Lang::En);
        assert_eq!(Lang::accepted("en;q=0.3, ko;q=0.7"), Lang::Ko);
        assert_eq!(Lang::accepted("ko;q=junk"), Lang::En);
        assert_eq!(Lang::accepted(""), Lang::En);
    }

    #[test]
    fn the_tutorials_sentences_stand_to_the_letter() {
        let ko = Lang::Ko.words();
        assert_eq!((ko.arrived_plain)(3), "새로운 유저 접속 [현재: 3명]");
        assert_eq!((ko.left_plain)(2), "유저 연결 해제 [현재: 2명]");
        assert_eq!((ko.arrived)("민수", 3), "새로운 유저 접속 [현재: 3명] · 민수");
        assert_eq!((Lang::En.words().hello)("Ada"), "Hello Ada.");
    }

    #[test]
    fn numbers_of_people_read_naturally() {
        assert_eq!((Lang::En.words().people)(1), "1 person");
        assert_eq!((Lang::En.words().people)(3), "3 people");
        assert_eq!((Lang::Ko.words().people)(3), "3명");
        assert_eq!((Lang::En.words().arrived)("Ada", 1), "Ada joined · 1 person here now");
    }

    #[test]
    fn what_was_done_to_a_room_takes_the_right_particle() {
        let topic = |topic: &str| (Lang::Ko.words().room_changed)("Ada", &RoomChange::Topic { topic: topic.into() });
        assert_eq!(topic("회의"), "Ada 님이 주제를 ‘회의’로 바꿨어요");
        assert_eq!(topic("배포 일정"), "Ada 님이 주제를 ‘배포 일정’으로 바꿨어요");
        assert_eq!(topic(""), "Ada 님이 주제를 지웠어요");
        let named = RoomChange::Named { name: "주말".into() };
        assert_eq!((Lang::Ko.words().room_changed)("민수", &named), "민수 님이 방 이름을 ‘주말’로 바꿨어요");
    }

    #[test]
    fn a_new_name_takes_the_right_particle() {
        assert_eq!((Lang::Ko.words().renamed)("민수", "지훈"), "민수 님이 이름을 ‘지훈’으로 바꿨어요");
        assert_eq!((Lang::Ko.words().renamed)("지훈", "민수"), "지훈 님이 이름을 ‘민수’로 바꿨어요");
    }

    #[test]
    fn who_is_typing_is_said_for_one_for_two_and_for_more() {
        let names = ["민수", "Ben"].map(String::from);
        let [ko, en] = [Lang::Ko, Lang::En].map(|lang| lang.words().typing);
        assert_eq!((ko(&names[..1], 0), en(&names[..1], 0)), ("민수 님이 입력 중".into(), "민수 is typing".into()));
        assert_eq!(
            (ko(&names, 0), en(&names, 0)),
            ("민수 님과 Ben 님이 입력 중".into(), "민수 and Ben are typing".into())
        );
        assert_eq!(ko(&names[..1], 2), "민수 님 외 2명이 입력 중");
        assert_eq!(en(&names[..1], 2), "민수 and 2 others are typing");
    }

    #[test]
    fn many_names_become_a_few_and_a_number() {
        let names: Vec<String> = ["Ada", "Ben", "Cho"].map(String::from).to_vec();
        assert_eq!((Lang::En.words().names)(&names, 0), "Ada, Ben and Cho");
        assert_eq!((Lang::En.words().names)(&names, 2), "Ada, Ben, Cho and 2 others");
        assert_eq!((Lang::En.words().names)(&names[..1], 0), "Ada");
        assert_eq!((Lang::Ko.words().names)(&names, 2), "Ada, Ben, Cho 외 2명");
    }
}
