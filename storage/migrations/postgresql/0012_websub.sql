-- A feed's hub, and how our subscription there stands (W3C WebSub).
CREATE TABLE websub (
  feed_id     BIGINT  PRIMARY KEY REFERENCES feed (id) ON DELETE CASCADE,
  hub         TEXT    NOT NULL,
  topic       TEXT    NOT NULL,                 -- what the hub knows the feed by
  token       TEXT    NOT NULL UNIQUE,          -- the end of our callback's address; nobody else knows it
  secret      TEXT    NOT NULL,                 -- with which the hub signs
  callback    TEXT    NOT NULL DEFAULT '',      -- the whole address that the hub was told
  state       TEXT    NOT NULL CHECK (state IN ('wanted', 'asked', 'active', 'denied', 'leaving')),
  attempts    BIGINT  NOT NULL DEFAULT 0,       -- that came to nothing, in a row
  lease_until BIGINT,
  due_at      BIGINT  NOT NULL,                 -- when to act next: ask, ask again, renew
  pushed_at   BIGINT,
  missed      BIGINT  NOT NULL DEFAULT 0,       -- looks in a row that found news which was not pushed
  reason      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX websub_due ON websub (due_at);

-- While a hub pushes a feed it is looked at less.
ALTER TABLE feed ADD COLUMN push_until BIGINT;
