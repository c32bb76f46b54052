-- Headlines by themselves: of a word that a third of the archive has, their list is short.
-- t: stems, h: words as they are; rowid as in search_text.
CREATE VIRTUAL TABLE search_title USING fts5 (t, h, tokenize = 'ascii');

CREATE INDEX article_retracted ON article (id) WHERE retracted_at IS NOT NULL;
