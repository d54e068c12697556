//! Korean, on sheets.

use super::Lang;
use super::sheets::SheetWords;

pub(super) const WORDS: SheetWords = SheetWords {
    close: "닫기",
    new_room: "새 방",
    room_name: "이름",
    room_name_hint: "40자까지 쓸 수 있어요. 이름으로 방의 주소가 만들어져요.",
    create: "만들기",
    jump_to_date: "날짜로 이동",
    weekdays: ["일", "월", "화", "수", "목", "금", "토"],
    weekdays_in_full: ["일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"],
    earlier: "이전 달",
    later: "다음 달",
    quiet_month: "이 달에는 메시지가 없어요.",
    here_now: |here| (Lang::Ko.words().people_here)(here),
};
