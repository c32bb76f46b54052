-- Advertisements: a labelled line under some posts, in digests and tickers.
CREATE TABLE sponsor (
  id         INTEGER PRIMARY KEY,
  address    TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  begins_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL,                  -- its first moment without
  every      INTEGER NOT NULL,                  -- under every Nth post of a chat
  shown      INTEGER NOT NULL DEFAULT 0,        -- messages that went out with it
  stopped_at INTEGER,
  created_at INTEGER NOT NULL
);
-- Whose turn it is: posts of a chat since its last advertisement, and how many it had that day.
CREATE TABLE sponsor_turn (
  chat_id INTEGER PRIMARY KEY REFERENCES chat (id) ON DELETE CASCADE,
  posts   INTEGER NOT NULL,
  day     INTEGER NOT NULL,                     -- its midnight in the newsroom's zone
  shown   INTEGER NOT NULL
);
ALTER TABLE delivery ADD COLUMN sponsor_id INTEGER; -- the one that this message carries
