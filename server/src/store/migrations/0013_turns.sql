-- How often a person has set their mark in a room back: of two words on it the one of the later turn holds.

ALTER TABLE read_mark ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
