-- Who accepted which rules for comments, and when. A version is a hash of what the settings say.
CREATE TABLE consent (
  reader_id   BIGINT  NOT NULL REFERENCES reader (id),
  version     TEXT    NOT NULL,
  accepted_at BIGINT  NOT NULL,
  PRIMARY KEY (reader_id, version)
);
