-- A chat that takes nothing from us now, and may again tomorrow: it is tried now and then.
ALTER TABLE chat ADD COLUMN closed_at BIGINT;                                  -- since when; NULL: it is open
ALTER TABLE chat ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;            -- so often since then
ALTER TABLE subscription ADD COLUMN rests_until BIGINT NOT NULL DEFAULT 0;     -- its topic is closed: nothing before that

-- What was taken for an end so far and is none.
UPDATE chat SET gone_at = NULL, gone_reason = '' WHERE gone_at IS NOT NULL AND (gone_reason LIKE '%rights%'
  OR gone_reason LIKE '%write%' OR gone_reason IN ('chat_restricted', 'chat_admin_required', 'chat_send_plain_forbidden'));
UPDATE subscription SET active = 1, reason = '' WHERE reason = 'topic_closed';
