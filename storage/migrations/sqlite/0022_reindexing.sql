-- Without an index that has a name of its own: tables of an index in the making take over by changing
-- their names. The words come with the next making of the index.
DROP TABLE search_word;
CREATE TABLE search_word (
  word TEXT    PRIMARY KEY,
  stem TEXT    NOT NULL,
  uses INTEGER NOT NULL,                        -- articles that have it, about
  UNIQUE (stem, word)
) WITHOUT ROWID;
