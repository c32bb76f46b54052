-- A letter that demands a reply or a correction (hak jawab, hak koreksi): a ticket with a clock.
-- It survives that its reader is forgotten: no name and no words are written here.
CREATE TABLE complaint (
  comment_id      BIGINT PRIMARY KEY REFERENCES comment (id), -- a letter: its words and its reader
  complaint_kind  TEXT    NOT NULL CHECK (complaint_kind IN ('reply', 'correction')),
  complains_of    BIGINT  REFERENCES article (id),             -- NULL: it names no article
  opened_at       BIGINT  NOT NULL,                            -- its clock runs since
  complaint_state TEXT    NOT NULL DEFAULT 'open'
                  CHECK (complaint_state IN ('open', 'answered', 'corrected', 'declined')),
  answered_at     BIGINT ,                                     -- first answer, correction or refusal
  correction_id   BIGINT  REFERENCES correction (id)           -- that answers it
);
CREATE INDEX complaint_open ON complaint (opened_at) WHERE complaint_state = 'open';
CREATE INDEX complaint_article ON complaint (complains_of) WHERE complaint_state = 'open';
CREATE INDEX complaint_opened ON complaint (opened_at);

-- How far moderators were reminded of what has a deadline: once at each age.
CREATE TABLE deadline (
  comment_id BIGINT  NOT NULL REFERENCES comment (id),
  since      BIGINT  NOT NULL,                  -- the clock that they were reminded of
  age        BIGINT  NOT NULL,                  -- the highest, in seconds
  PRIMARY KEY (comment_id, since)
);
CREATE INDEX report_open ON report (comment_id, at) WHERE settled = 0;
