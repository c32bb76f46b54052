-- What readers take back, and blocked words for each language.

-- Messages that have to go because their reader took back what they show: copies of pictures, which
-- no edit can empty. A row stays until the message is gone or Telegram does not let us delete it.
CREATE TABLE removal (
  delivery_id BIGINT PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
  comment_id  BIGINT  NOT NULL REFERENCES comment (id),
  asked_at    BIGINT  NOT NULL,
  by_hand_at  BIGINT                            -- a person has to, since then
);
CREATE INDEX removal_comment ON removal (comment_id);
CREATE INDEX removal_open ON removal (delivery_id) WHERE by_hand_at IS NULL;

-- The same word may be blocked in several languages, and refuse in one and hold in another.
ALTER TABLE blocked_word DROP CONSTRAINT blocked_word_pkey;
ALTER TABLE blocked_word ADD PRIMARY KEY (key, language);
