-- Articles' pages: which are to be read because the feed was short, and what to ask the site with.

CREATE TABLE page (
  article_id    BIGINT PRIMARY KEY REFERENCES article (id),
  host          TEXT    NOT NULL,               -- scheme and host: one page at a time of each
  link          TEXT    NOT NULL,               -- that the validators belong to
  etag          TEXT    NOT NULL DEFAULT '',
  last_modified TEXT    NOT NULL DEFAULT '',
  told          TEXT    NOT NULL DEFAULT '',    -- JSON: the story as the feed told it, while the page is due
  attempts      BIGINT  NOT NULL DEFAULT 0,     -- counted before the page is asked for
  due_at        BIGINT                          -- NULL: it was read, or given up
);
CREATE INDEX page_due ON page (host, due_at) WHERE due_at IS NOT NULL;

-- The last look that brought a body: an entry that this look did not see has left the feed.
ALTER TABLE feed ADD COLUMN read_at BIGINT  NOT NULL DEFAULT 0;

-- Withdrawn because they vanished: they come back when a feed carries them again.
CREATE INDEX article_vanished ON article (id) WHERE missing > 0 AND retracted_at IS NOT NULL;
