-- What a delivery carries becomes columns: SQL selects by them, never by a pattern over JSON.
-- kind: how it comes to be. content: what it says (bot.core.posts.content). data: what that kind
-- of content needs besides. An edit has the content of its target, and reads its data there.
-- Kabar ran on PostgreSQL only since then: there are no rows to carry over.

DROP INDEX delivery_once;
DROP INDEX delivery_edit_once;
ALTER TABLE delivery DROP COLUMN kind;
ALTER TABLE delivery DROP COLUMN payload;
ALTER TABLE delivery ADD COLUMN kind TEXT NOT NULL DEFAULT 'send' CHECK (kind IN ('post', 'send', 'edit'));
ALTER TABLE delivery ADD COLUMN content TEXT NOT NULL DEFAULT 'article' CHECK (content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'answer', 'answer_media', 'thread', 'review',
  'review_media', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
ALTER TABLE delivery ADD COLUMN data TEXT NOT NULL DEFAULT '';        -- JSON; '' where there is none
ALTER TABLE delivery ADD COLUMN reply_to BIGINT;                      -- a message of somebody else that it answers
ALTER TABLE delivery ADD COLUMN removes BIGINT NOT NULL DEFAULT 0 CHECK (removes IN (0, 1)); -- an edit for what has to go
ALTER TABLE delivery ADD COLUMN album TEXT NOT NULL DEFAULT '';       -- JSON: the messages that it became, if several
CREATE UNIQUE INDEX delivery_once ON delivery (article_id, chat_id, thread) WHERE kind = 'post';
CREATE UNIQUE INDEX delivery_edit_once ON delivery (target_id) WHERE kind = 'edit' AND state = 'due';
CREATE INDEX delivery_notice ON delivery (chat_id, id) WHERE content = 'decisions';
