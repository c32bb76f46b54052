-- Pictures that were not there in time: posts went without, and they join them when they come.
CREATE TABLE awaited_picture (
  article_id INTEGER PRIMARY KEY REFERENCES article(id) ON DELETE CASCADE,
  address    TEXT    NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  due_at     INTEGER NOT NULL                   -- when it is looked at again
);
CREATE INDEX awaited_picture_due ON awaited_picture (due_at);
