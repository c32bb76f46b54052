-- SQLite makes the list of an IN anew for each row that a CHECK looks at, and a broadcast writes a
-- row for each chat: two thirds of an INSERT went into three lists. Comparisons end at the first
-- that holds, so what is most frequent stands first. A CHECK cannot be changed without a new column.
ALTER TABLE delivery ADD COLUMN new_kind TEXT NOT NULL DEFAULT 'send';
ALTER TABLE delivery ADD COLUMN new_state TEXT NOT NULL DEFAULT 'due';
-- All of them with one column: each ALTER with a CHECK reads the whole table.
ALTER TABLE delivery ADD COLUMN new_content TEXT NOT NULL DEFAULT 'article'
  CHECK (new_kind = 'post' OR new_kind = 'send' OR new_kind = 'edit')
  CHECK (new_state = 'claimed' OR new_state = 'sent' OR new_state = 'due' OR new_state = 'unknown'
    OR new_state = 'dead' OR new_state = 'gone')
  CHECK (new_content = 'article' OR new_content IN (
  'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'receipt', 'answer', 'answer_media', 'caption', 'thread',
  'review', 'review_media', 'topic_lost', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
UPDATE delivery SET new_kind = kind, new_state = state, new_content = content;
DROP INDEX delivery_once;
DROP INDEX delivery_edit_once;
DROP INDEX delivery_waiting;
DROP INDEX delivery_chat_waiting;
DROP INDEX delivery_claimed;
DROP INDEX delivery_notice;
ALTER TABLE delivery DROP COLUMN kind;
ALTER TABLE delivery DROP COLUMN state;
ALTER TABLE delivery DROP COLUMN content;
ALTER TABLE delivery RENAME COLUMN new_kind TO kind;
ALTER TABLE delivery RENAME COLUMN new_state TO state;
ALTER TABLE delivery RENAME COLUMN new_content TO content;
CREATE UNIQUE INDEX delivery_once ON delivery (article_id, chat_id, thread) WHERE kind = 'post';
CREATE UNIQUE INDEX delivery_edit_once ON delivery (target_id) WHERE kind = 'edit' AND state = 'due';
CREATE INDEX delivery_waiting ON delivery (urgency, due_at, id) WHERE state IN ('due', 'unknown');
CREATE INDEX delivery_chat_waiting ON delivery (chat_id, urgency, due_at) WHERE state IN ('due', 'unknown');
CREATE INDEX delivery_claimed ON delivery (lease_until) WHERE state = 'claimed';
CREATE INDEX delivery_notice ON delivery (chat_id, id) WHERE content = 'decisions';
