-- Reactions (kind 5, body is the emoji) have numbers of their own; message_id says of which message. beside is JSON: of a
-- message what stands beside its text now, of a reaction whether it is on and how many people's there are.

ALTER TABLE event ADD COLUMN beside TEXT;

CREATE TABLE reaction (
    message_id INTEGER NOT NULL,
    emoji      TEXT    NOT NULL,
    member_id  INTEGER NOT NULL,
    PRIMARY KEY (message_id, emoji, member_id)
) WITHOUT ROWID;
