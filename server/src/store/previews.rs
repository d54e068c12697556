//! What lies behind the links of messages: an event of the log says it, and it stands beside the message, so that a page and a
//! resume show the same. What is out of date is nowhere any more.

use app::markup::Markup;
use app::member::{Member, MemberId};
use app::message::{Event, Seq, What};

use super::events::{self, Appended, place};
use super::ledger::Ledger;
use super::{RoomId, Store, StoreError};

/// What was found behind the link of a message.
#[derive(Clone, Debug)]
pub struct NewPreview {
    /// Where the message is.
    pub room: RoomId,
    /// Whose it is.
    pub author: MemberId,
    /// Its number.
    pub of: Seq,
    /// What its first link leads to ([`Markup::previews`]); an empty address where it has none.
    pub preview: Markup,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Store {
    /// Notes what was found behind the link of a message; `publish` is called once that is durable. Nothing changes where the
    /// message leads elsewhere by now, where its author doesn't want it shown, or where that is known already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn show_preview(
        &self,
        new: NewPreview,
        publish: impl FnOnce(Event) + Send + 'static,
    ) -> Result<(), StoreError> {
        let show = |ledger: &mut Ledger| ledger.in_savepoint(|ledger| show(ledger, new));
        self.writer.ask(show, |event| event.map(publish)).await.map(drop)
    }
}

fn show(ledger: &mut Ledger, new: NewPreview) -> rusqlite::Result<Option<Event>> {
    let NewPreview { room, author, of, preview, at_ms } = new;
    let (Some(name), Some(seq)) = (ledger.author_name(author)?, ledger.next_seq(room)?) else { return Ok(None) };
    let message = events::message(&ledger.connection, room, of)?.filter(|message| message.by.id == author);
    let Some(message) = message.filter(|message| !message.is_deleted()) else { return Ok(None) };
    if ledger.refuses(room, author)?.is_some() || !is_wanted(&message, &preview) {
        return Ok(None);
    }
    let what = What::Previewed { of, preview: Some(preview) };
    let event = Event { seq, at_ms, by: Member { id: author, name }, what, cid: None };
    put(ledger, room, message, &event)?;
    Ok(Some(event))
}

/// Whether this is what the message leads to, and anything else than what is known of it.
fn is_wanted(message: &Event, new: &Markup) -> bool {
    let known = message.beside().and_then(|beside| beside.preview.as_ref());
    let (known_of, was_shown) = known.and_then(Markup::previews).unwrap_or_default();
    let Some((new_of, is_shown)) = new.previews().filter(|(of, _)| *of == first_link(message)) else { return false };
    if known_of == new_of {
        // What could not be found again was there; what was taken away stays away.
        was_shown && is_shown && known != Some(new)
    } else {
        was_shown || is_shown
    }
}

fn first_link(message: &Event) -> &str {
    let What::Posted { markup: Some(markup), .. } = &message.what else { return "" };
    markup.first_link().unwrap_or_default()
}

/// Appends that the author of a message doesn't want shown what lies behind its link.
pub(super) fn hide(ledger: &mut Ledger, room: RoomId, of: Seq, mut event: Event) -> rusqlite::Result<Appended> {
    if let Some(known) = events::repeat(&ledger.connection, room, &event, &[])? {
        return Ok(known);
    }
    let message = match events::message_of(&ledger.connection, room, of, Some(event.by.id))? {
        Ok(message) => message,
        Err(why) => return Ok(Appended::Refused(why)),
    };
    if let What::Previewed { preview, .. } = &mut event.what {
        *preview = Some(Markup::preview(first_link(&message), None));
    }
    put(ledger, room, message, &event)?;
    Ok(Appended::New(event))
}

/// Appends it, and brings the message and what was said before up to date.
fn put(ledger: &mut Ledger, room: RoomId, mut message: Event, event: &Event) -> rusqlite::Result<()> {
    forget(ledger, place(room, message.seq))?;
    message.take_change(event);
    events::insert(&ledger.connection, room, event, None)?;
    events::set_beside(&ledger.connection, room, &message)?;
    ledger.raise(room, event.seq);
    Ok(())
}

/// Empties what was said of what lies behind the link of a message.
pub(super) fn forget(ledger: &mut Ledger, message: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE event SET body = '' WHERE message_id = $1 AND kind = $2 AND body <> ''";
    let emptied = ledger.connection.prepare_cached(sql)?.execute((message, events::KIND_PREVIEWED))?;
    if emptied > 0 {
        ledger.leaves_traces();
    }
    Ok(())
}
