//! A client of the tutorials: a socket, and lines of text.

use super::town::Address;
use super::{Heard, Wire};

/// An open line.
pub(crate) struct Line(Wire);

impl Line {
    pub(super) async fn open(address: &Address, path: &str) -> Self {
        // The tutorials' pages are opened as files: their origin is `null`.
        match Wire::open(address, path, &[("origin", "null")]).await {
            Ok(wire) => Self(wire),
            Err((status, body)) => panic!("{path} is refused with {status}: {body}"),
        }
    }

    /// Sends a line.
    pub(crate) async fn says(&mut self, line: &str) {
        self.0.says(line).await;
    }

    /// The next line is this.
    pub(crate) async fn hears(&mut self, line: &str) {
        assert_eq!(self.hears_something().await, line);
    }

    /// This line comes, whatever comes before.
    pub(crate) async fn hears_in_passing(&mut self, line: &str) {
        while self.hears_something().await != line {}
    }

    /// The next line.
    pub(crate) async fn hears_something(&mut self) -> String {
        match self.0.hears("line of text").await {
            Heard::Text(line) => line,
            other => panic!("there came no line but {other:?}"),
        }
    }

    /// The other side closes, without another line.
    pub(crate) async fn is_closed_with(&mut self, code: u16) {
        match self.0.hears("closing").await {
            Heard::Closed(said, reason) => assert_eq!(said, code, "{reason}"),
            other => panic!("the line was not closed but there came {other:?}"),
        }
    }

    /// Presses Disconnect.
    pub(crate) async fn goes(mut self) {
        self.0.closes().await;
    }

    /// The bare socket.
    pub(crate) fn wire(&mut self) -> &mut Wire {
        &mut self.0
    }
}
