//! What sheets say, what pages say without scripts, and what the lab is told. Only the server says it, so none of it is in the wasm.

use super::{Lang, en_sheets, ko_sheets};

impl Lang {
    /// What sheets say in this language.
    pub fn sheet_words(self) -> &'static SheetWords {
        match self {
            Self::Ko => &ko_sheets::WORDS,
            Self::En => &en_sheets::WORDS,
        }
    }
}

/// The sentences of sheets in one language.
pub struct SheetWords {
    /// Closes a sheet.
    pub close: &'static str,
    /// Gets what is new, where no scripts do.
    pub refresh: &'static str,
    /// Before the zone of the times on a page without scripts.
    pub times_in: &'static str,
    /// The sheet that makes a room.
    pub new_room: &'static str,
    /// How many more rooms one may make, where that is few.
    pub rooms_left: fn(usize) -> String,
    /// How many more people may be asked in, where that is few.
    pub members_left: fn(usize) -> String,
    /// Under the preview of a text that is to call more people than it may; in the gaps are how many it may
    /// name, and how many people a room may have for all of them to be called.
    pub calls_too_many: &'static str,
    /// Label of a room's name.
    pub room_name: &'static str,
    /// What a room's name may be.
    pub room_name_hint: &'static str,
    /// What happens when a room gets another name.
    pub rename_hint: &'static str,
    /// Label of the choice between kinds of rooms.
    pub who_may_enter: &'static str,
    /// A public room, and what that means.
    pub public: [&'static str; 2],
    /// A private room, and what that means.
    pub private: [&'static str; 2],
    /// A direct room.
    pub direct: &'static str,
    /// What that means.
    pub direct_hint: &'static str,
    /// Label of a topic.
    pub topic: &'static str,
    /// What a topic is.
    pub topic_hint: &'static str,
    /// Makes it.
    pub create: &'static str,
    /// The sheet that leads to a day.
    pub jump_to_date: &'static str,
    /// The weekdays in a letter or two, from Sunday on.
    pub weekdays: [&'static str; 7],
    /// The weekdays, from Sunday on.
    pub weekdays_in_full: [&'static str; 7],
    /// To the month before in which something was said.
    pub earlier: &'static str,
    /// To the month after.
    pub later: &'static str,
    /// Nothing was said in a month.
    pub quiet_month: &'static str,
    /// Keeps a text.
    pub save: &'static str,
    /// How many people are in a room now.
    pub here_now: fn(usize) -> String,
    /// How many people are in a closed room.
    pub members: fn(usize) -> String,
    /// Who made the room.
    pub maker: &'static str,
    /// Label of the field that asks somebody in.
    pub invite: &'static str,
    /// What to write there.
    pub invite_hint: &'static str,
    /// Asks them in.
    pub add: &'static str,
    /// Takes somebody out.
    pub remove: &'static str,
    /// The same, for whom.
    pub remove_this: fn(&str) -> String,
    /// Puts the room first in my list.
    pub star: &'static str,
    /// Undoes that.
    pub unstar: &'static str,
    /// What was written can't be said where it was written.
    pub lost: &'static str,
    /// Label of what was written.
    pub your_words: &'static str,
    /// Said to somebody who wrote and is not in any more.
    pub not_in: &'static str,
    /// Of files that came with what was written.
    pub files_again: &'static str,
    /// Which messages of the room call me.
    pub calls_from: &'static str,
    /// All, those that name or answer me, none.
    pub call: [&'static str; 3],
    /// What that means.
    pub calls_hint: &'static str,
    /// Lets the room only be read.
    pub archive: &'static str,
    /// What that means.
    pub archive_hint: &'static str,
    /// The archived rooms.
    pub archived: &'static str,
    /// The room can only be read.
    pub is_archived: &'static str,
    /// Brings it back.
    pub restore: &'static str,
    /// Leaves a closed room for good.
    pub leave: &'static str,
    /// What that means.
    pub leave_hint: &'static str,
    /// Leaves a direct room, which is out of sight then.
    pub hide: &'static str,
    /// What that means.
    pub hide_hint: &'static str,
    /// All rooms that I may be in.
    pub all_rooms: &'static str,
    /// The sheet that finds rooms and people.
    pub find_any: &'static str,
    /// Label of the field that finds a room.
    pub find_room: &'static str,
    /// Finds them.
    pub find: &'static str,
    /// Nothing is looked for yet, and nobody is near.
    pub type_a_name: &'static str,
    /// Nothing was found.
    pub nothing_found: &'static str,
    /// What somebody is who was found among rooms.
    pub person: &'static str,
    /// The sheet that passes a message on.
    pub forward: &'static str,
    /// Label of the field that finds a room for it.
    pub forward_to: &'static str,
    /// Label of what one says to it.
    pub comment: &'static str,
    /// What is written there is a command.
    pub comment_command: &'static str,
    /// The sheet that starts a direct room.
    pub new_direct: &'static str,
    /// Label of who is to be in it.
    pub with_whom: &'static str,
    /// What to write there.
    pub with_whom_hint: &'static str,
    /// Takes somebody out of those who are chosen.
    pub unchoose: fn(&str) -> String,
    /// The sheet of a thread.
    pub thread: &'static str,
    /// Nothing is followed yet.
    pub no_threads: &'static str,
    /// Of a thread in which somebody else wrote since I was there.
    pub is_new: &'static str,
    /// Nobody has replied yet.
    pub no_replies: &'static str,
    /// To the replies before those that are shown.
    pub earlier_replies: &'static str,
    /// Makes replies count for me.
    pub follow: &'static str,
    /// They do.
    pub is_followed: &'static str,
    /// Undoes that.
    pub unfollow: &'static str,
    /// They don't.
    pub is_not_followed: &'static str,
    /// They don't, and can't, for so many others follow it.
    pub thread_full: &'static str,
    /// Opens the direct room.
    pub open_direct: &'static str,
    /// The sheet of what is pinned to a room.
    pub pins: &'static str,
    /// The way to it: how many there are.
    pub pins_count: fn(usize) -> String,
    /// How many there are, and how many may be.
    pub pins_of: fn(usize, usize) -> String,
    /// There are none.
    pub no_pins: &'static str,
    /// The sheet of what a message said before.
    pub versions: &'static str,
    /// Only so many of a list are shown.
    pub latest_only: &'static str,
    /// Who may see that.
    pub versions_hidden: &'static str,
    /// Takes a message from the wall.
    pub unpin: &'static str,
    /// The same, for whose and how it begins.
    pub unpin_this: fn(&str, &str) -> String,
    /// To the picture before.
    pub previous_picture: &'static str,
    /// To the picture after.
    pub next_picture: &'static str,
    /// Larger.
    pub zoom_in: &'static str,
    /// Smaller.
    pub zoom_out: &'static str,
    /// To the message that carries a picture.
    pub show_message: &'static str,
    /// The sheet on which a room is taken over by a code.
    pub moderator: &'static str,
    /// What that is for, before the command that prints a code.
    pub moderator_hint: &'static str,
    /// The field for the code.
    pub code: &'static str,
    /// How long it holds.
    pub code_hint: &'static str,
    /// It does not hold.
    pub code_wrong: &'static str,
    /// Takes the room over.
    pub moderate: &'static str,
    /// Of a public room that nobody has made.
    pub no_moderator: &'static str,
    /// Behind why a file was refused, without scripts.
    pub files_refused: &'static str,
    /// In the lab: the server saw the upgrade and refused it.
    pub fate_refused: fn(&str) -> String,
    /// A proxy changed the host's name.
    pub fate_host_changed: &'static str,
    /// A proxy took the upgrade out.
    pub fate_upgrade_stripped: &'static str,
    /// The request never reached the server.
    pub fate_never_arrived: &'static str,
    /// The connection opened at the server but not in the browser.
    pub fate_half_open: &'static str,
}
