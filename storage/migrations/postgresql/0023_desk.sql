-- The editors' side of articles: what waits for them, and their own words for Telegram.
ALTER TABLE article ADD COLUMN hold TEXT NOT NULL DEFAULT '' CHECK (hold IN ('', 'held', 'scheduled', 'stopped'));
ALTER TABLE article ADD COLUMN release_at BIGINT;                     -- when it goes out by itself; NULL: never
ALTER TABLE article ADD COLUMN desk_version BIGINT NOT NULL DEFAULT 0; -- counts editors' decisions
ALTER TABLE article ADD COLUMN decided_at BIGINT;                     -- the last of them
ALTER TABLE article ADD COLUMN hold_before TEXT NOT NULL DEFAULT '';   -- what a stop can be undone to
ALTER TABLE article ADD COLUMN silent BIGINT NOT NULL DEFAULT 0 CHECK (silent IN (0, 1));
ALTER TABLE article ADD COLUMN own_headline TEXT NOT NULL DEFAULT '';  -- an editor's, in place of the feed's
ALTER TABLE article ADD COLUMN own_lead TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN own_picture TEXT NOT NULL DEFAULT '';   -- address or file id; '-': none
CREATE INDEX article_release ON article (release_at) WHERE hold IN ('held', 'scheduled') AND release_at IS NOT NULL;

-- Which of our messages asks an editor for what: only an answer to it counts.
CREATE TABLE desk_prompt (
  chat_id    BIGINT NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  message_id BIGINT NOT NULL,
  article_id BIGINT NOT NULL REFERENCES article (id),
  what       TEXT    NOT NULL CHECK (what IN ('headline', 'lead', 'picture', 'time')),
  asked_at   BIGINT NOT NULL,
  PRIMARY KEY (chat_id, message_id)
);
