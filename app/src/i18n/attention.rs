//! The sentences on who can be talked to and what disturbs, in every language.

/// The sentences of one language.
pub struct AttentionWords {
    /// Somebody is here.
    pub here: &'static str,
    /// Somebody is connected, but has touched nothing for a while.
    pub away: &'static str,
    /// Somebody is not to be disturbed.
    pub quiet: &'static str,
    /// I am not to be disturbed until this time of day.
    pub quiet_until: fn(&str) -> String,
    /// For half an hour.
    pub half_an_hour: &'static str,
    /// For an hour.
    pub an_hour: &'static str,
    /// Until the next morning.
    pub until_morning: &'static str,
    /// Until I say otherwise.
    pub until_i_say: &'static str,
    /// May be disturbed again.
    pub end_quiet: &'static str,
    /// Heading of what may call me in this browser.
    pub calls: &'static str,
    /// Show calls.
    pub show_calls: &'static str,
    /// With what was said.
    pub show_text: &'static str,
    /// Let them be heard.
    pub play_sound: &'static str,
    /// The browser's person has forbidden it.
    pub calls_denied: &'static str,
    /// The browser can't.
    pub calls_absent: &'static str,
}

pub(super) const EN: AttentionWords = AttentionWords {
    here: "Here",
    away: "Away",
    quiet: "Do not disturb",
    quiet_until: |time| format!("Do not disturb until {time}"),
    half_an_hour: "30 minutes",
    an_hour: "1 hour",
    until_morning: "Until 8 tomorrow morning",
    until_i_say: "Until I turn it off",
    end_quiet: "Turn off",
    calls: "Notifications in this browser",
    show_calls: "Show them while I'm elsewhere",
    show_text: "With the message's text",
    play_sound: "With a sound",
    calls_denied: "The browser blocks notifications from this page. You can allow them in its settings.",
    calls_absent: "This browser can't show notifications from this page.",
};

pub(super) const KO: AttentionWords = AttentionWords {
    here: "자리에 있음",
    away: "자리 비움",
    quiet: "방해 금지",
    quiet_until: |time| format!("{time}까지 방해 금지"),
    half_an_hour: "30분",
    an_hour: "1시간",
    until_morning: "내일 아침 8시까지",
    until_i_say: "직접 끌 때까지",
    end_quiet: "끄기",
    calls: "이 브라우저의 알림",
    show_calls: "다른 곳을 보는 동안 알림 받기",
    show_text: "메시지 내용도 보이기",
    play_sound: "소리로도 알리기",
    calls_denied: "브라우저가 이 페이지의 알림을 막고 있어요. 브라우저 설정에서 허용할 수 있어요.",
    calls_absent: "이 브라우저에서는 이 페이지의 알림을 띄울 수 없어요.",
};
