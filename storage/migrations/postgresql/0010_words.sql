-- The words of the archive: what mistyped words are repaired from, and how rare each is. Made anew
-- with the index.
CREATE TABLE search_word (
  word TEXT    COLLATE "C" PRIMARY KEY,
  stem TEXT    NOT NULL,
  uses BIGINT  NOT NULL                         -- articles that have it, about
);
CREATE INDEX search_word_stem ON search_word (stem, uses);
