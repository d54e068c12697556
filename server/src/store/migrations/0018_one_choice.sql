-- Which messages of a room call a person is one choice, and what was muted calls for none. 0 as usual, 1 each, 2 none, 3 those that
-- name them.

UPDATE read_mark SET level = 2
    WHERE (member_id, room_id) IN (SELECT member_id, room_id FROM room_choice WHERE muted);
DELETE FROM room_choice WHERE NOT starred;
ALTER TABLE room_choice DROP COLUMN muted;
