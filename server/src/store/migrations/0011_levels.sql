-- Which messages of a room call a person: 0 as usual, those that name them; 1 each, 2 none.

ALTER TABLE read_mark ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
