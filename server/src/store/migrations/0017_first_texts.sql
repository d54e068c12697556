-- What a message said before its first edit; its later texts are those of its edits (kind 3). Gone once it is deleted.

CREATE TABLE first_text (
    message_id INTEGER PRIMARY KEY,
    body       TEXT NOT NULL
);
