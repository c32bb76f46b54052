-- What editors and a reader write to each other may be an album: an answer has its messages.
CREATE TABLE answer_part (
  answer_id  INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,                  -- in the answer's chat
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

-- A copied picture's words follow an edit of the original. A CHECK cannot be changed without a new column.
ALTER TABLE delivery ADD COLUMN new_content TEXT NOT NULL DEFAULT 'article' CHECK (new_content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'receipt', 'answer', 'answer_media', 'caption', 'thread',
  'review', 'review_media', 'topic_lost', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
UPDATE delivery SET new_content = content WHERE content <> 'article';
DROP INDEX delivery_notice;
ALTER TABLE delivery DROP COLUMN content;
ALTER TABLE delivery RENAME COLUMN new_content TO content;
CREATE INDEX delivery_notice ON delivery (chat_id, id) WHERE content = 'decisions';
