-- All that a message that waits goes with. answers is the number of the message that it answers; within says how: 0 quotes it, 1 is
-- said in its thread, 2 in its thread and to the room. files are the ids of its files, sixteen bytes each, in their order.
ALTER TABLE scheduled ADD COLUMN answers INTEGER;
ALTER TABLE scheduled ADD COLUMN within INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scheduled ADD COLUMN files BLOB NOT NULL DEFAULT x'';

-- A file that waits with a message bears the id under which that will be said: no other message may have it, and it stays as long.
ALTER TABLE file ADD COLUMN scheduled BLOB;
