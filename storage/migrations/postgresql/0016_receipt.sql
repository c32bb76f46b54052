-- What a reader was told when a comment came is kept, so that it can say what became of it.

ALTER TABLE delivery DROP CONSTRAINT delivery_content_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_content_check CHECK (content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'receipt', 'answer', 'answer_media', 'thread',
  'review', 'review_media', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
