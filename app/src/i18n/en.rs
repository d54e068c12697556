//! English.

use super::{LabWords, Words, attention, message, writing};
use crate::refusal::Refusal;
use crate::room_change::RoomChange;
use crate::text::joined;

pub(super) const WORDS: Words = Words {
    language: "English",
    tagline: "A courtyard to talk in.",
    choose_language: "Language",
    theme: "Appearance",
    theme_auto: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    settings: "Settings",
    lab: "WebSocket lab",
    skip_to_talk: "Skip to the conversation",

    walk_in: "Come on in",
    your_name: "Your name",
    name_hint: "Up to {} characters. You can change it later.",
    enter: "Enter",
    hello: |name| format!("Hello {name}."),
    hello_hint: "Come in under this name, or choose another.",
    walk_into: |room| format!("You're on your way to “{room}”."),
    guest: |number| format!("Guest {number}"),
    change_name: "Display name",
    name_changed: |name| format!("You're now called {name}."),
    save: "Save",

    rooms: "Rooms",
    show_rooms: "Show rooms",
    new_room: "New room",
    create: "Create",
    create_this: |name| format!("Create “{name}”"),
    room_missing: |name| format!("There's no room called “{name}” yet"),
    choose_room: "Where to?",
    choose_room_hint: "Pick a room, or create one. Anyone can find a public one.",
    people,
    people_here: |here| format!("{} here now", people(here)),
    who_is_here: "Here now",
    and_more: |more| format!("and {more} more"),

    messages: "Messages",
    room_empty: "Nobody has said anything yet",
    room_empty_hint: "Say hello. The first message starts the room.",
    room_start: "This is where the room begins",
    loading_older: "Loading older messages…",
    load_older: "Load older messages",
    loading_newer: "Loading newer messages…",
    load_newer: "Load newer messages",
    jump_to_date: "Jump to a date",
    to_newest: "To the newest",
    message_missing: "The message in this link isn't there. This is the nearest one.",
    new_messages: |count| {
        if count == 1 { "1 new message".into() } else { format!("{count} new messages") }
    },
    mentions: |count| {
        if count == 1 { "1 mention of you".into() } else { format!("{count} mentions of you") }
    },
    new_line: "New",
    to_first_new: "To the first new message",
    you: "You",
    deleted: "deleted",
    edited: "edited",
    actions: "Actions",
    rows_hint: "Arrow keys walk through the messages, Enter opens a message's actions.",
    edit: "Edit",
    edit_message: "Edit message",
    delete: "Delete",
    delete_this: "Delete this message?",
    delete_hint: "Its text is gone for everyone. Only a note that it was deleted stays.",
    cancel: "Cancel",
    copy_text: "Copy text",
    text_copied: "Text copied.",
    on_message: message::EN,
    arrived: |names, here| format!("{names} joined · {} here now", people(here)),
    left: |names, here| format!("{names} left · {} here now", people(here)),
    arrived_plain: |here| format!("Someone joined [now: {here}]"),
    left_plain: |here| format!("Someone left [now: {here}]"),
    names,
    typing: |who, more| format!("{} {} typing", names(who, more), if who.len() + more == 1 { "is" } else { "are" }),
    room_changed,
    renamed: |was, now| format!("{was} is now called {now}"),

    write_to: |name, _| format!("Message {name}"),
    send: "Send",
    draft: "Draft",
    suggest: "Suggestions",
    suggestions: |count| {
        if count == 1 { "1 suggestion".into() } else { format!("{count} suggestions") }
    },
    call_here: "Everyone who is here now (in rooms of up to {})",
    call_room: "Everyone in the room (in rooms of up to {})",
    commands: [
        "Say what you do",
        "Change your name",
        "Change what the room is about",
        "Invite somebody",
        "¯\\_(ツ)_/¯",
        "Leave the room",
        "Leave the room",
        "Show the commands",
    ],
    writing: writing::EN,
    characters_left: |left| {
        if left < 0 { format!("{} too many", characters(-left)) } else { format!("{} left", characters(left)) }
    },
    sending: "Sending…",
    waiting: "Waiting for the connection",
    failed: |why| format!("Not sent. {why}"),
    retry: "Retry",
    discard: "Discard",

    spoiler: "Spoiler",
    code: "Code",
    copy: "Copy",
    copied: "Copied",
    table: "Table",

    attach: |files, size| format!("You can attach up to {files} files of {size} each."),
    download: "Download",
    attached: "Attached files",
    pasted: "Pasted text.txt",
    is_pasted: "What you pasted is a lot, so it is attached as a file.",
    remove: "Remove",
    sends_when_there: "Goes out as soon as the files are there.",
    elsewhere: "Uploading in another tab",
    not_shown: "This can't be shown here. Others can download it.",
    no_files: "This server takes no files.",
    drop_here: "Drop files here",

    leave: "Leave",
    you_left: |room| format!("You left {room}."),
    walk_back_in: "Walk back in",

    connection: "Connection",
    connecting: "Connecting…",
    live: "Live",
    offline: |seconds| {
        if seconds == 0 { "Offline · trying now".into() } else { format!("Offline · next\u{a0}try in {seconds} s") }
    },
    closed: "Disconnected by you",
    stale: "Please reload",
    offline_hint: "You're offline. Keep writing: your messages go out as soon as the connection is back.",
    too_many_tabs: "Too many tabs are connected from here. Close one, and this one connects by itself.",
    not_kept: "This browser can't store messages. What is unsent doesn't survive a reload.",
    connect: "Connect",
    disconnect: "Disconnect",
    try_now: "Try now",
    reload: "Reload",

    missing: "There's nothing here",
    missing_hint: "The address may be mistyped, or what was here is gone.",
    home: "Back to the courtyard",
    trouble: "Something went wrong",
    trouble_hint: "The server can't handle this request.",

    about_room: "About this room",
    private: "Private",
    starred: "Starred",
    direct: "Direct messages",
    threads: "Threads",
    all_rooms: "All rooms",
    find: "Find a room or person",
    new_direct: "New direct message",

    attention: attention::EN,
    refusal,
    lab_words: LabWords {
        title: "WebSocket lab",
        intro: "Try WebSockets by hand, and find out why one doesn't get through.",
        needs_script: "The lab opens its sockets from this page, and needs JavaScript for that.",
        endpoint: "Endpoint",
        echo: ["Echo", "every text comes back as “[RE]: …”"],
        ticker: ["Ticker", "the server pushes lines, then says goodbye"],
        plain: ["Plain", "chat in a room, a line of text at a time"],
        chat: ["Chat", "the socket that this app itself uses, in JSON"],
        address: "Address",
        text: "Text to send",
        clear: "Clear log",
        log: "Log",
        log_empty: "Nothing yet. Choose an endpoint and connect.",
        time: "Time",
        what: "What",
        content: "Text",
        size: "Size",
        connected: "Connected",
        received: "Received",
        sent: "Sent",
        disconnected: "Disconnected",
        error: "Error",
        closed_with: |code, reason| {
            if reason.is_empty() { format!("code {code}") } else { format!("code {code}: {reason}") }
        },
        bytes: |bytes| {
            if bytes == 1 { "1 byte".into() } else { format!("{bytes} bytes") }
        },
        round_trip: |ms| format!("round trip {ms} ms"),
        checking: "Finding out why…",
        unreachable: "The server can't be reached at all, not even by ordinary HTTP. It's down, or the network is.",
        cut: |open, silent| {
            format!(
                "The connection was cut without a goodbye, {open} s after it opened and {silent} s after the last frame. If that happens again after the same silence, a proxy on the way closes idle connections."
            )
        },
        small_pages: "Small pages for trying HTTP",
        small_hello: "says “Hello world!”",
        small_random: "a whole number from 1 to 100",
        small_user: "the id back, as plain text",
    },
};

fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn characters(count: i64) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

fn names(names: &[String], more: usize) -> String {
    match (names, more) {
        ([], _) => people(more),
        (_, 1) => format!("{} and 1 other", joined(names, ", ")),
        (_, 2..) => format!("{} and {more} others", joined(names, ", ")),
        ([name], 0) => name.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", joined(first, ", ")),
    }
}

fn room_changed(by: &str, change: &RoomChange) -> String {
    match change {
        RoomChange::Named { name } => format!("{by} named the room “{name}”"),
        RoomChange::Topic { topic } if topic.is_empty() => format!("{by} removed the topic"),
        RoomChange::Topic { topic } => format!("{by} changed the topic to “{topic}”"),
        RoomChange::Archived {} => format!("{by} archived the room"),
        RoomChange::Restored {} => format!("{by} opened the room again"),
        RoomChange::Added { who } => {
            let who: Vec<String> = who.iter().map(|member| member.name.to_string()).collect();
            format!("{by} added {}", names(&who, 0))
        }
        RoomChange::Removed { who } => format!("{by} removed {}", who.name),
        RoomChange::Left {} => format!("{by} left the room for good"),
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::MessageEmpty => "There's nothing in the message yet.",
        Refusal::MessageTooLong => "The message is too long. At most {} characters (60 KB) fit.",
        Refusal::MessageUnknown => "There's no such message here.",
        Refusal::MessageNotYours => "Only its author can change a message.",
        Refusal::MessageDeleted => "The message was deleted.",
        Refusal::EmojiUnknown => "A reaction is a single emoji.",
        Refusal::PinsFull => "No more messages can be pinned here. Unpin one first.",
        Refusal::ReactionsFull => "This message already has 20 different emoji. No more can be added.",
        Refusal::MessageChanged => "A different message was already sent under this id.",
        Refusal::FilesTooMany => {
            "At most {} files fit into one message. Send these or take one out, then add the rest again."
        }
        Refusal::FileTooLarge => "The file is too large. The limit is {}.",
        Refusal::FileUnknown => "The file isn't here any more. Please attach it again.",
        Refusal::UploadsTooMany => "Too many of your files wait to be sent. Send or remove some first.",
        Refusal::UploadMismatch => "It is a folder, or changed on its way. Please attach a file.",
        Refusal::UploadTooSlow => "Nothing came for a while. Please try again.",
        Refusal::DiskFull => "The server has no space left for this file.",
        Refusal::MentionTooMany => {
            "The message is sent, but not everyone is called: at most {} by name, and by @here or @room only in smaller rooms."
        }
        Refusal::CommandUnknown => "There's no such command. /help lists them all. To begin with a slash, type two.",
        Refusal::CommandIncomplete => "This command needs something after it.",
        #[cfg(feature = "ssr")]
        Refusal::CommandHelp => {
            "/me says what you do, /nick changes your name, /topic changes what the room is about, /invite invites somebody, /shrug shrugs, /leave and /exit leave the room. To begin with a slash, type two."
        }
        Refusal::NameEmpty => "Please type a name.",
        Refusal::NameTooLong => "The name is too long. At most {} characters fit.",
        Refusal::NameHidden => {
            "The name has characters that can't be seen or that turn the writing direction, or a colon before a space. Please leave them out."
        }
        Refusal::NameTaken => "Somebody here has this name, or one that looks like it. Please choose another.",
        Refusal::RoomNameEmpty => "A room's name needs at least one letter or digit.",
        Refusal::RoomNameTooLong => "The room's name is too long. At most {} characters fit.",
        Refusal::RoomNameHidden => {
            "The room's name has characters that can't be seen or that turn the writing direction. Please leave them out."
        }
        Refusal::RoomNameReserved => "Madang keeps this name for itself. Please choose another.",
        Refusal::RoomNameTaken => "There's already a room of this name, or one that looks like it.",
        Refusal::TopicTooLong => "The topic is too long. At most {} characters fit.",
        Refusal::TopicHidden => {
            "The topic has characters that can't be seen or that turn the writing direction. Please leave them out."
        }
        Refusal::RoomArchived => "This room is archived. You can read it, but not write in it.",
        Refusal::RoomNotYours => "You can't change this room.",
        Refusal::RoomMembersFull => "The room is full: nobody else can be invited.",
        Refusal::RoomsMadeTooMany => "You have made as many rooms as one person can.",
        #[cfg(feature = "ssr")]
        Refusal::DirectCount => "A direct conversation has two to eight people, you among them.",
        Refusal::PersonUnknown => "There's nobody here of that name.",
        Refusal::PersonIsMember => "They are in this room already.",
        Refusal::RoomIsPublic => "Everyone can walk into this room: nobody needs an invitation.",
        Refusal::RoomIsDirect => "Nobody else can join a direct conversation. Start a new one with all of you.",
        Refusal::RoomUnknown => "There's no such room.",
        Refusal::RoomNotOpen => "You aren't in this room. Open it first.",
        Refusal::RoomsOpenTooMany => "You have too many rooms open here. Leave one first.",
        Refusal::RoomsFull => "This server can't hold any more rooms.",
        Refusal::PeopleFull => "This server is full: nobody else can come in.",
        #[cfg(feature = "ssr")]
        Refusal::NotJson => "That frame isn't JSON.",
        #[cfg(feature = "ssr")]
        Refusal::UnknownFrame => "That isn't a frame this server knows.",
        #[cfg(feature = "ssr")]
        Refusal::UpgradeNeeded => {
            "That address is a WebSocket's. Ask for it with the upgrade, for instance from the lab."
        }
        #[cfg(feature = "ssr")]
        Refusal::SocketUnknown => "There's no socket at this address.",
        #[cfg(feature = "ssr")]
        Refusal::TickerOutOfRange => "The ticker sends 1 to 1,000 lines (count), 10 to 60,000 ms apart (interval_ms).",
        Refusal::SignedOut => "Please walk in with a name first.",
        Refusal::ForeignOrigin => "The request came from another site's page.",
        Refusal::TooFast => "That was too much at once. Please try again in a moment.",
        // Only the server says these.
        #[cfg(not(feature = "ssr"))]
        Refusal::CommandHelp
        | Refusal::DirectCount
        | Refusal::NotJson
        | Refusal::UnknownFrame
        | Refusal::UpgradeNeeded
        | Refusal::SocketUnknown
        | Refusal::TickerOutOfRange => refusal(Refusal::Unavailable),
        Refusal::Unreachable => "The server can't be reached just now. Nothing you typed is lost; please try again.",
        Refusal::Unavailable => "The server couldn't do that just now. Please try again.",
    }
}
