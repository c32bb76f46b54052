-- Approved comments in a channel's discussion group, as answers to the channel's post.

-- Of a channel: the group that shows its comments, while we can write there and the setting says so.
-- Its posts then carry no buttons: Telegram shows a thread only under a bare post.
ALTER TABLE chat ADD COLUMN discussion_id INTEGER REFERENCES chat (id) ON DELETE SET NULL;
CREATE INDEX chat_discussion ON chat (discussion_id) WHERE discussion_id IS NOT NULL;

-- A group that we cannot write to shows nobody's comments: its channel has buttons again.
CREATE TRIGGER discussion_lost AFTER UPDATE OF gone_at ON chat
WHEN NEW.gone_at IS NOT NULL AND OLD.gone_at IS NULL
BEGIN
  UPDATE chat SET discussion_id = NULL WHERE discussion_id = NEW.id;
END;

CREATE TABLE thread (                           -- a channel's post as its discussion group shows it
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  post_id    INTEGER NOT NULL,                  -- the message's number in the channel
  group_id   INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,                  -- its number in the group: comments answer it
  article_id INTEGER REFERENCES article (id),   -- NULL until our own sending of it is recorded
  created_at INTEGER NOT NULL,
  UNIQUE (channel_id, post_id)
);
CREATE INDEX thread_article ON thread (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX thread_unmatched ON thread (created_at) WHERE article_id IS NULL;
CREATE INDEX thread_group ON thread (group_id);

CREATE TABLE thread_comment (                   -- a comment, or an answer of the editors, in a thread
  id          INTEGER PRIMARY KEY,
  thread_id   INTEGER NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
  comment_id  INTEGER NOT NULL REFERENCES comment (id),
  answer_id   INTEGER NOT NULL DEFAULT 0,       -- 0: the comment itself
  delivery_id INTEGER REFERENCES delivery (id) ON DELETE SET NULL, -- its message there
  stirred     INTEGER NOT NULL DEFAULT 1,       -- it changed, and its message has not followed yet
  UNIQUE (thread_id, comment_id, answer_id)
);
CREATE INDEX thread_comment_stirred ON thread_comment (id) WHERE stirred = 1;
CREATE INDEX thread_comment_comment ON thread_comment (comment_id);
CREATE INDEX thread_comment_delivery ON thread_comment (delivery_id) WHERE delivery_id IS NOT NULL;
