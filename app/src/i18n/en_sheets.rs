//! English, on sheets.

use super::Lang;
use super::sheets::SheetWords;

pub(super) const WORDS: SheetWords = SheetWords {
    close: "Close",
    new_room: "New room",
    room_name: "Name",
    room_name_hint: "Up to 40 characters. The room's address is made from it.",
    create: "Create",
    here_now: |here| (Lang::En.words().people_here)(here),
};
