-- Until when somebody is not to be disturbed; 0, or a moment that has passed, when they may be.

ALTER TABLE member ADD COLUMN quiet_until_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX member_quiet ON member (quiet_until_ms) WHERE quiet_until_ms > 0;
