-- Messages that wait for their time. text is what was typed; cid is the id under which it will be said, so that it is said once;
-- zone is the time zone of the writer's clock; is_leaving says that it is being said, and can't be changed any more; refused why
-- it could not be said, as a word of the wire: then it waits for its writer.

CREATE TABLE scheduled (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id  INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    room_id    INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    cid        BLOB    NOT NULL,
    text       TEXT    NOT NULL,
    due_ms     INTEGER NOT NULL,
    zone       TEXT    NOT NULL,
    is_leaving INTEGER NOT NULL DEFAULT 0,
    refused    TEXT
);
CREATE UNIQUE INDEX scheduled_cid ON scheduled (member_id, cid);
CREATE INDEX scheduled_due ON scheduled (due_ms) WHERE refused IS NULL;
CREATE INDEX scheduled_leaving ON scheduled (is_leaving) WHERE is_leaving = 1;
CREATE INDEX scheduled_room ON scheduled (room_id);
