-- SQLite needs other forms of three CHECKs, and a column that it adds needs a default.
ALTER TABLE delivery ALTER COLUMN state SET DEFAULT 'due';
