-- What failed by a fault of ours: tried again later, so that it keeps nothing else from being done.
CREATE TABLE set_aside (
  concern  TEXT    NOT NULL,                    -- what it is: 'update', 'comment', 'card', 'removal' ...
  key      TEXT    NOT NULL,                    -- which one
  failures BIGINT  NOT NULL,                    -- so often
  reason   TEXT    NOT NULL,                    -- the fault and its place; no words of people
  first_at BIGINT  NOT NULL,                    -- since when
  retry_at BIGINT  NOT NULL,                    -- not before
  PRIMARY KEY (concern, key)
);
