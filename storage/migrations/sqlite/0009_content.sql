-- What a delivery carries becomes columns: SQL selects by them, never by a pattern over JSON.
-- kind: how it comes to be. content: what it says (bot.core.posts.content). data: what that kind
-- of content needs besides. An edit has the content of its target, and reads its data there.

ALTER TABLE delivery ADD COLUMN new_kind TEXT NOT NULL DEFAULT 'send' CHECK (new_kind IN ('post', 'send', 'edit'));
-- The last two lines are names for kinds to come: a CHECK cannot be changed without a new column.
ALTER TABLE delivery ADD COLUMN content TEXT NOT NULL DEFAULT 'article' CHECK (content IN (
  'article', 'card', 'card_part', 'card_media', 'prompt', 'answer_card', 'queue', 'reminder', 'log',
  'new_topic', 'reopen_topic', 'decisions', 'undone', 'answer', 'answer_media', 'thread', 'review',
  'review_media', 'nothing',
  'digest', 'alert', 'ticker', 'sponsor', 'article_card', 'correction', 'letter', 'complaint_card',
  'complaint', 'deadline', 'report'));
ALTER TABLE delivery ADD COLUMN data TEXT NOT NULL DEFAULT '';        -- JSON; '' where there is none
ALTER TABLE delivery ADD COLUMN reply_to INTEGER;                     -- a message of somebody else that it answers
ALTER TABLE delivery ADD COLUMN removes INTEGER NOT NULL DEFAULT 0 CHECK (removes IN (0, 1)); -- an edit for what has to go
ALTER TABLE delivery ADD COLUMN album TEXT NOT NULL DEFAULT '';       -- JSON: the messages that it became, if several

UPDATE delivery SET
  new_kind = CASE WHEN kind IN ('edit', 'card_edit') THEN 'edit' WHEN kind = 'post' THEN 'post' ELSE 'send' END,
  removes = CASE WHEN kind = 'card_edit' AND payload <> '' THEN 1 ELSE 0 END,
  reply_to = CASE WHEN payload <> '' THEN json_extract(payload, '$.reply_to') END,
  album = CASE WHEN payload <> '' THEN COALESCE(json_extract(payload, '$.sent'), '') ELSE '' END,
  content = CASE
    WHEN kind IN ('post', 'copy', 'edit') THEN 'article'
    WHEN kind = 'card' AND payload = '' AND comment_id IS NOT NULL THEN 'card'
    WHEN payload = '' THEN 'nothing'
    WHEN kind = 'card' AND json_type(payload, '$.copy') IS NOT NULL THEN 'card_media'
    WHEN kind = 'card' AND json_type(payload, '$.answer') IS NOT NULL THEN 'answer_card'
    WHEN kind = 'card' AND json_type(payload, '$.part') IS NOT NULL THEN 'card_part'
    WHEN kind = 'card' AND json_type(payload, '$.topic') IS NOT NULL THEN 'new_topic'
    WHEN kind = 'card' AND json_type(payload, '$.reopen') IS NOT NULL THEN 'reopen_topic'
    WHEN kind = 'card' AND json_type(payload, '$.log') IS NOT NULL THEN 'log'
    WHEN kind = 'card' AND json_type(payload, '$.queue') IS NOT NULL THEN 'queue'
    WHEN kind = 'card' AND json_type(payload, '$.reminder') IS NOT NULL THEN 'reminder'
    WHEN kind = 'notice' AND json_type(payload, '$.thread') IS NOT NULL THEN 'thread'
    WHEN kind = 'notice' AND json_type(payload, '$.desk') IS NOT NULL THEN 'review'
    WHEN kind = 'notice' AND json_type(payload, '$.copy') IS NOT NULL
      AND json_type(payload, '$.answer') IS NOT NULL THEN 'answer_media'
    WHEN kind = 'notice' AND json_type(payload, '$.copy') IS NOT NULL THEN 'review_media'
    WHEN kind = 'notice' AND json_type(payload, '$.answer') IS NOT NULL THEN 'answer'
    WHEN kind = 'notice' AND json_type(payload, '$.undone') IS NOT NULL THEN 'undone'
    WHEN kind = 'notice' AND json_type(payload, '$.decisions') IS NOT NULL THEN 'decisions'
    ELSE 'nothing'
  END;

UPDATE delivery SET data = CASE content
  WHEN 'card_part' THEN json_object('number', json_extract(payload, '$.part'))
  WHEN 'card_media' THEN CASE WHEN json_type(payload, '$.copy.chat') IS NULL THEN '{"source":null}'
    ELSE json_object('source', json_extract(payload, '$.copy')) END
  WHEN 'answer_card' THEN json_object('answer', json_extract(payload, '$.answer'))
  WHEN 'new_topic' THEN json_object('topic', json_extract(payload, '$.topic'))
  WHEN 'reopen_topic' THEN json_object('thread', json_extract(payload, '$.reopen'))
  WHEN 'log' THEN json_object('first', json_extract(payload, '$.log[0]'), 'last', json_extract(payload, '$.log[1]'))
  WHEN 'thread' THEN json_object('row', json_extract(payload, '$.thread'))
  WHEN 'answer_media' THEN json_object('answer', json_extract(payload, '$.answer'), 'source', json_extract(payload, '$.copy'))
  WHEN 'answer' THEN json_object('answer', json_extract(payload, '$.answer'))
  WHEN 'undone' THEN json_object('decision', json_extract(payload, '$.undone'))
  WHEN 'decisions' THEN json_object('decisions', json_extract(payload, '$.decisions'))
  ELSE '' END
  WHERE payload <> '' AND kind <> 'card_edit';

-- An edit of what is no article brings its target's content up to date.
UPDATE delivery SET content = COALESCE((SELECT t.content FROM delivery AS t WHERE t.id = delivery.target_id), 'nothing')
  WHERE kind = 'card_edit';

DROP INDEX delivery_once;
DROP INDEX delivery_edit_once;
ALTER TABLE delivery DROP COLUMN kind;
ALTER TABLE delivery DROP COLUMN payload;
ALTER TABLE delivery RENAME COLUMN new_kind TO kind;
CREATE UNIQUE INDEX delivery_once ON delivery (article_id, chat_id, thread) WHERE kind = 'post';
CREATE UNIQUE INDEX delivery_edit_once ON delivery (target_id) WHERE kind = 'edit' AND state = 'due';
CREATE INDEX delivery_notice ON delivery (chat_id, id) WHERE content = 'decisions';
