-- The index of /search. It can always be made anew from the articles.

-- t, b: stems of headline and text, made in Python, so that the tokenizer has nothing to decide
-- (every sign beyond ASCII is part of a word). k: signs that no word can have, for filters:
-- '§' on every article, '§12' the name 12 below, '§f3' an article that is shown under feed 3's name.
-- rowid: sort_at << 20 | low bits of the article's number: "newest" and dates are ranges of it.
CREATE VIRTUAL TABLE search_text USING fts5 (t, b, k, tokenize = 'ascii');

CREATE TABLE search_row (
  row        INTEGER PRIMARY KEY,               -- the rowid above
  article_id INTEGER NOT NULL UNIQUE REFERENCES article (id),
  words      INTEGER NOT NULL                   -- in t and b
);

CREATE TABLE search_total (                     -- one row: what the ranking needs of the whole
  articles INTEGER NOT NULL,
  words    INTEGER NOT NULL
);
INSERT INTO search_total (articles, words) VALUES (0, 0);

CREATE TABLE search_name (                      -- sources and topics by which articles are filtered
  id   INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('source', 'topic')),
  key  TEXT NOT NULL,                           -- its words, joined by spaces
  UNIQUE (kind, key)
);

CREATE TABLE search_query (                     -- queries too long for a button, for ◀ and ▶
  id      INTEGER PRIMARY KEY,
  text    TEXT    NOT NULL UNIQUE,
  used_at INTEGER NOT NULL
);
CREATE INDEX search_query_used ON search_query (used_at);
