//! Files that I have chosen for the message that I am writing, until it is sent. Their bytes are with whoever uploads them; here
//! is only how each of them stands.

use crate::allowance::Allowance;
use crate::file::{File, FileId, Kind};
use crate::refusal::Refusal;

/// The files of one room's message box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tray {
    items: Vec<Item>,
    made: u64,
    /// Whether the message is to go as soon as all of them are there.
    pub sends: bool,
}

/// A file that I have chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Tells it from the others.
    pub key: u64,
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// How it stands.
    pub stands: Stands,
}

/// How a file that I have chosen stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Stands {
    /// So many bytes of it are at the server.
    Coming(i64),
    /// It is there, and this is what it is.
    There(File),
    /// It was refused.
    Failed(Refusal),
}

impl Item {
    /// Whether it is on its way, or waits to be.
    pub fn is_coming(&self) -> bool {
        matches!(self.stands, Stands::Coming(_))
    }
}

impl Tray {
    /// Adds a file; its key. One that is too large stands there with the reason, and is not sent.
    ///
    /// # Errors
    /// [`Refusal::FilesTooMany`] when there are as many as a message may carry.
    pub fn add(&mut self, name: String, bytes: i64, allowance: &Allowance) -> Result<u64, Refusal> {
        if self.items.len() >= allowance.files as usize {
            return Err(Refusal::FilesTooMany);
        }
        let is_fit = bytes <= allowance.file_bytes;
        Ok(self.put(name, bytes, if is_fit { Stands::Coming(0) } else { Stands::Failed(Refusal::FileTooLarge) }))
    }

    fn put(&mut self, name: String, bytes: i64, stands: Stands) -> u64 {
        self.made += 1;
        self.items.push(Item { key: self.made, name, bytes, stands });
        self.made
    }

    /// Says how a file stands now; `false` when it is not there any more.
    pub fn stands(&mut self, key: u64, stands: Stands) -> bool {
        let item = self.items.iter_mut().find(|item| item.key == key);
        self.sends &= !matches!(stands, Stands::Failed(_));
        item.map(|item| item.stands = stands).is_some()
    }

    /// Takes a file out.
    pub fn remove(&mut self, key: u64) {
        self.items.retain(|item| item.key != key);
        self.sends &= !self.items.is_empty();
    }

    /// The files in the order in which they were chosen.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// One of them.
    pub fn item(&self, key: u64) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    /// Whether one is on its way.
    pub fn is_coming(&self) -> bool {
        self.items.iter().any(Item::is_coming)
    }

    /// Why one was refused.
    pub fn failure(&self) -> Option<Refusal> {
        self.items.iter().find_map(|item| if let Stands::Failed(why) = item.stands { Some(why) } else { None })
    }

    /// What is kept of it for other tabs and later pages: all that are there, and the names of those that come, without an id.
    pub fn kept(&self) -> Vec<File> {
        self.items.iter().filter_map(kept).collect()
    }

    /// In another tab, or on an earlier page, these are there, and no others. What is on its way here stays; what was on its way
    /// there is not here.
    pub fn recall(&mut self, files: &[File]) {
        self.items.retain(|item| !matches!(item.stands, Stands::There(_) | Stands::Failed(Refusal::FileUnknown)));
        for file in files {
            let is_there = !file.id.0.is_empty();
            if is_there || !self.items.iter().any(|item| item.name == file.name) {
                let stands = if is_there { Stands::There(file.clone()) } else { Stands::Failed(Refusal::FileUnknown) };
                self.put(file.name.clone(), file.bytes, stands);
            }
        }
    }

    /// All that are there, taken out for a message.
    pub fn take(&mut self) -> Vec<File> {
        let there = self.kept();
        (self.sends, self.items) = (false, Vec::new());
        there
    }
}

