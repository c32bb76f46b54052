-- Headlines by themselves: of a word that a third of the archive has, their list is short.
-- found: stems (weight A) and, behind an equals sign, words as they are (h); row as in search_text.
CREATE TABLE search_title (
  row   BIGINT   PRIMARY KEY,
  h     TEXT     NOT NULL,
  found TSVECTOR NOT NULL
);
CREATE INDEX search_title_found ON search_title USING gin (found);

CREATE INDEX article_retracted ON article (id) WHERE retracted_at IS NOT NULL;
