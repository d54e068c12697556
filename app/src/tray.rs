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
    /// It is on its way in another tab of mine: on the page with this id.
    Elsewhere(String),
    /// It is there, and this is what it is.
    There(File),
    /// It was refused.
    Failed(Refusal),
}

impl Item {
    /// Whether it is on its way, or waits to be.
    pub fn is_coming(&self) -> bool {
        matches!(self.stands, Stands::Coming(_) | Stands::Elsewhere(_))
    }

    /// Whether it may come if it is tried again, from where it stood.
    pub fn may_be_tried(&self) -> bool {
        use Refusal::{DiskFull, Unavailable, UploadTooSlow, UploadsTooMany};
        matches!(self.stands, Stands::Failed(DiskFull | Unavailable | UploadTooSlow | UploadsTooMany))
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

    /// What is kept of it for other tabs and later pages: all that are there, and without an id the names of those that may come, with
    /// the id of the page, mine or another, that sends them.
    pub fn kept(&self, page: &str) -> Vec<File> {
        self.items.iter().filter_map(|item| kept(item, page)).collect()
    }

    /// In another tab, or on an earlier page, these are there, and no others; unless I have just chosen mine. What is on its way on
    /// this page stays, and so does what has come here since the other tab waited for it. Gives the pages that send what is not here.
    pub fn recall(&mut self, files: &[File], page: &str, is_in_hand: bool) -> Vec<String> {
        let has =
            |id: &str, name: &str| files.iter().any(|file| file.id.0 == id && (!id.is_empty() || file.name == name));
        self.items.retain(|item| match &item.stands {
            Stands::There(file) => is_in_hand || has(&file.id.0, "") || has("", &item.name),
            Stands::Elsewhere(_) => has("", &item.name),
            Stands::Failed(why) => *why != Refusal::FileUnknown,
            Stands::Coming(_) => true,
        });
        let mut pages = Vec::new();
        for file in files {
            let is_there = !file.id.0.is_empty();
            let is_known = |item: &Item| match &item.stands {
                Stands::There(known) if is_there => known.id == file.id,
                _ => !is_there && item.name == file.name,
            };
            if (!is_there && file.blur == page) || self.items.iter().any(is_known) {
                continue;
            }
            let stands = if is_there {
                Stands::There(file.clone())
            } else {
                pages.push(file.blur.clone());
                Stands::Elsewhere(file.blur.clone())
            };
            self.put(file.name.clone(), file.bytes, stands);
        }
        pages
    }

    /// Whether a file is here for which others still wait.
    pub fn is_ahead_of(&self, files: &[File]) -> bool {
        let is_here = |name: &str| self.items.iter().any(|it| it.name == name && matches!(it.stands, Stands::There(_)));
        files.iter().any(|file| file.id.0.is_empty() && is_here(&file.name))
    }

    /// The page is closed: what was on its way there won't come.
    pub fn lose(&mut self, page: &str) {
        let lost = Stands::Elsewhere(page.to_owned());
        while let Some(key) = self.items.iter().find(|item| item.stands == lost).map(|item| item.key) {
            self.stands(key, Stands::Failed(Refusal::FileUnknown));
        }
    }

    /// The ids of all, for a form, with a sign in the place of each that is not there.
    pub fn ids(&self) -> String {
        let id = |item: &Item| if let Stands::There(file) = &item.stands { file.id.0.clone() } else { "-".to_owned() };
        self.items.iter().map(id).collect::<Vec<_>>().join(" ")
    }

    /// All that are there, taken out for a message.
    pub fn take(&mut self) -> Vec<File> {
        let there = self.kept("");
        (self.sends, self.items) = (false, Vec::new());
        there
    }
}

fn kept(item: &Item, page: &str) -> Option<File> {
    let Item { name, bytes, stands, .. } = item;
    let page = match stands {
        Stands::There(file) => return Some(file.clone()),
        Stands::Elsewhere(page) => page,
        Stands::Failed(_) if !item.may_be_tried() => return None,
        _ => page,
    };
    Some(File {
        id: FileId(String::new()),
        name: name.clone(),
        kind: Kind::Other,
        bytes: *bytes,
        width: 0,
        height: 0,
        blur: page.to_owned(),
    })
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

    fn recall(tray: &mut Tray, page: &str, files: &[File]) -> Vec<String> {
        tray.recall(files, page, false)
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
        assert_eq!(recall(&mut tray, "new", &closed.kept("closed")), ["closed"]);
        assert!(tray.is_coming() && tray.failure().is_none(), "the other page may still be there");
        tray.sends = true;
        tray.lose("closed");
        assert_eq!((tray.items().len(), tray.failure(), tray.sends), (2, Some(Refusal::FileUnknown), false));
        tray.remove(2);
        assert_eq!((tray.failure(), tray.take()), (None, vec![file(1)]));
    }

    #[test]
    fn what_another_tab_was_sending_is_there_once_it_has_come() {
        let (mut here, mut other) = (Tray::default(), Tray::default());
        let key = add(&mut here, "a");
        assert_eq!(recall(&mut other, "other", &here.kept("here")), ["here"]);
        assert_eq!((other.is_coming(), other.ids().as_str()), (true, "-"));
        assert!(recall(&mut other, "other", &here.kept("here")).is_empty(), "it is waited for already");
        assert!(recall(&mut here, "here", &other.kept("other")).is_empty());
        assert_eq!(here.item(key).map(|item| &item.stands), Some(&Stands::Coming(0)), "it goes on coming here");
        here.stands(key, Stands::Failed(Refusal::DiskFull));
        assert_eq!(recall(&mut other, "other", &here.kept("here")).len(), 0);
        assert!(other.is_coming(), "it may be tried again there");
        here.stands(key, Stands::There(file(1)));
        recall(&mut other, "other", &here.kept("here"));
        assert_eq!((other.failure(), other.ids()), (None, FileId::from(1).0));
        assert_eq!(other.take(), vec![file(1)]);
    }

    #[test]
    fn what_has_come_here_stays_though_another_tab_has_not_heard_of_it() {
        let (mut here, mut other) = (Tray::default(), Tray::default());
        let key = add(&mut here, "a");
        recall(&mut other, "other", &here.kept("here"));
        here.stands(key, Stands::There(file(1)));
        let late = other.kept("other");
        assert!(here.is_ahead_of(&late) && recall(&mut here, "here", &late).is_empty());
        assert_eq!(here.kept("here"), [file(1)]);
        here.remove(key);
        assert!(recall(&mut here, "here", &late).is_empty() && here.items().is_empty(), "nobody sends it any more");
        let mine = add(&mut here, "b");
        here.stands(mine, Stands::There(file(2)));
        here.recall(&[file(3)], "here", true);
        assert_eq!(here.kept("here"), [file(2), file(3)], "what was chosen a moment ago is not taken away");
    }

    #[test]
    fn what_failed_for_now_may_be_tried_again_and_what_failed_for_good_not() {
        let mut tray = Tray::default();
        let key = add(&mut tray, "a");
        for (why, may) in [
            (Refusal::DiskFull, true),
            (Refusal::Unavailable, true),
            (Refusal::UploadsTooMany, true),
            (Refusal::UploadTooSlow, true),
            (Refusal::FileUnknown, false),
            (Refusal::FileTooLarge, false),
            (Refusal::UploadMismatch, false),
        ] {
            tray.stands(key, Stands::Failed(why));
            assert_eq!(tray.item(key).map(Item::may_be_tried), Some(may), "{why:?}");
        }
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
        recall(&mut tray, "here", &[file(3)]);
        assert_eq!((tray.kept("here")[1].clone(), tray.item(two).map(Item::is_coming)), (file(3), Some(true)));
        recall(&mut tray, "here", &[]);
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
