-- Spellings of one label (Luar Negeri, luar-negeri, LuarNegeri) are one topic: its key has letters and
-- digits only (bot.core.readers.topics.key_of), and whoever chose one of them has chosen it.
CREATE TABLE spelling AS SELECT id, plain, MIN(id) OVER (PARTITION BY plain) AS kept FROM (
  SELECT id, COALESCE(NULLIF(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(key,
    ' ', ''), '-', ''), '_', ''), '.', ''), '/', ''), '&', ''), '''', ''), '’', ''), ',', ''),
    ':', ''), '(', ''), ')', ''), '!', ''), '?', ''), '"', ''), '–', ''), '+', ''), '#', ''), ''), key)
    AS plain FROM topic) AS cleaned;
INSERT INTO article_topic (article_id, topic_id, place) SELECT article_id, kept, place
  FROM article_topic JOIN spelling ON spelling.id = topic_id WHERE kept <> topic_id
  ON CONFLICT DO NOTHING;
INSERT INTO subscription_topic (subscription_id, topic_id) SELECT subscription_id, kept
  FROM subscription_topic JOIN spelling ON spelling.id = topic_id WHERE kept <> topic_id
  ON CONFLICT DO NOTHING;
DELETE FROM article_topic WHERE topic_id IN (SELECT id FROM spelling WHERE kept <> id);
DELETE FROM subscription_topic WHERE topic_id IN (SELECT id FROM spelling WHERE kept <> id);
DELETE FROM topic WHERE id IN (SELECT id FROM spelling WHERE kept <> id);
UPDATE topic SET key = (SELECT plain FROM spelling WHERE spelling.id = topic.id);
DROP TABLE spelling;
