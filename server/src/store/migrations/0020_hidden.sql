-- A direct room that somebody has left is not in their list until something is said after this number.
ALTER TABLE room_member ADD COLUMN hidden_seq INTEGER;
