-- What the newsroom corrected and withdrew, and what posts say of it (Pedoman Pemberitaan Media Siber).
CREATE TABLE correction (
  id         INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article (id),
  kind       TEXT    NOT NULL CHECK (kind IN ('updated', 'corrected', 'withdrawn', 'restored')),
  at         INTEGER NOT NULL,
  reason     TEXT    NOT NULL DEFAULT '',
  actor      TEXT    NOT NULL DEFAULT '',       -- an editor's name; '' where the site said so itself
  actor_id   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX correction_at ON correction (at, id);
CREATE INDEX correction_article ON correction (article_id, id);

-- The newest of them that posts show.
ALTER TABLE article ADD COLUMN mark TEXT NOT NULL DEFAULT '' CHECK (mark IN ('', 'updated', 'corrected', 'withdrawn'));
ALTER TABLE article ADD COLUMN mark_at INTEGER;
ALTER TABLE article ADD COLUMN mark_reason TEXT NOT NULL DEFAULT '';
UPDATE article SET mark = 'withdrawn', mark_at = retracted_at WHERE retracted_at IS NOT NULL;
