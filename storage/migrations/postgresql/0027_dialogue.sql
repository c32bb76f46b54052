-- What editors and a reader write to each other may be an album: an answer has its messages.
CREATE TABLE answer_part (
  answer_id  BIGINT  NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
  message_id BIGINT  NOT NULL,                  -- in the answer's chat
  text       TEXT    NOT NULL DEFAULT '',
  html       TEXT    NOT NULL DEFAULT '',       -- the words with their formatting; '' = they have none
  media      TEXT    NOT NULL DEFAULT '',       -- its kind
  album      TEXT    NOT NULL DEFAULT '',       -- Telegram's name of the album that it belongs to
  file       TEXT    NOT NULL DEFAULT '',       -- Telegram's lasting name of the file
  PRIMARY KEY (answer_id, message_id)
);
CREATE INDEX answer_part_message ON answer_part (message_id);
CREATE INDEX answer_part_album ON answer_part (album) WHERE album <> '';
INSERT INTO answer_part (answer_id, message_id, text, media) SELECT id, message_id, text, media FROM answer;

-- A copied picture's words follow an edit of the original.
ALTER TABLE delivery DROP CONSTRAINT delivery_content_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_content_check CHECK (content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'receipt', 'answer', 'answer_media', 'caption', 'thread',
  'review', 'review_media', 'topic_lost', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
