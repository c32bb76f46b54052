-- A feed's further pictures (addresses, one a line), for editors to choose from; and what a text says
-- was wrong in it, while its posts wait for it to come to rest.
ALTER TABLE article ADD COLUMN further_pictures TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN untold_erratum TEXT NOT NULL DEFAULT '';
