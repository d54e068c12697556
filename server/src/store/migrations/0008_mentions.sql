-- Whom a message means as it reads now: one row a person, or one with member 0 for all people of its room.

CREATE TABLE mention (
    member_id  INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (member_id, message_id)
) WITHOUT ROWID;
CREATE INDEX mention_message ON mention (message_id);
CREATE INDEX read_mark_room ON read_mark (room_id);
