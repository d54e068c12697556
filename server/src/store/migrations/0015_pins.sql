-- Messages that are pinned to their rooms. An event of kind 10 pins a message (message_id) or ends that (beside says which); by
-- whom it is pinned stands beside the message.

CREATE TABLE pin (
    message_id INTEGER PRIMARY KEY
);
