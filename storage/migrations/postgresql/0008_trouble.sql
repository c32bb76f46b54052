-- Since when a feed fails, and when it last brought something new: what an operator asks.
ALTER TABLE feed ADD COLUMN failing_since BIGINT;
ALTER TABLE feed ADD COLUMN news_at BIGINT;
UPDATE feed SET failing_since = looked_at WHERE failures > 0;
