-- Which processes work on this database, which of them leads what, and who handles which update.

CREATE TABLE process (
  number     INTEGER PRIMARY KEY,               -- without its row here a process cannot write any more
  name       TEXT    NOT NULL,                  -- for people: host and process
  started_at INTEGER NOT NULL,
  until      INTEGER NOT NULL                   -- it is alive until then, by the database's clock
);

CREATE TABLE role (                             -- what only one process may do at a time
  name       TEXT    PRIMARY KEY,
  process    INTEGER NOT NULL REFERENCES process (number) ON DELETE CASCADE,
  since      INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE inbox ADD COLUMN chat INTEGER NOT NULL DEFAULT 0; -- whose order is kept
ALTER TABLE inbox ADD COLUMN claimed_by INTEGER;  -- the process that handles it
CREATE INDEX inbox_chat_open ON inbox (chat) WHERE done_at IS NULL;
