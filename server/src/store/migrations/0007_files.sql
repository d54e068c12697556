-- A file from its announcement on. hash is null until all of it has arrived, message_id (an event's id) until it is said.
CREATE TABLE file (
    id         BLOB    PRIMARY KEY,
    member_id  INTEGER NOT NULL,
    room_id    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    hash       BLOB,
    message_id INTEGER
) WITHOUT ROWID;
CREATE INDEX file_message ON file (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX file_hash ON file (hash) WHERE hash IS NOT NULL;
CREATE INDEX file_waiting ON file (member_id) WHERE message_id IS NULL;

-- What lies in the store of files under its SHA-256: once, however many files have these bytes. media is its media type, kind
-- how it is shown. is_loose says that a file has let go of it: when no other has it, it is deleted.
CREATE TABLE content (
    hash     BLOB    PRIMARY KEY,
    bytes    INTEGER NOT NULL,
    media    TEXT    NOT NULL,
    kind     INTEGER NOT NULL,
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    blur     TEXT    NOT NULL,
    is_loose INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX content_loose ON content (is_loose) WHERE is_loose = 1;

-- The files of a message as it carries them, as JSON.
ALTER TABLE event ADD COLUMN files TEXT;