fn kept(item: &Item) -> Option<File> {
    let Item { name, bytes, stands, .. } = item;
    match stands {
        Stands::There(file) => Some(file.clone()),
        Stands::Coming(_) => Some(File {
            id: FileId(String::new()),
            name: name.clone(),
            kind: Kind::Other,
            bytes: *bytes,
            width: 0,
            height: 0,
            blur: String::new(),
        }),
        Stands::Failed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance() -> Allowance {
        Allowance { files: 2, file_bytes: 100, ..Allowance::default() }
    }

    fn add(tray: &mut Tray, name: &str) -> u64 {
        tray.add(name.to_owned(), 1, &allowance()).expect("there is room for it")
    }

    fn file(id: u128) -> File {
        let (name, blur) = ("a".to_owned(), String::new());
        File { id: FileId::from(id), name, kind: Kind::Other, bytes: 1, width: 0, height: 0, blur }
    }

    #[test]
    fn what_is_too_large_stands_there_with_the_reason_and_what_is_too_many_does_not() {
        let mut tray = Tray::default();
        assert_eq!(
            [101, 100, 1].map(|bytes| tray.add("a".to_owned(), bytes, &allowance())),
            [Ok(1), Ok(2), Err(Refusal::FilesTooMany)]
        );
        assert_eq!(tray.failure(), Some(Refusal::FileTooLarge));
        assert!(tray.item(2).is_some_and(Item::is_coming));
    }

    #[test]
    fn what_an_earlier_page_could_not_finish_holds_the_message_back_until_it_is_taken_out() {
        let mut closed = Tray::default();
        let there = add(&mut closed, "1");
        closed.stands(there, Stands::There(file(1)));
        add(&mut closed, "2");
        let mut tray = Tray::default();
        tray.recall(&closed.kept());
        assert_eq!((tray.items().len(), tray.failure()), (2, Some(Refusal::FileUnknown)));
        tray.remove(2);
        assert_eq!((tray.failure(), tray.take()), (None, vec![file(1)]));
    }

    #[test]
    fn what_another_tab_was_sending_is_there_once_it_has_come() {
        let (mut here, mut other) = (Tray::default(), Tray::default());
        let key = add(&mut here, "a");
        other.recall(&here.kept());
        assert_eq!(other.failure(), Some(Refusal::FileUnknown));
        here.recall(&other.kept());
        assert_eq!(here.item(key).map(Item::is_coming), Some(true), "it goes on coming here");
        here.stands(key, Stands::There(file(1)));
        other.recall(&here.kept());
        assert_eq!((other.failure(), other.take()), (None, vec![file(1)]));
    }

    #[test]
    fn a_message_takes_the_files_in_the_order_in_which_they_were_chosen() {
        let mut tray = Tray::default();
        let (one, two) = (add(&mut tray, "1"), add(&mut tray, "2"));
        tray.stands(two, Stands::There(file(2)));
        assert!(tray.is_coming());
        tray.stands(one, Stands::There(file(1)));
        assert!(!tray.is_coming());
        assert_eq!(tray.take(), [file(1), file(2)]);
        assert!(tray.items().is_empty() && !tray.stands(one, Stands::Coming(1)), "it is gone");
    }

    #[test]
    fn what_another_tab_has_there_takes_the_place_of_what_is_there_and_not_of_what_comes() {
        let mut tray = Tray::default();
        let (one, two) = (add(&mut tray, "1"), add(&mut tray, "2"));
        tray.stands(one, Stands::There(file(1)));
        tray.recall(&[file(3)]);
        assert_eq!((tray.kept()[1].clone(), tray.item(two).map(Item::is_coming)), (file(3), Some(true)));
        tray.recall(&[]);
        assert_eq!(tray.items().len(), 1);
    }

    #[test]
    fn nothing_is_sent_by_itself_once_a_file_was_refused_or_all_are_taken_out() {
        let mut tray = Tray::default();
        let key = add(&mut tray, "1");
        tray.sends = true;
        tray.stands(key, Stands::Coming(1));
        assert!(tray.sends);
        tray.stands(key, Stands::Failed(Refusal::DiskFull));
        assert_eq!((tray.sends, tray.failure()), (false, Some(Refusal::DiskFull)));
        tray.sends = true;
        tray.remove(key);
        assert!(!tray.sends);
    }
}
