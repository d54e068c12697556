-- Times are milliseconds since 1970 (UTC). Text is NFC. Nothing here is particular to SQLite but the pragmas elsewhere.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- A person. name_key is the name as the eye compares names; it is null once the name was given up to somebody else.
-- door is 0 for people of the page, 1 for plain connections; entry_cid is the id of the form they came in with.
CREATE TABLE member (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    name_key   TEXT    UNIQUE,
    door       INTEGER NOT NULL,
    entry_cid  TEXT,
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
);
CREATE INDEX member_seen ON member (seen_ms);

-- The cookie's token is not here, only its SHA-256.
CREATE TABLE session (
    token_hash BLOB    PRIMARY KEY,
    member_id  INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL
);
CREATE INDEX session_member ON session (member_id);

-- head is the number of the room's last event; it is raised in the transaction that adds the event.
CREATE TABLE room (
    id         INTEGER PRIMARY KEY,
    slug       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL UNIQUE,
    head       INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
);

-- A room's log. kind says what body is: 1 a message's text, 2 the name before a change of name.
CREATE TABLE event (
    room_id     INTEGER NOT NULL REFERENCES room (id),
    seq         INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    author_id   INTEGER NOT NULL REFERENCES member (id),
    author_name TEXT    NOT NULL,
    cid         TEXT,
    at_ms       INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (room_id, seq)
);
CREATE UNIQUE INDEX event_author_cid ON event (author_id, cid);
