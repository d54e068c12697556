//! Passing a message on to another room: its words and files, and whose they are. It is a message there like any other, but what
//! another said is not for its sender to change, and it calls nobody.

use std::time::Instant;

use app::beside::Beside;
use app::forwarded::Forwarded;
use app::markup::{Kind, Markup, Node};
use app::message::{Cid, Event, Seq, What};
use app::protocol::encode;
use app::refusal::Refusal;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use super::{Admitted, Answer, Posted};
use crate::store::{NewEvent, StoreError, To};

impl Admitted {
    /// A message of the room as it is now.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::MessageUnknown`] or [`Refusal::MessageDeleted`], [`Answer::Unavailable`].
    pub async fn said(&self, seq: Seq) -> Result<Event, Answer> {
        let message = self.rooms.store.said(self.room_id(), seq).await?;
        let message = self.unless_removed(message)?.ok_or(Answer::Refused(Refusal::MessageUnknown))?;
        if message.is_deleted() { Err(Answer::Refused(Refusal::MessageDeleted)) } else { Ok(message) }
    }

    /// Passes a message of the room on to another one under an id. The same id again gives the first one back. Where it is refused,
    /// nothing of it stays.
    ///
    /// # Errors
    /// As [`Admitted::said`] and [`Admitted::say`].
    pub async fn forward(&self, seq: Seq, to: &Self, cid: Cid) -> Result<Posted, Answer> {
        let message = self.said(seq).await?;
        to.rooms.limits.messages.take(to.member.id, Instant::now()).map_err(Answer::TooFast)?;
        let origin = message.forwarded().cloned();
        let origin = origin.unwrap_or_else(|| Forwarded { room: self.slug().clone(), of: seq, by: message.by.clone() });
        let copies: Vec<(u128, u128)> =
            message.files().iter().filter_map(|file| file.id.bits()).map(|id| (id, copy_of(id, cid))).collect();
        let at_ms = to.rooms.clock.now_ms();
        if !copies.is_empty() {
            let from = (self.room_id(), seq);
            self.rooms.store.copy_files(from, (to.room_id(), to.member.id), copies.clone(), at_ms).await?;
        }
        let What::Posted { text, markup, .. } = message.what else { unreachable!("only messages are said") };
        let markup = markup.map(|markup| Markup::new(without_mentions(markup.blocks())));
        let stored = markup.as_ref().map(encode);
        let beside = Some(Box::new(Beside { forwarded: Some(origin), ..Beside::default() }));
        let what = What::Posted { text, markup, edited_ms: None, files: Vec::new(), beside };
        let files: Vec<u128> = copies.into_iter().map(|(_, copy)| copy).collect();
        let new = NewEvent {
            room: to.room_id(),
            author: to.member.id,
            moderates: false,
            what,
            cid,
            markup: stored,
            to: To::Room,
            most_pins: to.rooms.most.pins,
            files: files.clone(),
            at_ms,
        };
        let (answer, answered) = oneshot::channel();
        to.append(new, |posted| drop(answer.send(posted)));
        let posted = answered.await.unwrap_or(Err(Answer::Unavailable(StoreError::Unknown)));
        if let Err(Answer::Refused(_)) = posted {
            for copy in files {
                to.rooms.store.give_file_up(copy, to.member.id).await?;
            }
        }
        posted
    }
}

/// The id of a file's copy in a message with this id: the same whenever it is asked for, and nobody's guess.
fn copy_of(file: u128, cid: Cid) -> u128 {
    let digest = Sha256::new().chain_update(file.to_be_bytes()).chain_update(cid.0.to_be_bytes()).finalize();
    let (half, _) = digest.split_at(16);
    half.iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte))
}

/// Names as words: nobody is called by what was said to others.
fn without_mentions(nodes: &[Node]) -> Vec<Node> {
    let plain = |node: &Node| match node {
        Node::Part(part) if part.kind == Kind::Mention => without_mentions(&part.nodes),
        Node::Part(part) => vec![Node::part(part.kind, part.value.clone(), without_mentions(&part.nodes))],
        Node::Text(text) => vec![Node::Text(text.clone())],
    };
    nodes.iter().flat_map(plain).collect()
}
