-- Without an index that has a name of its own: tables of an index in the making take over by changing
-- their names. The words come with the next making of the index.
DROP TABLE search_word;
CREATE TABLE search_word (
  word TEXT    COLLATE "C" PRIMARY KEY,
  stem TEXT    COLLATE "C" NOT NULL,
  uses BIGINT  NOT NULL,                        -- articles that have it, about
  UNIQUE (stem, word)
);
