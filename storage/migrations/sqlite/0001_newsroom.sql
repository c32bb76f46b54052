-- The newsroom: what is read, who reads it, what is on its way. Times are UTC epoch seconds.

CREATE TABLE feed (
  id            INTEGER PRIMARY KEY,
  address       TEXT    NOT NULL UNIQUE,        -- as the operator wrote it
  found         TEXT    NOT NULL DEFAULT '',    -- the feed behind it, where the address is a site
  name          TEXT    NOT NULL DEFAULT '',    -- the operator's name for it
  title         TEXT    NOT NULL DEFAULT '',    -- the feed's own
  language      TEXT    NOT NULL DEFAULT '',
  etag          TEXT    NOT NULL DEFAULT '',
  last_modified TEXT    NOT NULL DEFAULT '',
  body_hash     TEXT    NOT NULL DEFAULT '',
  first_look_at INTEGER,                        -- NULL until the quiet first look succeeded
  looked_at     INTEGER,
  due_at        INTEGER NOT NULL DEFAULT 0,
  failures      INTEGER NOT NULL DEFAULT 0,     -- in a row
  trouble       TEXT    NOT NULL DEFAULT '',    -- the last failure, in one sentence
  next_page     TEXT    NOT NULL DEFAULT '',    -- where backfill goes on; '-' when it is done
  active        INTEGER NOT NULL DEFAULT 1      -- named in the settings now
);

CREATE TABLE article (
  id            INTEGER PRIMARY KEY,
  feed_id       INTEGER REFERENCES feed (id),   -- that brought it first; NULL for imports
  link          TEXT    NOT NULL DEFAULT '',    -- canonical
  content_key   TEXT    NOT NULL,               -- the same for the same story from two feeds
  fingerprint   TEXT    NOT NULL,               -- of what posts show: it changes with a correction
  revision      INTEGER NOT NULL DEFAULT 1,     -- counts corrections
  picture_revision INTEGER NOT NULL DEFAULT 1,  -- the revision that brought the picture
  headline      TEXT    NOT NULL,
  lead          TEXT    NOT NULL DEFAULT '',
  body          TEXT    NOT NULL DEFAULT '',
  picture       TEXT    NOT NULL DEFAULT '',
  caption       TEXT    NOT NULL DEFAULT '',
  credit        TEXT    NOT NULL DEFAULT '',
  source        TEXT    NOT NULL DEFAULT '',
  author        TEXT    NOT NULL DEFAULT '',
  language      TEXT    NOT NULL DEFAULT '',
  published_at  INTEGER,
  first_seen_at INTEGER NOT NULL,
  sort_at       INTEGER NOT NULL,               -- published, or first seen; never in the future
  origin        TEXT    NOT NULL CHECK (origin IN ('feed', 'import', 'archive')),
  retracted_at  INTEGER,
  missing       INTEGER NOT NULL DEFAULT 0,     -- looks in a row that found its page gone; -1: off the feed, still there
  file_id       TEXT    NOT NULL DEFAULT '',    -- Telegram's id of the picture, once it has one
  picture_step  TEXT    NOT NULL DEFAULT 'url' CHECK (picture_step IN ('url', 'upload', 'none')),
  comments      INTEGER NOT NULL DEFAULT 0,     -- published ones
  comments_closed_at INTEGER
);
CREATE INDEX article_link ON article (link) WHERE link <> '';
CREATE INDEX article_content ON article (content_key);
CREATE INDEX article_missing ON article (id) WHERE missing > 0 AND retracted_at IS NULL;
CREATE INDEX article_newest ON article (sort_at DESC, id DESC);

