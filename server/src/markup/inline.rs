//! What CommonMark doesn't know of: spoilers, bare addresses and mentions in texts.

use app::markup::{EVERYONE, Kind, Node, THERE};

use super::source::{LINK, restored};
use super::{Mention, Resolve, links};

/// How many bytes of text behind an `@` are looked at for a name.
const MAX_NAME_BYTES: usize = app::member::MAX_BYTES;

const COVER: &str = "||";

/// The nodes of a text without Markdown.
pub(super) fn of_plain(text: &str, resolve: Resolve<'_>) -> Vec<Node> {
    let (mut nodes, mut from) = (Vec::new(), 0);
    for (at, length) in links::all(text) {
        mentions(&text[from..at], resolve, &mut nodes);
        nodes.push(link(&text[at..at + length]));
        from = at + length;
    }
    mentions(&text[from..], resolve, &mut nodes);
    nodes
}

/// Finishes what stands side by side: texts are as CommonMark gave them, still with the signs of `source`.
pub(super) fn finished(nodes: Vec<Node>, resolve: Resolve<'_>) -> Vec<Node> {
    let mut line = Line { resolve, done: Vec::new(), cover: None };
    for node in nodes {
        match node {
            Node::Text(text) => line.text(&text),
            part => line.done.push(part),
        }
    }
    line.open_again();
    line.done
}

struct Line<'a> {
    resolve: Resolve<'a>,
    done: Vec<Node>,
    /// Where what is covered begins.
    cover: Option<usize>,
}

impl Line<'_> {
    fn text(&mut self, text: &str) {
        for (number, piece) in text.split(COVER).enumerate() {
            if number > 0 {
                self.covered();
            }
            self.words(piece);
        }
    }

    fn covered(&mut self) {
        match self.cover.take() {
            Some(from) if from < self.done.len() => {
                let inside = self.done.split_off(from);
                self.done.push(Node::part(Kind::Spoiler, "", inside));
            }
            Some(_) => {
                self.push_text(COVER);
                self.cover = Some(self.done.len());
            }
            None => self.cover = Some(self.done.len()),
        }
    }

    /// What was not covered to its end was not meant to be.
    fn open_again(&mut self) {
        if let Some(from) = self.cover.take() {
            let behind = self.done.split_off(from);
            self.push_text(COVER);
            behind.into_iter().for_each(|node| match node {
                Node::Text(text) => self.push_text(&text),
                part => self.done.push(part),
            });
        }
    }

    fn words(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some((before, address, behind)) = next_address(rest) {
            self.mentions(&restored(before));
            self.done.push(link(&restored(address)));
            rest = behind;
        }
        self.mentions(&restored(rest));
    }

    fn mentions(&mut self, text: &str) {
        let mut nodes = Vec::new();
        mentions(text, self.resolve, &mut nodes);
        for node in nodes {
            match node {
                Node::Text(text) => self.push_text(&text),
                part => self.done.push(part),
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        // What is covered begins with a text of its own.
        let begins = self.cover == Some(self.done.len());
        match self.done.last_mut() {
            Some(Node::Text(last)) if !begins => last.push_str(text),
            _ => push(text, &mut self.done),
        }
    }
}

fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(LINK[0])?;
    let (address, behind) = rest.split_once(LINK[1])?;
    Some((before, address, behind))
}

fn link(address: &str) -> Node {
    let target = links::target(address);
    let value = if target == address { String::new() } else { target };
    Node::part(Kind::Link, value, vec![Node::Text(address.to_owned())])
}

fn mentions(text: &str, resolve: Resolve<'_>, nodes: &mut Vec<Node>) {
    let mut from = 0;
    for (at, name) in called(text) {
        if at < from {
            continue;
        }
        let Some((mention, length)) = resolve.call(name).filter(|(_, length)| name.is_char_boundary(*length)) else {
            continue;
        };
        push(&text[from..at], nodes);
        from = at + 1 + length;
        nodes.push(Node::part(Kind::Mention, word_for(mention), vec![Node::Text(text[at..from].to_owned())]));
    }
    push(&text[from..], nodes);
}

/// Where somebody may be called: each `@` that begins a word, and what stands behind it.
pub(super) fn called(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begins_word =
        |at: &usize| !text[..*at].ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '.');
    text.match_indices('@').map(|(at, _)| at).filter(begins_word).map(|at| {
        let rest = &text[at + 1..];
        (at, &rest[..rest.floor_char_boundary(MAX_NAME_BYTES)])
    })
}

fn word_for(mention: Mention) -> String {
    match mention {
        Mention::Member(id) => id.0.to_string(),
        Mention::Here(people) => people.iter().fold(THERE.to_owned(), |there, id| format!("{there} {}", id.0)),
        Mention::Room => EVERYONE.to_owned(),
    }
}

fn push(text: &str, nodes: &mut Vec<Node>) {
    if !text.is_empty() {
        nodes.push(Node::Text(text.to_owned()));
    }
}
