//! What the sheets for messages that are sent later say, in every language. They are drawn on the server alone.

use super::Lang;

impl Lang {
    /// What these sheets say in this language.
    pub fn later_words(self) -> &'static LaterWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

/// The sentences of one language.
pub struct LaterWords {
    /// The sheet that takes a message, and its button.
    pub title: &'static str,
    /// The sheet for one that waits already.
    pub change: &'static str,
    /// Label of the text.
    pub text: &'static str,
    /// Label of the time.
    pub when: &'static str,
    /// In which zone the time is meant.
    pub zone: fn(&str) -> String,
    /// An hour from now.
    pub in_an_hour: &'static str,
    /// Tomorrow morning.
    pub tomorrow: &'static str,
    /// Monday morning.
    pub monday: &'static str,
    /// Keeps the message for the time in the field.
    pub schedule: &'static str,
    /// The sheet with all that wait.
    pub list: &'static str,
    /// None do.
    pub none: &'static str,
    /// What it is for.
    pub none_hint: &'static str,
    /// The way to change one.
    pub edit: &'static str,
    /// Sends one at once.
    pub send_now: &'static str,
    /// Takes one back.
    pub cancel: &'static str,
    /// Why one was not sent.
    pub not_sent: fn(&str) -> String,
    /// What was given as a time is none.
    pub no_time: &'static str,
    /// It has passed.
    pub past: &'static str,
    /// It is too far ahead: so many days.
    pub too_far: fn(u32) -> String,
    /// So many wait already.
    pub too_many: fn(usize) -> String,
    /// Commands are done at once.
    pub command: &'static str,
    /// It is not there any more.
    pub gone: &'static str,
    /// Heads what goes with a message.
    pub enclosed: &'static str,
    /// It is said in the thread of somebody's message.
    pub in_thread: fn(&str) -> String,
    /// What it answers is deleted.
    pub answers_deleted: &'static str,
    /// Why it was not sent then, and what can be done.
    pub answered_gone: &'static str,
    /// One of its files is not there any more.
    pub file_gone: &'static str,
    /// Not all files of the message box are there.
    pub files_coming: &'static str,
}

const EN: LaterWords = LaterWords {
    title: "Send later",
    change: "Change scheduled message",
    text: "Message",
    when: "When",
    zone: |zone| format!("On your clock ({zone}). It's sent even if you're away."),
    in_an_hour: "In an hour",
    tomorrow: "Tomorrow",
    monday: "Next Monday",
    schedule: "Schedule",
    list: "Scheduled messages",
    none: "Nothing is scheduled",
    none_hint: "“Send later” under the message box keeps a message until its time.",
    edit: "Change",
    send_now: "Send now",
    cancel: "Delete",
    not_sent: |why| format!("Not sent. {why}"),
    no_time: "Please choose a day and a time.",
    past: "That time has passed. Please choose a later one.",
    too_far: |days| format!("That's too far ahead. Choose a time within the next {days} days."),
    too_many: |most| format!("You have {most} scheduled already. Delete one or send it first."),
    command: "Commands can't be sent later. To begin with a slash, type two.",
    gone: "This message is already sent or deleted.",
    enclosed: "Goes with it",
    in_thread: |name| format!("In the thread of {name}"),
    answers_deleted: "Answers a deleted message",
    answered_gone: "The message that it answers was deleted. You can send it all the same, or change it.",
    file_gone: "One of its files isn't here any more. Change the message to send it without that file.",
    files_coming: "Not all of the files are there yet. Wait for them or remove them, and then try again.",
};

const KO: LaterWords = LaterWords {
    title: "나중에 보내기",
    change: "예약 메시지 바꾸기",
    text: "메시지",
    when: "보낼 때",
    zone: |zone| format!("내 시계({zone}) 기준이에요. 자리에 없어도 보내요."),
    in_an_hour: "한 시간 뒤",
    tomorrow: "내일",
    monday: "다음 월요일",
    schedule: "예약",
    list: "예약 메시지",
    none: "예약한 메시지가 없어요",
    none_hint: "메시지 칸 아래의 ‘나중에 보내기’로 메시지를 예약할 수 있어요.",
    edit: "바꾸기",
    send_now: "지금 보내기",
    cancel: "삭제",
    not_sent: |why| format!("보내지 못했어요. {why}"),
    no_time: "날짜와 시간을 골라 주세요.",
    past: "이미 지난 때예요. 더 나중을 골라 주세요.",
    too_far: |days| format!("너무 먼 날이에요. {days}일 뒤까지 예약할 수 있어요."),
    too_many: |most| format!("이미 {most}개를 예약했어요. 먼저 하나를 보내거나 지워 주세요."),
    command: "명령은 나중에 보낼 수 없어요. 빗금으로 시작하는 글은 빗금을 두 번 써 주세요.",
    gone: "이미 보냈거나 지운 메시지예요.",
    enclosed: "함께 보낼 것",
    in_thread: |name| format!("{name} 님의 스레드에"),
    answers_deleted: "삭제된 메시지에 답장",
    answered_gone: "답하려던 메시지가 삭제됐어요. 그대로 보내거나 메시지를 바꿀 수 있어요.",
    file_gone: "파일 하나가 더는 여기에 없어요. 메시지를 바꾸면 그 파일 없이 보낼 수 있어요.",
    files_coming: "아직 올라오지 않은 파일이 있어요. 기다리거나 뺀 다음 다시 해 주세요.",
};
