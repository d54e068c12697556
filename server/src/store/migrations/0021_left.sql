-- A public room that somebody has left is not in their list until they go there again, or are called by name.
CREATE TABLE left_room (
    member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    room_id   INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, room_id)
) WITHOUT ROWID;
CREATE INDEX left_room_of ON left_room (room_id);
