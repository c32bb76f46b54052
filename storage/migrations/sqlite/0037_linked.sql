-- What an article's text links to: a JSON list of link_keys. Posts lead back to the newest of those
-- articles that we have.
ALTER TABLE article ADD COLUMN linked TEXT NOT NULL DEFAULT '[]';
