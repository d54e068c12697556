//! 한국어. 해요체; buttons are nouns or verb stems.

use super::{LabWords, Words, attention, message, writing};
use crate::refusal::Refusal;
use crate::room_change::RoomChange;
use crate::text::hangul::{Particle, particle};
use crate::text::joined;

pub(super) const WORDS: Words = Words {
    language: "한국어",
    tagline: "모여서 이야기하는 마당",
    choose_language: "언어",
    theme: "화면",
    theme_auto: "시스템",
    theme_light: "밝게",
    theme_dark: "어둡게",
    settings: "설정",
    lab: "웹소켓 실험실",
    skip_to_talk: "대화로 건너뛰기",

    walk_in: "어서 오세요",
    your_name: "이름",
    name_hint: "{}자까지 쓸 수 있고, 나중에 바꿀 수 있어요.",
    enter: "들어가기",
    hello: |name| format!("Hello {name}."),
    hello_hint: "이 이름으로 들어오거나 다른 이름을 고르세요.",
    walk_into: |room| format!("‘{room}’ 방으로 가는 길이에요."),
    guest: |number| format!("손님 {number}"),
    change_name: "표시 이름",
    name_changed: |name| format!("이제 이름이 ‘{name}’{}.", if ends_in_vowel(name) { "예요" } else { "이에요" }),
    save: "저장",

    rooms: "방",
    show_rooms: "방 목록 보기",
    new_room: "새 방",
    create: "만들기",
    create_this: |name| format!("‘{name}’ 방 만들기"),
    room_missing: |name| format!("‘{name}’ 방은 아직 없어요"),
    choose_room: "어디로 갈까요?",
    choose_room_hint: "방을 고르거나 새로 만드세요. 공개 방은 누구나 찾을 수 있어요.",
    people,
    people_here: |here| format!("지금 {here}명"),
    who_is_here: "지금 여기",
    and_more: |more| format!("외 {more}명"),

    messages: "메시지",
    room_empty: "아직 아무 말도 없어요",
    room_empty_hint: "먼저 인사해 보세요. 첫 메시지로 이야기가 시작돼요.",
    room_start: "여기서 이 방이 시작됐어요",
    loading_older: "지난 메시지를 불러오는 중…",
    load_older: "지난 메시지 보기",
    loading_newer: "다음 메시지를 불러오는 중…",
    load_newer: "다음 메시지 보기",
    jump_to_date: "날짜로 이동",
    to_newest: "최신 메시지로",
    message_missing: "링크의 메시지가 없어요. 가장 가까운 메시지예요.",
    new_messages: |count| format!("새 메시지 {count}개"),
    mentions: |count| format!("나를 부른 메시지 {count}개"),
    new_line: "여기부터 새 메시지",
    to_first_new: "첫 새 메시지로",
    you: "나",
    deleted: "삭제된 메시지",
    edited: "수정됨",
    actions: "메시지 작업",
    rows_hint: "위아래 화살표로 메시지를 오가고, Enter로 메시지 작업을 열어요.",
    edit: "수정",
    edit_message: "메시지 수정",
    delete: "삭제",
    delete_this: "이 메시지를 삭제할까요?",
    delete_hint: "모두에게서 내용이 사라지고, 삭제되었다는 표시만 남아요.",
    cancel: "취소",
    copy_text: "내용 복사",
    text_copied: "내용을 복사했어요.",
    on_message: message::KO,
    arrived: |names, here| format!("새로운 유저 접속 [현재: {here}명] · {names}"),
    left: |names, here| format!("유저 연결 해제 [현재: {here}명] · {names}"),
    arrived_plain: |here| format!("새로운 유저 접속 [현재: {here}명]"),
    left_plain: |here| format!("유저 연결 해제 [현재: {here}명]"),
    names,
    typing,
    room_changed,
    renamed: |was, now| format!("{was} 님이 이름을 ‘{now}’{} 바꿨어요", particle(now, Particle::Toward)),

    write_to: |name, is_direct| format!("{name}{} 메시지 쓰기", if is_direct { "에게" } else { "에" }),
    send: "전송",
    draft: "쓰던 글",
    suggest: "제안",
    suggestions: |count| format!("제안 {count}개"),
    call_here: "지금 여기 있는 모두 ({}명까지인 방)",
    call_room: "이 방의 모두 ({}명까지인 방)",
    commands: [
        "하는 일 말하기",
        "이름 바꾸기",
        "방 주제 바꾸기",
        "이 방에 초대하기",
        "¯\\_(ツ)_/¯",
        "방에서 나가기",
        "방에서 나가기",
        "명령 보기",
    ],
    writing: writing::KO,
    characters_left: |left| {
        if left < 0 { format!("{}자 넘었어요", -left) } else { format!("{left}자 남았어요") }
    },
    sending: "보내는 중…",
    waiting: "연결을 기다리는 중",
    failed: |why| format!("보내지 못했어요. {why}"),
    retry: "다시 보내기",
    discard: "버리기",

    spoiler: "스포일러",
    code: "코드",
    copy: "복사",
    copied: "복사했어요",
    table: "표",

    attach: |files, size| format!("파일은 {files}개까지, 하나에 {size}까지 첨부할 수 있어요."),
    download: "내려받기:",
    attached: "첨부한 파일",
    pasted: "붙여 넣은 글.txt",
    is_pasted: "붙여 넣은 글이 많아서 파일로 첨부했어요.",
    remove: "빼기:",
    sends_when_there: "파일이 다 올라가면 바로 보낼게요.",
    elsewhere: "다른 탭에서 올리는 중",
    not_shown: "여기서 볼 수 없어요. 내려받을 수만 있어요.",
    no_files: "이 서버는 파일을 받지 않아요.",
    drop_here: "여기에 파일을 놓으세요",

    leave: "나가기",
    you_left: |room| format!("‘{room}’ 방에서 나왔어요."),
    walk_back_in: "다시 들어가기",

    connection: "연결",
    connecting: "연결하는 중…",
    live: "연결됨",
    offline: |seconds| {
        if seconds == 0 {
            "오프라인 · 다시 연결하는 중".into()
        } else {
            format!("오프라인 · {seconds}초\u{a0}뒤 재시도")
        }
    },
    closed: "직접 연결을 끊음",
    stale: "새로 고쳐 주세요",
    offline_hint: "오프라인이에요. 계속 쓰셔도 돼요. 연결되면 바로 보낼게요.",
    too_many_tabs: "여기에서 연결된 탭이 너무 많아요. 하나를 닫으면 이 탭도 연결돼요.",
    not_kept: "이 브라우저에는 메시지를 저장할 수 없어요. 보내지 못한 메시지는 새로 고치면 사라져요.",
    connect: "연결",
    disconnect: "연결 끊기",
    try_now: "지금 시도",
    reload: "새로 고침",

    missing: "여기에는 아무것도 없어요",
    missing_hint: "주소가 잘못되었거나, 있던 것이 없어졌어요.",
    home: "마당으로 돌아가기",
    trouble: "문제가 생겼어요",
    trouble_hint: "서버가 이 요청을 처리할 수 없어요.",

    about_room: "방 정보",
    private: "비공개",
    starred: "별표",
    direct: "다이렉트 메시지",
    threads: "스레드",
    all_rooms: "모든 방",
    find: "방이나 사람 찾기",
    new_direct: "새 다이렉트 메시지",

    attention: attention::KO,
    refusal,
    lab_words: LabWords {
        title: "웹소켓 실험실",
        intro: "웹소켓을 손으로 시험해 보고, 연결이 안 되면 원인을 찾아요.",
        needs_script: "실험실은 이 페이지에서 소켓을 열기 때문에 자바스크립트가 필요해요.",
        endpoint: "엔드포인트",
        echo: ["에코", "보낸 글이 “[RE]: …”로 돌아와요"],
        ticker: ["티커", "서버가 줄을 차례로 보내고 인사해요"],
        plain: ["플레인", "글 한 줄씩으로 방에서 채팅해요"],
        chat: ["채팅", "이 앱이 쓰는 소켓이에요. JSON으로 말해요"],
        address: "주소",
        text: "보낼 글",
        clear: "기록 지우기",
        log: "기록",
        log_empty: "아직 아무것도 없어요. 엔드포인트를 골라 연결해 보세요.",
        time: "시각",
        what: "종류",
        content: "내용",
        size: "크기",
        connected: "연결됨",
        received: "받음",
        sent: "보냄",
        disconnected: "연결 끊김",
        error: "오류",
        closed_with: |code, reason| {
            if reason.is_empty() { format!("코드 {code}") } else { format!("코드 {code}: {reason}") }
        },
        bytes: |bytes| format!("{bytes}바이트"),
        round_trip: |ms| format!("왕복 {ms}ms"),
        checking: "원인을 찾는 중…",
        unreachable: "일반 HTTP로도 서버에 닿지 않아요. 서버나 네트워크가 멈춰 있어요.",
        cut: |open, silent| {
            format!(
                "인사 없이 연결이 끊겼어요. 열린 지 {open}초, 마지막 프레임 뒤 {silent}초 만이에요. 같은 침묵 뒤에 또 끊기면, 중간의 프록시가 조용한 연결을 닫는 거예요."
            )
        },
        small_pages: "HTTP를 시험하는 작은 페이지",
        small_hello: "“Hello world!”라고 답해요",
        small_random: "1부터 100까지의 정수 하나",
        small_user: "보낸 id를 글로 돌려줘요",
    },
};

