-- Where readers came from: how often a link with a code was opened, by day. No person is named.
CREATE TABLE origin (
  code TEXT    NOT NULL,
  day  BIGINT NOT NULL,                        -- its midnight in the newsroom's zone
  n    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (code, day)
);
