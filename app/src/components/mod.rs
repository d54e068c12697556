//! The pieces that pages are made of: one component a file, named as what it draws.

pub mod attachments;
pub mod avatar;
pub mod choices;
pub mod composer;
pub mod connection_menu;
pub mod emoji_picker;
pub mod link;
pub mod list;
pub mod markup;
pub mod message_actions;
pub mod message_list;
pub mod message_menu;
pub mod message_row;
pub mod notices_form;
pub mod pen;
pub mod people_panel;
pub mod pin_mark;
pub mod popover;
pub mod quiet_switch;
pub mod quotes;
pub mod reactions;
pub mod room_list;
pub mod settings_menu;
pub mod threads;
pub mod top_bar;

pub mod tools;
pub mod typing_line;
