-- Pictures that an editor was offered for an article: a button names one by its place.
CREATE TABLE picture_choice (
  article_id INTEGER NOT NULL REFERENCES article (id),
  place      INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  PRIMARY KEY (article_id, place)
);
