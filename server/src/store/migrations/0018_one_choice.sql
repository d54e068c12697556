-- Which messages of a room call a person is one choice, and what was muted calls for none. 0 as usual, 1 each, 2 none, 3 those that
-- name them. Who has muted a room without ever being there gets a mark at what was said last, as whoever chooses it there.

INSERT INTO read_mark (member_id, room_id, seq, level)
    SELECT c.member_id, c.room_id, coalesce(
        (SELECT max(e.id) FROM event e WHERE e.id BETWEEN c.room_id * 1099511627776 AND c.room_id * 1099511627776 + 1099511627775)
            - c.room_id * 1099511627776, 0), 2
    FROM room_choice c WHERE c.muted
    ON CONFLICT (member_id, room_id) DO UPDATE SET level = 2;
DELETE FROM room_choice WHERE NOT starred;
ALTER TABLE room_choice DROP COLUMN muted;
