-- The address of an article to which Telegram lets no button lead.
ALTER TABLE article ADD COLUMN refused_link TEXT NOT NULL DEFAULT '';
