//! Korean, on sheets.

use super::Lang;
use super::sheets::SheetWords;

pub(super) const WORDS: SheetWords = SheetWords {
    close: "닫기",
    new_room: "새 방",
    room_name: "이름",
    room_name_hint: "40자까지 쓸 수 있어요. 이름으로 방의 주소가 만들어져요.",
    create: "만들기",
    here_now: |here| (Lang::Ko.words().people_here)(here),
};
