//! What the message box asks of the server besides sending: commands that the server carries out, and who is meant by the
//! beginning of a name. Each is an ordinary request, so that its answer finds whoever asked; what was typed stands in the box until
//! it is done.

use serde::Deserialize;

use crate::chat::{Chat, Connection};
use crate::markup::Markup;
use crate::member::Member;
use crate::refusal::Refusal;
use crate::talk::Talk;

/// What the server says.
#[derive(Deserialize)]
pub struct Answer {
    /// Why it is not done.
    #[serde(default)]
    pub code: Option<Refusal>,
    /// The shape of a text.
    #[serde(default)]
    pub markup: Option<Markup>,
    /// Who may be meant.
    #[serde(default)]
    pub people: Vec<Member>,
}

/// What comes back, or why not.
pub type Reply = Result<Answer, Refusal>;
/// What is done with it.
pub type WithReply = Box<dyn FnOnce(Reply)>;

/// Who is meant by the beginning of a name, says the server.
#[derive(Default)]
pub struct Found {
    /// Where that was asked.
    list: String,
    typed: String,
    people: Vec<Member>,
}

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

    /// Those in one of a room's lists whom the server has named for what is typed, or for the letters before; it is asked where it
    /// has more to say, one question at a time, and its answer changes [`Chat::found`].
    pub(crate) fn finds(self, talk: Talk, list: &str, typed: &str) -> Vec<Member> {
        let list = format!("{}/{list}", talk.path());
        let (is_answered, people) = self.found.with_untracked(|found| {
            let is_of_list = found.list == list;
            // Where nobody fits the beginning, nobody fits the whole.
            let is_answer = found.typed == typed || (found.people.is_empty() && typed.starts_with(&found.typed));
            (is_of_list && is_answer, if is_of_list { found.people.clone() } else { Vec::new() })
        });
        let may_ask = !is_answered && self.connection.get_untracked() == Connection::Live;
        if may_ask && !self.is_finding.update(|is| std::mem::replace(is, true)) {
            let (at, asked) = (list.clone(), typed.to_owned());
            let take = move |reply: Reply| {
                self.is_finding.set(false);
                if let Ok(Answer { people, .. }) = reply {
                    self.found.set(Found { list, typed: asked, people });
                }
            };
            (self.browser.post)(&at, typed, Box::new(take));
        }
        people
    }
}
