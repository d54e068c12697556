//! What lies behind a message's link: looked for after the message was said or changed, and noted by an event of its own.

use std::sync::Arc;

use app::markup::Markup;
use app::message::{Seq, What};
use tokio::runtime::Handle;

use super::{Admitted, Rooms};
use crate::previews::Previews;
use crate::store::NewPreview;

/// A look behind the link of a message that is about to be said.
pub(super) struct Look {
    admitted: Admitted,
    previews: Arc<Previews>,
    address: String,
    runtime: Handle,
}

impl Rooms {
    /// From now on messages show what lies behind their links. Only the first call counts.
    pub fn show_previews(&self, previews: Arc<Previews>) {
        let _ = self.previews.set(previews);
    }
}

impl Admitted {
    /// The look behind the link of what is about to be said, where the operator wants that. An edit that has no link is looked at,
    /// too: what was there before is out of date.
    pub(super) fn looks_behind(&self, what: &What) -> Option<Look> {
        let previews = Arc::clone(self.rooms.previews.get()?);
        let (What::Posted { markup, .. } | What::Edited { markup, .. }) = what else { return None };
        let address = markup.as_ref().and_then(Markup::first_link).unwrap_or_default().to_owned();
        let is_due = !address.is_empty() || matches!(what, What::Edited { .. });
        is_due.then(|| Look { admitted: self.clone(), previews, address, runtime: Handle::current() })
    }
}

impl Look {
    /// The message of this number leads there by now.
    pub(super) fn begin(self, of: Seq) {
        let runtime = self.runtime.clone();
        drop(runtime.spawn(async move {
            let Admitted { rooms, room, member } = self.admitted;
            let found = self.previews.of(&self.address, member.id).await;
            let preview = found.unwrap_or_else(|| Markup::preview(&self.address, None));
            let new = NewPreview { room: room.id, author: member.id, of, preview, at_ms: rooms.clock.now_ms() };
            let store = rooms.store.clone();
            if let Err(error) = store.show_preview(new, move |event| rooms.publish(&room, event)).await {
                tracing::warn!(%error, "what lies behind a link could not be noted");
            }
        }));
    }
}
