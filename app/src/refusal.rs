//! Why something that a person or a program asked is refused: one closed list of words.
//! The sentences for them are in `i18n`; the word itself goes over the wire and into problem documents.

use serde::{Deserialize, Serialize};

/// A reason that every language has a sentence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A message of nothing but white space.
    MessageEmpty,
    /// A message over [`crate::message::MAX_GRAPHEMES`] or [`crate::message::MAX_BYTES`].
    MessageTooLong,
    /// The same message id with another text.
    MessageChanged,
    /// There is no message of this number.
    MessageUnknown,
    /// The message is somebody else's.
    MessageNotYours,
    /// The message is deleted already.
    MessageDeleted,
    /// A message with more files than one may carry.
    FilesTooMany,
    /// A file that is larger than this server takes.
    FileTooLarge,
    /// There is no such file, or it belongs to something else already.
    FileUnknown,
    /// So much of this person's waits to be sent that no more can be taken in.
    UploadsTooMany,
    /// More bytes came than were announced, or not after those that are here; or what was chosen can't be read (any more).
    UploadMismatch,
    /// Nothing came for too long.
    UploadTooSlow,
    /// The disk has no space for it.
    DiskFull,
    /// The message is sent, but the room has too many people for its author to call them all.
    MentionTooMany,
    /// A reaction that is not a single emoji.
    EmojiUnknown,
    /// A message with [`crate::reaction::MAX_EMOJI`] different emoji already.
    ReactionsFull,
    /// A room with as many pinned messages as it may have.
    PinsFull,
    /// There is no such command.
    CommandUnknown,
    /// A command that needs something behind its word.
    CommandIncomplete,
    /// Not a refusal, but the answer to `/help` where no script runs.
    CommandHelp,
    /// A name of nothing but white space.
    NameEmpty,
    /// A name over [`crate::member::MAX_GRAPHEMES`].
    NameTooLong,
    /// A name with characters that can't be seen or that turn the writing direction.
    NameHidden,
    /// Somebody has this name, or one that looks like it.
    NameTaken,
    /// A room name without a letter or digit.
    RoomNameEmpty,
    /// A room name over [`crate::room::MAX_GRAPHEMES`].
    RoomNameTooLong,
    /// A room name with characters that can't be seen or that turn the writing direction.
    RoomNameHidden,
    /// A room name that the program keeps for itself.
    RoomNameReserved,
    /// There is a room of this name, or one that looks like it.
    RoomNameTaken,
    /// A topic over [`crate::room::MAX_TOPIC_GRAPHEMES`].
    TopicTooLong,
    /// A topic with characters that can't be seen or that turn the writing direction.
    TopicHidden,
    /// The room can only be read.
    RoomArchived,
    /// Only who made a public room, and who is in a private one, may change it; nobody may that of a direct one.
    RoomNotYours,
    /// The room has as many members as it may.
    RoomMembersFull,
    /// This person has made as many rooms as they may.
    RoomsMadeTooMany,
    /// A direct room for too few people, or too many.
    DirectCount,
    /// There is nobody of this name.
    PersonUnknown,
    /// Who is asked into the room is in it.
    PersonIsMember,
    /// Nobody is asked into a public room: everyone may walk in.
    RoomIsPublic,
    /// Nobody is asked into a direct room.
    RoomIsDirect,
    /// There is no such room.
    RoomUnknown,
    /// The asker has not opened this room.
    RoomNotOpen,
    /// This socket has as many rooms open as it may.
    RoomsOpenTooMany,
    /// The server has as many rooms as it is set to hold.
    RoomsFull,
    /// The server has as many people as it is set to hold.
    PeopleFull,
    /// The frame is not JSON.
    NotJson,
    /// The frame is JSON but not one of [`crate::protocol::ClientFrame`].
    UnknownFrame,
    /// This address is a socket's, and the request was an ordinary one.
    UpgradeNeeded,
    /// No socket listens at this address.
    SocketUnknown,
    /// The ticker was asked for more or fewer lines, or a longer or shorter wait, than it gives.
    TickerOutOfRange,
    /// Nobody is signed in.
    SignedOut,
    /// The request came from another site's page.
    ForeignOrigin,
    /// Too much at once; after a while it can be asked again.
    TooFast,
    /// Whoever asked could not reach the server, which therefore never says this.
    Unreachable,
    /// The server could not do it and does not know whether it was done; asking again with the same id is safe.
    Unavailable,
}
