-- The shape of a message, as JSON, where its Markdown gives it one. What was said before stays plain.

ALTER TABLE event ADD COLUMN markup TEXT;
