-- Pinned messages with the newest headlines, which keep themselves up to date.
CREATE TABLE ticker (
  chat_id     BIGINT NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  thread      BIGINT NOT NULL DEFAULT 0,
  delivery_id BIGINT REFERENCES delivery (id), -- the message, once it was put on its way
  shown       TEXT    NOT NULL DEFAULT '',      -- what it shows: articles and their revisions
  due_at      BIGINT NOT NULL DEFAULT 0,       -- not edited again before
  pinned      BIGINT NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (chat_id, thread)
);
CREATE INDEX ticker_due ON ticker (due_at);
