//! What the message box asks of the server besides sending: commands that the server carries out. Each is an ordinary request,
//! so that its answer finds whoever asked; what was typed stands in the box until it is done.

use crate::chat::Chat;
use crate::markup::Markup;
use crate::refusal::Refusal;
use crate::talk::Talk;

/// What comes back: a shape where one was asked for, or why not.
pub type Reply = Result<Option<Markup>, Refusal>;
/// What is done with it.
pub type WithReply = Box<dyn FnOnce(Reply)>;

impl Chat {
    /// Lets the server carry out the command that stands in a message box; one at a time.
    pub fn command(self, talk: Talk) {
        if self.is_commanding.update(|is| std::mem::replace(is, true)) {
            return;
        }
        let typed = talk.writing.get_untracked();
        let asked = typed.clone();
        let take = move |reply: Reply| {
            self.is_commanding.set(false);
            if reply.is_ok() && talk.writing.with_untracked(|now| *now == asked) {
                self.write_no_more(talk);
            }
            talk.refusal.set(reply.err());
        };
        (self.browser.post)(&format!("{}/command", talk.path()), &typed, Box::new(take));
    }
}
