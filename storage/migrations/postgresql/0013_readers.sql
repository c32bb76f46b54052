-- How a chat wants its news (bot.core.readers.preferences). Times of day are minutes since midnight.
ALTER TABLE subscription ADD COLUMN plain BIGINT NOT NULL DEFAULT 1 CHECK (plain IN (0, 1)); -- every article at once: nothing to decide
ALTER TABLE subscription ADD COLUMN filter TEXT NOT NULL DEFAULT '';       -- in the language of /search
ALTER TABLE subscription ADD COLUMN breaking_only BIGINT NOT NULL DEFAULT 0 CHECK (breaking_only IN (0, 1));
ALTER TABLE subscription ADD COLUMN digest_minute BIGINT;                 -- NULL: no digest
ALTER TABLE subscription ADD COLUMN digest_days BIGINT NOT NULL DEFAULT 127; -- bits, Monday lowest
ALTER TABLE subscription ADD COLUMN quiet_begin BIGINT;                   -- NULL: no quiet hours
ALTER TABLE subscription ADD COLUMN quiet_end BIGINT;
ALTER TABLE subscription ADD COLUMN daily_limit BIGINT;                   -- NULL: no limit
ALTER TABLE subscription ADD COLUMN silent BIGINT NOT NULL DEFAULT 0 CHECK (silent IN (0, 1));
ALTER TABLE subscription ADD COLUMN pictures BIGINT NOT NULL DEFAULT 1 CHECK (pictures IN (0, 1));
ALTER TABLE subscription ADD COLUMN zone TEXT NOT NULL DEFAULT '';         -- '' : the newsroom's
ALTER TABLE subscription ADD COLUMN day BIGINT NOT NULL DEFAULT 0;        -- the midnight since which `posted` counts
ALTER TABLE subscription ADD COLUMN posted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN release_at BIGINT;                    -- when something kept back is to come
CREATE INDEX subscription_special ON subscription (id) WHERE plain = 0;
CREATE INDEX subscription_release ON subscription (release_at) WHERE release_at IS NOT NULL;

ALTER TABLE article ADD COLUMN breaking BIGINT NOT NULL DEFAULT 0 CHECK (breaking IN (0, 1, 2)); -- 2: in quiet hours too

ALTER TABLE delivery ADD COLUMN silent BIGINT NOT NULL DEFAULT 0 CHECK (silent IN (0, 1));
ALTER TABLE delivery ADD COLUMN bare BIGINT NOT NULL DEFAULT 0 CHECK (bare IN (0, 1)); -- this reader wants no pictures

-- Articles that a chat gets later: in a digest, after its quiet hours, in the evening. A row stays for
-- some days after it was released, so that an article that is announced again comes once.
CREATE TABLE kept_back (
  subscription_id BIGINT NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
  article_id      BIGINT NOT NULL REFERENCES article (id),
  why             TEXT    NOT NULL CHECK (why IN ('digest', 'quiet', 'limit')),
  kept_at         BIGINT NOT NULL,
  released_at     BIGINT,
  PRIMARY KEY (subscription_id, article_id)
);
CREATE INDEX kept_back_waiting ON kept_back (subscription_id, kept_at) WHERE released_at IS NULL;
CREATE INDEX kept_back_released ON kept_back (released_at) WHERE released_at IS NOT NULL;