CREATE TABLE entry (                            -- what a feed called an article
  feed_id      INTEGER NOT NULL REFERENCES feed (id),
  key          TEXT    NOT NULL,
  article_id   INTEGER NOT NULL REFERENCES article (id),
  published_at INTEGER,
  seen_at      INTEGER NOT NULL,                -- the last look that found it in the feed
  PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;
CREATE INDEX entry_article ON entry (article_id);

CREATE TABLE topic (
  id   INTEGER PRIMARY KEY,
  key  TEXT    NOT NULL UNIQUE,                 -- case folded, white space joined
  name TEXT    NOT NULL
);

CREATE TABLE article_topic (
  article_id INTEGER NOT NULL REFERENCES article (id),
  topic_id   INTEGER NOT NULL REFERENCES topic (id),
  place      INTEGER NOT NULL DEFAULT 0,        -- in the feed's order
  PRIMARY KEY (article_id, topic_id)
) WITHOUT ROWID;
CREATE INDEX article_topic_topic ON article_topic (topic_id, article_id);

CREATE TABLE chat (
  id          INTEGER PRIMARY KEY,              -- ours: it survives migration to a supergroup
  telegram_id INTEGER NOT NULL UNIQUE,
  kind        TEXT    NOT NULL CHECK (kind IN ('private', 'group', 'supergroup', 'channel')),
  title       TEXT    NOT NULL DEFAULT '',
  username    TEXT    NOT NULL DEFAULT '',
  language    TEXT    NOT NULL DEFAULT '',      -- '' until somebody chose one
  gone_at     INTEGER,                          -- refused us (403); NULL again when it returns
  gone_reason TEXT    NOT NULL DEFAULT '',
  text_only   INTEGER NOT NULL DEFAULT 0,       -- photos are forbidden there
  created_at  INTEGER NOT NULL
);

CREATE TABLE subscription (
  id         INTEGER PRIMARY KEY,
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  thread     INTEGER NOT NULL DEFAULT 0,        -- a forum's topic; 0 = none
  everything INTEGER NOT NULL DEFAULT 1,        -- else only the topics below
  active     INTEGER NOT NULL DEFAULT 1,
  reason     TEXT    NOT NULL DEFAULT '',       -- why it was paused, if not by a person
  created_at INTEGER NOT NULL,
  UNIQUE (chat_id, thread)
);

CREATE TABLE subscription_topic (
  subscription_id INTEGER NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
  topic_id        INTEGER NOT NULL REFERENCES topic (id),
  PRIMARY KEY (subscription_id, topic_id)
) WITHOUT ROWID;

-- An article on its way to its audience: a cursor, not a row per reader.
CREATE TABLE broadcast (
  id         INTEGER PRIMARY KEY,
  kind       TEXT    NOT NULL CHECK (kind IN ('news', 'edit')),
  urgency    INTEGER NOT NULL DEFAULT 2,        -- bot.core.pace.Urgency
  article_id INTEGER NOT NULL REFERENCES article (id),
  cursor     INTEGER NOT NULL DEFAULT 0,        -- the last subscription (news) or delivery (edit) taken
  last       INTEGER NOT NULL,                  -- the last one of its audience
  taken      INTEGER NOT NULL DEFAULT 0,        -- how many deliveries it became, and what became of them
  delivered  INTEGER NOT NULL DEFAULT 0,
  gone       INTEGER NOT NULL DEFAULT 0,
  dead       INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  taken_at   INTEGER,                           -- when its audience was taken to the end
  done_at    INTEGER                            -- when the fate of all was known
);
CREATE UNIQUE INDEX broadcast_once ON broadcast (article_id) WHERE kind = 'news';
CREATE INDEX broadcast_open ON broadcast (urgency, id) WHERE taken_at IS NULL;
CREATE INDEX broadcast_unfinished ON broadcast (id) WHERE done_at IS NULL;
CREATE INDEX broadcast_article ON broadcast (article_id);

-- One message on its way to one chat, and where it is since it arrived. An edit's row is deleted when
-- it is done; the row of the message that it changed tells what is shown.
CREATE TABLE delivery (
  id           INTEGER PRIMARY KEY,
  kind         TEXT    NOT NULL CHECK (kind IN ('post', 'copy', 'edit', 'card', 'card_edit', 'notice')),
  state        TEXT    NOT NULL CHECK (state IN ('due', 'claimed', 'sent', 'unknown', 'dead', 'gone')),
  urgency      INTEGER NOT NULL DEFAULT 2,      -- bot.core.pace.Urgency
  chat_id      INTEGER NOT NULL REFERENCES chat (id),
  thread       INTEGER NOT NULL DEFAULT 0,
  broadcast_id INTEGER REFERENCES broadcast (id),
  article_id   INTEGER REFERENCES article (id),
  comment_id   INTEGER,
  target_id    INTEGER REFERENCES delivery (id), -- the delivery whose message is edited or answered
  payload      TEXT    NOT NULL DEFAULT '',     -- JSON: what cannot be read from the records
  message_id   INTEGER,
  photo        INTEGER NOT NULL DEFAULT 0,      -- the message is a picture with a caption
  revision     INTEGER NOT NULL DEFAULT 0,      -- of the article, as the message shows it
  comments     INTEGER NOT NULL DEFAULT 0,      -- the count that the message shows
  attempts     INTEGER NOT NULL DEFAULT 0,      -- that failed for certain
  doubts       INTEGER NOT NULL DEFAULT 0,      -- that may have arrived
  due_at       INTEGER NOT NULL,
  lease_until  INTEGER,
  reason       TEXT    NOT NULL DEFAULT '',
  created_at   INTEGER NOT NULL,
  done_at      INTEGER
);
CREATE UNIQUE INDEX delivery_once ON delivery (article_id, chat_id, thread) WHERE kind = 'post';
CREATE UNIQUE INDEX delivery_edit_once ON delivery (target_id) WHERE kind IN ('edit', 'card_edit') AND state = 'due';
CREATE INDEX delivery_waiting ON delivery (urgency, due_at, id) WHERE state IN ('due', 'unknown');
CREATE INDEX delivery_chat_waiting ON delivery (chat_id, urgency, due_at) WHERE state IN ('due', 'unknown');
CREATE INDEX delivery_claimed ON delivery (lease_until) WHERE state = 'claimed';
CREATE INDEX delivery_article ON delivery (article_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX delivery_message ON delivery (chat_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX delivery_comment ON delivery (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX delivery_target ON delivery (target_id) WHERE target_id IS NOT NULL;

-- What Telegram told us, from the moment that it is confirmed there until its effect is stored here.
CREATE TABLE inbox (
  place       INTEGER PRIMARY KEY,              -- order of arrival; Telegram's numbers may jump back
  update_id   INTEGER NOT NULL UNIQUE,
  payload     TEXT    NOT NULL,                 -- emptied when done: readers' words are not kept twice
  received_at INTEGER NOT NULL,
  done_at     INTEGER
);
CREATE INDEX inbox_open ON inbox (place) WHERE done_at IS NULL;

CREATE TABLE memo (                             -- small facts about this newsroom: key and value
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
