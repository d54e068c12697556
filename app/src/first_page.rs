//! What the server writes into a page beside its HTML, so that the wasm starts from the same state: the reader's choices,
//! and the frames that the socket would have brought. They go the same road as all others ([`crate::chat::Chat::take`]).

use serde::{Deserialize, Serialize};

use crate::allowance::Allowance;
use crate::i18n::Lang;
use crate::message::Cid;
use crate::preferences::Theme;
use crate::protocol::ServerFrame;
use crate::refusal::Refusal;

/// The id of the element that carries it, as JSON.
pub const ELEMENT_ID: &str = "first-page";
/// The cookie with the language's tag.
pub const LANG_COOKIE: &str = "lang";
/// The cookie with the theme's word.
pub const THEME_COOKIE: &str = "theme";
/// The cookie with the minutes by which the reader's clock is ahead of UTC.
pub const OFFSET_COOKIE: &str = "utc_offset_min";
/// The cookie with the name of the reader's time zone (IANA).
pub const ZONE_COOKIE: &str = "zone";

/// The start of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPage {
    /// The path whose page this is.
    pub path: String,
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
    /// By how many minutes the reader's clock is ahead of UTC, as far as the server knows.
    pub offset_min: i32,
    /// The id that the message form bears when it is sent without JavaScript.
    pub cid: Cid,
    /// What the server knows for this page.
    pub frames: Vec<ServerFrame>,
    /// A form that was sent and refused.
    pub slip: Option<Slip>,
    /// How much one may write and attach.
    #[serde(default)]
    pub allowance: Allowance,
}

/// A form that the server refused: what was typed comes back with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Which form.
    pub form: Form,
    /// What was typed.
    pub typed: String,
    /// Why not; nothing where it was not refused, and waits to be sent.
    pub why: Option<Refusal>,
}

/// The forms that people fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The walk-in form.
    Enter,
    /// A message.
    Post,
    /// A new room.
    Create,
    /// A new name.
    Rename,
    /// Not to be disturbed.
    Quiet,
}
