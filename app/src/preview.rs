//! What lies behind the first link of a message, as the server found it. It is a tree of its own with one part, which names the
//! link's address and says in three texts whose page it is, what it is called and what it is about; or says nothing, where nothing
//! is to be shown. It belongs to the link: a message that leads elsewhere from now on shows it no more.

use crate::markup::{Kind, Markup, Node};

impl Markup {
    /// What is said of the page at an address; nothing, where nothing is to be shown.
    pub fn preview(address: &str, said: impl IntoIterator<Item = String>) -> Self {
        let said = said.into_iter().map(Node::Text).collect();
        Self::new(vec![Node::part(Kind::Preview, address, said)])
    }

    /// Of the page at which address it says something, and whether it does, if it is a preview.
    pub fn previews(&self) -> Option<(&str, bool)> {
        match self.blocks() {
            [Node::Part(part)] if part.kind == Kind::Preview => Some((&part.value, !part.nodes.is_empty())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::{Member, MemberId, Name};
    use crate::message::{Event, Seq, What};

    fn event(seq: Seq, what: What) -> Event {
        let by = Member { id: MemberId(1), name: Name::new("Ada").expect("a name") };
        Event { seq, at_ms: seq, by, what, cid: None }
    }

    fn leads_to(address: &str) -> Option<Markup> {
        Some(Markup::new(vec![Node::part(Kind::Link, address, vec![Node::Text("here".into())])]))
    }

    fn previewed(seq: Seq, address: &str, said: Option<&str>) -> Event {
        let preview = Some(Markup::preview(address, said.map(str::to_owned)));
        event(seq, What::Previewed { of: 1, preview })
    }

    fn edited(seq: Seq, address: &str) -> Event {
        let text = "here".to_owned();
        event(seq, What::Edited { of: 1, text, markup: leads_to(address), to: Vec::new() })
    }

    #[test]
    fn a_message_shows_what_was_said_last_of_the_link_that_it_has() {
        let mut message = event(1, What::posted("here".into()));
        assert!(message.take_change(&previewed(3, "https://a.org", Some("A"))));
        assert_eq!(message.preview(), None, "it has no link");
        message.take_change(&edited(4, "https://a.org"));
        assert_eq!(message.preview(), Some(&Markup::preview("https://a.org", ["A".to_owned()])));
        assert!(!message.take_change(&previewed(2, "https://a.org", None)), "what is older changes nothing");
        assert!(!message.take_change(&previewed(3, "https://a.org", Some("A"))), "nor what comes again");
        message.take_change(&edited(5, "https://b.org"));
        assert_eq!(message.preview(), None, "it leads elsewhere");
        message.take_change(&edited(6, "https://a.org"));
        message.take_change(&previewed(7, "https://a.org", None));
        assert_eq!(message.preview(), None, "nobody wants it shown");
    }

    #[test]
    fn only_the_last_word_is_kept() {
        let (mut first, mut second) = (previewed(2, "https://a.org", Some("A")), previewed(3, "https://a.org", None));
        let kept = second.clone();
        first.take_change(&kept);
        second.take_change(&previewed(2, "https://a.org", Some("A")));
        assert!(matches!(first.what, What::Previewed { preview: None, .. }));
        assert_eq!(second, kept);
    }
}
