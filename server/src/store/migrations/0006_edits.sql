-- Edits (kind 3, body is the new text) and deletions (kind 4) of messages have numbers of their own; message_id says of which
-- message. The message itself says what it says now: edited_ms is the time of its last edit, and once it is deleted its body
-- is empty, and so are those of its edits.

ALTER TABLE event ADD COLUMN edited_ms INTEGER;
ALTER TABLE event ADD COLUMN message_id INTEGER;
CREATE INDEX event_message ON event (message_id) WHERE message_id IS NOT NULL;
