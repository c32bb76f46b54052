-- What a reader was told when a comment came is kept, so that it can say what became of it. A CHECK
-- cannot be changed without a new column.

ALTER TABLE delivery ADD COLUMN new_content TEXT NOT NULL DEFAULT 'article' CHECK (new_content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'receipt', 'answer', 'answer_media', 'thread',
  'review', 'review_media', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
UPDATE delivery SET new_content = content WHERE content <> 'article';
DROP INDEX delivery_notice;
ALTER TABLE delivery DROP COLUMN content;
ALTER TABLE delivery RENAME COLUMN new_content TO content;
CREATE INDEX delivery_notice ON delivery (chat_id, id) WHERE content = 'decisions';
