-- Pictures that an editor was offered for an article: a button names one by its place.
CREATE TABLE picture_choice (
  article_id BIGINT  NOT NULL REFERENCES article (id),
  place      BIGINT  NOT NULL,
  address    TEXT    NOT NULL,
  PRIMARY KEY (article_id, place)
);
