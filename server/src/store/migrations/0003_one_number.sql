-- An event's room and number in one: id = room * 2^40 + seq. A room's events lie together in the tree that holds them, and
-- no second one is needed to find them. Ids that clients give grow with time, so the tree that finds repeats grows at its
-- end, whoever writes where. The room's last number is that of its last event, and who wrote anything is noted at the person.

CREATE TABLE log (
    id          INTEGER PRIMARY KEY,
    kind        INTEGER NOT NULL,
    author_id   INTEGER NOT NULL,
    author_name TEXT    NOT NULL,
    cid         BLOB,
    at_ms       INTEGER NOT NULL,
    body        TEXT    NOT NULL
);
INSERT INTO log SELECT room_id * 1099511627776 + seq, kind, author_id, author_name, cid, at_ms, body FROM event ORDER BY room_id, seq;
DROP TABLE event;
ALTER TABLE log RENAME TO event;
CREATE UNIQUE INDEX event_cid ON event (cid, author_id) WHERE cid IS NOT NULL;

ALTER TABLE room DROP COLUMN head;
ALTER TABLE member ADD COLUMN wrote INTEGER NOT NULL DEFAULT 0;
UPDATE member SET wrote = 1 WHERE id IN (SELECT author_id FROM event);
