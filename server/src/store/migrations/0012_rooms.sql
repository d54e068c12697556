-- Rooms of every kind. A room's address says of which it is: a private one's begins with ~, a direct one's with _, and no name
-- of a public one leads to such an address. people are the numbers of a direct room's people in order, so that the same people
-- always get the same room. An event of kind 6 is a change of the room, as JSON.

ALTER TABLE room ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE room ADD COLUMN maker_id INTEGER;
ALTER TABLE room ADD COLUMN archived_ms INTEGER;
ALTER TABLE room ADD COLUMN people TEXT;
CREATE UNIQUE INDEX room_people ON room (people) WHERE people IS NOT NULL;
CREATE INDEX room_maker ON room (maker_id);

-- Who may be in a private or direct room.
CREATE TABLE room_member (
    room_id   INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    PRIMARY KEY (room_id, member_id)
) WITHOUT ROWID;

-- What a person has chosen for a room: it stands first in their list, it is quiet.
CREATE TABLE room_choice (
    member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    room_id   INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    starred   INTEGER NOT NULL,
    muted     INTEGER NOT NULL,
    PRIMARY KEY (member_id, room_id)
) WITHOUT ROWID;
