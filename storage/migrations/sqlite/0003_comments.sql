-- Readers' words, from intake to decision and back.

CREATE TABLE reader (
  id          INTEGER PRIMARY KEY,
  telegram_id INTEGER UNIQUE,                   -- NULL once forgotten
  chat_id     INTEGER REFERENCES chat (id) ON DELETE SET NULL, -- the private chat
  name        TEXT    NOT NULL DEFAULT '',
  username    TEXT    NOT NULL DEFAULT '',
  sign        TEXT    NOT NULL DEFAULT 'name' CHECK (sign IN ('name', 'alias', 'anonymous')),
  approved    INTEGER NOT NULL DEFAULT 0,       -- decisions of people that stand
  rejected    INTEGER NOT NULL DEFAULT 0,
  muted_until INTEGER NOT NULL DEFAULT 0,
  banned_at   INTEGER,
  blocked_at  INTEGER,                          -- the reader blocked the bot
  created_at  INTEGER NOT NULL
);
CREATE INDEX reader_name ON reader (username) WHERE username <> '';

CREATE TABLE ban_memory (                       -- bans of the forgotten: a keyed hash, no number
  hash      TEXT PRIMARY KEY,
  banned_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE comment (
  id           INTEGER PRIMARY KEY,
  article_id   INTEGER REFERENCES article (id), -- NULL: a letter to the editors
  reader_id    INTEGER NOT NULL REFERENCES reader (id),
  state        TEXT    NOT NULL CHECK (state IN
                 ('draft', 'held', 'pending', 'approved', 'rejected', 'withdrawn', 'erased')),
  version      INTEGER NOT NULL DEFAULT 1,      -- counts every change of this row
  revision     INTEGER NOT NULL DEFAULT 1,      -- the newest
  live         INTEGER,                         -- the revision that the public reads
  sign         TEXT    NOT NULL DEFAULT 'name' CHECK (sign IN ('name', 'alias', 'anonymous')),
  due_at       INTEGER NOT NULL,                -- the end of the grace time
  created_at   INTEGER NOT NULL,
  pending_at   INTEGER,                         -- waits for the moderators since
  verdict      TEXT    CHECK (verdict IN ('approve', 'reject', 'ban', 'auto')),
  reason       TEXT,
  decided_at   INTEGER,
  decided_id   INTEGER,                         -- the moderator's number at Telegram; 0 = a rule
  decided_by   TEXT    NOT NULL DEFAULT '',
  decision_id  INTEGER,
  published_at INTEGER,
  likes        INTEGER NOT NULL DEFAULT 0,
  leader_id    INTEGER REFERENCES comment (id), -- decided on that one's card: it says the same
  card_id      INTEGER REFERENCES delivery (id) ON DELETE SET NULL, -- the newest card
  claim_id     INTEGER,                         -- the moderator who has it on his desk ...
  claim_until  INTEGER                          -- ... until then
);
CREATE INDEX comment_held ON comment (due_at) WHERE state = 'held';
CREATE INDEX comment_draft ON comment (created_at) WHERE state = 'draft';
CREATE INDEX comment_pending ON comment (pending_at, id) WHERE state = 'pending';
CREATE INDEX comment_live ON comment (article_id, published_at DESC, id DESC) WHERE live IS NOT NULL;
CREATE INDEX comment_reader ON comment (reader_id, id);
CREATE INDEX comment_leader ON comment (leader_id) WHERE leader_id IS NOT NULL;
CREATE INDEX comment_recent ON comment (created_at);

CREATE TABLE revision (
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  number     INTEGER NOT NULL,
  text       TEXT    NOT NULL,
  parts      TEXT    NOT NULL,                  -- JSON: the messages that it came in
  key        TEXT    NOT NULL,                  -- its words, for comparing
  created_at INTEGER NOT NULL,
  PRIMARY KEY (comment_id, number)
) WITHOUT ROWID;

-- What a message in a chat is about: routing asks this table and never a text.
CREATE TABLE comment_message (
  chat_id    INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('source', 'confirmation', 'prompt', 'answer', 'note', 'question')),
  comment_id INTEGER REFERENCES comment (id),
  article_id INTEGER REFERENCES article (id),
  actor_id   INTEGER,                           -- for whom a moderators' prompt was meant
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX comment_message_comment ON comment_message (comment_id) WHERE comment_id IS NOT NULL;

-- A supergroup numbers its messages anew: an old number would name a stranger's message.
CREATE TRIGGER comment_message_moved AFTER UPDATE OF telegram_id ON chat
WHEN OLD.telegram_id <> NEW.telegram_id
BEGIN
  DELETE FROM comment_message WHERE chat_id = NEW.id;
  UPDATE answer SET message_id = -id WHERE chat_id = NEW.id;
END;

CREATE TABLE count_change (                     -- 💬 counts on posts follow at most once a minute
  article_id   INTEGER PRIMARY KEY REFERENCES article (id),
  announced_at INTEGER NOT NULL,
  due_at       INTEGER                          -- NULL: the posts are told
);
CREATE INDEX count_change_due ON count_change (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE decision (                         -- who did what and when; no reader's name, no words
  id          INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  actor_id    INTEGER NOT NULL,                 -- a moderator's number at Telegram; 0 = reader or rule
  actor       TEXT    NOT NULL,                 -- a moderator's name, or 'reader', or 'rule'
  action      TEXT    NOT NULL,
  comment_id  INTEGER,
  reader_id   INTEGER,
  article_id  INTEGER,
  from_state  TEXT    NOT NULL DEFAULT '',
  to_state    TEXT    NOT NULL DEFAULT '',
  revision    INTEGER,
  version     INTEGER,
  live_before INTEGER,
  reason      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX decision_comment ON decision (comment_id, id) WHERE comment_id IS NOT NULL;
CREATE INDEX decision_at ON decision (at);
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;

CREATE TABLE finding (                          -- what the rules said, also about what was refused
  id         INTEGER PRIMARY KEY,
  comment_id INTEGER,
  reader_id  INTEGER NOT NULL,
  revision   INTEGER,
  rule       TEXT    NOT NULL,
  verdict    TEXT    NOT NULL CHECK (verdict IN ('pass', 'hold', 'refuse')),
  detail     TEXT    NOT NULL DEFAULT '',
  at         INTEGER NOT NULL
);
CREATE INDEX finding_comment ON finding (comment_id, revision) WHERE comment_id IS NOT NULL;
CREATE INDEX finding_at ON finding (at);
CREATE INDEX finding_reader ON finding (reader_id);

CREATE TABLE answer (                           -- words between the editors and a reader
  id         INTEGER PRIMARY KEY,
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  way        TEXT    NOT NULL CHECK (way IN ('out', 'in')),
  state      TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'unreachable', 'cancelled', 'received')),
  text       TEXT    NOT NULL,
  media      TEXT    NOT NULL DEFAULT '',       -- its kind; the message itself is copied
  chat_id    INTEGER NOT NULL,                  -- a chat of ours, perhaps merged into another since
  message_id INTEGER NOT NULL,                  -- as written: the same update twice is one answer
  actor_id   INTEGER NOT NULL,                  -- a moderator's number at Telegram; 0 = the reader
  actor      TEXT    NOT NULL,
  due_at     INTEGER NOT NULL,
  public_at  INTEGER,                           -- readable under the comment since
  notice_id  INTEGER REFERENCES delivery (id) ON DELETE SET NULL, -- to the reader
  card_id    INTEGER REFERENCES delivery (id) ON DELETE SET NULL, -- before the moderators
  created_at INTEGER NOT NULL,
  UNIQUE (chat_id, message_id)
);
CREATE INDEX answer_comment ON answer (comment_id, id);
CREATE INDEX answer_waiting ON answer (due_at) WHERE state = 'waiting';

CREATE TABLE vote (
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  reader_id  INTEGER NOT NULL REFERENCES reader (id),
  PRIMARY KEY (comment_id, reader_id)
) WITHOUT ROWID;
CREATE INDEX vote_reader ON vote (reader_id);

CREATE TABLE report (
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  reader_id  INTEGER NOT NULL REFERENCES reader (id),
  revision   INTEGER NOT NULL,                  -- of the text that was reported
  settled    INTEGER NOT NULL DEFAULT 0,        -- a moderator has looked since
  at         INTEGER NOT NULL,
  PRIMARY KEY (comment_id, reader_id)
) WITHOUT ROWID;
CREATE INDEX report_reader ON report (reader_id, at);

CREATE TABLE note (                             -- moderators' remarks about a reader
  id         INTEGER PRIMARY KEY,
  reader_id  INTEGER NOT NULL REFERENCES reader (id),
  comment_id INTEGER,
  author     TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  at         INTEGER NOT NULL
);
CREATE INDEX note_reader ON note (reader_id, id);

CREATE TABLE blocked_word (
  key      TEXT    PRIMARY KEY,                 -- as compared
  word     TEXT    NOT NULL,                    -- as written
  language TEXT    NOT NULL DEFAULT '',         -- '' = all
  hard     INTEGER NOT NULL DEFAULT 0,          -- refuses; else it holds
  added_by TEXT    NOT NULL,
  added_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE canned_reply (
  name     TEXT    PRIMARY KEY,
  text     TEXT    NOT NULL,
  added_by TEXT    NOT NULL,
  added_at INTEGER NOT NULL
) WITHOUT ROWID;
