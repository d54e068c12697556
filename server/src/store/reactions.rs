//! Who has put which emoji to a message: the whole of it, of which the message's row names some.

use app::member::MemberId;
use rusqlite::Connection;

/// Somebody's emoji is at a message from now on, or no longer; how many people's are. Twice is as good as once.
pub(super) fn put(
    connection: &Connection,
    message: i64,
    member: MemberId,
    emoji: &str,
    on: bool,
) -> rusqlite::Result<usize> {
    let change = if on {
        "INSERT INTO reaction (message_id, emoji, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM reaction WHERE message_id = $1 AND emoji = $2 AND member_id = $3"
    };
    connection.prepare_cached(change)?.execute((message, emoji, member.0))?;
    let count = "SELECT count(*) FROM reaction WHERE message_id = $1 AND emoji = $2";
    let count: i64 = connection.prepare_cached(count)?.query_row((message, emoji), |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}
