//! What sheets say. They are drawn on the server alone, so none of it is in the wasm.

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
    /// The sheet that makes a room.
    pub new_room: &'static str,
    /// Label of a room's name.
    pub room_name: &'static str,
    /// What a room's name may be.
    pub room_name_hint: &'static str,
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
    /// How many people are in a room now.
    pub here_now: fn(usize) -> String,
}
