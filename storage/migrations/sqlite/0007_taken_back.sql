-- What readers take back, and blocked words for each language.

-- Messages that have to go because their reader took back what they show: copies of pictures, which
-- no edit can empty. A row stays until the message is gone or Telegram does not let us delete it.
CREATE TABLE removal (
  delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
  comment_id  INTEGER NOT NULL REFERENCES comment (id),
  asked_at    INTEGER NOT NULL,
  by_hand_at  INTEGER                           -- a person has to, since then
);
CREATE INDEX removal_comment ON removal (comment_id);
CREATE INDEX removal_open ON removal (delivery_id) WHERE by_hand_at IS NULL;

-- The same word may be blocked in several languages, and refuse in one and hold in another.
CREATE TABLE blocked_word_new (
  key      TEXT    NOT NULL,                    -- as compared
  language TEXT    NOT NULL DEFAULT '',         -- '' = all
  word     TEXT    NOT NULL,                    -- as written
  hard     INTEGER NOT NULL DEFAULT 0,          -- refuses; else it holds
  added_by TEXT    NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (key, language)
) WITHOUT ROWID;
INSERT INTO blocked_word_new (key, language, word, hard, added_by, added_at)
  SELECT key, language, word, hard, added_by, added_at FROM blocked_word;
DROP TABLE blocked_word;
ALTER TABLE blocked_word_new RENAME TO blocked_word;
