-- The moderators' chat as a forum: a topic for each kind of message.

CREATE TABLE forum (                            -- what we know of the moderators' chat
  chat_id   INTEGER PRIMARY KEY REFERENCES chat (id) ON DELETE CASCADE,
  topics    INTEGER NOT NULL DEFAULT 0,         -- it is a forum
  manages   INTEGER NOT NULL DEFAULT 0,         -- we may create topics there
  looked_at INTEGER NOT NULL DEFAULT 0,         -- 0: look again now
  told      INTEGER NOT NULL DEFAULT 0,         -- the last decision that its log tells
  told_at   INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE forum_topic (                      -- those that we created; the newest of a kind counts
  id          INTEGER PRIMARY KEY,
  chat_id     INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  kind        TEXT    NOT NULL CHECK (kind IN ('queue', 'reports', 'letters', 'log')),
  state       TEXT    NOT NULL CHECK (state IN
                ('wanted', 'open', 'closed', 'reopening', 'shut', 'lost', 'refused')),
  thread      INTEGER,                          -- Telegram's number; NULL until it is created
  reopened    INTEGER NOT NULL DEFAULT 0,       -- by us, after people had closed it
  delivery_id INTEGER REFERENCES delivery (id) ON DELETE SET NULL, -- creates or reopens it
  since       INTEGER NOT NULL                  -- in this state since
);
CREATE INDEX forum_topic_newest ON forum_topic (chat_id, kind, id);
CREATE UNIQUE INDEX forum_topic_thread ON forum_topic (chat_id, thread) WHERE thread IS NOT NULL;
CREATE INDEX forum_topic_delivery ON forum_topic (delivery_id) WHERE delivery_id IS NOT NULL;
