-- The log in the order in which it is read, without a second tree for its numbers, and ids as 16 bytes instead of 32 letters.

CREATE TABLE lean_event (
    room_id     INTEGER NOT NULL REFERENCES room (id),
    seq         INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    author_id   INTEGER NOT NULL REFERENCES member (id),
    author_name TEXT    NOT NULL,
    cid         BLOB,
    at_ms       INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (room_id, seq)
) WITHOUT ROWID;
INSERT INTO lean_event SELECT room_id, seq, kind, author_id, author_name, unhex(cid), at_ms, body FROM event;
DROP TABLE event;
ALTER TABLE lean_event RENAME TO event;
CREATE UNIQUE INDEX event_author_cid ON event (author_id, cid);