fn people(count: usize) -> String {
    format!("{count}명")
}

fn ends_in_vowel(word: &str) -> bool {
    particle(word, Particle::Subject) == "가"
}

fn names(names: &[String], more: usize) -> String {
    match (names, more) {
        ([], _) => people(more),
        (_, 0) => joined(names, ", "),
        _ => format!("{} 외 {more}명", joined(names, ", ")),
    }
}

fn typing(who: &[String], more: usize) -> String {
    let people = who.iter().map(|name| format!("{name} 님")).collect::<Vec<_>>();
    let and = particle("님", Particle::With);
    let together = match more {
        0 => joined(&people, &format!("{and} ")),
        _ => format!("{} 외 {more}명", joined(&people, ", ")),
    };
    format!("{together}{} 입력 중", particle(&together, Particle::Subject))
}

fn room_changed(by: &str, change: &RoomChange) -> String {
    let to = |word: &str| particle(word, Particle::Toward);
    match change {
        RoomChange::Named { name } => format!("{by} 님이 방 이름을 ‘{name}’{} 바꿨어요", to(name)),
        RoomChange::Topic { topic } if topic.is_empty() => format!("{by} 님이 주제를 지웠어요"),
        RoomChange::Topic { topic } => format!("{by} 님이 주제를 ‘{topic}’{} 바꿨어요", to(topic)),
        RoomChange::Archived {} => format!("{by} 님이 방을 보관했어요"),
        RoomChange::Restored {} => format!("{by} 님이 방을 다시 열었어요"),
        RoomChange::Added { who } => {
            let who: Vec<String> = who.iter().map(|member| format!("{} 님", member.name)).collect();
            format!("{by} 님이 {}을 초대했어요", joined(who, ", "))
        }
        RoomChange::Removed { who } => format!("{by} 님이 {} 님을 내보냈어요", who.name),
        RoomChange::Left {} => format!("{by} 님이 방을 떠났어요"),
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::MessageEmpty => "메시지가 비어 있어요.",
        Refusal::MessageTooLong => "메시지가 너무 길어요. {}자(60KB)까지 쓸 수 있어요.",
        Refusal::MessageUnknown => "그런 메시지가 없어요.",
        Refusal::MessageNotYours => "메시지는 쓴 사람만 고칠 수 있어요.",
        Refusal::MessageDeleted => "삭제된 메시지예요.",
        Refusal::EmojiUnknown => "반응은 이모지 하나로만 할 수 있어요.",
        Refusal::PinsFull => "이 방에는 더 고정할 수 없어요. 먼저 다른 메시지를 고정 해제해 주세요.",
        Refusal::ReactionsFull => "이 메시지에는 이모지가 이미 20가지 있어요. 더는 달 수 없어요.",
        Refusal::MessageChanged => "같은 번호로 다른 메시지가 이미 갔어요.",
        Refusal::FilesTooMany => {
            "한 메시지에 파일은 {}개까지 담을 수 있어요. 먼저 보내거나 하나를 뺀 뒤 나머지를 다시 넣어 주세요."
        }
        Refusal::FileTooLarge => "파일이 너무 커요. {}까지 보낼 수 있어요.",
        Refusal::FileUnknown => "파일이 더는 여기에 없어요. 다시 첨부해 주세요.",
        Refusal::UploadsTooMany => "보내지 않은 파일이 너무 많아요. 먼저 보내거나 빼 주세요.",
        Refusal::UploadMismatch => "폴더이거나 올라오는 동안 바뀌었어요. 파일을 첨부해 주세요.",
        Refusal::UploadTooSlow => "한동안 아무것도 오지 않았어요. 다시 시도해 주세요.",
        Refusal::DiskFull => "서버에 이 파일을 둘 공간이 없어요.",
        Refusal::MentionTooMany => {
            "메시지는 보냈지만 모두 부르지는 않았어요. 이름으로는 {}명까지, @here나 @room으로는 더 작은 방에서만 불러요."
        }
        Refusal::CommandUnknown => {
            "그런 명령은 없어요. /help로 명령을 볼 수 있어요. 빗금으로 시작하는 글은 빗금을 두 번 써 주세요."
        }
        Refusal::CommandIncomplete => "이 명령 뒤에는 쓸 말이 있어야 해요.",
        #[cfg(feature = "ssr")]
        Refusal::CommandHelp => {
            "/me 하는 일 말하기, /nick 이름 바꾸기, /topic 방 주제 바꾸기, /invite 이 방에 초대하기, /shrug 어깨 으쓱하기, /leave와 /exit 방에서 나가기. 빗금으로 시작하는 글은 빗금을 두 번 써 주세요."
        }
        Refusal::NameEmpty => "이름을 써 주세요.",
        Refusal::NameTooLong => "이름이 너무 길어요. {}자까지 쓸 수 있어요.",
        Refusal::NameHidden => {
            "이름에 보이지 않거나 글 방향을 바꾸는 문자, 또는 빈칸 앞에 쌍점이 있어요. 빼고 써 주세요."
        }
        Refusal::NameTaken => "같거나 비슷해 보이는 이름을 쓰는 사람이 있어요. 다른 이름을 골라 주세요.",
        Refusal::RoomNameEmpty => "방 이름에는 글자나 숫자가 하나는 있어야 해요.",
        Refusal::RoomNameTooLong => "방 이름이 너무 길어요. {}자까지 쓸 수 있어요.",
        Refusal::RoomNameHidden => "방 이름에 보이지 않거나 글 방향을 바꾸는 문자가 있어요. 빼고 써 주세요.",
        Refusal::RoomNameReserved => "마당이 쓰는 이름이에요. 다른 이름을 골라 주세요.",
        Refusal::RoomNameTaken => "같거나 비슷해 보이는 이름의 방이 이미 있어요.",
        Refusal::TopicTooLong => "주제가 너무 길어요. {}자까지 쓸 수 있어요.",
        Refusal::TopicHidden => "주제에 보이지 않거나 글 방향을 바꾸는 문자가 있어요. 빼고 써 주세요.",
        Refusal::RoomArchived => "보관된 방이에요. 읽을 수만 있어요.",
        Refusal::RoomNotYours => "이 방은 바꿀 수 없어요.",
        Refusal::RoomMembersFull => "방에 들어올 수 있는 사람 수가 다 찼어요.",
        Refusal::RoomsMadeTooMany => "한 사람이 만들 수 있는 방을 다 만들었어요.",
        #[cfg(feature = "ssr")]
        Refusal::DirectCount => "다이렉트 대화는 나를 포함해 두 명부터 여덟 명까지 할 수 있어요.",
        Refusal::PersonUnknown => "그런 이름을 쓰는 사람이 없어요.",
        Refusal::PersonIsMember => "이미 이 방에 있는 사람이에요.",
        Refusal::RoomIsPublic => "누구나 들어올 수 있는 방이라 초대가 필요 없어요.",
        Refusal::RoomIsDirect => "다이렉트 대화에는 다른 사람을 부를 수 없어요. 모두 함께 새로 시작하세요.",
        Refusal::RoomUnknown => "그런 방은 없어요.",
        Refusal::RoomNotOpen => "이 방에 들어와 있지 않아요. 먼저 방을 여세요.",
        Refusal::RoomsOpenTooMany => "여기서 연 방이 너무 많아요. 먼저 하나에서 나가세요.",
        Refusal::RoomsFull => "이 서버에는 방을 더 만들 수 없어요.",
        Refusal::PeopleFull => "이 서버에는 사람이 더 들어올 수 없어요.",
        #[cfg(feature = "ssr")]
        Refusal::NotJson => "JSON이 아닌 프레임이에요.",
        #[cfg(feature = "ssr")]
        Refusal::UnknownFrame => "이 서버가 모르는 프레임이에요.",
        #[cfg(feature = "ssr")]
        Refusal::UpgradeNeeded => "웹소켓 주소예요. 업그레이드로 요청하세요. 실험실에서 해 볼 수 있어요.",
        #[cfg(feature = "ssr")]
        Refusal::SocketUnknown => "이 주소에는 웹소켓이 없어요.",
        #[cfg(feature = "ssr")]
        Refusal::TickerOutOfRange => "티커는 1~1,000줄(count)을 10~60,000ms 간격(interval_ms)으로 보내요.",
        Refusal::SignedOut => "먼저 이름을 쓰고 들어오세요.",
        Refusal::ForeignOrigin => "다른 사이트의 페이지에서 온 요청이에요.",
        Refusal::TooFast => "한꺼번에 너무 많아요. 잠시 뒤에 다시 시도해 주세요.",
        // Only the server says these.
        #[cfg(not(feature = "ssr"))]
        Refusal::CommandHelp
        | Refusal::DirectCount
        | Refusal::NotJson
        | Refusal::UnknownFrame
        | Refusal::UpgradeNeeded
        | Refusal::SocketUnknown
        | Refusal::TickerOutOfRange => refusal(Refusal::Unavailable),
        Refusal::Unreachable => "지금은 서버에 연결할 수 없어요. 쓰신 내용은 그대로 있으니 다시 시도해 주세요.",
        Refusal::Unavailable => "지금은 서버가 처리하지 못했어요. 다시 시도해 주세요.",
    }
}
