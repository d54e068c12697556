-- How far a person has read in a room: the number of the last event that was before their eyes. Who was never there has none.

CREATE TABLE read_mark (
    member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    room_id   INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (member_id, room_id)
) WITHOUT ROWID;
