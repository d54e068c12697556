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
    /// How many people are in a room now.
    pub here_now: fn(usize) -> String,
}
