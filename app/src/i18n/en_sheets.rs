//! English, on sheets.

use super::Lang;
use super::sheets::SheetWords;

pub(super) const WORDS: SheetWords = SheetWords {
    close: "Close",
    new_room: "New room",
    room_name: "Name",
    room_name_hint: "Up to 40 characters. The room's address is made from it.",
    create: "Create",
    jump_to_date: "Jump to a date",
    weekdays: ["S", "M", "T", "W", "T", "F", "S"],
    weekdays_in_full: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    earlier: "Earlier month",
    later: "Later month",
    quiet_month: "Nothing was said in this month.",
    here_now: |here| (Lang::En.words().people_here)(here),
};
