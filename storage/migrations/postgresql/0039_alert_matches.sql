-- Alerts that match an article on its way. The sender takes them in slices before the article's readers,
-- and what it takes goes from here in the same transaction.
CREATE TABLE alert_match (
  article_id BIGINT NOT NULL,
  alert_id   BIGINT NOT NULL,
  PRIMARY KEY (article_id, alert_id)
);
