-- Articles over time: what each feed told of one, by which it is known again, and when posts follow.

ALTER TABLE feed ADD COLUMN asked_at BIGINT;         -- when it was asked for the first time
ALTER TABLE feed ADD COLUMN whole_at BIGINT NOT NULL DEFAULT 0; -- the last look that set no conditions
ALTER TABLE feed ADD COLUMN habit BIGINT;            -- seconds that usually pass between two entries
ALTER TABLE feed ADD COLUMN oldest_at BIGINT;        -- its oldest entry known, of those in order
ALTER TABLE feed ADD COLUMN own_parts TEXT NOT NULL DEFAULT ''; -- JSON: lines and pictures that are the paper's
UPDATE feed SET asked_at = first_look_at;

-- Known by: its link in the one form that links are compared in; its headline, NULL until computed.
ALTER TABLE article ADD COLUMN link_key TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN headline_key TEXT;
ALTER TABLE article ADD COLUMN earlier TEXT NOT NULL DEFAULT ''; -- fingerprints before its corrections
ALTER TABLE article ADD COLUMN posted TEXT NOT NULL DEFAULT '';  -- the fingerprint of what posts show
ALTER TABLE article ADD COLUMN edited TEXT NOT NULL DEFAULT '';  -- when posts were edited lately
ALTER TABLE article ADD COLUMN settle_at BIGINT;     -- posts follow then, if it does not change again
CREATE INDEX article_link_key ON article (link_key) WHERE link_key <> '';
CREATE INDEX article_headline ON article (headline_key);
CREATE INDEX article_settling ON article (settle_at) WHERE settle_at IS NOT NULL;
UPDATE article SET link_key = rtrim(replace(replace(link, 'http://', 'https://'),
  'https://www.', 'https://'), '/') WHERE link <> '';

ALTER TABLE entry ADD COLUMN told TEXT NOT NULL DEFAULT ''; -- the fingerprint of what the feed told last
ALTER TABLE entry ADD COLUMN told_link TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN told_at BIGINT;         -- when it was changed, as the feed says
ALTER TABLE entry ADD COLUMN place BIGINT NOT NULL DEFAULT 0; -- in the feed's order, from 0
ALTER TABLE entry ADD COLUMN walked BIGINT NOT NULL DEFAULT 0; -- seen by the walk through the archive alone
CREATE INDEX entry_seen ON entry (feed_id, seen_at);
