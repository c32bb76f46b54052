-- Several processes share the bot's rate: what each says that it needs (core/posts/shares.py).
ALTER TABLE process ADD COLUMN share BIGINT NOT NULL DEFAULT 1000;  -- thousandths of a message a second
