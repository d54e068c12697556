-- What is said in the thread of a message has kind 8, or 9 where it is said to the room, too; message_id says of which message.
-- Its place in the thread is in beside, and so is what the message says of its thread.

-- Who follows the thread of a message, and who does not any more.
CREATE TABLE thread_follower (
    message_id INTEGER NOT NULL,
    member_id  INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    follows    INTEGER NOT NULL,
    PRIMARY KEY (message_id, member_id)
) WITHOUT ROWID;
CREATE INDEX thread_follower_member ON thread_follower (member_id);
