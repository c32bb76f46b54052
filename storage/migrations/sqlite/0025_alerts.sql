-- What chats want to be told about as it appears. An alert is found by one stem that every match has (the
-- rarest of its words), or by '' where it asks for no word at all.
CREATE TABLE alert (
  id         INTEGER PRIMARY KEY,
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  thread     INTEGER NOT NULL DEFAULT 0,
  text       TEXT    NOT NULL,                  -- in the language of /search
  stem       TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (chat_id, thread, text)
);
CREATE INDEX alert_stem ON alert (stem, text);
